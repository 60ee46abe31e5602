/** HTX's instruments as listed symbols. Sources: Spot API "Get all Supported Trading Symbol"; swaps "Query Contract Info". */
import { asObject, asObjects, asText, expiryOf, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export function htxListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.data)) return undefined
  return asObjects(answer.data).flatMap((one) => {
    const access = asText(one['api-trading'])
    if (one.state !== 'online' || (access !== '' && access !== 'enabled')) return []
    const symbol = listed({
      name: asText(one.symbol),
      base: asText(one['base-currency']).toUpperCase(),
      quote: asText(one['quote-currency']).toUpperCase(),
      tickSize: stepOf(one['price-precision']),
      lotSize: stepOf(one['amount-precision']),
      quantityMin: asText(one['limit-order-min-order-amt'] ?? one['min-order-amt']),
      quantityMax: asText(one['limit-order-max-order-amt'] ?? one['max-order-amt']),
      notionalMin: asText(one['min-order-value']),
    })
    return symbol === undefined ? [] : [symbol]
  })
}

/** Linear contracts are a number of base units and settle in the quote; inverse ones are dollars and settle in the base. */
export function htxSwapListings(body: string, isLinear: boolean): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.data)) return undefined
  return asObjects(answer.data).flatMap((one) => {
    // 1: listed and trading; the rest is before, between or after that.
    if (one.contract_status !== 1) return []
    const name = asText(one.contract_code)
    const [base = '', quote = ''] = (asText(one.pair) || name).split('-')
    const isSwap = one.business_type === undefined || one.business_type === 'swap'
    const symbol = listed({
      name,
      base,
      quote,
      settle: isLinear ? quote : base,
      expiry: isSwap ? '' : expiryOf(asText(one.delivery_time)),
      tickSize: asText(one.price_tick),
      lotSize: '1',
      contractSize: asText(one.contract_size),
      isInverse: !isLinear,
    })
    return symbol === undefined ? [] : [symbol]
  })
}
