/**
 * The newest decisions as they were made. All are taken in the same tables, which therefore stay in the nearest cache
 * and keep their listing; of one that was acted on, what is in use is copied into a slot, the oldest is overwritten.
 * (Measured, 32 venues, 64 slots: 0.1 us less an order than deciding in a slot's own tables of 10 KB.)
 */
import { assert } from '../../shared/assert.ts'
import type { Side } from '../../shared/domain/order.ts'
import type { Turn } from '../../shared/turn.ts'
import type { InstrumentIndex, ParentRow } from '../../shared/units/ids.ts'
import { BookPlace, type BookTable, BOOK_SHIFT as bookShift, takenSide as takes } from '../book/book-table.ts'
import type { OrderStore } from '../orders/order-store.ts'
import { ExecutionPlan, type Proof, SCALARS as scalars } from '../plan/execution-plan.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { Column, VenueCandidates } from '../plan/venue-candidates.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Col = Column
const Place = BookPlace
const BOOK_SHIFT = bookShift
const takenSide = takes
const SCALARS = scalars

/** Doubles of a slot: parent and time, the plan's, then five a candidate, its shadow price, four a slice. */
const Wide = { parentSequence: 0, timeUs: 1, nowNs: 2, plan: 3, rows: 3 + SCALARS } as const
/** Words of a slot: then one a candidate (what bound it) and one a slice. Why a candidate was dropped is a byte. */
const Word = {
  route: 0,
  preparedFor: 1,
  candidates: 2,
  slices: 3,
  proof: 4,
  nodes: 5,
  nextRow: 6,
  side: 7,
  hasBounds: 8,
  rows: 9,
}
const PER_ROW = 5
const PER_SLICE = 4

export class Decision {
  readonly candidates = new VenueCandidates()
  readonly plan = new ExecutionPlan()
  /** 0: no order (a quote, or not yet accepted). */
  route = 0
  readonly #wide = new Float64Array(3)
  get parentSequence(): number {
    return this.#wide[0]
  }
  set parentSequence(value: number) {
    this.#wide[0] = value
  }
  get timeUs(): number {
    return this.#wide[1]
  }
  set timeUs(value: number) {
    this.#wide[1] = value
  }

  /** The same on the clock that books are stamped with. */
  get nowNs(): number {
    return this.#wide[2]
  }

  /** Stamps the decision with its order; one call with objects, because doubles as arguments would be boxed. */
  belongTo(store: OrderStore, parent: ParentRow, route: number, turn: Turn): void {
    this.#wide[0] = store.sequence[parent]
    this.#wide[1] = turn.nowUs
    this.#wide[2] = turn.nowNs
    this.route = route
  }
}

/** A slot, read back when it is looked at. Both tables are shared by all slots: they hold until the next look. */
export class KeptDecision {
  readonly #log: DecisionLog
  readonly #slot: number

  constructor(log: DecisionLog, slot: number) {
    this.#log = log
    this.#slot = slot
  }

  get parentSequence(): number {
    return this.#log.parentSequence(this.#slot)
  }

  get candidates(): VenueCandidates {
    return this.#log.read(this.#slot).candidates
  }

  get plan(): ExecutionPlan {
    return this.#log.read(this.#slot).plan
  }
}

export class DecisionLog {
  readonly #books: BookTable
  readonly #listings: ListingTable
  /** Tables to decide in, by how many decisions are being carried out: a door may bring news before it returns. */
  readonly #working = [new Decision()]
  #depth = 0
  readonly #kept: readonly KeptDecision[]
  readonly #read = new Decision()
  /** Candidates of a decision at most. */
  readonly #rows: number
  readonly #wide: Float64Array
  readonly #words: Int32Array
  readonly #dropped: Uint8Array
  readonly #wideStride: number
  readonly #wordStride: number
  #next = 0

  constructor(kept: number, tables: { books: BookTable; listings: ListingTable }) {
    const { books, listings } = tables
    this.#books = books
    const rows = listings.venues.length
    this.#listings = listings
    this.#rows = rows
    this.#wideStride = Wide.rows + rows * (PER_ROW + 1 + PER_SLICE)
    this.#wordStride = Word.rows + rows * 2
    this.#wide = new Float64Array(kept * this.#wideStride)
    this.#words = new Int32Array(kept * this.#wordStride)
    this.#dropped = new Uint8Array(kept * rows)
    this.#kept = Array.from({ length: kept }, (_, slot) => new KeptDecision(this, slot))
  }

  /** The tables of the next decision, wiped of the order they belonged to. */
  open(): Decision {
    const decision = this.#working[this.#depth]
    decision.parentSequence = 0
    decision.route = 0
    return decision
  }

  /**
   * The open decision is acted on: it takes a slot, and stays as it is until `release`, whatever is decided meanwhile.
   * What led to nothing pushes nothing out. O(candidates).
   */
  keep(decision: Decision): KeptDecision {
    const slot = this.#next
    this.#next = slot + 1 === this.#kept.length ? 0 : slot + 1
    this.#writeHead(decision, slot)
    this.#writeRows(decision, slot)
    this.#writeSlices(decision.plan, slot)
    this.#depth++
    if (this.#depth === this.#working.length) this.#working.push(new Decision())
    return this.#kept[slot]
  }

  /** The kept decision is carried out. */
  release(): void {
    this.#depth--
  }

  /**
   * The decision of an order's route, or undefined when it is overwritten; it holds until the next look at any. What
   * moves only within a decision (caps and limits of a row) is not kept. O(kept).
   */
  find(parentSequence: number, route: number): Decision | undefined {
    const slot = this.#kept.findIndex(
      (_, at) => this.parentSequence(at) === parentSequence && this.#route(at) === route,
    )
    return slot === -1 ? undefined : this.read(slot)
  }

