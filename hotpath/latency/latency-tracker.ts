/**
 * Stamps every order at the boundaries of latency-stage and keeps the distances in a latency board. One clock read a
 * boundary (some 40 ns), none for what a turn's time is good enough for, nothing allocated: times stay in columns,
 * because a double that is an argument or an answer of a call may be boxed.
 *
 * The core calls, in this order: begin, mark … mark, accepted, sent (a child), wired; later acknowledged and filled (a
 * child), reported (a fill), onDisk. What it denies just ends: the next begin starts over.
 */
import { assert } from '../../shared/assert.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Turn } from '../../shared/turn.ts'
import type { ChildRow, ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import { NS_PER_US } from '../../shared/units/time.ts'
import type { Histogram } from '../telemetry/histogram.ts'
import type { LatencyBoard } from './latency-board.ts'
import type { OrderSteps } from './latency-report.ts'
import { type CoreStep, LatencyStage, latencyStageNames } from './latency-stage.ts'

// Bound here: V8 reads an imported binding from its cell at every use, a module's own constant it folds into the code.
const Stage = LatencyStage
const nsPerUs = NS_PER_US

/** A row of stamps: when the message came, then when each step ended; 64 bytes, a cache line. */
const ROW = 8
const Slot = { start: 0, ended: 1, last: 6, now: 7, count: 8 } as const
const STEPS = Stage.wireOut + 1

/** What a venue has said of a child. */
const Heard = { nothing: 0, firstWord: 1, fill: 2 } as const

/** A clock that can write the time into a column does so: what a call answers may be boxed where V8 does not inline it. */
interface ColumnClock extends Clock {
  storeMonoNs?(into: Float64Array, at: number): void
}

export interface LatencyTrackerParts {
  readonly board: LatencyBoard
  readonly clock: ColumnClock
  readonly turn: Turn
  readonly parentsMax: number
  readonly childrenMax: number
}

export class LatencyTracker {
  readonly board: LatencyBoard
  /** By child row: when it was handed to its door; 0: not in this run of the router. */
  readonly sentNs: Float64Array
  readonly #clock: ColumnClock
  readonly #turn: Turn
  readonly #every: number
  readonly #stages: readonly Histogram[]
  /** By parent row, ROW a row. */
  readonly #stamps: Float64Array
  readonly #heard: Uint8Array
  /** The order that is being taken; `last` outlives it. */
  readonly #own = new Float64Array(Slot.count)
  #isStamped = false
  #isOut = false
  #beginsUntilNext = 0
  #reportsUntilNext = 0

  /** `every`: stamp each n-th order and report; 1 all of them, 0 none. Round trips to venues are always measured. */
  constructor(parts: LatencyTrackerParts, every = 1) {
    assert(Number.isInteger(every) && every >= 0, 'every n-th order is stamped')
    this.board = parts.board
    this.sentNs = new Float64Array(parts.childrenMax)
    this.#clock = parts.clock
    this.#turn = parts.turn
    this.#every = every
    this.#stages = Array.from({ length: Stage.durable + 1 }, (_, at) => parts.board.stage(at as LatencyStage))
    this.#stamps = new Float64Array(parts.parentsMax * ROW)
    this.#heard = new Uint8Array(parts.childrenMax)
  }

  /**
   * The core takes an order in the turn it has just begun. `receivedNs` is when the socket handed the message over, on
   * this thread's clock; 0: the order did not come through a socket, and its time begins now.
   */
  begin(request: { readonly receivedNs: number }): void {
    this.#isStamped = this.#isTurnOfOrder()
    this.#isOut = false
    const own = this.#own
    own[Slot.last] = this.#turn.nowNs
    if (!this.#isStamped) return
    for (let slot = 0; slot < Slot.last; slot++) own[slot] = 0
    own[Slot.start] = request.receivedNs > 0 ? request.receivedNs : own[Slot.last]
    if (request.receivedNs === 0) return
    own[Slot.ended + Stage.gatewayIn] = own[Slot.last]
    this.#stages[Stage.gatewayIn].record(own[Slot.last] - own[Slot.start])
  }

  /** A step of the order that is being taken ends here. Reads the clock. */
  mark(step: CoreStep): void {
    if (!this.#isStamped) return
    this.#read()
    const own = this.#own
    this.#stages[step].record(own[Slot.now] - own[Slot.last])
    own[Slot.last] = own[Slot.now]
    own[Slot.ended + step] = own[Slot.now]
  }

  /** The order has a row: its stamps so far move there. */
  accepted(parent: ParentRow): void {
    const at = parent * ROW
    if (!this.#isStamped) {
      this.#stamps[at + Slot.start] = 0
      return
    }
    for (let slot = 0; slot < Slot.last; slot++) this.#stamps[at + slot] = this.#own[slot]
  }

  /** A child goes to its door: after the newest boundary that we know of. `rests`: its fill is the market's time. */
  sent(child: ChildRow, rests: boolean): void {
    const turnNs = this.#turn.nowNs
    const lastNs = this.#own[Slot.last]
    this.sentNs[child] = lastNs > turnNs ? lastNs : turnNs
    this.#heard[child] = rests ? Heard.fill : Heard.nothing
    this.#isOut = true
  }

  /** The first route of the order is out; nothing is measured when it had no child. Reads the clock. */
  wired(parent: ParentRow): void {
    if (!this.#isStamped || !this.#isOut) return
    this.mark(Stage.wireOut)
    const own = this.#own
    this.#stamps[parent * ROW + Slot.ended + Stage.wireOut] = own[Slot.last]
    this.#stages[Stage.orderOut].record(own[Slot.last] - own[Slot.start])
    this.#isStamped = false
  }

  /** The venue has the child in its book, or about to be matched; heard in this turn. */
  acknowledged(child: ChildRow, venue: VenueIndex): void {
    if ((this.#heard[child] & Heard.firstWord) !== 0 || this.sentNs[child] === 0) return
    this.#heard[child] |= Heard.firstWord
    this.board.ack(venue).record(Math.round((this.#turn.nowNs - this.sentNs[child]) / nsPerUs))
  }

  /** A fill of the child was heard in this turn. A venue whose first word is a fill has acknowledged with it. */
  filled(child: ChildRow, venue: VenueIndex): void {
    this.acknowledged(child, venue)
    if ((this.#heard[child] & Heard.fill) !== 0 || this.sentNs[child] === 0) return
    this.#heard[child] |= Heard.fill
    this.board.fill(venue).record(Math.round((this.#turn.nowNs - this.sentNs[child]) / nsPerUs))
  }

  /** The report of the fill that this turn began with is with the gateway. Reads the clock. */
  reported(): void {
    if (!this.#isTurnOfReport()) return
    this.#read()
    this.#stages[Stage.reportOut].record(this.#own[Slot.now] - this.#turn.nowNs)
  }

  /** The acceptance of this order is on disk, as seen in this turn. */
  onDisk(parent: ParentRow): void {
    const startNs = this.#stamps[parent * ROW + Slot.start]
    if (startNs === 0) return
    this.#stages[Stage.durable].record(Math.round((this.#turn.nowNs - startNs) / nsPerUs))
  }

  /** Undefined: it was not stamped, or not in this run of the router. For doors: allocates. */
  stepsOf(parent: ParentRow): OrderSteps | undefined {
    const row = this.#stamps.subarray(parent * ROW, (parent + 1) * ROW)
    const startNs = row[Slot.start]
    if (startNs === 0) return undefined
    const ends = Array.from({ length: STEPS }, (_, stage) => ({ stage, endNs: row[Slot.ended + stage] }))
      .filter(({ endNs }) => endNs > 0)
      .sort((a, b) => a.endNs - b.endNs || a.stage - b.stage)
    const steps = ends.map(({ stage, endNs }, at) => ({
      stage: latencyStageNames[stage],
      us: (endNs - (at === 0 ? startNs : ends[at - 1].endNs)) / nsPerUs,
    }))
    return { totalUs: ((ends.at(-1)?.endNs ?? startNs) - startNs) / nsPerUs, steps }
  }

  #read(): void {
    if (this.#clock.storeMonoNs !== undefined) this.#clock.storeMonoNs(this.#own, Slot.now)
    else this.#own[Slot.now] = this.#clock.monoNs()
  }

  #isTurnOfOrder(): boolean {
    if (this.#every <= 1) return this.#every === 1
    if (this.#beginsUntilNext === 0) this.#beginsUntilNext = this.#every
    this.#beginsUntilNext--
    return this.#beginsUntilNext === this.#every - 1
  }

  #isTurnOfReport(): boolean {
    if (this.#every <= 1) return this.#every === 1
    if (this.#reportsUntilNext === 0) this.#reportsUntilNext = this.#every
    this.#reportsUntilNext--
    return this.#reportsUntilNext === this.#every - 1
  }
}
