/** A market's own time: it starts with the first turn, runs `speed` times the caller's clock and waits out long pauses. */
import type { MonoNs } from '../../../../shared/units/time.ts'

/** A machine that slept, or a stopped debugger, finds the market where it left it. */
export const PAUSE_NS = 10_000_000_000

export class MarketTime {
  readonly #speed: number
  /** [0] the caller's time of the last turn, -1 before the first; [1] the market's time. */
  readonly #ns = new Float64Array([-1, 0])

  constructor(speed: number) {
    this.#speed = speed
  }

  /** Market time at `nowNs`, in nanoseconds since the first turn; a pause of more than PAUSE_NS counts as PAUSE_NS. O(1). */
  advance(nowNs: MonoNs): number {
    const ns = this.#ns
    if (ns[0] >= 0 && nowNs > ns[0]) ns[1] += Math.min(nowNs - ns[0], PAUSE_NS) * this.#speed
    ns[0] = Math.max(ns[0], nowNs)
    return ns[1]
  }
}
