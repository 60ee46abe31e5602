/** AscendEX's products (cash) and contracts (futures) as listed symbols. Source: "List All Products", "Futures Contracts Info". */
import { asObject, asObjects, asText, type JsonObject, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export function ascendexListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.data)) return undefined
  return asObjects(answer.data).flatMap((one) => {
    if (one.status !== 'Normal') return []
    const symbol = 'underlying' in one ? contract(one) : product(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function product(one: JsonObject): VenueSymbol | undefined {
  return listed({
    name: asText(one.symbol),
    base: asText(one.baseAsset),
    quote: asText(one.quoteAsset),
    tickSize: asText(one.tickSize),
    lotSize: asText(one.lotSize),
    notionalMin: asText(one.minNotional),
  })
}

function contract(one: JsonObject): VenueSymbol | undefined {
  const [base = '', quote = ''] = asText(one.underlying).split('/')
  const lot = asObject(one.lotSizeFilter)
  return listed({
    name: asText(one.symbol),
    base,
    quote,
    settle: asText(one.settlementAsset),
    tickSize: asText(asObject(one.priceFilter).tickSize),
    lotSize: asText(lot.lotSize),
    quantityMin: asText(lot.minQty),
    quantityMax: asText(lot.maxQty),
  })
}
