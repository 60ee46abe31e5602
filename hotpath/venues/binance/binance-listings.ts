/** Binance's exchangeInfo, spot and futures, as listed symbols. Source: "Exchange Information", filters. */
import { asObject, asObjects, asText, expiryOf, type JsonObject, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export function binanceListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.symbols)) return undefined
  return asObjects(answer.symbols).flatMap((one) => {
    const symbol = binanceSymbol(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function binanceSymbol(one: JsonObject): VenueSymbol | undefined {
  if ((one.status ?? one.contractStatus) !== 'TRADING') return undefined
  const filters = asObjects(one.filters)
  const filter = (type: string): JsonObject => filters.find(({ filterType }) => filterType === type) ?? {}
  const lot = filter('LOT_SIZE')
  const notional = { ...filter('MIN_NOTIONAL'), ...filter('NOTIONAL') }
  const contract = asText(one.contractType)
  return listed({
    name: asText(one.symbol),
    base: asText(one.baseAsset),
    quote: asText(one.quoteAsset),
    settle: contract === '' ? '' : asText(one.marginAsset),
    expiry: contract === '' || contract.startsWith('PERPETUAL') ? '' : expiryOf(one.deliveryDate),
    tickSize: asText(filter('PRICE_FILTER').tickSize),
    lotSize: asText(lot.stepSize),
    quantityMin: asText(lot.minQty),
    quantityMax: asText(lot.maxQty),
    notionalMin: asText(notional.minNotional ?? notional.notional),
    contractSize: asText(one.contractSize),
    isInverse: contract !== '' && one.marginAsset === one.baseAsset,
  })
}
