declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

/** Integer nanoseconds since process start: exact in a double for 104 days. */
export type MonoNs = Unit<'MonoNs'>
/** Integer microseconds since 1970-01-01 UTC: exact in a double beyond the year 2200. */
export type EpochUs = Unit<'EpochUs'>

export const NS_PER_US = 1_000
export const NS_PER_MS = 1_000_000
export const NS_PER_S = 1_000_000_000
export const US_PER_MS = 1_000
export const US_PER_S = 1_000_000
