/**
 * An invented book that changes near its touch: what the frame writers put into each venue's words. Prices are cents,
 * sizes hundred-thousandths; a bid never meets an ask.
 */
import type { Prng } from '../../../shared/prng.ts'

/** Price in cents and size in 1e-5 (0: the level goes). */
export type WalkLevel = readonly [price: number, size: number]

export interface DepthStep {
  readonly bids: readonly WalkLevel[]
  readonly asks: readonly WalkLevel[]
}

const MIDDLE = 6_000_000
/** Price steps a side that levels may stand on. */
const BAND = 400
/** Mean distance of a change from the touch, in steps. */
const NEAR = 12
const SIZE_MAX = 500_000

export class DepthWalk {
  readonly #prng: Prng
  readonly #sides = [new Map<number, number>(), new Map<number, number>()] as const

  constructor(prng: Prng, levels: number) {
    this.#prng = prng
    for (const side of [0, 1] as const) {
      for (let at = 0; at < levels; at++) this.#sides[side].set(this.#price(side, at), this.#size())
    }
  }

  /** The whole book, best first. */
  whole(): DepthStep {
    const sorted = (side: 0 | 1) => [...this.#sides[side]].sort((a, b) => (side === 0 ? b[0] - a[0] : a[0] - b[0]))
    return { bids: sorted(0), asks: sorted(1) }
  }

  /** So many different levels of each side change. */
  step(perSide: number): DepthStep {
    return { bids: this.#changes(0, perSide), asks: this.#changes(1, perSide) }
  }

  #changes(side: 0 | 1, count: number): WalkLevel[] {
    const book = this.#sides[side]
    const changed = new Map<number, number>()
    while (changed.size < count) {
      const price = this.#price(side, Math.min(BAND - 1, Math.floor(this.#prng.nextExponential(NEAR))))
      if (changed.has(price)) continue
      const isGone = book.has(price) && this.#prng.chance(0.3)
      changed.set(price, isGone ? 0 : this.#size())
    }
    for (const [price, size] of changed) {
      if (size === 0) book.delete(price)
      else book.set(price, size)
    }
    return [...changed].sort((a, b) => (side === 0 ? b[0] - a[0] : a[0] - b[0]))
  }

  #price(side: 0 | 1, steps: number): number {
    return side === 0 ? MIDDLE - 1 - steps : MIDDLE + steps
  }

  #size(): number {
    return this.#prng.nextBetween(1, SIZE_MAX)
  }
}

export const priceText = (cents: number): string => (cents / 100).toFixed(2)
export const sizeText = (parts: number): string => (parts / 100_000).toFixed(5)
