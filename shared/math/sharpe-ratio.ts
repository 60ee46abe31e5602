/** Sharpe ratios that admit how short, skewed and often tried they are (Bailey & Lopez de Prado 2012, 2014). */
import { assert } from '../assert.ts'
import { normalCdf, normalQuantile } from './special-functions.ts'

const EULER_GAMMA = 0.5772156649015329

export interface SharpeSample {
  /** Per observation, not annualised. */
  readonly sharpe: number
  readonly observations: number
  readonly skew: number
  /** Not in excess: 3 for a normal. */
  readonly kurtosis: number
}

/** Probability that the true ratio is above `benchmark`. */
export function probabilisticSharpe(sample: SharpeSample, benchmark = 0): number {
  const { sharpe, observations, skew, kurtosis } = sample
  assert(observations > 1, 'a Sharpe ratio needs two observations')
  const variance = 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe
  assert(variance > 0, 'skew and kurtosis belong to one distribution')
  return normalCdf(((sharpe - benchmark) * Math.sqrt(observations - 1)) / Math.sqrt(variance))
}

/** Expected best ratio among `trials` worthless strategies whose ratios have variance `trialVariance`. */
export function expectedMaxSharpe(trials: number, trialVariance: number): number {
  assert(trials >= 1, 'at least one strategy was tried')
  if (trials === 1) return 0
  const first = normalQuantile(1 - 1 / trials)
  const second = normalQuantile(1 - 1 / (trials * Math.E))
  return Math.sqrt(trialVariance) * ((1 - EULER_GAMMA) * first + EULER_GAMMA * second)
}

/** Probability that the best of `trials` is better than luck. */
export function deflatedSharpe(sample: SharpeSample, trials: number, trialVariance: number): number {
  return probabilisticSharpe(sample, expectedMaxSharpe(trials, trialVariance))
}
