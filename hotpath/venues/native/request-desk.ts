/**
 * Requests on their way: bounded, each with the time after which nobody waits for it. An answer that comes later is still
 * handed over, marked late: news of an order is news whenever it comes.
 */
import type { Clock } from '../../../shared/clock.ts'
import { type MonoNs, NS_PER_MS, NS_PER_S } from '../../../shared/units/time.ts'
import { Delivery, type HttpDoor, type VenueAnswer, type VenueRequest } from '../door/venue-doors.ts'
import type { NativeCounters } from './native-counters.ts'

const IN_FLIGHT_MAX = 1_024
/** The door has its own clock for the same time-out: it goes first. */
const GRACE_NS = 250 * NS_PER_MS
/** A venue that says 'too many' without saying how long. */
const HOLD_DEFAULT_NS = NS_PER_S
const HOLD_MAX_NS = 600 * NS_PER_S
const TOO_MANY = 429
const BANNED = 418

/**
 * What is held when a request was one too many: its kind, since venues count kinds apart, and what rests must be called back
 * whatever else was asked too often. A cancel that is too many, or a ban, holds all.
 */
export const Held = { questions: 0, orders: 1, all: 2 } as const
export type Held = (typeof Held)[keyof typeof Held]

export type OnAnswer = (answer: VenueAnswer, isLate: boolean) => void

const SILENCE: VenueAnswer = { delivery: Delivery.lost, status: 0, headers: {}, body: 'no answer in time' }

interface Waiting {
  readonly untilNs: number
  readonly done: OnAnswer
}

export class RequestDesk {
  readonly #door: HttpDoor
  readonly #clock: Clock
  readonly #counters: NativeCounters
  readonly #waiting = new Map<number, Waiting>()
  readonly #busyNs = new Float64Array(1)
  /** Until when the venue wants to hear nothing, by what is held. */
  readonly #heldNs = new Float64Array(3)
  #next = 1

  constructor(door: HttpDoor, clock: Clock, counters: NativeCounters) {
    this.#door = door
    this.#clock = clock
    this.#counters = counters
  }

  get inFlight(): number {
    return this.#waiting.size
  }

  /** How long nothing has been on its way. */
  quietNs(nowNs: MonoNs): number {
    if (this.#waiting.size > 0) this.#busyNs[0] = nowNs
    return nowNs - this.#busyNs[0]
  }

  nowNs(): MonoNs {
    return this.#clock.monoNs()
  }

  get isFull(): boolean {
    return this.#waiting.size >= IN_FLIGHT_MAX
  }

  /** No question should be sent before then. */
  get heldUntilNs(): number {
    return Math.max(this.#heldNs[Held.all], this.#heldNs[Held.questions])
  }

  isHeld(what: Held): boolean {
    const nowNs = this.#clock.monoNs()
    return nowNs < this.#heldNs[Held.all] || nowNs < this.#heldNs[what]
  }

  /** The venue said 'too many' and not for how long. */
  hold(what: Held): void {
    this.#holdFor(what, HOLD_DEFAULT_NS)
  }

  /**
   * False: full, not sent and certain never to be. `done` comes later, once; and once more, late, when the answer comes after
   * the silence was told. `what`: what is held when the venue says that this was one too many.
   */
  send(request: VenueRequest, done: OnAnswer, what: Held = Held.questions): boolean {
    if (this.isFull) return false
    const number = this.#next++
    this.#waiting.set(number, { untilNs: this.#clock.monoNs() + request.timeoutMs * NS_PER_MS + GRACE_NS, done })
    this.#counters.requests++
    this.#busyNs[0] = this.#clock.monoNs()
    let isAnswered = false
    this.#door.send(request, (answer) => {
      if (isAnswered) return
      isAnswered = true
      const isLate = !this.#waiting.delete(number)
      this.#count(answer, isLate)
      this.#heed(answer, what)
      if (!isLate || answer.delivery === Delivery.answered) done(answer, isLate)
    })
    return true
  }

  /** All of them, answered in the order asked; false: not all could be sent, and `done` will not come. */
  sendAll(requests: readonly VenueRequest[], done: (answers: readonly VenueAnswer[]) => void): boolean {
    if (this.#waiting.size + requests.length > IN_FLIGHT_MAX || requests.length === 0) return false
    const answers: VenueAnswer[] = new Array(requests.length)
    let missing = requests.length
    requests.forEach((request, at) => {
      this.send(request, (answer, isLate) => {
        if (isLate) return
        answers[at] = answer
        if (--missing === 0) done(answers)
      })
    })
    return true
  }

  /** Gives up on those whose time is over. Answers how many. */
  work(nowNs: MonoNs): number {
    let over = 0
    for (const [number, { untilNs, done }] of this.#waiting) {
      if (nowNs < untilNs) continue
      this.#waiting.delete(number)
      this.#counters.lost++
      over++
      done(SILENCE, false)
    }
    return over
  }

  #heed({ delivery, status, headers }: VenueAnswer, what: Held): void {
    if (delivery !== Delivery.answered || (status !== TOO_MANY && status !== BANNED)) return
    const seconds = Number(headers['retry-after'] ?? '')
    const waitNs = seconds > 0 ? Math.min(seconds * NS_PER_S, HOLD_MAX_NS) : HOLD_DEFAULT_NS
    this.#holdFor(status === BANNED ? Held.all : what, waitNs)
  }

  #holdFor(what: Held, waitNs: number): void {
    this.#heldNs[what] = Math.max(this.#heldNs[what], this.#clock.monoNs() + waitNs)
  }

  #count({ delivery }: VenueAnswer, isLate: boolean): void {
    if (isLate) this.#counters.late++
    else if (delivery === Delivery.answered) this.#counters.answers++
    else if (delivery === Delivery.notSent) this.#counters.notSent++
    else this.#counters.lost++
  }
}
