import { expect, test, vi } from 'vitest'
import { DutyRunner } from '../../../../hotpath/threads/duty-runner.ts'
import { ManualClock } from '../../../fixtures/scripted-world.ts'

const turns = (count: number) => new Promise((resolve) => setTimeout(resolve, count))

function runner(work: () => number, spins = false): DutyRunner {
  return new DutyRunner([{ name: 'test', work }], new ManualClock(), { spins })
}

test('several calls make one turn, at once and not inside the caller', async () => {
  const work = vi.fn(() => 0)
  const one = runner(work)
  one.wake()
  one.wake()
  expect(work).not.toHaveBeenCalled()
  await new Promise((resolve) => setImmediate(resolve))
  expect(work).toHaveBeenCalledTimes(1)
  one.stop()
})

test('work brings another turn at once; idle it looks again after a while', async () => {
  let left = 50
  const work = vi.fn(() => (left-- > 0 ? 1 : 0))
  const one = runner(work)
  one.start()
  await vi.waitFor(() => expect(left).toBeLessThan(0), { interval: 1 })
  const idle = work.mock.calls.length
  await vi.waitFor(() => expect(work.mock.calls.length).toBeGreaterThan(idle), { interval: 1 })
  one.stop()
})

test('stopped is stopped, also when a duty stops it or wakes it afterwards', async () => {
  const work = vi.fn(() => {
    one.stop()
    one.wake()
    return 1
  })
  const one: DutyRunner = runner(work, true)
  one.start()
  await turns(10)
  expect(work).toHaveBeenCalledTimes(1)
})
