/**
 * Plots as inline SVG: horizontal bars, a waterfall, a step line over time. Drawn 400 units wide so that the text
 * stays readable on a phone; colours are the page's CSS classes, so dark and light come for free.
 */
import { type Markup, markup } from './markup.ts'

const WIDTH = 400
const LABEL_WIDTH = 112
const VALUE_WIDTH = 74
const PLOT_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH
const ROW_HEIGHT = 24
const LABEL_LETTERS_MAX = 16

export interface Bar {
  readonly label: string
  readonly value: number
  /** The value as it is read. */
  readonly text: string
  /** CSS class of the bar. */
  readonly tone: string
}

/** Bars of one label lie under each other: predicted above realised. */
export interface BarGroup {
  readonly label: string
  readonly bars: readonly Omit<Bar, 'label'>[]
}

function shorten(label: string): string {
  return label.length <= LABEL_LETTERS_MAX ? label : `${label.slice(0, LABEL_LETTERS_MAX - 1)}…`
}

/** Two digits are enough for a drawing. */
function at(position: number): string {
  return position.toFixed(2)
}

function figure(title: string, height: number, body: readonly Markup[]): Markup {
  return markup`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}"><title>${title}</title>${body}</svg>`
}

/** Maps values to the plot: the range holds zero and every value, and is never empty. */
function scaleOf(values: readonly number[]): { x(value: number): number; zero: number } {
  const finite = values.filter(Number.isFinite)
  const low = Math.min(0, ...finite)
  const high = Math.max(0, ...finite)
  const span = high - low || 1
  const x = (value: number): number => LABEL_WIDTH + ((value - low) / span) * PLOT_WIDTH
  return { x, zero: x(0) }
}

function rowText(y: number, label: string, value: string): Markup {
  return markup`<text class="label" x="${LABEL_WIDTH - 6}" y="${at(y)}" text-anchor="end">${shorten(label)}<title>${label}</title></text><text class="value" x="${WIDTH}" y="${at(y)}" text-anchor="end">${value}</text>`
}

function barRect(from: number, to: number, y: number, height: number, tone: string): Markup {
  const left = Math.min(from, to)
  const width = Math.max(1, Math.abs(to - from))
  return markup`<rect class="${tone}" x="${at(left)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="2"/>`
}

function axis(x: number, height: number): Markup {
  return markup`<line class="axis" x1="${at(x)}" y1="0" x2="${at(x)}" y2="${height}"/>`
}

/** One bar a label, from zero. */
export function barChart(title: string, bars: readonly Bar[]): Markup {
  return groupedBarChart(
    title,
    bars.map(({ label, ...bar }) => ({ label, bars: [bar] })),
  )
}

/** Several bars a label, each with its value; negative values go left of the zero line. */
export function groupedBarChart(title: string, groups: readonly BarGroup[]): Markup {
  const scale = scaleOf(groups.flatMap((group) => group.bars.map((bar) => bar.value)))
  const body: Markup[] = []
  let y = 2
  for (const group of groups) {
    const each = group.bars.length > 1 ? ROW_HEIGHT * 0.7 : ROW_HEIGHT
    for (const [index, bar] of group.bars.entries()) {
      body.push(rowText(y + each * 0.68, index === 0 ? group.label : '', bar.text))
      if (Number.isFinite(bar.value)) body.push(barRect(scale.zero, scale.x(bar.value), y + 2, each - 4, bar.tone))
      y += each
    }
    if (group.bars.length > 1) y += 6
  }
  return figure(title, Math.ceil(y) + 2, [...body, axis(scale.zero, Math.ceil(y))])
}

/** Parts that add up: each bar starts where the one before ended; the last one is the total, from zero. */
export function waterfall(title: string, parts: readonly Bar[], total: Bar): Markup {
  const ends: number[] = []
  for (const part of parts) ends.push((ends.at(-1) ?? 0) + part.value)
  const scale = scaleOf([...ends, total.value])
  const height = (parts.length + 1) * ROW_HEIGHT + 4
  const body: Markup[] = []
  for (const [index, part] of parts.entries()) {
    const y = 2 + index * ROW_HEIGHT
    const end = scale.x(ends[index])
    body.push(rowText(y + 16, part.label, part.text))
    body.push(barRect(scale.x(ends[index - 1] ?? 0), end, y + 3, ROW_HEIGHT - 6, part.tone))
    body.push(
      markup`<line class="link" x1="${at(end)}" y1="${at(y + ROW_HEIGHT - 3)}" x2="${at(end)}" y2="${at(y + ROW_HEIGHT + 3)}"/>`,
    )
  }
  const y = 2 + parts.length * ROW_HEIGHT
  body.push(rowText(y + 16, total.label, total.text))
  body.push(barRect(scale.zero, scale.x(total.value), y + 3, ROW_HEIGHT - 6, total.tone))
  return figure(title, height, [...body, axis(scale.zero, height)])
}

export interface StepPoint {
  /** Any unit, rising. */
  readonly time: number
  /** Level from this time on, 0 to 1. */
  readonly level: number
  readonly text: string
}

const STEP_HEIGHT = 170
const STEP_LEFT = 44
const STEP_BOTTOM = STEP_HEIGHT - 24
const STEP_TOP = 10

/** A level that rises in steps over time, a dot a step; the last level is held to the end. */
export function stepChart(title: string, points: readonly StepPoint[], end: number, endText: string): Markup {
  const span = end > 0 ? end : 1
  const x = (time: number): number => STEP_LEFT + (Math.min(Math.max(time, 0), span) / span) * (WIDTH - STEP_LEFT - 8)
  const y = (level: number): number => STEP_BOTTOM - level * (STEP_BOTTOM - STEP_TOP)
  const grid = [0, 0.5, 1].map(
    (level) =>
      markup`<line class="grid" x1="${STEP_LEFT}" y1="${at(y(level))}" x2="${WIDTH - 8}" y2="${at(y(level))}"/><text class="label" x="${STEP_LEFT - 6}" y="${at(y(level) + 4)}" text-anchor="end">${level * 100}%</text>`,
  )
  let path = `M${at(x(0))} ${at(y(0))}`
  for (const point of points) path += `H${at(x(point.time))}V${at(y(point.level))}`
  path += `H${at(x(span))}`
  const dots = points.map(
    (point) =>
      markup`<circle class="dot" cx="${at(x(point.time))}" cy="${at(y(point.level))}" r="4"><title>${point.text}</title></circle>`,
  )
  const times = markup`<text class="label" x="${STEP_LEFT}" y="${STEP_HEIGHT - 6}">0</text><text class="label" x="${WIDTH - 8}" y="${STEP_HEIGHT - 6}" text-anchor="end">${endText}</text>`
  return figure(title, STEP_HEIGHT, [...grid, markup`<path class="step" d="${path}"/>`, ...dots, times])
}
