/** Gate's currency pairs and USDT contracts as listed symbols. Source: Gate API v4, "List all currency pairs", "List all futures contracts". */
import { asObjects, asText, type JsonObject, listed, parseBody, ratePpm, stepOf } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export function gateSpotListings(body: string): readonly VenueSymbol[] | undefined {
  return everyOf(body, (one) => {
    if (one.trade_status !== 'tradable') return undefined
    // In percent.
    const fee = ratePpm(Number(asText(one.fee) || Number.NaN) / 100)
    return listed({
      name: asText(one.id),
      base: asText(one.base),
      quote: asText(one.quote),
      tickSize: stepOf(one.precision),
      lotSize: stepOf(one.amount_precision),
      quantityMin: asText(one.min_base_amount),
      quantityMax: asText(one.max_base_amount),
      notionalMin: asText(one.min_quote_amount),
      makerPpm: fee,
      takerPpm: fee,
    })
  })
}

export function gateFuturesListings(body: string): readonly VenueSymbol[] | undefined {
  return everyOf(body, (one) => {
    const name = asText(one.name)
    const [base = '', quote = ''] = name.split('_')
    if (one.in_delisting === true || one.type !== 'direct') return undefined
    return listed({
      name,
      base,
      quote,
      settle: quote,
      tickSize: asText(one.order_price_round),
      lotSize: '1',
      quantityMin: asText(one.order_size_min),
      quantityMax: asText(one.order_size_max),
      contractSize: asText(one.quanto_multiplier),
      makerPpm: ratePpm(one.maker_fee_rate),
      takerPpm: ratePpm(one.taker_fee_rate),
    })
  })
}

function everyOf(body: string, read: (one: JsonObject) => VenueSymbol | undefined): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const symbol = read(one)
    return symbol === undefined ? [] : [symbol]
  })
}
