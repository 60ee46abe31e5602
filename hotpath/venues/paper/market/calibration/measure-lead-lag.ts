/** Measures who moves first: the lag at which the mid returns of two markets, heard on one host, agree most. */
import type { MeasuredLag } from './calibration.ts'
import type { CaptureTape } from './capture-tape.ts'
import { returnsBps } from './measure-flow.ts'
import { correlation, rounded } from './quantiles.ts'

const STEP_NS = 10e6
const LAG_STEPS_MAX = 50

/** The pair told in the order that makes the lag positive or zero. */
export function measureLag(first: string, a: CaptureTape, second: string, b: CaptureTape): MeasuredLag {
  const from = Math.max(a.touches[0].ns, b.touches[0].ns)
  const to = Math.min(a.touches[a.touches.length - 1].ns, b.touches[b.touches.length - 1].ns)
  const returnsA = returnsBps(a.touches, STEP_NS, from, to)
  const returnsB = returnsBps(b.touches, STEP_NS, from, to)
  let best = 0
  let bestLag = 0
  for (let lag = -LAG_STEPS_MAX; lag <= LAG_STEPS_MAX; lag++) {
    const agreement = lagged(returnsA, returnsB, lag)
    if (agreement > best) {
      best = agreement
      bestLag = lag
    }
  }
  const [leader, follower] = bestLag >= 0 ? [first, second] : [second, first]
  return { leader, follower, lagMs: (Math.abs(bestLag) * STEP_NS) / 1e6, correlation: rounded(best) }
}

/** Correlation of a at t with b at t + lag. */
function lagged(a: readonly number[], b: readonly number[], lag: number): number {
  const length = Math.min(a.length, b.length) - Math.abs(lag)
  const fromA = Math.max(0, -lag)
  const fromB = Math.max(0, lag)
  return correlation(a.slice(fromA, fromA + length), b.slice(fromB, fromB + length))
}

/** How strongly two base assets move together, second by second, at one venue. */
export function measureBaseCorrelation(a: CaptureTape, b: CaptureTape): number {
  const from = Math.max(a.touches[0].ns, b.touches[0].ns)
  const returnsA = returnsBps(a.touches, 1e9, from)
  const returnsB = returnsBps(b.touches, 1e9, from)
  const length = Math.min(returnsA.length, returnsB.length)
  return rounded(correlation(returnsA.slice(0, length), returnsB.slice(0, length)))
}
