/**
 * Kraken's two counters: calls of a key, and orders of an account at a pair. Both go up with what is asked and down with
 * time. Figures of the intermediate tier ("Spot REST Rate Limits", "Spot Trading Rate Limits"). No header tells them.
 */

const CALLS_MAX = 20
const CALLS_DECAY_A_SECOND = 0.5
const ORDERS_MAX = 125
const ORDERS_DECAY_A_SECOND = 2.34

/** A cancel costs more the younger its order is: [age below, milliseconds; points]. */
const CANCEL_COSTS: readonly (readonly [number, number])[] = [
  [5_000, 8],
  [10_000, 6],
  [15_000, 5],
  [45_000, 4],
  [90_000, 2],
  [300_000, 1],
]
const AMEND_COSTS: readonly (readonly [number, number])[] = [
  [5_000, 3],
  [10_000, 2],
  [15_000, 1],
]

class DecayingCounter {
  readonly #max: number
  readonly #decay: number
  readonly #values = new Float64Array(2)

  constructor(max: number, decayASecond: number) {
    this.#max = max
    this.#decay = decayASecond
  }

  /** Books the points and answers whether they fitted. What does not fit is not booked. */
  spend(points: number, nowMs: number): boolean {
    const count = this.count(nowMs)
    if (count + points > this.#max) return false
    this.#values[0] = count + points
    this.#values[1] = nowMs
    return true
  }

  /** Books them whether they fit or not: a cancel is never refused for its cost. */
  book(points: number, nowMs: number): void {
    this.#values[0] = this.count(nowMs) + points
    this.#values[1] = nowMs
  }

  count(nowMs: number): number {
    return Math.max(0, this.#values[0] - ((nowMs - this.#values[1]) / 1_000) * this.#decay)
  }
}

export class KrakenLimits {
  readonly ordersMax: number
  readonly #scale: number
  readonly #calls = new Map<string, DecayingCounter>()
  readonly #orders = new Map<string, DecayingCounter>()

  /** `scale` widens both counters; below 1 it narrows only that of orders: nobody could log on otherwise. */
  constructor(scale: number) {
    this.#scale = scale
    this.ordersMax = ORDERS_MAX * scale
  }

  call(apiKey: string, points: number, nowMs: number): boolean {
    const wide = Math.max(1, this.#scale)
    return counterOf(this.#calls, apiKey, CALLS_MAX * wide, CALLS_DECAY_A_SECOND * wide).spend(points, nowMs)
  }

  place(account: number, pair: string, nowMs: number): boolean {
    return this.#at(account, pair).spend(1, nowMs)
  }

  cancel(account: number, pair: string, ageMs: number, nowMs: number): void {
    this.#at(account, pair).book(costOf(CANCEL_COSTS, ageMs), nowMs)
  }

  amend(account: number, pair: string, ageMs: number, nowMs: number): boolean {
    return this.#at(account, pair).spend(1 + costOf(AMEND_COSTS, ageMs), nowMs)
  }

  #at(account: number, pair: string): DecayingCounter {
    return counterOf(
      this.#orders,
      `${account} ${pair}`,
      this.ordersMax,
      ORDERS_DECAY_A_SECOND * Math.max(1, this.#scale),
    )
  }
}

function counterOf(
  counters: Map<string, DecayingCounter>,
  key: string,
  max: number,
  decayASecond: number,
): DecayingCounter {
  const known = counters.get(key) ?? new DecayingCounter(max, decayASecond)
  counters.set(key, known)
  return known
}

function costOf(costs: readonly (readonly [number, number])[], ageMs: number): number {
  return costs.find(([below]) => ageMs < below)?.[1] ?? 0
}
