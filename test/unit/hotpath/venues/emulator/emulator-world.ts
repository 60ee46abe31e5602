/** A still market of one venue and one symbol, and a Binance emulator over it, for tests that say what happens. */
import { createHmac } from 'node:crypto'
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import { BinanceEmulator } from '../../../../../hotpath/venues/binance/binance-emulator.ts'
import type { AccountKey, EmulatedAccount } from '../../../../../hotpath/venues/emulator/emulated-account.ts'
import { EmulatedMarket } from '../../../../../hotpath/venues/emulator/emulated-market.ts'
import type { OrderAsk } from '../../../../../hotpath/venues/emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../../../../../hotpath/venues/emulator/emulated-symbol.ts'
import { EmulatorFaults } from '../../../../../hotpath/venues/emulator/emulator-faults.ts'
import type { MarketSink, MarketSource } from '../../../../../hotpath/venues/paper/market-source.ts'
import { SelfTrade } from '../../../../../hotpath/venues/paper/paper-options.ts'
import { FeeSide, type Instrument, type Listing } from '../../../../../shared/domain/instrument.ts'
import { Side, TimeInForce } from '../../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../../../shared/units/ticks.ts'
import { type MonoNs, NS_PER_MS } from '../../../../../shared/units/time.ts'

export const START_MS = 1_700_000_000_000
const VENUE = 0 as VenueIndex
const INSTRUMENT = 0 as InstrumentIndex

/** Prices in cents, lots of 0.0001: bids 99.00 and 98.00, asks 101.00 and 102.00, 5.0000 each. */
export class StillMarket implements MarketSource {
  readonly name = 'still'
  readonly venues = [{ index: VENUE, id: 'binance', name: 'Binance', ordersPerSecond: 1, ordersBurst: 1 }]
  readonly instruments: readonly Instrument[] = [
    { index: INSTRUMENT, symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', priceDigits: 2, qtyDigits: 4 },
  ]
  readonly listings: readonly Listing[] = [
    {
      venue: VENUE,
      instrument: INSTRUMENT,
      tickStep: 1 as PriceTicks,
      lotStep: 10 as QtyLots,
      lotsMin: 10 as QtyLots,
      lotsMax: 1_000_000 as QtyLots,
      notionalMin: 5_000_000,
      takerPpm: 1_000 as RatePpm,
      makerPpm: 500 as RatePpm,
      feeSide: FeeSide.received,
      childCost: 0,
    },
  ]
  readonly latencies = [{ medianNs: 0, p99Ns: 0 }]
  readonly levelsMax = 16
  /** What happens at the next turn. */
  readonly events: ((sink: MarketSink) => void)[] = [
    (sink) => {
      for (const price of [9_900, 9_800]) level(sink, BookSide.bid, price, 50_000)
      for (const price of [10_100, 10_200]) level(sink, BookSide.ask, price, 50_000)
    },
  ]

  work(_nowNs: MonoNs, sink: MarketSink): number {
    const events = this.events.splice(0)
    for (const happen of events) happen(sink)
    if (events.length > 0) sink.onUpdateEnd(VENUE, INSTRUMENT)
    return events.length
  }

  level(side: BookSide, price: number, lots: number): void {
    this.events.push((sink) => level(sink, side, price, lots))
  }

  trade(aggressor: Side, price: number, lots: number): void {
    this.events.push((sink) => sink.onTrade(VENUE, INSTRUMENT, aggressor, price as PriceTicks, lots as QtyLots))
  }
}

function level(sink: MarketSink, side: BookSide, price: number, lots: number): void {
  sink.onLevel(VENUE, INSTRUMENT, side, price as PriceTicks, lots as QtyLots)
}

export class EmulatorWorld {
  readonly market = new StillMarket()
  readonly faults = new EmulatorFaults()
  readonly emulator: BinanceEmulator
  readonly account: EmulatedAccount
  readonly symbol: EmulatedSymbol
  readonly lines: string[]
  readonly key: AccountKey
  #ns = 0

  constructor(setting: { lines?: readonly string[]; startMs?: number; key?: AccountKey; limitScale?: number } = {}) {
    const { lines = [], startMs = START_MS, limitScale = 1 } = setting
    this.key = setting.key ?? { apiKey: 'a'.repeat(64), secret: 'secret', passphrase: '', publicKey: '' }
    this.lines = [...lines]
    const deposits = { BTC: 10n * 100_000_000n, USDT: 10_000n * 100_000_000n }
    const log = (more: string): void => {
      this.lines.push(...more.split('\n'))
    }
    const market = new EmulatedMarket(this.market)
    this.emulator = new BinanceEmulator(
      { market, startEpochMs: startMs, deposits, lines, log, limitScale },
      this.faults,
    )
    this.account = this.emulator.exchange.openAccount('main', [this.key])
    this.symbol = this.emulator.exchange.symbols[0]
    this.pass(1)
  }

  get nowMs(): number {
    return this.emulator.nowMs
  }

  pass(ms: number): void {
    this.#ns += ms * NS_PER_MS
    this.emulator.work(this.#ns as MonoNs)
  }

  ask(more: Partial<OrderAsk> = {}): OrderAsk {
    return {
      symbol: this.symbol,
      side: Side.buy,
      type: 'limit',
      clientId: '',
      timeInForce: TimeInForce.gtc,
      postOnly: false,
      priceTicks: 9_000,
      lots: 1_000,
      notional: 0n,
      selfTrade: SelfTrade.expireMaker,
      deadlineUs: 0,
      ...more,
    }
  }

  /** A signed request; answers status, body and headers. */
  call(method: string, path: string, params: Record<string, string> = {}) {
    const query = new URLSearchParams({ ...params, timestamp: this.nowMs.toString() }).toString()
    const signature = createHmac('sha256', this.key.secret).update(query).digest('hex')
    return this.send(method, `${path}?${query}&signature=${signature}`)
  }

  send(method: string, target: string, apiKey = this.key.apiKey) {
    const answer = this.emulator.request({ method, target, headers: { 'x-mbx-apikey': apiKey }, body: '' })
    return { ...answer, body: JSON.parse(answer.body) }
  }

  /** Opens a socket; what the venue says is collected, parsed. */
  connect(target: string) {
    const heard: Record<string, unknown>[] = []
    const peer = {
      send: (text: string) => heard.push(JSON.parse(text)),
      sendBinary: () => undefined,
      close: () => undefined,
    }
    const conversation = this.emulator.connect(target, peer)
    return { heard, say: (message: object) => conversation?.onMessage(JSON.stringify(message)), conversation }
  }
}
