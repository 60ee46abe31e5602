/** Bybit's instruments-info of one category as listed symbols. Source: API v5, "Get Instruments Info". */
import { asObject, asObjects, asText, expiryOf, type JsonObject, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export type BybitCategory = 'spot' | 'linear' | 'inverse' | 'option'

export function bybitListings(category: BybitCategory, body: string): readonly VenueSymbol[] | undefined {
  const { list } = asObject(asObject(parseBody(body)).result)
  if (!Array.isArray(list)) return undefined
  return asObjects(list).flatMap((one) => {
    const symbol = one.status === 'Trading' ? bybitSymbol(category, one) : undefined
    return symbol === undefined ? [] : [symbol]
  })
}

function bybitSymbol(category: BybitCategory, one: JsonObject): VenueSymbol | undefined {
  const lot = asObject(one.lotSizeFilter)
  const isSpot = category === 'spot'
  const name = asText(one.symbol)
  const optionType = asText(one.optionsType)
  // 'BTC-27DEC24-100000-C': the strike stands only in the name. Perpetuals are delivered at time 0.
  const strike = name.split('-')[2] ?? ''
  return listed({
    name,
    base: asText(one.baseCoin),
    quote: asText(one.quoteCoin),
    settle: isSpot ? '' : asText(one.settleCoin),
    expiry: isSpot ? '' : expiryOf(asText(one.deliveryTime)),
    option: optionType === '' ? '' : `${strike}-${optionType.slice(0, 1).toUpperCase()}`,
    tickSize: asText(asObject(one.priceFilter).tickSize),
    lotSize: asText(isSpot ? lot.basePrecision : lot.qtyStep),
    quantityMin: asText(lot.minOrderQty),
    quantityMax: asText((isSpot ? lot.maxLimitOrderQty : undefined) ?? lot.maxOrderQty),
    notionalMin: asText(lot.minOrderAmt ?? lot.minNotionalValue),
    isInverse: category === 'inverse',
  })
}
