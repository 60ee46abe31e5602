/** Kraken's AssetPairs as listed symbols, by their WebSocket names. Source: "Get Tradable Asset Pairs". */
import { asObject, asText, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** Kraken's own names of assets, as everybody else writes them. */
const common: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' }

export function krakenListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!('result' in answer)) return undefined
  return Object.values(asObject(answer.result)).flatMap((value) => {
    const one = asObject(value)
    const name = asText(one.wsname)
    const [base = '', quote = ''] = name.split('/')
    const status = asText(one.status)
    if (status !== '' && status !== 'online') return []
    const symbol = listed({
      name,
      base: common[base] ?? base,
      quote: common[quote] ?? quote,
      tickSize: asText(one.tick_size) || stepOf(one.pair_decimals),
      lotSize: stepOf(one.lot_decimals),
      quantityMin: asText(one.ordermin),
      notionalMin: asText(one.costmin),
    })
    return symbol === undefined ? [] : [symbol]
  })
}
