/**
 * Wakes a thread that sleeps: one word between the sleeper and whoever has something for it. The word says "I sleep", so
 * that a caller pays one Atomics.load (13 ns) while the other is awake and a system call only when it is not.
 *
 * Nothing is missed: the sleeper says so first and looks once more before it waits; the caller publishes first and reads the
 * word afterwards. Needs a SharedArrayBuffer.
 */
export const DOORBELL_BYTES = 4
const AWAKE = 0
const ASLEEP = 1

export class Doorbell {
  readonly #word: Int32Array

  constructor(word: Int32Array) {
    this.#word = word
  }

  /** By the sleeper, before it looks for the last time. */
  lieDown(): void {
    Atomics.store(this.#word, 0, ASLEEP)
  }

  /** By the sleeper, after `lieDown` and a look that found nothing. Blocks its thread; not for a main thread. */
  sleep(msMax: number): void {
    Atomics.wait(this.#word, 0, ASLEEP, msMax)
    this.getUp()
  }

  /** The same without blocking: resolves when somebody rings; undefined when somebody has already. */
  sleepAside(): Promise<unknown> | undefined {
    const wait = Atomics.waitAsync(this.#word, 0, ASLEEP)
    return wait.async ? wait.value : undefined
  }

  getUp(): void {
    Atomics.store(this.#word, 0, AWAKE)
  }

  /** By the others, after they have published. */
  ring(): void {
    if (Atomics.load(this.#word, 0) === AWAKE) return
    Atomics.store(this.#word, 0, AWAKE)
    Atomics.notify(this.#word, 0)
  }
}
