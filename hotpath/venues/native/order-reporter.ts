/**
 * What a dialect reads out of the venue's words, as reports in our units: ours sorted from others', each fact told once,
 * every number exact or not told at all.
 */
import { Liquidity } from '../../../shared/domain/execution-report.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { PRICE_TICKS_MAX } from '../../../shared/limits.ts'
import { parseChildId, type VenueIndex } from '../../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { US_PER_MS } from '../../../shared/units/time.ts'
import { VenueReport, VenueReportKind } from '../../orders/venue-report.ts'
import { executionNumber } from './execution-number.ts'
import { feeAgainstUs, feeAtListedRate, floorBalance } from './fee-units.ts'
import { FillLog, type ToldFill } from './fill-log.ts'
import { decimalWord } from './json-words.ts'
import type { NativeCounters } from './native-counters.ts'
import type { NamedOrder, OrderNews, VenueFill, VenueStatus } from './order-dialect.ts'
import type { Identity, OrderTable, TrackedOrder } from './order-table.ts'
import type { VenueUnits } from './venue-units.ts'

/** The venue's own orders that are not ours, remembered so that they are asked about once. */
const STRANGERS_MAX = 4_096

export interface ReporterParts {
  readonly venue: VenueIndex
  readonly orders: OrderTable
  /** By the venue's symbol name. */
  readonly units: ReadonlyMap<string, VenueUnits>
  /** Row of each asset's balance. */
  readonly assets: readonly string[]
  readonly counters: NativeCounters
  readonly tell: (report: VenueReport) => void
}

/** An execution whose order we cannot name yet. */
export interface Stranger {
  readonly symbolName: string
  readonly venueId: string
}

const ENDS = {
  canceled: VenueReportKind.canceled,
  expired: VenueReportKind.expired,
  rejected: VenueReportKind.rejected,
} as const

export class OrderReporter implements OrderNews {
  readonly #parts: ReporterParts
  readonly #report = new VenueReport()
  readonly fills = new FillLog()
  /** Answering a question: what is known is told again, fills only after number `#repeatAfter` of the log. */
  #isRepeating = false
  #repeatAfter = 0
  readonly #strangers = new Map<string, Stranger>()
  readonly #foreign = new Set<string>()
  /** What the stream said of balances, not told yet; and, while a full answer is read, the rows it told. */
  readonly #balances = new Map<number, AssetUnits>()
  #answeredRows: Set<number> | undefined

  constructor(parts: ReporterParts) {
    this.#parts = parts
    this.#report.venue = parts.venue
  }

  /** While `tell` runs everything is told again, fills only those after `at` of the log. */
  repeating(at: number, tell: () => void): void {
    const was = this.#isRepeating
    const wasAfter = this.#repeatAfter
    this.#isRepeating = true
    this.#repeatAfter = at
    try {
      tell()
    } finally {
      this.#isRepeating = was
      this.#repeatAfter = wasAfter
    }
  }

