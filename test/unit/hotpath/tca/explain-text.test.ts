import { expect, test } from 'vitest'
import { certificateText, renderExplanation, renderPlanLine } from '../../../../hotpath/tca/explain-text.ts'
import { samplePlan } from './report-sample.ts'

test('only a closed proof is called exact', () => {
  expect(certificateText('sweep', 0)).toBe('exact optimum, gap 0 bps')
  expect(certificateText('search', 0)).toBe('exact optimum, gap 0 bps')
  expect(certificateText('bound', 0.42)).toBe('at most 0.42 bps from the optimum')
  expect(certificateText('none', 0)).toBe('no certificate')
})

test('a gap is never called exact, whatever the proof says', () => {
  expect(certificateText('search', 0.5)).toBe('at most 0.5 bps from the optimum')
})

test('the plan in one line', () => {
  expect(renderPlanLine(samplePlan())).toBe(
    'plan  binance 1.5 @ 64125, kraken 1 @ 64130; all-in 64,184.76 (+13.20 bps); exact optimum, gap 0 bps',
  )
})

test('many slices are counted, none is said', () => {
  const [slice] = samplePlan().slices
  const line = renderPlanLine(samplePlan({ slices: Array.from({ length: 7 }, () => slice) }))
  expect(line).toContain('and 3 more')
  expect(renderPlanLine(samplePlan({ slices: [] }))).toContain('nothing to take now')
})

test('candidates with what bound them and why they were left out', () => {
  const text = renderExplanation(samplePlan())
  expect(text).toMatch(/binance +alive +64101 .* 5\.75 {2}depth/)
  expect(text).toMatch(/bitstamp +staleBook/)
  expect(text).toContain('runner-up          coinbase at 64,191.25 all-in')
  expect(text).toContain('the split saves 4.70 bps')
  expect(text).toContain('dual bound 160,461.90')
})

test('a one-sided book, no slices, no candidates', () => {
  const { mid, allInBps, runnerUp, bestSingleVenue, ...rest } = samplePlan({ slices: [], candidates: [], route: 0 })
  const text = renderExplanation(rest)
  expect(text).toContain('one-sided')
  expect(text).toContain('no slices')
  expect(text).toContain('no candidates')
  expect(text).toContain('quote, nothing was sent')
  expect(text).not.toMatch(/undefined|NaN/)
})
