/** Measures what one symbol did at the spot venue: touch, depth, trades, refill, volatility. */
import { BookSide } from '../../../../book/book-table.ts'
import { type DepthPoint, type MeasuredFlow, QUANTILE_LEVELS } from './calibration.ts'
import type { CaptureTape, DepthRow, TouchRow } from './capture-tape.ts'
import { deviation, mean, quantile, rounded, weightedQuantile } from './quantiles.ts'

/** As far as the REST snapshot of 1,000 levels reaches on BTC. */
const DEPTH_BPS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30]
const REFILL_MS_MAX = 10_000

export function measureFlow(tape: CaptureTape): MeasuredFlow {
  const { touches, bursts, seconds } = tape
  const held = touches.slice(1).map((row, at) => row.ns - touches[at].ns)
  const spreads = touches.slice(0, -1).map((row) => ((row.ask - row.bid) / midOf(row)) * 1e4)
  const bidAmounts = touches.slice(0, -1).map((row) => row.bidQty * row.bid)
  const amounts = bursts.map(({ quoteAmount }) => quoteAmount)
  const midChanges = touches.filter((row, at) => at > 0 && midOf(row) !== midOf(touches[at - 1])).length
  return {
    mid: rounded(midOf(touches[0])),
    spreadBps: QUANTILE_LEVELS.map((p) => rounded(weightedQuantile(spreads, held, p))),
    midChangesPerS: rounded(midChanges / seconds),
    levelChangesPerS: rounded(tape.levelChanges / seconds),
    levelChangesNearPerS: rounded(tape.levelChangesNear / seconds),
    touchQuoteAmount: QUANTILE_LEVELS.map((p) => rounded(weightedQuantile(bidAmounts, held, p))),
    levelLogDeviation: rounded(measureLevelSpread(tape.books)),
    depth: measureDepth(tape.books),
    burstsPerS: rounded(bursts.length / seconds),
    printsPerBurst: rounded(mean(bursts.map(({ prints }) => prints))),
    burstQuoteAmount: QUANTILE_LEVELS.map((p) => rounded(quantile(amounts, p))),
    sideAutocorrelation: rounded(
      mean(bursts.slice(1).map(({ isSell }, at) => (isSell === bursts[at].isSell ? 1 : -1))),
    ),
    ...measureClustering(bursts.map(({ atMs }) => atMs / 1_000)),
    ...measureRefill(tape),
    deviationBpsPerS: rounded(deviation(returnsBps(touches, 1e9))),
  }
}

function midOf(row: TouchRow): number {
  return (row.bid + row.ask) / 2
}

/** Mid returns on a grid of `stepNs`, bps. */
export function returnsBps(
  touches: readonly TouchRow[],
  stepNs: number,
  fromNs = touches[0].ns,
  toNs = Number.POSITIVE_INFINITY,
): number[] {
  const mids: number[] = []
  const end = Math.min(toNs, touches[touches.length - 1].ns)
  let at = 0
  for (let ns = fromNs; ns < end; ns += stepNs) {
    while (at + 1 < touches.length && touches[at + 1].ns <= ns) at++
    mids.push(Math.log(midOf(touches[at])))
  }
  return mids.slice(1).map((value, i) => (value - mids[i]) * 1e4)
}

/** Mean over seconds and sides of the money within each distance of the mid. */
function measureDepth(books: readonly DepthRow[]): DepthPoint[] {
  const sums = DEPTH_BPS.map(() => 0)
  for (const { sides } of books) {
    const mid = (Math.max(...sides[BookSide.bid].keys()) + Math.min(...sides[BookSide.ask].keys())) / 2
    for (const side of sides) {
      for (const [price, qty] of side) {
        const bps = Math.abs(price / mid - 1) * 1e4
        const amount = price * qty
        for (let i = DEPTH_BPS.length - 1; i >= 0 && DEPTH_BPS[i] >= bps; i--) sums[i] += amount
      }
    }
  }
  return DEPTH_BPS.map((bps, i) => [bps, rounded(sums[i] / (2 * books.length))])
}

