/** Deribit's orders, trades and accounts as its messages write them, read into the words of order-dialect.ts. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer } from '../door/venue-doors.ts'
import {
  amountOf,
  compareDecimals,
  decimalsOf,
  listOf,
  member,
  numberOf,
  parseWords,
  scaledBig,
  textOf,
  type Words,
  wordsOf,
} from '../native/json-words.ts'
import type { NamedOrder, OrderNews, Outcome, VenueFill, VenueSymbol } from '../native/order-dialect.ts'

const PPM_DIGITS = 6
/** Digits in which sums of amounts are compared. */
const AMOUNT_DIGITS = 12
/** Every message about a labelled order carries the label: one without is somebody else's. */
const UNLABELLED = '-'
const OPEN_STATES: readonly string[] = ['open', 'untriggered']

/** The result of an answer; undefined when it has none: then it is a refusal, or nonsense. */
export function resultOf(answer: VenueAnswer): unknown {
  if (answer.status < 200 || answer.status >= 300) return undefined
  return member(wordsOf(parseWords(answer.body)), 'result')
}

export function isOpenState(order: Words): boolean {
  return OPEN_STATES.includes(textOf(order, 'order_state'))
}

export function namedOrder(order: Words): NamedOrder {
  return {
    clientId: textOf(order, 'label') || UNLABELLED,
    venueId: textOf(order, 'order_id'),
    symbolName: textOf(order, 'instrument_name'),
    timeMs: numberOf(order, 'last_update_timestamp') || numberOf(order, 'creation_timestamp'),
  }
}

/** What a state tells: that it is in, and its end if it has one. Its trades come between the two. */
export function tellOrder(order: Words, trades: readonly Words[], news: OrderNews): void {
  const named = namedOrder(order)
  const state = textOf(order, 'order_state')
  if (state !== 'rejected') news.onAccepted(named)
  for (const trade of trades) news.onFill(tradeFill(trade))
  tellEnd(order, news)
}

export function tellEnd(order: Words, news: OrderNews): void {
  const state = textOf(order, 'order_state')
  const filled = amountOf(order, 'filled_amount')
  if (state === 'rejected') news.onEnded(namedOrder(order), 'rejected', RejectReason.unknown, filled)
  if (state !== 'cancelled') return
  const { how, reason } = endOf(order)
  news.onEnded(namedOrder(order), how, reason, filled)
}

/** An order that cannot rest was not called back by anybody, whatever its state is called. */
function endOf(order: Words): { how: 'canceled' | 'expired'; reason: RejectReason } {
  const timeInForce = textOf(order, 'time_in_force')
  if (timeInForce === 'immediate_or_cancel') return { how: 'expired', reason: RejectReason.iocNotFilled }
  if (timeInForce === 'fill_or_kill') return { how: 'expired', reason: RejectReason.fokNotFillable }
  switch (textOf(order, 'cancel_reason')) {
    case '':
    case 'user_request':
    case 'cancel_on_disconnect':
      return { how: 'canceled', reason: RejectReason.userCancel }
    case 'edit_post_only_reject':
      return { how: 'canceled', reason: RejectReason.postOnlyWouldTake }
    case 'settlement':
      return { how: 'expired', reason: RejectReason.expired }
    default:
      return { how: 'canceled', reason: RejectReason.unknown }
  }
}

export function tellStatus(order: Words, news: OrderNews): void {
  news.onStatus({
    ...namedOrder(order),
    isOpen: isOpenState(order),
    filled: amountOf(order, 'filled_amount'),
    quantity: amountOf(order, 'amount'),
    price: amountOf(order, 'price'),
  })
}

export function tradeFill(trade: Words): VenueFill {
  return {
    clientId: textOf(trade, 'label') || UNLABELLED,
    venueId: textOf(trade, 'order_id'),
    symbolName: textOf(trade, 'instrument_name'),
    timeMs: numberOf(trade, 'timestamp'),
    executionId: executionId(textOf(trade, 'trade_id')),
    price: amountOf(trade, 'price'),
    quantity: amountOf(trade, 'amount'),
    cumulative: '',
    fee: amountOf(trade, 'fee'),
    feeAsset: textOf(trade, 'fee_currency'),
    isMaker: textOf(trade, 'liquidity') === 'M',
  }
}

/** 'BTC_USDC-1041164', 'ETH-284830839', '403691824': the number counts alone within one instrument. */
function executionId(tradeId: string): string {
  return /(?:^|-)(\d+)$/.exec(tradeId)?.[1] ?? tradeId
}

