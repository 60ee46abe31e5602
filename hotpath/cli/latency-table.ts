/** Latencies as lines: a table of stages with the spread of each drawn, one of venues, one of a single order. Pure. */
import type {
  LatencyFigures,
  LatencyReport,
  OrderSteps,
  VenueLatency,
  VenueNetwork,
} from '../latency/latency-report.ts'
import { formatFixed } from '../tca/figures.ts'
import { renderTable, type TextColumn, type TextStyle, withoutControls } from '../tca/text-table.ts'

/** The drawing: four characters a decade, from 100 ns to 10 s. */
const FIRST_US = 0.1
const DECADES = 8
const PER_DECADE = 4
const DRAWING_WIDTH = DECADES * PER_DECADE
/** Room that the figures take beside it. */
const FIGURES_WIDTH = 68
const SHARE_WIDTH = 40

/** Three significant digits, at most three decimals: '81 ns', '1.52 us', '12.3 ms', '4.20 s', '3.1 min'. */
export function formatTimeUs(us: number): string {
  if (!Number.isFinite(us)) return '-'
  const size = Math.abs(us)
  if (size < 1) return `${Math.round(us * 1_000)} ns`
  if (size < 999.5) return `${significant(us)} us`
  if (size < 999_500) return `${significant(us / 1_000)} ms`
  if (size < 99_500_000) return `${significant(us / 1_000_000)} s`
  return `${(us / 60_000_000).toFixed(1)} min`
}

function significant(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
}

const right = (head: string): TextColumn => ({ head, align: 'right' })
const left = (head: string): TextColumn => ({ head, align: 'left' })
const figureColumns: readonly TextColumn[] = ['count', 'p50', 'p90', 'p99', 'p99.9', 'max'].map(right)

/** `columns`: of the terminal; the drawing needs a hundred. */
export function renderStages({ stages, refused }: LatencyReport, columns: number, style: TextStyle): readonly string[] {
  const isDrawn = columns >= FIGURES_WIDTH + DRAWING_WIDTH
  const table: readonly TextColumn[] = [left('stage'), ...figureColumns, ...(isDrawn ? [left(scale())] : [])]
  const rows = stages.map((stage) => [
    stage.kind === 'total' ? style.bold(stage.stage) : stage.stage,
    ...figureCells(stage),
    ...(isDrawn ? [drawing(stage)] : []),
  ])
  const lines = renderTable(table, rows, style)
  if (isDrawn) lines.push(style.dim('drawn on a logarithmic scale: ....p50====p99----max'))
  if (refused > 0) lines.push(style.bad(`${formatFixed(refused, 0)} times came out negative and are left out`))
  return lines
}

function figureCells(figures: LatencyFigures): string[] {
  const { count, p50Us, p90Us, p99Us, p999Us, maxUs } = figures
  if (count === 0) return ['0', '-', '-', '-', '-', '-']
  return [formatFixed(count, 0), ...[p50Us, p90Us, p99Us, p999Us, maxUs].map(formatTimeUs)]
}

/** Every second decade has its mark. */
function scale(): string {
  return ['100ns', '10us', '1ms', '100ms'].map((mark) => mark.padEnd(2 * PER_DECADE)).join('')
}

function placeOf(us: number): number {
  const place = Math.floor(Math.log10(Math.max(us, FIRST_US) / FIRST_US) * PER_DECADE)
  return Math.min(DRAWING_WIDTH - 1, place)
}

/** On a logarithmic scale: dots up to the median, '=' to the 99th percentile, '-' to the maximum. */
function drawing({ count, p50Us, p99Us, maxUs }: LatencyFigures): string {
  if (count === 0) return ''
  const [median, high, end] = [placeOf(p50Us), placeOf(p99Us), placeOf(maxUs)]
  return `${'.'.repeat(median)}${'='.repeat(high - median + 1)}${'-'.repeat(end - high)}`
}

interface NetworkColumn {
  readonly column: TextColumn
  /** undefined: not known. */
  cell(network: VenueNetwork): string | undefined
}

