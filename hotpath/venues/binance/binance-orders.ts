/**
 * Binance spot order entry (REST API v3). An order is said once, by POST, and never again; the answer brings its fills, the
 * stream brings them too. Keys: HMAC-SHA256 or Ed25519.
 */
import { assert } from '../../../shared/assert.ts'
import type { VenueAnswer, VenueRequest } from '../door/venue-doors.ts'
import type { KeyWords } from '../native/credentials.ts'
import {
  amountOf,
  isWords,
  listOf,
  member,
  numberOf,
  parseWords,
  textOf,
  type Words,
  wordsOf,
} from '../native/json-words.ts'
import type {
  OrderDialect,
  OrderName,
  OrderNews,
  Outcome,
  PrivateStream,
  QueryOutcome,
  VenueEndpoints,
  VenueOrder,
  VenueSymbol,
} from '../native/order-dialect.ts'
import { Ed25519Signer, HmacSigner, type RequestSigner } from '../native/request-signer.ts'
import { refusalOf, refusalOfCode } from './binance-errors.ts'
import { binanceListings } from './binance-listings.ts'
import { BinanceStream } from './binance-stream.ts'
import { commissionRates, isOpenState, orderFill, restOrder, tellEnd, tradeFill } from './binance-words.ts'

export const binanceEndpoints: VenueEndpoints = {
  rest: 'https://api.binance.com',
  publicSocket: 'wss://stream.binance.com:9443',
  privateSocket: 'wss://ws-api.binance.com:443/ws-api/v3',
}

const RECEIVE_WINDOW_MS = 5_000
/** The longest that Binance takes. */
const RECEIVE_WINDOW_MS_MAX = 60_000
const TIMEOUT_MS = 5_000
/** exchangeInfo is megabytes. */
const LISTINGS_TIMEOUT_MS = 30_000
const TRADES_PAGE = 1_000
/** openOrders costs 6 a symbol and 80 for all. */
const OPEN_BY_SYMBOL_MAX = 13
const DONE: Outcome = { kind: 'done' }
const TAKER_PREVENTION = 'EXPIRE_TAKER'

export class BinanceOrders implements OrderDialect {
  readonly id = 'binance'
  readonly hasGtd = false
  readonly findsWithoutSymbol = false
  readonly endpoints: VenueEndpoints
  readonly stream: PrivateStream
  readonly #signer: RequestSigner
  readonly #headers: Readonly<Record<string, string>>
  readonly #noHeaders: Readonly<Record<string, string>> = {}
  /** Query-escaped symbol names: there are some outside ASCII, and the escaped text is what is signed. */
  readonly #escaped = new Map<string, string>()
  /** Symbols that do not offer to stop the taker of a self-trade. */
  readonly #withoutPrevention = new Set<string>()

  constructor(keys: KeyWords, endpoints: VenueEndpoints = binanceEndpoints) {
    this.endpoints = endpoints
    this.#signer =
      keys.privateKey === ''
        ? new HmacSigner('sha256', Buffer.from(keys.secret), 'hex')
        : new Ed25519Signer(keys.privateKey, 'base64')
    this.#headers = { 'x-mbx-apikey': keys.key }
    this.stream = new BinanceStream(endpoints.privateSocket, keys.key, this.#signer)
  }

  place(order: VenueOrder, nowMs: number): VenueRequest {
    return this.#signed(
      'POST',
      '/api/v3/order',
      `${this.#orderWords(order)}&newClientOrderId=${order.clientId}`,
      nowMs,
      order,
    )
  }

  onPlaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const body = parseWords(answer.body)
    if (!isSuccess(answer)) return refusalOf(answer, order)
    if (!isWords(body) || textOf(body, 'clientOrderId') !== order.clientId) return { kind: 'unknown', why: 'no order' }
    return tellPlaced(body, news)
  }

  cancel(order: OrderName, nowMs: number): VenueRequest {
    return this.#signed(
      'DELETE',
      '/api/v3/order',
      `symbol=${this.#escape(order.symbol.name)}&${nameWords(order)}`,
      nowMs,
    )
  }

  onCanceled(answer: VenueAnswer, _order: OrderName, news: OrderNews): Outcome {
    if (!isSuccess(answer)) return refusalOf(answer)
    const body = parseWords(answer.body)
    if (!isWords(body) || textOf(body, 'orderId') === '') return { kind: 'unknown', why: 'no order' }
    tellEnd(news, restOrder(body), textOf(body, 'status'), textOf(body, 'timeInForce'), amountOf(body, 'executedQty'))
    return DONE
  }

  /**
   * Cancels and places under the same id, only while nothing is filled (ONLY_NEW): a fill between would otherwise be bought
   * twice. What was filled in part is called back and placed anew.
   */
  replace(order: VenueOrder, venueId: string, nowMs: number): VenueRequest {
    const which = venueId === '' ? `cancelOrigClientOrderId=${order.clientId}` : `cancelOrderId=${venueId}`
    const words =
      `${this.#orderWords(order)}&newClientOrderId=${order.clientId}&${which}` +
      '&cancelReplaceMode=STOP_ON_FAILURE&cancelRestrictions=ONLY_NEW'
    return this.#signed('POST', '/api/v3/order/cancelReplace', words, nowMs, order)
  }

  onReplaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const body = wordsOf(parseWords(answer.body))
    if (isSuccess(answer)) {
      const placed = wordsOf(member(body, 'newOrderResponse'))
      if (textOf(placed, 'clientOrderId') !== order.clientId) return { kind: 'unknown', why: 'no order' }
      news.onReplaced(restOrder(placed), order.price, order.quantity)
      return tellPlaced(placed, news)
    }
    const data = wordsOf(member(body, 'data'))
    if (!isWords(member(body, 'data'))) return refusalOf(answer, order)
    const isCanceled = textOf(data, 'cancelResult') === 'SUCCESS'
    const failed = wordsOf(member(data, isCanceled ? 'newOrderResponse' : 'cancelResponse'))
    const refusal = refusalOfCode(numberOf(failed, 'code'), textOf(failed, 'msg'), order)
    if (isCanceled && refusal.kind === 'refused') {
      const canceled = wordsOf(member(data, 'cancelResponse'))
      tellEnd(news, restOrder(canceled), 'CANCELED', '', amountOf(canceled, 'executedQty'))
    }
    return refusal
  }

  cancelAll(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return symbols.map(({ name }) =>
      this.#signed('DELETE', '/api/v3/openOrders', `symbol=${this.#escape(name)}`, nowMs),
    )
  }

  /** An order list (OCO) holds its orders one level deeper; they are not ours. */
  onAllCanceled(answer: VenueAnswer, news: OrderNews): Outcome {
    const refusal = isSuccess(answer) ? DONE : refusalOf(answer)
    for (const entry of listOf(parseWords(answer.body))) {
      const order = wordsOf(entry)
      if (textOf(order, 'orderId') === '') continue
      tellEnd(
        news,
        restOrder(order),
        textOf(order, 'status'),
        textOf(order, 'timeInForce'),
        amountOf(order, 'executedQty'),
      )
    }
    return refusal
  }

  query(order: OrderName, nowMs: number): readonly VenueRequest[] {
    const symbol = `symbol=${this.#escape(order.symbol.name)}`
    const state = this.#signed('GET', '/api/v3/order', `${symbol}&${nameWords(order)}`, nowMs)
    return order.venueId === '' ? [state] : [state, this.#tradesOf(order.symbol.name, order.venueId, '', nowMs)]
  }

  onQueried(answers: readonly VenueAnswer[], order: OrderName, news: OrderNews, nowMs: number): QueryOutcome {
    const [first, ...pages] = answers
    if (!isSuccess(first)) return refusalOf(first)
    const state = wordsOf(parseWords(first.body))
    const named = restOrder(state)
    const filled = amountOf(state, 'executedQty')
    if (named.venueId === '' || filled === '') return { kind: 'unknown', why: 'no order' }
    const isFilled = Number(filled) > 0
    if (isFilled && pages.length === 0) {
      return { kind: 'more', requests: [this.#tradesOf(order.symbol.name, named.venueId, '', nowMs)] }
    }
    const trades: Words[] = []
    for (const page of pages) {
      const rows = parseWords(page.body)
      if (!isSuccess(page) || !Array.isArray(rows)) return { kind: 'unknown', why: 'no trades' }
      trades.push(...rows.map(wordsOf))
    }
    if (trades.length > 0 && trades.length === pages.length * TRADES_PAGE) {
      const next = nextId(trades)
      return { kind: 'more', requests: [this.#tradesOf(order.symbol.name, named.venueId, next, nowMs)] }
    }
    for (const row of trades) news.onFill(tradeFill(row, named.clientId))
    news.onStatus({
      ...named,
      isOpen: isOpenState(textOf(state, 'status')),
      filled,
      quantity: amountOf(state, 'origQty'),
      price: amountOf(state, 'price'),
    })
    return DONE
  }

  openOrders(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    if (symbols.length > OPEN_BY_SYMBOL_MAX) return [this.#signed('GET', '/api/v3/openOrders', '', nowMs)]
    return symbols.map(({ name }) => this.#signed('GET', '/api/v3/openOrders', `symbol=${this.#escape(name)}`, nowMs))
  }

  onOpenOrders(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    for (const answer of answers) {
      const rows = parseWords(answer.body)
      if (!isSuccess(answer)) return refusalOf(answer)
      if (!Array.isArray(rows)) return { kind: 'unknown', why: 'no list' }
      for (const row of rows.map(wordsOf)) {
        news.onStatus({
          ...restOrder(row),
          isOpen: isOpenState(textOf(row, 'status')),
          filled: amountOf(row, 'executedQty'),
          quantity: amountOf(row, 'origQty'),
          price: amountOf(row, 'price'),
        })
      }
    }
    return DONE
  }

  fillsSince(symbols: readonly VenueSymbol[], sinceMs: number, nowMs: number): readonly VenueRequest[] {
    return symbols.map(({ name }) => {
      const words = `symbol=${this.#escape(name)}&startTime=${Math.floor(sinceMs)}&limit=${TRADES_PAGE}`
      return this.#signed('GET', '/api/v3/myTrades', words, nowMs)
    })
  }

  onFills(answer: VenueAnswer, news: OrderNews, nowMs: number): { outcome: Outcome; more?: VenueRequest } {
    const rows = parseWords(answer.body)
    if (!isSuccess(answer)) return { outcome: refusalOf(answer) }
    if (!Array.isArray(rows)) return { outcome: { kind: 'unknown', why: 'no list' } }
    const trades = rows.map(wordsOf)
    for (const row of trades) news.onFill(tradeFill(row, ''))
    if (trades.length < TRADES_PAGE) return { outcome: DONE }
    const symbol = this.#escape(textOf(trades[0], 'symbol'))
    const words = `symbol=${symbol}&fromId=${nextId(trades)}&limit=${TRADES_PAGE}`
    return { outcome: DONE, more: this.#signed('GET', '/api/v3/myTrades', words, nowMs) }
  }

  balances(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#signed('GET', '/api/v3/account', 'omitZeroBalances=true', nowMs)]
  }

  onBalances(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    const balances = member(wordsOf(parseWords(answers[0].body)), 'balances')
    if (!isSuccess(answers[0])) return refusalOf(answers[0])
    if (!Array.isArray(balances)) return { kind: 'unknown', why: 'no balances' }
    for (const balance of balances.map(wordsOf)) news.onBalance(textOf(balance, 'asset'), amountOf(balance, 'free'))
    return DONE
  }

  time(): VenueRequest {
    return this.#public('/api/v3/time', TIMEOUT_MS)
  }

  onTime(answer: VenueAnswer): number | undefined {
    return numberOf(wordsOf(parseWords(answer.body)), 'serverTime') || undefined
  }

  listings(): readonly VenueRequest[] {
    return [this.#public('/api/v3/exchangeInfo', LISTINGS_TIMEOUT_MS)]
  }

  /** Spot symbols; a buy pays its fee in what it bought. */
  onListings(answers: readonly VenueAnswer[]): readonly VenueSymbol[] {
    for (const entry of listOf(member(wordsOf(parseWords(answers[0].body)), 'symbols'))) {
      const row = wordsOf(entry)
      const modes = listOf(member(row, 'allowedSelfTradePreventionModes'))
      if (modes.length > 0 && !modes.includes(TAKER_PREVENTION)) this.#withoutPrevention.add(textOf(row, 'symbol'))
    }
    return (binanceListings(answers[0].body) ?? []).map((symbol) => ({ ...symbol, feeOnReceived: true }))
  }

  fees(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return symbols.map(({ name }) =>
      this.#signed('GET', '/api/v3/account/commission', `symbol=${this.#escape(name)}`, nowMs),
    )
  }

  onFees(answers: readonly VenueAnswer[]): ReadonlyMap<string, { makerPpm: number; takerPpm: number }> {
    const rates = new Map<string, { makerPpm: number; takerPpm: number }>()
    for (const answer of answers) {
      const told = isSuccess(answer) ? commissionRates(parseWords(answer.body)) : undefined
      if (told !== undefined) rates.set(told.symbolName, { makerPpm: told.makerPpm, takerPpm: told.takerPpm })
    }
    return rates
  }

  #orderWords({ symbol, side, postOnly, timeInForce, price, quantity }: VenueOrder): string {
    const type = postOnly ? 'type=LIMIT_MAKER' : `type=LIMIT&timeInForce=${timeInForce.toUpperCase()}`
    const prevention = this.#withoutPrevention.has(symbol.name) ? '' : `&selfTradePreventionMode=${TAKER_PREVENTION}`
    return (
      `symbol=${this.#escape(symbol.name)}&side=${side === 'buy' ? 'BUY' : 'SELL'}&${type}` +
      `&quantity=${quantity}&price=${price}&newOrderRespType=FULL${prevention}`
    )
  }

  #tradesOf(symbolName: string, venueId: string, fromId: string, nowMs: number): VenueRequest {
    const from = fromId === '' ? '' : `&fromId=${fromId}`
    const words = `symbol=${this.#escape(symbolName)}&orderId=${venueId}${from}&limit=${TRADES_PAGE}`
    return this.#signed('GET', '/api/v3/myTrades', words, nowMs)
  }

  /** The whole query is signed as it is sent. An order's window ends at its deadline. */
  #signed(
    method: VenueRequest['method'],
    path: string,
    words: string,
    nowMs: number,
    order?: VenueOrder,
  ): VenueRequest {
    const deadlineMs = order === undefined || order.deadlineMs === 0 ? nowMs + RECEIVE_WINDOW_MS : order.deadlineMs
    const windowMs = Math.min(RECEIVE_WINDOW_MS_MAX, deadlineMs - nowMs)
    assert(windowMs > 0, 'a request leaves before its deadline')
    const query = `${words === '' ? '' : `${words}&`}recvWindow=${windowMs}&timestamp=${nowMs}`
    const signature = this.#signer.sign(query)
    const escaped = signature.length === 64 ? signature : encodeURIComponent(signature)
    const url = `${this.endpoints.rest}${path}?${query}&signature=${escaped}`
    return { method, url, headers: this.#headers, body: '', timeoutMs: TIMEOUT_MS }
  }

  #public(path: string, timeoutMs: number): VenueRequest {
    return { method: 'GET', url: this.endpoints.rest + path, headers: this.#noHeaders, body: '', timeoutMs }
  }

  #escape(name: string): string {
    const known = this.#escaped.get(name)
    if (known !== undefined) return known
    const escaped = encodeURIComponent(name)
    this.#escaped.set(name, escaped)
    return escaped
  }
}

function isSuccess({ status }: VenueAnswer): boolean {
  return status >= 200 && status < 300
}

function nameWords({ clientId, venueId }: OrderName): string {
  return venueId === '' ? `origClientOrderId=${clientId}` : `orderId=${venueId}`
}

function tellPlaced(order: Words, news: OrderNews): Outcome {
  const named = restOrder(order)
  news.onAccepted(named)
  for (const row of listOf(member(order, 'fills'))) news.onFill(orderFill(named, wordsOf(row)))
  tellEnd(news, named, textOf(order, 'status'), textOf(order, 'timeInForce'), amountOf(order, 'executedQty'))
  return DONE
}

function nextId(trades: readonly Words[]): string {
  return `${numberOf(trades[trades.length - 1], 'id') + 1}`
}
