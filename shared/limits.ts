import { assert } from './assert.ts'

/** Every capacity of the system, related to each other when this file loads. Counts unless a unit is named. */
export const VENUES_MAX = 64
export const INSTRUMENTS_MAX = 1024
/** Levels a side of one venue's book, unless the market brings deeper books (2019 recordings reach 7,412). */
export const BOOK_LEVELS_DEFAULT = 64
export const BOOK_LEVELS_MAX = 16_384
/** Parent orders kept in memory, live and ended; the oldest ended one makes room, and its clientOrderId is then forgotten. */
export const PARENTS_MAX = 131_072
export const CHILDREN_MAX = 262_144
/** Fills kept; a fill belongs to a child and is forgotten with its parent. */
export const FILLS_MAX = 524_288
/** Children of one parent over its life: reroutes end when it is reached. */
export const CHILDREN_PER_PARENT_MAX = 1_000
/** Largest price in ticks and quantity in lots: their product is exact as a pair of doubles (units/ticks). */
export const PRICE_TICKS_MAX = 2 ** 31 - 1
export const QTY_LOTS_MAX = 2 ** 44 - 1
export const CLIENT_ORDER_ID_BYTES_MAX = 36
export const ACCOUNTS_MAX = 256
export const SESSIONS_MAX = 1024
/** One client message; a longer one is answered with a reason and the connection is closed. */
export const GATEWAY_MESSAGE_BYTES_MAX = 4_096
export const GATEWAY_BACKPRESSURE_BYTES_MAX = 1_048_576
export const JOURNAL_RECORD_BYTES_MAX = 4_096

assert(VENUES_MAX <= 64, 'a venue set is one 64-bit mask, kept as two 32-bit halves')
assert(PRICE_TICKS_MAX * 2 ** 21 < Number.MAX_SAFE_INTEGER, 'a fee-adjusted price (ticks x millionths) stays exact')
assert(CHILDREN_MAX >= PARENTS_MAX, 'every parent can have at least one child')
