/** Bitstamp's markets as listed symbols. Source: HTTP API v2, "Markets" (and "Trading pairs info", which it replaced). */
import { asObjects, asText, type JsonObject, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export function bitstampListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const symbol = bitstampSymbol(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function bitstampSymbol(one: JsonObject): VenueSymbol | undefined {
  const kind = asText(one.market_type) || 'SPOT'
  const isPerpetual = kind === 'PERPETUAL'
  if (one.trading !== 'Enabled' || !(isPerpetual || kind === 'SPOT')) return undefined
  const [base = '', quote = ''] = asText(one.name).replace('-PERP', '').split('/')
  return listed({
    name: asText(one.market_symbol) || asText(one.url_symbol),
    base: asText(one.base_currency) || base,
    quote: asText(one.counter_currency) || quote,
    settle: isPerpetual ? asText(one.counter_currency) : '',
    tickSize: stepOf(one.counter_decimals),
    lotSize: stepOf(one.base_decimals),
    quantityMin: asText(one.minimum_order_amount),
    quantityMax: asText(one.maximum_order_amount),
    // '20.0 USD' in the older list.
    notionalMin: asText(one.minimum_order_value) || (asText(one.minimum_order).split(' ')[0] ?? ''),
  })
}
