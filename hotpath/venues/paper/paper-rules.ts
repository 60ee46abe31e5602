/** The rules an order meets before it meets the book, in the order a venue checks them. */
import type { Listing } from '../../../shared/domain/instrument.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../shared/limits.ts'
import type { ChildOrder } from '../../orders/venue-report.ts'

/** Price grid, lot grid, sizes and notional of one listing; none when the order keeps them all. */
export function listingRefusal(order: ChildOrder, listing: Listing): RejectReason {
  const { lots, limitTicks } = order
  if (!isOnGrid(limitTicks, listing.tickStep) || limitTicks > PRICE_TICKS_MAX) return RejectReason.priceFilter
  if (!isOnGrid(lots, listing.lotStep)) return RejectReason.lotSize
  if (lots < listing.lotsMin) return RejectReason.minQuantity
  if (lots > listing.lotsMax || lots > QTY_LOTS_MAX) return RejectReason.maxQuantity
  // Rounded only above 2^53, where no venue has its minimum.
  if (limitTicks * lots < listing.notionalMin) return RejectReason.minNotional
  return RejectReason.none
}

function isOnGrid(value: number, step: number): boolean {
  return Number.isSafeInteger(value) && value > 0 && value % step === 0
}
