/**
 * Gives duties their turns on one thread: again at once while there is something to do, otherwise after a millisecond,
 * and at once when somebody calls. With `spins` it never sleeps: it takes a core and saves the wake-up (some 20 us each
 * way on a virtual machine). With a bell, another thread wakes it too (4 us, measured).
 */
import type { Clock } from '../../shared/clock.ts'
import type { Duty } from '../../shared/duty.ts'
import type { Doorbell } from '../memory/doorbell.ts'

const IDLE_MS = 1
/** Turns without anything before it waits for a bell: an answer of the other thread takes less than they do. */
const QUIET_TURNS = 16

export class DutyRunner {
  readonly #duties: readonly Duty[]
  readonly #clock: Clock
  readonly #spins: boolean
  readonly #bell: Doorbell | undefined
  #isListening = false
  readonly #quietMax: number
  #quiet = 0
  #isDue = false
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(duties: readonly Duty[], clock: Clock, options: { spins: boolean; bell?: Doorbell }) {
    this.#duties = duties
    this.#clock = clock
    this.#spins = options.spins
    this.#bell = options.bell
    this.#quietMax = options.bell === undefined ? 1 : QUIET_TURNS
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
    this.#quiet = 0
    this.#again()
  }

  #again(): void {
    if (this.#isDue || this.#isStopped) return
    this.#isDue = true
    clearTimeout(this.#timer)
    setImmediate(this.#turn)
  }

  readonly #turn = (): void => {
    this.#isDue = false
    if (this.#isStopped) return
    this.#bell?.getUp()
    if (this.#work() > 0) this.#quiet = 0
    else this.#quiet++
    if (this.#quiet < this.#quietMax || this.#spins) this.#again()
    else if (!this.#isDue) this.#rest()
  }

  #work(): number {
    const nowNs = this.#clock.monoNs()
    let done = 0
    for (const duty of this.#duties) done += duty.work(nowNs)
    return done
  }

  #rest(): void {
    if (this.#bell !== undefined && !this.#isListening) this.#listen(this.#bell)
    else this.#bell?.lieDown()
    // What came in between is seen now, or rings.
    if (this.#bell !== undefined && this.#work() > 0) this.wake()
    else if (!this.#isDue) this.#timer = setTimeout(this.#turn, IDLE_MS)
  }

  /** One wait at a time; it ends only when somebody rings. */
  #listen(bell: Doorbell): void {
    bell.lieDown()
    const rung = bell.sleepAside()
    if (rung === undefined) return
    this.#isListening = true
    void rung.then(() => {
      this.#isListening = false
      this.wake()
    })
  }
}
