/**
 * Coinbase Advanced Trade order entry (REST, /api/v3/brokerage). An order is said once, under our id, with a token that dies
 * with its deadline: the API itself knows none. A used id is not refused: the answer names the order that has it.
 * Source: docs.cdp.coinbase.com, "Advanced Trade API" (Orders, Accounts, Fees, Products).
 */

import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer, VenueRequest } from '../door/venue-doors.ts'
import type { KeyWords } from '../native/credentials.ts'
import { amountOf, listOf, member, numberOf, textOf, type Words, wordsOf } from '../native/json-words.ts'
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
import { cancelRefusal, readAnswer, refusalOf } from './coinbase-errors.ts'
import { coinbaseListings } from './coinbase-listings.ts'
import { CoinbaseMemory } from './coinbase-memory.ts'
import { CoinbaseStream } from './coinbase-stream.ts'
import { CoinbaseTokens } from './coinbase-token.ts'
import {
  configurationOf,
  isEndedState,
  isWhole,
  oldestFirst,
  orderFill,
  orderStatus,
  ratePpm,
} from './coinbase-words.ts'

export const coinbaseEndpoints: VenueEndpoints = {
  rest: 'https://api.coinbase.com',
  publicSocket: 'wss://advanced-trade-ws.coinbase.com',
  privateSocket: 'wss://advanced-trade-ws-user.coinbase.com',
}

const ROOT = '/api/v3/brokerage'
const TIMEOUT_MS = 5_000
const LISTINGS_TIMEOUT_MS = 30_000
/** Without a deadline a request is not waited for longer than this, and its token lives no longer. */
const TOKEN_MS_DEFAULT = 30_000
const TOKEN_MS_MAX = 120_000
/** Its clock against ours, and the leeway that it may give a token. */
const CLOCK_DOUBT_MS = 1_000
/** How far back an order of an earlier life is looked for. */
const LOOK_BACK_MS = 86_400_000
const ORDERS_PAGE = 1_000
const FILLS_PAGE = 1_000
const ACCOUNTS_PAGE = 250
const CANCELS_MAX = 100
/** Our orders among themselves: the one that comes is stopped. */
const SELF_TRADE_ID = '8f3c1c52-6f0e-4d8e-9a53-5f2b7d0c9e11'
const DONE: Outcome = { kind: 'done' }

export class CoinbaseOrders implements OrderDialect {
  readonly id = 'coinbase'
  readonly hasGtd = true
  readonly findsWithoutSymbol = true
  readonly endpoints: VenueEndpoints
  readonly stream: PrivateStream
  readonly #host: string
  readonly #tokens: CoinbaseTokens
  readonly #memory = new CoinbaseMemory()
  readonly #noHeaders: Readonly<Record<string, string>> = {}
  /** Fills of the reconciliation under way: Coinbase tells the newest first, we tell the oldest first. */
  #history: Words[] = []
  #historyQuery = ''
  /** Where the pages of accounts begin, as far as they are known. */
  #accountCursors: readonly string[] = ['']
  #symbols: readonly VenueSymbol[] = []

