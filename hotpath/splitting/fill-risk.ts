/** What a unit really costs at a venue that may not fill: its price, or the fallback's, plus the price of waiting. Cold side. */
export interface RiskyVenue {
  /** Raw price, fee rate, chance of a fill, latency in milliseconds. */
  readonly price: number
  readonly takerFee: number
  readonly fillChance: number
  readonly latencyMs: number
}

export interface FillRisk {
  /** All-in price of buying elsewhere when the venue does not fill. */
  readonly fallbackPrice: number
  readonly riskAversion: number
  /** Adverse move in price units per millisecond. */
  readonly driftPerMs: number
}

/** Expected cost of one unit of a buy: p P (1 + f) + (1 - p) F + lambda x drift x latency. */
export function riskyPrice(venue: RiskyVenue, risk: FillRisk): number {
  const filled = venue.fillChance * venue.price * (1 + venue.takerFee)
  const missed = (1 - venue.fillChance) * risk.fallbackPrice
  return filled + missed + risk.riskAversion * risk.driftPerMs * venue.latencyMs
}
