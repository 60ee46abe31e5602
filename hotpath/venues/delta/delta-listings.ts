/** Delta Exchange's products as listed symbols; sizes are contracts. Source: docs.delta.exchange, "Get list of products". */
import {
  asObject,
  asObjects,
  asText,
  expiryOf,
  type JsonObject,
  listed,
  parseBody,
  ratePpm,
  stepOf,
} from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** Move options, spreads and interest rate swaps have no price of an underlying: left out. */
const options: Readonly<Record<string, string>> = { call_options: 'C', put_options: 'P' }
const PERPETUAL = 'perpetual_futures'
const FUTURE = 'futures'
const SPOT = 'spot'

export function deltaListings(body: string): readonly VenueSymbol[] | undefined {
  const { result } = asObject(parseBody(body))
  if (!Array.isArray(result)) return undefined
  return asObjects(result).flatMap((one) => {
    const symbol = deltaSymbol(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function deltaSymbol(one: JsonObject): VenueSymbol | undefined {
  const type = asText(one.contract_type)
  const right = options[type]
  const isSpot = type === SPOT
  if (one.state !== 'live' || one.trading_status !== 'operational') return undefined
  if (!(isSpot || type === PERPETUAL || type === FUTURE || right !== undefined)) return undefined
  const specs = asObject(one.product_specs)
  const quote = assetOf(one.quoting_asset)
  return listed({
    name: asText(one.symbol),
    base: assetOf(one.underlying_asset),
    quote,
    settle: isSpot ? '' : assetOf(one.settling_asset) || quote,
    expiry: isSpot || type === PERPETUAL ? '' : expiryOf(Date.parse(asText(one.settlement_time))),
    option: right === undefined ? '' : `${asText(one.strike_price)}-${right}`,
    tickSize: asText(one.tick_size),
    lotSize: isSpot ? stepOf(specs.underlying_precision) : '1',
    quantityMin: isSpot ? asText(specs.min_order_size) : '1',
    quantityMax: isSpot ? asText(specs.max_order_size) : asText(one.position_size_limit),
    contractSize: isSpot ? '1' : asText(one.contract_value),
    isInverse: one.notional_type === 'inverse',
    makerPpm: ratePpm(one.maker_commission_rate),
    takerPpm: ratePpm(one.taker_commission_rate),
  })
}

function assetOf(value: unknown): string {
  return asText(asObject(value).symbol)
}
