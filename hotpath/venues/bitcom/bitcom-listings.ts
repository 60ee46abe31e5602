/** Bit.com's pairs and linear contracts as listed symbols. Source: "Get spot instruments", "Get linear instruments". */
import {
  asObject,
  asObjects,
  asText,
  expiryOf,
  type JsonObject,
  listed,
  parseBody,
  ratePpm,
} from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** Status of a pair that trades. */
const TRADING = 1

export function bitcomListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.data)) return undefined
  return asObjects(answer.data).flatMap((one) => {
    const symbol = 'pair' in one ? pair(one) : contract(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function pair(one: JsonObject): VenueSymbol | undefined {
  if (one.status !== TRADING) return undefined
  const makerPpm = ratePpm(one.maker_fee_rate)
  const takerPpm = ratePpm(one.taker_fee_rate)
  return listed({
    name: asText(one.pair),
    base: asText(one.base_currency),
    quote: asText(one.quote_currency),
    tickSize: asText(one.price_step),
    lotSize: asText(one.qty_step),
    quantityMin: asText(one.qty_min),
    notionalMin: asText(one.quote_qty_min),
    ...(makerPpm !== undefined && { makerPpm }),
    ...(takerPpm !== undefined && { takerPpm }),
  })
}

function contract(one: JsonObject): VenueSymbol | undefined {
  if (one.active !== true || one.status !== 'online') return undefined
  const name = asText(one.instrument_id)
  const quote = asText(one.quote_currency)
  const strike = asText(one.strike_price)
  return listed({
    name,
    base: asText(one.base_currency),
    quote,
    settle: quote,
    expiry: name.endsWith('-PERPETUAL') ? '' : expiryOf(one.expiration_at),
    option: strike === '' ? '' : `${Number(strike)}-${one.option_type === 'call' ? 'C' : 'P'}`,
    tickSize: asText(one.price_step),
    lotSize: asText(one.size_step),
    quantityMin: asText(one.min_size),
    contractSize: asText(one.contract_size),
  })
}
