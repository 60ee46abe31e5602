/** What a side does when there is nothing to do: it pauses, then sleeps a little, because the other may have no core. */
const SLEEP_MS = 0.05
const GIVE_UP_MS = 30_000

export class BackOff {
  readonly #spins: number
  readonly #word = new Int32Array(new SharedArrayBuffer(4))
  #empty = 0
  #sinceMs = 0

  /** `spins`: pauses before each sleep. */
  constructor(spins: number) {
    this.#spins = spins
  }

  /** Something was done. */
  reset(): void {
    this.#empty = 0
  }

  pause(): void {
    Atomics.pause()
  }

  /** Nothing was. False when that has been so for half a minute: the other side has stopped. */
  idle(): boolean {
    if (++this.#empty % this.#spins !== 0) {
      Atomics.pause()
      return true
    }
    Atomics.wait(this.#word, 0, 0, SLEEP_MS)
    const nowMs = performance.now()
    if (this.#empty === this.#spins) this.#sinceMs = nowMs
    return nowMs - this.#sinceMs < GIVE_UP_MS
  }
}
