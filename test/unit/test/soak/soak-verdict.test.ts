/** The soak's verdict can fail in each of its lines. */
import { expect, test } from 'vitest'
import { type SoakSample, soakVerdict } from '../../../soak/soak-verdict.ts'

const MIB = 1_048_576
const none = { denied: 0, unanswered: 0, unfilled: 0 }

/** 30 seconds of a router that keeps up and stays flat. */
function samplesOf(change: (second: number) => Partial<SoakSample> = () => ({})): SoakSample[] {
  return Array.from({ length: 31 }, (_, seconds) => ({
    seconds,
    orders: seconds * 1_000,
    fills: seconds * 1_000,
    coreHeapBytes: 30 * MIB,
    rssBytes: 400 * MIB,
    collections: 0,
    journalBytes: 0,
    ...change(seconds),
  }))
}

function failed(samples: SoakSample[], ends = none): string[] {
  return soakVerdict(samples, 1_000, ends)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name)
}

test('a router that keeps up and stays flat passes', () => {
  expect(failed(samplesOf())).toEqual([])
})

test.each([
  ['rate', samplesOf((second) => ({ orders: second * 980 })), none],
  ['collections', samplesOf((second) => ({ collections: second > 20 ? 1 : 0 })), none],
  ['core heap', samplesOf((second) => ({ coreHeapBytes: 30 * MIB + second * 400_000 })), none],
  ['process', samplesOf((second) => ({ rssBytes: 400 * MIB + second * 5 * MIB })), none],
  ['orders', samplesOf(), { ...none, denied: 1 }],
  ['orders', samplesOf(), { ...none, unanswered: 1 }],
  ['orders', samplesOf(), { ...none, unfilled: 1 }],
])('%s fails', (name, samples, ends) => {
  expect(failed(samples, ends)).toEqual([name])
})
