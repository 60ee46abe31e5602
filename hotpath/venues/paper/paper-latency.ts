/** How long one way to or from a venue takes: half of a log-normal round trip, drawn per message. */
import type { Prng } from '../../../shared/prng.ts'
import type { VenueLatency } from './market-source.ts'

/** The standard normal's 99th percentile. */
const Z99 = 2.3263478740408408

export class PaperLatency {
  readonly #halfMedianNs: number
  readonly #sigma: number
  readonly #chance: Prng

  /** Each direction has its own generator, so that a draw in one does not move the other. */
  constructor(roundTrip: VenueLatency, scale: number, chance: Prng) {
    this.#halfMedianNs = (roundTrip.medianNs * scale) / 2
    this.#sigma = Math.log(Math.max(1, roundTrip.p99Ns / roundTrip.medianNs)) / Z99
    this.#chance = chance
  }

  /** Without the spread, for streams: at thousands of messages a second in order, every message would wait for the tail. */
  get medianNs(): number {
    return Math.round(this.#halfMedianNs)
  }

  drawNs(): number {
    if (this.#halfMedianNs === 0) return 0
    return Math.round(this.#halfMedianNs * Math.exp(this.#sigma * this.#chance.nextNormal()))
  }
}
