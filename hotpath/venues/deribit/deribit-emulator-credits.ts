/** Deribit's rate limit: credits that come back steadily up to a burst; requests of the matching engine have a pool of their own. */
export class DeribitCredits {
  readonly #rate: number
  readonly #burst: number
  readonly #values: Float64Array

  /** Requests a second, and at most at once. */
  constructor(rate: number, burst: number) {
    this.#rate = rate
    this.#burst = burst
    this.#values = new Float64Array([burst, -1])
  }

  /** Books one request and answers whether there was credit for it. */
  spend(nowMs: number): boolean {
    const [left, atMs] = this.#values
    const passedMs = atMs < 0 ? 0 : Math.max(0, nowMs - atMs)
    const credit = Math.min(this.#burst, left + (passedMs * this.#rate) / 1_000)
    const isPaid = credit >= 1
    this.#values[0] = isPaid ? credit - 1 : credit
    this.#values[1] = nowMs
    return isPaid
  }
}
