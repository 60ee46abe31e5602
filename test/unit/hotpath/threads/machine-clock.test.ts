/** The machine's clock against the machine. */
import { afterEach, expect, test, vi } from 'vitest'
import { MachineClock } from '../../../../hotpath/threads/machine-clock.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

test('monoNs is whole nanoseconds and never goes back', () => {
  const clock = new MachineClock()
  let last = clock.monoNs()
  for (let i = 0; i < 10_000; i++) {
    const now = clock.monoNs()
    expect(now).toBeGreaterThanOrEqual(last)
    last = now
  }
  expect(Number.isInteger(last)).toBe(true)
})

test('into a column: the same time, where it was asked for', () => {
  const clock = new MachineClock()
  const column = new Float64Array(3)
  const from = clock.monoNs()
  clock.storeMonoNs(column, 1)
  expect(column[1]).toBeGreaterThanOrEqual(from)
  expect(column[1]).toBeLessThanOrEqual(clock.monoNs())
  expect([column[0], column[2]]).toEqual([0, 0])
})

test('monoNs passes as fast as time', async () => {
  const clock = new MachineClock()
  const [from, fromMs] = [clock.monoNs(), performance.now()]
  await new Promise((done) => setTimeout(done, 20))
  const [passedNs, passedMs] = [clock.monoNs() - from, performance.now() - fromMs]
  expect(Math.abs(passedNs / 1e6 - passedMs)).toBeLessThan(5)
})

test('epochUs is the wall clock in whole microseconds', () => {
  const clock = new MachineClock()
  const now = clock.epochUs()
  expect(Number.isInteger(now)).toBe(true)
  expect(Math.abs(now - Date.now() * 1_000)).toBeLessThan(10_000)
})

test('epochUs follows within a second when the wall clock is set', () => {
  const clock = new MachineClock()
  clock.epochUs()
  const realNow = performance.now.bind(performance)
  const realDate = Date.now.bind(Date)
  let laterMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => realNow() + laterMs)
  vi.spyOn(Date, 'now').mockImplementation(() => realDate() + laterMs - 3_600_000)
  const before = clock.epochUs()
  expect(Math.abs(before - realDate() * 1_000)).toBeLessThan(20_000)
  laterMs = 1_001
  expect(Math.abs(clock.epochUs() - (realDate() + laterMs - 3_600_000) * 1_000)).toBeLessThan(20_000)
})
