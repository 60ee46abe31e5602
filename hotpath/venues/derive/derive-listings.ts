/** Derive's instruments (perpetuals, options, spot) as listed symbols. Source: "public/get_all_instruments". */
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

/** Everything but spot is margined and settled in it. */
const SETTLED_IN = 'USDC'

export function deriveListings(body: string): readonly VenueSymbol[] | undefined {
  const { result } = asObject(parseBody(body))
  const list = Array.isArray(result) ? result : asObject(result).instruments
  if (!Array.isArray(list)) return undefined
  return asObjects(list).flatMap((one) => {
    const symbol = one.is_active === true ? deriveSymbol(one) : undefined
    return symbol === undefined ? [] : [symbol]
  })
}

function deriveSymbol(one: JsonObject): VenueSymbol | undefined {
  const option = asObject(one.option_details)
  const isOption = one.instrument_type === 'option'
  const makerPpm = ratePpm(one.maker_fee_rate)
  const takerPpm = ratePpm(one.taker_fee_rate)
  return listed({
    name: asText(one.instrument_name),
    base: asText(one.base_currency),
    quote: asText(one.quote_currency),
    settle: one.instrument_type === 'erc20' ? '' : SETTLED_IN,
    expiry: isOption ? expiryOf(Number(option.expiry) * 1_000) : '',
    option: isOption ? `${asText(option.strike)}-${asText(option.option_type)}` : '',
    tickSize: asText(one.tick_size),
    lotSize: asText(one.amount_step),
    quantityMin: asText(one.minimum_amount),
    quantityMax: asText(one.maximum_amount),
    ...(makerPpm !== undefined && { makerPpm }),
    ...(takerPpm !== undefined && { takerPpm }),
  })
}
