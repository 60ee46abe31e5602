/** Binary operations: a frame in, the core's news or a refusal out. The fast lane; allocates one view per message. */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { FrameKind } from '../../shared/wire/order-frame.ts'
import { ReportKind } from '../../shared/wire/report-frame.ts'
import { type Admission, admissions, type Desk } from './desk.ts'
import { FrameEntry } from './frame-entry.ts'
import type { VenueMasks } from './order-rules.ts'
import type { Session } from './session-table.ts'

/** By FrameKind. */
const admissionOf: readonly (Admission | undefined)[] = [
  undefined,
  admissions.new,
  admissions.cancel,
  admissions.replace,
  admissions.status,
  admissions.massCancel,
]

export class FrameDesk {
  readonly #desk: Desk
  readonly #entry: FrameEntry

  constructor(desk: Desk, venueMasks: VenueMasks) {
    const { instruments, venues } = desk.parts.listings
    this.#desk = desk
    this.#entry = new FrameEntry({ instruments: instruments.length, venues: venues.length }, venueMasks)
  }

  /** Answers why the frame was refused, or none. */
  handle(session: Session, frame: Uint8Array): DenyReason {
    const entry = this.#entry
    const { clock, outbox, encoder } = this.#desk.parts
    const reason = entry.decode(frame, clock) || this.#run(session)
    if (reason === DenyReason.none) return reason
    outbox.send(session, encoder.encodeDenied(reason, entry.kind, entry.id, entry.field, entry.request))
    return reason
  }

  /** A message too long to be a frame. */
  refuse(session: Session, reason: DenyReason): void {
    const { outbox, encoder } = this.#desk.parts
    this.#entry.request.reset()
    outbox.send(session, encoder.encodeDenied(reason, 0, 0, 0, this.#entry.request))
  }

  #run(session: Session): DenyReason {
    const entry = this.#entry
    const desk = this.#desk
    const { fanout, outbox, encoder, core } = desk.parts
    const { kind, id, request } = entry
    if (kind === FrameKind.ping) {
      outbox.send(session, encoder.encodeCount(ReportKind.pong, id, 0))
      return DenyReason.none
    }
    const admission = admissionOf[kind]
    if (admission === undefined) return DenyReason.unknownOperation
    const refused = desk.admit(session, admission)
    if (refused !== DenyReason.none) return refused
    fanout.begin('', id)
    switch (kind) {
      case FrameKind.new:
        return desk.newOrder(session, request)
      case FrameKind.cancel:
        return desk.cancelOrder(session, request)
      case FrameKind.replace:
        return desk.replaceOrder(session, request)
      case FrameKind.status:
        return desk.orderStatus(session, request)
      default: {
        const count = core.massCancel(session.account!.index, request.instrument)
        outbox.send(session, encoder.encodeCount(ReportKind.massCancel, id, count))
        return DenyReason.none
      }
    }
  }
}
