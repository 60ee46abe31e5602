/** The clock, read once per turn and handed down (a read costs about 60 ns). */
import type { Clock } from './clock.ts'
import type { EpochUs, MonoNs } from './units/time.ts'
import { NS_PER_US as nsPerUs } from './units/time.ts'

// Bound here: V8 reads an imported binding from its cell at each use, a module's own constant is folded into the code.
const NS_PER_US = nsPerUs

export class Turn {
  readonly #clock: Clock
  readonly #now = new Float64Array(2)
  /** Wall clock minus monotonic clock, taken at boot, so that both move together. */
  readonly #offsetUs: number
  /** Told the wall time of every turn (the journal stamps its records with it). */
  readonly #follower: { nowUs: number }

  constructor(clock: Clock, follower: { nowUs: number }) {
    this.#clock = clock
    this.#offsetUs = clock.epochUs() - Math.floor(clock.monoNs() / NS_PER_US)
    this.#follower = follower
    this.start(clock.monoNs())
  }

  get nowNs(): MonoNs {
    return this.#now[0] as MonoNs
  }

  get nowUs(): EpochUs {
    return this.#now[1] as EpochUs
  }

  /** Begins a turn at the clock's time. */
  read(): void {
    this.start(this.#clock.monoNs())
  }

  start(nowNs: MonoNs): void {
    this.#now[0] = nowNs
    this.#now[1] = this.#offsetUs + Math.floor(nowNs / NS_PER_US)
    this.#follower.nowUs = this.#now[1]
  }
}
