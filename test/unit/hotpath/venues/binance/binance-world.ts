/** Binance native and emulated in one thread under a virtual clock: the adapter, the venue's dialect, and a line between. */
import { binanceEmulator } from '../../../../../hotpath/venues/binance/binance-emulator.ts'
import { BinanceOrders } from '../../../../../hotpath/venues/binance/binance-orders.ts'
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

const KEY = { apiKey: 'k'.repeat(64), secret: 's'.repeat(64), passphrase: '', publicKey: '' }
/** testListing in the venue's words. */
const LISTED: VenueSymbol = {
  name: 'BTCUSDT',
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
/** Orders in ten seconds at scale 1. */
const ORDERS_LIMIT = 100
/** Short of a millisecond: the suite cuts the line one after an order left, and it has arrived by then. */
const ONE_WAY_NS = 0.8 * NS_PER_MS
const STEP_NS = 0.2 * NS_PER_MS

export interface BinanceWorld extends VenueBench {
  readonly adapter: NativeAdapter
  readonly faults: EmulatorFaults
}

export function openBinance(burst = ORDERS_LIMIT): BinanceWorld {
  const market = new ScriptedMarket({ venue: { id: 'binance' } })
  const clock = new VirtualClock()
  const faults = new EmulatorFaults()
  const emulator = binanceEmulator.open(
    {
      market: new EmulatedMarket(market),
      startEpochMs: clock.startUs / 1_000,
      deposits: { BTC: 10_000_000_000n, USDT: 10_000_000_000_000n },
      limitScale: burst / ORDERS_LIMIT,
    },
    faults,
  )
  emulator.exchange.openAccount('conformance', [KEY])
  const endpoints = {
    rest: 'https://binance.test',
    publicSocket: 'wss://binance.test',
    privateSocket: 'wss://binance.test/ws-api/v3',
  }
  const doors = new EmulatorDoors(
    [
      { origin: 'https://binance.test', emulator },
      { origin: 'wss://binance.test', emulator },
    ],
    ONE_WAY_NS,
  )
  const keys = new Credentials({ key: KEY.apiKey, secret: KEY.secret })
  const dialect = new BinanceOrders(keys, endpoints)
  const reports: ReportCopy[] = []
  const news: string[] = []
  const adapter = new NativeAdapter({
    venue: FIRST_VENUE,
    dialect,
    http: doors,
    sockets: doors,
    clock,
    chance: new Prng(7),
    listings: [{ instrument: testInstrument, listing: testListing, symbol: LISTED }],
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
