import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { alignedBytes, hasKernels, KernelMemory } from '../../../../../hotpath/memory/kernels/kernel-module.ts'
import { buildKernels, KERNELS_FILE } from '../../../../kernels/build-kernels.ts'

test('kernels.wasm is what its sources give (else: npm run kernels)', { timeout: 30_000 }, async () => {
  const built = await buildKernels()
  expect(readFileSync(KERNELS_FILE).equals(built)).toBe(true)
})

test('arrays lie one after the other, each at a multiple of sixteen bytes', () => {
  expect([0, 1, 16, 17].map(alignedBytes)).toEqual([0, 16, 16, 32])
  for (const kind of ['typescript', 'wasm simd'] as const) {
    const memory = new KernelMemory(16 + 32, kind)
    const floats = memory.floats(3)
    const doubles = memory.doubles(4)
    expect([floats.byteOffset, floats.length, doubles.byteOffset, doubles.length]).toEqual([0, 3, 16, 4])
    expect(doubles.buffer).toBe(floats.buffer)
    expect(memory.kernels === undefined).toBe(kind === 'typescript')
  }
})

test('more than was said does not fit', () => {
  const memory = new KernelMemory(16, 'typescript')
  memory.floats(4)
  expect(() => memory.doubles(1)).toThrow(RangeError)
})

test('the module is there on this machine', () => {
  expect(hasKernels()).toBe(true)
})
