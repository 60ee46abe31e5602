/**
 * OKX spot order entry (API v5, cash mode). The answer to an order only says that it was taken; what becomes of it, and
 * whether an amendment went through, the orders channel tells. Keys: HMAC-SHA256 with a passphrase.
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
import { outcomeOf, rowOutcome, SUCCESS } from './okx-errors.ts'
import { okxListings } from './okx-listings.ts'
import { OkxOpenOrders } from './okx-open-orders.ts'
import { OkxStream } from './okx-stream.ts'
import { groupRates, isOpenState, namedOrder, tradeFill } from './okx-words.ts'

export const okxEndpoints: VenueEndpoints = {
  rest: 'https://www.okx.com',
  publicSocket: 'wss://ws.okx.com:8443/ws/v5/public',
  privateSocket: 'wss://ws.okx.com:8443/ws/v5/private',
}

/** An order without a deadline is not worth executing later than this. */
const WINDOW_MS = 5_000
const TIMEOUT_MS = 5_000
const LISTINGS_TIMEOUT_MS = 30_000
/** Rows of every list. */
const PAGE = 100
/** Orders of one batch. */
const BATCH = 20
/** Pending orders are asked for by symbol up to this many symbols: a page each. */
const OPEN_BY_SYMBOL_MAX = 10
const CANCEL_UNDER_WAY = '51410'
const DONE: Outcome = { kind: 'done' }
const ordTypes = { gtc: 'limit', gtd: 'limit', ioc: 'ioc', fok: 'fok' } as const

export class OkxOrders implements OrderDialect {
  readonly id = 'okx'
  readonly hasGtd = false
  readonly findsWithoutSymbol = false
  readonly endpoints: VenueEndpoints
  readonly stream: PrivateStream
  readonly #signer: RequestSigner
  readonly #keys: KeyWords
  readonly #open = new OkxOpenOrders()
  readonly #noHeaders: Readonly<Record<string, string>> = {}
  /** Symbol names as JSON and as part of a query. */
  readonly #quoted = new Map<string, string>()
  /** Fee group of each listed symbol. */
  readonly #feeGroups = new Map<string, string>()
  /** From when on fills are asked for: a next page must say it again. */
  #fillsFromMs = 0

  constructor(keys: KeyWords, endpoints: VenueEndpoints = okxEndpoints) {
    if (keys.passphrase === '') throw new Error('okx: its keys have a passphrase, and there is none')
    this.endpoints = endpoints
    this.#keys = keys
    this.#signer = new HmacSigner('sha256', Buffer.from(keys.secret), 'base64')
    this.stream = new OkxStream(endpoints.privateSocket, keys, this.#signer, this.#open)
  }

  place(order: VenueOrder, nowMs: number): VenueRequest {
    const { symbol, clientId, side, postOnly, timeInForce, price, quantity } = order
    this.#open.note(clientId, symbol.name)
    const type = postOnly ? 'post_only' : ordTypes[timeInForce]
    const body =
      `{"instId":${this.#quote(symbol.name)},"tdMode":"cash","clOrdId":"${clientId}","side":"${side}","ordType":"${type}",` +
      `"px":"${price}","sz":"${quantity}","stpMode":"cancel_taker"}`
    return this.#post('/api/v5/trade/order', body, nowMs, deadlineOf(order, nowMs))
  }

  /** A post-only order that would take is answered as taken, too: of those the stream says whether they were accepted. */
  onPlaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const outcome = outcomeOf(answer, order)
    if (outcome.kind === 'refused') this.#open.forget(order.clientId)
    if (outcome.kind !== 'done') return outcome
    const row = firstRow(answer)
    const named = namedOrder(row, order.symbol.name)
    if (named.venueId === '' || named.clientId !== order.clientId) return { kind: 'unknown', why: 'no order' }
    if (!order.postOnly) news.onAccepted(named)
    return DONE
  }

  cancel(order: OrderName, nowMs: number): VenueRequest {
    return this.#post('/api/v5/trade/cancel-order', `{${this.#nameWords(order)}}`, nowMs)
  }

  /** Taken, not done: the orders channel tells the end. */
  onCanceled(answer: VenueAnswer): Outcome {
    if (textOf(firstRow(answer), 'sCode') === CANCEL_UNDER_WAY) return DONE
    return outcomeOf(answer)
  }

  replace(order: VenueOrder, venueId: string, nowMs: number): VenueRequest {
    const { symbol, clientId, price, quantity } = order
    const words = this.#nameWords({ symbol, clientId, venueId })
    const body = `{${words},"newSz":"${quantity}","newPx":"${price}","cxlOnFail":false}`
    return this.#post('/api/v5/trade/amend-order', body, nowMs, deadlineOf(order, nowMs))
  }

  /** Taken, not done: the orders channel tells the terms as they are, whether the amendment went through or not. */
  onReplaced(answer: VenueAnswer, order: VenueOrder): Outcome {
    return outcomeOf(answer, order)
  }

