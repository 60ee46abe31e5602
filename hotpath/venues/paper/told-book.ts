/** A book as those who tell it see it: the paper engine's, or one that mirrors a real venue. */
import type { InstrumentIndex } from '../../../shared/units/ids.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import type { BookSide } from '../../book/book-table.ts'

export interface ToldBook {
  readonly instrument: InstrumentIndex
  /** Somebody took from it and it comes back by and by. */
  readonly hasTaken: boolean
  isRefilling(nowNs: MonoNs): boolean
  settleCrossed(nowNs: MonoNs): void
  /** What it is now is about to be told. */
  markTold(): void
  /** Copies the best levels, best first; answers how many. O(levels). */
  copyTop(side: BookSide, levels: number, prices: Float64Array, lots: Float64Array, nowNs: MonoNs): number
}
