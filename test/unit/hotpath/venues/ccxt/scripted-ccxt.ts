/** A ccxt exchange that does what a test says: orders in a list, trades in another, errors on demand. Nothing is real. */
import type {
  CcxtBookData,
  CcxtClient,
  CcxtOrder,
  CcxtParams,
  CcxtTrade,
} from '../../../../../hotpath/venues/ccxt/ccxt-client.ts'
import type { CcxtReports } from '../../../../../hotpath/venues/ccxt/ccxt-reporter.ts'
import type { VenueReport } from '../../../../../hotpath/venues/venue-adapter.ts'
import type { Clock } from '../../../../../shared/clock.ts'
import { FeeSide } from '../../../../../shared/domain/instrument.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../../../shared/units/ticks.ts'
import type { EpochUs, MonoNs } from '../../../../../shared/units/time.ts'
import { copyReport, type ReportCopy } from '../../../../conformance/venue-conformance-bench.ts'

export const START_MS = 1_800_000_000_000

/** Named as ccxt names its classes: that is all that counts. */
export function ccxtError(name: string): Error {
  class Made extends Error {}
  Object.defineProperty(Made, 'name', { value: name })
  return new Made('scripted')
}

export class TestClock implements Clock {
  ns = 0
  monoNs(): MonoNs {
    return this.ns as MonoNs
  }
  epochUs(): EpochUs {
    return (START_MS * 1_000 + this.ns / 1_000) as EpochUs
  }
}

