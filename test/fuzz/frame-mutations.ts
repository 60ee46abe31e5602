/** What can happen to a frame on its way, and what somebody hostile would send instead: every draw from the seed. */
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Prng } from '../../shared/prng.ts'

const numbers = [
  '0',
  '-0',
  '-1',
  '1e999',
  '-1e999',
  '1e-999',
  '1e22',
  '1e-22',
  '9007199254740991',
  '9007199254740992',
  '18446744073709551616',
  '0.00000000000000000000000000000001',
  '4294967296',
  '1'.repeat(70),
  '00012.3400',
  '.5',
  '5.',
  '+1',
  '0x1F',
  'NaN',
  'Infinity',
  '1.2.3',
  '1e',
]
const values = [
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '[[]]',
  '[[[]]]',
  '{"a":[{}]}',
  '"__proto__"',
  '"\\u0000\\""',
  '[null]',
]
const keys = ['"__proto__":{"x":1},', '"constructor":{"prototype":{}},', '"":"",', '"\\u0062":1,', '"toString":null,']
const NEST = 100_000
const deep = [
  Buffer.from('['.repeat(NEST)),
  Buffer.from('{"a":'.repeat(NEST)),
  Buffer.from(`${'['.repeat(NEST)}${']'.repeat(NEST)}`),
]
/** 64 MiB of blanks, of brackets, of one open text: some 64 kB packed. */
const bombs = [' ', '[', '"a'].map((fill) => gzipSync(Buffer.alloc(2 ** 26, fill)))

type Mutation = (frame: Buffer, prng: Prng, other: Buffer) => Buffer

const at = (frame: Buffer, prng: Prng): number => prng.nextBelow(frame.length + 1)

function spliced(frame: Buffer, from: number, to: number, put: Uint8Array): Buffer {
  return Buffer.concat([frame.subarray(0, from), put, frame.subarray(to)])
}

/** The run of bytes of a kind that begins at or behind a random place; undefined when there is none. */
function tokenOf(frame: Buffer, prng: Prng, isPart: (byte: number) => boolean): readonly [number, number] | undefined {
  let from = prng.nextBelow(frame.length)
  while (from < frame.length && !isPart(frame[from])) from++
  if (from === frame.length) return undefined
  let to = from
  while (to < frame.length && isPart(frame[to])) to++
  return [from, to]
}

const isNumberByte = (byte: number): boolean => (byte >= 48 && byte <= 57) || byte === 0x2e
const isWordByte = (byte: number): boolean => byte > 0x20 && !',:[]{}"'.includes(String.fromCharCode(byte))
const pick = <Item>(items: readonly Item[], prng: Prng): Item => items[prng.nextBelow(items.length)]

