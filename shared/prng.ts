/**
 * The one door to chance: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state, passes BigCrush.
 * Hand-written because a draw must not allocate and must be the same on every machine; 20 lines.
 */
export class Prng {
  #a = 0
  #b = 0
  #c = 0
  #count = 1

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = (seed / 4294967296) | 0
    this.#c = 0x9e3779b9 | 0
    for (let i = 0; i < 12; i++) this.nextUint32()
  }

  /** Integer in [0, 2^32). */
  nextUint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t
    this.#c |= 0
    return t >>> 0
  }

  /** Float in [0, 1) with 32 random bits. */
  nextFloat(): number {
    return this.nextUint32() / 4294967296
  }

  /** Integer in [0, bound), bound at most 2^32; the bias is below bound / 2^32. */
  nextBelow(bound: number): number {
    return Math.floor(this.nextFloat() * bound)
  }

  /** Integer in [low, high], both included. */
  nextBetween(low: number, high: number): number {
    return low + this.nextBelow(high - low + 1)
  }

  chance(probability: number): boolean {
    return this.nextFloat() < probability
  }

  /** Exponential with the given mean; 0 when the mean is 0. */
  nextExponential(mean: number): number {
    return -Math.log(1 - this.nextFloat()) * mean
  }

  /** Standard normal (Box–Muller, one of the pair). */
  nextNormal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.nextFloat()))
    return radius * Math.cos(2 * Math.PI * this.nextFloat())
  }

  /** A generator of its own for one subject, so that adding a draw elsewhere does not move this one. */
  fork(label: number): Prng {
    return new Prng(this.nextUint32() * 2097152 + (label & 0x1fffff))
  }
}