  /** Executions since the last call whose orders nobody has named. */
  takeStrangers(): readonly Stranger[] {
    const taken = [...this.#strangers.values()]
    this.#strangers.clear()
    return taken
  }

  onAccepted(named: NamedOrder): void {
    const order = this.#find(named)
    if (order === undefined || order.isAccepted || order.isEnded) return
    order.isAccepted = true
    this.#tellOrder(VenueReportKind.accepted, order, RejectReason.none, order.filledLots, named.timeMs, order.lots)
  }

  onFill(fill: VenueFill): void {
    const known = this.fills.find(fill.symbolName, fill.executionId)
    if (known !== undefined) {
      if (this.#isRepeating && known.at > this.#repeatAfter) this.#tellFill(known)
      return
    }
    const order = this.#find(fill)
    if (order === undefined) return
    const told = this.#convert(order, fill)
    if (told === undefined) this.#parts.counters.noteNonsense(`fill of ${fill.symbolName}`)
    else this.#tellFill(told)
  }

  onEnded(named: NamedOrder, how: keyof typeof ENDS, reason: RejectReason, filled: string): void {
    const order = this.#find(named)
    if (order === undefined || order.isEnded) return
    if (named.venueId !== '' && named.venueId === order.oldVenueId) return
    if (order.isReplacing && how === 'canceled') {
      order.heldEnd = { filled, timeMs: named.timeMs }
      return
    }
    this.#end(order, ENDS[how], reason, filled, named.timeMs)
  }

  onStatus(status: VenueStatus): void {
    const order = this.#find(status)
    if (order === undefined || !this.#isRepeating) return
    const filled = order.units.lotsOf(status.filled)
    if (filled < 0) {
      this.#parts.counters.noteNonsense(`status of ${status.symbolName}`)
      return
    }
    this.#takeTerms(order, status.price, status.quantity)
    if (order.isReplacing && status.isOpen && status.venueId !== order.venueId) {
      this.#parts.orders.moveVenueId(order, status.venueId)
      this.#tellReplaced(order, status.timeMs)
    }
    if (!status.isOpen) this.#parts.orders.end(order)
    else order.isAccepted = true
    order.isReplacing = false
    order.heldEnd = undefined
    const report = this.#open(VenueReportKind.status, order, status.timeMs)
    report.isOpen = status.isOpen
    report.lots = order.lots as QtyLots
    report.priceTicks = order.ticks as PriceTicks
    report.filledLots = filled as QtyLots
    this.#parts.tell(report)
  }

  onReplaced(named: NamedOrder, price: string, quantity: string): void {
    const order = this.#find(named)
    if (order === undefined || order.isEnded) return
    this.#takeTerms(order, price, quantity)
    this.#parts.orders.moveVenueId(order, named.venueId)
    order.isReplacing = false
    order.heldEnd = undefined
    this.#tellReplaced(order, named.timeMs)
  }

  /**
   * Of a full answer: told at once. Of the stream: kept for a quiet moment (`tellBalances`), because a balance that a
   * request of ours has overtaken would give free what the core has reserved for it.
   */
  onBalance(asset: string, free: string): void {
    const row = this.#parts.assets.indexOf(asset)
    const word = decimalWord(free)
    if (row < 0 || word === '') return
    if (this.#answeredRows === undefined) this.#balances.set(row, floorBalance(word))
    else {
      this.#answeredRows.add(row)
      this.#tellBalance(row, floorBalance(word))
    }
  }

  /** Balances that the stream told since the last call; for a moment when nothing of ours is on its way. */
  tellBalances(): number {
    const told = this.#balances.size
    for (const [row, units] of this.#balances) this.#tellBalance(row, units)
    this.#balances.clear()
    return told
  }

  /** A full answer: assets of `rows` that it leaves out are zero, told when `look` says that it was readable. */
  answerBalances(rows: readonly number[], look: () => boolean): void {
    const answered = new Set<number>()
    this.#answeredRows = answered
    this.#balances.clear()
    try {
      if (!look()) return
      for (const row of rows) if (!answered.has(row)) this.#tellBalance(row, 0 as AssetUnits)
    } finally {
      this.#answeredRows = undefined
    }
  }

  /** The order did not get in, and that is certain. */
  tellRefused(order: TrackedOrder, reason: RejectReason, timeMs: number): void {
    if (reason === RejectReason.duplicateClientOrderId || order.isAccepted) {
      this.#tellOrder(VenueReportKind.rejected, order, reason, order.filledLots, timeMs, order.lots)
    } else if (!order.isEnded) this.#end(order, VenueReportKind.rejected, reason, '', timeMs)
  }

  /** An answer about an identity that need not be an order we know. */
  tellAnswer(kind: VenueReportKind, identity: Identity, reason: RejectReason, timeMs: number): void {
    const report = this.#open(kind, identity, timeMs)
    report.reason = reason
    this.#parts.tell(report)
  }

  /** The replace was refused: what was held back of the old order's end is told now. */
  tellReplaceRefused(order: TrackedOrder, reason: RejectReason, timeMs: number): void {
    const held = order.heldEnd
    order.isReplacing = false
    order.heldEnd = undefined
    this.tellAnswer(VenueReportKind.replaceRejected, order, reason, timeMs)
    if (held !== undefined)
      this.#end(order, VenueReportKind.canceled, RejectReason.userCancel, held.filled, held.timeMs)
  }

  tellReconciled(execution: number, timeMs: number): void {
    const report = this.#open(VenueReportKind.reconciled, undefined, timeMs)
    report.execution = execution
    this.#parts.tell(report)
  }

  /** The order of ours that this is about; one of an earlier life is taken up. Others are counted. */
  #find(named: NamedOrder): TrackedOrder | undefined {
    const { orders, units, counters } = this.#parts
    let order = named.clientId === '' ? undefined : orders.ofClientId(named.clientId)
    if (order === undefined && named.venueId !== '') order = orders.ofVenueId(named.symbolName, named.venueId)
    const key = `${named.symbolName} ${named.venueId}`
    if (order === undefined && parseChildId(named.clientId) !== undefined) {
      const known = units.get(named.symbolName)
      if (known !== undefined) order = orders.track(named.clientId, known)
    }
    if (order !== undefined) {
      orders.learnVenueId(order, named.venueId)
      return order
    }
    if (named.clientId === '' && named.venueId !== '' && units.has(named.symbolName) && !this.#foreign.has(key)) {
      if (this.#strangers.size < STRANGERS_MAX) {
        this.#strangers.set(key, { symbolName: named.symbolName, venueId: named.venueId })
      }
      return undefined
    }
    if (named.venueId !== '' && this.#foreign.size < STRANGERS_MAX) this.#foreign.add(key)
    counters.foreign++
    return undefined
  }

  /** The fill in our units, remembered; undefined when it cannot be said exactly. */
  #convert(order: TrackedOrder, fill: VenueFill): ToldFill | undefined {
    const { units } = order
    const lots = units.lotsOf(fill.quantity)
    const ticks = units.ticksOf(fill.price)
    const fee = decimalWord(fill.fee)
    const isSound = lots > 0 && ticks > 0 && ticks <= PRICE_TICKS_MAX && fill.executionId !== ''
    if (!isSound || fill.symbolName !== units.symbol.name) return undefined
    order.filledLots += lots
    const told = fill.cumulative === '' ? -1 : units.lotsOf(fill.cumulative)
    const { base, quote } = units.instrument
    const isFree = /^-?0+(\.0+)?$/.test(fee)
    const isEstimated = fee === '' || (!isFree && fill.feeAsset !== base && fill.feeAsset !== quote)
    if (isEstimated) this.#parts.counters.feesEstimated++
    const added = this.fills.add(fill.symbolName, fill.executionId, {
      order,
      execution: executionNumber(fill.symbolName, fill.executionId),
      lots,
      ticks,
      filledLots: told >= 0 ? told : order.filledLots,
      feeUnits: isEstimated
        ? feeAtListedRate(units.instrument, units.listing, ticks, lots, fill.isMaker)
        : feeAgainstUs(fee),
      feeInBase: !isFree && !isEstimated && fill.feeAsset === base,
      isMaker: fill.isMaker,
      timeMs: fill.timeMs,
    })
    if (order.lots > 0 && order.filledLots >= order.lots) this.#parts.orders.end(order)
    return added
  }

  #tellFill(fill: ToldFill): void {
    const report = this.#open(VenueReportKind.fill, fill.order, fill.timeMs)
    report.liquidity = fill.isMaker ? Liquidity.maker : Liquidity.taker
    report.feeInBase = fill.feeInBase
    report.execution = fill.execution
    report.lots = fill.lots as QtyLots
    report.priceTicks = fill.ticks as PriceTicks
    report.filledLots = fill.filledLots as QtyLots
    report.feeUnits = fill.feeUnits as AssetUnits
    this.#parts.tell(report)
  }

  #end(order: TrackedOrder, kind: VenueReportKind, reason: RejectReason, filled: string, timeMs: number): void {
    const told = kind === VenueReportKind.rejected && filled === '' ? order.filledLots : order.units.lotsOf(filled)
    if (told < 0) {
      // An end that claims less than was filled frees lots that are gone: not told, the core asks.
      this.#parts.counters.noteNonsense(`end of ${order.units.symbol.name}`)
      return
    }
    this.#parts.orders.end(order)
    this.#tellOrder(kind, order, reason, told, timeMs, Math.max(0, order.lots - told))
  }

  /** `lots`: what it is about. */
  #tellOrder(
    kind: VenueReportKind,
    order: TrackedOrder,
    reason: RejectReason,
    filledLots: number,
    timeMs: number,
    lots: number,
  ): void {
    const report = this.#open(kind, order, timeMs)
    report.reason = reason
    report.lots = lots as QtyLots
    report.priceTicks = order.ticks as PriceTicks
    report.filledLots = filledLots as QtyLots
    this.#parts.tell(report)
  }

  #tellReplaced(order: TrackedOrder, timeMs: number): void {
    this.#tellOrder(VenueReportKind.replaced, order, RejectReason.none, order.filledLots, timeMs, order.lots)
  }

  #tellBalance(row: number, units: AssetUnits): void {
    const report = this.#open(VenueReportKind.balance, undefined, 0)
    report.asset = row
    report.units = units
    this.#parts.tell(report)
  }

  /** Terms of an order of an earlier life, or new ones; unreadable ones are left as they were. */
  #takeTerms(order: TrackedOrder, price: string, quantity: string): void {
    const lots = quantity === '' ? -1 : order.units.lotsOf(quantity)
    const ticks = price === '' ? -1 : order.units.ticksOf(price)
    if (lots > 0) order.lots = lots
    if (ticks > 0) order.ticks = ticks
  }

  /** The one report, wiped. */
  #open(kind: VenueReportKind, identity: Identity | undefined, timeMs: number): VenueReport {
    const report = this.#report
    report.kind = kind
    report.reason = RejectReason.none
    report.epoch = identity?.epoch ?? 0
    report.parentSequence = identity?.parentSequence ?? 0
    report.childSequence = identity?.childSequence ?? 0
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
    report.venueTimeUs = timeMs * US_PER_MS
    return report
  }
}
