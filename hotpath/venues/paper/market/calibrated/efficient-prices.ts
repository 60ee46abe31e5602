/**
 * What the assets are worth, before any venue has heard of it: correlated random walks of the logarithm on a grid of
 * 10 ms, with the volatility of a Markov regime (calm, normal, stressed) and rare jumps; stablecoins stray a little
 * around one dollar. A short past is kept, so that every venue can look back as far as its lag.
 */
import { assert } from '../../../../../shared/assert.ts'
import type { Prng } from '../../../../../shared/prng.ts'
import { NS_PER_MS, NS_PER_S } from '../../../../../shared/units/time.ts'
import { calibration } from '../calibration/calibration.ts'

/** Rows of the price table; USD is the measure of all. */
export const Asset = { USD: 0, USDT: 1, USDC: 2, BTC: 3, ETH: 4, SOL: 5 } as const
export type Asset = (typeof Asset)[keyof typeof Asset]
const ASSETS = 6

export const Regime = { calm: 0, normal: 1, stressed: 2 } as const
export type Regime = (typeof Regime)[keyof typeof Regime]

export const STEP_NS = 10 * NS_PER_MS
/** Steps of the past kept: 2.56 s, more than the longest lag. */
export const STEPS_KEPT = 256
const STEPS_PER_S = NS_PER_S / STEP_NS
const SECONDS_PER_MINUTE = 60
const SECONDS_PER_DAY = 86_400

/** Assumed: SOL was not in the capture; its usual size against BTC. */
const SOL_PRICE = 155
const SOL_VOLATILITY_RATIO = 1.6
/** Assumed: a measured jump (a minute beyond 6 deviations) happens at once and is about this large. */
const JUMP_BPS = 25
/** Assumed: USDC strays half as far as USDT is measured to. */
const USDC_BASIS_RATIO = 0.5

const BPS = 1e-4

export class EfficientPrices {
  readonly #prng: Prng
  /** Logarithms, STEPS_KEPT steps of ASSETS values, in a ring. */
  readonly #logs = new Float64Array(STEPS_KEPT * ASSETS)
  readonly #now = new Float64Array(ASSETS)
  /** Deviation of one step by asset, in the normal regime. */
  readonly #deviations = new Float64Array(ASSETS)
  #step = 0
  #regime: Regime = Regime.normal
  #regimeSteps = 0

  constructor(prng: Prng) {
    const { flow } = calibration
    this.#prng = prng
    this.#now[Asset.BTC] = Math.log(flow.BTC.mid)
    this.#now[Asset.ETH] = Math.log(flow.ETH.mid)
    this.#now[Asset.SOL] = Math.log(SOL_PRICE)
    const perStep = BPS / Math.sqrt(STEPS_PER_S)
    this.#deviations[Asset.BTC] = flow.BTC.deviationBpsPerS * perStep
    this.#deviations[Asset.ETH] = flow.ETH.deviationBpsPerS * perStep
    this.#deviations[Asset.SOL] = flow.BTC.deviationBpsPerS * SOL_VOLATILITY_RATIO * perStep
    for (let step = 0; step < STEPS_KEPT; step++) this.#logs.set(this.#now, step * ASSETS)
    this.#regimeSteps = this.#drawRegimeSteps()
  }

  get regime(): Regime {
    return this.#regime
  }

  /** How much wilder than the normal regime. */
  get volatilityRatio(): number {
    return calibration.regimes.states[this.#regime].volatilityRatio
  }

  /** How much busier than the normal regime. */
  get volumeRatio(): number {
    return calibration.regimes.states[this.#regime].volumeRatio
  }

  /** Logarithm of the price of `base` in `quote`, `lagSteps` steps ago. O(1). */
  logPrice(base: Asset, quote: Asset, lagSteps: number): number {
    assert(lagSteps >= 0 && lagSteps < STEPS_KEPT, 'a lag stays within the kept past')
    const from = ((this.#step - lagSteps) & (STEPS_KEPT - 1)) * ASSETS
    return this.#logs[from + base] - this.#logs[from + quote]
  }

  /** One step of STEP_NS. */
  advance(): void {
    if (this.#regimeSteps-- <= 0) this.#changeRegime()
    this.#moveAssets()
    this.#moveStablecoins()
    this.#step++
    this.#logs.set(this.#now, (this.#step & (STEPS_KEPT - 1)) * ASSETS)
  }

  /** One factor for all, one of each asset's own, so that two assets correlate as measured. */
  #moveAssets(): void {
    const { baseCorrelation } = calibration.leadLag
    const common = this.#prng.nextNormal() * Math.sqrt(baseCorrelation)
    const own = Math.sqrt(1 - baseCorrelation)
    const jump = this.#drawJump()
    for (let asset: number = Asset.BTC; asset < ASSETS; asset++) {
      const normal = common + own * this.#prng.nextNormal()
      this.#now[asset] += this.#deviations[asset] * this.volatilityRatio * normal + jump
    }
  }

  #drawJump(): number {
    const perStep = calibration.regimes.jumpsPerDay / (SECONDS_PER_DAY * STEPS_PER_S)
    return this.#prng.chance(perStep) ? this.#prng.nextNormal() * JUMP_BPS * BPS : 0
  }

  /** Ornstein–Uhlenbeck around one dollar with the measured deviation and half-life. */
  #moveStablecoins(): void {
    const { basisDeviationBps, basisHalfLifeMinutes } = calibration.stablecoins
    const kept = 0.5 ** (1 / (basisHalfLifeMinutes * SECONDS_PER_MINUTE * STEPS_PER_S))
    const deviation = basisDeviationBps * BPS * Math.sqrt(1 - kept * kept)
    this.#now[Asset.USDT] = this.#now[Asset.USDT] * kept + deviation * this.#prng.nextNormal()
    this.#now[Asset.USDC] = this.#now[Asset.USDC] * kept + deviation * USDC_BASIS_RATIO * this.#prng.nextNormal()
  }

  /** Calm and stressed lead to normal; normal leads to either as often as their shares and lengths ask for. */
  #changeRegime(): void {
    const { states } = calibration.regimes
    const visits = (regime: Regime): number => states[regime].share / states[regime].minutesMean
    const toCalm = visits(Regime.calm) / (visits(Regime.calm) + visits(Regime.stressed))
    if (this.#regime !== Regime.normal) this.#regime = Regime.normal
    else this.#regime = this.#prng.chance(toCalm) ? Regime.calm : Regime.stressed
    this.#regimeSteps = this.#drawRegimeSteps()
  }

  #drawRegimeSteps(): number {
    const minutes = this.#prng.nextExponential(calibration.regimes.states[this.#regime].minutesMean)
    return Math.ceil(minutes * SECONDS_PER_MINUTE * STEPS_PER_S)
  }
}