export const spot = {
  instrument: {
    index: 0 as InstrumentIndex,
    symbol: 'BTC/USDT',
    base: 'BTC',
    quote: 'USDT',
    priceDigits: 2,
    qtyDigits: 4,
  },
  listing: {
    venue: 0 as VenueIndex,
    instrument: 0 as InstrumentIndex,
    tickStep: 1 as PriceTicks,
    lotStep: 1 as QtyLots,
    lotsMin: 1 as QtyLots,
    lotsMax: 1_000_000 as QtyLots,
    notionalMin: 0,
    takerPpm: 1_000 as RatePpm,
    makerPpm: 500 as RatePpm,
    feeSide: FeeSide.quote,
    childCost: 0,
  },
  symbol: {
    name: 'BTC/USDT',
    symbol: 'BTC/USDT',
    base: 'BTC',
    quote: 'USDT',
    tickSize: '0.01',
    lotSize: '0.0001',
    quantityMin: '0.0001',
    quantityMax: '',
    notionalMin: '',
    contractSize: '1',
  },
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export class ScriptedCcxt implements CcxtClient {
  readonly id: string
  readonly name = 'Scripted'
  has: Record<string, unknown> = {
    createOrder: true,
    cancelOrder: true,
    fetchOrder: true,
    fetchOpenOrders: true,
    fetchClosedOrders: true,
    fetchMyTrades: true,
    fetchBalance: true,
  }
  readonly rateLimit = 1
  readonly precisionMode = 4
  readonly orders: Mutable<CcxtOrder>[] = []
  readonly trades: Mutable<CcxtTrade>[] = []
  /** Calls as they came. */
  readonly calls: string[] = []
  readonly placed: CcxtParams[] = []
  /** By method: thrown at the next call, once; after the deed when it ends in '!'. */
  readonly errors = new Map<string, unknown>()
  free: Record<string, number> = {}
  book: CcxtBookData = { bids: [], asks: [] }
  /** What a placed order becomes at once. */
  onPlaced: (order: Mutable<CcxtOrder>) => void = () => {}
  hang = new Set<string>()
  #serial = 0

  constructor(id = 'mexc') {
    this.id = id
  }

  numberToString(value: number): string {
    return String(value)
  }
  amountToPrecision(_symbol: string, amount: number): string {
    return String(Math.floor(amount * 1e4 + 1e-9) / 1e4)
  }
  priceToPrecision(_symbol: string, price: number): string {
    return price.toFixed(2)
  }
  async loadMarkets() {
    return {}
  }
  async createOrder(
    symbol: string,
    _type: string,
    _side: string,
    amount: number,
    price: number,
    params: CcxtParams,
  ): Promise<CcxtOrder | undefined> {
    await this.#enter('createOrder')
    this.placed.push(params)
    const order: Mutable<CcxtOrder> = {
      id: `v${++this.#serial}`,
      clientOrderId: String(params['clientOrderId']),
      symbol,
      timestamp: START_MS,
      status: 'open',
      price,
      amount,
      filled: 0,
    }
    this.orders.push(order)
    this.onPlaced(order)
    this.#leave('createOrder')
    return { ...order }
  }
  async cancelOrder(id: string): Promise<unknown> {
    await this.#enter('cancelOrder')
    const order = this.orders.find((one) => one.id === id && one.status === 'open')
    if (order === undefined) throw ccxtError('OrderNotFound')
    order.status = 'canceled'
    this.#leave('cancelOrder')
    return {}
  }
  async fetchOrder(id: string | undefined, _symbol: string, params: CcxtParams = {}): Promise<CcxtOrder | undefined> {
    await this.#enter('fetchOrder')
    const order = this.orders.find((one) => one.id === id || one.clientOrderId === params['clientOrderId'])
    if (order === undefined) throw ccxtError('OrderNotFound')
    return { ...order }
  }
  async fetchOpenOrders() {
    await this.#enter('fetchOpenOrders')
    return this.orders.filter(({ status }) => status === 'open')
  }
  async fetchClosedOrders() {
    await this.#enter('fetchClosedOrders')
    return this.orders.filter(({ status }) => status !== 'open')
  }
  async fetchMyTrades(_symbol: string, since: number, limit: number) {
    await this.#enter('fetchMyTrades')
    return this.trades.filter(({ timestamp }) => (timestamp ?? 0) >= since).slice(0, limit)
  }
  async fetchOrderTrades(id: string) {
    await this.#enter('fetchOrderTrades')
    return this.trades.filter(({ order }) => order === id)
  }
  async fetchBalance() {
    await this.#enter('fetchBalance')
    return { free: this.free }
  }
  async fetchOrderBook() {
    await this.#enter('fetchOrderBook')
    return this.book
  }
  async watchOrderBook() {
    await this.#enter('watchOrderBook')
    return this.book
  }
  async watchTrades() {
    await this.#enter('watchTrades')
    return this.trades
  }
  async watchOrders(_symbol?: string): Promise<void> {
    await this.#enter('watchOrders')
  }
  async close() {}

  /** The venue trades an order: a fee of 0.1 % in quote unless said otherwise. */
  fill(order: Mutable<CcxtOrder>, amount: number, price: number, terms: Partial<CcxtTrade> = {}): void {
    order.filled = Math.round(((order.filled ?? 0) + amount) * 1e4) / 1e4
    if (order.filled === order.amount) order.status = 'closed'
    this.trades.push({
      id: String(5_000 + this.trades.length),
      order: order.id,
      timestamp: START_MS + this.trades.length,
      side: 'buy',
      price,
      amount,
      takerOrMaker: 'taker',
      fee: { cost: Math.round(amount * price * 1e5) / 1e8, currency: 'USDT' },
      ...terms,
    })
  }

  async #enter(method: string): Promise<void> {
    this.calls.push(method)
    if (this.hang.has(method)) await new Promise(() => {})
    this.#throw(method)
  }

  #leave(method: string): void {
    this.#throw(`${method}!`)
  }

  #throw(name: string): void {
    if (!this.errors.has(name)) return
    const error = this.errors.get(name)
    this.errors.delete(name)
    throw error
  }
}

export class ReportList implements CcxtReports {
  readonly list: (ReportCopy & { asker: number })[] = []
  isHere = true
  onCcxtReport(asker: number, report: VenueReport): void {
    this.list.push({ ...copyReport(report), asker })
  }
  isConnected(): boolean {
    return this.isHere
  }
  get kinds(): string[] {
    return this.list.map(({ kind }) => kind)
  }
}

/** Lets everything that is under way happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
