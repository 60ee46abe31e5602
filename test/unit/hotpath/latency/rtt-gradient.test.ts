import { expect, test } from 'vitest'
import { RttGradient } from '../../../../hotpath/latency/rtt-gradient.ts'

test('the smoothed change, as a share of the smallest round trip', () => {
  const state = new RttGradient(0.5)
  state.note(100)
  expect(state.over(100)).toBe(0)
  state.note(110)
  expect(state.over(100)).toBe(0.05)
  state.note(110)
  expect(state.over(100)).toBe(0.025)
})

test('a queue that grows evenly shows its slope, one that drains shows it below 0', () => {
  const state = new RttGradient(0.2)
  for (let rtt = 100; rtt <= 400; rtt += 3) state.note(rtt)
  expect(state.over(100)).toBeCloseTo(0.03, 6)
  for (let rtt = 400; rtt >= 100; rtt -= 3) state.note(rtt)
  expect(state.over(100)).toBeCloseTo(-0.03, 6)
})

test('reset forgets', () => {
  const state = new RttGradient(1)
  state.note(100)
  state.note(200)
  state.reset()
  expect(state.over(100)).toBe(0)
  state.note(500)
  expect(state.over(100)).toBe(0)
})

test('impossible weights are refused', () => expect(() => new RttGradient(0)).toThrow('a weight'))
