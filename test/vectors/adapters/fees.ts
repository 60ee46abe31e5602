/** Topics of fees.json. */
import { auditFees } from '../../../hotpath/fees/fee-audit.ts'
import { blendedFee, tradeCost } from '../../../hotpath/fees/fee-model.ts'
import {
  allocateOverTiers,
  type FeeTiers,
  lookUpTier,
  scheduledRate,
  valueOfNextTier,
} from '../../../hotpath/fees/fee-tiers.ts'
import {
  netEdgeBps,
  type Opportunity,
  postOrTake,
  rankOpportunities,
  roundTripBreakEven,
} from '../../../hotpath/fees/net-cost.ts'
import { FeeSide } from '../../../shared/domain/instrument.ts'
import { Side } from '../../../shared/domain/order.ts'
import { type AreaAdapters, adapter } from '../adapter.ts'

interface TradeFee {
  readonly side: 'buy' | 'sell'
  readonly price: number
  readonly qty: number
  readonly rate: number
  readonly feeSide: 'quote' | 'base'
}

interface MakerTaker {
  readonly bid: number
  readonly ask: number
  readonly makerFee: number
  readonly takerFee: number
  readonly adverseMove: number
  readonly pFill: number
}

interface NextTier {
  readonly tiers: FeeTiers
  readonly volume: number
  readonly expectedFutureVolume: number
  readonly extraCostPerUnit: number
}

interface ScheduleLookup {
  readonly venue: string
  readonly market: string
  readonly side: 'maker' | 'taker'
  readonly volume: number
}

export const fees: AreaAdapters = {
  'trade-fee': adapter(({ side, price, qty, rate, feeSide }: TradeFee) => {
    const cost = tradeCost(Side[side], price, qty, rate, feeSide === 'base' ? FeeSide.received : FeeSide.quote)
    return { feeQuote: cost.feeQuote, received: cost.received, costPerReceivedUnit: cost.effectivePrice }
  }),
  'tier-lookup': adapter(({ tiers, volume }: { tiers: FeeTiers; volume: number }) => lookUpTier(tiers, volume)),
  'tier-value': adapter(
    (inputs: NextTier) =>
      valueOfNextTier(inputs.tiers, inputs.volume, inputs.expectedFutureVolume, inputs.extraCostPerUnit) ?? null,
  ),
  'round-trip': adapter((inputs: { feeBuy: number; feeSell: number; fixedCost: number; notional: number }) => {
    const breakEven = roundTripBreakEven(inputs.feeBuy, inputs.feeSell, inputs.fixedCost, inputs.notional)
    return { breakEven, breakEvenBps: breakEven * 10_000 }
  }),
  'maker-taker': adapter((inputs: MakerTaker) => {
    const { bid, ask, makerFee, takerFee, adverseMove, pFill } = inputs
    const choice = { bid, ask, makerRate: makerFee, takerRate: takerFee, adverseMove, fillProbability: pFill }
    const { passiveCost, takeCost, breakEvenProbability, choosesPassive } = postOrTake(choice)
    return { passiveCost, takeCost, breakEvenP: breakEvenProbability, choosePassive: choosesPassive }
  }),
  'tier-allocation': adapter(
    ({ volume, tiers }: { volume: number; tiers: FeeTiers[] }) => {
      const { cost, volumes } = allocateOverTiers(volume, tiers)
      return { cost, alloc: volumes }
    },
    // The vectors say it themselves: compare the cost, ties may be allocated differently.
    () => ['alloc'],
  ),
  'hidden-fee-ols': adapter(({ publishedBps, realisedBps }: { publishedBps: number[]; realisedBps: number[] }) => {
    const audit = auditFees(publishedBps, realisedBps)
    return {
      intercept: audit.intercept,
      slope: audit.slope,
      interceptSE: audit.interceptError,
      slopeSE: audit.slopeError,
      tIntercept: audit.interceptT,
      pIntercept: audit.interceptP,
      tSlopeVs1: audit.slopeT,
      pSlopeVs1: audit.slopeP,
      meanExcess: audit.excessBps,
      meanExcess95: [audit.excessBps95.low, audit.excessBps95.high],
    }
  }),
  rank: adapter(({ opportunities }: { opportunities: Opportunity[] }) => ({
    netBps: Object.fromEntries(opportunities.map((opportunity) => [opportunity.id, netEdgeBps(opportunity)])),
    order: rankOpportunities(opportunities).map(({ id }) => id),
  })),
  blended: adapter(({ parts }: { parts: [notional: number, rate: number, role: string][] }) => {
    const { rate, fee } = blendedFee(parts.map((part) => ({ notional: part[0], rate: part[1] })))
    return { blendedRate: rate, totalFee: fee }
  }),
  'schedule-lookup': adapter(({ venue, market, side, volume }: ScheduleLookup, { schedules }) => {
    if (schedules === undefined) return undefined
    return { rate: scheduledRate(schedules[venue].markets[market], side, volume) }
  }),
}
