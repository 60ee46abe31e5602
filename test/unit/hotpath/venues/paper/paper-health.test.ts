import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHealth } from '../../../../../hotpath/venues/paper/paper-health.ts'
import { VENUES_MAX } from '../../../../../shared/limits.ts'

const health = {
  venue: 'binance',
  state: 'open',
  trouble: '',
  books: 2,
  liveBooks: 1,
  silentMs: -1,
  frames: 5,
  malformed: 0,
  connects: 1,
  gaps: 0,
  resyncs: 0,
  checksumFaults: 0,
  crossed: 0,
  lost: [{ symbol: 'BTC/USDT', why: 'gap' }],
}

test('health is what it was when it was sent', () => {
  const all = [health, { ...health, venue: 'okx', delayMs: -3.5, lost: [] }]
  expect(parseHealth(JSON.parse(JSON.stringify(all)))).toEqual(all)
  expect(parseHealth([])).toEqual([])
})

test('an absent delay stays absent', () => {
  expect(Object.hasOwn(parseHealth([health])?.[0] ?? {}, 'delayMs')).toBe(false)
})

test('what is no health is none', () => {
  const wrong = [
    null,
    {},
    'x',
    [null],
    [{}],
    [{ ...health, state: 'fine' }],
    [{ ...health, books: -1 }],
    [{ ...health, frames: '5' }],
    [{ ...health, frames: Number.NaN }],
    [{ ...health, more: 1 }],
    [{ ...health, venue: 'x'.repeat(65) }],
    [{ ...health, trouble: 'x'.repeat(1_001) }],
    [{ ...health, lost: [{ symbol: 'A', why: 'gap', more: 1 }] }],
    [{ ...health, lost: Array.from({ length: 4_097 }, () => health.lost[0]) }],
    Array.from({ length: VENUES_MAX + 1 }, () => health),
    [Object.fromEntries(Object.entries(health).filter(([name]) => name !== 'lost'))],
    JSON.parse('[{"__proto__":{"venue":"a"}}]'),
  ]
  for (const value of wrong) expect(parseHealth(value)).toBeUndefined()
})

test('any JSON is health or undefined, and leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      parseHealth(value)
      expect(({} as Record<string, unknown>)['venue']).toBeUndefined()
    }),
  )
})
