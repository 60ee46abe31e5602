/** Phemex' products as listed symbols: spot, coin contracts, USDT contracts. Source: phemex-docs "Query product information". */
import { asObject, asObjects, asText, type JsonObject, listed, parseBody, ratePpm } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** Digits behind the point of scaled integers, as the decoder reads them: of spot prices and sizes, and of contract prices. */
export const SPOT_SCALE = 8
export const CONTRACT_PRICE_SCALE = 4

export function phemexListings(body: string): readonly VenueSymbol[] | undefined {
  const data = asObject(asObject(parseBody(body)).data)
  if (!Array.isArray(data.products)) return undefined
  const scales = new Map(asObjects(data.currencies).map((one) => [asText(one.currency), one.valueScale]))
  return [...asObjects(data.products), ...asObjects(data.perpProductsV2)].flatMap((one) => {
    if (one.status !== 'Listed') return []
    const symbol = one.type === 'Spot' ? spot(one, scales) : one.type === 'PerpetualV2' ? usdtContract(one) : coin(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function spot(one: JsonObject, scales: ReadonlyMap<string, unknown>): VenueSymbol | undefined {
  const base = asText(one.baseCurrency)
  const quote = asText(one.quoteCurrency)
  const isScaled = (asset: string) => (scales.get(asset) ?? SPOT_SCALE) === SPOT_SCALE
  if (!isScaled(base) || !isScaled(quote) || (one.priceScale ?? SPOT_SCALE) !== SPOT_SCALE) return undefined
  return listed({
    name: asText(one.symbol),
    base,
    quote,
    tickSize: amount(one.quoteTickSize),
    lotSize: amount(one.baseTickSize),
    quantityMax: amount(one.maxBaseOrderSize),
    notionalMin: amount(one.minOrderValue),
    makerPpm: ratePpm(one.defaultMakerFee),
    takerPpm: ratePpm(one.defaultTakerFee),
  })
}

function coin(one: JsonObject): VenueSymbol | undefined {
  if (one.type !== 'Perpetual' || one.priceScale !== CONTRACT_PRICE_SCALE) return undefined
  const [base = '', quote = ''] = asText(one.displaySymbol).split(' / ')
  return listed({
    name: asText(one.symbol),
    base,
    quote,
    settle: asText(one.settleCurrency),
    tickSize: asText(one.tickSize),
    lotSize: asText(one.lotSize),
    quantityMax: asText(one.maxOrderQty),
    contractSize: asText(one.contractSize),
    // A contract is a number of what underlies it: dollars, or coins.
    isInverse: one.contractUnderlyingAssets === one.quoteCurrency,
  })
}

function usdtContract(one: JsonObject): VenueSymbol | undefined {
  const [base = '', quote = ''] = asText(one.displaySymbol).split(' / ')
  return listed({
    name: asText(one.symbol),
    base: asText(one.baseCurrency) || base,
    quote: asText(one.quoteCurrency) || quote,
    settle: asText(one.settleCurrency),
    tickSize: asText(one.tickSize),
    lotSize: asText(one.qtyStepSize),
    quantityMax: asText(one.maxOrderQtyRq),
    notionalMin: asText(one.minOrderValueRv),
  })
}

/** '1,000 BTC' is '1000'. */
function amount(value: unknown): string {
  return asText(value).split(' ')[0].replaceAll(',', '')
}
