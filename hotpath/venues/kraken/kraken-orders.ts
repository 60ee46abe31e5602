/**
 * Kraken spot order entry (REST, /0/private). An order is said once, by AddOrder, under our id as cl_ord_id; the answer only
 * names it, the executions stream tells what becomes of it. Fees are asked for in quote (fciq).
 * Source: docs.kraken.com, "Spot REST API" (Trading, Account Data) and "Spot Client Order Identifiers".
 */
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
import { readAnswer } from './kraken-errors.ts'
import { krakenListings } from './kraken-listings.ts'
import { KrakenMemory } from './kraken-memory.ts'
import { KrakenPairs } from './kraken-pairs.ts'
import { KrakenSigner } from './kraken-signer.ts'
import { KrakenStream } from './kraken-stream.ts'
import { freeBalance, isWhole, orderStatus, percentPpm, tradeFill } from './kraken-words.ts'

export const krakenEndpoints: VenueEndpoints = {
  rest: 'https://api.kraken.com',
  publicSocket: 'wss://ws.kraken.com/v2',
  privateSocket: 'wss://ws-auth.kraken.com/v2',
}

const TIMEOUT_MS = 5_000
const LISTINGS_TIMEOUT_MS = 30_000
/** Kraken takes no deadline nearer than 2 s; half a second more for its clock, which it tells in seconds, and for the way. */
const DEADLINE_MS_MIN = 3_000
const DEADLINE_MS_MAX = 60_000
/** What Kraken itself allows an order that names no deadline. */
const DEADLINE_MS_DEFAULT = 5_000
/** Kraken's clock may be this much behind what we take it for. */
const CLOCK_DOUBT_MS = 1_000
/** Ids of one QueryTrades. */
const TRADES_A_QUERY = 20
/** Pairs of one TradeVolume. */
const PAIRS_A_QUERY = 40
const DONE: Outcome = { kind: 'done' }

/** An order found in an answer, and the answers behind it, which are its trades. */
interface FoundOrder {
  readonly venueId: string
  readonly row: Words
  readonly pages: readonly VenueAnswer[]
}

export class KrakenOrders implements OrderDialect {
  readonly id = 'kraken'
  readonly hasGtd = true
  readonly findsWithoutSymbol = true
  readonly endpoints: VenueEndpoints
  readonly stream: PrivateStream
  readonly #key: string
  readonly #signer: KrakenSigner
  readonly #pairs = new KrakenPairs()
  readonly #memory = new KrakenMemory()
  readonly #noHeaders: Readonly<Record<string, string>> = {}
  /** Trades of the reconciliation under way: Kraken tells the newest first, we tell the oldest first. */
  #history = new Map<string, Words>()
  #historyWords = ''

  constructor(keys: KeyWords, endpoints: VenueEndpoints = krakenEndpoints) {
    this.endpoints = endpoints
    this.#key = keys.key
    this.#signer = new KrakenSigner(keys.secret)
    this.stream = new KrakenStream(endpoints.privateSocket, this.#memory, (nowMs) =>
      this.#signed('GetWebSocketsToken', '', nowMs),
    )
  }

  place(order: VenueOrder, nowMs: number): VenueRequest {
    const { clientId, symbol, side, timeInForce, postOnly, price, quantity, deadlineMs } = order
    const isTimed = timeInForce === 'gtd'
    const untilMs = isTimed || deadlineMs === 0 ? nowMs + DEADLINE_MS_DEFAULT : venueDeadline(deadlineMs, nowMs)
    const life = isTimed ? `&expiretm=${Math.floor(deadlineMs / 1_000)}` : ''
    const deadline = isTimed || deadlineMs === 0 ? '' : `&deadline=${escapedTime(untilMs)}`
    this.#memory.notePlaced({ clientId, symbolName: symbol.name, timeInForce, sentMs: nowMs, untilMs })
    const words =
      `&ordertype=limit&type=${side}&pair=${this.#pairs.pairOf(symbol.name)}&price=${price}&volume=${quantity}` +
      `&timeinforce=${timeInForce.toUpperCase()}${life}&oflags=${postOnly ? 'fciq%2Cpost' : 'fciq'}` +
      `&stptype=cancel-newest&cl_ord_id=${clientId}${deadline}`
    return this.#signed('AddOrder', words, nowMs)
  }

  onPlaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const { result, outcome } = readAnswer(answer, order)
    if (result === undefined) return outcome
    const [venueId] = listOf(member(result, 'txid'))
    if (typeof venueId !== 'string' || venueId === '') return { kind: 'unknown', why: 'no order' }
    const { clientId, symbol, timeInForce } = order
    this.#memory.learn(venueId, clientId, symbol.name, timeInForce)
    const timeMs = this.#memory.placed(clientId)?.sentMs ?? 0
    news.onAccepted({ clientId, venueId, symbolName: symbol.name, timeMs })
    return DONE
  }

  cancel(order: OrderName, nowMs: number): VenueRequest {
    return this.#signed('CancelOrder', nameWords(order), nowMs)
  }

  /** The answer counts; the stream tells the end and what was filled before it. */
  onCanceled(answer: VenueAnswer): Outcome {
    const { result, outcome } = readAnswer(answer)
    if (result === undefined) return outcome
    if (numberOf(result, 'count') > 0 || member(result, 'pending') === true) return DONE
    return { kind: 'unknown', why: 'nothing was canceled' }
  }

  /** In place: both ids stay. The quantity is the whole one, what is filled included. */
  replace(order: VenueOrder, venueId: string, nowMs: number): VenueRequest {
    const { symbol, clientId, price, quantity, postOnly } = order
    const words = `${nameWords({ symbol, clientId, venueId })}&order_qty=${quantity}&limit_price=${price}`
    return this.#signed('AmendOrder', words + (postOnly ? '&post_only=true' : ''), nowMs)
  }

  onReplaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome {
    const { result, outcome } = readAnswer(answer, order)
    if (result === undefined) return outcome
    if (textOf(result, 'amend_id') === '') return { kind: 'unknown', why: 'no amendment' }
    const named = { clientId: order.clientId, venueId: '', symbolName: order.symbol.name, timeMs: 0 }
    news.onReplaced(named, order.price, order.quantity)
    return DONE
  }

  /** Of the whole account: Kraken has no smaller net. The stream tells what was in it. */
  cancelAll(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#signed('CancelAll', '', nowMs)]
  }

  onAllCanceled(answer: VenueAnswer): Outcome {
    const { result, outcome } = readAnswer(answer)
    return result === undefined ? outcome : DONE
  }

  /** By Kraken's id at once; by ours among the open orders first and then among the closed ones, so that none slips between. */
  query({ clientId, venueId }: OrderName, nowMs: number): readonly VenueRequest[] {
    const request =
      venueId === ''
        ? this.#signed('OpenOrders', `&trades=true&cl_ord_id=${clientId}`, nowMs)
        : this.#signed('QueryOrders', `&trades=true&consolidate_taker=false&txid=${encodeURIComponent(venueId)}`, nowMs)
    return [request]
  }

  onQueried(answers: readonly VenueAnswer[], order: OrderName, news: OrderNews, nowMs: number): QueryOutcome {
    const found = this.#find(answers, order, nowMs)
    if ('kind' in found) return found
    const { venueId, row, pages } = found
    const known = this.#memory.learn(venueId, textOf(row, 'cl_ord_id') || order.clientId, '', '')
    const status = orderStatus(venueId, row, this.#pairs, known)
    if (status.filled === '') return { kind: 'unknown', why: 'no order' }
    const ids = listOf(member(row, 'trades')).map(String)
    if (ids.length > 0 && pages.length === 0) return { kind: 'more', requests: this.#tradesOf(ids, nowMs) }
    const trades: [string, Words][] = []
    for (const page of pages) {
      const { result, outcome } = readAnswer(page)
      if (result === undefined) return outcome
      for (const [id, trade] of Object.entries(result)) trades.push([id, wordsOf(trade)])
    }
    // Told now, the status would be ahead of its fills.
    if (
      !isWhole(
        status.filled,
        trades.map(([, trade]) => trade),
      )
    )
      return { kind: 'unknown', why: 'trades are behind' }
    for (const [id, trade] of oldestFirst(trades)) news.onFill(tradeFill(id, trade, this.#pairs, known))
    news.onStatus(status)
    return DONE
  }

  openOrders(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#signed('OpenOrders', '&trades=true', nowMs)]
  }

  onOpenOrders(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    for (const answer of answers) {
      const { result, outcome } = readAnswer(answer)
      if (result === undefined) return outcome
      // The newest comes first; of one time the order stays as it is told, turned round.
      const rows = Object.entries(wordsOf(member(result, 'open'))).map(([id, row]) => [id, wordsOf(row)] as const)
      for (const [id, row] of rows.reverse().sort(([, a], [, b]) => numberIn(a, 'opentm') - numberIn(b, 'opentm'))) {
        const known = this.#memory.learn(id, textOf(row, 'cl_ord_id'), '', '')
        news.onStatus(orderStatus(id, row, this.#pairs, known))
      }
    }
    return DONE
  }

  fillsSince(_symbols: readonly VenueSymbol[], sinceMs: number, nowMs: number): readonly VenueRequest[] {
    this.#history = new Map()
    // Exclusive, and in seconds.
    this.#historyWords = `&type=all&consolidate_taker=false&start=${Math.max(0, Math.floor(sinceMs / 1_000) - 1)}`
    return [this.#signed('TradesHistory', this.#historyWords, nowMs)]
  }

  onFills(answer: VenueAnswer, news: OrderNews, nowMs: number): { outcome: Outcome; more?: VenueRequest } {
    const { result, outcome } = readAnswer(answer)
    if (result === undefined) return { outcome }
    const rows = Object.entries(wordsOf(member(result, 'trades')))
    const before = this.#history.size
    for (const [id, row] of rows) this.#history.set(id, wordsOf(row))
    // A trade that came meanwhile moves the pages: one is found twice, and none is missed while every page brings new ones.
    if (rows.length > 0 && this.#history.size < numberOf(result, 'count')) {
      if (this.#history.size === before) return { outcome: { kind: 'unknown', why: 'the pages moved' } }
      const words = `${this.#historyWords}&ofs=${this.#history.size}`
      return { outcome: DONE, more: this.#signed('TradesHistory', words, nowMs) }
    }
    for (const [id, row] of oldestFirst([...this.#history])) {
      const known = this.#memory.known(textOf(row, 'ordertxid'))
      news.onFill(tradeFill(id, row, this.#pairs, known))
    }
    this.#history = new Map()
    return { outcome: DONE }
  }

  balances(_symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    return [this.#signed('BalanceEx', '', nowMs)]
  }

  onBalances(answers: readonly VenueAnswer[], news: OrderNews): Outcome {
    const { result, outcome } = readAnswer(answers[0])
    if (result === undefined) return outcome
    for (const [id, row] of Object.entries(result)) {
      const asset = this.#pairs.assetOf(id)
      const free = freeBalance(wordsOf(row))
      if (asset !== '' && free !== '') news.onBalance(asset, free)
    }
    return DONE
  }

  time(): VenueRequest {
    return this.#public('Time', TIMEOUT_MS)
  }

  /** Kraken tells whole seconds: the middle of this one, wrong by half a second at most. */
  onTime(answer: VenueAnswer): number | undefined {
    const { result } = readAnswer(answer)
    const seconds = result === undefined ? 0 : numberOf(result, 'unixtime')
    return seconds > 0 ? seconds * 1_000 + 500 : undefined
  }

  listings(): readonly VenueRequest[] {
    return [this.#public('AssetPairs', LISTINGS_TIMEOUT_MS), this.#public('Assets', LISTINGS_TIMEOUT_MS)]
  }

  onListings([pairs, assets]: readonly VenueAnswer[]): readonly VenueSymbol[] {
    this.#pairs.learnPairs(pairs.body)
    this.#pairs.learnAssets(assets.body)
    return krakenListings(pairs.body, 'v2') ?? []
  }

  fees(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[] {
    const pairs = symbols.map(({ name }) => this.#pairs.pairOf(name))
    return chunks(pairs, PAIRS_A_QUERY).map((some) => this.#signed('TradeVolume', `&pair=${some.join('%2C')}`, nowMs))
  }

  /** A pair without a maker schedule charges makers like takers. */
  onFees(answers: readonly VenueAnswer[]): ReadonlyMap<string, { makerPpm: number; takerPpm: number }> {
    const rates = new Map<string, { makerPpm: number; takerPpm: number }>()
    for (const answer of answers) {
      const { result } = readAnswer(answer)
      if (result === undefined) continue
      const makers = wordsOf(member(result, 'fees_maker'))
      for (const [pair, row] of Object.entries(wordsOf(member(result, 'fees')))) {
        const takerPpm = percentPpm(wordsOf(row))
        if (takerPpm === undefined) continue
        const makerPpm = percentPpm(wordsOf(member(makers, pair))) ?? takerPpm
        rates.set(this.#pairs.nameOf(pair), { makerPpm, takerPpm })
      }
    }
    return rates
  }

  #find(answers: readonly VenueAnswer[], order: OrderName, nowMs: number): FoundOrder | QueryOutcome {
    const [first, second] = answers
    const { result, outcome } = readAnswer(first)
    if (order.venueId !== '') {
      if (result === undefined) return outcome
      const row = member(result, order.venueId)
      return row === undefined ? { kind: 'notFound' } : found(order.venueId, row, answers.slice(1))
    }
    if (result === undefined) return outcome
    const open = Object.entries(wordsOf(member(result, 'open')))
    if (open.length > 0) return found(open[0][0], open[0][1], answers.slice(1))
    if (second === undefined) {
      const words = `&trades=true&consolidate_taker=false&cl_ord_id=${order.clientId}`
      return { kind: 'more', requests: [this.#signed('ClosedOrders', words, nowMs)] }
    }
    const closed = readAnswer(second)
    if (closed.result === undefined) return closed.outcome
    const ended = Object.entries(wordsOf(member(closed.result, 'closed')))
    if (ended.length > 0) return found(ended[0][0], ended[0][1], answers.slice(2))
    const placed = this.#memory.placed(order.clientId)
    const mayArrive = placed !== undefined && nowMs <= placed.untilMs + CLOCK_DOUBT_MS
    return mayArrive ? { kind: 'unknown', why: 'it may still arrive' } : { kind: 'notFound' }
  }

  #tradesOf(ids: readonly string[], nowMs: number): readonly VenueRequest[] {
    return chunks(ids, TRADES_A_QUERY).map((some) => {
      const words = `&trades=false&txid=${some.map(encodeURIComponent).join('%2C')}`
      return this.#signed('QueryTrades', words, nowMs)
    })
  }

  /** `words` begin with '&' and are escaped: the text that is signed is the text that is sent. */
  #signed(name: string, words: string, nowMs: number): VenueRequest {
    const path = `/0/private/${name}`
    const nonce = this.#signer.nonce(nowMs)
    const body = `nonce=${nonce}${words}`
    const headers = {
      'api-key': this.#key,
      'api-sign': this.#signer.sign(path, nonce, body),
      'content-type': 'application/x-www-form-urlencoded',
    }
    return { method: 'POST', url: this.endpoints.rest + path, headers, body, timeoutMs: TIMEOUT_MS }
  }

  #public(name: string, timeoutMs: number): VenueRequest {
    const url = `${this.endpoints.rest}/0/public/${name}`
    return { method: 'GET', url, headers: this.#noHeaders, body: '', timeoutMs }
  }
}

function found(venueId: string, row: unknown, pages: readonly VenueAnswer[]): FoundOrder {
  return { venueId, row: wordsOf(row), pages }
}

function nameWords({ clientId, venueId }: OrderName): string {
  return venueId === '' ? `&cl_ord_id=${clientId}` : `&txid=${encodeURIComponent(venueId)}`
}

/** Ours, or the nearest that Kraken takes. Later than ours at times: until then an order that is not found may still come. */
function venueDeadline(deadlineMs: number, nowMs: number): number {
  return Math.min(nowMs + DEADLINE_MS_MAX, Math.max(nowMs + DEADLINE_MS_MIN, deadlineMs))
}

function escapedTime(ms: number): string {
  return new Date(ms).toISOString().replaceAll(':', '%3A')
}

/** A number to sort by. */
function numberIn(row: Words, key: string): number {
  const number = Number(amountOf(row, key))
  return Number.isFinite(number) ? number : 0
}

/** Of one time by their numbers. */
function oldestFirst(trades: readonly [string, Words][]): readonly [string, Words][] {
  return [...trades].sort(
    ([, a], [, b]) => numberIn(a, 'time') - numberIn(b, 'time') || numberIn(a, 'trade_id') - numberIn(b, 'trade_id'),
  )
}

function chunks<Row>(rows: readonly Row[], size: number): readonly (readonly Row[])[] {
  const parts: (readonly Row[])[] = []
  for (let at = 0; at < rows.length; at += size) parts.push(rows.slice(at, at + size))
  return parts
}
