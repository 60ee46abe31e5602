/** Bitget's symbols and contracts, versions 2 and 1, as listed symbols. Source: "Get Symbol Info", "Contract Config"; v1 alike. */
import {
  asObject,
  asObjects,
  asText,
  expiryOf,
  type JsonObject,
  type ListedSymbol,
  listed,
  parseBody,
  ratePpm,
  stepOf,
} from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export function bitgetListings(body: string): readonly VenueSymbol[] | undefined {
  return read(body, (one) => ('pricePlace' in one ? contract(one) : spotPair(one)))
}

export function bitgetV1Listings(body: string): readonly VenueSymbol[] | undefined {
  return read(body, (one) => ('pricePlace' in one ? contractV1(one) : spotPairV1(one)))
}

function read(body: string, symbolOf: (one: JsonObject) => VenueSymbol | undefined) {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.data)) return undefined
  return asObjects(answer.data).flatMap((one) => symbolOf(one) ?? [])
}

function spotPair(one: JsonObject): VenueSymbol | undefined {
  if (one.status !== 'online') return undefined
  return listed({
    ...common(one),
    tickSize: stepOf(one.pricePrecision),
    lotSize: stepOf(one.quantityPrecision),
    quantityMin: asText(one.minTradeAmount),
    quantityMax: asText(one.maxTradeAmount),
    notionalMin: asText(one.minTradeUSDT),
  })
}

function contract(one: JsonObject): VenueSymbol | undefined {
  if (asText(one.symbolStatus) !== 'normal') return undefined
  const { base, quote } = common(one)
  const isInverse = quote === 'USD' && !asText(one.symbol).endsWith('PERP')
  // Contracts in USDC are quoted in USD in name only.
  const linearQuote = quote === 'USD' ? 'USDC' : quote
  return listed({
    ...common(one),
    quote: isInverse ? quote : linearQuote,
    settle: isInverse ? base : linearQuote,
    expiry: one.symbolType === 'delivery' ? expiryOf(one.deliveryTime) : '',
    tickSize: priceStep(one),
    lotSize: asText(one.sizeMultiplier) || stepOf(one.volumePlace),
    quantityMin: asText(one.minTradeNum),
    notionalMin: asText(one.minTradeUSDT),
  })
}

function spotPairV1(one: JsonObject): VenueSymbol | undefined {
  if (one.status !== 'online') return undefined
  return listed({
    ...common(one),
    tickSize: stepOf(one.priceScale),
    lotSize: stepOf(one.quantityScale),
    quantityMin: asText(one.minTradeAmount),
    quantityMax: asText(one.maxTradeAmount),
  })
}

function contractV1(one: JsonObject): VenueSymbol | undefined {
  const { base, quote } = common(one)
  return listed({
    ...common(one),
    settle: quote === 'USD' ? base : quote,
    tickSize: priceStep(one),
    lotSize: stepOf(one.volumePlace),
    quantityMin: asText(one.minTradeNum),
  })
}

function common(one: JsonObject): Omit<ListedSymbol, 'tickSize' | 'lotSize'> {
  const makerPpm = ratePpm(one.makerFeeRate)
  const takerPpm = ratePpm(one.takerFeeRate)
  return {
    name: asText(one.symbol),
    base: asText(one.baseCoin),
    quote: asText(one.quoteCoin),
    ...(makerPpm !== undefined && { makerPpm }),
    ...(takerPpm !== undefined && { takerPpm }),
  }
}

/** priceEndStep units of the last of pricePlace digits: 5 and 1 is '0.5'. */
function priceStep(one: JsonObject): string {
  const unit = stepOf(one.pricePlace)
  const steps = Number(asText(one.priceEndStep) || '1')
  if (unit === '' || !Number.isInteger(steps) || steps <= 0) return ''
  const places = unit.includes('.') ? unit.length - 2 : 0
  return (steps * Number(unit)).toFixed(places)
}