/** Of an order, what is told of it at the end of a list of trades: a list, or { trades, has_more }. */
export function tradesOf(result: unknown): readonly Words[] | undefined {
  const rows = Array.isArray(result) ? result : member(wordsOf(result), 'trades')
  return Array.isArray(rows) ? rows.map(wordsOf) : undefined
}

/** Reports of a cancel with details: canceled orders by instrument, or errors; without details their number. */
export function tellReports(result: unknown, news: OrderNews): Outcome {
  if (typeof result === 'number') return result > 0 ? { kind: 'done' } : { kind: 'notFound' }
  if (!Array.isArray(result)) return { kind: 'unknown', why: 'no reports' }
  let canceled = 0
  let isWhole = true
  for (const report of result.map(wordsOf)) {
    const orders = member(report, 'result')
    if (!Array.isArray(orders)) isWhole = false
    for (const order of listOf(orders)) {
      tellEnd(wordsOf(order), news)
      canceled++
    }
  }
  if (canceled > 0) return { kind: 'done' }
  return isWhole ? { kind: 'notFound' } : { kind: 'unknown', why: 'a cancel failed in part' }
}

/** Of several under one label the newest. */
export function newestOf(orders: readonly Words[]): Words | undefined {
  let newest: Words | undefined
  for (const order of orders) {
    const isNewer = numberOf(order, 'creation_timestamp') > numberOf(wordsOf(newest), 'creation_timestamp')
    if (newest === undefined || isNewer) newest = order
  }
  return newest
}

/** Do these trades say less than what is filled? */
export function isShortOf(trades: readonly Words[], filled: string): boolean {
  let sum = 0n
  for (const trade of trades) sum += scaledBig(amountOf(trade, 'amount') || '0', AMOUNT_DIGITS)
  return sum < scaledBig(filled, AMOUNT_DIGITS)
}

/** Free to trade in one currency. With cross collateral the free funds are those of all currencies together: not coins we have. */
export function tellBalance(summary: Words, news: OrderNews): void {
  const free = amountOf(summary, 'available_funds')
  const own = amountOf(summary, 'available_withdrawal_funds')
  const isShared = member(summary, 'cross_collateral_enabled') === true && own !== '' && free !== ''
  news.onBalance(textOf(summary, 'currency'), isShared ? smaller(free, own) : free)
}

function smaller(left: string, right: string): string {
  if (left.startsWith('-')) return left
  return right.startsWith('-') || compareDecimals(right, left) < 0 ? right : left
}

/** What the dialect trades: spot, and perpetuals counted and settled in the quote. An inverse contract's lots are no base. */
export function isTraded({ symbol, base, quote, isInverse }: VenueSymbol): boolean {
  if (isInverse === true) return false
  return symbol === `${base}/${quote}` || symbol === `${base}/${quote}:${quote}`
}

/** Rates of account summaries by instrument name; those told relative to the listing's stay the listing's. */
export function accountRates(result: unknown): ReadonlyMap<string, { makerPpm: number; takerPpm: number }> {
  const rates = new Map<string, { makerPpm: number; takerPpm: number }>()
  for (const summary of listOf(member(wordsOf(result), 'summaries'))) {
    for (const entry of listOf(member(wordsOf(summary), 'fees'))) {
      const fee = wordsOf(entry)
      const name = rateName(textOf(fee, 'kind'), textOf(fee, 'index_name').toUpperCase())
      const told = wordsOf(member(wordsOf(member(fee, 'value')), 'default'))
      const maker = amountOf(told, 'maker')
      const taker = amountOf(told, 'taker')
      if (name === '' || textOf(told, 'type') !== 'fixed' || maker === '' || taker === '') continue
      rates.set(name, { makerPpm: ceilPpm(maker), takerPpm: ceilPpm(taker) })
    }
  }
  return rates
}

function rateName(kind: string, index: string): string {
  if (kind === 'perpetual') return `${index}-PERPETUAL`
  return kind === 'spot' ? index : ''
}

/** A rate as millionths, rounded up: a plan never takes a fee for smaller than it is. */
function ceilPpm(rate: string): number {
  const cut = Number(scaledBig(rate, PPM_DIGITS))
  return decimalsOf(rate) > PPM_DIGITS && !rate.startsWith('-') ? cut + 1 : cut
}
