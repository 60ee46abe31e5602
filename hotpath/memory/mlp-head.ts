/**
 * A small net that scores many rows at once, in float32: y = W2 relu(W1 x + b1) + b2. By WebAssembly SIMD or by its
 * TypeScript twin: the same operations in the same order, each rounded to float32, so that both give the same bits (for
 * finite values: the bits of a NaN are the machine's).
 */
import { assert } from '../../shared/assert.ts'
import { alignedBytes, type KernelExports, type KernelKind, KernelMemory } from './kernels/kernel-module.ts'

export interface MlpShape {
  /** Rows scored by one run. */
  readonly batch: number
  readonly inputs: number
  readonly hidden: number
  readonly outputs: number
}

export interface MlpHead {
  readonly kind: KernelKind
  readonly shape: MlpShape
  /** [row][input], written by the caller before `run`. */
  readonly inputs: Float32Array
  /** [row][output], what the last `run` gave. */
  readonly outputs: Float32Array
  /** Weights as layers are written: w1 [hidden][input], b1 [hidden], w2 [output][hidden], b2 [output]. */
  load(w1: ArrayLike<number>, b1: ArrayLike<number>, w2: ArrayLike<number>, b2: ArrayLike<number>): void
  /** Scores all rows. Allocates nothing. O(batch x hidden x (inputs + outputs)). */
  run(): void
}

/** A vector has four floats; hidden units are filled up to it with zeros, which add exactly 0. */
const LANES = 4
const CELLS_MAX = 1 << 24

/** Zero weights until `load`. 'wasm simd' falls back to TypeScript where it is missing: `kind` says what it is. */
export function openMlpHead(shape: MlpShape, kernels: KernelKind = 'wasm simd'): MlpHead {
  const { batch, inputs, hidden, outputs } = shape
  const sizes = [batch, inputs, hidden, outputs]
  assert(
    sizes.every((size) => Number.isInteger(size) && size > 0),
    'a net has rows and units',
  )
  assert(hidden * (inputs + outputs) + batch * (inputs + outputs) < CELLS_MAX, 'a head is small')
  return new Head(shape, kernels)
}

class Head implements MlpHead {
  readonly kind: KernelKind
  readonly shape: MlpShape
  readonly inputs: Float32Array
  readonly outputs: Float32Array
  readonly #hidden: number
  /** [input][hidden]: a vector of hidden units is side by side. */
  readonly #w1: Float32Array
  readonly #b1: Float32Array
  readonly #w2: Float32Array
  readonly #b2: Float32Array
  readonly #middle: Float32Array
  readonly #kernels: KernelExports | undefined

  constructor(shape: MlpShape, kernels: KernelKind) {
    const { batch, inputs, outputs } = shape
    const hidden = Math.ceil(shape.hidden / LANES) * LANES
    const counts = [batch * inputs, batch * outputs, inputs * hidden, hidden, outputs * hidden, outputs, hidden]
    const memory = new KernelMemory(
      counts.reduce((sum, count) => sum + alignedBytes(count * 4), 0),
      kernels,
    )
    this.shape = shape
    this.#hidden = hidden
    const arrays = counts.map((count) => memory.floats(count))
    ;[this.inputs, this.outputs, this.#w1, this.#b1, this.#w2, this.#b2, this.#middle] = arrays
    this.#kernels = memory.kernels
    this.kind = memory.kernels === undefined ? 'typescript' : 'wasm simd'
  }

  load(w1: ArrayLike<number>, b1: ArrayLike<number>, w2: ArrayLike<number>, b2: ArrayLike<number>): void {
    const { inputs, hidden, outputs } = this.shape
    assert(w1.length === hidden * inputs && b1.length === hidden, 'the first layer has the shape of the head')
    assert(w2.length === outputs * hidden && b2.length === outputs, 'the second layer has the shape of the head')
    for (let unit = 0; unit < hidden; unit++) {
      for (let input = 0; input < inputs; input++) this.#w1[input * this.#hidden + unit] = w1[unit * inputs + input]
      for (let output = 0; output < outputs; output++)
        this.#w2[output * this.#hidden + unit] = w2[output * hidden + unit]
    }
    this.#b1.set(b1)
    this.#b2.set(b2)
  }

  run(): void {
    if (this.#kernels === undefined) this.#runTwin()
    else this.#runKernel(this.#kernels)
  }

  #runKernel(kernels: KernelExports): void {
    const { batch, inputs, outputs } = this.shape
    kernels.mlpHead(
      batch,
      inputs,
      this.#hidden,
      outputs,
      this.inputs.byteOffset,
      this.#w1.byteOffset,
      this.#b1.byteOffset,
      this.#w2.byteOffset,
      this.#b2.byteOffset,
      this.#middle.byteOffset,
      this.outputs.byteOffset,
    )
  }

  #runTwin(): void {
    for (let row = 0; row < this.shape.batch; row++) {
      this.#firstLayer(row)
      this.#secondLayer(row)
    }
  }

  /** Four sums in registers: 32 us for 32 x 16-64-1 where a pass over the units an input took 50. */
  #firstLayer(row: number): void {
    const { inputs } = this.shape
    const x = this.inputs
    const w1 = this.#w1
    const b1 = this.#b1
    const middle = this.#middle
    const hidden = this.#hidden
    const end = (row + 1) * inputs
    for (let unit = 0; unit < hidden; unit += LANES) {
      let sum0 = b1[unit]
      let sum1 = b1[unit + 1]
      let sum2 = b1[unit + 2]
      let sum3 = b1[unit + 3]
      let at = unit
      for (let input = row * inputs; input < end; input++) {
        const value = x[input]
        sum0 = Math.fround(sum0 + Math.fround(w1[at] * value))
        sum1 = Math.fround(sum1 + Math.fround(w1[at + 1] * value))
        sum2 = Math.fround(sum2 + Math.fround(w1[at + 2] * value))
        sum3 = Math.fround(sum3 + Math.fround(w1[at + 3] * value))
        at += hidden
      }
      middle[unit] = Math.max(0, sum0)
      middle[unit + 1] = Math.max(0, sum1)
      middle[unit + 2] = Math.max(0, sum2)
      middle[unit + 3] = Math.max(0, sum3)
    }
  }

  #secondLayer(row: number): void {
    const { outputs } = this.shape
    const w2 = this.#w2
    const middle = this.#middle
    const hidden = this.#hidden
    for (let output = 0; output < outputs; output++) {
      const from = output * hidden
      let sum0 = 0
      let sum1 = 0
      let sum2 = 0
      let sum3 = 0
      for (let unit = 0; unit < hidden; unit += LANES) {
        sum0 = Math.fround(sum0 + Math.fround(w2[from + unit] * middle[unit]))
        sum1 = Math.fround(sum1 + Math.fround(w2[from + unit + 1] * middle[unit + 1]))
        sum2 = Math.fround(sum2 + Math.fround(w2[from + unit + 2] * middle[unit + 2]))
        sum3 = Math.fround(sum3 + Math.fround(w2[from + unit + 3] * middle[unit + 3]))
      }
      const total = Math.fround(Math.fround(sum0 + sum1) + Math.fround(sum2 + sum3))
      this.outputs[row * outputs + output] = Math.fround(total + this.#b2[output])
    }
  }
}
