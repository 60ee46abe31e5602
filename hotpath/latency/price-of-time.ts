/**
 * Fee against speed as one number: what it costs in expectation, in bps of notional, that an order reaches a venue late.
 *
 *   exposure T = age of the book + round trip L   (its last word took about L/2 to us, our order takes about L/2 back)
 *   cost = P(level gone after T) x (reroute + adverse move over T + L)
 *   P = 1 - exp(-rate T), the venue's rate learned from our own misses (quote-decay)
 *   adverse move over t = sigma sqrt(t) sqrt(2 / pi), the mean of a half-normal
 *
 * Why so: an expected move by itself is no cost, a driftless price moves for us as often as against us, and a limit order
 * that still finds its level pays that level. What costs is the level that is gone: then the quantity goes to the next best
 * venue (`reroute`: its all-in price less this one's), a round trip later, and levels vanish mostly when the price moves
 * against who wants them (adverse selection of stale quotes: Copeland and Galai 1983; Foucault, Roell and Sandas 2003), so
 * the move is counted one-sided. That is the careful side: levels cancelled without a move cost only the reroute.
 * A quiet venue's old book is not charged for its age as such: its rate is learned over the same exposure.
 */
import { assert } from '../../shared/assert.ts'
import { NS_PER_S } from '../../shared/units/time.ts'
import type { MidVolatility } from './mid-volatility.ts'
import type { QuoteDecay } from './quote-decay.ts'

const HALF_NORMAL_MEAN = Math.sqrt(2 / Math.PI)
/** An opinion about time never outweighs this: 1 % of notional. */
const COST_BPS_MAX = 100

/** Mean of |move| over `ns` at `bpsPerRootS`; 0 at 0, rising with its square root. */
export function adverseMoveBps(bpsPerRootS: number, ns: number): number {
  return bpsPerRootS * Math.sqrt(Math.max(0, ns) / NS_PER_S) * HALF_NORMAL_MEAN
}

/** Places in the scratch of `costOf`: what goes in, nanoseconds and bps, and what comes out. */
export const TimeSlot = { latencyNs: 0, ageNs: 1, rerouteBps: 2, costBps: 3, count: 4 } as const

export class PriceOfTime {
  /** In and out of `costOf`: doubles as arguments and answers would be boxed. By TimeSlot. */
  readonly scratch = new Float64Array(TimeSlot.count)
  readonly #volatility: MidVolatility
  readonly #decay: QuoteDecay

  constructor(volatility: MidVolatility, decay: QuoteDecay) {
    this.#volatility = volatility
    this.#decay = decay
  }

  /**
   * Expected cost of time of one order at a venue, bps >= 0, at most 100. `latencyNs` is the forecast round trip,
   * `ageNs` the book's age, `rerouteBps` >= 0 how much dearer the next best venue is. 0 when both times are 0; never falls
   * as latency, age, volatility, rate or reroute rise. O(1), no allocation.
   */
  costBps(venue: number, instrument: number, latencyNs: number, ageNs: number, rerouteBps: number): number {
    assert(latencyNs >= 0 && ageNs >= 0 && rerouteBps >= 0, 'times and the next best price are not negative')
    this.scratch[TimeSlot.latencyNs] = latencyNs
    this.scratch[TimeSlot.ageNs] = ageNs
    this.scratch[TimeSlot.rerouteBps] = rerouteBps
    this.costOf(venue, instrument)
    return this.scratch[TimeSlot.costBps]
  }

  /** The same, from and into `scratch`. Allocates nothing. */
  costOf(venue: number, instrument: number): void {
    const { scratch } = this
    const latencyNs = scratch[TimeSlot.latencyNs]
    const exposureNs = latencyNs + scratch[TimeSlot.ageNs]
    const goneShare = this.#decay.goneShare(venue, exposureNs)
    const moveBps = adverseMoveBps(this.#volatility.bpsPerRootS(instrument), exposureNs + latencyNs)
    const cost = goneShare * (scratch[TimeSlot.rerouteBps] + moveBps)
    scratch[TimeSlot.costBps] = cost < COST_BPS_MAX ? cost : COST_BPS_MAX
  }
}
