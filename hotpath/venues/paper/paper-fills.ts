/** The newest executions of a paper venue, in order: what `query` and `reconcile` repeat. A ring that grows to its bound. */
import type { Liquidity } from '../../../shared/domain/execution-report.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { type VenueReport, VenueReportKind } from '../../orders/venue-report.ts'
import { type PaperOrders, widened } from './paper-orders.ts'

export const FILLS_KEPT = 131_072
const FILLS_FIRST = 256

export class PaperFills {
  /** Execution numbers are base + 1, base + 2 ... */
  readonly #base: number
  #count = 0
  #account = new Uint16Array(FILLS_FIRST)
  #epoch = new Int32Array(FILLS_FIRST)
  #childSequence = new Int32Array(FILLS_FIRST)
  #parentSequence = new Float64Array(FILLS_FIRST)
  #lots = new Float64Array(FILLS_FIRST)
  #price = new Float64Array(FILLS_FIRST)
  #filled = new Float64Array(FILLS_FIRST)
  #fee = new Float64Array(FILLS_FIRST)
  #timeUs = new Float64Array(FILLS_FIRST)
  /** Execution before this one of the same order; 0 for none. */
  #previous = new Float64Array(FILLS_FIRST)
  #liquidity = new Uint8Array(FILLS_FIRST)
  #feeInBase = new Uint8Array(FILLS_FIRST)

  constructor(base: number) {
    this.#base = base
  }

  /** The newest execution number; the base before the first. */
  get last(): number {
    return this.#base + this.#count
  }

  /** The oldest execution still known. */
  get first(): number {
    return this.#base + Math.max(1, this.#count - this.#lots.length + 1)
  }

  /** Books the fill that `report` tells of; writes the number it got into the report. O(1), amortised. */
  add(orders: PaperOrders, order: number, report: VenueReport): void {
    if (this.#count === this.#lots.length && this.#count < FILLS_KEPT) this.#grow(this.#count * 2)
    this.#count++
    report.execution = this.last
    const at = this.#row(this.last)
    this.#account[at] = orders.account[order]
    this.#epoch[at] = report.epoch
    this.#childSequence[at] = report.childSequence
    this.#parentSequence[at] = report.parentSequence
    this.#lots[at] = report.lots
    this.#price[at] = report.priceTicks
    this.#filled[at] = report.filledLots
    this.#fee[at] = report.feeUnits
    this.#timeUs[at] = report.venueTimeUs
    this.#liquidity[at] = report.liquidity
    this.#feeInBase[at] = report.feeInBase ? 1 : 0
    this.#previous[at] = orders.lastExecution[order]
    orders.lastExecution[order] = this.last
  }

  account(execution: number): number {
    return this.#account[this.#row(execution)]
  }

  previous(execution: number): number {
    return this.#previous[this.#row(execution)]
  }

  /** Tells a known execution again, as it was told first. */
  read(execution: number, report: VenueReport): void {
    const at = this.#row(execution)
    report.kind = VenueReportKind.fill
    report.execution = execution
    report.epoch = this.#epoch[at]
    report.childSequence = this.#childSequence[at]
    report.parentSequence = this.#parentSequence[at]
    report.lots = this.#lots[at] as QtyLots
    report.priceTicks = this.#price[at] as PriceTicks
    report.filledLots = this.#filled[at] as QtyLots
    report.feeUnits = this.#fee[at] as AssetUnits
    report.venueTimeUs = this.#timeUs[at]
    report.liquidity = this.#liquidity[at] as Liquidity
    report.feeInBase = this.#feeInBase[at] === 1
  }

  #row(execution: number): number {
    return (execution - this.#base - 1) % this.#lots.length
  }

  #grow(rows: number): void {
    this.#account = widened(this.#account, rows)
    this.#epoch = widened(this.#epoch, rows)
    this.#childSequence = widened(this.#childSequence, rows)
    this.#parentSequence = widened(this.#parentSequence, rows)
    this.#lots = widened(this.#lots, rows)
    this.#price = widened(this.#price, rows)
    this.#filled = widened(this.#filled, rows)
    this.#fee = widened(this.#fee, rows)
    this.#timeUs = widened(this.#timeUs, rows)
    this.#previous = widened(this.#previous, rows)
    this.#liquidity = widened(this.#liquidity, rows)
    this.#feeInBase = widened(this.#feeInBase, rows)
  }
}
