/**
 * Turns of duties on a thread of their own: one after the other without going back to Node's event loop, which would make
 * garbage and cost microseconds. Rings are looked at all the time, and what came of them leaves at once; duties get their
 * turn every 200 us, because the time that is handed to them costs 16 bytes: at most 80 KB a second; in each turn of a
 * spinning thread it would be 10 MB.
 *
 * Spinning, it never sleeps. Otherwise, after a while without anything, it lies down until a bell rings, a millisecond at
 * most. Once a slice it lets the event loop run, where timers, promises and the news of worker threads wait.
 */
import type { Duty } from '../../shared/duty.ts'
import { NS_PER_US } from '../../shared/units/time.ts'
import type { Doorbell } from '../memory/doorbell.ts'
import type { MachineClock } from './machine-clock.ts'

/** Takes what has come over a ring; answers how much. */
export interface RingEnd {
  work(): number
}

export interface CoreLoopParts {
  readonly rings: readonly RingEnd[]
  /** Sends what was written while rings were read. */
  readonly flush: () => void
  readonly duties: readonly Duty[]
  readonly clock: Pick<MachineClock, 'monoNs' | 'storeMonoNs'>
  /** Rung by whoever puts something into a ring. */
  readonly bell: Doorbell
  readonly spins: boolean
}

const DUTIES_NS = 200 * NS_PER_US
const QUIET_NS = 50 * NS_PER_US
const SLEEP_MS_MAX = 1
/** Looks at empty rings before the clock is read. */
const LOOKS = 8
const Slot = { now: 0, duties: 1, busy: 2, end: 3, turns: 4, sleeps: 5, count: 6 } as const

export class CoreLoop {
  readonly #parts: CoreLoopParts
  readonly #times = new Float64Array(Slot.count)
  #empty = 0

  constructor(parts: CoreLoopParts) {
    this.#parts = parts
  }

  /** Turns of the rings, and how often the thread lay down. */
  get turns(): number {
    return this.#times[Slot.turns]
  }
  get sleeps(): number {
    return this.#times[Slot.sleeps]
  }

  /** Turns until `isOver`, which is asked every turn; every `sliceNs` a visit of the event loop, and `onVisit`. */
  async run(isOver: () => boolean, sliceNs: number, onVisit?: () => void): Promise<void> {
    while (!isOver()) {
      this.#slice(isOver, sliceNs)
      await new Promise(setImmediate)
      onVisit?.()
    }
  }

  #slice(isOver: () => boolean, sliceNs: number): void {
    const times = this.#times
    const { clock, spins } = this.#parts
    times[Slot.end] = clock.monoNs() + sliceNs
    do {
      times[Slot.turns]++
      if (this.#poll() > 0) {
        this.#empty = 0
        clock.storeMonoNs(times, Slot.busy)
      } else if (++this.#empty < LOOKS) continue
      this.#empty = 0
      clock.storeMonoNs(times, Slot.now)
      if (times[Slot.now] - times[Slot.duties] >= DUTIES_NS) this.#work()
      if (!spins && times[Slot.now] - times[Slot.busy] > QUIET_NS) this.#rest()
    } while (times[Slot.now] < times[Slot.end] && !isOver())
  }

  #poll(): number {
    const { rings, flush } = this.#parts
    let done = 0
    for (let at = 0; at < rings.length; at++) done += rings[at].work()
    if (done > 0) flush()
    return done
  }

  /** Reads the clock itself: a time that came from outside would be boxed there, also in turns without work. */
  #work(): void {
    const { duties, clock } = this.#parts
    const nowNs = clock.monoNs()
    this.#times[Slot.duties] = nowNs
    let done = 0
    for (let at = 0; at < duties.length; at++) done += duties[at].work(nowNs)
    if (done > 0) this.#times[Slot.busy] = nowNs
  }

  /** Says that it sleeps, looks once more, and only then does. */
  #rest(): void {
    const { bell } = this.#parts
    bell.lieDown()
    if (this.#poll() > 0) {
      this.#times[Slot.busy] = this.#times[Slot.now]
      bell.getUp()
      return
    }
    this.#times[Slot.sleeps]++
    bell.sleep(SLEEP_MS_MAX)
  }
}
