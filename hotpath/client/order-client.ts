/**
 * The client of the gateway, typed, for Node and browsers. It reconnects by itself and then finds its orders again: what
 * was not acknowledged is asked once more under the same id (which cannot make a second order), and what was open or
 * waited for is asked about. A refusal is an OrderDenied with a stable reason.
 *
 *   const client = new OrderClient({ url: 'ws://127.0.0.1:7001/v1/orders', apiKey, secret })
 *   await client.connect()
 *   const done = await client.orderUntilDone({ symbol: 'BTC/USDT', side: 'buy', type: 'market', quantity: '2.5' })
 */
import type { LatencyReport, OrderSteps } from '../latency/latency-report.ts'
import type { PlanExplanation } from '../routing/plan-explanation.ts'
import type { CostReport } from '../tca/cost-report.ts'
import { AnswerTimedOut, ConnectionLost, OrderDenied } from './client-error.ts'
import { FrameCodec } from './frame-codec.ts'
import { GatewayLink } from './gateway-link.ts'
import { Listeners } from './listeners.ts'
import {
  type BookUpdate,
  type ExecutionReport,
  type InstrumentInfo,
  isEndedStatus,
  type LogonAnswer,
  type NewOrder,
  type OrderChange,
  type OrderReference,
  type QuoteAsk,
  type Subscription,
  type TradePrint,
  type VenueInfo,
} from './order-types.ts'

export { AnswerTimedOut, ConnectionLost, OrderDenied } from './client-error.ts'
export type * from './order-types.ts'
export type { CostReport, LatencyReport, OrderSteps, PlanExplanation }

export interface OrderClientOptions {
  /** ws://HOST:PORT/v1/orders */
  readonly url: string
  readonly apiKey: string
  readonly secret: string
  /** The router cancels the orders of this connection when it ends; default no. */
  readonly cancelOnDisconnect?: boolean
  /** New orders and reports as binary frames; what is said and heard stays the same. Default 'json'. */
  readonly encoding?: 'json' | 'binary'
  readonly answerTimeoutMs?: number
  readonly connectTimeoutMs?: number
  readonly reconnectDelayMsMin?: number
  readonly reconnectDelayMsMax?: number
}

export type ClientState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed'

export interface ClientEvents {
  /** Every news of every order of the account, ours or another connection's. */
  executionReport: ExecutionReport
  book: BookUpdate
  trade: TradePrint
  state: ClientState
}

interface Answer {
  readonly type: string
  readonly id?: number
}

/** A message whose answer has not come. */
interface Asked {
  readonly message: Readonly<Record<string, unknown>>
  /** Of a new order: to encode it again, and to know its acknowledgement, which may come late. */
  readonly order?: { readonly order: NewOrder; readonly clientOrderId: string }
  /** Asking it twice is as good as once, so a reconnect asks again. */
  readonly isRepeatable: boolean
  /** Sent again after a reconnect: a refusal that would pass no longer means that the order is not there. */
  isRepeated: boolean
  /** Reports that belong to the answer. */
  readonly reports: ExecutionReport[]
  readonly timer: ReturnType<typeof setTimeout>
  resolve(answer: never): void
  reject(error: Error): void
}

/** Somebody who waits for the end of an order. */
interface Waiter {
  resolve(report: ExecutionReport): void
  reject(error: Error): void
}

const passingReasons: ReadonlySet<string> = new Set(['rateLimited', 'notReady'])
/** Until something that passes by itself is tried again. */
const RETRY_MS = 250

export class OrderClient {
  readonly #link: GatewayLink
  readonly #listeners = new Listeners<ClientEvents>()
  readonly #answerTimeoutMs: number
  readonly #isBinary: boolean
  readonly #asked = new Map<number, Asked>()
  /** Ids of the messages that wait for the acknowledgement of an order. */
  readonly #unacknowledged = new Map<string, Set<number>>()
  readonly #waiters = new Map<string, Set<Waiter>>()
  readonly #subscriptions = new Map<string, Subscription>()
  /** Execution reports come without being asked for, until they are unsubscribed from. */
  #wantsOrders = true
  #codec: FrameCodec | undefined
  #lastId = 0
  #state: ClientState = 'idle'

