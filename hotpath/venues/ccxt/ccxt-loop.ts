/**
 * One thing that is done again and again at a venue: never twice at once, later after each failure, with a line for people
 * when it begins to fail and when it works again. Turned from outside: no timers, and nothing it does can reject.
 */
import { type MonoNs, NS_PER_S } from '../../../shared/units/time.ts'
import { errorLine } from './ccxt-errors.ts'

const WAIT_FIRST_NS = NS_PER_S
const WAIT_LAST_NS = 60 * NS_PER_S

export type Say = (line: string) => void

const Slot = { dueNs: 0, restNs: 1, waitNs: 2, startedNs: 3, count: 4 } as const

export class CcxtLoop {
  readonly #what: string
  readonly #say: Say
  readonly #times = new Float64Array(Slot.count)
  #isBusy = false
  #isSettled = false
  /** Counts jobs: one that was given up on is not heard when it ends after all. */
  #serial = 0
  failures = 0

  /** `what`: as the lines for people name it. */
  constructor(what: string, say: Say) {
    this.#what = what
    this.#say = say
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** How long the job under way has been; 0 when there is none. */
  busyNs(nowNs: MonoNs): number {
    return this.#isBusy ? nowNs - this.#times[Slot.startedNs] : 0
  }

  /** Starts the job when it is due; `restNs` after it went well it is due again. True: started. */
  work(nowNs: MonoNs, restNs: number, job: () => Promise<void>): boolean {
    if (this.#isSettled) {
      this.#isSettled = false
      this.#times[Slot.dueNs] = nowNs + this.#times[Slot.restNs]
    }
    if (this.#isBusy || nowNs < this.#times[Slot.dueNs]) return false
    this.#isBusy = true
    this.#times[Slot.startedNs] = nowNs
    const serial = ++this.#serial
    job().then(
      () => this.#settle(serial, restNs),
      (error) => this.#settle(serial, restNs, error),
    )
    return true
  }

  /** Due at the next turn, if it does not fail. */
  hurry(): void {
    if (this.failures > 0) return
    this.#times[Slot.dueNs] = 0
    this.#times[Slot.restNs] = 0
  }

  /** The job under way counts as failed: it hangs. */
  giveUp(why: string): void {
    this.#settle(this.#serial, 0, new Error(why))
  }

  #settle(serial: number, restNs: number, error?: unknown): void {
    if (serial !== this.#serial || !this.#isBusy) return
    this.#isBusy = false
    this.#isSettled = true
    if (error === undefined) {
      if (this.failures > 0) this.#say(`${this.#what} works again`)
      this.failures = 0
      this.#times[Slot.waitNs] = 0
      this.#times[Slot.restNs] = restNs
      return
    }
    if (this.failures === 0) this.#say(`${this.#what} fails, trying again ever later: ${errorLine(error)}`)
    this.failures++
    const waitNs = Math.min(WAIT_LAST_NS, Math.max(WAIT_FIRST_NS, this.#times[Slot.waitNs] * 2))
    this.#times[Slot.waitNs] = waitNs
    this.#times[Slot.restNs] = waitNs
  }
}
