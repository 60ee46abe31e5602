/**
 * One Binance book from its snapshot and its changes, by the documented rules ("How to manage a local order book
 * correctly"): changes are kept until the snapshot; on spot the first one to apply has U <= lastUpdateId + 1 <= u and
 * each next U is the u before plus 1; on futures U <= lastUpdateId <= u, and pu is the u before. (Futures ids are
 * shared by all symbols, so a snapshot may fall between two frames: pu <= lastUpdateId says the same without that
 * hole.) A capture may begin in the middle of a day with no snapshot at all: then the book grows from its changes
 * alone. Every level it shows is true, those that have not changed yet are missing.
 */
import { BookSide } from '../../../book/book-table.ts'
import type { CapturedLevels, DepthFrame, SnapshotFrame } from './binance-frame.ts'

/** Changes kept for a snapshot that may still come: 6 s of the busiest stream we have seen (COIN-M, 78 a second). */
export const WAITING_FRAMES_MAX = 512

/** What of the book changes: the quantity of a level is now `qty` (the venue's units), 0 removes it. */
export interface BookChanges {
  onClear(): void
  onLevel(side: BookSide, price: number, qty: number): void
  onUpdateEnd(): void
}

export class BinanceBook {
  /** Applied frames, frames older than the book, breaks of the sequence, snapshots that came too late to be needed. */
  applied = 0
  old = 0
  gaps = 0
  unneededSnapshots = 0
  /** Most levels one side ever had. */
  levelsMax = 0
  /** The book began, or began again after a gap, without a snapshot. */
  isGrown = false
  readonly #changes: BookChanges
  readonly #sides = [new Map<number, number>(), new Map<number, number>()] as const
  #kept: DepthFrame[] = []
  #isWaiting = true
  /** Last id in the book; -1 before the first. */
  #lastId = -1
  #isFirstAfterSnapshot = false

  constructor(changes: BookChanges) {
    this.#changes = changes
  }

  /** A book that is whole needs no snapshot; one that waits or has grown is replaced and its kept changes follow. */
  applySnapshot(frame: SnapshotFrame): void {
    if (!this.#isWaiting && !this.isGrown) {
      this.unneededSnapshots++
      return
    }
    this.#clear()
    this.#setLevels(BookSide.bid, frame.bids)
    this.#setLevels(BookSide.ask, frame.asks)
    this.#changes.onUpdateEnd()
    this.#lastId = frame.lastId
    this.#isFirstAfterSnapshot = true
    this.#isWaiting = false
    this.isGrown = false
    this.#applyKept()
  }

  applyDepth(frame: DepthFrame): void {
    if (this.#isWaiting || this.isGrown) this.#keep(frame)
    if (this.#isWaiting) return
    if (frame.lastId <= this.#lastId) this.old++
    else if (this.#follows(frame)) this.#apply(frame)
    else this.#startAnew(frame)
  }

  /** No snapshot came in time: what was kept is applied as it is, and kept on for a later snapshot. */
  growFromChanges(): void {
    if (!this.#isWaiting || this.#kept.length === 0) return
    this.#isWaiting = false
    this.#lastId = -1
    this.#clear()
    this.#applyKept()
    this.isGrown = true
  }

  get isWaiting(): boolean {
    return this.#isWaiting
  }

  #keep(frame: DepthFrame): void {
    if (this.#kept.length === WAITING_FRAMES_MAX) this.#kept.shift()
    this.#kept.push(frame)
  }

  #applyKept(): void {
    const kept = this.#kept
    this.#kept = []
    for (const frame of kept) this.applyDepth(frame)
  }

  #follows(frame: DepthFrame): boolean {
    if (this.#lastId < 0) return true
    if (frame.previousId < 0) return frame.firstId <= this.#lastId + 1
    return this.#isFirstAfterSnapshot ? frame.previousId <= this.#lastId : frame.previousId === this.#lastId
  }

  #apply(frame: DepthFrame): void {
    this.#setLevels(BookSide.bid, frame.bids)
    this.#setLevels(BookSide.ask, frame.asks)
    this.#changes.onUpdateEnd()
    this.#lastId = frame.lastId
    this.#isFirstAfterSnapshot = false
    this.applied++
  }

  /** Frames are missing: nothing in the book can be trusted any more. The next snapshot, or growing, brings it back. */
  #startAnew(frame: DepthFrame): void {
    this.gaps++
    this.#clear()
    this.#changes.onUpdateEnd()
    this.#isWaiting = true
    this.isGrown = false
    this.#kept = [frame]
  }

  #clear(): void {
    this.#sides[BookSide.bid].clear()
    this.#sides[BookSide.ask].clear()
    this.#changes.onClear()
  }

  /** Tells only what differs from the book. */
  #setLevels(side: BookSide, levels: CapturedLevels): void {
    const book = this.#sides[side]
    for (let i = 0; i < levels.length; i += 2) {
      const price = levels[i]
      const qty = levels[i + 1]
      if ((book.get(price) ?? 0) === qty) continue
      if (qty === 0) book.delete(price)
      else book.set(price, qty)
      this.#changes.onLevel(side, price, qty)
    }
    this.levelsMax = Math.max(this.levelsMax, book.size)
  }
}
