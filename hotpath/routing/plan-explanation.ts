/** A decision made readable: the candidate table, the slices, the certificate. Decimal text on the instrument's grid. */
export interface PlanExplanation {
  readonly orderId: string
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  /** Which route of the order this is: 1 for the first, more after rerouting. */
  readonly route: number
  readonly timeUs: number
  readonly targetQuantity: string
  readonly plannedQuantity: string
  /** Consolidated mid at the decision; absent when one-sided. */
  readonly mid?: string
  /** Whole cost of a buy or proceeds of a sell, all-in, in quote. */
  readonly allInQuote: number
  /** All-in price per unit, and its distance from the mid: positive is cost. */
  readonly allInPrice: number
  readonly allInBps?: number
  readonly certificate: {
    readonly proof: 'none' | 'sweep' | 'search' | 'bound'
    /** No feasible plan can be better than this, in quote. */
    readonly dualBoundQuote: number
    readonly gapBps: number
    readonly nodes: number
    /** Fee-adjusted price of the last lot taken. */
    readonly marginalPrice: number
  }
  readonly slices: readonly {
    readonly venue: string
    readonly quantity: string
    readonly limitPrice: string
    readonly averagePrice: number
    readonly feeBps: number
    readonly allInPrice: number
  }[]
  readonly candidates: readonly {
    readonly venue: string
    /** alive, or why the venue was not considered. */
    readonly status: string
    readonly bestPrice?: string
    readonly bestAllInPrice?: number
    readonly displayedQuantity?: string
    readonly feeBps: number
    /** What being late may cost there: in the all-in price, on no invoice. */
    readonly timeBps: number
    readonly ageMs: number
    readonly plannedQuantity: string
    readonly binding: readonly string[]
    /** What one more unit of base there would have saved, in quote. */
    readonly shadowPrice: number
  }[]
  /** The first level not taken: what would come next. */
  readonly runnerUp?: { readonly venue: string; readonly allInPrice: number }
  /** The cheapest single venue that could fill the whole, and what the split saves against it. */
  readonly bestSingleVenue?: { readonly venue: string; readonly allInPrice: number; readonly savedBps: number }
}
