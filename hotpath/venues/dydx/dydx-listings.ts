/** dYdX v4's perpetual markets as listed symbols. Source: indexer API, "GET /v4/perpetualMarkets". */
import { asObject, asText, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** Everything is margined and settled in it, whatever the name says. */
const COLLATERAL = 'USDC'

export function dydxListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  const markets = answer.markets ?? asObject(answer.result).markets
  if (typeof markets !== 'object' || markets === null) return undefined
  return Object.values(asObject(markets)).flatMap((value) => {
    const one = asObject(value)
    if (one.status !== 'ACTIVE') return []
    const name = asText(one.ticker)
    const symbol = listed({
      name,
      base: name.slice(0, Math.max(0, name.lastIndexOf('-'))),
      quote: COLLATERAL,
      settle: COLLATERAL,
      tickSize: asText(one.tickSize),
      lotSize: asText(one.stepSize),
    })
    return symbol === undefined ? [] : [symbol]
  })
}
