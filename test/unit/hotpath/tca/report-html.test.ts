import { expect, test } from 'vitest'
import { renderReportHtml } from '../../../../hotpath/tca/report-html.ts'
import { sampleReport } from './report-sample.ts'

const NASTY = '<script>alert("x")</script>\'&'

test('one file: no script, no link, nothing loaded', () => {
  const page = renderReportHtml(sampleReport())
  expect(page.startsWith('<!doctype html>')).toBe(true)
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:\/\//i)
  expect(page).toContain("default-src 'none'")
})

test('it says the market, that it is simulated, and the certificate', () => {
  const page = renderReportHtml(sampleReport())
  expect(page).toContain('market calibrated, simulated fills')
  expect(page).toContain('exact optimum, gap 0 bps')
})

test('every text of the report is escaped wherever it stands', () => {
  const report = sampleReport({
    orderId: NASTY,
    clientOrderId: NASTY,
    symbol: `${NASTY}/${NASTY}`,
    ordStatus: NASTY,
    market: NASTY,
    quantity: NASTY,
    filledQuantity: NASTY,
    averagePrice: NASTY,
    arrivalMid: NASTY,
    notional: NASTY,
    fees: { [NASTY]: NASTY },
    predicted: { allInBps: 1, gapBps: 0, proof: NASTY },
  })
  const venues = report.venues.map((row) => ({ ...row, venue: NASTY, filledQuantity: '1', averagePrice: NASTY }))
  const baselines = report.baselines.map((row) => ({ ...row, name: NASTY, venue: NASTY }))
  const timeline = report.timeline.map((row) => ({ ...row, event: `fill ${NASTY}`, venue: NASTY, price: NASTY }))
  const page = renderReportHtml({ ...report, venues, baselines, timeline })
  expect(page).not.toContain('<script')
  expect(page).not.toMatch(/"[^"<>]*alert\("/)
  expect(page).toContain('&lt;script&gt;')
})

test('the plots: waterfall, baselines, timeline, quantity, bps', () => {
  const page = renderReportHtml(sampleReport())
  expect(page.match(/<svg /g)).toHaveLength(5)
  expect(page.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)).toHaveLength(5)
  expect(page.match(/<circle /g)).toHaveLength(2)
  expect(page).not.toMatch(/NaN|Infinity|undefined/)
})

test('an order that filled nothing has no plots and no holes', () => {
  const { shortfall, predicted, realisedAllInBps, averagePrice, arrivalMid, ...rest } = sampleReport({
    filledQuantity: '0',
    venues: [],
    baselines: [],
    timeline: [],
    fees: {},
    endedUs: 0,
  })
  const page = renderReportHtml(rest)
  expect(page).not.toContain('<svg')
  expect(page).not.toMatch(/NaN|Infinity|undefined/)
  expect(page).toContain('still open')
})

test('a long timeline is folded away', () => {
  expect(renderReportHtml(sampleReport())).not.toContain('<details>')
  const [event] = sampleReport().timeline
  const page = renderReportHtml(sampleReport({ timeline: Array.from({ length: 50 }, () => event) }))
  expect(page).toContain('<summary>50 events</summary>')
})