  /** In batches of the orders that we know to be open, or do not know to be ended. */
  cancelAll(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    const known = this.#open.at(new Set(symbols.map(({ name }) => name)))
    const requests: VenueRequest[] = []
    for (let at = 0; at < known.length; at += BATCH) {
      const rows = known
        .slice(at, at + BATCH)
        .map(([clientId, name]) => `{"instId":${this.#quote(name)},"clOrdId":"${clientId}"}`)
      requests.push(this.#post('/api/v5/trade/cancel-batch-orders', `[${rows.join(',')}]`, nowMs))
    }
    return requests
  }

  /** Each row of a batch has its own outcome; what is gone already needs no second try. */
  onAllCanceled(answer: VenueAnswer): Outcome {
    const rows = listOf(member(wordsOf(parseWords(answer.body)), 'data')).map(wordsOf)
    if (rows.length === 0) return outcomeOf(answer)
    let worst: Outcome = DONE
    for (const row of rows) {
      const outcome = rowOutcome(row)
      const isGone = outcome.kind === 'refused'
      if (isGone) this.#open.forget(textOf(row, 'clOrdId'))
      else if (outcome.kind !== 'done') worst = outcome
    }
    return worst
  }

  query(order: OrderName, nowMs: number): readonly VenueRequest[] {
    const { symbol, clientId, venueId } = order
    const which = venueId === '' ? `clOrdId=${clientId}` : `ordId=${encodeURIComponent(venueId)}`
    const state = this.#get(`/api/v5/trade/order?${this.#instId(symbol.name)}&${which}`, nowMs)
    return venueId === '' ? [state] : [state, this.#fillsOf(symbol.name, venueId, '', nowMs)]
  }

  onQueried(answers: readonly VenueAnswer[], order: OrderName, news: OrderNews, nowMs: number): QueryOutcome {
    const [first, ...pages] = answers
    const outcome = outcomeOf(first)
    if (outcome.kind !== 'done') return outcome
    const state = firstRow(first)
    const named = namedOrder(state)
    const filled = amountOf(state, 'accFillSz')
    if (named.venueId === '' || filled === '') return { kind: 'unknown', why: 'no order' }
    const ask = (after: string): QueryOutcome => ({
      kind: 'more',
      requests: [this.#fillsOf(order.symbol.name, named.venueId, after, nowMs)],
    })
    if (Number(filled) > 0 && pages.length === 0) return ask('')
    const rows: Words[] = []
    for (const page of pages) {
      const read = pageRows(page)
      if (read === undefined) return { kind: 'unknown', why: 'no fills' }
      rows.push(...read)
    }
    if (rows.length > 0 && rows.length === pages.length * PAGE) return ask(textOf(rows[rows.length - 1], 'billId'))
    for (const row of rows.reverse()) news.onFill({ ...tradeFill(row), clientId: named.clientId })
    this.#tellStatus(state, news)
    return DONE
  }

  openOrders(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    const path = `/api/v5/trade/orders-pending?instType=SPOT&limit=${PAGE}`
    if (symbols.length > OPEN_BY_SYMBOL_MAX) return [this.#get(path, nowMs)]
    return symbols.map(({ name }) => this.#get(`${path}&${this.#instId(name)}`, nowMs))
  }

  onOpenOrders(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    for (const answer of answers) {
      const rows = pageRows(answer)
      if (rows === undefined) return unreadOutcome(answer)
      for (const row of rows.reverse()) this.#tellStatus(row, news)
    }
    return DONE
  }

  /** Of all symbols at once; OKX keeps three days of them here. */
  fillsSince(_symbols: readonly VenueSymbol[], sinceMs: number, nowMs: number): readonly VenueRequest[] {
    this.#fillsFromMs = Math.floor(sinceMs)
    return [this.#fillsPage('', nowMs)]
  }

  /** Newest first: what comes on one page is told oldest first. */
  onFills(answer: VenueAnswer, news: OrderNews, nowMs: number): { outcome: Outcome; more?: VenueRequest } {
    const rows = pageRows(answer)
    if (rows === undefined) return { outcome: unreadOutcome(answer) }
    const oldest = textOf(rows[rows.length - 1] ?? {}, 'billId')
    for (const row of rows.toReversed()) news.onFill(tradeFill(row))
    if (rows.length < PAGE) return { outcome: DONE }
    return { outcome: DONE, more: this.#fillsPage(oldest, nowMs) }
  }

  balances(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#get('/api/v5/account/balance', nowMs)]
  }

  onBalances(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    const rows = pageRows(answers[0])
    if (rows === undefined) return unreadOutcome(answers[0])
    const details = member(wordsOf(rows[0]), 'details')
    if (!Array.isArray(details)) return { kind: 'unknown', why: 'no balances' }
    for (const row of details.map(wordsOf)) news.onBalance(textOf(row, 'ccy'), amountOf(row, 'availBal'))
    return DONE
  }

  time(): VenueRequest {
    return this.#public('/api/v5/public/time', TIMEOUT_MS)
  }

  onTime(answer: VenueAnswer): number | undefined {
    return numberOf(firstRow(answer), 'ts') || undefined
  }

  listings(): readonly VenueRequest[] {
    return [this.#public('/api/v5/public/instruments?instType=SPOT', LISTINGS_TIMEOUT_MS)]
  }

  /** Spot; a buy pays its fee in what it bought. */
  onListings(answers: readonly VenueAnswer[]): readonly VenueSymbol[] {
    for (const row of pageRows(answers[0]) ?? []) this.#feeGroups.set(textOf(row, 'instId'), textOf(row, 'groupId'))
    return (okxListings(answers[0].body) ?? []).map((symbol) => ({ ...symbol, feeOnReceived: true }))
  }

  /** One request for all: five in two seconds are allowed, a request a symbol would be too many. */
  fees(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#get('/api/v5/account/trade-fee?instType=SPOT', nowMs)]
  }

  onFees(answers: readonly VenueAnswer[]): ReadonlyMap<string, { makerPpm: number; takerPpm: number }> {
    const groups = groupRates(parseWords(answers[0].body))
    const rates = new Map<string, { makerPpm: number; takerPpm: number }>()
    for (const [name, group] of this.#feeGroups) {
      const told = groups.get(group) ?? groups.get('')
      if (told !== undefined) rates.set(name, told)
    }
    return rates
  }

  #tellStatus(row: Words, news: OrderNews): void {
    const named = namedOrder(row)
    const isOpen = isOpenState(textOf(row, 'state'))
    if (isOpen) this.#open.note(named.clientId, named.symbolName)
    else this.#open.forget(named.clientId)
    const filled = amountOf(row, 'accFillSz')
    news.onStatus({ ...named, isOpen, filled, quantity: amountOf(row, 'sz'), price: amountOf(row, 'px') })
  }

  #nameWords({ symbol, clientId, venueId }: OrderName): string {
    const which = venueId === '' ? `"clOrdId":"${clientId}"` : `"ordId":${JSON.stringify(venueId)}`
    return `"instId":${this.#quote(symbol.name)},${which}`
  }

  #fillsOf(symbolName: string, venueId: string, after: string, nowMs: number): VenueRequest {
    const page = after === '' ? '' : `&after=${encodeURIComponent(after)}`
    const words = `instType=SPOT&${this.#instId(symbolName)}&ordId=${encodeURIComponent(venueId)}${page}&limit=${PAGE}`
    return this.#get(`/api/v5/trade/fills?${words}`, nowMs)
  }

  #fillsPage(after: string, nowMs: number): VenueRequest {
    const page = after === '' ? '' : `&after=${encodeURIComponent(after)}`
    return this.#get(`/api/v5/trade/fills?instType=SPOT&begin=${this.#fillsFromMs}${page}&limit=${PAGE}`, nowMs)
  }

  #get(path: string, nowMs: number): VenueRequest {
    const headers = this.#signed('GET', path, '', nowMs)
    return { method: 'GET', url: this.endpoints.rest + path, headers, body: '', timeoutMs: TIMEOUT_MS }
  }

  /** `deadlineMs`: after it OKX drops the request unread; 0 for none. */
  #post(path: string, body: string, nowMs: number, deadlineMs = 0): VenueRequest {
    const signed = this.#signed('POST', path, body, nowMs)
    const headers: Record<string, string> = { ...signed, 'content-type': 'application/json' }
    if (deadlineMs > 0) headers['exptime'] = `${deadlineMs}`
    return { method: 'POST', url: this.endpoints.rest + path, headers, body, timeoutMs: TIMEOUT_MS }
  }

  #signed(method: string, path: string, body: string, nowMs: number): Readonly<Record<string, string>> {
    const timestamp = new Date(nowMs).toISOString()
    return {
      'ok-access-key': this.#keys.key,
      'ok-access-passphrase': this.#keys.passphrase,
      'ok-access-sign': this.#signer.sign(timestamp + method + path + body),
      'ok-access-timestamp': timestamp,
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

  #instId(name: string): string {
    return `instId=${encodeURIComponent(name)}`
  }
}

function deadlineOf({ deadlineMs }: VenueOrder, nowMs: number): number {
  assert(deadlineMs === 0 || deadlineMs > nowMs, 'a request leaves before its deadline')
  return deadlineMs === 0 ? nowMs + WINDOW_MS : deadlineMs
}

function firstRow(answer: VenueAnswer): Words {
  return wordsOf(listOf(member(wordsOf(parseWords(answer.body)), 'data'))[0])
}

/** The rows of a successful answer; undefined when it is none. */
function pageRows(answer: VenueAnswer): Words[] | undefined {
  const body = wordsOf(parseWords(answer.body))
  const data = member(body, 'data')
  return textOf(body, 'code') === SUCCESS && Array.isArray(data) ? data.map(wordsOf) : undefined
}

function unreadOutcome(answer: VenueAnswer): Outcome {
  const outcome = outcomeOf(answer)
  return outcome.kind === 'done' ? { kind: 'unknown', why: 'no list' } : outcome
}
