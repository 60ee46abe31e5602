/** OKX's orders, fills and fee rates as its messages write them, read into the words of order-dialect.ts. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import {
  amountOf,
  decimalsOf,
  listOf,
  member,
  numberOf,
  scaledBig,
  textOf,
  type Words,
  wordsOf,
} from '../native/json-words.ts'
import type { NamedOrder, OrderNews, VenueFill } from '../native/order-dialect.ts'

const PPM_DIGITS = 6
const OPEN_STATES: readonly string[] = ['live', 'partially_filled']
const CANCELED_STATES: readonly string[] = ['canceled', 'mmp_canceled']
const NOTHING = /^-?0*(\.0*)?$/

type Ending = readonly [how: 'canceled' | 'expired' | 'rejected', reason: RejectReason]

/** Why an order ended, by `cancelSource`; others were ended by the venue for reasons no word of ours names. */
const endings: Readonly<Record<string, Ending>> = {
  '': ['canceled', RejectReason.userCancel],
  '1': ['canceled', RejectReason.userCancel],
  '20': ['canceled', RejectReason.userCancel],
  '4': ['canceled', RejectReason.insufficientBalance],
  '9': ['canceled', RejectReason.insufficientBalance],
  '44': ['canceled', RejectReason.insufficientBalance],
  '15': ['canceled', RejectReason.priceFilter],
  '27': ['canceled', RejectReason.priceFilter],
  '43': ['canceled', RejectReason.priceFilter],
  '13': ['expired', RejectReason.fokNotFillable],
  '14': ['expired', RejectReason.iocNotFilled],
  '32': ['expired', RejectReason.selfTrade],
  '31': ['rejected', RejectReason.postOnlyWouldTake],
}
const ENDED_BY_VENUE: Ending = ['canceled', RejectReason.unknown]

export function isOpenState(state: string): boolean {
  return OPEN_STATES.includes(state)
}

/** Of a row about an order. `symbolName`: of an answer that does not name it. */
export function namedOrder(row: Words, symbolName = ''): NamedOrder {
  return {
    clientId: textOf(row, 'clOrdId'),
    venueId: textOf(row, 'ordId'),
    symbolName: textOf(row, 'instId') || symbolName,
    timeMs: numberOf(row, 'uTime') || numberOf(row, 'ts'),
  }
}

/** The fill that a row of the orders channel tells; undefined when it tells none. */
export function channelFill(row: Words, named: NamedOrder): VenueFill | undefined {
  const quantity = amountOf(row, 'fillSz')
  const executionId = textOf(row, 'tradeId')
  if (executionId === '' || NOTHING.test(quantity)) return undefined
  return {
    ...named,
    timeMs: numberOf(row, 'fillTime') || named.timeMs,
    executionId,
    price: amountOf(row, 'fillPx'),
    quantity,
    cumulative: amountOf(row, 'accFillSz'),
    fee: negated(amountOf(row, 'fillFee')),
    feeAsset: textOf(row, 'fillFeeCcy'),
    isMaker: textOf(row, 'execType') === 'M',
  }
}

/** One row of trade/fills. */
export function tradeFill(row: Words): VenueFill {
  return {
    ...namedOrder(row),
    timeMs: numberOf(row, 'fillTime') || numberOf(row, 'ts'),
    executionId: textOf(row, 'tradeId'),
    price: amountOf(row, 'fillPx'),
    quantity: amountOf(row, 'fillSz'),
    cumulative: '',
    fee: negated(amountOf(row, 'fee')),
    feeAsset: textOf(row, 'feeCcy'),
    isMaker: textOf(row, 'execType') === 'M',
  }
}

/** The end that a row tells, if it is one. */
export function tellEnd(news: OrderNews, row: Words, named: NamedOrder): void {
  if (!CANCELED_STATES.includes(textOf(row, 'state'))) return
  const source = textOf(row, 'cancelSource')
  const [how, reason] = (Object.hasOwn(endings, source) ? endings[source] : undefined) ?? ENDED_BY_VENUE
  news.onEnded(named, how, reason, amountOf(row, 'accFillSz'))
}

/** OKX writes a charge as a negative number, we as a positive one. */
function negated(amount: string): string {
  if (amount === '' || NOTHING.test(amount)) return amount.replace('-', '')
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`
}

/** account/trade-fee: rates of each fee group; '' is the rate of symbols that name no group. */
export function groupRates(body: unknown): ReadonlyMap<string, { makerPpm: number; takerPpm: number }> {
  const rates = new Map<string, { makerPpm: number; takerPpm: number }>()
  const row = wordsOf(listOf(member(wordsOf(body), 'data'))[0])
  const note = (group: string, words: Words): void => {
    const maker = amountOf(words, 'maker')
    const taker = amountOf(words, 'taker')
    if (maker !== '' && taker !== '') rates.set(group, { makerPpm: chargedPpm(maker), takerPpm: chargedPpm(taker) })
  }
  note('', row)
  for (const group of listOf(member(row, 'feeGroup')).map(wordsOf)) note(textOf(group, 'groupId'), group)
  return rates
}

/** A rate in millionths, positive for a charge and rounded up: a plan never takes a fee for smaller than it is. */
function chargedPpm(rate: string): number {
  const isCharge = rate.startsWith('-')
  const cut = Number(scaledBig(isCharge ? rate.slice(1) : rate, PPM_DIGITS))
  if (!isCharge) return cut === 0 ? 0 : -cut
  return decimalsOf(rate) > PPM_DIGITS ? cut + 1 : cut
}
