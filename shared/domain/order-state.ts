import { assert } from '../assert.ts'

/** FIX words (OrdStatus, tag 39) for parents and children; `unknown` is ours: sent, and no word since. */
export const OrderState = {
  pendingNew: 0,
  new: 1,
  partiallyFilled: 2,
  filled: 3,
  pendingCancel: 4,
  pendingReplace: 5,
  canceled: 6,
  expired: 7,
  rejected: 8,
  unknown: 9,
} as const
export type OrderState = (typeof OrderState)[keyof typeof OrderState]

export const orderStateNames = Object.keys(OrderState) as readonly (keyof typeof OrderState)[]

/** What can happen to an order. */
export const OrderEvent = {
  acknowledged: 0,
  filledInPart: 1,
  filledInFull: 2,
  cancelAsked: 3,
  cancelRefused: 4,
  replaceAsked: 5,
  replaceRefused: 6,
  replaced: 7,
  canceled: 8,
  expired: 9,
  rejected: 10,
  lost: 11,
} as const
export type OrderEvent = (typeof OrderEvent)[keyof typeof OrderEvent]

const EVENTS = Object.keys(OrderEvent).length
const STATES = orderStateNames.length
/** Not in the table: news that comes late or twice; the state stays, the news is counted. */
const KEEP = 255

const table = new Uint8Array(STATES * EVENTS).fill(KEEP)

function allow(from: readonly OrderState[], event: OrderEvent, to: OrderState): void {
  for (const state of from) table[state * EVENTS + event] = to
}

const S = OrderState
const E = OrderEvent
/** A fill may come before the acknowledgement, while a cancel or replace is asked, and after silence: they all happen. */
const open = [S.pendingNew, S.new, S.partiallyFilled, S.pendingCancel, S.pendingReplace, S.unknown] as const

allow([S.pendingNew, S.unknown], E.acknowledged, S.new)
allow([S.pendingNew, S.new, S.partiallyFilled, S.unknown], E.filledInPart, S.partiallyFilled)
allow([S.pendingCancel], E.filledInPart, S.pendingCancel)
allow([S.pendingReplace], E.filledInPart, S.pendingReplace)
allow(open, E.filledInFull, S.filled)
allow([S.pendingNew, S.new, S.partiallyFilled, S.pendingReplace, S.unknown], E.cancelAsked, S.pendingCancel)
allow([S.pendingCancel], E.cancelRefused, S.new)
allow([S.new, S.partiallyFilled], E.replaceAsked, S.pendingReplace)
allow([S.pendingReplace], E.replaceRefused, S.new)
allow([S.pendingReplace], E.replaced, S.new)
allow(open, E.canceled, S.canceled)
allow(open, E.expired, S.expired)
allow([S.pendingNew, S.unknown, S.pendingCancel], E.rejected, S.rejected)
allow([S.pendingNew, S.new, S.partiallyFilled, S.pendingCancel, S.pendingReplace], E.lost, S.unknown)
/**
 * The venue said canceled, expired or rejected and a fill of before that turns up: the fill is real and is booked;
 * the state stays ended unless the order is now whole.
 */
allow([S.canceled, S.expired, S.rejected], E.filledInFull, S.filled)

/** The next state, or the same one when the event changes nothing. O(1). */
export function nextState(from: OrderState, event: OrderEvent): OrderState {
  const to = table[from * EVENTS + event]
  return to === KEEP ? from : (to as OrderState)
}

/** Does the table know this event here? News outside it is late or repeated. */
export function isExpected(from: OrderState, event: OrderEvent): boolean {
  return table[from * EVENTS + event] !== KEEP
}

export function isEnded(state: OrderState): boolean {
  return state === S.filled || state === S.canceled || state === S.expired || state === S.rejected
}

assert(
  orderStateNames.every((name, at) => OrderState[name] === at),
  'state names are listed by their number',
)
