import { expect, test } from 'vitest'
import { type PairedOrder, summarise } from '../../../../models/evaluation/paired-sample.ts'
import { Prng } from '../../../../shared/prng.ts'

const cost = (slippageBps: number, feeBps: number) => ({ slippageBps, feeBps, allInBps: slippageBps + feeBps })
const order = (weight: number, block: number, router: [number, number], baseline: [number, number]): PairedOrder => ({
  weight,
  block,
  router: cost(...router),
  baseline: cost(...baseline),
})

test('means weighted by notional, savings and reductions by hand', () => {
  const orders = [order(1, 0, [1, 4], [2, 8]), order(3, 7, [2, 4], [4, 8])]
  const summary = summarise(orders, new Prng(1))
  expect(summary).toMatchObject({ orders: 2, blocks: 2, verdict: 'cheaper' })
  expect(summary.router.slippageBps).toBeCloseTo(1.75, 12)
  expect(summary.baseline.allInBps).toBeCloseTo(3.5 + 8, 12)
  expect(summary.savedBps.value).toBeCloseTo(5.75, 12)
  expect(summary.slippageReduction?.value).toBeCloseTo(0.5, 12)
  expect(summary.feeReduction?.value).toBeCloseTo(0.5, 12)
})

test('a losing router is shown as such', () => {
  const orders = Array.from({ length: 20 }, (_, block) => order(1, block, [5, 1 + block / 100], [4, 1]))
  expect(summarise(orders, new Prng(1)).verdict).toBe('dearer')
})

test('the same cost is not told apart', () => {
  const orders = Array.from({ length: 20 }, (_, block) => order(1, block, [3, 1], [3, 1]))
  expect(summarise(orders, new Prng(1))).toMatchObject({ verdict: 'not told apart', savedBps: { value: 0 } })
})

test('no ratio against a baseline that costs nothing, or is paid', () => {
  const orders = Array.from({ length: 20 }, (_, block) => order(1, block, [3, 0], [block % 2 === 0 ? -1 : 1, 0]))
  const summary = summarise(orders, new Prng(1))
  expect(summary.slippageReduction).toBeNull()
  expect(summary.feeReduction).toBeNull()
})
