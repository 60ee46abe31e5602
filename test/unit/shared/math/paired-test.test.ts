/** Reference values: scipy 1.17 ttest_1samp, wilcoxon(method='exact'). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairedT, WILCOXON_PAIRS_MAX, wilcoxonSignedRankP } from '../../../../shared/math/paired-test.ts'

const differences = [1.2, -0.4, 0.7, 2.2, -1.1, 0.05, 3.3, -0.2, 0.9, 1.7]

test('paired t of ten differences', () => {
  const result = pairedT(differences)
  expect(result.mean).toBeCloseTo(0.835, 12)
  expect(result.t).toBeCloseTo(1.9928552306628335, 12)
  expect(result.p).toBeCloseTo(0.07743951569151623, 12)
  expect(result.interval95.low).toBeCloseTo(-0.11283665259429965, 11)
  expect(result.interval95.high).toBeCloseTo(1.7828366525942996, 11)
})

test('differences that are all the same are certain, and no difference is none', () => {
  expect(pairedT([2, 2, 2]).p).toBe(0)
  expect(pairedT([2, 2, 2]).interval95).toEqual({ low: 2, high: 2 })
  expect(pairedT([0, 0, 0]).p).toBe(1)
})

test('signed ranks of ten differences', () => expect(wilcoxonSignedRankP(differences)).toBe(0.10546875))

test('all on one side: two of 2^n signs are as far out', () => {
  expect(wilcoxonSignedRankP([1, 2, 3, 4])).toBe(2 / 16)
  expect(wilcoxonSignedRankP([-1, -2, -3, -4])).toBe(2 / 16)
})

test('zeros are left out, ties share their rank, nothing is 1', () => {
  expect(wilcoxonSignedRankP([0, 0, 1, 2, 3, 4])).toBe(2 / 16)
  // Ranks 1.5, 1.5, 3: positive sum 3 of 6; by hand 4 of the 8 sign patterns have a sum of 3 or less.
  expect(wilcoxonSignedRankP([1, 1, -2])).toBe(1)
  expect(wilcoxonSignedRankP([])).toBe(1)
})

test('too many pairs stop', () => {
  const many = Array.from({ length: WILCOXON_PAIRS_MAX + 1 }, (_, i) => i + 1)
  expect(() => wilcoxonSignedRankP(many)).toThrow('kept small')
})

test('signed ranks agree with counting every sign', () => {
  const size = fc.integer({ min: -6, max: 6 })
  fc.assert(
    fc.property(fc.array(size, { minLength: 1, maxLength: 9 }), (values) => {
      expect(wilcoxonSignedRankP(values)).toBeCloseTo(countedP(values), 12)
    }),
  )
})

/** The slow, obvious twin: every assignment of signs. */
function countedP(values: number[]): number {
  const kept = values.filter((value) => value !== 0)
  const sizes = kept.map(Math.abs)
  const ranks = sizes.map((size) => {
    const below = sizes.filter((other) => other < size).length
    const same = sizes.filter((other) => other === size).length
    return below + (same + 1) / 2
  })
  const seen = kept.reduce((sum, value, i) => sum + (value > 0 ? ranks[i] : 0), 0)
  let low = 0
  let high = 0
  for (let signs = 0; signs < 2 ** kept.length; signs++) {
    const sum = ranks.reduce((total, rank, i) => total + ((signs >> i) & 1 ? rank : 0), 0)
    if (sum <= seen) low++
    if (sum >= seen) high++
  }
  return Math.min(1, (2 * Math.min(low, high)) / 2 ** kept.length)
}
