/** Deribit native and emulated in one thread under a virtual clock: the adapter, the venue's dialect, and a line between. */
import { DeribitEmulator } from '../../../../../hotpath/venues/deribit/deribit-emulator.ts'
import { DeribitOrders } from '../../../../../hotpath/venues/deribit/deribit-orders.ts'
import { EmulatedMarket } from '../../../../../hotpath/venues/emulator/emulated-market.ts'
import { EmulatorFaults } from '../../../../../hotpath/venues/emulator/emulator-faults.ts'
import { Credentials } from '../../../../../hotpath/venues/native/credentials.ts'
import { NativeAdapter } from '../../../../../hotpath/venues/native/native-adapter.ts'
import type { VenueSymbol } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { Prng } from '../../../../../shared/prng.ts'
import { NS_PER_MS } from '../../../../../shared/units/time.ts'
import { copyReport, type ReportCopy, type VenueBench } from '../../../../conformance/venue-conformance-bench.ts'
import { EmulatorDoors } from '../../../../fixtures/emulator-doors.ts'
import { FIRST_VENUE, ScriptedMarket, testInstrument, testListing, VirtualClock } from '../paper/paper-world.ts'

export const DERIBIT_KEY = { apiKey: 'AMANDA', secret: 'AMANDASECRECT', passphrase: '', publicKey: '' }
/** testListing in the venue's words. */
export const DERIBIT_LISTED: VenueSymbol = {
  name: 'BTC_USDT',
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
/** Orders at once at scale 1. */
const BURST = 100
/** Short of a millisecond: the suite cuts the line one after an order left, and it has arrived by then. */
const ONE_WAY_NS = 0.8 * NS_PER_MS
const STEP_NS = 0.2 * NS_PER_MS

export interface DeribitWorld extends VenueBench {
  readonly adapter: NativeAdapter
  readonly faults: EmulatorFaults
  readonly emulator: DeribitEmulator
}

/** `lines`: what an earlier life logged; this one logs behind it. */
export function openDeribit(burst = BURST, lines: string[] = []): DeribitWorld {
  // The books of another venue: the market has none of Deribit's.
  const market = new ScriptedMarket({ venue: { id: 'bybit' } })
  const clock = new VirtualClock()
  const faults = new EmulatorFaults()
  const emulator = new DeribitEmulator(
    {
      market: new EmulatedMarket(market),
      startEpochMs: clock.startUs / 1_000,
      deposits: { BTC: 10_000_000_000n, USDT: 10_000_000_000_000n },
      limitScale: burst / BURST,
      lines: [...lines],
      log: (more) => lines.push(...more.split('\n')),
    },
    faults,
  )
  emulator.exchange.openAccount('conformance', [DERIBIT_KEY])
  const endpoints = {
    rest: 'https://deribit.test',
    publicSocket: 'wss://deribit.test/ws/api/v2',
    privateSocket: 'wss://deribit.test/ws/api/v2',
  }
  const doors = new EmulatorDoors(
    [
      { origin: 'https://deribit.test', emulator },
      { origin: 'wss://deribit.test', emulator },
    ],
    ONE_WAY_NS,
  )
  const keys = new Credentials({ key: DERIBIT_KEY.apiKey, secret: DERIBIT_KEY.secret })
  const reports: ReportCopy[] = []
  const news: string[] = []
  const adapter = new NativeAdapter({
    venue: FIRST_VENUE,
    dialect: new DeribitOrders(keys, endpoints),
    http: doors,
    sockets: doors,
    clock,
    chance: new Prng(7),
    listings: [{ instrument: testInstrument, listing: testListing, symbol: DERIBIT_LISTED }],
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
    faults,
    emulator,
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
