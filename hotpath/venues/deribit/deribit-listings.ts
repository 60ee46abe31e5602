/**
 * Deribit's instruments as listed symbols: futures, options, spot; combos are left to their legs. Amounts are told in base units,
 * and in US dollars for inverse futures, never in contracts: a unit of quantity is one of those. Source: "public/get_instruments".
 */
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

export function deribitListings(body: string): readonly VenueSymbol[] | undefined {
  const { result } = asObject(parseBody(body))
  if (!Array.isArray(result)) return undefined
  return asObjects(result).flatMap((one) => {
    const symbol = one.is_active === true ? deribitSymbol(one) : undefined
    return symbol === undefined ? [] : [symbol]
  })
}

function deribitSymbol(one: JsonObject): VenueSymbol | undefined {
  const kind = asText(one.kind)
  if (kind !== 'future' && kind !== 'option' && kind !== 'spot') return undefined
  const base = asText(one.base_currency)
  const quoted = asText(one.quote_currency)
  const isOption = kind === 'option'
  const isSpot = kind === 'spot'
  // Options of coins are quoted in the coin; what they are struck in is the counter currency (older lists do not tell it).
  const counter = asText(one.counter_currency) || (quoted === base ? 'USD' : quoted)
  const settle = asText(one.settlement_currency) || base
  const isPerpetual = one.settlement_period === 'perpetual'
  const makerPpm = ratePpm(one.maker_commission)
  const takerPpm = ratePpm(one.taker_commission)
  return listed({
    name: asText(one.instrument_name),
    base,
    quote: counter,
    settle: isSpot ? '' : settle,
    expiry: isSpot || isPerpetual ? '' : expiryOf(one.expiration_timestamp),
    option: isOption ? `${asText(one.strike)}-${asText(one.option_type).slice(0, 1).toUpperCase()}` : '',
    tickSize: asText(one.tick_size),
    lotSize: asText(one.min_trade_amount),
    isInverse: kind === 'future' && counter === 'USD' && settle === base,
    ...(makerPpm !== undefined && { makerPpm }),
    ...(takerPpm !== undefined && { takerPpm }),
  })
}
