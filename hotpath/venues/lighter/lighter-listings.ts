/** Lighter's order books (perpetuals and spot) as listed symbols, named by their market numbers. Source: "orderBooks". */
import { asObject, asText, type JsonObject, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const COLLATERAL = 'USDC'
const PPM_PER_PERCENT = 10_000

export function lighterListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  const lists = [answer.order_books, answer.order_book_details, answer.spot_order_book_details].filter(Array.isArray)
  if (lists.length === 0) return undefined
  return lists.flat().flatMap((value) => {
    const one = asObject(value)
    const symbol = one.status === 'active' ? lighterSymbol(one) : undefined
    return symbol === undefined ? [] : [symbol]
  })
}

/** Perpetuals are called by their coin ('ETH'), spot by the pair ('ETH/USDC'). */
function lighterSymbol(one: JsonObject): VenueSymbol | undefined {
  const [base = '', quote = COLLATERAL] = asText(one.symbol).split('/')
  const makerPpm = percentPpm(one.maker_fee)
  const takerPpm = percentPpm(one.taker_fee)
  return listed({
    name: asText(one.market_id),
    base,
    quote,
    settle: one.market_type === 'spot' ? '' : COLLATERAL,
    tickSize: stepOf(one.supported_price_decimals),
    lotSize: stepOf(one.supported_size_decimals),
    quantityMin: asText(one.min_base_amount),
    notionalMin: asText(one.min_quote_amount),
    ...(makerPpm !== undefined && { makerPpm }),
    ...(takerPpm !== undefined && { takerPpm }),
  })
}

function percentPpm(value: unknown): number | undefined {
  const percent = Number(asText(value) || Number.NaN)
  return Number.isFinite(percent) && Math.abs(percent) < 10 ? Math.round(percent * PPM_PER_PERCENT) : undefined
}
