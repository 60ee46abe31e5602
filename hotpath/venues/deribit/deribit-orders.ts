/**
 * Deribit order entry (JSON-RPC 2.0, API v2): spot and linear perpetuals. Orders go by POST and are said once, questions by GET; every
 * request carries its own signature. The venue takes the same label twice: a label that was said before is asked about instead.
 */
import { assert } from '../../../shared/assert.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer, VenueRequest } from '../door/venue-doors.ts'
import type { KeyWords } from '../native/credentials.ts'
import { amountOf, isWords, listOf, member, numberOf, textOf, type Words, wordsOf } from '../native/json-words.ts'
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
import { HmacSigner } from '../native/request-signer.ts'
import { refusalOf } from './deribit-errors.ts'
import { deribitListings } from './deribit-listings.ts'
import { DeribitStream } from './deribit-stream.ts'
import {
  accountRates,
  isShortOf,
  isTraded,
  namedOrder,
  newestOf,
  resultOf,
  tellBalance,
  tellEnd,
  tellOrder,
  tellReports,
  tellStatus,
  tradeFill,
  tradesOf,
} from './deribit-words.ts'

export const deribitEndpoints: VenueEndpoints = {
  rest: 'https://www.deribit.com',
  publicSocket: 'wss://www.deribit.com/ws/api/v2',
  privateSocket: 'wss://www.deribit.com/ws/api/v2',
}

const PATH = '/api/v2'
const TIMEOUT_MS = 5_000
/** Lists of instruments are megabytes. */
const LISTINGS_TIMEOUT_MS = 30_000
/** An order without a deadline: later than this the matching engine must not begin with it. */
const VALID_MS = 5_000
const TRADES_PAGE = 1_000
/** What is older than a day is told as history only; an hour less, for what is asked while it ages. */
const RECENT_MS = 23 * 3_600_000
/** Labels remembered as said. */
const LABELS_MAX = 65_536
/** Currencies that orders can be looked up by; the label of a spot order is sought under both of its coins. */
const CURRENCIES: readonly string[] = ['BTC', 'ETH', 'USDC', 'USDT', 'EURR']
const DONE: Outcome = { kind: 'done' }

const timesInForce = {
  gtc: 'good_til_cancelled',
  ioc: 'immediate_or_cancel',
  fok: 'fill_or_kill',
} as const

export class DeribitOrders implements OrderDialect {
  readonly id = 'deribit'
  /** good_til_day ends with the session, not at a time of ours. */
  readonly hasGtd = false
  readonly findsWithoutSymbol = false
  readonly endpoints: VenueEndpoints
  readonly stream: PrivateStream
  readonly #signer: HmacSigner
  readonly #key: string
  readonly #noHeaders: Readonly<Record<string, string>> = {}
  readonly #said = new Set<string>()
  #requests = 0

