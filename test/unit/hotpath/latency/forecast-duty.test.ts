import { expect, test } from 'vitest'
import {
  ForecastDuty,
  ForecastFeed,
  LATENCY_DEFAULT,
  layForecastMemory,
} from '../../../../hotpath/latency/forecast-duty.ts'
import type { EpochUs, MonoNs } from '../../../../shared/units/time.ts'

const START_US = 1_700_000_000_000_000

function rig(venues: number) {
  const memory = layForecastMemory(venues, false)
  const clock = { monoNs: () => 0 as MonoNs, epochUs: () => START_US as EpochUs }
  return { feed: new ForecastFeed(memory), duty: new ForecastDuty(memory, clock) }
}

function note(feed: ForecastFeed, row: number, ns: number, at: number): void {
  feed.sample[0] = ns
  feed.sample[1] = START_US + at * 1_000
  feed.note(row)
}

test('before anything is known every venue has the default, and nothing is new', () => {
  const { feed } = rig(3)
  expect(feed.work()).toBe(0)
  expect([...feed.p50Ns]).toEqual([20e6, 20e6, 20e6])
  expect(feed.p99Ns[0]).toBe(LATENCY_DEFAULT.p99Ns)
})

test('what a venue took is what is forecast of it, and the others keep theirs', () => {
  const { feed, duty } = rig(2)
  for (let at = 0; at < 200; at++) note(feed, 1, 5e6 + (at % 10) * 1e5, at)
  expect(duty.work(1 as MonoNs)).toBe(200)
  expect(feed.work()).toBe(2)
  expect(feed.p50Ns[1]).toBeGreaterThan(5e6)
  expect(feed.p50Ns[1]).toBeLessThan(6e6)
  expect(feed.p99Ns[1]).toBeGreaterThanOrEqual(feed.p50Ns[1])
  expect(feed.p50Ns[0]).toBe(LATENCY_DEFAULT.p50Ns)
  expect(feed.work()).toBe(0)
})

test('a duty that is behind costs samples, never the core: they are counted', () => {
  const { feed, duty } = rig(1)
  for (let at = 0; at < 5_000; at++) note(feed, 0, 1e6, at)
  expect(feed.dropped).toBe(5_000 - 4_096)
  let taken = 0
  for (let turn = 0; turn < 20; turn++) taken += duty.work((turn + 1) as MonoNs)
  expect(taken).toBe(4_096)
  note(feed, 0, 1e6, 5_001)
  expect(feed.dropped).toBe(904)
})

test('round trips that are none are left out', () => {
  const { feed, duty } = rig(1)
  for (const wrong of [Number.NaN, 0, -5, Number.POSITIVE_INFINITY]) note(feed, 0, wrong, 1)
  duty.work(1 as MonoNs)
  feed.work()
  expect(feed.p50Ns[0]).toBe(LATENCY_DEFAULT.p50Ns)
})
