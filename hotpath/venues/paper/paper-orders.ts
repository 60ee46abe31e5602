/**
 * Every order a paper venue remembers, open or ended, as columns: a row per order. Open rows hang in their price level's
 * queue by `next` and `previous`; ended rows hang in the order they ended, and the oldest makes room for a new one.
 */
import { assert } from '../../../shared/assert.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { QtyLots } from '../../../shared/units/ticks.ts'
import type { ChildOrder } from '../../orders/venue-report.ts'

export const PaperState = { open: 0, filled: 1, canceled: 2, expired: 3, rejected: 4 } as const
export type PaperState = (typeof PaperState)[keyof typeof PaperState]

/** Ended orders remembered a venue; a repeated client order id is known at least this long. */
export const ENDED_ORDERS_KEPT = 131_072
export const NO_ORDER = -1
/** The order brings no self-trade mode of its own: the book's holds. */
export const BOOK_MODE = 255
const ROWS_FIRST = 256

type Column = Uint8Array | Uint16Array | Int32Array | Float64Array

export class PaperOrders {
  account = new Uint16Array(ROWS_FIRST)
  instrument = new Uint16Array(ROWS_FIRST)
  epoch = new Int32Array(ROWS_FIRST)
  childSequence = new Int32Array(ROWS_FIRST)
  parentSequence = new Float64Array(ROWS_FIRST)
  side = new Uint8Array(ROWS_FIRST)
  timeInForce = new Uint8Array(ROWS_FIRST)
  state = new Uint8Array(ROWS_FIRST)
  /** Why it ended. */
  reason = new Uint8Array(ROWS_FIRST)
  limit = new Float64Array(ROWS_FIRST)
  lots = new Float64Array(ROWS_FIRST)
  filled = new Float64Array(ROWS_FIRST)
  deadlineUs = new Float64Array(ROWS_FIRST)
  /** SelfTrade of this order as taker, or BOOK_MODE. */
  selfTrade = new Uint8Array(ROWS_FIRST)
  /** Background lots at the same price that trade before this order. */
  queueAhead = new Float64Array(ROWS_FIRST)
  /** Execution number of its newest fill; 0 for none. */
  lastExecution = new Float64Array(ROWS_FIRST)
  next = new Int32Array(ROWS_FIRST)
  previous = new Int32Array(ROWS_FIRST)
  /** AssetUnits still held: of quote for a buy, of base for a sell. */
  readonly held: bigint[] = []

  #rows = 0
  #endedFirst = NO_ORDER
  #endedLast = NO_ORDER
  #endedCount = 0
  /** Open addressing, linear probing: row + 1, or 0 for a free slot. At most half full. */
  #slots = new Int32Array(ROWS_FIRST * 2)

  left(row: number): QtyLots {
    return (this.lots[row] - this.filled[row]) as QtyLots
  }

  isOpen(row: number): boolean {
    return this.state[row] === PaperState.open
  }

  /** Row of an account's order by identity, or NO_ORDER. O(1). */
  find(account: number, epoch: number, parent: number, child: number): number {
    return this.#slots[this.#slotOf(account, epoch, parent, child)] - 1
  }

