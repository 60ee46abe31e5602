/** Crypto.com's instruments as listed symbols. Source: exchange/v1 and (recordings) v2, "public/get-instruments". */
import {
  asObject,
  asObjects,
  asText,
  expiryOf,
  type JsonObject,
  listed,
  parseBody,
  stepOf,
} from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const SPOT = 'CCY_PAIR'
const kinds: ReadonlySet<string> = new Set([SPOT, 'PERPETUAL_SWAP', 'FUTURE'])

export function cryptocomListings(body: string): readonly VenueSymbol[] | undefined {
  const { result } = asObject(parseBody(body))
  const { data, instruments } = asObject(result)
  const list = data ?? instruments
  if (!Array.isArray(list)) return undefined
  return asObjects(list).flatMap((one) => {
    const symbol = 'instrument_name' in one ? symbolOfV2(one) : symbolOfV1(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function symbolOfV1(one: JsonObject): VenueSymbol | undefined {
  const kind = asText(one.inst_type)
  if (one.tradable !== true || !kinds.has(kind)) return undefined
  const isSpot = kind === SPOT
  const quote = asText(one.quote_ccy)
  return listed({
    name: asText(one.symbol),
    base: asText(one.base_ccy),
    quote,
    settle: isSpot ? '' : quote,
    expiry: kind === 'FUTURE' ? expiryOf(one.expiry_timestamp_ms) : '',
    tickSize: asText(one.price_tick_size),
    lotSize: asText(one.qty_tick_size),
    contractSize: asText(one.contract_size),
  })
}

function symbolOfV2(one: JsonObject): VenueSymbol | undefined {
  return listed({
    name: asText(one.instrument_name),
    base: asText(one.base_currency),
    quote: asText(one.quote_currency),
    tickSize: stepOf(one.price_decimals),
    lotSize: stepOf(one.quantity_decimals),
  })
}
