import { expect, test } from 'vitest'
import { Turn } from '../../../shared/turn.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import { ManualClock, START_US } from '../../fixtures/scripted-world.ts'

test('both clocks move together from where they stood at boot, and the follower hears the wall time', () => {
  const clock = new ManualClock()
  const follower = { nowUs: 0 }
  const turn = new Turn(clock, follower)
  expect([turn.nowNs, turn.nowUs, follower.nowUs]).toEqual([1_000_000, START_US + 1_000, START_US + 1_000])
  clock.ns += 2_999
  expect(turn.nowNs).toBe(1_000_000)
  turn.read()
  expect([turn.nowNs, turn.nowUs, follower.nowUs]).toEqual([1_002_999, START_US + 1_002, START_US + 1_002])
  turn.start(5_000_000 as MonoNs)
  expect(turn.nowUs).toBe(START_US + 5_000)
})

test('a wall clock that is set while we run does not move the time of the journal', () => {
  const clock = new ManualClock()
  const turn = new Turn(clock, { nowUs: 0 })
  clock.epochUs = () => 0 as never
  turn.read()
  expect(turn.nowUs).toBe(START_US + 1_000)
})
