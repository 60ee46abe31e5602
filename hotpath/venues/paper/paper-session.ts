/** One connection to a paper exchange, without the I/O: bytes in, bytes out, and what is on its way in between. */
import type { MonoNs } from '../../../shared/units/time.ts'
import { DelayLine } from './delay-line.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { FrameReader, type FrameSink } from './frame-reader.ts'

const KIB = 1_024
const MIB = 1_048_576
/** A hello is the longest that a router sends. */
const FRAME_BYTES_MAX = 4 * KIB
/** Commands and reports of one venue on their way. */
const COMMAND_BYTES_MAX = MIB
const REPORT_BYTES_MAX = 16 * MIB
/** Above this, book updates are skipped and told whole later; reports are not. */
const CONFLATE_BYTES = 2 * MIB
/** Nobody reads: the connection is closed, and its reports are to be had by query and reconcile. */
const OUTBOX_BYTES_MAX = 64 * MIB

/** What a session wants of one book. */
export const BookDepth = { none: 0, top: 1, all: 2 } as const
export type BookDepth = (typeof BookDepth)[keyof typeof BookDepth]

/** Whom a session belongs to. */
export interface SessionOwner {
  /** False: the frame makes no sense and the connection ends. */
  onFrame(session: PaperSession, view: DataView, at: number, nowNs: MonoNs): boolean
  onSessionClosed(session: PaperSession): void
}

export class PaperSession implements FrameSink {
  /** Never repeated; 0 is nobody. */
  readonly serial: number
  readonly #owner: SessionOwner
  readonly #reader = new FrameReader(FRAME_BYTES_MAX)
  readonly #times = new Float64Array(1)
  #isOpen = true
  /** Row of the account; -1 before the hello. */
  account = -1
  readonly outbox = new FrameBuffer(64 * KIB, OUTBOX_BYTES_MAX)
  /** Bytes that the transport took and has not sent. */
  backlogBytes = 0
  /** By venue. */
  readonly commands: readonly DelayLine[]
  readonly reports: readonly DelayLine[]
  /** By book row: how deep it is told, whether its changes may be, and whether it has to be told whole. */
  readonly depth: Uint8Array
  readonly isLive: Uint8Array
  readonly needsSnapshot: Uint8Array
  snapshotsNeeded = 0

  constructor(serial: number, owner: SessionOwner, size: { venues: number; books: number }) {
    this.serial = serial
    this.#owner = owner
    this.commands = Array.from({ length: size.venues }, () => new DelayLine(COMMAND_BYTES_MAX))
    this.reports = Array.from({ length: size.venues }, () => new DelayLine(REPORT_BYTES_MAX))
    this.depth = new Uint8Array(size.books)
    this.isLive = new Uint8Array(size.books)
    this.needsSnapshot = new Uint8Array(size.books)
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Nothing of it is on its way any more. */
  get isSpent(): boolean {
    return !this.#isOpen && this.commands.every((line) => line.dueNs === Number.POSITIVE_INFINITY)
  }

  get hasHello(): boolean {
    return this.account >= 0
  }

  /** The reader at the other end is too slow for every change. */
  get isBehind(): boolean {
    return this.outbox.length + this.backlogBytes > CONFLATE_BYTES
  }

  /** Bytes from the other end. False: the connection is closed, by nonsense or before. */
  receive(bytes: Uint8Array, nowNs: MonoNs): boolean {
    if (!this.#isOpen) return false
    this.#times[0] = nowNs
    if (!this.#reader.read(bytes, this)) this.close()
    return this.#isOpen
  }

  onFrame(view: DataView, at: number): boolean {
    return this.#owner.onFrame(this, view, at, this.#times[0] as MonoNs)
  }

  /** What is to be sent now; empty when there is nothing. */
  take(): Uint8Array {
    return this.outbox.take()
  }

  /** The other end is gone or not wanted. Commands already on their way still arrive, as on a real network. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#owner.onSessionClosed(this)
  }

  /** From now on this book is told from its next snapshot. */
  wantSnapshot(book: number): void {
    this.isLive[book] = 0
    if (this.needsSnapshot[book] === 1) return
    this.needsSnapshot[book] = 1
    this.snapshotsNeeded++
  }

  doneSnapshot(book: number): void {
    this.needsSnapshot[book] = 0
    this.snapshotsNeeded--
  }
}
