import { expect, test } from 'vitest'
import { PeakAdjustment } from '../../../../hotpath/latency/peak-adjustment.ts'
import { Prng } from '../../../../shared/prng.ts'

test('independent round trips are never adjusted by much', () => {
  const peak = new PeakAdjustment(1)
  const prng = new Prng(1)
  let sum = 0
  for (let i = 0; i < 5_000; i++) {
    peak.note(0, 0.2 * prng.nextNormal())
    sum += Math.abs(peak.logFactor(0))
  }
  expect(sum / 5_000).toBeLessThan(0.002)
})

test('peaks that last are followed up and let go of', () => {
  const peak = new PeakAdjustment(1)
  const prng = new Prng(2)
  const phase = (level: number, trips: number): void => {
    for (let i = 0; i < trips; i++) peak.note(0, level + 0.05 * prng.nextNormal())
  }
  for (let round = 0; round < 30; round++) {
    phase(0.4, 40)
    phase(0, 120)
  }
  phase(0.4, 15)
  const inPeak = peak.logFactor(0)
  phase(0, 60)
  expect(inPeak).toBeGreaterThan(0.1)
  expect(peak.logFactor(0)).toBeLessThan(0.05)
})
