/** The frames a paper exchange sends (layout: paper-frame). */
import type { Liquidity } from '../../../shared/domain/execution-report.ts'
import type { Side } from '../../../shared/domain/order.ts'
import type { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { BookSide } from '../../book/book-table.ts'
import type { VenueReport, VenueReportKind } from '../../orders/venue-report.ts'
import type { FrameBuffer } from './frame-buffer.ts'
import { FrameBytes, FrameKind, frameBytes, frameKind, frameVenue, openFrame } from './paper-frame.ts'

/** Flag of a book frame: what was known before is void. */
const SNAPSHOT = 1
/** Flags of a report frame. */
const FEE_IN_BASE = 1
const IS_OPEN = 2

export function writeReport(buffer: FrameBuffer, report: VenueReport): boolean {
  const at = openFrame(buffer, FrameKind.report, report.venue, FrameBytes.report)
  if (at < 0) return false
  const { view } = buffer
  view.setUint8(at + 8, report.kind)
  view.setUint8(at + 9, report.reason)
  view.setUint8(at + 10, report.liquidity)
  view.setUint8(at + 11, (report.feeInBase ? FEE_IN_BASE : 0) | (report.isOpen ? IS_OPEN : 0))
  view.setUint32(at + 12, report.asset, true)
  view.setUint32(at + 16, report.epoch, true)
  view.setUint32(at + 20, report.childSequence, true)
  view.setFloat64(at + 24, report.parentSequence, true)
  view.setFloat64(at + 32, report.execution, true)
  view.setFloat64(at + 40, report.lots, true)
  view.setFloat64(at + 48, report.priceTicks, true)
  view.setFloat64(at + 56, report.filledLots, true)
  view.setFloat64(at + 64, report.feeUnits, true)
  view.setFloat64(at + 72, report.venueTimeUs, true)
  view.setFloat64(at + 80, report.units, true)
  return true
}

export function readReport(view: DataView, at: number, report: VenueReport): void {
  const flags = view.getUint8(at + 11)
  report.venue = view.getUint16(at + 6, true) as VenueIndex
  report.kind = view.getUint8(at + 8) as VenueReportKind
  report.reason = view.getUint8(at + 9) as RejectReason
  report.liquidity = view.getUint8(at + 10) as Liquidity
  report.feeInBase = (flags & FEE_IN_BASE) !== 0
  report.isOpen = (flags & IS_OPEN) !== 0
  report.asset = view.getUint16(at + 12, true)
  report.epoch = view.getUint32(at + 16, true)
  report.childSequence = view.getUint32(at + 20, true)
  report.parentSequence = view.getFloat64(at + 24, true)
  report.execution = view.getFloat64(at + 32, true)
  report.lots = view.getFloat64(at + 40, true) as QtyLots
  report.priceTicks = view.getFloat64(at + 48, true) as PriceTicks
  report.filledLots = view.getFloat64(at + 56, true) as QtyLots
  report.feeUnits = view.getFloat64(at + 64, true) as AssetUnits
  report.venueTimeUs = view.getFloat64(at + 72, true)
  report.units = view.getFloat64(at + 80, true) as AssetUnits
}

/** Opens a book frame without levels; `appendLevel` adds them one by one. Answers its offset, or -1. */
export function openBook(
  buffer: FrameBuffer,
  venue: VenueIndex,
  instrument: InstrumentIndex,
  sequence: number,
  isSnapshot: boolean,
): number {
  const at = openFrame(buffer, FrameKind.book, venue, FrameBytes.book)
  if (at < 0) return -1
  buffer.view.setUint16(at + 8, instrument, true)
  buffer.view.setUint16(at + 10, isSnapshot ? SNAPSHOT : 0, true)
  buffer.view.setUint32(at + 12, 0, true)
  buffer.view.setFloat64(at + 16, sequence, true)
  return at
}

export function appendLevel(buffer: FrameBuffer, bookAt: number, side: BookSide, price: number, lots: number): boolean {
  const at = buffer.claim(FrameBytes.level)
  if (at < 0) return false
  const { view } = buffer
  view.setUint32(at, price, true)
  view.setUint32(at + 4, side, true)
  view.setFloat64(at + 8, lots, true)
  view.setUint32(bookAt, view.getUint32(bookAt, true) + FrameBytes.level, true)
  view.setUint32(bookAt + 12, view.getUint32(bookAt + 12, true) + 1, true)
  return true
}

export function writePrint(
  buffer: FrameBuffer,
  venue: VenueIndex,
  instrument: InstrumentIndex,
  aggressor: Side,
  price: PriceTicks,
  lots: QtyLots,
  timeUs: number,
): boolean {
  const at = openFrame(buffer, FrameKind.print, venue, FrameBytes.print)
  if (at < 0) return false
  buffer.view.setUint16(at + 8, instrument, true)
  buffer.view.setUint16(at + 10, aggressor, true)
  buffer.view.setUint32(at + 12, price, true)
  buffer.view.setFloat64(at + 16, lots, true)
  buffer.view.setFloat64(at + 24, timeUs, true)
  return true
}

/** Is this news, and as long as its kind and its count say? */
export function isNews(view: DataView, at: number): boolean {
  const bytes = frameBytes(view, at)
  switch (frameKind(view, at)) {
    case FrameKind.report:
      return bytes === FrameBytes.report
    case FrameKind.print:
      return bytes === FrameBytes.print
    case FrameKind.book:
      return bytes >= FrameBytes.book && bytes === FrameBytes.book + levelCount(view, at) * FrameBytes.level
    default:
      return false
  }
}

/** Of a book or print frame. */
export function newsInstrument(view: DataView, at: number): InstrumentIndex {
  return view.getUint16(at + 8, true) as InstrumentIndex
}

export function isSnapshot(view: DataView, at: number): boolean {
  return (view.getUint16(at + 10, true) & SNAPSHOT) !== 0
}

export function levelCount(view: DataView, at: number): number {
  return view.getUint32(at + 12, true)
}

export function bookSequence(view: DataView, at: number): number {
  return view.getFloat64(at + 16, true)
}

/** Offset of a level: the next three read from it. */
export function levelAt(at: number, level: number): number {
  return at + FrameBytes.book + level * FrameBytes.level
}

export function levelPrice(view: DataView, at: number): PriceTicks {
  return view.getUint32(at, true) as PriceTicks
}

export function levelSide(view: DataView, at: number): BookSide {
  return view.getUint32(at + 4, true) as BookSide
}

export function levelLots(view: DataView, at: number): QtyLots {
  return view.getFloat64(at + 8, true) as QtyLots
}

/** A public trade. Reused: the receiver copies what it keeps. */
export class PaperPrint {
  venue = 0 as VenueIndex
  instrument = 0 as InstrumentIndex
  aggressor: Side = 1
  readonly #wide = new Float64Array(3)

  read(view: DataView, at: number): void {
    this.venue = frameVenue(view, at)
    this.instrument = newsInstrument(view, at)
    this.aggressor = view.getUint16(at + 10, true) as Side
    this.#wide[0] = view.getUint32(at + 12, true)
    this.#wide[1] = view.getFloat64(at + 16, true)
    this.#wide[2] = view.getFloat64(at + 24, true)
  }

  get price(): PriceTicks {
    return this.#wide[0] as PriceTicks
  }

  set price(value: PriceTicks) {
    this.#wide[0] = value
  }

  get lots(): QtyLots {
    return this.#wide[1] as QtyLots
  }

  set lots(value: QtyLots) {
    this.#wide[1] = value
  }

  get timeUs(): number {
    return this.#wide[2]
  }

  set timeUs(value: number) {
    this.#wide[2] = value
  }
}
