import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonCursor, keyOf } from '../../../../../hotpath/venues/feed/json-cursor.ts'

function over(text: string): JsonCursor {
  const cursor = new JsonCursor()
  cursor.start(Buffer.from(text))
  return cursor
}

/** Builds what JSON.parse builds, by the cursor's steps only; undefined once it is broken. */
function build(cursor: JsonCursor): unknown {
  if (cursor.isObject) {
    const object: [string, unknown][] = []
    cursor.enterObject()
    while (cursor.nextKey()) object.push([JSON.parse(`"${cursor.keyString()}"`) as string, build(cursor)])
    return Object.fromEntries(object)
  }
  if (cursor.isArray) {
    const array: unknown[] = []
    cursor.enterArray()
    while (cursor.nextItem()) array.push(build(cursor))
    return array
  }
  if (cursor.isText) {
    cursor.text()
    return cursor.isBroken ? undefined : (JSON.parse(`"${cursor.textString()}"`) as string)
  }
  const from = cursor.at
  const number = cursor.float()
  if (!Number.isNaN(number)) return number
  cursor.at = from
  cursor.token()
  return cursor.isBroken ? undefined : (JSON.parse(cursor.textString()) as unknown)
}

/** 2^53 and 22 digits are the bounds of an exact number; beyond them the cursor says none. */
const exactNumber = fc.oneof(
  fc.integer({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map((value) => value / 2 ** 6),
  fc.constantFrom(0, 1e-7, 1.5e-8, 123.456, 5e20 / 1e10),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    exactNumber.map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value

test('reads what JSON.parse reads, whatever the blanks', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(undefined, 1, '\t', '\r\n '), (value, blanks) => {
      const text = JSON.stringify(value, undefined, blanks)
      expect(build(over(text))).toEqual(JSON.parse(text))
    }),
    { numRuns: 500 },
  )
})

test('skip ends exactly where the value does', () => {
  fc.assert(
    fc.property(json, json, (first, second) => {
      const text = `[${JSON.stringify(first)}, ${JSON.stringify(second)}]`
      const cursor = over(text)
      cursor.enterArray()
      expect(cursor.nextItem()).toBe(true)
      cursor.skip()
      expect(cursor.nextItem()).toBe(true)
      expect(build(cursor)).toEqual(JSON.parse(JSON.stringify(second)))
      expect(cursor.nextItem()).toBe(false)
      expect(cursor.at).toBe(Buffer.byteLength(text))
      expect(cursor.isBroken).toBe(false)
    }),
  )
})

