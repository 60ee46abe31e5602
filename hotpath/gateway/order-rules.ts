/**
 * What must hold between the fields of a new order, whatever encoding it came in. Each reason names one field, so the
 * doors can say which one in their own words.
 */
import type { Clock } from '../../shared/clock.ts'
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { OrderType, TimeInForce } from '../../shared/domain/order.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../shared/limits.ts'
import type { OrderRequest } from '../orders/order-request.ts'
import type { ListingTable } from '../plan/listing-table.ts'

/** In hundredths of a bp: 10,000 bps. */
export const LIMIT_CENTI_BPS_MAX = 1_000_000

/** The fields' own form has been checked; absent amounts and times are 0. Only an order that expires costs a clock read. O(1). */
export function checkOrder(request: OrderRequest, clock: Clock, venueMasks: VenueMasks): DenyReason {
  const isMarket = request.type === OrderType.market
  if (isMarket && request.priceTicks !== 0) return DenyReason.priceNotAllowed
  if (!isMarket && request.priceTicks === 0) return DenyReason.priceRequired
  const isIoc = request.timeInForce === TimeInForce.ioc
  const rests = !isIoc && request.timeInForce !== TimeInForce.fok
  if (rests && isMarket) return DenyReason.badTimeInForce
  if (!rests && request.postOnly) return DenyReason.badTimeInForce
  if (request.quoteBudget !== 0 && (request.lots !== 0 || !isIoc)) return DenyReason.quoteQuantityNotAllowed
  const isGtd = request.timeInForce === TimeInForce.gtd
  if (isGtd && request.expireUs === 0) return DenyReason.expireTimeRequired
  if (!isGtd && request.expireUs !== 0) return DenyReason.badExpireTime
  if (isGtd && request.expireUs <= clock.epochUs()) return DenyReason.alreadyExpired
  const { instrument, venuesLow, venuesHigh } = request
  const isListed = (venueMasks.low[instrument] & venuesLow) !== 0 || (venueMasks.high[instrument] & venuesHigh) !== 0
  return isListed ? DenyReason.none : DenyReason.noVenueLeft
}

/** An amount as a decoder gives it: negative when it is beyond what a number keeps. */
export function checkLots(lots: number): DenyReason {
  return lots >= 0 && lots <= QTY_LOTS_MAX ? DenyReason.none : DenyReason.quantityTooLarge
}

export function checkPrice(ticks: number): DenyReason {
  return ticks >= 0 && ticks <= PRICE_TICKS_MAX ? DenyReason.none : DenyReason.priceTooLarge
}

/** Which venues list each instrument, bit by venue index, as two halves. */
export interface VenueMasks {
  readonly low: Int32Array
  readonly high: Int32Array
}

export function venueMasksOf(listings: ListingTable): VenueMasks {
  const { instruments, venues } = listings
  const low = new Int32Array(instruments.length)
  const high = new Int32Array(instruments.length)
  for (const instrument of instruments) {
    for (const venue of venues) {
      if (listings.isListed[listings.row(instrument.index, venue.index)] === 0) continue
      if (venue.index < 32) low[instrument.index] |= 1 << venue.index
      else high[instrument.index] |= 1 << (venue.index - 32)
    }
  }
  return { low, high }
}
