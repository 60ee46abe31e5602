/** Kraken Futures' instruments as listed symbols. Source: "Get instruments" of the Futures REST API v3. */
import { asObject, asObjects, asText, expiryOf, type JsonObject, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** Kraken's own names of assets, as everybody else writes them. */
const common: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' }

export function krakenFuturesListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.instruments)) return undefined
  return asObjects(answer.instruments).flatMap((one) => {
    const symbol = krakenFuture(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function krakenFuture(one: JsonObject): VenueSymbol | undefined {
  const type = asText(one.type)
  if (one.tradeable !== true || !type.includes('futures')) return undefined
  // Once written in small letters; messages have always named products in capitals.
  const name = asText(one.symbol).toUpperCase()
  const [, pair = ''] = name.split('_')
  const base = asText(one.base) || pair.slice(0, -3)
  const quote = asText(one.quote) || pair.slice(-3)
  const isInverse = type === 'futures_inverse'
  const asset = common[base] ?? base
  return listed({
    name,
    base: asset,
    quote,
    // Linear ones are margined with many assets and settle in dollars.
    settle: isInverse ? asset : quote,
    expiry: expiryOf(Date.parse(asText(one.lastTradingTime))),
    tickSize: asText(one.tickSize),
    lotSize: isInverse ? '1' : tenToMinus(one.contractValueTradePrecision),
    contractSize: asText(one.contractSize),
    isInverse,
  })
}

/** 10^-precision, also of negative ones: the cheapest coins trade in thousands. */
function tenToMinus(precision: unknown): string {
  if (typeof precision !== 'number' || !Number.isInteger(precision) || Math.abs(precision) > 12) return '1'
  return precision <= 0 ? `1${'0'.repeat(-precision)}` : `0.${'0'.repeat(precision - 1)}1`
}
