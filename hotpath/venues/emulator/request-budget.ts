/** A venue's rate limit as venues count it: so much weight in each window of the wall clock. */

export class RequestBudget {
  readonly limit: number
  readonly windowMs: number
  #window = -1
  #used = 0

  constructor(limit: number, windowMs: number) {
    this.limit = limit
    this.windowMs = windowMs
  }

  /** Books the weight and answers whether it was inside the limit. Refused requests count too, as at the venues. */
  spend(weight: number, nowMs: number): boolean {
    this.#turn(nowMs)
    this.#used += weight
    return this.#used <= this.limit
  }

  used(nowMs: number): number {
    this.#turn(nowMs)
    return this.#used
  }

  /** Milliseconds until the window ends. */
  resetMs(nowMs: number): number {
    return this.windowMs - (nowMs % this.windowMs)
  }

  #turn(nowMs: number): void {
    const window = Math.floor(nowMs / this.windowMs)
    if (window === this.#window) return
    this.#window = window
    this.#used = 0
  }
}
