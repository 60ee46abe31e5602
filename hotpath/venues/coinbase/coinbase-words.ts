/** Coinbase's orders and fills as its messages write them, read into the words of order-dialect.ts. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { amountOf, decimalsOf, member, scaledBig, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { VenueFill, VenueOrder, VenueStatus } from '../native/order-dialect.ts'
import { failureReason } from './coinbase-errors.ts'
import type { CoinbaseOrder, HeldEnd } from './coinbase-memory.ts'

const OPEN_STATES: readonly string[] = ['PENDING', 'OPEN', 'QUEUED', 'CANCEL_QUEUED', 'EDIT_QUEUED']
const ENDED_STATES: readonly string[] = ['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED']
/** Finer than anything Coinbase writes. */
const SUM_DIGITS = 18
const PPM_DIGITS = 6

export function isOpenState(status: string): boolean {
  return OPEN_STATES.includes(status)
}

/** Neither of these: a status that we do not know. */
export function isEndedState(status: string): boolean {
  return ENDED_STATES.includes(status)
}

/** '2021-05-31T09:59:59Z' as milliseconds; 0 when it is none. */
export function isoMs(words: Words, key: string): number {
  const text = textOf(words, key)
  const ms = text === '' || text.length > 40 ? Number.NaN : Date.parse(text)
  return Number.isFinite(ms) ? ms : 0
}

/** The order's configuration: one member, named for what it is. */
export function configurationOf({ timeInForce, postOnly, price, quantity, deadlineMs }: VenueOrder): object {
  const amounts = { base_size: quantity, limit_price: price }
  switch (timeInForce) {
    case 'ioc':
      return { sor_limit_ioc: amounts }
    case 'fok':
      return { limit_limit_fok: amounts }
    case 'gtd':
      return { limit_limit_gtd: { ...amounts, end_time: new Date(deadlineMs).toISOString(), post_only: postOnly } }
    default:
      return { limit_limit_gtc: { ...amounts, post_only: postOnly } }
  }
}

/** A row of List Orders, or Get Order. */
export function orderStatus(row: Words): VenueStatus {
  const [configuration] = Object.values(wordsOf(member(row, 'order_configuration'))).map(wordsOf)
  const terms = configuration ?? {}
  return {
    clientId: textOf(row, 'client_order_id'),
    venueId: textOf(row, 'order_id'),
    symbolName: textOf(row, 'product_id'),
    timeMs: isoMs(row, 'last_fill_time') || isoMs(row, 'created_time'),
    isOpen: isOpenState(textOf(row, 'status')),
    filled: amountOf(row, 'filled_size'),
    quantity: amountOf(terms, 'base_size'),
    price: amountOf(terms, 'limit_price'),
  }
}

/** A row of List Fills; the commission is in quote. A size in quote is no quantity that could be said exactly. */
export function orderFill(row: Words, known?: CoinbaseOrder): VenueFill {
  const symbolName = textOf(row, 'product_id')
  return {
    clientId: known?.clientId ?? '',
    venueId: textOf(row, 'order_id'),
    symbolName,
    timeMs: isoMs(row, 'trade_time'),
    executionId: textOf(row, 'trade_id'),
    price: amountOf(row, 'price'),
    quantity: member(row, 'size_in_quote') === true ? '' : amountOf(row, 'size'),
    cumulative: '',
    fee: amountOf(row, 'commission'),
    feeAsset: symbolName.slice(symbolName.indexOf('-') + 1),
    isMaker: textOf(row, 'liquidity_indicator') === 'MAKER',
  }
}

/** Do these fills make up what the order says is filled? */
export function isWhole(filled: string, fills: readonly Words[]): boolean {
  let sum = 0n
  for (const row of fills) sum += scaledBig(amountOf(row, 'size') || '0', SUM_DIGITS)
  return sum === scaledBig(filled, SUM_DIGITS)
}

/** By time, then by the venue's own sequence, then as they were told. */
export function oldestFirst(fills: readonly Words[]): readonly Words[] {
  const at = (row: Words): string => `${textOf(row, 'trade_time')} ${textOf(row, 'sequence_timestamp')}`
  return [...fills].sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0))
}

/** Why an order of the stream ended; `status` is one that ends. */
export function endOf(row: Words, timeMs: number, wasAccepted: boolean): HeldEnd {
  const status = textOf(row, 'status')
  if (status === 'EXPIRED') return { how: 'expired', reason: RejectReason.expired, timeMs }
  if (status === 'FAILED') {
    const reason = failureReason(textOf(row, 'reject_reason') || textOf(row, 'reject_Reason'))
    // Taken first and refused later: an end like any other.
    return { how: wasAccepted ? 'expired' : 'rejected', reason, timeMs }
  }
  const why = textOf(row, 'cancel_reason') || textOf(row, 'cancel_message')
  if (/self.?trade|\bstp\b/i.test(why)) return { how: 'expired', reason: RejectReason.selfTrade, timeMs }
  const timeInForce = textOf(row, 'time_in_force')
  if (timeInForce === 'IMMEDIATE_OR_CANCEL') return { how: 'expired', reason: RejectReason.iocNotFilled, timeMs }
  if (timeInForce === 'FILL_OR_KILL') return { how: 'expired', reason: RejectReason.fokNotFillable, timeMs }
  return { how: 'canceled', reason: RejectReason.userCancel, timeMs }
}

/** A rate ('0.006') as millionths, rounded up; undefined when it is none. */
export function ratePpm(words: Words, key: string): number | undefined {
  const rate = amountOf(words, key)
  if (rate === '') return undefined
  const cut = Number(scaledBig(rate, PPM_DIGITS))
  return decimalsOf(rate) > PPM_DIGITS && !rate.startsWith('-') ? cut + 1 : cut
}
