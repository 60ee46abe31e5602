/** The machine's clock: the only file of the product that reads performance or Date. A read costs about 60 ns, 0 bytes. */
import type { Clock } from '../../shared/clock.ts'
import { type EpochUs, type MonoNs, NS_PER_MS, US_PER_MS } from '../../shared/units/time.ts'

/** How often wall time is compared with Date.now(), and how far it may be away (Date counts whole milliseconds). */
const CHECK_MS = 1_000
const OFF_MS_MAX = 2

const Slot = { originMs: 0, nextCheckMs: 1, count: 2 } as const

export class MachineClock implements Clock {
  readonly #ms = new Float64Array(Slot.count)

  constructor() {
    this.#ms[Slot.originMs] = performance.timeOrigin
  }

  /** Since this thread started: every thread has an origin of its own. */
  monoNs(): MonoNs {
    return Math.round(performance.now() * NS_PER_MS) as MonoNs
  }

  /** The same into a column: a number that is answered costs 16 bytes where the call is not inlined. */
  storeMonoNs(into: Float64Array, at: number): void {
    into[at] = Math.round(performance.now() * NS_PER_MS)
  }

  /**
   * The start of the process plus the time since, microseconds fine and without the jumps of a millisecond clock; when
   * the machine's wall clock was set meanwhile (NTP step, suspend), it follows within a second.
   */
  epochUs(): EpochUs {
    const nowMs = performance.now()
    if (nowMs >= this.#ms[Slot.nextCheckMs]) this.#followWallClock(nowMs)
    return Math.round((this.#ms[Slot.originMs] + nowMs) * US_PER_MS) as EpochUs
  }

  #followWallClock(nowMs: number): void {
    this.#ms[Slot.nextCheckMs] = nowMs + CHECK_MS
    const originMs = Date.now() - nowMs
    if (Math.abs(originMs - this.#ms[Slot.originMs]) > OFF_MS_MAX) this.#ms[Slot.originMs] = originMs
  }
}
