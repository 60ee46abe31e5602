/** Bybit's orders, fills, balances and fee rates as its messages write them, read into the words of order-dialect.ts. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { formatDecimalBig } from '../../../shared/units/ticks.ts'
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
/** Finer than any coin of Bybit's. */
const COIN_DIGITS = 18
const OPEN_STATES: readonly string[] = ['New', 'PartiallyFilled', 'Created', 'Untriggered', 'Triggered', 'Active']
const ENDED_STATES: readonly string[] = ['Cancelled', 'PartiallyFilledCanceled', 'Rejected', 'Deactivated']
const SELF_TRADES: readonly string[] = ['EC_BySelfMatch', 'EC_StopBySelfMatch']
const OURS: readonly string[] = ['EC_PerCancelRequest', 'EC_CancelReplaceOrder']

type Ending = readonly [how: 'canceled' | 'expired' | 'rejected', reason: RejectReason]

/** Why a rejected order was, where the venue says it; mostly it does not on spot. */
const rejections: Readonly<Record<string, RejectReason>> = {
  EC_DuplicatedClOrdID: RejectReason.duplicateClientOrderId,
  EC_InvalidSymbolStatus: RejectReason.venueDown,
  EC_LimitOrderInvalidPrice: RejectReason.priceFilter,
  EC_InvalidPriceScale: RejectReason.priceFilter,
  EC_EcInvalidQty: RejectReason.lotSize,
  EC_QtyCannotBeZero: RejectReason.minQuantity,
}

export function isOpenState(status: string): boolean {
  return OPEN_STATES.includes(status)
}

/** Of a row about an order or a fill. */
export function namedOrder(row: Words): NamedOrder {
  return {
    clientId: textOf(row, 'orderLinkId'),
    venueId: textOf(row, 'orderId'),
    symbolName: textOf(row, 'symbol'),
    timeMs: numberOf(row, 'updatedTime') || numberOf(row, 'createdTime'),
  }
}

/** A row of the execution topic, or of execution/list. */
export function tradeFill(row: Words): VenueFill {
  const feeAsset = textOf(row, 'feeCurrency') || textOf(row, 'feeCoin')
  return {
    ...namedOrder(row),
    timeMs: numberOf(row, 'execTime'),
    executionId: textOf(row, 'execId'),
    price: amountOf(row, 'execPrice'),
    quantity: amountOf(row, 'execQty'),
    cumulative: '',
    // A fee in a coin that is not named is no fee we could book.
    fee: feeAsset === '' ? '' : amountOf(row, 'execFee'),
    feeAsset,
    isMaker: member(row, 'isMaker') === true,
  }
}

/** Other categories share the topics, and not every execution is a trade. */
export function isSpotTrade(row: Words): boolean {
  return textOf(row, 'category') === 'spot' && ['', 'Trade'].includes(textOf(row, 'execType'))
}

/** The end that a row tells, if it is one. */
export function tellEnd(news: OrderNews, row: Words, named: NamedOrder): void {
  if (!ENDED_STATES.includes(textOf(row, 'orderStatus'))) return
  const [how, reason] = endingOf(row)
  news.onEnded(named, how, reason, amountOf(row, 'cumExecQty'))
}

function endingOf(row: Words): Ending {
  const why = textOf(row, 'rejectReason')
  const cancelType = textOf(row, 'cancelType')
  if (SELF_TRADES.includes(why) || cancelType === 'CancelBySmp') return ['expired', RejectReason.selfTrade]
  if (why === 'EC_PostOnlyWillTakeLiquidity') return ['rejected', RejectReason.postOnlyWouldTake]
  if (textOf(row, 'orderStatus') === 'Rejected') {
    return ['rejected', (Object.hasOwn(rejections, why) ? rejections[why] : undefined) ?? RejectReason.unknown]
  }
  if (cancelType === 'CancelByUser' || OURS.includes(why)) return ['canceled', RejectReason.userCancel]
  const timeInForce = textOf(row, 'timeInForce')
  if (timeInForce === 'IOC') return ['expired', RejectReason.iocNotFilled]
  if (timeInForce === 'FOK') return ['expired', RejectReason.fokNotFillable]
  return ['canceled', RejectReason.unknown]
}

/** Balances of wallet-balance and of the wallet topic alike: spot orders lock what they need. */
export function tellCoins(news: OrderNews, account: Words): void {
  for (const coin of listOf(member(account, 'coin')).map(wordsOf)) {
    const total = amountOf(coin, 'walletBalance')
    if (total === '') continue
    const free = scaledBig(total, COIN_DIGITS) - scaledBig(amountOf(coin, 'locked') || '0', COIN_DIGITS)
    news.onBalance(textOf(coin, 'coin'), formatDecimalBig(free > 0n ? free : 0n, COIN_DIGITS))
  }
}

/** A rate as millionths, rounded up: a plan never takes a fee for smaller than it is. Undefined: none. */
export function ceilPpm(rate: string): number | undefined {
  if (rate === '') return undefined
  const cut = Number(scaledBig(rate, PPM_DIGITS))
  return decimalsOf(rate) > PPM_DIGITS && !rate.startsWith('-') ? cut + 1 : cut
}
