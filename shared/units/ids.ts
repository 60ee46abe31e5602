declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

/** Dense row numbers given at boot; text names stay at the doors. */
export type VenueIndex = Unit<'VenueIndex'>
export type InstrumentIndex = Unit<'InstrumentIndex'>
export type AccountIndex = Unit<'AccountIndex'>
/** Row of a parent or child in the order store; reused once the order has ended and been forgotten. */
export type ParentRow = Unit<'ParentRow'>
export type ChildRow = Unit<'ChildRow'>
/** Never reused: counts up over restarts. The client knows it as orderId. */
export type ParentSequence = Unit<'ParentSequence'>

/**
 * A child's clientOrderId: 's' + epoch (4) + parent (7) + sequence (3), base 36, fixed width. Letters and digits
 * only, 15 long: within the alphabet and length of every venue we know. The epoch is the router's incarnation, so a
 * restarted router can never repeat an id; it is also the fencing token of a takeover.
 */
export const CHILD_ID_LENGTH = 15
export const EPOCH_MAX = 36 ** 4 - 1
export const PARENT_SEQUENCE_MAX = 36 ** 7 - 1
export const CHILD_SEQUENCE_MAX = 36 ** 3 - 1

export function formatChildId(epoch: number, parent: number, sequence: number): string {
  return `s${epoch.toString(36).padStart(4, '0')}${parent.toString(36).padStart(7, '0')}${sequence.toString(36).padStart(3, '0')}`
}

/** The three numbers of a child id, or undefined when the text is not one of ours. */
export function parseChildId(text: string): { epoch: number; parent: number; sequence: number } | undefined {
  if (!/^s[0-9a-z]{14}$/.test(text)) return undefined
  return {
    epoch: Number.parseInt(text.slice(1, 5), 36),
    parent: Number.parseInt(text.slice(5, 12), 36),
    sequence: Number.parseInt(text.slice(12, 15), 36),
  }
}
