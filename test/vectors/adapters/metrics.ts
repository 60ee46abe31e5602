/** Topics of metrics.json: the statistics of reports and studies. */
import {
  clopperPearson,
  exactLowerBound,
  trialsNeeded,
  wilsonInterval,
  zeroFailures,
} from '../../../shared/math/binomial-interval.ts'
import { withOmitted } from '../../../shared/math/coordinated-omission.ts'
import { attributeFailures } from '../../../shared/math/failure-attribution.ts'
import type { Interval } from '../../../shared/math/interval.ts'
import { mcnemarP } from '../../../shared/math/mcnemar-test.ts'
import { benjaminiHochberg, holm } from '../../../shared/math/multiple-testing.ts'
import { pairedT, wilcoxonSignedRankP } from '../../../shared/math/paired-test.ts'
import { nearestRank } from '../../../shared/math/quantile.ts'
import { isClaimSupported, reductionRatio } from '../../../shared/math/reduction-ratio.ts'
import { deflatedSharpe, expectedMaxSharpe, probabilisticSharpe } from '../../../shared/math/sharpe-ratio.ts'
import { type AreaAdapters, adapter } from '../adapter.ts'

const pair = ({ low, high }: Interval): [number, number] => [low, high]

export const metrics: AreaAdapters = {
  'reduction-ratio': adapter((inputs: { router: number[]; baseline: number[]; weight: number[]; target: number }) => {
    const result = reductionRatio(inputs.router, inputs.baseline, inputs.weight)
    return {
      reduction: result.reduction,
      se: result.standardError,
      ci95: pair(result.interval95),
      claimSupported: isClaimSupported(result, inputs.target),
    }
  }),
  'paired-t': adapter(({ diff }: { diff: number[] }) => {
    const { mean, t, p, interval95 } = pairedT(diff)
    return { mean, t, p, ci95: pair(interval95), wilcoxonP: wilcoxonSignedRankP(diff) }
  }),
  'clopper-pearson': adapter(({ successes, n }: { successes: number; n: number }) => ({
    ci95: pair(clopperPearson(successes, n)),
    lower95OneSided: exactLowerBound(successes, n),
  })),
  'zero-failures': adapter(
    (inputs: { kind: 'upper'; n: number } | { kind: 'sampleSize'; p0: number; failures: number }) =>
      inputs.kind === 'upper' ? zeroFailures(inputs.n) : { n: trialsNeeded(inputs.p0, inputs.failures) },
  ),
  wilson: adapter(({ successes, n }: { successes: number; n: number }) => ({
    ci95: pair(wilsonInterval(successes, n)),
  })),
  mcnemar: adapter(({ b, c }: { b: number; c: number }) => ({ p: mcnemarP(b, c) })),
  'multiple-testing': adapter(({ p }: { p: number[] }) => ({ holm: holm(p), bh: benjaminiHochberg(p) })),
  'coordinated-omission': adapter((inputs: { values: number[]; expectedInterval: number; p: number[] }) => {
    const all = withOmitted(inputs.values, inputs.expectedInterval)
    return { count: all.length, percentiles: inputs.p.map((share) => nearestRank(all, share)) }
  }),
  'deflated-sharpe': adapter(
    (inputs: { sharpe: number; n: number; skew: number; kurtosis: number; trials: number; trialVariance: number }) => {
      const sample = { ...inputs, observations: inputs.n }
      return {
        psr0: probabilisticSharpe(sample),
        expectedMaxSharpe: expectedMaxSharpe(inputs.trials, inputs.trialVariance),
        dsr: deflatedSharpe(sample, inputs.trials, inputs.trialVariance),
      }
    },
  ),
  attribution: adapter(({ outcomes }: { outcomes: Record<string, number> }) => {
    const { orders, routingFailures, upper95 } = attributeFailures(outcomes)
    return { n: orders, routingFailures, upper95 }
  }),
}
