import { expect, test } from 'vitest'
import { LATENCY_FEATURES } from '../../../../hotpath/latency/latency-features.ts'
import { LatencyMlp } from '../../../../models/evaluation/latency-mlp.ts'
import { Prng } from '../../../../shared/prng.ts'

test('an untaught net adds nothing', () => {
  const net = new LatencyMlp(0.5, new Prng(1))
  expect(net.predict(new Float64Array(LATENCY_FEATURES).fill(1))).toBe(0)
})

test('learns what no line can: the absolute value of a feature', () => {
  const net = new LatencyMlp(0.5, new Prng(1))
  const prng = new Prng(2)
  const x = new Float64Array(LATENCY_FEATURES)
  x[0] = 0.3
  let wrong = 0
  let nothing = 0
  for (let i = 0; i < 20_000; i++) {
    x[1] = prng.nextNormal()
    const target = Math.abs(x[1]) - 0.6745
    if (i >= 15_000) {
      wrong += Math.abs(target - net.predict(x))
      nothing += Math.abs(target)
    }
    net.learn(x, target)
  }
  expect(wrong / nothing).toBeLessThan(0.5)
})
