/**
 * 64-bit little-endian integers as plain numbers: exact to 2^53, no BigInt, no allocation. The two for words are for whole
 * words of an aligned buffer of our own, on a little-endian machine (Node runs on no other that we know).
 */
const HIGH = 2 ** 32
/** High halves at or above this are beyond 2^53. */
const HIGH_END = 2 ** 21

/** Unsigned; -1 when it is above Number.MAX_SAFE_INTEGER. */
export function readUint64(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true)
  return high < HIGH_END ? high * HIGH + view.getUint32(at, true) : -1
}

/** Two's complement; the caller wrote it with writeInt64, so it is a safe integer. */
export function readInt64(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * HIGH + view.getUint32(at, true)
}

/** A safe integer of either sign. */
export function writeInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true)
  view.setInt32(at + 4, Math.floor(value / HIGH), true)
}

/** readUint64 from words. */
export function wordsToUint64(words: Uint32Array, at: number): number {
  const high = words[(at >> 2) + 1]
  return high < HIGH_END ? high * HIGH + words[at >> 2] : -1
}

/** writeInt64 into words: storing takes what is beyond 32 bits off, also of a negative number. */
export function int64ToWords(words: Uint32Array, at: number, value: number): void {
  words[at >> 2] = value
  words[(at >> 2) + 1] = Math.floor(value / HIGH)
}
