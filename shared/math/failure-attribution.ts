/** Which failed executions are the router's own doing: a list fixed before anything is counted. */
import { assert } from '../assert.ts'
import { exactUpperBound } from './binomial-interval.ts'

/** The router knew, or should have known. */
export const routingCauses = [
  'invalid-lot',
  'below-min-notional',
  'unknown-symbol',
  'wrong-venue-state-known',
  'insufficient-balance-known',
  'duplicate-id',
  'stale-book-over-limit',
  'no-fallback',
] as const

/** The world's doing, or the client's. */
export const foreignOutcomes = [
  'filled',
  'venue-outage-unknown',
  'market-moved-ioc-unfilled',
  'risk-limit-rejection',
  'user-cancel',
] as const

export interface FailureAttribution {
  /** Every order counted, filled or not. */
  readonly orders: number
  readonly routingFailures: number
  /** Exact one-sided 95 % upper bound of the routing failure rate. */
  readonly upper95: number
}

const isRoutingCause = (outcome: string): boolean => (routingCauses as readonly string[]).includes(outcome)
const isForeign = (outcome: string): boolean => (foreignOutcomes as readonly string[]).includes(outcome)

/** Counts by outcome. An outcome on neither list stops: a failure nobody has classified must not count as nobody's. */
export function attributeFailures(outcomes: Readonly<Record<string, number>>): FailureAttribution {
  let orders = 0
  let routingFailures = 0
  for (const [outcome, count] of Object.entries(outcomes)) {
    assert(isRoutingCause(outcome) || isForeign(outcome), 'every outcome is on one of the two lists')
    orders += count
    if (isRoutingCause(outcome)) routingFailures += count
  }
  return { orders, routingFailures, upper95: exactUpperBound(routingFailures, orders) }
}
