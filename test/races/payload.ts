/**
 * Contents that tell their own number: every word of a slot follows from its sequence and its producer, so a slot that is
 * part old and part new cannot pass for whole. Cheap enough for a hundred million of them.
 */
const STEP = 0x9e3779b1 | 0

/** Bijective on 32 bits (the finaliser of MurmurHash3): two sequences never share a base. */
function mix(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

/** Fills `words[at, at + count)`: the sequence, then what follows from it. */
export function fillPayload(words: Int32Array, at: number, count: number, sequence: number, producer: number): void {
  let word = mix(sequence ^ (producer << 28))
  words[at] = sequence
  for (let i = 1; i < count; i++) {
    word = (word + STEP) | 0
    words[at + i] = word
  }
}

/** True when every word follows from the sequence in the first. */
export function isWholePayload(words: Int32Array, at: number, count: number, producer: number): boolean {
  let word = mix(words[at] ^ (producer << 28))
  let difference = 0
  for (let i = 1; i < count; i++) {
    word = (word + STEP) | 0
    difference |= words[at + i] ^ word
  }
  return difference === 0
}

/** The same in doubles, for blocks of a seqlock. */
export function fillDoubles(doubles: Float64Array, at: number, count: number, sequence: number): void {
  let word = mix(sequence)
  doubles[at] = sequence
  for (let i = 1; i < count; i++) {
    word = (word + STEP) | 0
    doubles[at + i] = word
  }
}

export function areWholeDoubles(doubles: Float64Array, at: number, count: number): boolean {
  let word = mix(doubles[at])
  let wrong = 0
  for (let i = 1; i < count; i++) {
    word = (word + STEP) | 0
    wrong |= (doubles[at + i] | 0) ^ word
  }
  return wrong === 0
}
