/** A decision printed: certificate, slices, candidate table, what bound and what came next. */
import type { PlanExplanation } from '../routing/plan-explanation.ts'
import { formatBps, formatGap, formatPrice, formatQuote, formatSignedBps, formatTime } from './figures.ts'
import { plain, renderTable, type TextColumn, type TextStyle, withoutControls } from './text-table.ts'

/** What the proof is worth, in words. Only a closed proof without a gap is called exact. */
export function certificateText(proof: string, gapBps: number): string {
  const gap = formatGap(gapBps)
  if (proof === 'none') return 'no certificate'
  return isExact(proof) && gap === '0' ? 'exact optimum, gap 0 bps' : `at most ${gap} bps from the optimum`
}

function isExact(proof: string): boolean {
  return proof === 'sweep' || proof === 'search'
}

/** One line: who gets how much, what it costs all-in, and how good that is. */
export function renderPlanLine(plan: PlanExplanation, style: TextStyle = plain): string {
  const count = plan.slices.length
  if (count === 0) return `${style.bold('plan')}  nothing to take now`
  const parts = plan.slices
    .slice(0, 4)
    .map((slice) => `${withoutControls(slice.venue)} ${slice.quantity} @ ${slice.limitPrice}`)
  const more = count > 4 ? `, and ${count - 4} more` : ''
  const bps = plan.allInBps === undefined ? '' : ` (${formatSignedBps(plan.allInBps)} bps)`
  const proof = certificateText(plan.certificate.proof, plan.certificate.gapBps)
  return `${style.bold('plan')}  ${parts.join(', ')}${more}; all-in ${formatPrice(plan.allInPrice)}${bps}; ${proof}`
}

export function renderExplanation(plan: PlanExplanation, style: TextStyle = plain): string {
  const sections = [head(plan, style), slices(plan, style), candidates(plan, style), comparison(plan)]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function head(plan: PlanExplanation, style: TextStyle): string[] {
  const order = plan.route === 0 ? 'quote, nothing was sent' : `order ${plan.orderId}, route ${plan.route}`
  const title = `${plan.side} ${plan.targetQuantity} ${plan.symbol}`
  const { certificate } = plan
  const proof = certificateText(certificate.proof, certificate.gapBps)
  const bps = plan.allInBps === undefined ? '' : `, ${formatSignedBps(plan.allInBps)} bps of the mid`
  return [
    `${style.bold(withoutControls(title))}  ${style.dim(`${order}, ${formatTime(plan.timeUs)}`)}`,
    `planned     ${plan.plannedQuantity} of ${plan.targetQuantity}`,
    `mid         ${plan.mid ?? 'none: the book is one-sided'}`,
    `all-in      ${formatPrice(plan.allInPrice)} a unit${bps}; ${formatQuote(plan.allInQuote)} in all`,
    `certificate ${isExact(certificate.proof) ? style.good(proof) : proof}`,
    `            proof ${certificate.proof}, dual bound ${formatQuote(certificate.dualBoundQuote)}, ` +
      `${certificate.nodes} nodes, marginal price ${formatPrice(certificate.marginalPrice)}`,
  ]
}

const sliceColumns: readonly TextColumn[] = [
  { head: 'slice', align: 'left' },
  { head: 'quantity', align: 'right' },
  { head: 'limit', align: 'right' },
  { head: 'average', align: 'right' },
  { head: 'fee bps', align: 'right' },
  { head: 'all-in', align: 'right' },
]

function slices(plan: PlanExplanation, style: TextStyle): string[] {
  if (plan.slices.length === 0) return ['no slices: nothing to take now']
  const rows = plan.slices.map((slice) => [
    withoutControls(slice.venue),
    slice.quantity,
    slice.limitPrice,
    formatPrice(slice.averagePrice),
    formatBps(slice.feeBps),
    formatPrice(slice.allInPrice),
  ])
  return renderTable(sliceColumns, rows, style)
}

const candidateColumns: readonly TextColumn[] = [
  { head: 'candidate', align: 'left' },
  { head: 'status', align: 'left' },
  { head: 'best', align: 'right' },
  { head: 'best all-in', align: 'right' },
  { head: 'displayed', align: 'right' },
  { head: 'fee bps', align: 'right' },
  { head: 'time bps', align: 'right' },
  { head: 'age ms', align: 'right' },
  { head: 'planned', align: 'right' },
  { head: 'shadow price', align: 'right' },
  { head: 'bound by', align: 'left' },
]

function candidates(plan: PlanExplanation, style: TextStyle): string[] {
  const rows = plan.candidates.map((row) => [
    withoutControls(row.venue),
    row.status === 'alive' ? row.status : style.bad(withoutControls(row.status)),
    row.bestPrice ?? '-',
    formatPrice(row.bestAllInPrice),
    row.displayedQuantity ?? '-',
    formatBps(row.feeBps),
    formatBps(row.timeBps),
    Number.isFinite(row.ageMs) ? row.ageMs.toFixed(1) : '-',
    row.plannedQuantity,
    row.shadowPrice === 0 ? '-' : formatPrice(row.shadowPrice),
    row.binding.length === 0 ? '-' : row.binding.join(' '),
  ])
  return rows.length === 0 ? ['no candidates: no venue lists it'] : renderTable(candidateColumns, rows, style)
}

function comparison(plan: PlanExplanation): string[] {
  const lines: string[] = []
  if (plan.runnerUp !== undefined) {
    const { venue, allInPrice } = plan.runnerUp
    lines.push(
      `runner-up          ${withoutControls(venue)} at ${formatPrice(allInPrice)} all-in: the first level not taken`,
    )
  }
  if (plan.bestSingleVenue !== undefined) {
    const { venue, allInPrice, savedBps } = plan.bestSingleVenue
    const saved = `the split saves ${formatBps(savedBps)} bps`
    lines.push(`best single venue  ${withoutControls(venue)} at ${formatPrice(allInPrice)} all-in: ${saved}`)
  }
  return lines
}
