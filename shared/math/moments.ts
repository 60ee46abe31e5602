/** Sample moments by two passes: centred sums do not cancel. Float opinions, O(n). */
import { assert } from '../assert.ts'

export function mean(values: ArrayLike<number>): number {
  assert(values.length > 0, 'a mean needs a value')
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** Sum of (x - mean x)(y - mean y). */
export function centredProduct(x: ArrayLike<number>, y: ArrayLike<number>): number {
  assert(x.length === y.length, 'paired samples have one length')
  const meanX = mean(x)
  const meanY = mean(y)
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] - meanX) * (y[i] - meanY)
  return sum
}

/** Covariance with n - 1; the variance when both are the same sample. */
export function covariance(x: ArrayLike<number>, y: ArrayLike<number>): number {
  assert(x.length > 1, 'a covariance needs two pairs')
  return centredProduct(x, y) / (x.length - 1)
}
