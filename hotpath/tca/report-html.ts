/** The cost report as one self-contained page: no script, no network, dark and light, readable on a phone. */
import type { CostReport } from './cost-report.ts'
import { certificateText } from './explain-text.ts'
import { formatBps, formatDuration, formatFixed, formatQuote, formatSignedBps, formatTime } from './figures.ts'
import { type Markup, markup } from './markup.ts'
import { reportStyle } from './report-style.ts'
import { baselineText, marketText, shortfallParts } from './report-text.ts'
import { barChart, groupedBarChart, type StepPoint, stepChart, waterfall } from './svg-charts.ts'

const EVENTS_OPEN_MAX = 40

/** Every text of the report is escaped; the page allows itself nothing but its own style. */
export function renderReportHtml(report: CostReport): string {
  const title = `${report.side} ${report.quantity} ${report.symbol}`
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: cost report</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<p class="market">${marketText(report)}</p>
<h1>${title}</h1>
<p>${report.ordStatus}, ${report.filledQuantity} of ${report.quantity} filled, ${took(report)}</p>
<p class="dim">order ${report.orderId}, client id ${report.clientOrderId}, ${formatTime(report.createdUs)}</p>
</header>
<main>
${cards(report)}
<div class="plots">
${shortfallPlot(report)}
${baselinePlot(report)}
${timelinePlot(report)}
${quantityPlot(report)}
${bpsPlot(report)}
</div>
${venueTable(report)}
${baselineTable(report)}
${eventTable(report)}
</main>
<footer><p class="dim">Costs are positive when bad for the client. Basis points are of the arrival mid. ${simulatedNote(report)}</p></footer>
</body>
</html>
`
  return page.text
}

function took(report: CostReport): string {
  return report.endedUs > 0 ? `in ${formatDuration(report.endedUs - report.createdUs)}` : 'still open'
}

function simulatedNote(report: CostReport): string {
  return report.simulated
    ? `These fills were simulated (market ${report.market}).`
    : `Fills on market ${report.market}.`
}

function card(label: string, value: string, note = ''): Markup {
  return markup`<div class="card"><p class="dim">${label}</p><p class="figure">${value}</p><p class="dim">${note}</p></div>`
}

function cards(report: CostReport): Markup {
  const quoteAsset = report.symbol.slice(report.symbol.indexOf('/') + 1)
  const fees = Object.entries(report.fees).map(([asset, amount]) => `${amount} ${asset}`)
  const { predicted } = report
  const certificate = predicted === undefined ? 'unknown' : certificateText(predicted.proof, predicted.gapBps)
  const prediction = predicted === undefined ? '' : `predicted ${formatSignedBps(predicted.allInBps)} bps`
  return markup`<section class="cards">
${card('all-in cost', `${formatSignedBps(report.realisedAllInBps)} bps`, prediction)}
${card('average price', report.averagePrice ?? '-', `arrival mid ${report.arrivalMid ?? 'unknown'}`)}
${card('notional', `${formatQuote(Number(report.notional))} ${quoteAsset}`, `exactly ${report.notional}; fees ${fees.length === 0 ? 'none' : fees.join(', ')}`)}
${card('plan', certificate, predicted === undefined ? '' : `proof: ${predicted.proof}`)}
</section>`
}

function plot(title: string, note: string, chart: Markup): Markup {
  return markup`<section class="plot"><h2>${title}</h2><p class="dim">${note}</p>${chart}</section>`
}

function shortfallPlot(report: CostReport): Markup | undefined {
  if (report.shortfall === undefined) return undefined
  const { total } = report.shortfall
  const parts = shortfallParts(report).map(([label, share]) => ({
    label,
    value: share.bps,
    text: formatBps(share.bps),
    tone: share.bps < 0 ? 'gain' : 'cost',
  }))
  const whole = { label: 'total', value: total.bps, text: formatBps(total.bps), tone: 'ours' }
  const note = `bps of the arrival mid; ${formatQuote(total.quote)} in quote`
  return plot('Where the cost arose', note, waterfall('Implementation shortfall by part', parts, whole))
}

const shortBaseline: Readonly<Record<string, string>> = {
  bestSingleVenue: 'single venue',
  bestDisplayedPrice: 'displayed price',
  proRata: 'pro rata',
  uniform: 'equal parts',
}

function baselinePlot(report: CostReport): Markup | undefined {
  const ours = report.predicted
  if (ours === undefined || report.baselines.length === 0) return undefined
  const bars = [
    { label: 'this order', value: ours.allInBps, text: formatBps(ours.allInBps), tone: 'ours' },
    ...report.baselines.map((row) => ({
      label: shortBaseline[row.name] ?? row.name,
      value: row.allInBps,
      text: formatBps(row.allInBps),
      tone: 'other',
    })),
  ]
  const note = 'all-in bps at the decision, same books'
  return plot('Against the baselines', note, barChart('All-in cost of the plan and of the baselines', bars))
}

function quantityPlot(report: CostReport): Markup | undefined {
  const filled = report.venues.filter((row) => Number(row.filledQuantity) > 0)
  if (filled.length === 0) return undefined
  const bars = filled
    .map((row) => ({ label: row.venue, value: Number(row.filledQuantity), text: row.filledQuantity, tone: 'ours' }))
    .sort((a, b) => b.value - a.value)
  const base = report.symbol.split('/')[0]
  return plot('Who filled it', `quantity in ${base}`, barChart('Filled quantity by venue', bars))
}

function bpsPlot(report: CostReport): Markup | undefined {
  const rows = report.venues.filter((row) => row.allInBps !== undefined || row.predictedBps !== undefined)
  if (rows.length === 0) return undefined
  const groups = rows.map((row) => ({
    label: row.venue,
    bars: [
      { value: row.predictedBps ?? Number.NaN, text: formatBps(row.predictedBps), tone: 'other' },
      { value: row.allInBps ?? Number.NaN, text: formatBps(row.allInBps), tone: 'ours' },
    ],
  }))
  const chart = groupedBarChart('All-in bps by venue, predicted and realised', groups)
  const key = markup`<p class="key"><span class="swatch other"></span>predicted <span class="swatch ours"></span>realised</p>`
  return plot('Predicted against realised', 'all-in bps by venue', markup`${key}${chart}`)
}

/** Fills are the events that have both a quantity and a price and say so. */
function isFill(event: CostReport['timeline'][number]): boolean {
  return event.quantity !== undefined && event.price !== undefined && /fill|trade/i.test(event.event)
}

function timelinePlot(report: CostReport): Markup | undefined {
  const whole = Number(report.quantity) || Number(report.filledQuantity)
  if (!(whole > 0)) return undefined
  const points: StepPoint[] = []
  let filled = 0
  for (const event of report.timeline) {
    if (!isFill(event)) continue
    filled += Number(event.quantity)
    const time = event.timeUs - report.createdUs
    const text = `${event.quantity} at ${event.price} on ${event.venue ?? 'a venue'}, after ${formatDuration(time)}`
    points.push({ time, level: Math.min(1, filled / whole), text })
  }
  if (points.length === 0) return undefined
  const last = report.timeline.at(-1)?.timeUs ?? report.createdUs
  const end = Math.max(report.endedUs, last) - report.createdUs
  const note = `share of the quantity, ${points.length} fills`
  return plot('How it filled', note, stepChart('Filled share over time', points, end, formatDuration(end)))
}

/** Columns named in `words` are read from the left, figures from the right. */
function table(
  title: string,
  heads: readonly string[],
  words: readonly string[],
  rows: readonly (readonly string[])[],
): Markup | undefined {
  if (rows.length === 0) return undefined
  const tones = heads.map((head) => (words.includes(head) ? 'word' : 'number'))
  const cells = (row: readonly string[]): Markup[] =>
    row.map((cell, at) => markup`<td class="${tones[at]}">${cell}</td>`)
  return markup`<section><h2>${title}</h2><div class="wide"><table>
<thead><tr>${heads.map((head, at) => markup`<th class="${tones[at]}" scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${cells(row)}</tr>\n`)}</tbody></table></div></section>`
}

function venueTable(report: CostReport): Markup | undefined {
  const heads = [
    'venue',
    'filled',
    'average',
    'fee',
    'predicted bps',
    'realised bps',
    'ack ms',
    'fill ms',
    'children',
    'rejects',
  ]
  const rows = report.venues.map((row) => [
    row.venue,
    row.filledQuantity,
    row.averagePrice ?? '-',
    formatQuote(row.feeQuote),
    formatBps(row.predictedBps),
    formatBps(row.allInBps),
    formatFixed(row.ackMs, 1),
    formatFixed(row.fillMs, 1),
    row.children.toString(),
    row.rejects.toString(),
  ])
  return table('Venues', heads, ['venue'], rows)
}

function baselineTable(report: CostReport): Markup | undefined {
  const heads = ['baseline', 'all-in bps', 'slippage bps', 'fee bps', 'we saved bps']
  const rows = report.baselines.map((row) => [
    baselineText(row),
    formatBps(row.allInBps),
    formatBps(row.slippageBps),
    formatBps(row.feeBps),
    formatSignedBps(row.savedBps),
  ])
  return table('Baselines', heads, ['baseline'], rows)
}

/** A long timeline is folded away until somebody asks for it. */
function eventTable(report: CostReport): Markup | undefined {
  const rows = report.timeline.map((event) => [
    formatDuration(Math.max(0, event.timeUs - report.createdUs)),
    event.event,
    event.venue ?? '-',
    event.quantity ?? '-',
    event.price ?? '-',
  ])
  const events = table('Timeline', ['after', 'event', 'venue', 'quantity', 'price'], ['event', 'venue'], rows)
  if (rows.length <= EVENTS_OPEN_MAX) return events
  return markup`<details><summary>${rows.length} events</summary>${events}</details>`
}
