import { expect, test } from 'vitest'
import { chooseKernels, equalBits, kernelText } from '../../../../hotpath/memory/simd-kernels.ts'
import { MachineClock } from '../../../../hotpath/threads/machine-clock.ts'
import type { Clock } from '../../../../shared/clock.ts'
import type { EpochUs, MonoNs } from '../../../../shared/units/time.ts'
import { kernelBytesPerRun } from '../../../bench/kernels/kernel-allocation.ts'

/** Tells that each stretch took what the script says, in turn. */
function scripted(stretchesNs: readonly number[]): Clock {
  let reads = 0
  let nowNs = 0
  return {
    monoNs() {
      if (reads++ % 2 === 1) nowNs += stretchesNs[(reads / 2 - 1) % stretchesNs.length]
      return nowNs as MonoNs
    },
    epochUs: () => 0 as EpochUs,
  }
}

test('the faster one is kept, and it says by how much', () => {
  // Typescript is timed first, WebAssembly second.
  const fast = chooseKernels(scripted([8_000, 2_000]))
  expect(fast.mlpHead).toMatchObject({ kind: 'wasm simd', ratio: 4, typescriptNs: 2_000, wasmNs: 500, isEqual: true })
  expect(fast.venueCost).toMatchObject({ kind: 'wasm simd', ratio: 4 })
  expect(kernelText(fast)).toBe(
    'mlp head wasm simd (4.0 times typescript), venue cost wasm simd (4.0 times typescript)',
  )
  const slow = chooseKernels(scripted([2_000, 8_000]))
  expect(slow.venueCost).toMatchObject({ kind: 'typescript', ratio: 0.25 })
  expect(kernelText(slow)).toContain('venue cost typescript (WebAssembly is 0.3 times as fast)')
})

test('a clock that stands still proves nothing: typescript', () => {
  expect(chooseKernels(scripted([0])).mlpHead).toMatchObject({ kind: 'typescript', ratio: 1 })
})

test('on this machine both give the same bits', () => {
  const { mlpHead, venueCost } = chooseKernels(new MachineClock())
  expect([mlpHead.isEqual, venueCost.isEqual]).toEqual([true, true])
  expect(mlpHead.ratio).toBeGreaterThan(1)
})

test('bits are compared, not values', () => {
  expect(equalBits([new Float32Array([0, 1])], [new Float32Array([0, 1])])).toBe(true)
  expect(equalBits([new Float32Array([0])], [new Float32Array([-0])])).toBe(false)
  expect(
    equalBits([new Float64Array([1]), new Float64Array([2])], [new Float64Array([1]), new Float64Array([3])]),
  ).toBe(false)
})

test('a run allocates nothing', { timeout: 30_000 }, async () => {
  const bytes = await kernelBytesPerRun()
  for (const [name, perRun] of Object.entries(bytes)) expect(perRun, name).toBeLessThan(1)
  expect(Object.keys(bytes)).toHaveLength(4)
})
