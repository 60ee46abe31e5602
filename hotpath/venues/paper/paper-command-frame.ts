/** The frames a router sends (layout: paper-frame), written without garbage and read with suspicion. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import {
  CHILD_SEQUENCE_MAX,
  EPOCH_MAX,
  type InstrumentIndex,
  PARENT_SEQUENCE_MAX,
  type VenueIndex,
} from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { ChildOrder } from '../../orders/venue-report.ts'
import type { FrameBuffer } from './frame-buffer.ts'
import { FrameBytes, FrameKind, frameBytes, frameKind, openFrame } from './paper-frame.ts'

/** In a subscribe frame: every instrument of the venue. */
export const EVERY_INSTRUMENT = 0xffff

export function writePlace(buffer: FrameBuffer, venue: VenueIndex, child: ChildOrder): boolean {
  const at = openFrame(buffer, FrameKind.place, venue, FrameBytes.place)
  if (at < 0) return false
  const { view } = buffer
  view.setUint32(at + 8, child.epoch, true)
  view.setUint32(at + 12, child.childSequence, true)
  view.setFloat64(at + 16, child.parentSequence, true)
  view.setFloat64(at + 24, child.lots, true)
  view.setFloat64(at + 32, child.limitTicks, true)
  view.setFloat64(at + 40, child.deadlineUs, true)
  view.setUint16(at + 48, child.instrument, true)
  view.setUint8(at + 50, child.side)
  view.setUint8(at + 51, child.timeInForce)
  view.setUint32(at + 52, child.postOnly ? 1 : 0, true)
  return true
}

/** cancel or query. */
export function writeIdentity(
  buffer: FrameBuffer,
  kind: typeof FrameKind.cancel | typeof FrameKind.query,
  venue: VenueIndex,
  epoch: number,
  parentSequence: number,
  childSequence: number,
): boolean {
  const at = openFrame(buffer, kind, venue, FrameBytes.identity)
  if (at < 0) return false
  buffer.view.setUint32(at + 8, epoch, true)
  buffer.view.setUint32(at + 12, childSequence, true)
  buffer.view.setFloat64(at + 16, parentSequence, true)
  return true
}

export function writeCancelAll(buffer: FrameBuffer, venue: VenueIndex): boolean {
  return openFrame(buffer, FrameKind.cancelAll, venue, FrameBytes.cancelAll) >= 0
}

export function writeReconcile(buffer: FrameBuffer, venue: VenueIndex, execution: number): boolean {
  const at = openFrame(buffer, FrameKind.reconcile, venue, FrameBytes.reconcile)
  if (at < 0) return false
  buffer.view.setFloat64(at + 8, execution, true)
  return true
}

export function writeSubscribe(
  buffer: FrameBuffer,
  venue: VenueIndex,
  instrument: InstrumentIndex | typeof EVERY_INSTRUMENT,
  allLevels: boolean,
): boolean {
  const at = openFrame(buffer, FrameKind.subscribe, venue, FrameBytes.subscribe)
  if (at < 0) return false
  buffer.view.setFloat64(at + 8, 0, true)
  buffer.view.setUint16(at + 8, instrument, true)
  buffer.view.setUint8(at + 10, allLevels ? 1 : 0)
  return true
}

/** Reads the order of a place frame; false when a field is not what any router of ours writes. */
export function readPlace(view: DataView, at: number, child: ChildOrder): boolean {
  if (!readIdentity(view, at, child)) return false
  child.lots = view.getFloat64(at + 24, true) as QtyLots
  child.limitTicks = view.getFloat64(at + 32, true) as PriceTicks
  child.deadlineUs = view.getFloat64(at + 40, true)
  child.instrument = view.getUint16(at + 48, true) as InstrumentIndex
  child.side = view.getUint8(at + 50) as Side
  child.timeInForce = view.getUint8(at + 51) as TimeInForce
  child.postOnly = view.getUint8(at + 52) === 1
  return (
    isCount(child.lots) &&
    isCount(child.limitTicks) &&
    isCount(child.deadlineUs) &&
    (child.side === Side.buy || child.side === Side.sell) &&
    timesInForce.includes(child.timeInForce) &&
    view.getUint32(at + 52, true) <= 1
  )
}

/** Reads the identity of a place, cancel or query frame into an order. */
export function readIdentity(view: DataView, at: number, child: ChildOrder): boolean {
  child.epoch = view.getUint32(at + 8, true)
  child.childSequence = view.getUint32(at + 12, true)
  child.parentSequence = view.getFloat64(at + 16, true)
  return (
    child.epoch <= EPOCH_MAX &&
    child.childSequence <= CHILD_SEQUENCE_MAX &&
    isCount(child.parentSequence) &&
    child.parentSequence <= PARENT_SEQUENCE_MAX
  )
}

/** Execution number of a reconcile frame, or -1 when it is none. */
export function readExecution(view: DataView, at: number): number {
  const execution = view.getFloat64(at + 8, true)
  return isCount(execution) ? execution : -1
}

export function subscribedInstrument(view: DataView, at: number): number {
  return view.getUint16(at + 8, true)
}

export function subscribesAllLevels(view: DataView, at: number): boolean {
  return view.getUint8(at + 10) === 1
}

/** Is this a command, and as long as its kind says? */
export function isCommand(view: DataView, at: number): boolean {
  return frameBytes(view, at) === commandBytes[frameKind(view, at)]
}

const timesInForce: readonly number[] = Object.values(TimeInForce)

const commandBytes: readonly (number | undefined)[] = (() => {
  const bytes: number[] = []
  bytes[FrameKind.place] = FrameBytes.place
  bytes[FrameKind.cancel] = FrameBytes.identity
  bytes[FrameKind.query] = FrameBytes.identity
  bytes[FrameKind.cancelAll] = FrameBytes.cancelAll
  bytes[FrameKind.reconcile] = FrameBytes.reconcile
  bytes[FrameKind.subscribe] = FrameBytes.subscribe
  return bytes
})()

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