  constructor(options: OrderClientOptions) {
    this.#answerTimeoutMs = options.answerTimeoutMs ?? 10_000
    this.#isBinary = options.encoding === 'binary'
    const link = {
      url: options.url,
      apiKey: options.apiKey,
      secret: options.secret,
      cancelOnDisconnect: options.cancelOnDisconnect ?? false,
      reports: options.encoding ?? 'json',
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      reconnectDelayMsMin: options.reconnectDelayMsMin ?? 100,
      reconnectDelayMsMax: options.reconnectDelayMsMax ?? 5_000,
    }
    this.#link = new GatewayLink(link, {
      onText: (text) => this.#onAnswer(JSON.parse(text) as Answer),
      onBytes: (bytes) => this.#onBytes(bytes),
      onDown: () => this.#onDown(),
      onBack: () => void this.#resume(),
      onGone: (error) => this.#end(error),
    })
  }

  get state(): ClientState {
    return this.#state
  }

  /** Answers the way to stop listening. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (payload: ClientEvents[Name]) => void): () => void {
    return this.#listeners.add(name, listener)
  }

  /** Rejects when the router is not there or refuses the key; waits for one that is still starting. */
  async connect(): Promise<LogonAnswer> {
    this.#setState('connecting')
    try {
      const answer = await this.#link.connect()
      if (this.#isBinary) await this.#learnTables()
      this.#setState('connected')
      return answer
    } catch (error) {
      this.#setState('idle')
      throw error
    }
  }

  /** Ends the connection for good; what waits for an answer is rejected. */
  close(): void {
    this.#link.close()
    this.#end(new ConnectionLost('the client was closed'))
  }

  /** Acknowledged, or OrderDenied. With `durability: 'machine'` not before it is on disk. */
  newOrder(order: NewOrder): Promise<ExecutionReport> {
    const clientOrderId = order.clientOrderId ?? makeClientOrderId()
    return this.#ask({ ...order, op: 'new', clientOrderId }, { order: { order, clientOrderId }, isRepeatable: true })
  }

  /** The last report of the order: filled, canceled, expired or rejected. */
  async orderUntilDone(order: NewOrder): Promise<ExecutionReport> {
    const clientOrderId = order.clientOrderId ?? makeClientOrderId()
    const { done, waiter } = this.#wait(clientOrderId)
    try {
      await this.newOrder({ ...order, clientOrderId })
    } catch (error) {
      removeFrom(this.#waiters, clientOrderId, waiter)
      throw error
    }
    return done
  }

  /** The end of an order that was sent before. Of one that has ended already, ask its status. */
  untilDone(clientOrderId: string): Promise<ExecutionReport> {
    return this.#wait(clientOrderId).done
  }

  #wait(clientOrderId: string): { readonly done: Promise<ExecutionReport>; readonly waiter: Waiter } {
    const { promise: done, resolve, reject } = Promise.withResolvers<ExecutionReport>()
    const waiter = { resolve, reject }
    addTo(this.#waiters, clientOrderId, waiter)
    return { done, waiter }
  }

  /** Under way, or done already: the report says which. */
  cancel(reference: OrderReference): Promise<ExecutionReport> {
    return this.#ask({ op: 'cancel', ...reference }, { isRepeatable: true })
  }

  replace(change: OrderChange): Promise<ExecutionReport> {
    return this.#ask({ op: 'replace', ...change })
  }

  status(reference: OrderReference): Promise<ExecutionReport> {
    return this.#ask({ op: 'status', ...reference }, { isRepeatable: true })
  }

  /** How many orders were asked to cancel: of one instrument, or all. */
  async massCancel(symbol?: string): Promise<number> {
    const { count } = await this.#ask<{ count: number }>({
      op: 'massCancel',
      ...(symbol === undefined ? {} : { symbol }),
    })
    return count
  }

  openOrders(): Promise<readonly ExecutionReport[]> {
    return this.#ask({ op: 'openOrders' })
  }

  /** What an order would do now, without doing it. */
  async quote(ask: QuoteAsk): Promise<PlanExplanation> {
    return (await this.#ask<{ explanation: PlanExplanation }>({ op: 'quote', ...ask })).explanation
  }

  /** The decision as it was made. */
  async explain(reference: OrderReference): Promise<PlanExplanation> {
    return (await this.#ask<{ explanation: PlanExplanation }>({ op: 'explain', ...reference })).explanation
  }

  /** What the order cost, so far if it is still open. */
  async report(reference: OrderReference): Promise<CostReport> {
    return (await this.#ask<{ report: CostReport }>({ op: 'report', ...reference })).report
  }

  async instruments(): Promise<readonly InstrumentInfo[]> {
    return (await this.#ask<{ instruments: readonly InstrumentInfo[] }>({ op: 'instruments' })).instruments
  }

  async venues(): Promise<readonly VenueInfo[]> {
    return (await this.#ask<{ venues: readonly VenueInfo[] }>({ op: 'venues' })).venues
  }

  /** Where the time of orders goes, over all since the router's start. */
  async latency(): Promise<LatencyReport> {
    return (await this.#ask<{ latency: LatencyReport }>({ op: 'latency' })).latency
  }

  /** Where the time of one order went; OrderDenied (unknownOrder) when it was not stamped. */
  async orderLatency(reference: OrderReference): Promise<OrderSteps> {
    return (await this.#ask<{ order: OrderSteps }>({ op: 'latency', ...reference })).order
  }

  /** Kept over reconnects; news comes as 'book' and 'trade' events. */
  async subscribe(subscription: Subscription): Promise<void> {
    await this.#ask({ op: 'subscribe', ...subscription })
    if (subscription.channel === 'orders') this.#wantsOrders = true
    else this.#subscriptions.set(subscriptionKey(subscription), subscription)
  }

  async unsubscribe(subscription: Pick<Subscription, 'channel'> & { readonly symbol?: string }): Promise<void> {
    if (subscription.channel === 'orders') this.#wantsOrders = false
    else this.#subscriptions.delete(subscriptionKey(subscription))
    await this.#ask({ op: 'unsubscribe', ...subscription })
  }

  #ask<T>(
    message: Readonly<Record<string, unknown>>,
    how: Pick<Asked, 'isRepeatable'> & Partial<Pick<Asked, 'order'>> = { isRepeatable: false },
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = ++this.#lastId
      const timer = setTimeout(() => {
        this.#settle(id)
        reject(new AnswerTimedOut(`no answer to ${String(message['op'])} in ${this.#answerTimeoutMs} ms`))
      }, this.#answerTimeoutMs)
      const asked: Asked = { message, ...how, isRepeated: false, reports: [], timer, resolve, reject }
      this.#asked.set(id, asked)
      if (how.order !== undefined) addTo(this.#unacknowledged, how.order.clientOrderId, id)
      try {
        this.#send(id, asked)
      } catch (error) {
        this.#settle(id)
        reject(error)
      }
    })
  }

  #send(id: number, { message, order }: Asked): void {
    const frame = order === undefined ? undefined : this.#codec?.encodeNew(order.order, order.clientOrderId, id)
    this.#link.send(frame ?? JSON.stringify({ ...message, id }))
  }

  /** The question is answered. */
  #settle(id: number): Asked | undefined {
    const asked = this.#asked.get(id)
    if (asked === undefined) return undefined
    clearTimeout(asked.timer)
    this.#asked.delete(id)
    if (asked.order !== undefined) removeFrom(this.#unacknowledged, asked.order.clientOrderId, id)
    return asked
  }

  #onBytes(bytes: ArrayBuffer): void {
    const answer = this.#codec?.decode(bytes)
    if (answer !== undefined) this.#onAnswer(answer)
  }

  #onAnswer(answer: Answer): void {
    switch (answer.type) {
      case 'executionReport':
        this.#onReport(answer as Answer & ExecutionReport)
        return
      case 'book':
        this.#listeners.tell('book', answer as Answer & BookUpdate)
        return
      case 'trade':
        this.#listeners.tell('trade', answer as Answer & TradePrint)
        return
      case 'denied':
        this.#onDenied(answer.id ?? 0, new OrderDenied(answer as never))
        return
      default: {
        const asked = this.#settle(answer.id ?? 0)
        asked?.resolve((answer.type === 'openOrders' ? asked.reports : answer) as never)
      }
    }
  }

  #onDenied(id: number, denied: OrderDenied): void {
    const asked = this.#asked.get(id)
    if (asked?.isRepeated === true && passingReasons.has(denied.reason)) {
      setTimeout(() => this.#sendAgain(id, asked), RETRY_MS)
      return
    }
    this.#settle(id)?.reject(denied)
  }

  #onReport(told: Answer & ExecutionReport): void {
    const { id = 0, ...report } = told
    this.#answerWith(id, report)
    if (isEndedStatus(report.ordStatus)) this.#endWaiters(report.clientOrderId, ({ resolve }) => resolve(report))
    this.#listeners.tell('executionReport', report)
  }

  /** A report may be the answer to a question, a part of one, or news. */
  #answerWith(id: number, report: ExecutionReport): void {
    const op = this.#asked.get(id)?.message['op']
    if (op === 'openOrders') this.#asked.get(id)?.reports.push(report)
    else if (op !== 'massCancel' && op !== 'new') this.#settle(id)?.resolve(report as never)
    if (report.execType === 'pendingNew') return
    for (const at of [...(this.#unacknowledged.get(report.clientOrderId) ?? [])])
      this.#settle(at)?.resolve(report as never)
  }

  #endWaiters(clientOrderId: string, end: (waiter: Waiter) => void): void {
    const waiters = this.#waiters.get(clientOrderId)
    if (waiters === undefined) return
    this.#waiters.delete(clientOrderId)
    for (const waiter of waiters) end(waiter)
  }

  #onDown(): void {
    this.#setState('reconnecting')
    const lost = new ConnectionLost('the connection was lost before the answer came')
    for (const [id, { isRepeatable }] of [...this.#asked]) if (!isRepeatable) this.#settle(id)?.reject(lost)
  }

  /** Connected again: first what we had asked, then how everything stands. */
  async #resume(): Promise<void> {
    const unanswered = [...this.#asked]
    try {
      if (this.#isBinary) await this.#learnTables()
      for (const [id, asked] of unanswered) this.#sendAgain(id, asked)
      for (const subscription of this.#subscriptions.values()) await this.#ask({ op: 'subscribe', ...subscription })
      if (!this.#wantsOrders) await this.#ask({ op: 'unsubscribe', channel: 'orders' })
      const open = new Set((await this.openOrders()).map(({ clientOrderId }) => clientOrderId))
      this.#setState('connected')
      await Promise.all([...this.#waiters.keys()].filter((id) => !open.has(id)).map((id) => this.#findEnd(id)))
    } catch {
      // Lost again: the next connection starts over. Still up: the router was busy, and is asked once more.
      if (this.#link.isUp) setTimeout(() => void this.#resume(), RETRY_MS)
    }
  }

  #sendAgain(id: number, asked: Asked): void {
    if (!this.#asked.has(id) || !this.#link.isUp) return
    asked.isRepeated = true
    this.#send(id, asked)
  }

  /** Of an order that somebody waits for and that is not open: its end, or that the router does not know it. */
  async #findEnd(clientOrderId: string): Promise<void> {
    try {
      await this.status({ clientOrderId })
    } catch (error) {
      const isUnknown = error instanceof OrderDenied && error.reason === 'unknownOrder'
      if (!isUnknown) throw error
      if (!this.#unacknowledged.has(clientOrderId)) this.#endWaiters(clientOrderId, ({ reject }) => reject(error))
    }
  }

  async #learnTables(): Promise<void> {
    this.#codec = undefined
    this.#codec = new FrameCodec(await this.instruments(), await this.venues())
  }

  #end(error: Error): void {
    for (const id of [...this.#asked.keys()]) this.#settle(id)?.reject(error)
    for (const id of [...this.#waiters.keys()]) this.#endWaiters(id, ({ reject }) => reject(error))
    this.#setState('closed')
  }

  #setState(state: ClientState): void {
    if (this.#state === state || this.#state === 'closed') return
    this.#state = state
    this.#listeners.tell('state', state)
  }
}

function addTo<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  const set = sets.get(key) ?? new Set()
  sets.set(key, set.add(value))
}

function removeFrom<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  const set = sets.get(key)
  set?.delete(value)
  if (set?.size === 0) sets.delete(key)
}

function subscriptionKey({ channel, symbol }: { readonly channel: string; readonly symbol?: string }): string {
  return `${channel} ${symbol ?? ''}`
}

/** 'c' and 128 random bits in hex. */
function makeClientOrderId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `c${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
