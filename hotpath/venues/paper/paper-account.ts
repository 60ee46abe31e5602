/** What one account has and may do at one paper venue, and the venue's own side of every entry. */
import { assert } from '../../../shared/assert.ts'
import type { Venue } from '../../../shared/domain/venue.ts'
import { type MonoNs, NS_PER_S } from '../../../shared/units/time.ts'

export class PaperAccount {
  readonly index: number
  /** By asset row: everything, and the part promised to open orders. Invariant: 0 <= held <= total. */
  readonly #total: bigint[]
  readonly #held: bigint[]
  /** Rows of its resting orders, oldest first. */
  readonly resting = new Set<number>()
  /** Token bucket: tokens, and when they were counted. */
  readonly #bucket = new Float64Array(2)
  readonly #perSecond: number
  readonly #burst: number

  constructor(index: number, venue: Venue, deposits: readonly bigint[]) {
    this.index = index
    this.#total = [...deposits]
    this.#held = deposits.map(() => 0n)
    this.#perSecond = venue.ordersPerSecond
    this.#burst = venue.ordersBurst
    this.#bucket[0] = this.#burst
  }

  total(asset: number): bigint {
    return this.#total[asset]
  }

  free(asset: number): bigint {
    return this.#total[asset] - this.#held[asset]
  }

  hold(asset: number, units: bigint): void {
    assert(units <= this.free(asset), 'an order holds only what is free')
    this.#held[asset] += units
  }

  release(asset: number, units: bigint): void {
    this.#held[asset] -= units
    assert(this.#held[asset] >= 0n, 'what is released was held')
  }

  /** Adds to the balance; negative takes away, only from what is free. */
  move(asset: number, units: bigint): void {
    this.#total[asset] += units
    assert(this.#held[asset] <= this.#total[asset], 'a balance covers what is held')
  }

  /** Takes one order from the rate limit; false when it is spent. */
  takeToken(nowNs: MonoNs): boolean {
    const bucket = this.#bucket
    const gained = (Math.max(0, nowNs - bucket[1]) * this.#perSecond) / NS_PER_S
    bucket[0] = Math.min(this.#burst, bucket[0] + gained)
    bucket[1] = Math.max(bucket[1], nowNs)
    if (bucket[0] < 1) return false
    bucket[0]--
    return true
  }
}

/** The other side of every entry, by asset row: deposits = sum over accounts + fees + market, always. */
export class PaperLedger {
  readonly deposits: bigint[]
  /** Fees taken less rebates paid. */
  readonly fees: bigint[]
  /** What the background gave (negative) or got. */
  readonly market: bigint[]

  constructor(assets: number) {
    this.deposits = Array.from({ length: assets }, () => 0n)
    this.fees = Array.from({ length: assets }, () => 0n)
    this.market = Array.from({ length: assets }, () => 0n)
  }
}
