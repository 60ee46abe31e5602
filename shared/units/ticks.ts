import { assert } from '../assert.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../limits.ts'

declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

/** Integer steps of 10^-priceDigits of the instrument: the finest grid over its venues. */
export type PriceTicks = Unit<'PriceTicks'>
/** Integer steps of 10^-qtyDigits of the base asset: the finest lot over its venues. */
export type QtyLots = Unit<'QtyLots'>
/** Integer steps of 10^-ASSET_DIGITS of an asset: fees and balances. */
export type AssetUnits = Unit<'AssetUnits'>
/** Integer millionths of notional; a rebate is negative. */
export type RatePpm = Unit<'RatePpm'>
/** Exact price x (1 + fee), in ticks x millionths: below 2^52. */
export type MicroTicks = Unit<'MicroTicks'>
/** Float: an opinion. */
export type Bps = Unit<'Bps'>

export const ASSET_DIGITS = 8
export const PPM = 1_000_000
/** The low half of an exact product holds this many units. */
export const NOTIONAL_BASE = 2 ** 22

export const DecimalError = { malformed: -1, tooPrecise: -2, tooLarge: -3 } as const

/**
 * Exact decimal text to an integer of 10^-digits: '1.25' with 4 digits is 12500. No sign, exponent, blanks or
 * separators; trailing zeros beyond the grid are allowed. Answers a DecimalError (negative) when it cannot be exact.
 */
export function parseDecimal(text: string, digits: number): number {
  let value = 0
  let fraction = -1
  let seen = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46) {
      if (fraction >= 0 || seen === 0) return DecimalError.malformed
      fraction = 0
      continue
    }
    if (code < 48 || code > 57) return DecimalError.malformed
    seen++
    if (fraction >= 0 && fraction >= digits) {
      if (code !== 48) return DecimalError.tooPrecise
      continue
    }
    if (fraction >= 0) fraction++
    value = value * 10 + (code - 48)
    if (value > Number.MAX_SAFE_INTEGER) return DecimalError.tooLarge
  }
  if (seen === 0 || fraction === 0) return DecimalError.malformed
  for (let i = Math.max(fraction, 0); i < digits; i++) {
    value *= 10
    if (value > Number.MAX_SAFE_INTEGER) return DecimalError.tooLarge
  }
  return value
}

/** Budgets beyond the safe integers are kept as the double just below; above this they are refused. */
const BUDGET_MAX = 2n ** 62n

/**
 * A budget (a ceiling in quote) as ticks x lots: exact below 2^53; above, the nearest double that is not more than the
 * text says, so that a ceiling is never raised. Errors as parseDecimal.
 */
export function parseBudget(text: string, digits: number): number {
  const exact = parseDecimal(text, digits)
  if (exact !== DecimalError.tooLarge || text.length > 40) return exact
  const [whole, fraction = ''] = text.split('.')
  const value = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  if (value > BUDGET_MAX) return DecimalError.tooLarge
  const near = Number(value)
  return BigInt(near) <= value ? near : near * (1 - Number.EPSILON)
}

/** The way back: exact, without trailing zeros. Negative values carry a minus sign. */
export function formatDecimal(value: number, digits: number): string {
  assert(Number.isSafeInteger(value), 'a formatted amount is a safe integer')
  return formatDecimalBig(BigInt(value), digits)
}

export function formatDecimalBig(value: bigint, digits: number): string {
  const sign = value < 0n ? '-' : ''
  const text = (value < 0n ? -value : value).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const rest = digits > 0 ? text.slice(text.length - digits).replace(/0+$/, '') : ''
  return rest === '' ? sign + whole : `${sign}${whole}.${rest}`
}

export function floorToLot(lots: number, step: number): QtyLots {
  return (lots - (lots % step)) as QtyLots
}

export function ceilToLot(lots: number, step: number): QtyLots {
  const over = lots % step
  return (over === 0 ? lots : lots - over + step) as QtyLots
}

export function floorToTick(price: number, step: number): PriceTicks {
  return (price - (price % step)) as PriceTicks
}

export function ceilToTick(price: number, step: number): PriceTicks {
  const over = price % step
  return (over === 0 ? price : price - over + step) as PriceTicks
}

/**
 * Exact running sum of price x quantity as two doubles: value = hi * NOTIONAL_BASE + lo, 0 <= lo < NOTIONAL_BASE.
 * Bounds: price < 2^31, lots < 2^44, sum < 2^75 (all of one parent's fills, or 3.7e14 USD at 1e-8 lots and cents).
 */
export function addNotional(sum: Float64Array, at: number, price: PriceTicks, lots: QtyLots): void {
  assert(price >= 0 && price <= PRICE_TICKS_MAX, 'a price stays within its bound')
  assert(lots >= 0 && lots <= QTY_LOTS_MAX, 'a quantity stays within its bound')
  const lotsHi = Math.floor(lots / NOTIONAL_BASE)
  const low = price * (lots - lotsHi * NOTIONAL_BASE) + sum[at + 1]
  const carry = Math.floor(low / NOTIONAL_BASE)
  sum[at] += price * lotsHi + carry
  assert(sum[at] <= Number.MAX_SAFE_INTEGER, 'an exact sum stays below 2^75')
  sum[at + 1] = low - carry * NOTIONAL_BASE
}

/** The exact sum, for doors and reports. */
export function notionalToBig(sum: Float64Array, at: number): bigint {
  return BigInt(sum[at]) * BigInt(NOTIONAL_BASE) + BigInt(sum[at + 1])
}

/** The same as an opinion: relative error below 2^-52. */
export function notionalToFloat(sum: Float64Array, at: number): number {
  return sum[at] * NOTIONAL_BASE + sum[at + 1]
}
