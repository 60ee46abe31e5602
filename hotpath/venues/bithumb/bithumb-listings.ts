/**
 * Bithumb's markets as listed symbols. Neither generation lists steps: in won they grow with the price from 0.0001 up, in BTC
 * and USDT they are eight decimals; orders have a least value. Source: "Market codes", "Price units and least orders".
 */
import { asObject, asObjects, asText, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const LOT = '0.00000001'
const terms: Readonly<Record<string, { readonly tick: string; readonly notionalMin: string }>> = {
  KRW: { tick: '0.0001', notionalMin: '5000' },
}
const others = { tick: '0.00000001', notionalMin: '' } as const

/** [{ market: 'KRW-BTC', ... }, ...] */
export function bithumbListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const name = asText(one.market)
    const [quote = '', base = ''] = name.split('-')
    return market(name, base, quote) ?? []
  })
}

/** { status, data: { BTC: {...}, ..., date } } of one quote currency. */
export function bithumbV1Listings(body: string, quote: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (answer.status !== '0000') return undefined
  return Object.entries(asObject(answer.data)).flatMap(([base, value]) =>
    typeof value === 'object' ? (market(`${base}_${quote}`, base, quote) ?? []) : [],
  )
}

function market(name: string, base: string, quote: string): VenueSymbol | undefined {
  const { tick, notionalMin } = terms[quote] ?? others
  return listed({ name, base, quote, tickSize: tick, lotSize: LOT, notionalMin })
}
