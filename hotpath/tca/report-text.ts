/** The cost report for a terminal: whole, or the few lines that follow an order. */
import type { CostReport, CostShare } from './cost-report.ts'
import { certificateText } from './explain-text.ts'
import { formatBps, formatDuration, formatQuote, formatSignedBps, formatTime } from './figures.ts'
import { plain, renderTable, type TextColumn, type TextStyle, withoutControls } from './text-table.ts'

/** 'calibrated market, simulated': every report says what it was traded on. */
export function marketText(report: Pick<CostReport, 'market' | 'simulated'>): string {
  return `market ${withoutControls(report.market)}, ${report.simulated ? 'simulated fills' : 'real fills'}`
}

/** What it cost, in the five lines that follow an order. */
export function renderReportSummary(report: CostReport, style: TextStyle = plain): string {
  return [...head(report, style), ...shortfallLine(report), ...bestBaseline(report, style)].join('\n')
}

export function renderReport(report: CostReport, style: TextStyle = plain): string {
  const sections = [
    head(report, style),
    shortfallTable(report, style),
    venueTable(report, style),
    baselineTable(report, style),
    timeline(report, style),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function head(report: CostReport, style: TextStyle): string[] {
  const quoteAsset = withoutControls(report.symbol.slice(report.symbol.indexOf('/') + 1))
  const title = `${report.side} ${report.quantity} ${withoutControls(report.symbol)}: ${report.ordStatus}`
  const took = report.endedUs > 0 ? `took ${formatDuration(report.endedUs - report.createdUs)}` : 'still open'
  const average = report.averagePrice === undefined ? '' : ` at ${report.averagePrice}`
  const fees = Object.entries(report.fees)
    .map(([asset, amount]) => `${amount} ${withoutControls(asset)}`)
    .join(', ')
  const lines = [
    `${style.bold(title)}  ${style.dim(marketText(report))}`,
    style.dim(
      `order ${report.orderId}, client id ${withoutControls(report.clientOrderId)}, ${formatTime(report.createdUs)}, ${took}`,
    ),
    `filled      ${report.filledQuantity} of ${report.quantity}${average}; ${report.notional} ${quoteAsset}`,
    `fees        ${fees === '' ? 'none' : fees}`,
    `arrival mid ${report.arrivalMid ?? 'none: the book was one-sided'}`,
    `all-in      ${allIn(report)}`,
  ]
  if (report.predicted !== undefined) {
    lines.push(`certificate ${certificateText(report.predicted.proof, report.predicted.gapBps)}`)
  }
  return lines
}

function allIn(report: CostReport): string {
  if (report.realisedAllInBps === undefined && report.predicted === undefined) return 'unknown'
  const realised = `${formatSignedBps(report.realisedAllInBps)} bps realised`
  return report.predicted === undefined
    ? realised
    : `${realised}, ${formatSignedBps(report.predicted.allInBps)} bps predicted`
}

/** The parts of the shortfall in the order they arise. */
export function shortfallParts(report: CostReport): readonly [string, CostShare][] {
  const { shortfall } = report
  if (shortfall === undefined) return []
  return [
    ['spread', shortfall.spread],
    ['impact', shortfall.impact],
    ['delay', shortfall.delay],
    ['fees', shortfall.fees],
  ]
}

function shortfallLine(report: CostReport): string[] {
  if (report.shortfall === undefined) return []
  const parts = shortfallParts(report).map(([name, share]) => `${name} ${formatBps(share.bps)}`)
  return [`shortfall   ${formatBps(report.shortfall.total.bps)} bps = ${parts.join(' + ')}`.replaceAll('+ -', '- -')]
}

function bestBaseline(report: CostReport, style: TextStyle): string[] {
  return report.baselines
    .filter((row) => row.name === 'bestSingleVenue')
    .map((row) => {
      const saved = row.savedBps > 0 ? style.good(formatSignedBps(row.savedBps)) : formatSignedBps(row.savedBps)
      const venue = row.venue === undefined ? '' : ` (${withoutControls(row.venue)})`
      return `saved       ${saved} bps against the best single venue${venue}${row.incomplete ? ', which could not fill it all' : ''}`
    })
}

const shortfallColumns: readonly TextColumn[] = [
  { head: 'shortfall', align: 'left' },
  { head: 'quote', align: 'right' },
  { head: 'bps', align: 'right' },
]

function shortfallTable(report: CostReport, style: TextStyle): string[] {
  if (report.shortfall === undefined) return ['no shortfall: nothing was filled, or no mid was known at arrival']
  const { total } = report.shortfall
  const rows = shortfallParts(report).map(([name, share]) => [name, formatQuote(share.quote), formatBps(share.bps)])
  rows.push(['total', formatQuote(total.quote), formatBps(total.bps)].map((cell) => style.bold(cell)))
  return renderTable(shortfallColumns, rows, style)
}

const venueColumns: readonly TextColumn[] = [
  { head: 'venue', align: 'left' },
  { head: 'children', align: 'right' },
  { head: 'filled', align: 'right' },
  { head: 'average', align: 'right' },
  { head: 'fee quote', align: 'right' },
  { head: 'predicted bps', align: 'right' },
  { head: 'realised bps', align: 'right' },
  { head: 'ack ms', align: 'right' },
  { head: 'fill ms', align: 'right' },
  { head: 'rejects', align: 'right' },
]

function venueTable(report: CostReport, style: TextStyle): string[] {
  if (report.venues.length === 0) return []
  const rows = report.venues.map((row) => [
    withoutControls(row.venue),
    row.children.toString(),
    row.filledQuantity,
    row.averagePrice ?? '-',
    formatQuote(row.feeQuote),
    formatBps(row.predictedBps),
    formatBps(row.allInBps),
    row.ackMs === undefined ? '-' : row.ackMs.toFixed(1),
    row.fillMs === undefined ? '-' : row.fillMs.toFixed(1),
    row.rejects === 0 ? '0' : style.bad(row.rejects.toString()),
  ])
  return renderTable(venueColumns, rows, style)
}

const baselineColumns: readonly TextColumn[] = [
  { head: 'baseline (same books, same moment)', align: 'left' },
  { head: 'all-in bps', align: 'right' },
  { head: 'slippage bps', align: 'right' },
  { head: 'fee bps', align: 'right' },
  { head: 'we saved bps', align: 'right' },
]

const baselineWords: Readonly<Record<string, string>> = {
  bestSingleVenue: 'best single venue',
  bestDisplayedPrice: 'best displayed price',
  proRata: 'pro rata to displayed size',
  uniform: 'equal parts',
}

/** The baseline in words, with its venue and what it could not do. */
export function baselineText(row: CostReport['baselines'][number]): string {
  const name = baselineWords[row.name] ?? withoutControls(row.name)
  const venue = row.venue === undefined ? '' : ` (${withoutControls(row.venue)})`
  return `${name}${venue}${row.incomplete ? ', incomplete' : ''}`
}

function baselineTable(report: CostReport, style: TextStyle): string[] {
  if (report.baselines.length === 0) return ['no baselines: the books of the decision are no longer kept']
  const rows = report.baselines.map((row) => [
    baselineText(row),
    formatBps(row.allInBps),
    formatBps(row.slippageBps),
    formatBps(row.feeBps),
    row.savedBps > 0 ? style.good(formatSignedBps(row.savedBps)) : formatSignedBps(row.savedBps),
  ])
  return renderTable(baselineColumns, rows, style)
}

const timelineColumns: readonly TextColumn[] = [
  { head: 'after', align: 'right' },
  { head: 'event', align: 'left' },
  { head: 'venue', align: 'left' },
  { head: 'quantity', align: 'right' },
  { head: 'price', align: 'right' },
]
const TIMELINE_ROWS_MAX = 40

function timeline(report: CostReport, style: TextStyle): string[] {
  if (report.timeline.length === 0) return []
  const rows = report.timeline
    .slice(0, TIMELINE_ROWS_MAX)
    .map((row) => [
      formatDuration(Math.max(0, row.timeUs - report.createdUs)),
      withoutControls(row.event),
      withoutControls(row.venue ?? '-'),
      row.quantity ?? '-',
      row.price ?? '-',
    ])
  const hidden = report.timeline.length - rows.length
  const lines = renderTable(timelineColumns, rows, style)
  return hidden > 0 ? [...lines, style.dim(`and ${hidden} more events: see --json`)] : lines
}
