import { expect, test } from 'vitest'
import { Prng } from '../../../shared/prng.ts'

test('the same seed gives the same draws, another seed others', () => {
  const draw = (seed: number) => {
    const prng = new Prng(seed)
    return Array.from({ length: 20 }, () => prng.nextUint32())
  }
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
  expect(draw(2 ** 40 + 7)).not.toEqual(draw(7))
})

test('a fork is a stream of its own', () => {
  const fork = new Prng(1).fork(3)
  const other = new Prng(1).fork(4)
  expect(fork.nextUint32()).not.toBe(other.nextUint32())
})

test('draws fill their ranges evenly: mean and spread of 100,000', () => {
  const prng = new Prng(42)
  let sum = 0
  let squares = 0
  let exponential = 0
  for (let i = 0; i < 100_000; i++) {
    const normal = prng.nextNormal()
    sum += normal
    squares += normal * normal
    exponential += prng.nextExponential(5)
    const between = prng.nextBetween(3, 5)
    expect(between >= 3 && between <= 5).toBe(true)
  }
  expect(Math.abs(sum / 100_000)).toBeLessThan(0.02)
  expect(Math.abs(squares / 100_000 - 1)).toBeLessThan(0.03)
  expect(Math.abs(exponential / 100_000 - 5)).toBeLessThan(0.1)
})
