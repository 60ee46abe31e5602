/**
 * Coinbase's public products as listed symbols: spot and futures. A product that is an alias (BTC-USDC of BTC-USD) has no
 * feed of its own: the venue tells only the book both share. Source: Advanced Trade API, "List Public Products".
 */
import { asObject, asObjects, asText, expiryOf, type JsonObject, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export function coinbaseListings(body: string): readonly VenueSymbol[] | undefined {
  const { products } = asObject(parseBody(body))
  if (!Array.isArray(products)) return undefined
  return asObjects(products).flatMap((one) => {
    const symbol = isTraded(one) ? coinbaseSymbol(one) : undefined
    return symbol === undefined ? [] : [symbol]
  })
}

function isTraded(one: JsonObject): boolean {
  const status = asText(one.status)
  const isClosed = [one.is_disabled, one.trading_disabled, one.cancel_only, one.view_only].includes(true)
  return !isClosed && (status === '' || status === 'online') && asText(one.alias) === ''
}

function coinbaseSymbol(one: JsonObject): VenueSymbol | undefined {
  const future = asObject(one.future_product_details)
  const isFuture = one.product_type === 'FUTURE'
  const quote = asText(one.quote_currency_id)
  const isPerpetual = future.contract_expiry_type === 'PERPETUAL'
  return listed({
    name: asText(one.product_id),
    base: isFuture ? asText(future.contract_root_unit) : asText(one.base_currency_id),
    quote,
    settle: isFuture ? quote : '',
    expiry: isFuture && !isPerpetual ? expiryOf(Date.parse(asText(future.contract_expiry))) : '',
    tickSize: asText(one.price_increment) || asText(one.quote_increment),
    lotSize: asText(one.base_increment),
    quantityMin: asText(one.base_min_size),
    quantityMax: asText(one.base_max_size),
    notionalMin: isFuture ? '' : asText(one.quote_min_size),
    contractSize: isFuture ? asText(future.contract_size) : '1',
  })
}
