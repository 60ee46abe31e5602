/**
 * Hyperliquid's perpetuals (`meta`) and spot pairs (`spotMeta`) as listed symbols. Prices have at most five significant digits
 * and 6 (spot 8) less szDecimals places: the tick told here is the finest of them. Source: "Tick and lot size".
 */
import { asObject, asObjects, asText, type JsonObject, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const PERPETUAL_PLACES = 6
const SPOT_PLACES = 8
const COLLATERAL = 'USDC'
/** An order is worth at least ten dollars. */
const NOTIONAL_MIN = '10'

export function hyperliquidListings(body: string): readonly VenueSymbol[] | undefined {
  const { universe, tokens } = asObject(parseBody(body))
  if (!Array.isArray(universe)) return undefined
  const byIndex = Array.isArray(tokens) ? tokensByIndex(tokens) : undefined
  return asObjects(universe).flatMap((one) => {
    const symbol = byIndex === undefined ? perpetual(one) : spot(one, byIndex)
    return symbol === undefined ? [] : [symbol]
  })
}

function tokensByIndex(tokens: readonly unknown[]): ReadonlyMap<unknown, JsonObject> {
  return new Map(asObjects(tokens).map((token) => [token.index, token]))
}

function perpetual(one: JsonObject): VenueSymbol | undefined {
  if (one.isDelisted === true) return undefined
  const name = asText(one.name)
  return listed({
    name,
    base: name,
    quote: COLLATERAL,
    settle: COLLATERAL,
    tickSize: stepOf(PERPETUAL_PLACES - Number(one.szDecimals)),
    lotSize: stepOf(one.szDecimals),
    notionalMin: NOTIONAL_MIN,
  })
}

/** 'PURR/USDC', or '@107' where only the tokens tell what it is. */
function spot(one: JsonObject, tokens: ReadonlyMap<unknown, JsonObject>): VenueSymbol | undefined {
  if (!Array.isArray(one.tokens)) return undefined
  const base = asObject(tokens.get(one.tokens[0]))
  const quote = asObject(tokens.get(one.tokens[1]))
  return listed({
    name: asText(one.name),
    base: asText(base.name),
    quote: asText(quote.name),
    tickSize: stepOf(SPOT_PLACES - Number(base.szDecimals)),
    lotSize: stepOf(base.szDecimals),
    notionalMin: NOTIONAL_MIN,
  })
}
