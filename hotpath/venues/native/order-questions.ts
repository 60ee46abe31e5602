/** How a venue is asked about one order: its state and its fills, at the symbols where it may be, over as many pages as it takes. */
import type { VenueAnswer, VenueRequest } from '../door/venue-doors.ts'
import type { DialectGuard } from './dialect-guard.ts'
import type { NativeCounters } from './native-counters.ts'
import type { OrderDialect, OrderName, QueryOutcome } from './order-dialect.ts'
import type { OrderReporter } from './order-reporter.ts'
import { isAnswered } from './reconciliation.ts'
import { heedRefusal } from './refusal-heed.ts'
import { Held, type RequestDesk } from './request-desk.ts'
import type { VenueTime } from './venue-time.ts'

const ROUNDS_MAX = 16

/** 'told': its fills and its state were told; 'silent': nothing is known. */
export type Asked = 'told' | 'notFound' | 'silent'

interface Question {
  readonly name: OrderName
  /** Asked because of news, not by the core. */
  readonly isNews: boolean
}

export interface QuestionParts {
  readonly dialect: OrderDialect
  readonly desk: RequestDesk
  readonly time: VenueTime
  readonly guard: DialectGuard
  readonly reporter: OrderReporter
  readonly counters: NativeCounters
}

export class OrderQuestions {
  readonly #parts: QuestionParts
  /** One question an order at a time: those that wait for its answer. */
  readonly #asking = new Map<string, ((outcome: Asked) => void)[]>()

  constructor(parts: QuestionParts) {
    this.#parts = parts
  }

  /**
   * Asks at the first of `names`, and at the next one where the venue knows it not. False: not asked. A question that is
   * already on its way is not asked again: its answer comes, to whoever asked first and to those that join.
   */
  ask(names: readonly OrderName[], done: (outcome: Asked) => void, joins = false): boolean {
    if (names.length === 0 || this.#parts.desk.isHeld(Held.questions)) return false
    const key = `${names[0].clientId} ${names[0].venueId}`
    const waiting = this.#asking.get(key)
    if (waiting !== undefined) {
      if (joins) waiting.push(done)
      return true
    }
    const asked = [done]
    this.#asking.set(key, asked)
    const isSent = this.#askAt(names, 0, (outcome) => {
      this.#asking.delete(key)
      for (const tell of asked) tell(outcome)
    })
    if (!isSent) this.#asking.delete(key)
    return isSent
  }

  /** Asks about one order whose news are wanted: fills that were told are not told again, and neither is its status. */
  listen(name: OrderName, done: (outcome: Asked) => void): boolean {
    if (this.#parts.desk.isHeld(Held.questions)) return false
    const requests = this.#parts.dialect.query(name, this.#parts.time.nowMs())
    return this.#send(requests, [], { name, isNews: true }, ROUNDS_MAX, done)
  }

  #askAt(names: readonly OrderName[], at: number, done: (outcome: Asked) => void): boolean {
    const { dialect, time } = this.#parts
    const name = names[at]
    return this.#send(dialect.query(name, time.nowMs()), [], { name, isNews: false }, ROUNDS_MAX, (outcome) => {
      if (outcome !== 'notFound' || at + 1 >= names.length) done(outcome)
      else if (!this.#askAt(names, at + 1, done)) done('silent')
    })
  }

  #send(
    requests: readonly VenueRequest[],
    before: readonly VenueAnswer[],
    question: Question,
    rounds: number,
    done: (outcome: Asked) => void,
  ): boolean {
    return this.#parts.desk.sendAll(requests, (answers) => {
      if (answers.every(isAnswered)) this.#read([...before, ...answers], question, rounds, done)
      else done('silent')
    })
  }

  #read(answers: readonly VenueAnswer[], question: Question, rounds: number, done: (outcome: Asked) => void): void {
    const { dialect, guard, reporter, counters, time } = this.#parts
    const { name, isNews } = question
    const outcome = guard.read(answers[0].body, () => {
      let read: QueryOutcome | undefined
      if (isNews) return dialect.onQueried(answers, name, reporter, time.nowMs())
      reporter.repeating(0, () => {
        read = dialect.onQueried(answers, name, reporter, time.nowMs())
      })
      return read
    })
    if (outcome?.kind === 'more' && rounds > 0) {
      if (!this.#send(outcome.requests, answers, question, rounds - 1, done)) done('silent')
      return
    }
    if (outcome?.kind === 'notFound') done('notFound')
    else if (outcome?.kind === 'done') done('told')
    else {
      heedRefusal(outcome, this.#parts.desk, time, Held.questions)
      counters.noteUnknown(answers[0].body)
      done('silent')
    }
  }
}