/** A view that shouts when a byte outside of it is read. */
function guarded(bytes: Uint8Array, from: number, end: number): Uint8Array {
  return new Proxy(bytes, {
    get(target, name) {
      const at = typeof name === 'string' ? Number(name) : Number.NaN
      if (Number.isInteger(at) && (at < from || at >= end)) throw new Error(`read ${at} outside of ${from}..${end}`)
      const value = Reflect.get(target, name, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const steps = ['skip', 'text', 'token', 'decimal', 'integer', 'float', 'isoTimeUs', 'isTrue'] as const

test('cut at every byte it ends, never throws, never reads outside of its window', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(...steps), fc.nat(3), (value, step, before) => {
      const text = `[${JSON.stringify(value)},"2026-08-09T21:05:48.2Z",-1.50e-3,"12.500",{"a":[1]}]`
      const bytes = Buffer.from('"'.repeat(before) + text)
      for (let end = before; end <= bytes.length; end++) {
        const cursor = new JsonCursor()
        cursor.start(guarded(bytes, before, end), before, end)
        if (cursor.enterArray()) {
          for (let items = 0; cursor.nextItem() && items < 1_000; items++) cursor[step]()
        }
        expect(cursor.at).toBeLessThanOrEqual(end)
        if (end < bytes.length) expect(cursor.isBroken || end === before).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
})

test('any bytes end, with every step', () => {
  const bytes = fc.uint8Array({ maxLength: 120 })
  const near = fc
    .array(fc.constantFrom(...'[]{}",:\\-.0123456789eE+ tfnul'), { maxLength: 120 })
    .map((parts) => Buffer.from(parts.join('')))
  fc.assert(
    fc.property(fc.oneof(bytes, near), fc.constantFrom(...steps), (input, step) => {
      const cursor = new JsonCursor()
      cursor.start(guarded(input, 0, input.length), 0, input.length)
      let turns = 0
      const walk = () => {
        if (cursor.isObject) {
          cursor.enterObject()
          while (cursor.nextKey() && turns++ < 1_000) cursor[step]()
        } else {
          cursor.enterArray()
          while (cursor.nextItem() && turns++ < 1_000) cursor[step]()
        }
      }
      walk()
      expect(turns).toBeLessThan(1_000)
    }),
    { numRuns: 2_000 },
  )
})

function decimal(text: string): [value: number, fraction: number, shown: number] {
  const cursor = over(`[${text}]`)
  cursor.enterArray()
  cursor.nextItem()
  const value = cursor.decimal()
  expect(cursor.nextItem()).toBe(false)
  expect(cursor.isBroken).toBe(false)
  return [cursor.isNegative ? -value : value, cursor.fraction, cursor.shownFraction]
}

test('decimals are exact: digits, fraction without trailing zeros, digits as written', () => {
  expect(decimal('0')).toEqual([0, 0, 0])
  expect(decimal('"60000.10"')).toEqual([600_001, 1, 2])
  expect(decimal('"0.00000500"')).toEqual([5, 6, 8])
  expect(decimal('60000.00000000')).toEqual([60_000, 0, 8])
  expect(decimal('"1234567890.123456"')).toEqual([1_234_567_890_123_456, 6, 6])
  expect(decimal('-12.5')).toEqual([-125, 1, 1])
  expect(decimal('1e-8')).toEqual([1, 8, 8])
  expect(decimal('1.50E+3')).toEqual([1500, 0, 0])
  expect(decimal('10e-1')).toEqual([1, 0, 0])
  expect(decimal('"0E-8"')).toEqual([0, 0, 0])
  expect(decimal('9007199254740991')).toEqual([2 ** 53 - 1, 0, 0])
  expect(decimal('"90071992547.40991"')).toEqual([2 ** 53 - 1, 5, 5])
  expect(decimal('123456789.00000000000000')).toEqual([123_456_789, 0, 14])
})

test('what is no exact number is none', () => {
  const wrong = [
    '9007199254740992',
    '"90071992547.40992"',
    '1e999',
    '1e-999',
    '1e23',
    '-',
    '.',
    '"."',
    '""',
    '"1',
    '1x',
  ]
  const words = ['true', 'null', '"12a"', '"1 2"', '1.2.3', '1e', '1e+', '1e5x', '--1', '[1]', '{"a":1}', '"0x10"']
  for (const text of [...wrong, ...words, `1${'0'.repeat(70)}`, `"${'9'.repeat(400)}"`]) {
    const cursor = over(`[${text}]`)
    cursor.enterArray()
    cursor.nextItem()
    expect(cursor.decimal(), text).toBe(-1)
    expect(cursor.fraction).toBe(0)
  }
})

test('decimals agree with the text, however it is written', () => {
  const digits = (max: number) => fc.nat({ max: 10 ** max - 1 }).map(String)
  const written = fc.record({
    whole: fc.oneof(digits(3), digits(9), digits(12)),
    part: fc.oneof(fc.constant(''), digits(3), digits(9)),
    zeros: fc.nat(12),
    lead: fc.nat(6),
    exponent: fc.option(fc.integer({ min: -12, max: 12 }), { nil: undefined }),
    isQuoted: fc.boolean(),
    isNegative: fc.boolean(),
  })
  fc.assert(
    fc.property(written, ({ whole, part, zeros, lead, exponent, isQuoted, isNegative }) => {
      const behind = part === '' ? '' : `.${'0'.repeat(lead)}${part}${'0'.repeat(zeros)}`
      const plain = `${isNegative ? '-' : ''}${whole}${behind}${exponent === undefined ? '' : `e${exponent}`}`
      // The obvious twin: BigInt of the digits, the point counted.
      let fraction = (behind === '' ? 0 : behind.length - 1) - (exponent ?? 0)
      let value = BigInt(whole + behind.slice(1))
      while (fraction > 0 && value % 10n === 0n && value > 0n) {
        value /= 10n
        fraction--
      }
      if (value === 0n) fraction = 0
      if (fraction < 0) {
        value *= 10n ** BigInt(-fraction)
        fraction = 0
      }
      const cursor = over(isQuoted ? `"${plain}"` : `${plain} `)
      const got = cursor.decimal()
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) expect(got).toBe(-1)
      else if (got === -1) expect(plain.length).toBeGreaterThan(22)
      else {
        expect(BigInt(got)).toBe(value)
        expect(cursor.fraction).toBe(fraction)
        expect(cursor.isNegative).toBe(isNegative)
      }
    }),
    { numRuns: 3_000 },
  )
})

test('floats are the doubles JSON.parse makes', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), fc.nat(20), (value, down) => {
      const text = `${value}e-${down}`
      expect(over(text).float()).toBe(Number(text))
    }),
  )
  expect(over('"abc"').float()).toBeNaN()
  expect(over('1e400').float()).toBeNaN()
})

test('whole numbers are whole', () => {
  expect(over('"42"').integer()).toBe(42)
  expect(over('42.0').integer()).toBe(42)
  for (const text of ['42.5', '-42', '9007199254740993', 'null', '"x"']) expect(over(text).integer(), text).toBe(-1)
})

test('times of every unit come to microseconds', () => {
  expect(over('1700000000123').timeUs(3)).toBe(1_700_000_000_123_000)
  expect(over('"1700000000.123456"').timeUs(6)).toBe(1_700_000_000_123_456)
  expect(over('1700000000123456789').timeUs(-3)).toBe(0)
  expect(over('1700000000123456').timeUs(0)).toBe(1_700_000_000_123_456)
  expect(over('-5').timeUs(3)).toBe(0)
  expect(over('9007199254740991').timeUs(6)).toBe(0)
  expect(over('"2026-08-09T21:05:48.228568804Z"').isoTimeUs()).toBe(Date.parse('2026-08-09T21:05:48.228Z') * 1000 + 568)
  expect(over('"2024-02-29 00:00:00"').isoTimeUs()).toBe(Date.parse('2024-02-29T00:00:00Z') * 1000)
  for (const text of ['"yesterday, at noon o clock"', '"2026"', '12', '"20x6-08-09T21:05:48Z"'])
    expect(over(text).isoTimeUs(), text).toBe(0)
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }), (date) => {
      expect(over(JSON.stringify(date)).isoTimeUs()).toBe(date.getTime() * 1000)
    }),
  )
})

