/** Fees and balances of a venue in AssetUnits (1e-8). Where a venue is finer than we are, the rounding is against us. */
import type { Instrument, Listing } from '../../../shared/domain/instrument.ts'
import { ASSET_DIGITS, type AssetUnits, PPM } from '../../../shared/units/ticks.ts'
import { decimalsOf, scaledBig } from './json-words.ts'

const MOST = BigInt(Number.MAX_SAFE_INTEGER)

/** A fee as told: a charge is rounded up, a rebate (negative) towards zero. */
export function feeAgainstUs(text: string): AssetUnits {
  const units = scaledBig(text, ASSET_DIGITS)
  const isCut = decimalsOf(text) > ASSET_DIGITS && !text.startsWith('-')
  return bounded(isCut ? units + 1n : units)
}

/** What we may spend, rounded down; beyond 90 million whole coins it is more than we say. */
export function floorBalance(text: string): AssetUnits {
  const units = text === '' ? 0n : scaledBig(text, ASSET_DIGITS)
  const isCut = text.startsWith('-') && decimalsOf(text) > ASSET_DIGITS
  return bounded(isCut ? units - 1n : units)
}

/**
 * A fee that the venue took in a third asset (BNB and the like), which no price of ours can express, or did not tell: charged at the listing's
 * rate in quote, rounded up. An estimate, and counted as one.
 */
export function feeAtListedRate(
  instrument: Instrument,
  listing: Listing,
  ticks: number,
  lots: number,
  isMaker: boolean,
): AssetUnits {
  const ppm = BigInt(isMaker ? listing.makerPpm : listing.takerPpm)
  const digits = instrument.priceDigits + instrument.qtyDigits
  const top = BigInt(ticks) * BigInt(lots) * ppm * 10n ** BigInt(ASSET_DIGITS)
  return bounded(ceilDivide(top, BigInt(PPM) * 10n ** BigInt(digits)))
}

function ceilDivide(top: bigint, bottom: bigint): bigint {
  const floor = top / bottom
  return top > 0n && top % bottom !== 0n ? floor + 1n : floor
}

function bounded(units: bigint): AssetUnits {
  if (units > MOST) return Number(MOST) as AssetUnits
  return Number(units < -MOST ? -MOST : units) as AssetUnits
}
