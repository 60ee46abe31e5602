/**
 * The rival that did not make it into the product: a net of one hidden layer for one latency quantile, learned a sample at a
 * time by the pinball loss. It scores through the router's own head (hotpath/memory/mlp-head) with the weights of its last
 * checkpoint, as it would in production; the study says where it beats the linear model and where it does not.
 */
import { LATENCY_FEATURES } from '../../hotpath/latency/latency-features.ts'
import { type MlpHead, openMlpHead } from '../../hotpath/memory/mlp-head.ts'
import type { Prng } from '../../shared/prng.ts'

const HIDDEN = 8
const STEP = 0.06
/** Squared gradient a weight starts with (AdaGrad): bounds the first step. */
const SQUARE_MIN = 0.01
const WEIGHT_START = 0.8
/** Samples between two checkpoints. */
const CHECKPOINT = 16

export class LatencyMlp {
  readonly #share: number
  readonly #head: MlpHead
  readonly #w1: Float64Array
  readonly #b1 = new Float64Array(HIDDEN)
  readonly #w2 = new Float64Array(HIDDEN)
  readonly #b2 = new Float64Array(1)
  readonly #w1Squares = new Float64Array(HIDDEN * LATENCY_FEATURES).fill(SQUARE_MIN)
  readonly #w2Squares = new Float64Array(HIDDEN).fill(SQUARE_MIN)
  readonly #hidden = new Float64Array(HIDDEN)
  #learned = 0

  /** `share` names the quantile. The first layer starts random, the second at 0: an untaught net adds nothing. */
  constructor(share: number, prng: Prng) {
    this.#share = share
    this.#w1 = Float64Array.from({ length: HIDDEN * LATENCY_FEATURES }, () => (prng.nextFloat() - 0.5) * WEIGHT_START)
    this.#head = openMlpHead({ batch: 1, inputs: LATENCY_FEATURES, hidden: HIDDEN, outputs: 1 }, 'typescript')
    this.#head.load(this.#w1, this.#b1, this.#w2, this.#b2)
  }

  /** Log shift of the rolling quantile, by the last checkpoint. O(hidden x features). */
  predict(x: Float64Array): number {
    for (let at = 0; at < LATENCY_FEATURES; at++) this.#head.inputs[at] = x[at]
    this.#head.run()
    return this.#head.outputs[0]
  }

  /** `target`: log of the actual latency over the rolling quantile. O(hidden x features). */
  learn(x: Float64Array, target: number): void {
    let output = 0
    for (let unit = 0; unit < HIDDEN; unit++) {
      let sum = 0
      for (let at = 0; at < LATENCY_FEATURES; at++) sum += this.#w1[unit * LATENCY_FEATURES + at] * x[at]
      this.#hidden[unit] = Math.max(0, sum)
      output += this.#w2[unit] * this.#hidden[unit]
    }
    const gradient = target > output ? -this.#share : 1 - this.#share
    for (let unit = 0; unit < HIDDEN; unit++) if (this.#hidden[unit] > 0) this.#learnUnit(unit, x, gradient)
    this.#learned++
    if (this.#learned % CHECKPOINT === 0) this.#head.load(this.#w1, this.#b1, this.#w2, this.#b2)
  }

  #learnUnit(unit: number, x: Float64Array, gradient: number): void {
    const step = STEP * Math.sqrt(this.#share * (1 - this.#share))
    const back = gradient * this.#w2[unit]
    const slope = gradient * this.#hidden[unit]
    this.#w2Squares[unit] += slope * slope
    this.#w2[unit] -= (step * slope) / Math.sqrt(this.#w2Squares[unit])
    for (let at = 0; at < LATENCY_FEATURES; at++) {
      const weight = unit * LATENCY_FEATURES + at
      const fall = back * x[at]
      this.#w1Squares[weight] += fall * fall
      this.#w1[weight] -= (step * fall) / Math.sqrt(this.#w1Squares[weight])
    }
  }
}