test('a text that is none leaves an empty span behind', () => {
  const cursor = over('["bids",5,{"a":"b"}]')
  cursor.enterArray()
  cursor.nextItem()
  expect(cursor.text()).toBe(true)
  expect(cursor.textHash()).toBe(keyOf('bids'))
  expect(cursor.textStartsWith('bid')).toBe(true)
  cursor.nextItem()
  expect(cursor.text()).toBe(false)
  expect(cursor.textHash()).toBe(keyOf(''))
  expect(cursor.textStartsWith('b')).toBe(false)
  cursor.nextItem()
  expect(cursor.token()).toBe(false)
  expect(cursor.textTo - cursor.textFrom).toBe(0)
})

test('a hundred thousand brackets are counted, not recursed into', () => {
  const deep = '['.repeat(100_000)
  const cursor = over(`{"a":${deep}1${']'.repeat(100_000)},"b":7}`)
  cursor.enterObject()
  cursor.nextKey()
  cursor.skip()
  expect(cursor.nextKey()).toBe(true)
  expect(cursor.integer()).toBe(7)
  const open = over(`{"a":${deep}`)
  open.enterObject()
  open.nextKey()
  open.skip()
  expect(open.isBroken).toBe(true)
})

test('wrong brackets end the walk', () => {
  for (const text of ['{"a":]', '{"a" 1}', '{a:1}', '{"a":1', '{"a', '{"a\\', '{"a"', '{"a":']) {
    const cursor = over(text)
    cursor.enterObject()
    for (let turns = 0; cursor.nextKey() && turns < 10; turns++) cursor.skip()
    expect(cursor.isBroken, text).toBe(true)
  }
  for (const text of ['[1}', '[:2]', '[', '["a', '["a\\"']) {
    const cursor = over(text)
    cursor.enterArray()
    for (let turns = 0; cursor.nextItem() && turns < 10; turns++) cursor.skip()
    expect(cursor.isBroken, text).toBe(true)
  }
})
