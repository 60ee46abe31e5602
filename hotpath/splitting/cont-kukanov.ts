/**
 * Take or post: Cont and Kukanov, Optimal order placement in limit order markets (Quantitative Finance 17, 2017). M is
 * taken now, L is posted behind the queue Q and fills when the outflow xi reaches it. Costs per unit: half spread h,
 * taker fee f, maker rebate r, impact theta, penalties lambda for what stays unfilled or is filled too much. Cold side.
 */
import { normalCdf, normalQuantile } from '../../shared/math/special-functions.ts'

export interface PlacementCosts {
  readonly halfSpread: number
  readonly takerFee: number
  readonly impact: number
  readonly underfill: number
  readonly overfill: number
}

/** How much leaves the queue within the horizon, as a distribution. */
export type Outflow =
  | { readonly type: 'exponential'; readonly mean: number }
  | { readonly type: 'normal'; readonly mean: number; readonly sd: number }

export interface Placement {
  readonly market: number
  readonly limit: number
  readonly cost: number
}

/** One venue, closed form: L* = clip(F^-1((2h + f + r) / (lambda_u + h + r + theta)) - Q, 0, S), M* = S - L*. */
export function placeOnOne(
  target: number,
  queueAhead: number,
  outflow: Outflow,
  rebate: number,
  costs: PlacementCosts,
): Placement & { readonly quantile: number } {
  const { halfSpread: h, takerFee: f, impact, underfill } = costs
  const quantile = (2 * h + f + rebate) / (underfill + h + rebate + impact)
  const limit = Math.min(target, Math.max(0, outflowQuantile(outflow, quantile) - queueAhead))
  const market = target - limit
  const filled = expectedExcess(outflow, queueAhead) - expectedExcess(outflow, queueAhead + limit)
  const short = target - market - filled
  const cost = (h + f) * market - (h + rebate) * filled + impact * (market + limit + short) + underfill * short
  return { market, limit, cost, quantile }
}

function outflowQuantile(outflow: Outflow, probability: number): number {
  if (probability >= 1) return Number.POSITIVE_INFINITY
  if (probability <= 0) return Number.NEGATIVE_INFINITY
  if (outflow.type === 'exponential') return -outflow.mean * Math.log1p(-probability)
  return outflow.mean + outflow.sd * normalQuantile(probability)
}

/** E (xi - x)+ for x >= 0. */
function expectedExcess(outflow: Outflow, x: number): number {
  if (outflow.type === 'exponential') return outflow.mean * Math.exp(-x / outflow.mean)
  const z = (x - outflow.mean) / outflow.sd
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return outflow.sd * (density - z * normalCdf(-z))
}

export interface LatticePlacement {
  readonly market: number
  /** By venue. */
  readonly limits: readonly number[]
}

/** Costs that differ by less are one minimum. */
const SAME = 1e-12

/**
 * Several venues, equally likely outflow scenarios, whole lots, at most `target` at each place: the exact minimum of the
 * mean cost and every placement that reaches it, by enumeration. O((target + 1)^(venues + 1) x scenarios).
 */
export function placeOnLattice(
  target: number,
  queueAhead: readonly number[],
  scenarios: readonly (readonly number[])[],
  rebates: readonly number[],
  costs: PlacementCosts,
): { readonly cost: number; readonly placements: readonly LatticePlacement[] } {
  let best = Number.POSITIVE_INFINITY
  let placements: LatticePlacement[] = []
  const consider = (market: number, limits: readonly number[]): void => {
    const cost = meanCost(target, market, limits, queueAhead, scenarios, rebates, costs)
    if (cost < best - SAME) placements = []
    if (cost < best - SAME) best = cost
    if (Math.abs(cost - best) <= SAME) placements.push({ market, limits: [...limits] })
  }
  const limits = queueAhead.map(() => 0)
  const descend = (market: number, venue: number): void => {
    if (venue === limits.length) {
      consider(market, limits)
      return
    }
    for (let lots = 0; lots <= target; lots++) {
      limits[venue] = lots
      descend(market, venue + 1)
    }
  }
  for (let market = 0; market <= target; market++) descend(market, 0)
  return { cost: best, placements }
}

function meanCost(
  target: number,
  market: number,
  limits: readonly number[],
  queueAhead: readonly number[],
  scenarios: readonly (readonly number[])[],
  rebates: readonly number[],
  costs: PlacementCosts,
): number {
  const { halfSpread: h, takerFee: f, impact, underfill, overfill } = costs
  const posted = limits.reduce((sum, lots) => sum + lots, 0)
  let sum = 0
  for (const outflow of scenarios) {
    let filled = 0
    let earned = 0
    limits.forEach((lots, venue) => {
      const fill = Math.min(lots, Math.max(0, outflow[venue] - queueAhead[venue]))
      filled += fill
      earned += (h + rebates[venue]) * fill
    })
    const short = Math.max(0, target - market - filled)
    const over = Math.max(0, market + filled - target)
    sum += (h + f) * market - earned + impact * (market + posted + short) + underfill * short + overfill * over
  }
  return sum / scenarios.length
}
