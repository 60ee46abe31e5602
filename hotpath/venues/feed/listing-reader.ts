/** Reading instrument lists: answers are parsed whole (once a day, cold) and come from outside, so nothing of them is trusted. */
import type { VenueSymbol } from '../native/order-dialect.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** The parsed body, or undefined when it is not JSON. */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

/** The objects of an array; nothing when it is none. */
export function asObjects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(asObject) : []
}

/** A text or a number as text; '' for anything else. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isFinite(value) ? plainDecimal(value) : ''
}

/** A number as decimal text without an exponent: 1e-8 is '0.00000001'. Exact for what JSON said: the shortest text of its double. */
export function plainDecimal(value: number): string {
  const text = String(value)
  const [mantissa, exponent] = text.split('e')
  if (exponent === undefined) return text
  const power = Number(exponent)
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole, part = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + part
  const point = whole.length + power
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length)
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** 10^-digits as text: 2 is '0.01'; '' when it is no such number. */
export function stepOf(digits: unknown): string {
  const count = typeof digits === 'string' && digits !== '' ? Number(digits) : digits
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > 22) return ''
  return count === 0 ? '1' : `0.${'0'.repeat(count - 1)}1`
}

/** A text that is a positive decimal ('0.01'), with exponents and trailing zeros gone; '' otherwise. */
export function positive(value: unknown): string {
  let text = asText(value)
  if (/e/i.test(text)) text = plainDecimal(Number(text))
  if (!/^[0-9]+(\.[0-9]+)?$/.test(text) || !/[1-9]/.test(text)) return ''
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** What a venue's list says of one instrument; texts of decimals, '' where it says nothing. */
export interface ListedSymbol {
  readonly name: string
  readonly base: string
  readonly quote: string
  /** Asset it settles in, of a derivative; '' on spot. */
  readonly settle?: string
  /** Of a future or an option: 'YYMMDD'; and of an option 'STRIKE-C' or 'STRIKE-P'. */
  readonly expiry?: string
  readonly option?: string
  readonly tickSize: string
  readonly lotSize: string
  readonly quantityMin?: string
  readonly quantityMax?: string
  readonly notionalMin?: string
  readonly contractSize?: string
  /** The contract is a number of quote units. */
  readonly isInverse?: boolean
  readonly makerPpm?: number | undefined
  readonly takerPpm?: number | undefined
}

/** The whole symbol with its ccxt name, or undefined when what is needed to trade it is missing. */
export function listed(symbol: ListedSymbol): VenueSymbol | undefined {
  const { name, base, quote, settle = '', expiry = '', option = '' } = symbol
  const tickSize = positive(symbol.tickSize)
  const lotSize = positive(symbol.lotSize)
  if (name === '' || base === '' || quote === '' || tickSize === '' || lotSize === '') return undefined
  let unified = `${base}/${quote}`
  if (settle !== '') unified += `:${settle}`
  if (expiry !== '') unified += `-${expiry}`
  if (option !== '') unified += `-${option}`
  return {
    name,
    symbol: unified,
    base,
    quote,
    tickSize,
    lotSize,
    quantityMin: positive(symbol.quantityMin) || lotSize,
    quantityMax: positive(symbol.quantityMax),
    notionalMin: positive(symbol.notionalMin),
    contractSize: positive(symbol.contractSize) || '1',
    ...(symbol.isInverse === true && { isInverse: true }),
    ...(symbol.makerPpm !== undefined && { makerPpm: symbol.makerPpm }),
    ...(symbol.takerPpm !== undefined && { takerPpm: symbol.takerPpm }),
  }
}

/** A fee rate as a fraction ('0.001') in millionths, rounded to the nearest; undefined when it is none. */
export function ratePpm(value: unknown): number | undefined {
  const rate =
    typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
  return Number.isFinite(rate) && Math.abs(rate) < 0.1 ? Math.round(rate * 1_000_000) : undefined
}

/** Milliseconds since 1970 as YYMMDD, as ccxt writes expiries. */
export function expiryOf(ms: unknown): string {
  const value = typeof ms === 'string' ? Number(ms) : ms
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > 8e15) return ''
  const text = new Date(value).toISOString()
  return text.slice(2, 4) + text.slice(5, 7) + text.slice(8, 10)
}
