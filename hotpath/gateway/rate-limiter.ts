/** A token bucket per account: `burst` at once, `perSecond` in the long run. Nothing is allocated after boot. */
import { type MonoNs, NS_PER_S } from '../../shared/units/time.ts'

export class RateLimiter {
  readonly #perSecond: Float64Array
  readonly #burst: Float64Array
  readonly #tokens: Float64Array
  readonly #filledNs: Float64Array

  constructor(limits: readonly { readonly ordersPerSecond: number; readonly ordersBurst: number }[], nowNs: MonoNs) {
    this.#perSecond = Float64Array.from(limits, ({ ordersPerSecond }) => ordersPerSecond)
    this.#burst = Float64Array.from(limits, ({ ordersBurst }) => ordersBurst)
    this.#tokens = Float64Array.from(this.#burst)
    this.#filledNs = new Float64Array(limits.length).fill(nowNs)
  }

  /** One token, if there is one. O(1). */
  take(row: number, nowNs: MonoNs): boolean {
    this.#refill(row, nowNs)
    if (this.#tokens[row] < 1) return false
    this.#tokens[row] -= 1
    return true
  }

  #refill(row: number, nowNs: MonoNs): void {
    const gained = ((nowNs - this.#filledNs[row]) * this.#perSecond[row]) / NS_PER_S
    if (gained <= 0) return
    this.#tokens[row] = Math.min(this.#burst[row], this.#tokens[row] + gained)
    this.#filledNs[row] = nowNs
  }
}
