/** Where a market order ends in a book: the last price it needs, and of an amount of quote the lots it buys. */
import type { TextlessLevel } from './emulated-book.ts'

export interface MarketNeed {
  readonly lots: number
  /** Ticks x lots; 0: `lots` says how much. */
  readonly notional: bigint
  readonly lotStep: number
}

/** `levels` best first. Price 0: nothing can be traded. Whole lot steps, rounded down. O(levels). */
export function walkBook(levels: readonly TextlessLevel[], need: MarketNeed): { priceTicks: number; lots: number } {
  let priceTicks = 0
  let lots = 0
  let left = need.notional
  for (const [price, shown] of levels) {
    if (need.notional > 0n) {
      const affordable = Number(left / BigInt(price))
      const taken = Math.min(shown, affordable - (affordable % need.lotStep))
      // Not even one step: named with its price, so that the order is refused for its size and not for an empty book.
      if (taken === 0 && lots === 0) priceTicks = price
      if (taken === 0) break
      left -= BigInt(price) * BigInt(taken)
      lots += taken
      priceTicks = price
      if (taken < shown) break
    } else {
      lots += shown
      priceTicks = price
      if (lots >= need.lots) break
    }
  }
  return { priceTicks, lots }
}
