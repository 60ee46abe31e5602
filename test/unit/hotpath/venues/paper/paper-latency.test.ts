import { expect, test } from 'vitest'
import { PaperLatency } from '../../../../../hotpath/venues/paper/paper-latency.ts'
import { Prng } from '../../../../../shared/prng.ts'

test('one way is half of a round trip with the given median and p99', () => {
  const latency = new PaperLatency({ medianNs: 70_000_000, p99Ns: 400_000_000 }, 1, new Prng(3))
  const draws = Array.from({ length: 100_000 }, () => latency.drawNs()).sort((a, b) => a - b)
  expect(draws[50_000] / 35_000_000).toBeCloseTo(1, 1)
  expect(Math.abs(draws[99_000] / 200_000_000 - 1)).toBeLessThan(0.1)
  expect(latency.medianNs).toBe(35_000_000)
})

test('scales, down to nothing, and the same seed draws the same', () => {
  const terms = { medianNs: 1_000_000, p99Ns: 2_000_000 }
  const draw = (scale: number, seed: number): number => new PaperLatency(terms, scale, new Prng(seed)).drawNs()
  expect(draw(0, 1)).toBe(0)
  expect(draw(1, 1)).toBe(draw(1, 1))
  expect(draw(2, 1) / draw(1, 1)).toBeCloseTo(2, 3)
})
