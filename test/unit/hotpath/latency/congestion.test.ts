import { expect, test } from 'vitest'
import { Congestion, CongestionDetector, congestionNames } from '../../../../hotpath/latency/congestion.ts'
import { Prng } from '../../../../shared/prng.ts'

type Noise = (prng: Prng) => number

/** Round trips of 10 ms with a deviation of about 1 ms, as networks make them: skewed, and with lone spikes of five times. */
const skewed: Noise = (prng) => 10_000 * Math.exp(0.1 * prng.nextNormal())
const spiky: Noise = (prng) => skewed(prng) * (prng.chance(0.01) ? 1 + 4 * prng.nextFloat() : 1)
const DEVIATION_US = 1_000

function trained(prng: Prng, noise: Noise, samples = 300): CongestionDetector {
  const detector = new CongestionDetector()
  for (let i = 0; i < samples; i++) detector.note(noise(prng))
  return detector
}

/** Samples until it says congested, while round trips are longer by `excess(i)`. */
function delayOf(seed: number, excess: (at: number) => number): number {
  const prng = new Prng(seed)
  const detector = trained(prng, skewed)
  for (let at = 0; at < 10_000; at++) {
    if (detector.note(skewed(prng) + excess(at)) === Congestion.congested) return at + 1
  }
  return Number.POSITIVE_INFINITY
}

/** Median and 95th percentile of 100 runs. */
function delays(excess: (at: number) => number): readonly [number, number] {
  const all = Array.from({ length: 100 }, (_, seed) => delayOf(seed + 1, excess)).sort((a, b) => a - b)
  return [all[49], all[94]]
}

test('unknown until it has 64 samples, then calm', () => {
  const detector = new CongestionDetector()
  for (let i = 0; i < 63; i++) expect(detector.note(10_000)).toBe(Congestion.unknown)
  expect(detector.note(10_000)).toBe(Congestion.calm)
  expect(detector.usualUs).toBe(10_000)
  expect(detector.deviationUs).toBe(200)
  expect(congestionNames[detector.now]).toBe('calm')
})

test('what is no time is passed over', () => {
  const detector = trained(new Prng(1), skewed)
  const before = detector.samples
  for (const nonsense of [Number.NaN, -1, Number.POSITIVE_INFINITY])
    expect(detector.note(nonsense)).toBe(Congestion.calm)
  expect(detector.samples).toBe(before)
})

test('the same samples give the same states', () => {
  const [one, other] = [trained(new Prng(4), spiky, 5_000), trained(new Prng(4), spiky, 5_000)]
  expect([one.now, one.alarms, one.usualUs, one.deviationUs]).toEqual([
    other.now,
    other.alarms,
    other.usualUs,
    other.deviationUs,
  ])
})

test('false alarms: at most one in 100,000 skewed samples, at most 4 with a spike of up to five times in every hundred', () => {
  let [quiet, spikes] = [0, 0]
  for (let seed = 1; seed <= 10; seed++) {
    quiet += trained(new Prng(seed), skewed, 10_000).alarms
    spikes += trained(new Prng(seed), spiky, 10_000).alarms
  }
  expect(quiet).toBeLessThanOrEqual(1)
  expect(spikes).toBeLessThanOrEqual(4)
})

test('three spikes in a row, however high, are no congestion', () => {
  const prng = new Prng(9)
  const detector = trained(prng, skewed)
  for (let i = 0; i < 3; i++) expect(detector.note(1e9)).not.toBe(Congestion.congested)
  for (let i = 0; i < 20; i++) detector.note(skewed(prng))
  expect(detector.now).toBe(Congestion.calm)
  expect(detector.alarms).toBe(0)
})

test('a step of 2 deviations is found in about 10 samples, of 5 in 5, of 1 in 30', () => {
  const [two, two95] = delays(() => 2 * DEVIATION_US)
  expect(two).toBeLessThanOrEqual(12)
  expect(two95).toBeLessThanOrEqual(22)
  expect(delays(() => 5 * DEVIATION_US)[1]).toBeLessThanOrEqual(6)
  expect(delays(() => DEVIATION_US)[0]).toBeLessThanOrEqual(40)
})

test('a ramp is found: fast ones in tens of samples, one of 0.5 % of a deviation a sample before it has climbed one', () => {
  expect(delays((at) => 0.1 * at * DEVIATION_US)[0]).toBeLessThanOrEqual(30)
  expect(delays((at) => 0.005 * at * DEVIATION_US)[0]).toBeLessThanOrEqual(220)
})

test('a queue that fills is seen rising first, then congested, and calm after it has drained', () => {
  const prng = new Prng(12)
  const detector = trained(prng, skewed)
  const seen: Congestion[] = []
  const watch = (queueUs: number): void => {
    const now = detector.note(skewed(prng) + queueUs)
    if (seen[seen.length - 1] !== now) seen.push(now)
  }
  for (let queue = 0; queue < 20_000; queue += 250) watch(queue)
  for (let queue = 20_000; queue > 0; queue -= 500) watch(queue)
  for (let i = 0; i < 100; i++) watch(0)
  expect(seen).toEqual([Congestion.calm, Congestion.rising, Congestion.congested, Congestion.calm])
  expect(detector.alarms).toBe(1)
  expect(detector.usualUs).toBeLessThan(11_000)
})

test('it does not flutter: a level at the threshold changes the state a few times, not every sample', () => {
  const prng = new Prng(21)
  const detector = trained(prng, skewed)
  let changes = 0
  let before = detector.now
  for (let i = 0; i < 1_000; i++) {
    const now = detector.note(skewed(prng) + 0.75 * DEVIATION_US)
    if (now !== before) changes++
    before = now
  }
  expect(changes).toBeLessThan(20)
})

test('a new route for good becomes the usual one', () => {
  const prng = new Prng(30)
  const detector = trained(prng, skewed)
  for (let i = 0; i < 1_200; i++) detector.note(skewed(prng) + 8_000)
  expect(detector.now).toBe(Congestion.calm)
  expect(Math.abs(detector.usualUs - 18_000)).toBeLessThan(1_000)
  for (let i = 0; i < 30; i++) detector.note(skewed(prng) + 14_000)
  expect(detector.now).toBe(Congestion.congested)
})

test('odd samples among the first do not make the baseline', () => {
  const prng = new Prng(6)
  const detector = new CongestionDetector()
  for (let i = 0; i < 64; i++) detector.note(i % 8 === 0 ? 500_000 : skewed(prng))
  expect(Math.abs(detector.usualUs - 10_000)).toBeLessThan(1_000)
  expect(detector.deviationUs).toBeLessThan(2_500)
})
