/** A study as text: every size, every baseline, losing rows included; slippage, fees and all-in always side by side. */
import { type BaselineName, baselineMeanings } from './order-routes.ts'
import type { Estimate } from './paired-sample.ts'
import type { Study, StudyPart, StudyRow } from './study-run.ts'

const CELL = 8
const NAME = 38

function fixed(value: number): string {
  return (Object.is(value, -0) ? 0 : value).toFixed(2).padStart(CELL)
}

function range(estimate: Estimate): string {
  const { low, high } = estimate.interval95
  return `${fixed(estimate.value)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
}

function percent(estimate: Estimate | null): string {
  if (estimate === null) return 'n/a'
  const { low, high } = estimate.interval95
  // The router was paid where the baseline paid: the ratio says no more than that.
  if (low > 1) return 'over 100%'
  const show = (share: number): string => (100 * share).toFixed(1)
  return `${show(estimate.value)}% [${show(low)}, ${show(high)}]`
}

const heads = `${'baseline'.padEnd(NAME)}${'slip'.padStart(CELL)}${'fees'.padStart(CELL)}${'all-in'.padStart(CELL)}  ${'saved bps [95 %]'.padEnd(26)}${'less slippage'.padEnd(24)}${'less fees'.padEnd(24)}`

function rowText({ baseline, summary }: StudyRow): string {
  const { slippageBps, feeBps, allInBps } = summary.baseline
  const name = baselineMeanings[baseline as BaselineName].padEnd(NAME)
  const costs = fixed(slippageBps) + fixed(feeBps) + fixed(allInBps)
  const reductions = percent(summary.slippageReduction).padEnd(24) + percent(summary.feeReduction).padEnd(24)
  return `${name}${costs}  ${range(summary.savedBps).padEnd(26)}${reductions}${summary.verdict}`
}

/** The router's own line, then the baselines of the same orders. */
function groupText(rows: readonly StudyRow[]): string[] {
  const { summary, size } = rows[0]
  const { slippageBps, feeBps, allInBps } = summary.router
  const router = `${'router'.padEnd(NAME)}${fixed(slippageBps)}${fixed(feeBps)}${fixed(allInBps)}`
  return ['', `size ${size}: ${summary.orders} orders, ${summary.blocks} blocks`, router, ...rows.map(rowText)]
}

function partText(part: StudyPart): string[] {
  const sizes = [...new Set(part.rows.map((row) => row.size))]
  return [
    '',
    `== ${part.data}; ${part.scenario} ==`,
    `${part.moments} moments; ${part.tooLarge} orders beyond the depth left out; bps of notional at the mid, positive is bad`,
    heads,
    ...sizes.flatMap((size) => groupText(part.rows.filter((row) => row.size === size))),
    '',
    ...part.claims.map(({ claim, verdict }) => `claim ${verdict}: ${claim}`),
  ]
}

/** Means are weighted by notional; intervals are 95 %, block bootstrap. */
export function studyText(study: Study): string {
  const notes = study.notes.map((note) => `note: ${note}`)
  return [`seed ${study.seed}`, ...study.parts.flatMap(partText), '', ...notes].join('\n')
}
