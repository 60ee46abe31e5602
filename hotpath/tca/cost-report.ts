/** What a parent order cost and why. Costs are positive when bad for the client; bps are of the arrival mid. */
export interface CostShare {
  /** In quote currency; an opinion (a double), the exact sums stand beside. */
  readonly quote: number
  readonly bps: number
}

export interface BaselineRow {
  /** bestSingleVenue | bestDisplayedPrice | proRata */
  readonly name: string
  /** Venue of bestSingleVenue. */
  readonly venue?: string
  readonly allInBps: number
  readonly slippageBps: number
  readonly feeBps: number
  /** Baseline minus ours at the decision: positive when we are cheaper. */
  readonly savedBps: number
  /** It could not fill the whole quantity. */
  readonly incomplete: boolean
}

export interface CostReport {
  readonly orderId: string
  readonly clientOrderId: string
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly ordStatus: string
  /** calibrated, replay:..., live: simulated results are never called real. */
  readonly market: string
  readonly simulated: boolean
  readonly createdUs: number
  readonly endedUs: number
  readonly quantity: string
  readonly filledQuantity: string
  readonly averagePrice?: string
  readonly arrivalMid?: string
  /** Exact, in quote. */
  readonly notional: string
  /** Exact, by asset. */
  readonly fees: Readonly<Record<string, string>>
  /** Implementation shortfall (Perold 1988) of the filled part and its parts, which sum to it exactly as doubles allow. */
  readonly shortfall?: {
    readonly total: CostShare
    /** Half spread at arrival. */
    readonly spread: CostShare
    /** Walking the book beyond the touch, as planned. */
    readonly impact: CostShare
    /** Between decision and fill: realised price against planned price. */
    readonly delay: CostShare
    readonly fees: CostShare
  }
  readonly predicted?: { readonly allInBps: number; readonly gapBps: number; readonly proof: string }
  readonly realisedAllInBps?: number
  readonly venues: readonly {
    readonly venue: string
    readonly children: number
    readonly filledQuantity: string
    readonly averagePrice?: string
    readonly feeQuote: number
    readonly allInBps?: number
    readonly predictedBps?: number
    readonly ackMs?: number
    readonly fillMs?: number
    readonly rejects: number
  }[]
  /** Against the same books at the first decision; absent when the decision is no longer kept. */
  readonly baselines: readonly BaselineRow[]
  readonly timeline: readonly {
    readonly timeUs: number
    readonly event: string
    readonly venue?: string
    readonly quantity?: string
    readonly price?: string
  }[]
}