  constructor(keys: KeyWords, endpoints: VenueEndpoints = deribitEndpoints) {
    assert(keys.secret !== '', 'Deribit signs with the client secret')
    this.endpoints = endpoints
    this.#key = keys.key
    this.#signer = new HmacSigner('sha256', Buffer.from(keys.secret), 'hex')
    this.stream = new DeribitStream(endpoints.privateSocket, keys.key, this.#signer)
  }

  place(order: VenueOrder, nowMs: number): VenueRequest {
    const { symbol, side, timeInForce, clientId } = order
    assert(timeInForce !== 'gtd', 'a dialect without gtd is never asked for one')
    if (this.#said.has(clientId)) return this.#byLabel(symbol, clientId, nowMs)[0]
    this.#remember(clientId)
    const words =
      `"instrument_name":${JSON.stringify(symbol.name)},"amount":${order.quantity},"type":"limit","label":"${clientId}"` +
      `,"price":${order.price},"time_in_force":"${timesInForce[timeInForce]}"${lastWords(order, nowMs)}`
    return this.#post(side === 'buy' ? 'private/buy' : 'private/sell', words, nowMs)
  }

  onPlaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const result = resultOf(answer)
    if (Array.isArray(result)) {
      const isThere = result.some((row) => textOf(wordsOf(row), 'label') === order.clientId)
      if (isThere) return { kind: 'refused', reason: RejectReason.duplicateClientOrderId }
      return { kind: 'unknown', why: 'a label said before, and no order' }
    }
    if (!isWords(result)) return this.#refusedOrder(answer, order, news)
    const placed = wordsOf(member(result, 'order'))
    if (textOf(placed, 'label') !== order.clientId || textOf(placed, 'order_id') === '') {
      return { kind: 'unknown', why: 'no order' }
    }
    tellOrder(placed, listOf(member(result, 'trades')).map(wordsOf), news)
    return DONE
  }

  cancel({ clientId, venueId }: OrderName, nowMs: number): VenueRequest {
    return venueId === ''
      ? this.#post('private/cancel_by_label', `"label":"${clientId}","detailed":true`, nowMs)
      : this.#post('private/cancel', `"order_id":${JSON.stringify(venueId)}`, nowMs)
  }

  onCanceled(answer: VenueAnswer, { venueId }: OrderName, news: OrderNews): Outcome {
    const result = resultOf(answer)
    if (result === undefined) return refusalOf(answer)
    if (venueId === '') return tellReports(result, news)
    const order = wordsOf(result)
    if (textOf(order, 'order_id') === '') return { kind: 'unknown', why: 'no order' }
    tellEnd(order, news)
    return DONE
  }

  /** In place, under the same label and id; the amount is the whole one, what is filled included. */
  replace(order: VenueOrder, venueId: string, nowMs: number): VenueRequest {
    const which =
      venueId === ''
        ? `"label":"${order.clientId}","instrument_name":${JSON.stringify(order.symbol.name)}`
        : `"order_id":${JSON.stringify(venueId)}`
    const words = `${which},"amount":${order.quantity},"price":${order.price}${lastWords(order, nowMs)}`
    return this.#post(venueId === '' ? 'private/edit_by_label' : 'private/edit', words, nowMs)
  }

  onReplaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const result = resultOf(answer)
    if (!isWords(result)) return refusalOf(answer)
    const edited = wordsOf(member(result, 'order'))
    if (textOf(edited, 'label') !== order.clientId) return { kind: 'unknown', why: 'no order' }
    if (textOf(edited, 'cancel_reason') === 'edit_post_only_reject') {
      tellEnd(edited, news)
      return { kind: 'refused', reason: RejectReason.postOnlyWouldTake }
    }
    news.onReplaced(namedOrder(edited), amountOf(edited, 'price'), amountOf(edited, 'amount'))
    for (const trade of listOf(member(result, 'trades'))) news.onFill(tradeFill(wordsOf(trade)))
    tellEnd(edited, news)
    return DONE
  }