  constructor(keys: KeyWords, endpoints: VenueEndpoints = coinbaseEndpoints) {
    this.endpoints = endpoints
    this.#host = new URL(endpoints.rest).host
    this.#tokens = new CoinbaseTokens(keys)
    this.stream = new CoinbaseStream(endpoints.privateSocket, this.#tokens, this.#memory)
  }

  place(order: VenueOrder, nowMs: number): VenueRequest {
    const { clientId, symbol, side, timeInForce, deadlineMs } = order
    const hasDeadline = deadlineMs > 0 && timeInForce !== 'gtd'
    const untilMs = Math.min(nowMs + TOKEN_MS_MAX, hasDeadline ? deadlineMs : nowMs + TOKEN_MS_DEFAULT)
    this.#memory.notePlaced(clientId, {
      symbolName: symbol.name,
      sentMs: nowMs,
      untilMs: Math.ceil(untilMs / 1_000) * 1_000,
      venueId: '',
    })
    const words = {
      client_order_id: clientId,
      product_id: symbol.name,
      side: side === 'buy' ? 'BUY' : 'SELL',
      order_configuration: configurationOf(order),
      self_trade_prevention_id: SELF_TRADE_ID,
    }
    return this.#post('/orders', words, nowMs, untilMs)
  }

  onPlaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const { body, outcome } = readAnswer(answer)
    if (body === undefined) return outcome
    if (member(body, 'success') !== true) return refusalOf(body)
    const told = wordsOf(member(body, 'success_response'))
    const venueId = textOf(told, 'order_id')
    const { clientId, symbol } = order
    if (venueId === '' || textOf(told, 'client_order_id') !== clientId) return { kind: 'unknown', why: 'no order' }
    const placed = this.#memory.placed(clientId)
    if (placed !== undefined && placed.venueId !== '') {
      // It was taken before: nothing new is on the book.
      return { kind: 'refused', reason: RejectReason.duplicateClientOrderId }
    }
    if (placed !== undefined) placed.venueId = venueId
    const known = this.#memory.learn(venueId, clientId, symbol.name)
    if (!known.isAccepted) known.isOpen = true
    known.isAccepted = true
    news.onAccepted({ clientId, venueId, symbolName: symbol.name, timeMs: placed?.sentMs ?? 0 })
    return DONE
  }

  /** Coinbase cancels by its own ids alone. One that we never heard of is not there, or not yet. */
  cancel(order: OrderName, nowMs: number): VenueRequest {
    return this.#post('/orders/batch_cancel', { order_ids: [this.#venueId(order) || order.clientId] }, nowMs)
  }

  onCanceled(answer: VenueAnswer, order: OrderName): Outcome {
    const { body, outcome } = readAnswer(answer)
    if (body === undefined) return outcome
    const [result] = listOf(member(body, 'results')).map(wordsOf)
    if (result === undefined) return { kind: 'unknown', why: 'no result' }
    if (member(result, 'success') === true) return DONE
    const refusal = cancelRefusal(textOf(result, 'failure_reason'))
    const isNamed = this.#venueId(order) !== ''
    if (refusal.kind === 'notFound' && !isNamed && this.#memory.placed(order.clientId) !== undefined) {
      return { kind: 'unknown', why: 'its id is not known yet' }
    }
    return refusal
  }

  /** In place, of a good-till-canceled order: both ids stay, what is filled counts. */
  replace(order: VenueOrder, venueId: string, nowMs: number): VenueRequest {
    const id = venueId || this.#memory.placed(order.clientId)?.venueId || order.clientId
    return this.#post('/orders/edit', { order_id: id, price: order.price, size: order.quantity }, nowMs)
  }

  onReplaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const { body, outcome } = readAnswer(answer)
    if (body === undefined) return outcome
    if (member(body, 'success') !== true) return refusalOf(body)
    const named = { clientId: order.clientId, venueId: '', symbolName: order.symbol.name, timeMs: 0 }
    news.onReplaced(named, order.price, order.quantity)
    return DONE
  }

  /** Every open order of the account that we heard of, a hundred at a time. */
  cancelAll(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    const ids = this.#memory.openIds()
    const requests: VenueRequest[] = []
    for (let at = 0; at < ids.length; at += CANCELS_MAX) {
      requests.push(this.#post('/orders/batch_cancel', { order_ids: ids.slice(at, at + CANCELS_MAX) }, nowMs))
    }
    return requests
  }

  /** One that is gone is as good as canceled; the stream tells how each ended. */
  onAllCanceled(answer: VenueAnswer): Outcome {
    const { body, outcome } = readAnswer(answer)
    if (body === undefined) return outcome
    for (const result of listOf(member(body, 'results')).map(wordsOf)) {
      if (member(result, 'success') === true) continue
      const refusal = cancelRefusal(textOf(result, 'failure_reason'))
      if (refusal.kind !== 'notFound') return { kind: 'unknown', why: 'not all were canceled' }
    }
    return DONE
  }

  /** By Coinbase's id with its fills at once; else it is looked for among the newest. */
  query(order: OrderName, nowMs: number): readonly VenueRequest[] {
    const venueId = this.#venueId(order)
    if (venueId === '') return [this.#newest(order.clientId, '', nowMs)]
    const id = encodeURIComponent(venueId)
    return [this.#get(`/orders/historical/${id}`, '', nowMs), this.#fillsOf(venueId, '', nowMs)]
  }

  onQueried(answers: readonly VenueAnswer[], order: OrderName, news: OrderNews, nowMs: number): QueryOutcome {
    const fills: Words[] = []
    let row: Words | undefined
    let last: Words = {}
    for (const answer of answers) {
      const { body, outcome } = readAnswer(answer)
      if (body === undefined) return outcome
      last = body
      fills.push(...listOf(member(body, 'fills')).map(wordsOf))
      const orders = listOf(member(body, 'orders')).map(wordsOf)
      row ??= Object.hasOwn(body, 'order') ? wordsOf(body['order']) : orders.find((one) => isNamed(one, order))
    }
    const isList = Array.isArray(member(last, 'orders'))
    const cursor = textOf(last, 'cursor')
    if (row === undefined) {
      if (!isList) return { kind: 'unknown', why: 'no order' }
      const hasNext = member(last, 'has_next') === true && cursor !== ''
      return hasNext
        ? { kind: 'more', requests: [this.#newest(order.clientId, cursor, nowMs)] }
        : this.#absent(order, nowMs)
    }
    const status = orderStatus(row)
    if (status.venueId === '' || status.filled === '') return { kind: 'unknown', why: 'no order' }
    if (isList && Number(status.filled) > 0)
      return { kind: 'more', requests: [this.#fillsOf(status.venueId, '', nowMs)] }
    if (!isList && cursor !== '') return { kind: 'more', requests: [this.#fillsOf(status.venueId, cursor, nowMs)] }
    return this.#tell(row, fills, news)
  }

  openOrders(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#get('/orders/historical/batch', `order_status=OPEN&limit=${ORDERS_PAGE}`, nowMs)]
  }

  onOpenOrders(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    for (const answer of answers) {
      const { body, outcome } = readAnswer(answer)
      if (body === undefined) return outcome
      const rows = member(body, 'orders')
      if (!Array.isArray(rows) || member(body, 'has_next') === true) return { kind: 'unknown', why: 'not all of them' }
      const sorted = rows.map(wordsOf).reverse()
      for (const row of sorted.sort((a, b) => compareTexts(textOf(a, 'created_time'), textOf(b, 'created_time')))) {
        const status = orderStatus(row)
        if (status.venueId === '') continue
        this.#memory.learn(status.venueId, status.clientId, status.symbolName).isOpen = status.isOpen
        news.onStatus(status)
      }
    }
    return DONE
  }

  fillsSince(_symbols: readonly VenueSymbol[], sinceMs: number, nowMs: number): readonly VenueRequest[] {
    this.#history = []
    const since = encodeURIComponent(new Date(Math.max(0, Math.floor(sinceMs))).toISOString())
    this.#historyQuery = `start_sequence_timestamp=${since}&limit=${FILLS_PAGE}`
    return [this.#get('/orders/historical/fills', this.#historyQuery, nowMs)]
  }

  onFills(answer: VenueAnswer, news: OrderNews, nowMs: number): { outcome: Outcome; more?: VenueRequest } {
    const { body, outcome } = readAnswer(answer)
    if (body === undefined) return { outcome }
    const rows = member(body, 'fills')
    if (!Array.isArray(rows)) return { outcome: { kind: 'unknown', why: 'no list' } }
    this.#history.push(...rows.map(wordsOf))
    const cursor = textOf(body, 'cursor')
    if (cursor !== '' && rows.length > 0) {
      const query = `${this.#historyQuery}&cursor=${encodeURIComponent(cursor)}`
      return { outcome: DONE, more: this.#get('/orders/historical/fills', query, nowMs) }
    }
    // The newest came first: of one time the order is turned round.
    for (const row of oldestFirst(this.#history.reverse())) {
      news.onFill(orderFill(row, this.#memory.known(textOf(row, 'order_id'))))
    }
    this.#history = []
    return { outcome: DONE }
  }

  balances(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    this.#symbols = symbols
    return this.#accountCursors.map((cursor) => {
      const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      return this.#get('/accounts', `limit=${ACCOUNTS_PAGE}${query}`, nowMs)
    })
  }

  /** An account of many coins has many pages: one that is not known yet makes this answer no answer, and the next ask is for it too. */
  onBalances(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    const cursors = ['']
    const found = new Map<string, string>()
    for (const answer of answers) {
      const { body, outcome } = readAnswer(answer)
      if (body === undefined) return outcome
      const rows = member(body, 'accounts')
      if (!Array.isArray(rows)) return { kind: 'unknown', why: 'no accounts' }
      for (const row of rows.map(wordsOf)) {
        const free = amountOf(wordsOf(member(row, 'available_balance')), 'value')
        if (free !== '') found.set(textOf(row, 'currency'), free)
      }
      if (member(body, 'has_next') === true) cursors.push(textOf(body, 'cursor'))
    }
    const isMissed = this.#symbols.some(({ base, quote }) => !found.has(base) || !found.has(quote))
    const hasMore = cursors.length > answers.length && !cursors.slice(1).includes('')
    this.#accountCursors = hasMore && isMissed ? cursors : cursors.slice(0, answers.length)
    if (hasMore && isMissed) return { kind: 'unknown', why: 'a page of accounts is missing' }
    for (const [asset, free] of found) news.onBalance(asset, free)
    return DONE
  }

  time(): VenueRequest {
    return this.#public('/time', TIMEOUT_MS)
  }

  onTime(answer: VenueAnswer): number | undefined {
    const { body } = readAnswer(answer)
    return body === undefined ? undefined : numberOf(body, 'epochMillis') || undefined
  }

  listings(): readonly VenueRequest[] {
    return [this.#public('/market/products', LISTINGS_TIMEOUT_MS)]
  }

  /** Spot: futures are another account's. */
  onListings(answers: readonly VenueAnswer[]): readonly VenueSymbol[] {
    return (coinbaseListings(answers[0].body) ?? []).filter(({ symbol }) => !symbol.includes(':'))
  }

  fees(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    this.#symbols = symbols
    return [this.#get('/transaction_summary', 'product_type=SPOT', nowMs)]
  }

  /** One tier for all; a few stable pairs cost less, which nobody is told. */
  onFees(answers: readonly VenueAnswer[]): ReadonlyMap<string, { makerPpm: number; takerPpm: number }> {
    const { body } = readAnswer(answers[0])
    const tier = wordsOf(body === undefined ? undefined : member(body, 'fee_tier'))
    const makerPpm = ratePpm(tier, 'maker_fee_rate')
    const takerPpm = ratePpm(tier, 'taker_fee_rate')
    if (makerPpm === undefined || takerPpm === undefined) return new Map()
    return new Map(this.#symbols.map(({ name }) => [name, { makerPpm, takerPpm }]))
  }

  /** Fills first, then the state; nothing when the one is ahead of the other, or the stream of both. */
  #tell(row: Words, fills: readonly Words[], news: OrderNews): QueryOutcome {
    const status = orderStatus(row)
    const known = this.#memory.learn(status.venueId, status.clientId, status.symbolName)
    if (!isWhole(status.filled, fills)) return { kind: 'unknown', why: 'fills are behind' }
    known.raiseTold(status.filled)
    const isEnded = isEndedState(textOf(row, 'status'))
    if (isEnded) known.isOpen = false
    for (const fill of oldestFirst([...fills].reverse())) news.onFill(orderFill(fill, known))
    if (known.isBehind || (known.end !== undefined && !isEnded)) return { kind: 'unknown', why: 'the order is behind' }
    if (known.end !== undefined) {
      const { how, reason, timeMs } = known.end
      known.end = undefined
      news.onEnded({ ...status, timeMs }, how, reason, status.filled)
    }
    news.onStatus(status)
    return DONE
  }

  #absent({ clientId }: OrderName, nowMs: number): QueryOutcome {
    const placed = this.#memory.placed(clientId)
    const mayArrive = placed !== undefined && nowMs <= placed.untilMs + CLOCK_DOUBT_MS
    return mayArrive ? { kind: 'unknown', why: 'it may still arrive' } : { kind: 'notFound' }
  }

  #venueId({ clientId, venueId }: OrderName): string {
    return venueId || this.#memory.placed(clientId)?.venueId || ''
  }

  #newest(clientId: string, cursor: string, nowMs: number): VenueRequest {
    const placed = this.#memory.placed(clientId)
    const fromMs = (placed?.sentMs ?? nowMs - LOOK_BACK_MS) - CLOCK_DOUBT_MS
    const from = `start_date=${encodeURIComponent(new Date(Math.max(0, fromMs)).toISOString())}`
    const product = placed === undefined ? '' : `&product_ids=${encodeURIComponent(placed.symbolName)}`
    const page = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    return this.#get('/orders/historical/batch', `${from}${product}&limit=${ORDERS_PAGE}${page}`, nowMs)
  }

  #fillsOf(venueId: string, cursor: string, nowMs: number): VenueRequest {
    const page = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const query = `order_ids=${encodeURIComponent(venueId)}&limit=${FILLS_PAGE}${page}`
    return this.#get('/orders/historical/fills', query, nowMs)
  }

  #get(path: string, query: string, nowMs: number): VenueRequest {
    const url = `${this.endpoints.rest}${ROOT}${path}${query === '' ? '' : `?${query}`}`
    const token = this.#tokens.ofRequest('GET', this.#host, ROOT + path, nowMs, 0)
    return { method: 'GET', url, headers: { authorization: `Bearer ${token}` }, body: '', timeoutMs: TIMEOUT_MS }
  }

  #post(path: string, words: object, nowMs: number, untilMs = 0): VenueRequest {
    const token = this.#tokens.ofRequest('POST', this.#host, ROOT + path, nowMs, untilMs)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const url = this.endpoints.rest + ROOT + path
    return { method: 'POST', url, headers, body: JSON.stringify(words), timeoutMs: TIMEOUT_MS }
  }

  #public(path: string, timeoutMs: number): VenueRequest {
    const url = this.endpoints.rest + ROOT + path
    // Answers to everybody are kept for a second, which a clock must not be.
    const headers = path === '/time' ? { 'cache-control': 'no-cache' } : this.#noHeaders
    return { method: 'GET', url, headers, body: '', timeoutMs }
  }
}

function isNamed(row: Words, { clientId, venueId }: OrderName): boolean {
  return venueId === '' ? textOf(row, 'client_order_id') === clientId : textOf(row, 'order_id') === venueId
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
