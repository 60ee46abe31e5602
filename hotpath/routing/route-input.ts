/** What a decision is about: an order still to come (quote, new) or what is left of one (reroute). Reused. */
import { Side } from '../../shared/domain/order.ts'
import type { InstrumentIndex } from '../../shared/units/ids.ts'

export class RouteInput {
  instrument = 0 as InstrumentIndex
  side: Side = Side.buy
  venuesLow = -1
  venuesHigh = -1
  /** Hundredths of a bp; -1: none. */
  slippageCentiBps = -1
  feeCentiBps = -1
  childrenMax = 0
  /** One venue takes all of it or nothing happens. */
  allOrNone = false
  readonly #wide = new Float64Array(4)
  get lots(): number {
    return this.#wide[0]
  }
  set lots(value: number) {
    this.#wide[0] = value
  }
  /** Raw limit price; 0: none. */
  get priceTicks(): number {
    return this.#wide[1]
  }
  set priceTicks(value: number) {
    this.#wide[1] = value
  }
  /** Quote still to spend or raise, ticks x lots; 0 when sized in base. */
  get quoteBudget(): number {
    return this.#wide[2]
  }
  set quoteBudget(value: number) {
    this.#wide[2] = value
  }
  /** Mid that slippage is measured from; 0: the mid of the decision itself. */
  get referenceMid(): number {
    return this.#wide[3]
  }
  set referenceMid(value: number) {
    this.#wide[3] = value
  }
}
