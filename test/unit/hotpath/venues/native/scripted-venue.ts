/** A dialect of the simplest kind, doors that a test answers by hand, and a router that keeps what it is told. */

import type { VenueReport } from '../../../../../hotpath/orders/venue-report.ts'
import { BinanceOrders } from '../../../../../hotpath/venues/binance/binance-orders.ts'
import {
  Delivery,
  type HttpDoor,
  type SocketDoor,
  type SocketEvents,
  type VenueAnswer,
  type VenueRequest,
  type VenueSocket,
} from '../../../../../hotpath/venues/door/venue-doors.ts'
import { Credentials } from '../../../../../hotpath/venues/native/credentials.ts'
import { NativeAdapter, type NativeAdapterOptions } from '../../../../../hotpath/venues/native/native-adapter.ts'
import type { OrderDialect, VenueSymbol } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { venueTerms } from '../../../../../hotpath/venues/native/venue-terms.ts'
import { Prng } from '../../../../../shared/prng.ts'
import type { VenueIndex } from '../../../../../shared/units/ids.ts'
import { NS_PER_MS } from '../../../../../shared/units/time.ts'
import { copyReport, type ReportCopy } from '../../../../conformance/venue-conformance-bench.ts'
import { VirtualClock } from '../paper/paper-world.ts'

export const testKeys = new Credentials({ key: 'test-key-0123456789', secret: 'test-secret-0123456789' })

export const testSymbol: VenueSymbol = {
  name: 'BTCUSDT',
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.05',
  lotSize: '0.001',
  quantityMin: '0.002',
  quantityMax: '10',
  notionalMin: '3',
  contractSize: '1',
  makerPpm: 200,
  takerPpm: 1000,
  feeOnReceived: true,
}

export interface Asked {
  readonly request: VenueRequest
  readonly done: (answer: VenueAnswer) => void
}

export function answered(status: number, body: unknown, headers: Record<string, string> = {}): VenueAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { delivery: Delivery.answered, status, headers, body: text }
}

export const lost: VenueAnswer = { delivery: Delivery.lost, status: 0, headers: {}, body: 'cut' }
export const notSent: VenueAnswer = { delivery: Delivery.notSent, status: 0, headers: {}, body: 'ECONNREFUSED' }

/** Everything the adapter asks is kept until the test answers it. */
export class ScriptedVenue implements HttpDoor, SocketDoor {
  readonly clock = new VirtualClock()
  readonly asked: Asked[] = []
  readonly said: string[] = []
  readonly reports: ReportCopy[] = []
  readonly news: string[] = []
  readonly adapter: NativeAdapter
  socket: SocketEvents | undefined
  opens = 0

  constructor(options: Partial<NativeAdapterOptions> = {}, dialect: OrderDialect = new BinanceOrders(testKeys)) {
    const venue = 0 as VenueIndex
    const from = { venue, id: 'test', symbols: [testSymbol], makerPpm: 0, takerPpm: 0 }
    this.adapter = new NativeAdapter({
      venue,
      dialect,
      http: this,
      sockets: this,
      clock: this.clock,
      chance: new Prng(1),
      listings: venueTerms([from], ['BTC/USDT']).natives.get(venue) ?? [],
      assets: ['BTC', 'USDT'],
      redact: (text) => testKeys.redact(text),
      ...options,
    })
    this.adapter.attach({
      onVenueReport: (report: VenueReport) => this.reports.push(copyReport(report)),
      onVenueUp: (up) => this.news.push(`up ${up}`),
      onVenueDown: (down) => this.news.push(`down ${down}`),
    })
  }

  send(request: VenueRequest, done: (answer: VenueAnswer) => void): void {
    this.asked.push({ request, done })
  }

  open(_url: string, _headers: Readonly<Record<string, string>>, events: SocketEvents): VenueSocket {
    this.socket = events
    this.opens++
    return { send: (text) => this.said.push(text) > 0, close: () => undefined }
  }

  pass(ms: number): void {
    const untilNs = this.clock.ns + ms * NS_PER_MS
    while (this.clock.ns < untilNs) {
      this.clock.ns = Math.min(untilNs, this.clock.ns + 10 * NS_PER_MS)
      this.adapter.work(this.clock.monoNs())
    }
  }

  /** Takes the oldest open request whose address contains `part`. */
  take(part: string): Asked {
    const at = this.asked.findIndex(({ request }) => `${request.method} ${request.url}`.includes(part))
    if (at < 0) throw new Error(`nothing asked that contains ${part}: ${this.asked.map(({ request }) => request.url)}`)
    return this.asked.splice(at, 1)[0]
  }

  answer(part: string, status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.take(part).done(answered(status, body, headers))
  }

  say(message: unknown): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    this.socket?.onMessage(new TextEncoder().encode(text), true)
  }

  /** Connects, up to 'up 0'. */
  connect(): this {
    this.pass(10)
    this.answer('/api/v3/time', 200, { serverTime: this.clock.epochUs() / 1000 })
    this.socket?.onOpen()
    this.say({ id: 'account', status: 200, result: { subscriptionId: 0 } })
    return this
  }

  kinds(): string[] {
    return this.reports.map(({ kind }) => kind)
  }
}

export const BUY = 1
export const CLIENT_ID = 's00010000001001'

export function connected(): ScriptedVenue {
  return new ScriptedVenue().connect()
}

export function execution(what: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const event = {
    e: 'executionReport',
    s: 'BTCUSDT',
    c: CLIENT_ID,
    C: '',
    S: 'BUY',
    f: 'GTC',
    q: '1',
    p: '1000',
    x: what,
    X: what,
    r: 'NONE',
    i: 77,
    l: '0',
    z: '0',
    L: '0',
    n: '0',
    N: null,
    T: 1_700_000_000_000,
    t: -1,
    m: false,
    ...more,
  }
  return { subscriptionId: 0, event }
}

export function trade(id: number, quantity: string, cumulative: string, more: Record<string, unknown> = {}): object {
  return execution('TRADE', { t: id, l: quantity, z: cumulative, L: '1000', n: '0.1', N: 'USDT', ...more })
}

export const placed = {
  symbol: 'BTCUSDT',
  orderId: 77,
  clientOrderId: CLIENT_ID,
  transactTime: 1_700_000_000_000,
  price: '1000',
  origQty: '1',
  executedQty: '0',
  status: 'NEW',
  timeInForce: 'GTC',
  fills: [],
}
