/** The venue's wall clock as we know it: our own plus an offset, measured at the middle of a round trip. */
import type { Clock } from '../../../shared/clock.ts'
import { type MonoNs, NS_PER_S, US_PER_MS } from '../../../shared/units/time.ts'
import type { OrderDialect } from './order-dialect.ts'
import type { RequestDesk } from './request-desk.ts'

const REFRESH_NS = 600 * NS_PER_S
/** Two refusals for the wrong time in a row are one reason to look again, not two. */
const URGENT_NS = 2 * NS_PER_S

const Slot = { offsetMs: 0, askedNs: 1, count: 2 } as const

export class VenueTime {
  readonly #dialect: OrderDialect
  readonly #desk: RequestDesk
  readonly #clock: Clock
  readonly #values = new Float64Array(Slot.count)
  #isKnown = false

  constructor(dialect: OrderDialect, desk: RequestDesk, clock: Clock) {
    this.#dialect = dialect
    this.#desk = desk
    this.#clock = clock
  }

  /** Ours plus this is the venue's, milliseconds; wrong by at most half a round trip. */
  get offsetMs(): number {
    return this.#values[Slot.offsetMs]
  }

  /** Whole milliseconds since 1970 by the venue's clock. */
  nowMs(): number {
    return Math.floor(this.#clock.epochUs() / US_PER_MS + this.offsetMs)
  }

  /** Our wall clock in microseconds as the venue's in milliseconds, rounded down: a deadline is never made later. */
  ofOurs(epochUs: number): number {
    return Math.floor(epochUs / US_PER_MS + this.offsetMs)
  }

  /** Asks; `done(false)` when the venue did not say. */
  measure(done: (isKnown: boolean) => void): void {
    this.#values[Slot.askedNs] = this.#clock.monoNs()
    const fromUs = this.#clock.epochUs()
    const isSent = this.#desk.send(this.#dialect.time(), (answer, isLate) => {
      if (isLate) return
      const timeMs = readTime(this.#dialect, answer)
      if (timeMs !== undefined) {
        this.#values[Slot.offsetMs] = timeMs - (fromUs + this.#clock.epochUs()) / 2 / US_PER_MS
        this.#isKnown = true
      }
      done(timeMs !== undefined)
    })
    if (!isSent) done(false)
  }

  /** The venue says our time is wrong: look again soon. */
  doubt(nowNs: MonoNs): void {
    if (nowNs - this.#values[Slot.askedNs] > URGENT_NS) this.measure(() => undefined)
  }

  work(nowNs: MonoNs): number {
    if (!this.#isKnown || nowNs - this.#values[Slot.askedNs] < REFRESH_NS) return 0
    this.measure(() => undefined)
    return 1
  }
}

function readTime(dialect: OrderDialect, answer: Parameters<OrderDialect['onTime']>[0]): number | undefined {
  try {
    const timeMs = answer.status >= 200 && answer.status < 300 ? dialect.onTime(answer) : undefined
    return timeMs !== undefined && Number.isFinite(timeMs) && timeMs > 0 ? timeMs : undefined
  } catch {
    return undefined
  }
}