  cancelAll(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return symbols.map(({ name }) =>
      this.#post(
        'private/cancel_all_by_instrument',
        `"instrument_name":${JSON.stringify(name)},"detailed":true`,
        nowMs,
      ),
    )
  }

  onAllCanceled(answer: VenueAnswer, news: OrderNews): Outcome {
    const result = resultOf(answer)
    if (result === undefined) return refusalOf(answer)
    tellReports(result, news)
    return DONE
  }

  query({ symbol, clientId, venueId }: OrderName, nowMs: number): readonly VenueRequest[] {
    if (venueId === '') return this.#byLabel(symbol, clientId, nowMs)
    const state = this.#get('private/get_order_state', `order_id=${encodeURIComponent(venueId)}`, nowMs)
    return [state, this.#tradesOf(venueId, false, nowMs)]
  }

  onQueried(answers: readonly VenueAnswer[], name: OrderName, news: OrderNews, nowMs: number): QueryOutcome {
    const states = name.venueId === '' ? currenciesOf(name.symbol).length : 1
    const found: Words[] = []
    for (const answer of answers.slice(0, states)) {
      const result = resultOf(answer)
      if (result === undefined) return refusalOf(answer)
      found.push(...(Array.isArray(result) ? result : [result]).map(wordsOf))
    }
    const order = newestOf(found.filter((row) => isNamed(row, name)))
    // Of another symbol under the same label: not here.
    const isReadable = found.every((row) => textOf(row, 'order_id') !== '')
    if (order === undefined) return isReadable ? { kind: 'notFound' } : { kind: 'unknown', why: 'no order' }
    const filled = amountOf(order, 'filled_amount')
    if (filled === '') return { kind: 'unknown', why: 'no order' }
    const trades: Words[] = []
    const pages = answers.slice(states)
    for (const page of pages) {
      const rows = tradesOf(resultOf(page))
      if (rows === undefined) return { kind: 'unknown', why: 'no trades' }
      trades.push(...rows)
    }
    // Recent trades first, then those of history; what neither tells is not told.
    const isShort = isShortOf(trades, filled)
    if (isShort && pages.length < 2) {
      return { kind: 'more', requests: [this.#tradesOf(textOf(order, 'order_id'), pages.length === 1, nowMs)] }
    }
    for (const trade of trades) news.onFill(tradeFill(trade))
    tellStatus(order, news)
    return DONE
  }

  openOrders(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#get('private/get_open_orders', '', nowMs)]
  }

  onOpenOrders(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    const result = resultOf(answers[0])
    if (!Array.isArray(result)) return refusalOf(answers[0])
    for (const row of result) tellStatus(wordsOf(row), news)
    return DONE
  }

  fillsSince(symbols: readonly VenueSymbol[], sinceMs: number, nowMs: number): readonly VenueRequest[] {
    const isOld = nowMs - sinceMs > RECENT_MS
    return symbols.flatMap(({ name }) => {
      const words =
        `instrument_name=${encodeURIComponent(name)}&start_timestamp=${Math.floor(sinceMs)}` +
        `&end_timestamp=${nowMs + TIMEOUT_MS}&count=${TRADES_PAGE}&sorting=asc`
      const method = 'private/get_user_trades_by_instrument_and_time'
      const recent = this.#get(method, words, nowMs)
      return isOld ? [this.#get(method, `${words}&historical=true`, nowMs), recent] : [recent]
    })
  }

  /** Next pages go by the trades' own numbers: any count of them may have one time. */
  onFills(answer: VenueAnswer, news: OrderNews, nowMs: number): { outcome: Outcome; more?: VenueRequest } {
    const result = resultOf(answer)
    const trades = tradesOf(result)
    if (trades === undefined) return { outcome: refusalOf(answer) }
    for (const trade of trades) news.onFill(tradeFill(trade))
    const last = trades[trades.length - 1]
    if (member(wordsOf(result), 'has_more') !== true || last === undefined) return { outcome: DONE }
    const words =
      `instrument_name=${encodeURIComponent(textOf(last, 'instrument_name'))}` +
      `&start_seq=${numberOf(last, 'trade_seq') + 1}&count=${TRADES_PAGE}&sorting=asc`
    return { outcome: DONE, more: this.#get('private/get_user_trades_by_instrument', words, nowMs) }
  }

  balances(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#get('private/get_account_summaries', '', nowMs)]
  }

  onBalances(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    const summaries = member(wordsOf(resultOf(answers[0])), 'summaries')
    if (!Array.isArray(summaries)) return refusalOf(answers[0])
    for (const summary of summaries) tellBalance(wordsOf(summary), news)
    return DONE
  }

  time(): VenueRequest {
    return this.#public('public/get_time', TIMEOUT_MS)
  }

  onTime(answer: VenueAnswer): number | undefined {
    const result = resultOf(answer)
    return typeof result === 'number' && Number.isSafeInteger(result) && result > 0 ? result : undefined
  }

  listings(): readonly VenueRequest[] {
    return ['spot', 'future'].map((kind) =>
      this.#public(`public/get_instruments?currency=any&kind=${kind}&expired=false`, LISTINGS_TIMEOUT_MS),
    )
  }

  onListings(answers: readonly VenueAnswer[]): readonly VenueSymbol[] {
    return answers.flatMap(({ body }) => deribitListings(body) ?? []).filter(isTraded)
  }

  fees(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#get('private/get_account_summaries', 'extended=true', nowMs)]
  }

  onFees(answers: readonly VenueAnswer[]): ReadonlyMap<string, { makerPpm: number; takerPpm: number }> {
    return accountRates(resultOf(answers[0]))
  }

  /** An order that would have met one of ours never was in: it ended for that reason. */
  #refusedOrder(answer: VenueAnswer, { clientId, symbol }: VenueOrder, news: OrderNews): Outcome {
    const refusal = refusalOf(answer)
    if (refusal.kind === 'notFound') return { kind: 'unknown', why: 'an order not found while it was placed' }
    if (refusal.kind !== 'refused' || refusal.reason !== RejectReason.selfTrade) return refusal
    const named = { clientId, venueId: '', symbolName: symbol.name, timeMs: 0 }
    news.onEnded(named, 'expired', RejectReason.selfTrade, '0')
    return DONE
  }

  #remember(label: string): void {
    this.#said.add(label)
    if (this.#said.size <= LABELS_MAX) return
    for (const oldest of this.#said) {
      this.#said.delete(oldest)
      break
    }
  }

  #byLabel(symbol: VenueSymbol, label: string, nowMs: number): readonly VenueRequest[] {
    return currenciesOf(symbol).map((currency) =>
      this.#get('private/get_order_state_by_label', `currency=${currency}&label=${label}`, nowMs),
    )
  }

  #tradesOf(venueId: string, isHistory: boolean, nowMs: number): VenueRequest {
    const words = `order_id=${encodeURIComponent(venueId)}&sorting=asc${isHistory ? '&historical=true' : ''}`
    return this.#get('private/get_user_trades_by_order', words, nowMs)
  }

  /** `words`: parameters as JSON, without the braces. Amounts and prices go as they are written. */
  #post(method: string, words: string, nowMs: number): VenueRequest {
    const body = `{"jsonrpc":"2.0","id":${++this.#requests},"method":"${method}","params":{${words}}}`
    const path = `${PATH}/${method}`
    const headers = { authorization: this.#signature('POST', path, body, nowMs), 'content-type': 'application/json' }
    return { method: 'POST', url: this.endpoints.rest + path, headers, body, timeoutMs: TIMEOUT_MS }
  }

  #get(method: string, query: string, nowMs: number): VenueRequest {
    this.#requests++
    const path = `${PATH}/${method}${query === '' ? '' : '?'}${query}`
    const headers = { authorization: this.#signature('GET', path, '', nowMs) }
    return { method: 'GET', url: this.endpoints.rest + path, headers, body: '', timeoutMs: TIMEOUT_MS }
  }

  #public(what: string, timeoutMs: number): VenueRequest {
    return {
      method: 'GET',
      url: `${this.endpoints.rest}${PATH}/${what}`,
      headers: this.#noHeaders,
      body: '',
      timeoutMs,
    }
  }

  /** Time, a text that never comes twice, method, path with query, body: a line each. */
  #signature(method: string, path: string, body: string, nowMs: number): string {
    const nonce = `${nowMs.toString(36)}${this.#requests.toString(36)}`
    const signature = this.#signer.sign(`${nowMs}\n${nonce}\n${method}\n${path}\n${body}\n`)
    return `deri-hmac-sha256 id=${this.#key},ts=${nowMs},sig=${signature},nonce=${nonce}`
  }
}

/** Post-only is refused rather than moved; the engine must begin with it in time. */
function lastWords({ postOnly, deadlineMs }: VenueOrder, nowMs: number): string {
  const validUntil = deadlineMs === 0 ? nowMs + VALID_MS : deadlineMs
  assert(validUntil > nowMs, 'a request leaves before its deadline')
  return `,"post_only":${postOnly}${postOnly ? ',"reject_post_only":true' : ''},"valid_until":${validUntil}`
}

function currenciesOf({ base, quote, symbol }: VenueSymbol): readonly string[] {
  const named = symbol.includes(':') ? [quote] : [base, quote]
  const known = named.filter((currency) => CURRENCIES.includes(currency))
  return known.length > 0 ? known : [quote]
}

function isNamed(order: Words, { clientId, venueId, symbol }: OrderName): boolean {
  if (textOf(order, 'instrument_name') !== symbol.name || textOf(order, 'order_id') === '') return false
  return venueId === '' ? textOf(order, 'label') === clientId : textOf(order, 'order_id') === venueId
}