  parentSequence(slot: number): number {
    return this.#wide[slot * this.#wideStride + Wide.parentSequence]
  }

  #route(slot: number): number {
    return this.#words[slot * this.#wordStride + Word.route]
  }

  #writeHead(decision: Decision, slot: number): void {
    const { candidates, plan } = decision
    const wide = this.#wide
    const words = this.#words
    const at = slot * this.#wideStride
    const word = slot * this.#wordStride
    wide[at + Wide.parentSequence] = decision.parentSequence
    wide[at + Wide.timeUs] = decision.timeUs
    wide[at + Wide.nowNs] = decision.nowNs
    plan.writeScalars(wide, at + Wide.plan)
    words[word + Word.route] = decision.route
    words[word + Word.preparedFor] = candidates.preparedFor
    words[word + Word.candidates] = candidates.count
    words[word + Word.slices] = plan.count
    words[word + Word.proof] = plan.proof
    words[word + Word.nodes] = plan.nodes
    words[word + Word.nextRow] = plan.nextRow
    words[word + Word.side] = plan.side
    words[word + Word.hasBounds] = plan.hasBounds ? 1 : 0
  }

  #writeRows(decision: Decision, slot: number): void {
    const { count, dropped, bookRow, wide: columns } = decision.candidates
    const { block } = this.#books
    const place = takenSide(decision.plan.side) * 2
    const wide = this.#wide
    const out = this.#dropped
    let to = slot * this.#wideStride + Wide.rows
    const byte = slot * this.#rows
    for (let row = 0; row < count; row++) {
      const at = bookRow[row] << BOOK_SHIFT
      wide[to] = block[at + place]
      wide[to + 1] = block[at + place + 1]
      wide[to + 2] = block[at + Place.updatedNs]
      wide[to + 3] = columns[Col.latencyNs + row]
      wide[to + 4] = columns[Col.timePpm + row]
      to += PER_ROW
      out[byte + row] = dropped[row]
    }
    if (decision.plan.hasBounds) this.#writeBounds(decision, slot)
  }

  #writeBounds(decision: Decision, slot: number): void {
    const { binding, shadowPrice } = decision.plan
    const to = slot * this.#wideStride + Wide.rows + this.#rows * PER_ROW
    const word = slot * this.#wordStride + Word.rows
    for (let row = 0; row < decision.candidates.count; row++) {
      this.#wide[to + row] = shadowPrice[row]
      this.#words[word + row] = binding[row]
    }
  }

  #writeSlices(plan: ExecutionPlan, slot: number): void {
    const wide = this.#wide
    let to = slot * this.#wideStride + Wide.rows + this.#rows * (PER_ROW + 1)
    const word = slot * this.#wordStride + Word.rows + this.#rows
    for (let at = 0; at < plan.count; at++) {
      wide[to] = plan.lots[at]
      wide[to + 1] = plan.limitTicks[at]
      wide[to + 2] = plan.notional[at]
      wide[to + 3] = plan.effective[at]
      to += PER_SLICE
      this.#words[word + at] = plan.row[at]
    }
  }

  /** Cold: a slot as it was decided, in the one decision that is read into. */
  read(slot: number): Decision {
    const decision = this.#read
    decision.parentSequence = this.parentSequence(slot)
    decision.timeUs = this.#wide[slot * this.#wideStride + Wide.timeUs]
    decision.route = this.#route(slot)
    this.#readCandidates(decision.candidates, slot)
    this.#readPlan(decision.plan, slot)
    return decision
  }

  #readCandidates(candidates: VenueCandidates, slot: number): void {
    const words = this.#words
    const word = slot * this.#wordStride
    const key = words[word + Word.preparedFor]
    candidates.reset()
    candidates.listAll(this.#listings, (key >> 1) as InstrumentIndex, words[word + Word.side] as Side)
    assert(candidates.count === words[word + Word.candidates], 'who lists an instrument does not change')
    for (let row = 0; row < candidates.count; row++) {
      const from = slot * this.#wideStride + Wide.rows + row * PER_ROW
      candidates.dropped[row] = this.#dropped[slot * this.#rows + row]
      candidates.bestTicks[row] = this.#wide[from]
      candidates.bestLots[row] = this.#wide[from + 1]
      candidates.ageNs[row] = this.#wide[slot * this.#wideStride + Wide.nowNs] - this.#wide[from + 2]
      candidates.latencyNs[row] = this.#wide[from + 3]
      candidates.priceTime(row, this.#wide[from + 4], words[word + Word.side] as Side)
    }
    candidates.preparedFor = key
  }

  #readPlan(plan: ExecutionPlan, slot: number): void {
    const words = this.#words
    const word = slot * this.#wordStride
    const shadows = slot * this.#wideStride + Wide.rows + this.#rows * PER_ROW
    plan.reset(words[word + Word.side] as Side)
    for (let at = 0; at < words[word + Word.slices]; at++) {
      const from = shadows + this.#rows + at * PER_SLICE
      const wide = this.#wide
      plan.add(words[word + Word.rows + this.#rows + at], wide[from], wide[from + 1], wide[from + 2], wide[from + 3])
    }
    if (words[word + Word.hasBounds] === 1) {
      for (let row = 0; row < words[word + Word.candidates]; row++) {
        plan.bind(row, words[word + Word.rows + row], this.#wide[shadows + row])
      }
    }
    plan.readScalars(this.#wide, slot * this.#wideStride + Wide.plan)
    plan.proof = words[word + Word.proof] as Proof
    plan.nodes = words[word + Word.nodes]
    plan.nextRow = words[word + Word.nextRow]
  }
}
