/** Measures how wild hours differ from calm ones, how often prices jump, and how far stablecoins stray. */
import type { Calibration, MeasuredRegime } from './calibration.ts'
import { deviation, mean, quantile, rounded } from './quantiles.ts'

export interface Bar {
  readonly minute: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** Rows `time,open,high,low,close,volume`; time as ISO text or epoch seconds; a header is skipped. */
export function parseBars(text: string): Bar[] {
  const bars: Bar[] = []
  for (const line of text.split('\n')) {
    const [time, , high, low, close, volume] = line.split(',')
    const minute = parseMinute(time)
    if (Number(close) > 0 && Number.isFinite(minute)) {
      bars.push({ minute, high: Number(high), low: Number(low), close: Number(close), volume: Number(volume) })
    }
  }
  return bars
}

function parseMinute(time: string): number {
  if (/^\d{10}$/.test(time)) return Number(time) / 60
  const iso = time.includes('+') || time.endsWith('Z') ? time : `${time}Z`
  return Date.parse(iso.replace(' ', 'T')) / 60_000
}

/** Shares of time of the calm, normal and stressed regime: a choice, the ratios below are measured. */
const SHARES = [0.3, 0.55, 0.15]
/** A regime is judged by the mean range of this many minutes. */
const WINDOW = 10
/** A minute that moves more than this many of its window's deviations. */
const JUMP_DEVIATIONS = 6

export function measureRegimes(bars: readonly Bar[]): { states: MeasuredRegime[]; jumpsPerDay: number } {
  const ranges = bars.map(({ high, low }) => Math.log(high / low))
  const windows: { range: number; volume: number }[] = []
  for (let from = 0; from + WINDOW <= bars.length; from += WINDOW) {
    const volume = mean(bars.slice(from, from + WINDOW).map((bar) => bar.volume))
    windows.push({ range: mean(ranges.slice(from, from + WINDOW)), volume })
  }
  const cuts = [
    quantile(
      windows.map(({ range }) => range),
      SHARES[0],
    ),
    quantile(
      windows.map(({ range }) => range),
      1 - SHARES[2],
    ),
  ]
  const stateOf = (range: number): number => (range < cuts[0] ? 0 : range < cuts[1] ? 1 : 2)
  const labels = windows.map(({ range }) => stateOf(range))
  const normal = windows.filter((_, at) => labels[at] === 1)
  const states = SHARES.map((share, state) => {
    const own = windows.filter((_, at) => labels[at] === state)
    return {
      volatilityRatio: rounded(mean(own.map(({ range }) => range)) / mean(normal.map(({ range }) => range))),
      volumeRatio: rounded(mean(own.map(({ volume }) => volume)) / mean(normal.map(({ volume }) => volume))),
      share,
      minutesMean: rounded((own.length / runsOf(labels, state)) * WINDOW),
    }
  })
  return { states, jumpsPerDay: rounded(countJumps(bars) / (bars.length / 1_440)) }
}

function runsOf(labels: readonly number[], state: number): number {
  return labels.filter((label, at) => label === state && labels[at - 1] !== state).length
}

function countJumps(bars: readonly Bar[]): number {
  const returns = bars.slice(1).map((bar, at) => Math.log(bar.close / bars[at].close))
  let jumps = 0
  for (let at = 60; at < returns.length; at++) {
    if (Math.abs(returns[at]) > JUMP_DEVIATIONS * deviation(returns.slice(at - 60, at))) jumps++
  }
  return jumps
}

/** Before this minute (2023-03-10T00:00Z) the stablecoins of the sample were at peace; after it USDC broke its peg. */
const PEG_BREAK_MINUTE = Date.parse('2023-03-10T00:00:00Z') / 60_000

/** The same asset in two quote currencies at one venue, and in one currency at two venues. */
export function measureStablecoins(
  usd: readonly Bar[],
  usdt: readonly Bar[],
  usdc: readonly Bar[],
  elsewhere: readonly Bar[],
): Omit<Calibration['stablecoins'], 'source'> {
  const basis = gapsBps(usdt, usd)
  const changes = basis.slice(1).map((value, at) => [basis[at], value])
  const middle = mean(basis)
  const kept = mean(changes.map(([a, b]) => (a - middle) * (b - middle))) / deviation(basis) ** 2
  return {
    basisDeviationBps: rounded(deviation(basis)),
    basisHalfLifeMinutes: rounded(Math.log(0.5) / Math.log(kept)),
    venueGapDeviationBps: rounded(deviation(gapsBps(usdc, elsewhere))),
  }
}

/** Differences of closes in bps, of minutes both traded in, outliers beyond 50 bps (stale prints) left out. */
function gapsBps(a: readonly Bar[], b: readonly Bar[]): number[] {
  const closes = new Map(b.filter(({ volume }) => volume > 0).map(({ minute, close }) => [minute, close]))
  const gaps: number[] = []
  for (const { minute, close, volume } of a) {
    const other = closes.get(minute)
    if (other === undefined || volume === 0 || minute >= PEG_BREAK_MINUTE) continue
    const gap = Math.log(close / other) * 1e4
    if (Math.abs(gap) < 50) gaps.push(gap)
  }
  return gaps
}
