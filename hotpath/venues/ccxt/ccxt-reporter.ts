/** Writes the reports of one ccxt venue: one reused VenueReport, handed on the moment it is complete. */
import { Liquidity } from '../../../shared/domain/execution-report.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueIndex } from '../../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { VenueReport, VenueReportKind } from '../../orders/venue-report.ts'

/** As asker of a report: every session. */
export const EVERYBODY = 0

export interface CcxtReports {
  /** `asker`: the session whose question this answers, or EVERYBODY. The report is reused. */
  onCcxtReport(asker: number, report: VenueReport): void
  /** Is that session still there? */
  isConnected(asker: number): boolean
}

/** Names a child. */
export interface CcxtIdentity {
  readonly epoch: number
  readonly parentSequence: number
  readonly childSequence: number
}

export interface CcxtSize {
  readonly lots: number
  readonly ticks: number
}

export interface CcxtFill {
  readonly execution: number
  readonly lots: number
  readonly ticks: number
  readonly feeUnits: number
  readonly feeInBase: boolean
  readonly liquidity: Liquidity
  readonly timeUs: number
}

export class CcxtReporter {
  readonly #sink: CcxtReports
  readonly #report = new VenueReport()
  readonly #nowUs: () => number

  constructor(venue: VenueIndex, sink: CcxtReports, nowUs: () => number) {
    this.#report.venue = venue
    this.#sink = sink
    this.#nowUs = nowUs
  }

  /** accepted, or the end of an order; `lots` of what it is about. */
  tell(id: CcxtIdentity, kind: VenueReportKind, lots: number, filled: number, reason: RejectReason): void {
    const report = this.#open(kind, reason, id)
    report.lots = lots as QtyLots
    report.filledLots = filled as QtyLots
    this.#sink.onCcxtReport(EVERYBODY, report)
  }

  fill(asker: number, id: CcxtIdentity, fill: CcxtFill, filled: number): void {
    const report = this.#open(VenueReportKind.fill, RejectReason.none, id)
    report.execution = fill.execution
    report.lots = fill.lots as QtyLots
    report.priceTicks = fill.ticks as PriceTicks
    report.feeUnits = fill.feeUnits as AssetUnits
    report.feeInBase = fill.feeInBase
    report.liquidity = fill.liquidity
    report.venueTimeUs = fill.timeUs
    report.filledLots = filled as QtyLots
    this.#sink.onCcxtReport(asker, report)
  }

  /** A refusal, or notFound. */
  answer(asker: number, id: CcxtIdentity, kind: VenueReportKind, reason: RejectReason): void {
    this.#sink.onCcxtReport(asker, this.#open(kind, reason, id))
  }

  /** `order`: named, with its whole quantity and limit as far as they are known. */
  status(asker: number, order: CcxtIdentity & CcxtSize, isOpen: boolean, filled: number): void {
    const report = this.#open(VenueReportKind.status, RejectReason.none, order)
    report.isOpen = isOpen
    report.lots = order.lots as QtyLots
    report.priceTicks = order.ticks as PriceTicks
    report.filledLots = filled as QtyLots
    this.#sink.onCcxtReport(asker, report)
  }

  balance(asker: number, asset: number, units: AssetUnits): void {
    const report = this.#open(VenueReportKind.balance, RejectReason.none)
    report.asset = asset
    report.units = units
    this.#sink.onCcxtReport(asker, report)
  }

  reconciled(asker: number): void {
    this.#sink.onCcxtReport(asker, this.#open(VenueReportKind.reconciled, RejectReason.none))
  }

  /** The one report, wiped. */
  #open(kind: VenueReportKind, reason: RejectReason, id?: CcxtIdentity): VenueReport {
    const report = this.#report
    report.kind = kind
    report.reason = reason
    report.epoch = id?.epoch ?? 0
    report.parentSequence = id?.parentSequence ?? 0
    report.childSequence = id?.childSequence ?? 0
    report.liquidity = Liquidity.none
    report.feeInBase = false
    report.isOpen = false
    report.asset = 0
    report.execution = 0
    report.lots = 0 as QtyLots
    report.priceTicks = 0 as PriceTicks
    report.filledLots = 0 as QtyLots
    report.feeUnits = 0 as AssetUnits
    report.units = 0 as AssetUnits
    report.venueTimeUs = this.#nowUs()
    return report
  }
}
