/** Kraken's orders, trades and balances as REST writes them, read into the words of order-dialect.ts. */
import { formatDecimalBig } from '../../../shared/units/ticks.ts'
import { amountOf, decimalsOf, member, scaledBig, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { VenueFill, VenueStatus } from '../native/order-dialect.ts'
import type { RememberedOrder } from './kraken-memory.ts'
import type { KrakenPairs } from './kraken-pairs.ts'

const OPEN_STATES: readonly string[] = ['pending', 'open']
/** Finer than anything Kraken writes. */
const SUM_DIGITS = 12
const PERCENT_OF_PPM_DIGITS = 4

export function isOpenState(status: string): boolean {
  return OPEN_STATES.includes(status)
}

/** Seconds with a fraction as whole milliseconds; 0 for anything else. */
export function secondsMs(words: Words, key: string): number {
  const seconds = Number(amountOf(words, key))
  return Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1_000) : 0
}

/** '2023-09-22T10:33:05.709950Z' as milliseconds; 0 when it is none. */
export function isoMs(words: Words, key: string): number {
  const text = textOf(words, key)
  const ms = text === '' || text.length > 40 ? Number.NaN : Date.parse(text)
  return Number.isFinite(ms) ? ms : 0
}

/** A row of OpenOrders, ClosedOrders or QueryOrders. */
export function orderStatus(venueId: string, row: Words, pairs: KrakenPairs, known?: RememberedOrder): VenueStatus {
  const description = wordsOf(member(row, 'descr'))
  return {
    clientId: textOf(row, 'cl_ord_id') || known?.clientId || '',
    venueId,
    symbolName: pairs.nameOf(textOf(description, 'pair')),
    timeMs: secondsMs(row, 'closetm') || secondsMs(row, 'opentm'),
    isOpen: isOpenState(textOf(row, 'status')),
    filled: amountOf(row, 'vol_exec'),
    quantity: amountOf(row, 'vol'),
    price: amountOf(description, 'price'),
  }
}

/** A row of TradesHistory or QueryTrades. Our orders ask for their fees in quote; others' are told in quote all the same. */
export function tradeFill(id: string, row: Words, pairs: KrakenPairs, known?: RememberedOrder): VenueFill {
  const symbolName = pairs.nameOf(textOf(row, 'pair'))
  return {
    clientId: known?.clientId ?? '',
    venueId: textOf(row, 'ordertxid'),
    symbolName,
    timeMs: secondsMs(row, 'time'),
    executionId: executionId(row, id),
    price: amountOf(row, 'price'),
    quantity: amountOf(row, 'vol'),
    cumulative: '',
    fee: amountOf(row, 'fee'),
    feeAsset: symbolName.slice(symbolName.indexOf('/') + 1),
    isMaker: member(row, 'maker') === true,
  }
}

/** The public trade's number, which grows; the text of the execution where an old row has none. */
export function executionId(row: Words, id: string): string {
  const trade = textOf(row, 'trade_id')
  return trade === '' || trade === '0' ? id : trade
}

/** Do these trades make up what the order says is filled? Kraken's copies of its books are behind each other at times. */
export function isWhole(filled: string, trades: readonly Words[]): boolean {
  let sum = 0n
  for (const row of trades) sum += scaledBig(amountOf(row, 'vol') || '0', SUM_DIGITS)
  return sum === scaledBig(filled, SUM_DIGITS)
}

/** A row of BalanceEx: balance and credit, less what is used and held; '' when it is none. */
export function freeBalance(row: Words): string {
  const balance = amountOf(row, 'balance')
  if (balance === '') return ''
  const part = (key: string): bigint => scaledBig(amountOf(row, key) || '0', SUM_DIGITS)
  const free = part('balance') + part('credit') - part('credit_used') - part('hold_trade')
  return free < 0n ? `-${formatDecimalBig(-free, SUM_DIGITS)}` : formatDecimalBig(free, SUM_DIGITS)
}

/** A fee in percent ('0.2600') as millionths, rounded up; undefined when it is none. */
export function percentPpm(words: Words): number | undefined {
  const percent = amountOf(words, 'fee')
  if (percent === '') return undefined
  const cut = Number(scaledBig(percent, PERCENT_OF_PPM_DIGITS))
  return decimalsOf(percent) > PERCENT_OF_PPM_DIGITS && !percent.startsWith('-') ? cut + 1 : cut
}
