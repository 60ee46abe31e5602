/** Instruments of Architect's AX exchange as listed symbols: quantities are whole contracts. Source: AX Exchange API, "instruments". */
import { asObject, asObjects, asText, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const SUFFIX = '-PERP'

export function architectListings(body: string): readonly VenueSymbol[] | undefined {
  const { instruments } = asObject(parseBody(body))
  if (!Array.isArray(instruments)) return undefined
  return asObjects(instruments).flatMap((one) => {
    const name = asText(one.symbol)
    const quote = asText(one.quote_currency)
    const underlying = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : ''
    const isPair = underlying.length > quote.length && underlying.endsWith(quote)
    const symbol = listed({
      name,
      base: isPair ? underlying.slice(0, -quote.length) : underlying,
      quote,
      settle: asText(one.funding_settlement_currency) || quote,
      tickSize: asText(one.tick_size),
      lotSize: '1',
      quantityMin: asText(one.minimum_order_size),
      contractSize: asText(one.multiplier),
    })
    return symbol === undefined ? [] : [symbol]
  })
}
