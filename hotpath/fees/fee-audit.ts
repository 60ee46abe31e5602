/**
 * Does a venue charge what it publishes? Realised cost regressed on published fee: an intercept that is not 0, or a
 * slope that is not 1, is a hidden cost. Realised cost must be taken against our own fill price, or slippage looks
 * like a fee.
 */
import type { Interval } from '../../shared/math/interval.ts'
import { pairedT } from '../../shared/math/paired-test.ts'
import { fitLine } from '../../shared/math/regression.ts'
import { studentTwoSidedP } from '../../shared/math/student-t.ts'

export interface FeeAudit {
  readonly intercept: number
  readonly slope: number
  readonly interceptError: number
  readonly slopeError: number
  /** Against 0. */
  readonly interceptT: number
  readonly interceptP: number
  /** Against 1. */
  readonly slopeT: number
  readonly slopeP: number
  /** Mean of realised less published, bps, with its 95 % interval. */
  readonly excessBps: number
  readonly excessBps95: Interval
}

/** One pair a fill, bps; at least three pairs with two different published fees: asserted. O(n). */
export function auditFees(publishedBps: readonly number[], realisedBps: readonly number[]): FeeAudit {
  const line = fitLine(publishedBps, realisedBps)
  const interceptT = line.intercept / line.interceptError
  const slopeT = (line.slope - 1) / line.slopeError
  const excess = pairedT(realisedBps.map((realised, i) => realised - publishedBps[i]))
  return {
    intercept: line.intercept,
    slope: line.slope,
    interceptError: line.interceptError,
    slopeError: line.slopeError,
    interceptT,
    interceptP: studentTwoSidedP(interceptT, line.freedom),
    slopeT,
    slopeP: studentTwoSidedP(slopeT, line.freedom),
    excessBps: excess.mean,
    excessBps95: excess.interval95,
  }
}
