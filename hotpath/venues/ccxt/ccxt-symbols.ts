/** ccxt's markets as VenueSymbols: exact decimal texts, whatever way a class counts its precision. */
import { decimalWord } from '../native/json-words.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'
import type { CcxtClient, CcxtMarket, CcxtNumber } from './ccxt-client.ts'

const PrecisionMode = { decimalPlaces: 2, significantDigits: 3, tickSize: 4 } as const
/** Finer than any asset of ours; also what significant digits alone can never tell. */
const DIGITS_MAX = 18
const PPM = 1_000_000

/** Undefined with a reason for what cannot be traded in ticks and lots. */
export type SymbolAnswer = { readonly symbol: VenueSymbol } | { readonly refusal: string }

export function venueSymbol(client: CcxtClient, market: CcxtMarket): SymbolAnswer {
  const isContract = market.contract === true
  if (market.active === false) return { refusal: 'is not traded now' }
  if (isContract && market.linear !== true) return { refusal: 'is an inverse contract' }
  const tickSize = stepText(client.precisionMode, market.precision.price)
  const lotSize = stepText(client.precisionMode, market.precision.amount)
  if (tickSize === '' || lotSize === '') return { refusal: 'tells no grid for prices or amounts' }
  const contractSize = isContract ? positive(market.contractSize) : '1'
  if (contractSize === '') return { refusal: 'tells no contract size' }
  const least = positive(market.limits.amount?.min)
  const symbol: VenueSymbol = {
    name: market.symbol,
    symbol: market.symbol,
    base: market.base,
    quote: market.quote,
    tickSize,
    lotSize,
    quantityMin: least === '' ? lotSize : least,
    quantityMax: positive(market.limits.amount?.max),
    notionalMin: positive(market.limits.cost?.min),
    contractSize,
    ...rate('takerPpm', market.taker),
    ...rate('makerPpm', market.maker),
    ...(market.feeSide === 'get' ? { feeOnReceived: true } : {}),
  }
  return { symbol }
}

/** One step of the grid; '' when the class does not tell it or tells it in significant digits. */
function stepText(mode: number, precision: CcxtNumber): string {
  if (precision === undefined) return ''
  if (mode === PrecisionMode.tickSize) return positive(precision)
  if (mode !== PrecisionMode.decimalPlaces || !Number.isInteger(precision)) return ''
  if (precision < -DIGITS_MAX || precision > DIGITS_MAX) return ''
  return decimalWord(`1e${-precision}`)
}

function positive(value: CcxtNumber): string {
  return value !== undefined && value > 0 ? decimalWord(value) : ''
}

/** A fee rate in millionths, rounded to the nearest: rates finer than that do not exist. */
function rate<Name extends string>(name: Name, value: CcxtNumber): { [key in Name]?: number } {
  if (value === undefined || !Number.isFinite(value)) return {}
  return { [name]: Math.round(value * PPM) } as { [key in Name]?: number }
}
