/** OKX's instruments (spot, swaps, futures, options) as listed symbols. Source: API v5, "Get instruments". */
import { asObject, asObjects, asText, expiryOf, type JsonObject, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

export function okxListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.data)) return undefined
  return asObjects(answer.data).flatMap((one) => {
    const symbol = okxSymbol(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function okxSymbol(one: JsonObject): VenueSymbol | undefined {
  const state = asText(one.state)
  if (state !== '' && state !== 'live') return undefined
  const isSpot = one.instType === 'SPOT' || one.instType === 'MARGIN'
  const [base = '', quote = ''] = isSpot
    ? [asText(one.baseCcy), asText(one.quoteCcy)]
    : (asText(one.uly) || asText(one.instFamily)).split('-')
  const expiry = expiryOf(asText(one.expTime))
  const strike = asText(one.stk)
  return listed({
    name: asText(one.instId),
    base,
    quote,
    settle: isSpot ? '' : asText(one.settleCcy),
    expiry,
    option: strike === '' ? '' : `${strike}-${asText(one.optType)}`,
    tickSize: asText(one.tickSz),
    lotSize: asText(one.lotSz),
    quantityMin: asText(one.minSz),
    quantityMax: asText(one.maxLmtSz),
    contractSize: asText(one.ctVal),
    isInverse: one.ctType === 'inverse',
  })
}
