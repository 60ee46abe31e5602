/** BitMEX's active instruments as listed symbols; sizes are contracts. Source: BitMEX API explorer, "Instrument". */
import {
  asObjects,
  asText,
  expiryOf,
  type JsonObject,
  listed,
  parseBody,
  plainDecimal,
  ratePpm,
} from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** BitMEX's own names of assets, as everybody else writes them; settlement currencies are told in their smallest unit. */
const common: Readonly<Record<string, string>> = { XBT: 'BTC', XBt: 'BTC', USDt: 'USDT', Gwei: 'ETH' }
/** Instrument types: perpetual (crypto, fiat), future, spot. */
const perpetuals: ReadonlySet<string> = new Set(['FFWCSX', 'FFWCSF'])
const FUTURE = 'FFCCSX'
const SPOT = 'IFXXXP'

export function bitmexListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const symbol = bitmexSymbol(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function bitmexSymbol(one: JsonObject): VenueSymbol | undefined {
  const type = asText(one.typ)
  const isFuture = type === FUTURE
  const isSpot = type === SPOT
  if (one.state !== 'Open' || !(isFuture || isSpot || perpetuals.has(type))) return undefined
  // A quanto contract pays a fixed amount per point: it is no quantity of its underlying, and nobody else's size.
  if (one.isQuanto === true) return undefined
  return listed({
    name: asText(one.symbol),
    base: commonName(one.underlying),
    quote: commonName(one.quoteCurrency),
    settle: isSpot ? '' : commonName(one.settlCurrency),
    expiry: isFuture ? expiryOf(Date.parse(asText(one.expiry))) : '',
    tickSize: asText(one.tickSize),
    lotSize: asText(one.lotSize),
    quantityMax: asText(one.maxOrderQty),
    contractSize: contractSize(one),
    isInverse: one.isInverse === true,
    makerPpm: ratePpm(one.makerFee),
    takerPpm: ratePpm(one.takerFee),
  })
}

function commonName(value: unknown): string {
  const name = asText(value)
  return common[name] ?? name.toUpperCase()
}

/** An inverse contract is one unit of quote; a linear one a fraction of its underlying. */
function contractSize(one: JsonObject): string {
  const perPosition = one.underlyingToPositionMultiplier
  if (one.isInverse === true || typeof perPosition !== 'number' || !(perPosition > 0)) return '1'
  return plainDecimal(1 / perPosition)
}