const networkColumns: readonly NetworkColumn[] = [
  { column: right('km'), cell: ({ distanceKm }) => whenKnown(distanceKm, (km) => formatFixed(km, 0)) },
  { column: right('floor'), cell: ({ floorUs }) => whenKnown(floorUs, formatTimeUs) },
  { column: right('clock'), cell: ({ offsetUs }) => whenKnown(offsetUs, signedTime) },
  { column: right('+-'), cell: ({ offsetBoundUs }) => whenKnown(offsetBoundUs, formatTimeUs) },
  { column: right('way out'), cell: ({ oneWayLowUs, oneWayHighUs }) => wayOut(oneWayLowUs, oneWayHighUs) },
  { column: left('congestion'), cell: ({ congestion }) => congestion },
  { column: left('note'), cell: ({ note }) => (note === undefined || note === '' ? undefined : withoutControls(note)) },
]

/** Venues and columns that nothing is known of are left out. */
export function renderVenueTimes(all: readonly VenueLatency[], style: TextStyle): readonly string[] {
  const venues = all.filter(({ ack, fill, network }) => ack.count + fill.count > 0 || network !== undefined)
  const silent = all.length - venues.length
  if (venues.length === 0) return [`${silent} venues, no order went to any yet`]
  const known = networkColumns.filter(({ cell }) =>
    venues.some(({ network }) => network !== undefined && cell(network)),
  )
  const table: readonly TextColumn[] = [
    left('venue'),
    ...['acks', 'p50', 'p99', 'max', 'fills', 'p50', 'p99'].map(right),
    ...known.map(({ column }) => column),
  ]
  const rows = venues.map(({ venue, ack, fill, network }) => [
    withoutControls(venue),
    ...[ack.count === 0 ? '-' : formatFixed(ack.count, 0), timeOf(ack, ack.p50Us), timeOf(ack, ack.p99Us)],
    ...[timeOf(ack, ack.maxUs), fill.count === 0 ? '-' : formatFixed(fill.count, 0)],
    ...[timeOf(fill, fill.p50Us), timeOf(fill, fill.p99Us)],
    ...known.map(({ cell }) => (network === undefined ? '-' : (cell(network) ?? '-'))),
  ])
  const impossible = venues.filter(({ ack, network }) => ack.count > 0 && ack.p50Us < (network?.floorUs ?? 0))
  const warnings = impossible.map(({ venue }) =>
    style.bad(`${withoutControls(venue)} answers faster than light: its place or a clock is wrong, or it is simulated`),
  )
  const others = silent === 0 ? [] : [style.dim(`${silent} other venues got no order yet`)]
  return [...renderTable(table, rows, style), ...others, ...warnings]
}

function timeOf({ count }: LatencyFigures, us: number): string {
  return count === 0 ? '-' : formatTimeUs(us)
}

/** JSON knows no infinity: what was one has become null. */
function whenKnown(value: number | null | undefined, format: (value: number) => string): string | undefined {
  return value === undefined || value === null ? undefined : format(value)
}

function signedTime(us: number): string {
  return us > 0 ? `+${formatTimeUs(us)}` : formatTimeUs(us)
}

function wayOut(lowUs: number | undefined, highUs: number | undefined): string | undefined {
  return whenKnown(lowUs, (low) => `${formatTimeUs(low)} to ${formatTimeUs(highUs ?? Number.NaN)}`)
}

/** Where the time of one order went: each step with its share drawn. */
export function renderOrderSteps({ totalUs, steps }: OrderSteps, style: TextStyle): readonly string[] {
  const rows = steps.map(({ stage, us }) => {
    const share = totalUs === 0 ? 0 : us / totalUs
    return [stage, formatTimeUs(us), `${Math.round(share * 100)}%`, '#'.repeat(Math.round(share * SHARE_WIDTH))]
  })
  const all = [style.bold('total'), style.bold(formatTimeUs(totalUs)), '', '']
  return renderTable([left('step'), right('time'), right('share'), left('')], [...rows, all], style)
}
