/**
 * bitFlyer's products as listed symbols. The list tells names only; steps and least sizes are those of the venue's page
 * "Trading rules and fees".
 */
import { asObjects, asText, listed, parseBody } from '../feed/listing-reader.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

interface Terms {
  readonly tick: string
  readonly least: string
}

const LOT = '0.00000001'
const terms: Readonly<Record<string, Terms>> = {
  BTC_JPY: { tick: '1', least: '0.001' },
  FX_BTC_JPY: { tick: '1', least: '0.01' },
  ETH_JPY: { tick: '1', least: '0.01' },
  XRP_JPY: { tick: '0.01', least: '0.1' },
  XLM_JPY: { tick: '0.001', least: '0.1' },
  MONA_JPY: { tick: '0.001', least: '0.1' },
  ELF_JPY: { tick: '0.01', least: '0.1' },
  ETH_BTC: { tick: '0.00001', least: '0.01' },
  BCH_BTC: { tick: '0.00001', least: '0.01' },
  BTC_USD: { tick: '0.01', least: '0.001' },
  BTC_EUR: { tick: '0.01', least: '0.001' },
}
const future: Terms = { tick: '1', least: '0.01' }
/** Finer than any product's: its prices are on it whatever they are. */
const unknown: Terms = { tick: '0.00001', least: '0.001' }
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/** [{ product_code, market_type: 'Spot' | 'FX' | 'Futures' }, ...] */
export function bitflyerListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const symbol = product(asText(one.product_code), asText(one.market_type))
    return symbol === undefined ? [] : [symbol]
  })
}

function product(name: string, kind: string): VenueSymbol | undefined {
  if (kind === 'Futures') return delivery(name)
  const isMargin = kind === 'FX'
  const [base = '', quote = ''] = (isMargin ? name.replace(/^FX_/, '') : name).split('_')
  const { tick, least } = terms[name] ?? unknown
  return listed({ name, base, quote, settle: isMargin ? quote : '', tickSize: tick, lotSize: LOT, quantityMin: least })
}

/** 'BTCJPY24DEC2021' */
function delivery(name: string): VenueSymbol | undefined {
  const found = /^([A-Z]{3})([A-Z]{3})(\d{2})([A-Z]{3})\d{2}(\d{2})$/.exec(name)
  if (found === null) return undefined
  const [, base, quote, day, month, year] = found
  const number = months.indexOf(month) + 1
  if (number === 0) return undefined
  const expiry = `${year}${String(number).padStart(2, '0')}${day}`
  const { tick, least } = future
  return listed({ name, base, quote, settle: quote, expiry, tickSize: tick, lotSize: LOT, quantityMin: least })
}