const mutations: readonly Mutation[] = [
  // Cut, torn, doubled.
  (frame, prng) => frame.subarray(0, at(frame, prng)),
  (frame, prng) => frame.subarray(at(frame, prng)),
  (frame, prng) => {
    const from = at(frame, prng)
    return spliced(frame, from, Math.min(frame.length, from + prng.nextBelow(40)), Buffer.alloc(0))
  },
  (frame, prng) => {
    const from = at(frame, prng)
    const to = Math.min(frame.length, from + prng.nextBelow(200))
    return spliced(frame, to, to, frame.subarray(from, to))
  },
  // Bits and bytes.
  (frame, prng) => {
    const copy = Buffer.from(frame)
    for (let left = prng.nextBetween(1, 4); left > 0 && copy.length > 0; left--) {
      copy[prng.nextBelow(copy.length)] ^= 1 << prng.nextBelow(8)
    }
    return copy
  },
  (frame, prng) => {
    const put = Buffer.from(Array.from({ length: prng.nextBetween(1, 8) }, () => prng.nextBelow(256)))
    const from = at(frame, prng)
    return spliced(frame, from, from, put)
  },
  (frame, prng) => {
    const from = at(frame, prng)
    return spliced(frame, from, from, Buffer.from(pick(['[', ']', '{', '}', '"', ',', ':', '\\', '\n', '-'], prng)))
  },
  // Numbers and words for others.
  (frame, prng) => {
    const token = tokenOf(frame, prng, isNumberByte)
    return token === undefined ? frame : spliced(frame, token[0], token[1], Buffer.from(pick(numbers, prng)))
  },
  (frame, prng) => {
    const [one, two] = [tokenOf(frame, prng, isNumberByte), tokenOf(frame, prng, isNumberByte)]
    if (one === undefined || two === undefined) return frame
    return spliced(frame, one[0], one[1], frame.subarray(two[0], two[1]))
  },
  (frame, prng) => {
    const token = tokenOf(frame, prng, isNumberByte)
    const bump =
      token === undefined ? 0 : Number(frame.toString('latin1', token[0], token[1])) + prng.nextBetween(-3, 3)
    return token === undefined ? frame : spliced(frame, token[0], token[1], Buffer.from(String(bump)))
  },
  (frame, prng) => {
    const token = tokenOf(frame, prng, isWordByte)
    return token === undefined ? frame : spliced(frame, token[0], token[1], Buffer.from(pick(values, prng)))
  },
  (frame, prng) => {
    const [one, two] = [tokenOf(frame, prng, isWordByte), tokenOf(frame, prng, isWordByte)]
    if (one === undefined || two === undefined) return frame
    return spliced(frame, one[0], one[1], frame.subarray(two[0], two[1]))
  },
  // Another type in the place of what stands behind a colon; names that objects have.
  (frame, prng) => {
    const from = frame.indexOf(0x3a, prng.nextBelow(frame.length + 1)) + 1
    if (from === 0) return frame
    let to = from
    while (to < frame.length && frame[to] !== 0x2c && frame[to] !== 0x7d) to++
    return spliced(frame, from, to, Buffer.from(pick(values, prng)))
  },
  (frame, prng) => {
    const from = frame.indexOf(0x7b, prng.nextBelow(frame.length + 1)) + 1
    return spliced(frame, from, from, Buffer.from(pick(keys, prng)))
  },
  // Parts of two frames in one.
  (frame, prng, next) => Buffer.concat([frame.subarray(0, at(frame, prng)), next.subarray(at(next, prng))]),
  // Text that is none.
  (frame, prng) => {
    const from = at(frame, prng)
    return spliced(frame, from, from, Buffer.from(pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf8], [0]], prng)))
  },
  (_frame, prng) => Buffer.from(Array.from({ length: prng.nextBelow(60) }, () => prng.nextBelow(256))),
]

/** A frame of the same connection, spoiled once, sometimes twice or thrice: more and nothing of it would be read. */
export function mutated(frame: Buffer, next: Buffer, prng: Prng): Buffer {
  if (prng.chance(1 / 2_000)) return nested(frame, prng)
  let spoiled = frame
  for (let times = prng.chance(0.8) ? 1 : prng.nextBetween(2, 3); times > 0; times--) {
    if (spoiled.length > 0) spoiled = pick(mutations, prng)(spoiled, prng, next)
  }
  return spoiled
}

function nested(frame: Buffer, prng: Prng): Buffer {
  const from = at(frame, prng)
  return spliced(frame, from, from, pick(deep, prng))
}

/** Of a venue that packs its frames: spoiled inside, outside, or a bomb. */
export function mutatedPacked(frame: Buffer, next: Buffer, prng: Prng): Buffer {
  if (prng.chance(1 / 2_000)) return pick(bombs, prng)
  if (prng.chance(0.3)) return mutated(frame, next, prng)
  try {
    return gzipSync(mutated(gunzipSync(frame), gunzipSync(next), prng), { level: 1 })
  } catch {
    return mutated(frame, next, prng)
  }
}

export const isPacked = (frame: Uint8Array): boolean => frame[0] === 0x1f && frame[1] === 0x8b
