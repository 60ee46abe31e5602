/**
 * How we and a venue come to agree: open orders asked first, then the fills since all was known, then balances; told are
 * fills, open orders, balances, and the end only when every part came. A part that fails is begun again, later each time.
 */
import type { Prng } from '../../../shared/prng.ts'
import { type MonoNs, NS_PER_MS, NS_PER_S } from '../../../shared/units/time.ts'
import { Delivery, type VenueAnswer, type VenueRequest } from '../door/venue-doors.ts'
import type { DialectGuard } from './dialect-guard.ts'
import type { NativeCounters } from './native-counters.ts'
import type { OrderDialect, Outcome, VenueSymbol } from './order-dialect.ts'
import type { OrderReporter, Stranger } from './order-reporter.ts'
import { heedRefusal } from './refusal-heed.ts'
import { Held, type RequestDesk } from './request-desk.ts'
import type { VenueTime } from './venue-time.ts'

const RETRY_FIRST_NS = 250 * NS_PER_MS
const RETRY_LAST_NS = 30 * NS_PER_S
/** What was on its way when we last knew everything may carry an older time. */
const OVERLAP_MS = 60_000
/** Pages of fills in one reconciliation, over all symbols. */
const PAGES_MAX = 500
/** Orders named by their venue id in one reconciliation: fills of an earlier life, or of other programs on the account. */
const STRANGERS_MAX = 64

export interface ReconciliationParts {
  readonly dialect: OrderDialect
  readonly desk: RequestDesk
  readonly time: VenueTime
  readonly reporter: OrderReporter
  readonly guard: DialectGuard
  readonly counters: NativeCounters
  readonly chance: Prng
  readonly symbols: readonly VenueSymbol[]
  /** Balance rows that the venue's full answer speaks of. */
  readonly balanceRows: readonly number[]
  /** How far back fills are asked for when nothing is known. */
  readonly lookBackMs: number
  /** Asks about an order by its venue id; `done(false)`: no answer. */
  readonly nameStranger: (stranger: Stranger, done: (isNamed: boolean) => void) => void
}

const Slot = { retryNs: 0, waitNs: 1, knownMs: 2, beganMs: 3, count: 4 } as const

export class Reconciliation {
  readonly #parts: ReconciliationParts
  readonly #times = new Float64Array(Slot.count)
  /** Counts runs: what an older one hears is not heard. */
  #run = 0
  #isWanted = false
  #execution = 0
  #repeatAfter = 0
  #pages = 0
  #open: readonly VenueAnswer[] = []

  constructor(parts: ReconciliationParts) {
    this.#parts = parts
  }

  get isRunning(): boolean {
    return this.#isWanted
  }

  /** Begins, in place of one that runs. Fills are repeated after `execution`, all of them when it is not remembered. */
  start(execution: number): void {
    this.#isWanted = true
    this.#execution = execution
    this.#times[Slot.waitNs] = 0
    this.#begin()
  }

  /** The stream is gone: what was known until now is known. */
  stop(): void {
    const { time } = this.#parts
    if (!this.#isWanted && this.#times[Slot.knownMs] > 0) {
      this.#times[Slot.knownMs] = Math.max(this.#times[Slot.knownMs], time.nowMs() - OVERLAP_MS)
    }
    this.#isWanted = false
    this.#times[Slot.retryNs] = 0
    this.#run++
  }

