/** Independent Reserve's currencies as listed symbols: every primary trades against every secondary. Source: its public API. */
import { asObject, asText, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export const LISTING_URL = 'https://api.independentreserve.com/Public/GetOrderMinimumVolumes'
/** Source: GetValidSecondaryCurrencyCodes. */
const SECONDARIES = ['Aud', 'Usd', 'Nzd', 'Sgd'] as const
/** The API does not tell ticks; its checksums are made of 8 digits. Order entry (ccxt) rounds further where it must. */
const FINEST = '0.00000001'
/** Its own names of assets, as everybody else writes them. */
const common: Readonly<Record<string, string>> = { XBT: 'BTC' }

/** `bitcoin`: what the feed calls the asset that the API calls Xbt. */
export function independentReserveListings(
  url: string,
  body: string,
  bitcoin: 'btc' | 'xbt',
): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (url.includes('/GetOrderMinimumVolumes')) {
    return Object.entries(asObject(answer)).flatMap(([code, least]) => pairs(code, asText(least), bitcoin))
  }
  if (!Array.isArray(answer)) return undefined
  if (url.includes('/GetValidPrimaryCurrencyCodes')) {
    return answer.flatMap((code: unknown) => pairs(asText(code), '', bitcoin))
  }
  return url.includes('/GetValidSecondaryCurrencyCodes') ? [] : undefined
}

function pairs(code: string, quantityMin: string, bitcoin: string): VenueSymbol[] {
  const asset = code.toUpperCase()
  const name = asset === 'XBT' ? bitcoin : code.toLowerCase()
  return SECONDARIES.flatMap((secondary) => {
    const symbol = listed({
      name: `${name}-${secondary.toLowerCase()}`,
      base: common[asset] ?? asset,
      quote: secondary.toUpperCase(),
      tickSize: FINEST,
      lotSize: FINEST,
      quantityMin,
    })
    return symbol === undefined ? [] : [symbol]
  })
}
