/** What an order sized in quote may still cost. */
import { Side } from '../../shared/domain/order.ts'
import type { ChildRow, ParentRow } from '../../shared/units/ids.ts'
import { notionalToFloat, PPM } from '../../shared/units/ticks.ts'
import { NO_ROW } from '../orders/order-store.ts'
import type { CoreParts } from './core-parts.ts'

/** Quote not yet spent or promised: the budget less what fills took and what children may still take at their limits. */
export function quoteLeft(parent: ParentRow, parts: Pick<CoreParts, 'store' | 'listings'>): number {
  const { store, listings } = parts
  const instrument = store.instrument[parent]
  const sign = store.side[parent] === Side.buy ? 1 : -1
  let spent = notionalToFloat(store.notional, parent * 2)
  spent += (sign * store.feeQuoteUnits[parent]) / listings.quoteUnitsPerNotional[instrument]
  for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
    const lots = store.comingLots(child as ChildRow)
    if (lots === 0) continue
    const row = listings.row(store.instrumentOf(parent), store.venueOf(child as ChildRow))
    const factor = listings.feeFactor(row, store.sideOf(parent)) / PPM
    spent += lots * store.childTicks[child] * factor
  }
  return store.quoteBudget[parent] - spent
}