  work(nowNs: MonoNs): number {
    if (!this.#isWanted || this.#times[Slot.retryNs] === 0 || nowNs < this.#times[Slot.retryNs]) return 0
    this.#parts.counters.reconcileRetries++
    this.#begin()
    return 1
  }

  #begin(): void {
    const { dialect, desk, symbols, time, reporter } = this.#parts
    const run = ++this.#run
    this.#times[Slot.retryNs] = 0
    this.#times[Slot.beganMs] = time.nowMs()
    this.#repeatAfter = reporter.fills.toldAt(this.#execution)
    this.#pages = 0
    const isSent = desk.sendAll(dialect.openOrders(symbols, time.nowMs()), (answers) => {
      if (run !== this.#run) return
      this.#open = answers
      if (answers.every(isAnswered) && !desk.isHeld(Held.questions)) this.#askFills(run)
      else this.#later()
    })
    if (!isSent) this.#later()
  }

  #askFills(run: number): void {
    const { dialect, symbols, time } = this.#parts
    const requests = dialect.fillsSince(symbols, this.#sinceMs(), time.nowMs())
    let missing = requests.length
    if (missing === 0) this.#nameStrangers(run, [])
    for (const request of requests) {
      this.#askPage(run, request, () => {
        if (--missing === 0) this.#nameStrangers(run, [...this.#parts.reporter.takeStrangers()])
      })
    }
  }

  /** All since the last full agreement; after a restart as far back as was agreed on. */
  #sinceMs(): number {
    const knownMs = this.#times[Slot.knownMs]
    const isKnown = knownMs > 0 && this.#execution > 0
    return isKnown ? knownMs : this.#times[Slot.beganMs] - this.#parts.lookBackMs
  }

  #askPage(run: number, request: VenueRequest, done: () => void): void {
    const { dialect, desk, guard, reporter, time } = this.#parts
    const isSent = desk.send(request, (answer, isLate) => {
      if (isLate || run !== this.#run) return
      const page = isAnswered(answer)
        ? guard.read(answer.body, () => {
            let read: ReturnType<OrderDialect['onFills']> | undefined
            reporter.repeating(this.#repeatAfter, () => {
              read = dialect.onFills(answer, reporter, time.nowMs())
            })
            return read
          })
        : undefined
      if (!isDone(page?.outcome) || ++this.#pages > PAGES_MAX) this.#later(page?.outcome)
      else if (page?.more !== undefined) this.#askPage(run, page.more, done)
      else done()
    })
    if (!isSent && run === this.#run) this.#later()
  }

  /** Fills whose orders nobody has named: the venue is asked, one after the other. */
  #nameStrangers(run: number, strangers: Stranger[]): void {
    const next = strangers.pop()
    if (next === undefined) {
      this.#tellOpen(run)
      return
    }
    // The newest: what is older was settled by asking for each open child.
    if (strangers.length >= STRANGERS_MAX) strangers.splice(0, strangers.length - STRANGERS_MAX + 1)
    this.#parts.nameStranger(next, (isNamed) => {
      if (run !== this.#run) return
      if (isNamed) this.#nameStrangers(run, strangers)
      else this.#later()
    })
  }

  #tellOpen(run: number): void {
    const { dialect, desk, guard, reporter, symbols, time } = this.#parts
    const outcome = guard.read(this.#open[0]?.body ?? '', () => {
      let read: Outcome | undefined
      reporter.repeating(this.#repeatAfter, () => {
        read = dialect.onOpenOrders(this.#open, reporter)
      })
      return read
    })
    if (!isDone(outcome)) {
      this.#later(outcome)
      return
    }
    const isSent = desk.sendAll(dialect.balances(symbols, time.nowMs()), (answers) => {
      if (run === this.#run) this.#finish(answers)
    })
    if (!isSent) this.#later()
  }

  #finish(answers: readonly VenueAnswer[]): void {
    const { dialect, guard, reporter, counters, balanceRows } = this.#parts
    let outcome: Outcome | undefined
    reporter.answerBalances(balanceRows, () => {
      outcome = answers.every(isAnswered)
        ? guard.read(answers[0].body, () => dialect.onBalances(answers, reporter))
        : undefined
      return isDone(outcome)
    })
    if (!isDone(outcome)) {
      this.#later(outcome)
      return
    }
    this.#isWanted = false
    this.#run++
    this.#times[Slot.knownMs] = this.#times[Slot.beganMs] - OVERLAP_MS
    counters.reconciles++
    reporter.tellReconciled(this.#execution, this.#times[Slot.beganMs])
  }

  /** `outcome`: what the part that failed was told. */
  #later(outcome?: Outcome): void {
    heedRefusal(outcome, this.#parts.desk, this.#parts.time, Held.questions)
    const waitNs = Math.min(RETRY_LAST_NS, Math.max(RETRY_FIRST_NS, this.#times[Slot.waitNs] * 2))
    this.#run++
    this.#times[Slot.waitNs] = waitNs
    const { chance, desk } = this.#parts
    const dueNs = desk.nowNs() + Math.round((waitNs * (1 + chance.nextFloat())) / 2)
    this.#times[Slot.retryNs] = Math.max(dueNs, desk.heldUntilNs)
    this.#parts.reporter.takeStrangers()
  }
}

export function isAnswered({ delivery, status }: VenueAnswer): boolean {
  return delivery === Delivery.answered && status < 500
}

function isDone(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'done'
}
