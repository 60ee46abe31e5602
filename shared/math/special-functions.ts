/**
 * The special functions under the statistics: log-gamma, the regularised incomplete beta and its inverse, erfc and
 * the normal distribution. Accurate to 1e-12 relative (measured against 40-digit mpmath values in the unit test).
 *
 * Hand-written, because shared/ must also load in Workers and browsers: of the libraries measured, simple-statistics
 * and jstat stop at 3e-8 and 8e-8, cephes is WebAssembly compiled from bytes (refused in Workers), and @stdlib is
 * exact but brings 238 packages and 28 MB for six functions.
 */
import { assert } from '../assert.ts'

const LOG_SQRT_TWO_PI = 0.9189385332046727
const TWO_PI = 2 * Math.PI
/** A continued fraction takes O(sqrt(max(a, b))) terms: enough for a and b in the billions. */
const TERMS_MAX = 200_000
const TINY = 1e-300
const EPSILON = 1e-16

/**
 * Bernoulli tail of Stirling's formula (DLMF 5.11.1): log-gamma(x) - ((x - 1/2) log x - x + log sqrt(2 pi)). At x >= 10
 * the first term left out is below 1e-17; a smaller x is moved up by gamma(x + 1) = x gamma(x).
 */
function stirlingError(x: number): number {
  if (x < 10) return logGamma(x) - stirling(x)
  const z = 1 / (x * x)
  return (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z / 156)))))) / x
}

function stirling(x: number): number {
  return (x - 0.5) * Math.log(x) - x + LOG_SQRT_TWO_PI
}

/** Natural logarithm of the gamma function, x > 0. Absolute error about 1e-15 below 10, relative above. O(1). */
export function logGamma(x: number): number {
  assert(x > 0, 'log-gamma is defined above zero')
  let product = 1
  let shifted = x
  while (shifted < 10) product *= shifted++
  return stirling(shifted) + stirlingError(shifted) - Math.log(product)
}

/** log(1 + ratio), where the caller also knows the quotient 1 + ratio without cancellation. */
function logRatio(ratio: number, quotient: number): number {
  return Math.abs(ratio) < 0.5 ? Math.log1p(ratio) : Math.log(quotient)
}

/**
 * x^a y^b / B(a, b) with y = 1 - x, in Loader's deviance form (Fast and Accurate Computation of Binomial
 * Probabilities, 2000): large log-gammas never cancel, so counts in the millions keep their digits.
 */
function betaPower(x: number, y: number, a: number, b: number): number {
  const sum = a + b
  const off = x * b - y * a
  const deviance = a * logRatio(off / a, (x * sum) / a) + b * logRatio(-off / b, (y * sum) / b)
  const correction = stirlingError(sum) - stirlingError(a) - stirlingError(b)
  return Math.sqrt((a * b) / (TWO_PI * sum)) * Math.exp(deviance + correction)
}

/**
 * Continued fraction of I_x(a, b) = power / fraction (DiDonato & Morris, Algorithm 708, 1992) by the modified
 * Lentz method, for x up to a / (a + b): there the first terms are positive, and with y given nothing cancels.
 */
function betaFraction(x: number, y: number, a: number, b: number): number {
  const start = a * y - b * x + 1
  let value = nonZero((a * start) / (a + 1))
  let c = value
  let d = 0
  for (let m = 1; m < TERMS_MAX; m++) {
    const odd = a + 2 * m - 1
    const numerator = ((a + m - 1) * (a + b + m - 1) * m * (b - m) * x * x) / (odd * odd)
    const denominator = m + (m * (b - m) * x) / odd + ((a + m) * (start + m * (1 + y))) / (odd + 2)
    d = 1 / nonZero(denominator + numerator * d)
    c = nonZero(denominator + numerator / c)
    value *= c * d
    if (Math.abs(c * d - 1) < 3 * EPSILON) return value
  }
  throw new RangeError('the incomplete beta fraction did not settle')
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/**
 * Regularised incomplete beta I_x(a, b); `y` is 1 - x where the caller has it without cancellation. a, b > 0,
 * x in [0, 1]. Throws RangeError only beyond a or b of about 1e9. O(sqrt(max(a, b))).
 */
export function incompleteBeta(x: number, a: number, b: number, y = 1 - x): number {
  assert(a > 0 && b > 0, 'the incomplete beta has positive parameters')
  assert(x >= 0 && x <= 1, 'the incomplete beta has an argument between 0 and 1')
  if (x === 0) return 0
  if (y === 0) return 1
  const power = betaPower(x, y, a, b)
  if (x * b <= y * a) return power / betaFraction(x, y, a, b)
  return 1 - power / betaFraction(y, x, b, a)
}

/** x with I_x(a, b) = p: Newton steps kept inside a bracket that halves when they leave it. p in [0, 1]. */
export function incompleteBetaInverse(p: number, a: number, b: number): number {
  assert(p >= 0 && p <= 1, 'a probability is between 0 and 1')
  if (p === 0 || p === 1) return p
  let low = 0
  let high = 1
  let x = a / (a + b)
  for (let turn = 0; turn < 400; turn++) {
    const error = incompleteBeta(x, a, b) - p
    if (error > 0) high = x
    else low = x
    const step = (error * x * (1 - x)) / betaPower(x, 1 - x, a, b)
    // Far out the density underflows and the step is not finite: halve instead, towards 0 by eighths.
    let next = x - step
    if (!(next > low && next < high)) next = low === 0 ? high / 8 : (low + high) / 2
    if (Math.abs(next - x) <= 2 * EPSILON * next || next === low || next === high) return next
    x = next
  }
  return x
}

/** erf by its all-positive series, |x| < 2; the caller keeps the sign. */
function erfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > EPSILON * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** erfc for x >= 2 by Laplace's continued fraction (DLMF 7.9.1), evaluated from far enough behind. */
function erfcFraction(x: number): number {
  let tail = x
  for (let k = 120; k >= 1; k--) tail = x + k / 2 / tail
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail)
}

/** Complementary error function, relative error below 1e-12 (x < 26, where it underflows). O(1). */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (x >= 2) return erfcFraction(x)
  if (x <= -2) return 2 - erfcFraction(-x)
  return 1 - erfSeries(x)
}

/** P(Z <= z) of the standard normal. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z / Math.SQRT2)
}

/** z with P(Z <= z) = p, 0 < p < 1: Hastings' start (Abramowitz & Stegun 26.2.23), then three Halley steps. */
export function normalQuantile(p: number): number {
  assert(p > 0 && p < 1, 'a normal quantile needs a probability inside (0, 1)')
  if (p > 0.5) return -normalQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  let z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for (let turn = 0; turn < 3; turn++) {
    const step = (normalCdf(z) - p) * Math.sqrt(TWO_PI) * Math.exp((z * z) / 2)
    z -= step / (1 + (z * step) / 2)
  }
  return z
}
