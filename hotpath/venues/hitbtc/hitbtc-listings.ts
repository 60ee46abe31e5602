/** Instruments of HitBTC's engine, versions 3 and 2, as listed symbols. Source: "Symbols" of each version. */
import {
  asObject,
  asObjects,
  asText,
  expiryOf,
  type JsonObject,
  listed,
  parseBody,
  ratePpm,
} from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

/** Version 2 wrote USD for Tether and USDB for dollars of a bank. */
const v2Quotes: Readonly<Record<string, string>> = { USD: 'USDT', USDB: 'USD' }

/** { ID: { type, base_currency, quote_currency, quantity_increment, tick_size, ... }, ... } */
export function hitbtcListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer) || 'error' in answer) return undefined
  return Object.entries(answer).flatMap(([name, value]) => {
    const symbol = hitbtcSymbol(name, asObject(value))
    return symbol === undefined ? [] : [symbol]
  })
}

function hitbtcSymbol(name: string, one: JsonObject): VenueSymbol | undefined {
  const status = asText(one.status)
  if (status !== '' && status !== 'working') return undefined
  const isSpot = one.type !== 'futures'
  const quote = asText(one.quote_currency)
  return listed({
    name,
    base: asText(isSpot ? one.base_currency : one.underlying),
    quote,
    settle: isSpot ? '' : quote,
    expiry: isSpot ? '' : expiryOf(Date.parse(asText(one.expiry))),
    tickSize: asText(one.tick_size),
    lotSize: asText(one.quantity_increment),
    ...fees(one.make_rate, one.take_rate),
  })
}

/** [{ id, baseCurrency, quoteCurrency, quantityIncrement, tickSize, ... }, ...] */
export function hitbtcV2Listings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const quote = asText(one.quoteCurrency)
    const symbol = listed({
      name: asText(one.id),
      base: asText(one.baseCurrency),
      quote: v2Quotes[quote] ?? quote,
      tickSize: asText(one.tickSize),
      lotSize: asText(one.quantityIncrement),
      ...fees(one.provideLiquidityRate, one.takeLiquidityRate),
    })
    return symbol === undefined ? [] : [symbol]
  })
}

function fees(maker: unknown, taker: unknown): { makerPpm?: number; takerPpm?: number } {
  const makerPpm = ratePpm(maker)
  const takerPpm = ratePpm(taker)
  return { ...(makerPpm !== undefined && { makerPpm }), ...(takerPpm !== undefined && { takerPpm }) }
}
