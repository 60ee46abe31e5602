import { describe, expect, test } from 'vitest'
import { LatencyQuantile, quantileShares } from '../../../../hotpath/latency/latency-quantile.ts'
import { LatencyKind, LearnedLatency } from '../../../../hotpath/latency/learned-latency.ts'
import { pinballLoss } from '../../../../shared/math/pinball-loss.ts'
import { Prng } from '../../../../shared/prng.ts'
import { type EpochUs, US_PER_S } from '../../../../shared/units/time.ts'

const defaults = [
  { p50Ns: 1e7, p90Ns: 2e7, p99Ns: 5e7 },
  { p50Ns: 3e7, p90Ns: 4e7, p99Ns: 6e7 },
]
const start = 1_700_000_000 * US_PER_S

/** Mean pinball losses of rolling, learned and served, forecast before each round trip of `next`. */
function walk(
  trips: number,
  next: (prng: Prng, i: number) => number,
  seed = 5,
): { model: LearnedLatency; losses: number[][] } {
  const model = new LearnedLatency(defaults)
  const prng = new Prng(seed)
  const losses = Array.from(quantileShares, () => [0, 0, 0])
  for (let i = 0; i < trips; i++) {
    const sentUs = (start + i * 20 * US_PER_S) as EpochUs
    const ns = next(prng, i)
    model.estimate(0, sentUs)
    for (const [quantile, share] of quantileShares.entries()) {
      const of = [model.estimatesNs[quantile * 3], model.estimatesNs[quantile * 3 + 2], model.choiceNs[quantile]]
      if (i >= 100) for (const [at, served] of of.entries()) losses[quantile][at] += pinballLoss(share, ns, served)
    }
    model.note(0, ns, (sentUs + ns / 1e3) as EpochUs)
  }
  return { model, losses }
}

describe('LearnedLatency', () => {
  test('a cold venue has its defaults, ready to read', () => {
    const model = new LearnedLatency(defaults)
    expect([model.medianNs[0], model.p90Ns[0], model.p99Ns[1]]).toEqual([1e7, 2e7, 6e7])
    expect(model.medianNs[model.row(1, LatencyKind.cancel)]).toBe(3e7)
    expect(model.servedBy(0, LatencyQuantile.p50)).toBe('rolling')
  })

  test('nonsense changes nothing', () => {
    const model = new LearnedLatency(defaults)
    for (const ns of [0, -5, Number.NaN, Number.POSITIVE_INFINITY]) model.note(0, ns, start as EpochUs)
    expect(model.medianNs[0]).toBe(1e7)
  })

  test('what hangs together is learned and served: bursts of slow answers', () => {
    let level = 0
    const { model, losses } = walk(4_000, (prng) => {
      level = 0.9 * level + 0.15 * prng.nextNormal()
      return 1e7 * Math.exp(level + 0.1 * prng.nextNormal())
    })
    expect(model.servedBy(0, LatencyQuantile.p50)).not.toBe('rolling')
    for (const [rolling, learned, served] of losses.slice(0, 2)) {
      expect(learned).toBeLessThan(0.95 * rolling)
      expect(served).toBeLessThan(0.95 * rolling)
    }
  })

  test.each([
    1, 2, 3,
  ])('where nothing can be learned the served quantiles cost what the rolling ones do (seed %i)', (seed) => {
    const { losses } = walk(4_000, (prng) => 1e7 * Math.exp(0.3 * prng.nextNormal()), seed)
    for (const [rolling, , served] of losses) expect(served).toBeLessThan(1.01 * rolling)
  })

  test('a world that changes its habits every 300 round trips: never much worse', () => {
    const { losses } = walk(6_000, (prng, i) => {
      const isOdd = Math.floor(i / 300) % 2 === 1
      const alternates = i % 2 === 0 ? 0.5 : -0.5
      return 1e7 * Math.exp((isOdd ? alternates : -alternates) + 0.05 * prng.nextNormal())
    })
    for (const [rolling, , served] of losses) expect(served).toBeLessThan(1.02 * rolling)
  })

  test('served quantiles never fall from p50 to p99, and are told anew after each round trip', () => {
    const model = new LearnedLatency(defaults)
    const prng = new Prng(9)
    for (let i = 0; i < 2_000; i++) {
      model.note(0, 1e6 * Math.exp(prng.nextNormal()), (start + i * US_PER_S) as EpochUs)
      expect(model.medianNs[0]).toBeLessThanOrEqual(model.p90Ns[0])
      expect(model.p90Ns[0]).toBeLessThanOrEqual(model.p99Ns[0])
    }
    expect(model.medianNs[0] / 1e6).toBeGreaterThan(0.5)
    expect(model.medianNs[0] / 1e6).toBeLessThan(2)
    expect(model.medianNs[1]).toBe(3e7)
  })
})
