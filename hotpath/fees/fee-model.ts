/**
 * What a venue charges for one trade. Money is exact: a fee is an integer of 10^-8 of its asset, rounded up (a rebate
 * towards 0), so that we never book less than the venue may take. Effective prices are opinions in floats.
 */
import { assert } from '../../shared/assert.ts'
import { FeeSide } from '../../shared/domain/instrument.ts'
import { Side } from '../../shared/domain/order.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../shared/limits.ts'
import {
  ASSET_DIGITS,
  type AssetUnits,
  PPM,
  type PriceTicks,
  type QtyLots,
  type RatePpm,
} from '../../shared/units/ticks.ts'

const PPM_DIGITS = 6
/** A fee of twice the notional is nobody's fee. */
const RATE_PPM_MAX = 2 ** 21
const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, digits) => 10 ** digits)
const HALF_BITS = 22
const HALF = 2 ** HALF_BITS
const HALF_STEP_DIGITS_MAX = 9

/**
 * floor or ceil of factor x count / 10^digits, exact without BigInt and without allocating. factor < 2^52,
 * count < 2^44, digits <= 15, the result a safe integer. A product beyond 2^53 is divided as it is built, `step` bits of
 * `count` at a time: remainder and part are below 10^digits, so 2^step remainder + (2^step - 1) part < 2^53 stays exact
 * (22 bits up to 10^9, 2 bits up to 10^15), and its quotient is too small to round up to the next integer.
 * Measured: 20-30 ns for a small product, 60 ns for a large one, 200 ns beyond nine digits.
 */
function dividedProduct(factor: number, count: number, digits: number, roundsUp: boolean): number {
  const product = factor * count
  if (digits <= 0) {
    const scaled = product * POWERS_OF_TEN[-digits]
    assert(scaled <= Number.MAX_SAFE_INTEGER, 'a fee is kept exactly')
    return scaled
  }
  const divisor = POWERS_OF_TEN[digits]
  let quotient = 0
  let remainder = 0
  if (product <= Number.MAX_SAFE_INTEGER) {
    remainder = product % divisor
    quotient = (product - remainder) / divisor
  } else {
    const part = factor % divisor
    const whole = (factor - part) / divisor
    const high = Math.floor(count / HALF)
    const low = count - high * HALF
    const step = digits <= HALF_STEP_DIGITS_MAX ? HALF_BITS : 2
    const scale = 2 ** step
    for (let shift = 2 * HALF_BITS - step; shift >= 0; shift -= step) {
      const bits = (shift >= HALF_BITS ? high >>> (shift - HALF_BITS) : low >>> shift) & (scale - 1)
      remainder = remainder * scale + part * bits
      const carry = Math.floor(remainder / divisor)
      remainder -= carry * divisor
      quotient = quotient * scale + whole * bits + carry
    }
  }
  if (roundsUp && remainder > 0) quotient++
  assert(quotient <= Number.MAX_SAFE_INTEGER, 'a fee is kept exactly')
  return quotient
}

/** Up for what we pay, down for what we get: always against us, by less than one unit. */
function againstUs(factor: number, count: number, ppm: number, digits: number): AssetUnits {
  assert(digits < POWERS_OF_TEN.length && -digits < POWERS_OF_TEN.length, 'price and lot grids are within their bound')
  const units = dividedProduct(factor, count, digits, ppm > 0)
  return (ppm < 0 && units > 0 ? -units : units) as AssetUnits
}

/**
 * Fee of a fill in the quote asset, 10^-8 of it, rounded up; a rebate is negative and rounded towards 0. The grids are
 * the instrument's: priceDigits + qtyDigits at most 17. Exact for every price, quantity and rate within the limits;
 * allocates nothing. O(1).
 */
export function feeUnits(
  price: PriceTicks,
  lots: QtyLots,
  rate: RatePpm,
  priceDigits: number,
  qtyDigits: number,
): AssetUnits {
  assert(price >= 0 && price <= PRICE_TICKS_MAX, 'a price stays within its bound')
  assert(lots >= 0 && lots <= QTY_LOTS_MAX, 'a quantity stays within its bound')
  assert(Math.abs(rate) <= RATE_PPM_MAX, 'a fee rate stays within its bound')
  return againstUs(price * Math.abs(rate), lots, rate, priceDigits + qtyDigits + PPM_DIGITS - ASSET_DIGITS)
}

/** The same in the base asset, for a buy where the venue takes its fee from what it delivers. */
export function baseFeeUnits(lots: QtyLots, rate: RatePpm, qtyDigits: number): AssetUnits {
  assert(lots >= 0 && lots <= QTY_LOTS_MAX, 'a quantity stays within its bound')
  assert(Math.abs(rate) <= RATE_PPM_MAX, 'a fee rate stays within its bound')
  return againstUs(Math.abs(rate), lots, rate, qtyDigits + PPM_DIGITS - ASSET_DIGITS)
}

/**
 * What a raw price is multiplied with to compare venues, in millionths: a buy pays 1 + fee, a sell gets 1 - fee, and a
 * buy whose fee is taken from the base pays 1 / (1 - fee) for each unit it keeps. An integer in the first two cases.
 */
export function feeFactor(side: Side, ratePpm: number, feeSide: FeeSide): number {
  assert(ratePpm < PPM, 'a fee is less than the notional')
  if (side === Side.sell) return PPM - ratePpm
  return feeSide === FeeSide.received ? (PPM * PPM) / (PPM - ratePpm) : PPM + ratePpm
}

export interface TradeCost {
  /** Worth of the fee in quote, whichever asset it is taken in. */
  readonly feeQuote: number
  /** What the trade brings in: base on a buy, quote on a sell. */
  readonly received: number
  /** Quote paid per unit of base received (buy), or got per unit of base given (sell). */
  readonly effectivePrice: number
}

/** One trade as an opinion: price and quantity in assets, rate a fraction of notional, negative for a rebate. */
export function tradeCost(side: Side, price: number, quantity: number, rate: number, feeSide: FeeSide): TradeCost {
  const effectivePrice = (price * feeFactor(side, rate * PPM, feeSide)) / PPM
  const feeQuote = price * quantity * rate
  if (side === Side.sell) return { feeQuote, received: quantity * effectivePrice, effectivePrice }
  const received = feeSide === FeeSide.received ? quantity * (1 - rate) : quantity
  return { feeQuote, received, effectivePrice }
}

export interface FeePart {
  readonly notional: number
  /** Fraction of notional. */
  readonly rate: number
}

/** Total fee and average rate of an order whose parts were charged differently (maker, taker, venues). */
export function blendedFee(parts: readonly FeePart[]): { readonly rate: number; readonly fee: number } {
  let notional = 0
  let fee = 0
  for (const part of parts) {
    notional += part.notional
    fee += part.notional * part.rate
  }
  assert(notional > 0, 'a blended rate needs a notional')
  return { rate: fee / notional, fee }
}
