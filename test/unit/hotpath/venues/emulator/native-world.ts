/** A native adapter and its venue's emulator in one thread under a virtual clock: two dialects, and a line between. */
import type { AccountKey } from '../../../../../hotpath/venues/emulator/emulated-account.ts'
import { EmulatedMarket } from '../../../../../hotpath/venues/emulator/emulated-market.ts'
import type { EmulatorEntry, OpenedEmulator } from '../../../../../hotpath/venues/emulator/emulator-entry.ts'
import { EmulatorFaults } from '../../../../../hotpath/venues/emulator/emulator-faults.ts'
import { Credentials } from '../../../../../hotpath/venues/native/credentials.ts'
import { NativeAdapter } from '../../../../../hotpath/venues/native/native-adapter.ts'
import type { VenueSymbol } from '../../../../../hotpath/venues/native/order-dialect.ts'
import type { OrderDoor } from '../../../../../hotpath/venues/order-registry.ts'
import { Prng } from '../../../../../shared/prng.ts'
import { NS_PER_MS } from '../../../../../shared/units/time.ts'
import { copyReport, type ReportCopy, type VenueBench } from '../../../../conformance/venue-conformance-bench.ts'
import { EmulatorDoors } from '../../../../fixtures/emulator-doors.ts'
import { FIRST_VENUE, ScriptedMarket, testInstrument, testListing, VirtualClock } from '../paper/paper-world.ts'

/** Short of a millisecond: the suite cuts the line one after an order left, and it has arrived by then. */
const ONE_WAY_NS = 0.8 * NS_PER_MS
const STEP_NS = 0.2 * NS_PER_MS

/** testListing in words that every venue has; the name is the venue's own. */
export const listedWords: Omit<VenueSymbol, 'name'> = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.05',
  lotSize: '0.001',
  quantityMin: '0.002',
  quantityMax: '10',
  notionalMin: '0.03',
  contractSize: '1',
  makerPpm: 200,
  takerPpm: 1_000,
}

export interface NativeStage {
  readonly entry: EmulatorEntry
  readonly door: OrderDoor
  readonly key: AccountKey
  /** As the venue writes BTC/USDT. */
  readonly symbolName: string
  /** Orders that the venue takes at once at scale 1, and how many it shall take here. */
  readonly ordersLimit: number
  readonly burst?: number | undefined
}

export interface NativeWorld extends VenueBench {
  readonly adapter: NativeAdapter
  readonly emulator: OpenedEmulator
  readonly faults: EmulatorFaults
}

export function openNative({ entry, door, key, symbolName, ordersLimit, ...terms }: NativeStage): NativeWorld {
  const burst = terms.burst ?? ordersLimit
  const market = new ScriptedMarket({ venue: { id: entry.id } })
  const clock = new VirtualClock()
  const faults = new EmulatorFaults()
  const emulator = entry.open(
    {
      market: new EmulatedMarket(market),
      startEpochMs: clock.startUs / 1_000,
      deposits: { BTC: 10_000_000_000n, USDT: 10_000_000_000_000n },
      limitScale: burst / ordersLimit,
    },
    faults,
  )
  emulator.exchange.openAccount('conformance', [key])
  const [web, socket] = [`https://${entry.id}.test`, `wss://${entry.id}.test`]
  const doors = new EmulatorDoors(
    [
      { origin: web, emulator },
      { origin: socket, emulator },
    ],
    ONE_WAY_NS,
  )
  const keys = new Credentials({ key: key.apiKey, secret: key.secret, passphrase: key.passphrase })
  const { rest, publicSocket, privateSocket } = entry.paths
  const dialect = door(keys, {
    rest: web + rest,
    publicSocket: socket + publicSocket,
    privateSocket: socket + privateSocket,
  })
  const reports: ReportCopy[] = []
  const news: string[] = []
  const adapter = new NativeAdapter({
    venue: FIRST_VENUE,
    dialect,
    http: doors,
    sockets: doors,
    clock,
    chance: new Prng(7),
    listings: [{ instrument: testInstrument, listing: testListing, symbol: { ...listedWords, name: symbolName } }],
    assets: ['BTC', 'USDT'],
    redact: (text) => keys.redact(text),
  })
  adapter.attach({
    onVenueReport: (report) => reports.push(copyReport(report)),
    onVenueUp: (venue) => news.push(`up ${venue}`),
    onVenueDown: (venue) => news.push(`down ${venue}`),
  })
  const pass = (ms: number): void => {
    const untilNs = clock.ns + ms * NS_PER_MS
    while (clock.ns < untilNs) {
      clock.ns += STEP_NS
      doors.work(clock.monoNs())
      adapter.work(clock.monoNs())
    }
  }
  pass(200)
  return {
    adapter,
    emulator,
    faults,
    listing: testListing,
    reports,
    news,
    pass,
    settleMs: 200,
    nowUs: () => clock.epochUs(),
    update: (levels) => market.update(levels),
    trade: (aggressor, price, lots) => market.trade(aggressor, price, lots),
    cut: () => doors.cut(),
    mend: () => doors.mend(),
    burst,
  }
}