  /** A new open row. O(1), amortised. */
  add(account: number, order: ChildOrder): number {
    const row = this.#endedCount > ENDED_ORDERS_KEPT ? this.#forgetOldest() : this.#appendRow()
    this.account[row] = account
    this.instrument[row] = order.instrument
    this.epoch[row] = order.epoch
    this.childSequence[row] = order.childSequence
    this.parentSequence[row] = order.parentSequence
    this.side[row] = order.side
    this.timeInForce[row] = order.timeInForce
    this.state[row] = PaperState.open
    this.reason[row] = RejectReason.none
    this.limit[row] = order.limitTicks
    this.lots[row] = order.lots
    this.filled[row] = 0
    this.deadlineUs[row] = order.deadlineUs
    this.selfTrade[row] = BOOK_MODE
    this.queueAhead[row] = 0
    this.lastExecution[row] = 0
    this.next[row] = NO_ORDER
    this.previous[row] = NO_ORDER
    this.held[row] = 0n
    const slot = this.#slotOf(account, order.epoch, order.parentSequence, order.childSequence)
    assert(this.#slots[slot] === 0, 'an identity is new')
    this.#slots[slot] = row + 1
    return row
  }

  /** The order has left its queue and will not change again. O(1). */
  end(row: number, state: PaperState, reason: RejectReason): void {
    assert(this.state[row] === PaperState.open, 'an order ends once')
    this.state[row] = state
    this.reason[row] = reason
    this.next[row] = NO_ORDER
    if (this.#endedLast === NO_ORDER) this.#endedFirst = row
    else this.next[this.#endedLast] = row
    this.#endedLast = row
    this.#endedCount++
  }

  #appendRow(): number {
    if (this.#rows === this.state.length) this.#grow(this.#rows * 2)
    return this.#rows++
  }

  #forgetOldest(): number {
    const row = this.#endedFirst
    this.#endedFirst = this.next[row]
    this.#endedCount--
    this.#freeSlot(this.#slotOfRow(row))
    return row
  }

  #grow(rows: number): void {
    this.account = widened(this.account, rows)
    this.instrument = widened(this.instrument, rows)
    this.epoch = widened(this.epoch, rows)
    this.childSequence = widened(this.childSequence, rows)
    this.parentSequence = widened(this.parentSequence, rows)
    this.side = widened(this.side, rows)
    this.timeInForce = widened(this.timeInForce, rows)
    this.state = widened(this.state, rows)
    this.reason = widened(this.reason, rows)
    this.limit = widened(this.limit, rows)
    this.lots = widened(this.lots, rows)
    this.filled = widened(this.filled, rows)
    this.deadlineUs = widened(this.deadlineUs, rows)
    this.selfTrade = widened(this.selfTrade, rows)
    this.queueAhead = widened(this.queueAhead, rows)
    this.lastExecution = widened(this.lastExecution, rows)
    this.next = widened(this.next, rows)
    this.previous = widened(this.previous, rows)
    const slots = this.#slots
    this.#slots = new Int32Array(rows * 2)
    for (const entry of slots) if (entry !== 0) this.#slots[this.#slotOfRow(entry - 1)] = entry
  }

  #slotOfRow(row: number): number {
    return this.#slotOf(this.account[row], this.epoch[row], this.parentSequence[row], this.childSequence[row])
  }

  /** Slot that holds this identity, or the free one where it belongs. */
  #slotOf(account: number, epoch: number, parent: number, child: number): number {
    const mask = this.#slots.length - 1
    let slot = identityHash(account, epoch, parent, child) & mask
    while (this.#slots[slot] !== 0) {
      const row = this.#slots[slot] - 1
      if (
        this.parentSequence[row] === parent &&
        this.childSequence[row] === child &&
        this.epoch[row] === epoch &&
        this.account[row] === account
      )
        break
      slot = (slot + 1) & mask
    }
    return slot
  }

  /** Closes the gap behind a freed slot (Knuth 6.4 R), so that no probe ends too early. */
  #freeSlot(freed: number): void {
    const mask = this.#slots.length - 1
    let hole = freed
    for (let slot = (hole + 1) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] - 1
      const home =
        identityHash(this.account[row], this.epoch[row], this.parentSequence[row], this.childSequence[row]) & mask
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      this.#slots[hole] = row + 1
      hole = slot
    }
    this.#slots[hole] = 0
  }
}

/** Murmur3's finaliser over the four numbers. */
function identityHash(account: number, epoch: number, parent: number, child: number): number {
  let hash = Math.imul((parent % 4294967296) | 0, 0x9e3779b1) ^ Math.imul((parent / 4294967296) | 0, 0x85ebca6b)
  hash = Math.imul(hash ^ Math.imul(child, 0xc2b2ae35) ^ Math.imul(epoch, 0x27d4eb2f) ^ account, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

export function widened<Kind extends Column>(column: Kind, rows: number): Kind {
  const wider = new (column.constructor as new (rows: number) => Kind)(rows)
  wider.set(column)
  return wider
}
