import { expect, test } from 'vitest'
import { bootstrapRatio } from '../../../../shared/math/block-bootstrap.ts'
import { Prng } from '../../../../shared/prng.ts'

test('a ratio that every block shares is certain', () => {
  const interval = bootstrapRatio([1, 2, 3, 6], [2, 4, 6, 12], [0, 0, 1, 2], new Prng(1), 200)
  expect(interval.low).toBeCloseTo(0.5, 12)
  expect(interval.high).toBeCloseTo(0.5, 12)
})

test('the same seed gives the same interval', () => {
  const run = (seed: number) => bootstrapRatio([1, 5, 2, 9], [2, 4, 6, 8], [0, 1, 2, 3], new Prng(seed), 500)
  expect(run(7)).toEqual(run(7))
  expect(run(7)).not.toEqual(run(8))
})

test('rows that repeat inside a block are not new evidence', () => {
  const prng = new Prng(3)
  const noise = Array.from({ length: 40 }, () => 1 + prng.nextNormal())
  const ones = noise.map(() => 1)
  const rows = noise.map((_, i) => i)
  const alone = bootstrapRatio(noise, ones, rows, new Prng(4))
  const tenfold = (values: number[]) => values.flatMap((value) => new Array<number>(10).fill(value))
  const blocked = bootstrapRatio(tenfold(noise), tenfold(ones), tenfold(rows), new Prng(4))
  const unblocked = bootstrapRatio(
    tenfold(noise),
    tenfold(ones),
    tenfold(noise).map((_, i) => i),
    new Prng(4),
  )
  expect(blocked.high - blocked.low).toBeCloseTo(alone.high - alone.low, 12)
  expect(unblocked.high - unblocked.low).toBeLessThan((alone.high - alone.low) / 2)
})

test('nineteen in twenty intervals hold the truth', () => {
  const prng = new Prng(11)
  const rows = Array.from({ length: 60 }, (_, i) => i)
  let held = 0
  for (let run = 0; run < 200; run++) {
    const denominator = rows.map(() => 1 + prng.nextFloat())
    const numerator = denominator.map((value) => 0.6 * value + 0.3 * prng.nextNormal())
    const interval = bootstrapRatio(numerator, denominator, rows, prng, 400)
    if (interval.low <= 0.6 && 0.6 <= interval.high) held++
  }
  // Binomial(200, 0.95) has 99.9 % of its weight in 179 .. 199; the percentile interval is a little short.
  expect(held).toBeGreaterThanOrEqual(175)
  expect(held).toBeLessThanOrEqual(199)
})
