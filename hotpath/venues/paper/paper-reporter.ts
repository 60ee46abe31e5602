/** Writes the reports of one paper venue: one reused VenueReport, handed on the moment it is complete. */
import { Liquidity } from '../../../shared/domain/execution-report.ts'
import type { Side } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { VenueReport, VenueReportKind } from '../../orders/venue-report.ts'
import type { PaperFills } from './paper-fills.ts'
import type { PaperOrders } from './paper-orders.ts'

/** As asker of a report: everybody who holds the account. */
export const EVERYBODY = 0

export interface PaperReports {
  /** `asker`: the session whose question this answers, or EVERYBODY. The report is reused. */
  onPaperReport(account: number, asker: number, report: VenueReport): void
  /** A trade the market source does not know of, as the public sees it. */
  onPaperPrint(venue: VenueIndex, instrument: InstrumentIndex, aggressor: Side, price: PriceTicks, lots: QtyLots): void
  /** A book differs from what was told of it. */
  onPaperBookChanged(venue: VenueIndex, instrument: InstrumentIndex): void
}

/** Who asks, and about which order: account, session, and the three numbers of the child's identity. Reused. */
export interface PaperIdentity {
  readonly epoch: number
  readonly parentSequence: number
  readonly childSequence: number
}

export class PaperReporter {
  readonly #orders: PaperOrders
  readonly #fills: PaperFills
  readonly #sink: PaperReports
  readonly #report = new VenueReport()
  readonly #times = new Float64Array(1)

  constructor(venue: VenueIndex, orders: PaperOrders, fills: PaperFills, sink: PaperReports) {
    this.#report.venue = venue
    this.#orders = orders
    this.#fills = fills
    this.#sink = sink
  }

  /** The venue's wall clock, stamped on every report from now on. */
  setTime(us: number): void {
    this.#times[0] = us
  }

  /** News of an order for everybody who holds the account; `lots` of what it is about. */
  tell(order: number, kind: VenueReportKind, lots: QtyLots, reason: RejectReason): void {
    const report = this.#openFor(order, kind, reason)
    report.lots = lots
    report.priceTicks = this.#orders.limit[order] as PriceTicks
    this.#sink.onPaperReport(this.#orders.account[order], EVERYBODY, report)
  }

  /** A fill: gets its execution number here. */
  tellFill(
    order: number,
    liquidity: Liquidity,
    price: PriceTicks,
    lots: QtyLots,
    fee: bigint,
    feeInBase: boolean,
  ): void {
    const report = this.#openFor(order, VenueReportKind.fill, RejectReason.none)
    report.lots = lots
    report.priceTicks = price
    report.liquidity = liquidity
    report.feeUnits = toUnits(fee)
    report.feeInBase = feeInBase
    this.#fills.add(this.#orders, order, report)
    this.#sink.onPaperReport(this.#orders.account[order], EVERYBODY, report)
  }

  /** An answer about an order we need not know. */
  answer(account: number, asker: number, id: PaperIdentity, kind: VenueReportKind, reason: RejectReason): void {
    const report = this.#open(kind, reason)
    report.epoch = id.epoch
    report.parentSequence = id.parentSequence
    report.childSequence = id.childSequence
    this.#sink.onPaperReport(account, asker, report)
  }

  answerStatus(order: number, asker: number): void {
    const orders = this.#orders
    const report = this.#openFor(order, VenueReportKind.status, orders.reason[order] as RejectReason)
    report.lots = orders.lots[order] as QtyLots
    report.priceTicks = orders.limit[order] as PriceTicks
    report.isOpen = orders.isOpen(order)
    this.#sink.onPaperReport(orders.account[order], asker, report)
  }

  /** A known execution once more, as it was told first. */
  repeat(account: number, asker: number, execution: number): void {
    const report = this.#open(VenueReportKind.fill, RejectReason.none)
    this.#fills.read(execution, report)
    this.#sink.onPaperReport(account, asker, report)
  }

  answerBalance(account: number, asker: number, asset: number, free: bigint): void {
    const report = this.#open(VenueReportKind.balance, RejectReason.none)
    report.asset = asset
    report.units = toUnits(free)
    this.#sink.onPaperReport(account, asker, report)
  }

  /** Ends the answer to a reconcile; its execution number is the venue's newest. */
  answerReconciled(account: number, asker: number): void {
    const report = this.#open(VenueReportKind.reconciled, RejectReason.none)
    report.execution = this.#fills.last
    this.#sink.onPaperReport(account, asker, report)
  }

  #openFor(order: number, kind: VenueReportKind, reason: RejectReason): VenueReport {
    const report = this.#open(kind, reason)
    report.epoch = this.#orders.epoch[order]
    report.parentSequence = this.#orders.parentSequence[order]
    report.childSequence = this.#orders.childSequence[order]
    report.filledLots = this.#orders.filled[order] as QtyLots
    return report
  }

  /** The one report, wiped. */
  #open(kind: VenueReportKind, reason: RejectReason): VenueReport {
    const report = this.#report
    report.kind = kind
    report.reason = reason
    report.epoch = 0
    report.parentSequence = 0
    report.childSequence = 0
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
    report.venueTimeUs = this.#times[0]
    return report
  }
}

/** What a report can say exactly; a balance beyond it (90 million whole coins) is larger than we say. */
function toUnits(units: bigint): AssetUnits {
  return Math.min(Number(units), Number.MAX_SAFE_INTEGER) as AssetUnits
}
