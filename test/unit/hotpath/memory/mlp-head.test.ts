import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasKernels } from '../../../../hotpath/memory/kernels/kernel-module.ts'
import { type MlpHead, type MlpShape, openMlpHead } from '../../../../hotpath/memory/mlp-head.ts'

const kinds = ['typescript', 'wasm simd'] as const

test('this machine has the kernels: the twin below is compared with something', () => {
  expect(hasKernels()).toBe(true)
  expect(kinds.map((kind) => openMlpHead({ batch: 1, inputs: 1, hidden: 1, outputs: 1 }, kind).kind)).toEqual(kinds)
})

test.each(kinds)('%s: two rows worked out by hand', (kind) => {
  const head = openMlpHead({ batch: 2, inputs: 2, hidden: 3, outputs: 2 }, kind)
  head.load([1, 2, -1, 0.5, 3, -4], [0, 1, -2], [1, 10, 100, 2, -2, 1], [0.5, -0.5])
  head.inputs.set([1, 2, -3, 0])
  head.run()
  // row 0: relu(5, 1, -7) = 5, 1, 0; row 1: relu(-3, 4, -11) = 0, 4, 0
  expect([...head.outputs]).toEqual([15.5, 7.5, 40.5, -8.5])
})

test.each(kinds)('%s: without weights the answer is 0, and a NaN is not hidden', (kind) => {
  const head = openMlpHead({ batch: 1, inputs: 2, hidden: 5, outputs: 1 }, kind)
  head.inputs.set([3, 4])
  head.run()
  expect([...head.outputs]).toEqual([0])
  head.inputs[1] = Number.NaN
  head.run()
  expect([...head.outputs]).toEqual([Number.NaN])
})

test('weights of another shape are refused', () => {
  const head = openMlpHead({ batch: 1, inputs: 2, hidden: 3, outputs: 1 })
  expect(() => head.load([1, 2, 3], [1, 2, 3], [1, 2, 3], [1])).toThrow('first layer')
  expect(() => head.load([1, 2, 3, 4, 5, 6], [1, 2, 3], [1, 2], [1])).toThrow('second layer')
  expect(() => openMlpHead({ batch: 0, inputs: 2, hidden: 3, outputs: 1 })).toThrow('rows and units')
})

const weight = fc.oneof(
  { weight: 6, arbitrary: fc.float({ min: -8, max: 8, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, -1) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** -149, -(2 ** -149), 2 ** -127, 2 ** -126, 1e-38, -1e-30) },
  { weight: 1, arbitrary: fc.constantFrom(1e6, -1e6, 16_777_217, 3.3e7) },
)
const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 5 }),
  inputs: fc.integer({ min: 1, max: 20 }),
  hidden: fc.integer({ min: 1, max: 40 }),
  outputs: fc.integer({ min: 1, max: 5 }),
})

/** A net and its inputs, values drawn from `pool` in turn: cheap to make and to shrink. */
function fill(head: MlpHead, shape: MlpShape, pool: readonly number[]): void {
  let at = 0
  const draw = (count: number) => Float32Array.from({ length: count }, () => pool[(at++ * 7 + (at >> 3)) % pool.length])
  const { inputs, hidden, outputs } = shape
  head.load(draw(hidden * inputs), draw(hidden), draw(outputs * hidden), draw(outputs))
  head.inputs.set(draw(head.inputs.length))
}

test('both give the same bits', () => {
  fc.assert(
    fc.property(shapes, fc.array(weight, { minLength: 1, maxLength: 97 }), (shape, pool) => {
      const [one, two] = kinds.map((kind) => {
        const head = openMlpHead(shape, kind)
        fill(head, shape, pool)
        head.run()
        return head
      })
      expect(new Uint32Array(two.outputs.slice().buffer)).toEqual(new Uint32Array(one.outputs.slice().buffer))
    }),
  )
})

test('it is the formula, up to float32', () => {
  fc.assert(
    fc.property(shapes, fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 8 }), (shape, pool) => {
      const head = openMlpHead(shape)
      let at = 0
      const draw = (count: number) => Float32Array.from({ length: count }, () => pool[at++ % pool.length])
      const { inputs, hidden, outputs } = shape
      const [w1, b1, w2, b2] = [hidden * inputs, hidden, outputs * hidden, outputs].map(draw)
      const x = draw(head.inputs.length)
      head.load(w1, b1, w2, b2)
      head.inputs.set(x)
      head.run()
      for (let row = 0; row < shape.batch; row++) {
        const middle = Array.from(b1, (bias, unit) => {
          let sum = bias
          for (let input = 0; input < inputs; input++) sum += w1[unit * inputs + input] * x[row * inputs + input]
          return Math.max(0, sum)
        })
        for (let output = 0; output < outputs; output++) {
          const exact = middle.reduce((sum, value, unit) => sum + w2[output * hidden + unit] * value, b2[output])
          const scale = middle.reduce((sum, value) => sum + 2 * value, 2)
          expect(Math.abs(head.outputs[row * outputs + output] - exact)).toBeLessThan(scale * 1e-5)
        }
      }
    }),
  )
})
