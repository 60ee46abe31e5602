/** Ordinary least squares of one variable on another, with an intercept. */
import { assert } from '../assert.ts'
import { centredProduct, mean } from './moments.ts'

export interface LineFit {
  readonly intercept: number
  readonly slope: number
  readonly interceptError: number
  readonly slopeError: number
  /** Degrees of freedom of the residuals: n - 2. */
  readonly freedom: number
}

/** At least three pairs, and x not all the same: asserted. O(n). */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>): LineFit {
  assert(x.length > 2, 'a line with errors needs three pairs')
  const spread = centredProduct(x, x)
  assert(spread > 0, 'a line needs two different x')
  const slope = centredProduct(x, y) / spread
  const meanX = mean(x)
  const intercept = mean(y) - slope * meanX
  let squares = 0
  for (let i = 0; i < x.length; i++) squares += (y[i] - intercept - slope * x[i]) ** 2
  const freedom = x.length - 2
  const variance = squares / freedom
  const slopeError = Math.sqrt(variance / spread)
  const interceptError = Math.sqrt(variance * (1 / x.length + (meanX * meanX) / spread))
  return { intercept, slope, interceptError, slopeError, freedom }
}
