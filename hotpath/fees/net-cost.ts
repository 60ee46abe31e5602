/** Decisions that only fees can settle: what a round trip must earn, post or take, and which edge survives its costs. */
import { assert } from '../../shared/assert.ts'

const BPS = 10_000

/**
 * Gross edge, as a fraction, at which buying on one venue and selling on another breaks even:
 * (1 + fee buy) / (1 - fee sell) - 1, plus what the transfer costs. Rates and answer are fractions of notional.
 */
export function roundTripBreakEven(feeBuy: number, feeSell: number, fixedCost: number, notional: number): number {
  assert(feeSell < 1 && notional > 0, 'a round trip sells for something')
  return (1 + feeBuy) / (1 - feeSell) - 1 + fixedCost / notional
}

/** A buy at the touch, in quote per unit; a sell is its mirror. */
export interface PostOrTake {
  readonly bid: number
  readonly ask: number
  readonly makerRate: number
  readonly takerRate: number
  /** How far the ask moves away when the passive order is not filled. */
  readonly adverseMove: number
  readonly fillProbability: number
}

export interface PostOrTakeCost {
  readonly passiveCost: number
  readonly takeCost: number
  /** Fill probability at which both cost the same; above it posting is cheaper. */
  readonly breakEvenProbability: number
  readonly choosesPassive: boolean
}

/** p bid (1 + m) + (1 - p)(ask + u)(1 + t) against ask (1 + t). */
export function postOrTake(choice: PostOrTake): PostOrTakeCost {
  const posted = choice.bid * (1 + choice.makerRate)
  const chased = (choice.ask + choice.adverseMove) * (1 + choice.takerRate)
  const takeCost = choice.ask * (1 + choice.takerRate)
  const passiveCost = choice.fillProbability * posted + (1 - choice.fillProbability) * chased
  const breakEvenProbability = (choice.adverseMove * (1 + choice.takerRate)) / (chased - posted)
  return { passiveCost, takeCost, breakEvenProbability, choosesPassive: passiveCost < takeCost }
}

export interface Opportunity {
  readonly id: string
  readonly grossBps: number
  readonly feesBps: number
  readonly slippageBps: number
  /** In the unit of `notional`: gas, tickets, transfers. */
  readonly fixed: number
  readonly notional: number
}

/** Gross edge less fees, slippage and fixed cost, in bps of notional. */
export function netEdgeBps(opportunity: Opportunity): number {
  const { grossBps, feesBps, slippageBps, fixed, notional } = opportunity
  assert(notional > 0, 'an opportunity has a notional')
  return grossBps - feesBps - slippageBps - (fixed / notional) * BPS
}

/** Those that leave something, best first; equal ones by id. O(n log n). */
export function rankOpportunities(opportunities: readonly Opportunity[]): readonly Opportunity[] {
  return opportunities
    .filter((opportunity) => netEdgeBps(opportunity) > 0)
    .sort((a, b) => netEdgeBps(b) - netEdgeBps(a) || (a.id < b.id ? -1 : 1))
}
