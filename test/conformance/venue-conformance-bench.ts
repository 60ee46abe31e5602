/** What an implementation brings to the venue conformance suite, and the orders and reports that the suite speaks of. */
import { BookSide } from '../../hotpath/book/book-table.ts'
import { ChildOrder, type VenueReport, VenueReportKind } from '../../hotpath/orders/venue-report.ts'
import type { VenueAdapter } from '../../hotpath/venues/venue-adapter.ts'
import type { Listing } from '../../shared/domain/instrument.ts'
import { Side, TimeInForce } from '../../shared/domain/order.ts'
import { rejectReasonNames } from '../../shared/domain/reject-reason.ts'
import type { InstrumentIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'

export const FIRST_INSTRUMENT = 0 as InstrumentIndex

export interface VenueBench {
  readonly adapter: VenueAdapter
  /** Rules in force; the tests read grids and minimums from it. Its fee side is the quote. */
  readonly listing: Listing
  /** Everything the adapter told so far, oldest first. */
  readonly reports: readonly ReportCopy[]
  /** 'up 0', 'down 0' as they came. */
  readonly news: readonly string[]
  /** Lets time pass; after `settleMs` everything on its way has arrived. What it answers is awaited: nothing, or a promise. */
  pass(ms: number): unknown
  readonly settleMs: number
  nowUs(): number
  /** The venue's own market: one update of the book, or a trade of others. */
  update(levels: readonly (readonly [BookSide, number, number])[]): void
  trade(aggressor: typeof BUY | typeof SELL, price: number, lots: number): void
  /** The link breaks until it is mended. */
  cut(): void
  mend(): void
  /** Orders the venue takes at once before it says rateLimited. */
  readonly burst: number
}

/** What an implementation does not offer, each with the reason. */
export interface VenueGaps {
  readonly gtd?: string
  readonly rateLimit?: string
  readonly replace?: string
  /** Execution numbers that grow. */
  readonly growing?: string
  /** Why an order ended that nobody canceled. */
  readonly endReasons?: string
  /** Reconcile leaves out fills up to the number it is given. */
  readonly fillsAfter?: string
}

/** A report as it was, with its words readable in a failed test. */
export type ReportCopy = ReturnType<typeof copyReport>

const kindNames = Object.keys(VenueReportKind) as (keyof typeof VenueReportKind)[]

export function copyReport(report: VenueReport) {
  return {
    venue: report.venue as number,
    kind: kindNames[report.kind],
    parent: report.parentSequence,
    child: report.childSequence,
    reason: rejectReasonNames[report.reason],
    liquidity: report.liquidity as number,
    feeInBase: report.feeInBase,
    isOpen: report.isOpen,
    asset: report.asset,
    execution: report.execution,
    lots: report.lots as number,
    price: report.priceTicks as number,
    filled: report.filledLots as number,
    fee: report.feeUnits as number,
    timeUs: report.venueTimeUs,
    units: report.units as number,
  }
}

/** A child order as tests write it; GTC unless said otherwise. */
export function testOrder(
  side: Side,
  price: number,
  lots: number,
  terms: {
    tif?: keyof typeof TimeInForce
    postOnly?: boolean
    deadlineUs?: number
    parent?: number
    child?: number
  } = {},
): ChildOrder {
  const order = new ChildOrder()
  order.instrument = FIRST_INSTRUMENT
  order.side = side
  order.timeInForce = TimeInForce[terms.tif ?? 'gtc']
  order.postOnly = terms.postOnly ?? false
  order.epoch = 1
  order.parentSequence = terms.parent ?? 1
  order.childSequence = terms.child ?? 1
  order.lots = lots as QtyLots
  order.limitTicks = price as PriceTicks
  order.deadlineUs = terms.deadlineUs ?? 0
  return order
}

export const BID = BookSide.bid
export const ASK = BookSide.ask
export const BUY = Side.buy
export const SELL = Side.sell