/** How much the money between two distances varies from second to second: the deviation of its logarithm. */
function measureLevelSpread(books: readonly DepthRow[]): number {
  const spreads: number[] = []
  for (let i = 4; i + 1 < DEPTH_BPS.length; i++) {
    const amounts = books.map((book) => {
      const [near, far] = [DEPTH_BPS[i], DEPTH_BPS[i + 1]]
      return amountBetween(book, near, far)
    })
    spreads.push(deviation(amounts.filter((amount) => amount > 0).map(Math.log)))
  }
  return mean(spreads)
}

function amountBetween({ sides }: DepthRow, near: number, far: number): number {
  const best = Math.max(...sides[BookSide.bid].keys())
  let amount = 0
  for (const [price, qty] of sides[BookSide.bid]) {
    const bps = (1 - price / best) * 1e4
    if (bps >= near && bps < far) amount += price * qty
  }
  return amount
}

/**
 * Hawkes with one exponential: the Fano factor of counts tends to 1 / (1 - branching)^2, and at window T is
 * 1 + (limit - 1)(1 - (1 - e^-gT) / gT) with g = decay (1 - branching) (Hawkes 1971). Limit from 10 s, g from 1 s.
 */
function measureClustering(seconds: readonly number[]): { branching: number; excitementDecayPerS: number } {
  const limit = fanoFactor(seconds, 10)
  const branching = 1 - 1 / Math.sqrt(limit)
  const wanted = (fanoFactor(seconds, 1) - 1) / (limit - 1)
  let low = 0.001
  let high = 1_000
  for (let i = 0; i < 60; i++) {
    const g = Math.sqrt(low * high)
    if (1 - (1 - Math.exp(-g)) / g < wanted) low = g
    else high = g
  }
  return { branching: rounded(branching), excitementDecayPerS: rounded(low / (1 - branching)) }
}

function fanoFactor(seconds: readonly number[], window: number): number {
  const counts = new Array<number>(Math.floor((seconds[seconds.length - 1] - seconds[0]) / window)).fill(0)
  for (const second of seconds) {
    const at = Math.floor((second - seconds[0]) / window)
    if (at < counts.length) counts[at]++
  }
  return deviation(counts) ** 2 / mean(counts)
}

type Refill = Pick<MeasuredFlow, 'refillMsMedian' | 'refillMsP90' | 'refilledShare'>

function measureRefill({ touches, bursts }: CaptureTape): Refill {
  const times: number[] = []
  let watched = 0
  let at = 0
  for (const { ns, isSell, qty } of bursts) {
    while (at + 1 < touches.length && touches[at + 1].ns < ns - 5e6) at++
    const before = touches[at]
    if (qty < 0.5 * (isSell ? before.bidQty : before.askQty)) continue
    watched++
    const back = refilledAt(touches, at, before, isSell, ns)
    if (back >= 0) times.push((back - ns) / 1e6)
  }
  return {
    refillMsMedian: rounded(quantile(times, 0.5)),
    refillMsP90: rounded(quantile(times, 0.9)),
    refilledShare: rounded(times.length / watched),
  }
}

/** When the level is first smaller than 80 % and then back, or -1 when that takes longer than REFILL_MS_MAX. */
function refilledAt(touches: readonly TouchRow[], from: number, before: TouchRow, isSell: boolean, ns: number): number {
  let wasDown = false
  for (let i = from; i < touches.length && touches[i].ns < ns + REFILL_MS_MAX * 1e6; i++) {
    const row = touches[i]
    const isBack = isSell
      ? row.bid > before.bid || (row.bid === before.bid && row.bidQty >= 0.8 * before.bidQty)
      : row.ask < before.ask || (row.ask === before.ask && row.askQty >= 0.8 * before.askQty)
    if (!isBack) wasDown = true
    else if (wasDown) return row.ns
  }
  return -1
}
