/** What leaves a decision: who gets how much at what limit, what it should cost, and the proof of how good it is. */

import { type Side, Side as Sides } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'

/** How sure the certificate is. Append only. */
export const Proof = {
  none: 0,
  /** No discrete constraint bound: the sweep is the LP optimum, gap 0. */
  sweep: 1,
  /** Branch and bound closed the gap: optimal with every discrete constraint. */
  search: 2,
  /** The work budget ran out: the plan is at most `gapBps` from the optimum. */
  bound: 3,
} as const
export type Proof = (typeof Proof)[keyof typeof Proof]
export const proofNames = Object.keys(Proof) as readonly (keyof typeof Proof)[]

/** What held a venue's slice where it is; bits. */
export const Binding = {
  none: 0,
  depth: 1,
  balance: 2,
  lotsMin: 4,
  notionalMin: 8,
  lotStep: 16,
  lotsMax: 32,
  limitPrice: 64,
  childCost: 128,
  childrenMax: 256,
} as const
export const bindingNames = [
  'depth',
  'balance',
  'lotsMin',
  'notionalMin',
  'lotStep',
  'lotsMax',
  'limitPrice',
  'childCost',
  'childrenMax',
] as const

/** Doubles of a plan that are not of one slice or row. */
export const SCALARS = 8

export class ExecutionPlan {
  side: Side = Sides.buy
  /** Slices in use; one venue has at most one. */
  count = 0
  /** Row in the candidate table. */
  readonly row = new Int32Array(VENUES_MAX)
  readonly lots = new Float64Array(VENUES_MAX)
  /** Worst raw price the slice takes: the limit of its child. */
  readonly limitTicks = new Float64Array(VENUES_MAX)
  /** Raw price x lots of the slice, ticks x lots (an opinion: what the book shows now). */
  readonly notional = new Float64Array(VENUES_MAX)
  /** Fee-adjusted, micro-ticks x lots, without childCost. */
  readonly effective = new Float64Array(VENUES_MAX)

  /** By candidate row: what bound it, and what one more lot there would have saved, micro-ticks per lot; see `bind`. */
  readonly binding = new Uint16Array(VENUES_MAX)
  readonly shadowPrice = new Float64Array(VENUES_MAX)
  #hasBounds = false

  /** Scalars in one typed array, so that storing a double does not allocate. */
  readonly #scalars = new Float64Array(SCALARS)
  proof: Proof = Proof.none
  /** Nodes of the search, 0 for a plain sweep. */
  nodes = 0
  /** Candidate row of the first level not taken, or -1. */
  nextRow = -1

  get targetLots(): number {
    return this.#scalars[0]
  }
  set targetLots(lots: number) {
    this.#scalars[0] = lots
  }
  get plannedLots(): number {
    return this.#scalars[1]
  }
  set plannedLots(lots: number) {
    this.#scalars[1] = lots
  }
  /** All-in cost of a buy, proceeds of a sell: micro-ticks x lots, childCost counted. */
  get objective(): number {
    return this.#scalars[2]
  }
  set objective(value: number) {
    this.#scalars[2] = value
  }
  /** No feasible plan of plannedLots is better than this (below a buy's objective, above a sell's). */
  get dualBound(): number {
    return this.#scalars[3]
  }
  set dualBound(value: number) {
    this.#scalars[3] = value
  }
  /** abs(objective - dualBound) in bps of the objective; never negative. */
  get gapBps(): number {
    return this.#scalars[4]
  }
  set gapBps(value: number) {
    this.#scalars[4] = value
  }
  /** Fee-adjusted price of the dearest lot taken (buy) or the cheapest sold, micro-ticks. */
  get marginal(): number {
    return this.#scalars[5]
  }
  set marginal(value: number) {
    this.#scalars[5] = value
  }
  /** Fee-adjusted price of the first level not taken; infinite when there is none. */
  get nextEffective(): number {
    return this.#scalars[6]
  }
  set nextEffective(value: number) {
    this.#scalars[6] = value
  }
  /** Consolidated mid at the decision, half ticks allowed; 0 when one-sided. */
  get mid(): number {
    return this.#scalars[7]
  }
  set mid(value: number) {
    this.#scalars[7] = value
  }

  reset(side: Side): void {
    this.side = side
    this.count = 0
    this.proof = Proof.none
    this.nodes = 0
    this.nextRow = -1
    const scalars = this.#scalars
    for (let at = 0; at < SCALARS; at++) scalars[at] = 0
    this.nextEffective = Number.POSITIVE_INFINITY
    this.clearBounds()
  }

  /** A row that could give no more; `saved`: what one more lot there would have saved, never negative. */
  bind(row: number, why: number, saved: number): void {
    this.binding[row] = why
    this.shadowPrice[row] = saved
    this.#hasBounds = true
  }

  clearBounds(): void {
    if (!this.#hasBounds) return
    this.#hasBounds = false
    this.binding.fill(0)
    this.shadowPrice.fill(0)
  }

  get hasBounds(): boolean {
    return this.#hasBounds
  }

  /** The numbers that are not of one slice or row, SCALARS of them. */
  writeScalars(into: Float64Array, at: number): void {
    const scalars = this.#scalars
    for (let i = 0; i < SCALARS; i++) into[at + i] = scalars[i]
  }

  readScalars(from: Float64Array, at: number): void {
    for (let i = 0; i < SCALARS; i++) this.#scalars[i] = from[at + i]
  }

  add(row: number, lots: number, limitTicks: number, notional: number, effective: number): void {
    const at = this.count++
    this.row[at] = row
    this.lots[at] = lots
    this.limitTicks[at] = limitTicks
    this.notional[at] = notional
    this.effective[at] = effective
  }
}
