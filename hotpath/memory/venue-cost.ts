/**
 * What a quantity costs at each single venue's displayed book: raw notional, cost with fees, and the lots the book lacks.
 * The books lie [level][venue] in memory of their own, so that one vector is one level of two venues; whoever prices many
 * quantities on the same books fills the block once. By WebAssembly SIMD or by its TypeScript twin, bit for bit equal.
 */
import { assert } from '../../shared/assert.ts'
import { alignedBytes, type KernelExports, type KernelKind, KernelMemory } from './kernels/kernel-module.ts'

export interface VenueCost {
  readonly kind: KernelKind
  readonly venues: number
  readonly levels: number
  /** From one level of a venue to its next: [level * stride + venue]. */
  readonly stride: number
  /** Ticks of each level, best first. */
  readonly prices: Float64Array
  /** Lots of each level; 0 where there is no level. */
  readonly lots: Float64Array
  /** [venue]: cost = notional x factor + fixed, in ticks x lots. 1 and 0 at the start. */
  readonly factors: Float64Array
  readonly fixed: Float64Array
  /** [venue], what the last `price` gave: sum of price x lots taken, cost, and the lots that are not displayed. */
  readonly notionals: Float64Array
  readonly costs: Float64Array
  readonly missing: Float64Array
  /** Prices this many lots (0 or more) at every venue. Allocates nothing. O(venues x levels reached). */
  price(lots: number): void
}

/** Eight venues are in work at a time; those that fill up the last eight have no levels. */
const BLOCK = 8
const CELLS_MAX = 1 << 22

/** An empty block. 'wasm simd' falls back to TypeScript where it is missing: `kind` says what it is. */
export function openVenueCost(size: { venues: number; levels: number }, kernels: KernelKind = 'wasm simd'): VenueCost {
  const { venues, levels } = size
  assert(
    Number.isInteger(venues) && venues > 0 && Number.isInteger(levels) && levels > 0,
    'a block has venues and levels',
  )
  assert((venues + BLOCK) * levels < CELLS_MAX, 'a block of books is small')
  return new CostBlock(venues, levels, kernels)
}

class CostBlock implements VenueCost {
  readonly kind: KernelKind
  readonly venues: number
  readonly levels: number
  readonly stride: number
  readonly prices: Float64Array
  readonly lots: Float64Array
  readonly factors: Float64Array
  readonly fixed: Float64Array
  readonly notionals: Float64Array
  readonly costs: Float64Array
  readonly missing: Float64Array
  readonly #kernels: KernelExports | undefined

  constructor(venues: number, levels: number, kernels: KernelKind) {
    this.venues = venues
    this.levels = levels
    this.stride = Math.ceil(venues / BLOCK) * BLOCK
    const cells = this.stride * levels
    const memory = new KernelMemory(2 * alignedBytes(cells * 8) + 5 * alignedBytes(this.stride * 8), kernels)
    this.prices = memory.doubles(cells)
    this.lots = memory.doubles(cells)
    this.factors = memory.doubles(this.stride).fill(1)
    this.fixed = memory.doubles(this.stride)
    this.notionals = memory.doubles(this.stride)
    this.costs = memory.doubles(this.stride)
    this.missing = memory.doubles(this.stride)
    this.#kernels = memory.kernels
    this.kind = memory.kernels === undefined ? 'typescript' : 'wasm simd'
  }

  price(lots: number): void {
    if (this.#kernels === undefined) this.#priceTwin(lots)
    else this.#priceKernel(this.#kernels, lots)
  }

  #priceKernel(kernels: KernelExports, lots: number): void {
    kernels.venueCost(
      this.stride,
      this.levels,
      lots,
      this.prices.byteOffset,
      this.lots.byteOffset,
      this.factors.byteOffset,
      this.fixed.byteOffset,
      this.notionals.byteOffset,
      this.costs.byteOffset,
      this.missing.byteOffset,
    )
  }

  /** Ends a venue's walk when it is filled; the kernel may go on, adding price x 0. */
  #priceTwin(wanted: number): void {
    const { prices, lots, stride } = this
    const cells = prices.length
    for (let venue = 0; venue < stride; venue++) {
      let left = wanted
      let notional = 0
      for (let at = venue; at < cells && left > 0; at += stride) {
        const shown = lots[at]
        const take = shown < left ? shown : left
        notional += prices[at] * take
        left -= take
      }
      this.notionals[venue] = notional
      this.costs[venue] = notional * this.factors[venue] + this.fixed[venue]
      this.missing[venue] = left
    }
  }
}
