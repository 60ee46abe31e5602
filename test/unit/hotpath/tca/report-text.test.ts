import { expect, test } from 'vitest'
import { renderReport, renderReportSummary } from '../../../../hotpath/tca/report-text.ts'
import { sampleReport } from './report-sample.ts'

test('it says the market, that it is simulated, and the certificate', () => {
  const text = renderReport(sampleReport())
  expect(text).toContain('market calibrated, simulated fills')
  expect(text).toContain('exact optimum, gap 0 bps')
  expect(renderReport(sampleReport({ simulated: false, market: 'live' }))).toContain('market live, real fills')
})

test('every part of the shortfall and its total', () => {
  const lines = renderReport(sampleReport()).split('\n')
  expect(lines).toContain('spread       8.01   0.50')
  expect(lines).toContain('delay       -0.80  -0.05')
  expect(lines).toContain('total      210.79  13.15')
})

test('columns of a table line up', () => {
  const lines = renderReport(sampleReport()).split('\n')
  const head = lines.findIndex((line) => line.startsWith('venue '))
  const ends = lines.slice(head, head + 3).map((line) => line.length)
  expect(new Set(ends).size).toBe(1)
})

test('the summary is short and has the baseline', () => {
  const lines = renderReportSummary(sampleReport()).split('\n')
  expect(lines.length).toBeLessThanOrEqual(9)
  expect(lines.at(-1)).toContain('+4.70 bps against the best single venue (binance)')
  expect(lines.at(-2)).toContain('13.15 bps = spread 0.50 + impact 3.20 + delay -0.05 + fees 9.50')
})

test('an order that filled nothing', () => {
  const { shortfall, averagePrice, arrivalMid, predicted, realisedAllInBps, ...rest } = sampleReport({
    ordStatus: 'canceled',
    filledQuantity: '0',
    notional: '0',
    fees: {},
    venues: [],
    baselines: [],
    timeline: [],
    endedUs: 0,
  })
  const text = renderReport(rest)
  expect(text).toContain('still open')
  expect(text).toContain('no shortfall')
  expect(text).toContain('no baselines')
  expect(text).not.toMatch(/undefined|NaN/)
  expect(renderReportSummary(rest)).not.toMatch(/undefined|NaN/)
})

test('a long timeline is cut and says so', () => {
  const [event] = sampleReport().timeline
  const text = renderReport(sampleReport({ timeline: Array.from({ length: 50 }, () => event) }))
  expect(text).toContain('and 10 more events')
})

test('a name from outside cannot repaint the terminal', () => {
  const text = renderReport(sampleReport({ clientOrderId: `x${String.fromCharCode(27)}[2J` }))
  expect(text).not.toContain(String.fromCharCode(27))
})
