/**
 * One quantile of a stream without keeping it: five markers moved along parabolas. Jain and Chlamtac 1985, "The P2
 * algorithm for dynamic calculation of quantiles and histograms without storing observations". Float opinion, O(1) a value.
 */
import { assert } from '../assert.ts'
import { linearQuantile } from './quantile.ts'

const MARKERS = 5
const LAST = MARKERS - 1

export class PSquare {
  readonly #share: number
  #count = 0
  /** Markers: height, place in the sample (from 1), place wanted, and how far that moves with each value. */
  readonly #height = new Float64Array(MARKERS)
  readonly #place = Float64Array.of(1, 2, 3, 4, 5)
  readonly #wanted: Float64Array
  readonly #wantedStep: Float64Array

  /** 0 < share < 1. */
  constructor(share: number) {
    assert(share > 0 && share < 1, 'the quantile of a stream lies between its ends')
    this.#share = share
    this.#wanted = Float64Array.of(1, 1 + 2 * share, 1 + 4 * share, 3 + 2 * share, 5)
    this.#wantedStep = Float64Array.of(0, share / 2, share, (1 + share) / 2, 1)
  }

  get count(): number {
    return this.#count
  }

  /** Smallest value, the quantile at half the share, the quantile, the one halfway to the top, largest value. Needs five values. */
  get markers(): ArrayLike<number> {
    assert(this.#count >= MARKERS, 'five markers need five values')
    return this.#height
  }

  /** Needs a value; exact (type 7) up to five of them. */
  get estimate(): number {
    if (this.#count > MARKERS) return this.#height[2]
    return linearQuantile(this.#height.subarray(0, this.#count), this.#share)
  }

  add(value: number): void {
    const height = this.#height
    if (this.#count < MARKERS) {
      let at = this.#count++
      for (; at > 0 && height[at - 1] > value; at--) height[at] = height[at - 1]
      height[at] = value
      return
    }
    this.#count++
    const cell = this.#cellOf(value)
    for (let i = cell + 1; i < MARKERS; i++) this.#place[i]++
    for (let i = 0; i < MARKERS; i++) this.#wanted[i] += this.#wantedStep[i]
    for (let i = 1; i < LAST; i++) this.#adjust(i)
  }

  /** Which of the four cells between markers it falls into; the ends widen for it. */
  #cellOf(value: number): number {
    const height = this.#height
    if (value < height[0]) {
      height[0] = value
      return 0
    }
    if (value > height[LAST]) {
      height[LAST] = value
      return LAST - 1
    }
    let cell = 0
    while (cell < LAST - 1 && value >= height[cell + 1]) cell++
    return cell
  }

  /** One place towards where it is wanted, if there is room; its height by the parabola, or straight where that overshoots. */
  #adjust(i: number): void {
    const place = this.#place
    const height = this.#height
    const behind = this.#wanted[i] - place[i]
    const mayRise = behind >= 1 && place[i + 1] - place[i] > 1
    const mayFall = behind <= -1 && place[i - 1] - place[i] < -1
    if (!mayRise && !mayFall) return
    const step = mayRise ? 1 : -1
    const [left, right] = [place[i] - place[i - 1], place[i + 1] - place[i]]
    const slopeRight = (height[i + 1] - height[i]) / right
    const slopeLeft = (height[i] - height[i - 1]) / left
    const curved = height[i] + (step / (left + right)) * ((left + step) * slopeRight + (right - step) * slopeLeft)
    const isBetween = curved > height[i - 1] && curved < height[i + 1]
    height[i] = isBetween ? curved : height[i] + step * (mayRise ? slopeRight : slopeLeft)
    place[i] += step
  }
}
