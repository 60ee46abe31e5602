/**
 * Kraken's AssetPairs as listed symbols, by their WebSocket names: version 1 writes Kraken's own names of assets (XBT/USD),
 * version 2 everybody's (BTC/USD). Source: "Get Tradable Asset Pairs".
 */
import { asObject, asText, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** Kraken's own names of assets, as everybody else writes them. */
const common = new Map([
  ['XBT', 'BTC'],
  ['XDG', 'DOGE'],
])

export function krakenListings(body: string, version: 'v1' | 'v2' = 'v1'): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!('result' in answer)) return undefined
  return Object.values(asObject(answer.result)).flatMap((value) => {
    const one = asObject(value)
    const name = asText(one.wsname)
    const [base = '', quote = ''] = name.split('/').map((asset) => common.get(asset) ?? asset)
    const status = asText(one.status)
    if (status !== '' && status !== 'online') return []
    const symbol = listed({
      name: version === 'v2' ? `${base}/${quote}` : name,
      base,
      quote,
      tickSize: asText(one.tick_size) || stepOf(one.pair_decimals),
      lotSize: stepOf(one.lot_decimals),
      quantityMin: asText(one.ordermin),
      notionalMin: asText(one.costmin),
    })
    return symbol === undefined ? [] : [symbol]
  })
}
