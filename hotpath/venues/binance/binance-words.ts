/** Binance's orders, fills and listings as its messages write them, read into the words of order-dialect.ts. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { amountOf, decimalsOf, member, numberOf, scaledBig, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { NamedOrder, OrderNews, VenueFill } from '../native/order-dialect.ts'

const PPM_DIGITS = 6
const OPEN_STATES: readonly string[] = ['NEW', 'PARTIALLY_FILLED', 'PENDING_NEW', 'PENDING_CANCEL']

export function isOpenState(status: string): boolean {
  return OPEN_STATES.includes(status)
}

/** Of a REST answer about an order; a canceled one carries our id as the original. */
export function restOrder(order: Words): NamedOrder {
  return {
    clientId: textOf(order, 'origClientOrderId') || textOf(order, 'clientOrderId'),
    venueId: textOf(order, 'orderId'),
    symbolName: textOf(order, 'symbol'),
    timeMs: numberOf(order, 'transactTime') || numberOf(order, 'updateTime') || numberOf(order, 'time'),
  }
}

/** The end that a state tells, if it is one. */
export function tellEnd(news: OrderNews, named: NamedOrder, status: string, timeInForce: string, filled: string): void {
  if (status === 'CANCELED') news.onEnded(named, 'canceled', RejectReason.userCancel, filled)
  else if (status === 'EXPIRED') news.onEnded(named, 'expired', expiryReason(timeInForce), filled)
  else if (status === 'EXPIRED_IN_MATCH') news.onEnded(named, 'expired', RejectReason.selfTrade, filled)
  else if (status === 'REJECTED') news.onEnded(named, 'rejected', RejectReason.unknown, filled)
}

export function expiryReason(timeInForce: string): RejectReason {
  if (timeInForce === 'IOC') return RejectReason.iocNotFilled
  return timeInForce === 'FOK' ? RejectReason.fokNotFillable : RejectReason.expired
}

/** One row of the fills of an order's answer: a taker's, at the time of the answer. */
export function orderFill(order: NamedOrder, row: Words): VenueFill {
  return {
    ...order,
    executionId: textOf(row, 'tradeId'),
    price: amountOf(row, 'price'),
    quantity: amountOf(row, 'qty'),
    cumulative: '',
    fee: amountOf(row, 'commission'),
    feeAsset: textOf(row, 'commissionAsset'),
    isMaker: false,
  }
}

/** One row of myTrades: it does not name our id. */
export function tradeFill(row: Words, clientId: string): VenueFill {
  return {
    clientId,
    venueId: textOf(row, 'orderId'),
    symbolName: textOf(row, 'symbol'),
    timeMs: numberOf(row, 'time'),
    executionId: textOf(row, 'id'),
    price: amountOf(row, 'price'),
    quantity: amountOf(row, 'qty'),
    cumulative: '',
    fee: amountOf(row, 'commission'),
    feeAsset: textOf(row, 'commissionAsset'),
    isMaker: member(row, 'isMaker') === true,
  }
}

/** account/commission: standard, special and tax rates add up; buyer's and seller's part: the dearer one. */
export function commissionRates(body: unknown): { symbolName: string; makerPpm: number; takerPpm: number } | undefined {
  const words = wordsOf(body)
  const symbolName = textOf(words, 'symbol')
  if (symbolName === '') return undefined
  let makerPpm = 0
  let takerPpm = 0
  for (const part of ['standardCommission', 'specialCommission', 'taxCommission']) {
    const rates = wordsOf(member(words, part))
    const side = Math.max(ceilPpm(amountOf(rates, 'buyer')), ceilPpm(amountOf(rates, 'seller')))
    makerPpm += ceilPpm(amountOf(rates, 'maker')) + side
    takerPpm += ceilPpm(amountOf(rates, 'taker')) + side
  }
  return { symbolName, makerPpm, takerPpm }
}

/** A rate as millionths, rounded up: a plan never takes a fee for smaller than it is. */
function ceilPpm(rate: string): number {
  if (rate === '') return 0
  const cut = Number(scaledBig(rate, PPM_DIGITS))
  return decimalsOf(rate) > PPM_DIGITS && !rate.startsWith('-') ? cut + 1 : cut
}
