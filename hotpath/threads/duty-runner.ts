/**
 * Gives duties their turns on one thread: again at once while there is something to do, otherwise after a millisecond,
 * and at once when somebody calls. With `spins` it never sleeps: it takes a core and saves the wake-up (some 20 us each
 * way on a virtual machine).
 */
import type { Clock } from '../../shared/clock.ts'
import type { Duty } from '../../shared/duty.ts'

const IDLE_MS = 1

export class DutyRunner {
  readonly #duties: readonly Duty[]
  readonly #clock: Clock
  readonly #spins: boolean
  #isDue = false
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(duties: readonly Duty[], clock: Clock, options: { spins: boolean }) {
    this.#duties = duties
    this.#clock = clock
    this.#spins = options.spins
  }

  start(): void {
    this.wake()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  /** A turn as soon as what runs now is over; several calls make one turn. */
  wake(): void {
    if (this.#isDue || this.#isStopped) return
    this.#isDue = true
    clearTimeout(this.#timer)
    setImmediate(this.#turn)
  }

  readonly #turn = (): void => {
    this.#isDue = false
    if (this.#isStopped) return
    const nowNs = this.#clock.monoNs()
    let done = 0
    for (const duty of this.#duties) done += duty.work(nowNs)
    if (done > 0 || this.#spins) this.wake()
    else if (!this.#isDue) this.#timer = setTimeout(this.#turn, IDLE_MS)
  }
}
