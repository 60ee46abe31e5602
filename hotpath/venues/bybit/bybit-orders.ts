/**
 * Bybit spot order entry (API v5, unified account). Every answer to an order, an amendment or a cancel is a receipt; what
 * becomes of it the private stream tells. Keys: HMAC-SHA256.
 */
import { assert } from '../../../shared/assert.ts'
import type { VenueAnswer, VenueRequest } from '../door/venue-doors.ts'
import type { KeyWords } from '../native/credentials.ts'
import { amountOf, listOf, member, numberOf, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'
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
import { HmacSigner, type RequestSigner } from '../native/request-signer.ts'
import { BybitAmendments } from './bybit-amendments.ts'
import { outcomeOf } from './bybit-errors.ts'
import { bybitListings } from './bybit-listings.ts'
import { BybitStream } from './bybit-stream.ts'
import { ceilPpm, isOpenState, isSpotTrade, namedOrder, tellCoins, tradeFill } from './bybit-words.ts'

export const bybitEndpoints: VenueEndpoints = {
  rest: 'https://api.bybit.com',
  publicSocket: 'wss://stream.bybit.com/v5/public/spot',
  privateSocket: 'wss://stream.bybit.com/v5/private',
}

const WINDOW_MS = 5_000
const WINDOW_MS_MAX = 60_000
const TIMEOUT_MS = 5_000
const LISTINGS_TIMEOUT_MS = 30_000
/** Rows of a list of fills, and of orders. */
const FILLS_PAGE = 100
const ORDERS_PAGE = 50
/** Open orders are asked for and canceled by symbol up to this many symbols. */
const BY_SYMBOL_MAX = 10
const DONE: Outcome = { kind: 'done' }
const timesInForce = { gtc: 'GTC', gtd: 'GTC', ioc: 'IOC', fok: 'FOK' } as const

export class BybitOrders implements OrderDialect {
  readonly id = 'bybit'
  readonly hasGtd = false
  readonly findsWithoutSymbol = false
  readonly endpoints: VenueEndpoints
  readonly stream: PrivateStream
  readonly #key: string
  readonly #signer: RequestSigner
  readonly #amendments = new BybitAmendments()
  readonly #noHeaders: Readonly<Record<string, string>> = {}
  /** Symbol names as JSON. */
  readonly #quoted = new Map<string, string>()
  /** From when on fills are asked for: a next page must say it again. */
  #fillsFromMs = 0

  constructor(keys: KeyWords, endpoints: VenueEndpoints = bybitEndpoints) {
    this.endpoints = endpoints
    this.#key = keys.key
    this.#signer = new HmacSigner('sha256', Buffer.from(keys.secret), 'hex')
    this.stream = new BybitStream(endpoints.privateSocket, keys.key, this.#signer, this.#amendments)
  }

  place(order: VenueOrder, nowMs: number): VenueRequest {
    const { symbol, clientId, side, postOnly, timeInForce, price, quantity } = order
    const body =
      `{"category":"spot","symbol":${this.#quote(symbol.name)},"side":"${side === 'buy' ? 'Buy' : 'Sell'}",` +
      `"orderType":"Limit","qty":"${quantity}","price":"${price}",` +
      `"timeInForce":"${postOnly ? 'PostOnly' : timesInForce[timeInForce]}","orderLinkId":"${clientId}","smpType":"CancelTaker"}`
    return this.#post('/v5/order/create', body, nowMs, order.deadlineMs)
  }

  /** A receipt: accepted is what the stream says. */
  onPlaced(answer: VenueAnswer, order: VenueOrder): Outcome {
    const outcome = outcomeOf(answer)
    if (outcome.kind !== 'done') return outcome
    const { clientId } = namedOrder(resultOf(answer))
    return clientId === order.clientId ? DONE : { kind: 'unknown', why: 'no order' }
  }

  cancel(order: OrderName, nowMs: number): VenueRequest {
    return this.#post('/v5/order/cancel', `{"category":"spot",${this.#nameWords(order)}}`, nowMs)
  }

  onCanceled(answer: VenueAnswer): Outcome {
    return outcomeOf(answer)
  }

  replace(order: VenueOrder, venueId: string, nowMs: number): VenueRequest {
    const { symbol, clientId, price, quantity } = order
    this.#amendments.ask(clientId, { price, quantity })
    const words = this.#nameWords({ symbol, clientId, venueId })
    const body = `{"category":"spot",${words},"qty":"${quantity}","price":"${price}"}`
    return this.#post('/v5/order/amend', body, nowMs, order.deadlineMs)
  }

  onReplaced(answer: VenueAnswer, order: VenueOrder): Outcome {
    const outcome = outcomeOf(answer)
    if (outcome.kind === 'refused') this.#amendments.forget(order.clientId)
    return outcome
  }

  cancelAll(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    const path = '/v5/order/cancel-all'
    if (symbols.length > BY_SYMBOL_MAX) return [this.#post(path, '{"category":"spot"}', nowMs)]
    return symbols.map(({ name }) => this.#post(path, `{"category":"spot","symbol":${this.#quote(name)}}`, nowMs))
  }

  onAllCanceled(answer: VenueAnswer): Outcome {
    return outcomeOf(answer)
  }

  query(order: OrderName, nowMs: number): readonly VenueRequest[] {
    return [this.#get('/v5/order/realtime', orderQuery(order), nowMs)]
  }

  /** Open and newly ended orders are in one place, older ones in another; the fills in a third. */
  onQueried(answers: readonly VenueAnswer[], order: OrderName, news: OrderNews, nowMs: number): QueryOutcome {
    for (const answer of answers) {
      const outcome = outcomeOf(answer)
      if (outcome.kind !== 'done') return outcome.kind === 'refused' ? outcome : { kind: 'unknown', why: 'no answer' }
    }
    const [current] = rowsOf(answers[0])
    const [past] = answers.length > 1 && current === undefined ? rowsOf(answers[1]) : []
    const state = current ?? past
    if (state === undefined && answers.length > 1) return { kind: 'notFound' }
    if (state === undefined)
      return { kind: 'more', requests: [this.#get('/v5/order/history', orderQuery(order), nowMs)] }
    const named = namedOrder(state)
    const filled = amountOf(state, 'cumExecQty')
    if (named.venueId === '' || filled === '') return { kind: 'unknown', why: 'no order' }
    const pages = answers.slice(current === undefined ? 2 : 1)
    const cursor = pages.length === 0 ? '' : cursorOf(pages[pages.length - 1], FILLS_PAGE)
    if (cursor !== '' || (pages.length === 0 && Number(filled) > 0)) {
      const words = `symbol=${encodeURIComponent(order.symbol.name)}&orderId=${encodeURIComponent(named.venueId)}`
      return { kind: 'more', requests: [this.#fills(words, cursor, nowMs)] }
    }
    for (const row of pages.flatMap(rowsOf).reverse()) news.onFill({ ...tradeFill(row), clientId: named.clientId })
    tellStatus(state, news)
    return DONE
  }

  /** The newest page of each: what is older of ours is asked for by its id anyway. */
  openOrders(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    const words = `category=spot&openOnly=0&limit=${ORDERS_PAGE}`
    if (symbols.length > BY_SYMBOL_MAX) return [this.#get('/v5/order/realtime', words, nowMs)]
    return symbols.map(({ name }) =>
      this.#get('/v5/order/realtime', `${words}&symbol=${encodeURIComponent(name)}`, nowMs),
    )
  }

  onOpenOrders(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    for (const answer of answers) {
      const outcome = listOutcome(answer)
      if (outcome.kind !== 'done') return outcome
      for (const row of rowsOf(answer).reverse()) tellStatus(row, news)
    }
    return DONE
  }

  /** Of all symbols at once; Bybit answers seven days from there. */
  fillsSince(_symbols: readonly VenueSymbol[], sinceMs: number, nowMs: number): readonly VenueRequest[] {
    this.#fillsFromMs = Math.floor(sinceMs)
    return [this.#fills(`startTime=${this.#fillsFromMs}`, '', nowMs)]
  }

  /** Newest first: what comes on one page is told oldest first. */
  onFills(answer: VenueAnswer, news: OrderNews, nowMs: number): { outcome: Outcome; more?: VenueRequest } {
    const outcome = listOutcome(answer)
    if (outcome.kind !== 'done') return { outcome }
    for (const row of rowsOf(answer).reverse())
      if (isSpotTrade({ ...row, category: 'spot' })) news.onFill(tradeFill(row))
    const cursor = cursorOf(answer, FILLS_PAGE)
    if (cursor === '') return { outcome: DONE }
    return { outcome: DONE, more: this.#fills(`startTime=${this.#fillsFromMs}`, cursor, nowMs) }
  }

  balances(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#get('/v5/account/wallet-balance', 'accountType=UNIFIED', nowMs)]
  }

  onBalances(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    const outcome = listOutcome(answers[0])
    if (outcome.kind !== 'done') return outcome
    const [account] = rowsOf(answers[0])
    if (!Array.isArray(member(account ?? {}, 'coin'))) return { kind: 'unknown', why: 'no balances' }
    tellCoins(news, account)
    return DONE
  }

  time(): VenueRequest {
    return this.#public('/v5/market/time', TIMEOUT_MS)
  }

  onTime(answer: VenueAnswer): number | undefined {
    return outcomeOf(answer).kind === 'done'
      ? numberOf(wordsOf(parseWords(answer.body)), 'time') || undefined
      : undefined
  }

  listings(): readonly VenueRequest[] {
    return [this.#public('/v5/market/instruments-info?category=spot&limit=1000', LISTINGS_TIMEOUT_MS)]
  }

  /** A buy pays its fee in what it bought. */
  onListings(answers: readonly VenueAnswer[]): readonly VenueSymbol[] {
    return (bybitListings('spot', answers[0].body) ?? []).map((symbol) => ({ ...symbol, feeOnReceived: true }))
  }

  fees(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#get('/v5/account/fee-rate', 'category=spot', nowMs)]
  }

  onFees(answers: readonly VenueAnswer[]): ReadonlyMap<string, { makerPpm: number; takerPpm: number }> {
    const rates = new Map<string, { makerPpm: number; takerPpm: number }>()
    for (const row of rowsOf(answers[0])) {
      const makerPpm = ceilPpm(amountOf(row, 'makerFeeRate'))
      const takerPpm = ceilPpm(amountOf(row, 'takerFeeRate'))
      if (makerPpm !== undefined && takerPpm !== undefined) rates.set(textOf(row, 'symbol'), { makerPpm, takerPpm })
    }
    return rates
  }

  #nameWords({ symbol, clientId, venueId }: OrderName): string {
    const which = venueId === '' ? `"orderLinkId":"${clientId}"` : `"orderId":${JSON.stringify(venueId)}`
    return `"symbol":${this.#quote(symbol.name)},${which}`
  }

  #fills(words: string, cursor: string, nowMs: number): VenueRequest {
    const page = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    return this.#get('/v5/execution/list', `category=spot&${words}&limit=${FILLS_PAGE}${page}`, nowMs)
  }

  #get(path: string, query: string, nowMs: number): VenueRequest {
    const headers = this.#signed(query, nowMs, WINDOW_MS)
    const url = `${this.endpoints.rest}${path}?${query}`
    return { method: 'GET', url, headers, body: '', timeoutMs: TIMEOUT_MS }
  }

  /** An order's window ends at its deadline; 0 for none. */
  #post(path: string, body: string, nowMs: number, deadlineMs = 0): VenueRequest {
    const windowMs = deadlineMs === 0 ? WINDOW_MS : Math.min(WINDOW_MS_MAX, deadlineMs - nowMs)
    assert(windowMs > 0, 'a request leaves before its deadline')
    const headers = { ...this.#signed(body, nowMs, windowMs), 'content-type': 'application/json' }
    return { method: 'POST', url: this.endpoints.rest + path, headers, body, timeoutMs: TIMEOUT_MS }
  }

  #signed(payload: string, nowMs: number, windowMs: number): Readonly<Record<string, string>> {
    return {
      'x-bapi-api-key': this.#key,
      'x-bapi-recv-window': `${windowMs}`,
      'x-bapi-sign': this.#signer.sign(`${nowMs}${this.#key}${windowMs}${payload}`),
      'x-bapi-timestamp': `${nowMs}`,
    }
  }

  #public(path: string, timeoutMs: number): VenueRequest {
    return { method: 'GET', url: this.endpoints.rest + path, headers: this.#noHeaders, body: '', timeoutMs }
  }

  #quote(name: string): string {
    const known = this.#quoted.get(name)
    if (known !== undefined) return known
    const quoted = JSON.stringify(name)
    this.#quoted.set(name, quoted)
    return quoted
  }
}

function orderQuery({ symbol, clientId, venueId }: OrderName): string {
  const which = venueId === '' ? `orderLinkId=${clientId}` : `orderId=${encodeURIComponent(venueId)}`
  return `category=spot&symbol=${encodeURIComponent(symbol.name)}&${which}`
}

function tellStatus(row: Words, news: OrderNews): void {
  news.onStatus({
    ...namedOrder(row),
    isOpen: isOpenState(textOf(row, 'orderStatus')),
    filled: amountOf(row, 'cumExecQty'),
    quantity: amountOf(row, 'qty'),
    price: amountOf(row, 'price'),
  })
}

function resultOf(answer: VenueAnswer): Words {
  return wordsOf(member(wordsOf(parseWords(answer.body)), 'result'))
}

function rowsOf(answer: VenueAnswer): Words[] {
  return listOf(member(resultOf(answer), 'list')).map(wordsOf)
}

/** Of the next page; '' when this was the last one. */
function cursorOf(answer: VenueAnswer, page: number): string {
  return rowsOf(answer).length < page ? '' : textOf(resultOf(answer), 'nextPageCursor')
}

function listOutcome(answer: VenueAnswer): Outcome {
  const outcome = outcomeOf(answer)
  if (outcome.kind !== 'done') return outcome
  return Array.isArray(member(resultOf(answer), 'list')) ? DONE : { kind: 'unknown', why: 'no list' }
}
