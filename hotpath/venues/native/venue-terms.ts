/**
 * From what several venues list to what the router trades: one instrument a symbol on the finest grid of all, one listing a
 * venue, everything within the bounds of shared/limits.ts. What does not fit is left out, with the reason.
 */
import type { Instrument, Listing } from '../../../shared/domain/instrument.ts'
import { FeeSide } from '../../../shared/domain/instrument.ts'
import { INSTRUMENTS_MAX, PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../shared/units/ticks.ts'
import { decimalsOf, scaledBig } from './json-words.ts'
import type { VenueSymbol } from './order-dialect.ts'
import type { NativeListing } from './venue-units.ts'

/** A price may grow this much before it leaves the grid. */
const PRICE_HEADROOM = 4n
/** Without a price to go by, a grid this fine is taken for one that no real price fits. */
const PRICE_DIGITS_MAX = 12
const RATE_DENOMINATOR = 1_000_000

export interface ListingVenue {
  readonly venue: VenueIndex
  /** ccxt id, for reasons. */
  readonly id: string
  readonly symbols: readonly VenueSymbol[]
  /** Rates where a symbol tells none, millionths. */
  readonly makerPpm: number
  readonly takerPpm: number
}

export interface LeftOut {
  readonly venue: string
  readonly symbol: string
  readonly why: string
}

export interface VenueTerms {
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  /** By venue index as given: what the venue's adapter is made of. */
  readonly natives: ReadonlyMap<VenueIndex, readonly NativeListing[]>
  readonly leftOut: readonly LeftOut[]
}

interface Offer {
  readonly from: ListingVenue
  readonly symbol: VenueSymbol
  readonly priceDigits: number
  readonly qtyDigits: number
}

/**
 * `wanted`: ccxt symbols in the order of their instruments. `prices`: about what one costs now, by ccxt symbol; a venue whose
 * grid is too fine for it is left out, finest first. Linear in venues x symbols.
 */
export function venueTerms(
  venues: readonly ListingVenue[],
  wanted: readonly string[],
  prices: ReadonlyMap<string, string> = new Map(),
): VenueTerms {
  const instruments: Instrument[] = []
  const listings: Listing[] = []
  const natives = new Map<VenueIndex, NativeListing[]>(venues.map(({ venue }) => [venue, []]))
  const leftOut: LeftOut[] = []
  for (const symbol of wanted) {
    const offers = offersOf(venues, symbol, prices.get(symbol), leftOut)
    if (offers.length === 0) continue
    if (instruments.length === INSTRUMENTS_MAX) {
      leftOut.push({ venue: '*', symbol, why: `more than ${INSTRUMENTS_MAX} instruments` })
      continue
    }
    const instrument: Instrument = {
      index: instruments.length as InstrumentIndex,
      symbol,
      base: offers[0].symbol.base,
      quote: offers[0].symbol.quote,
      priceDigits: Math.max(...offers.map(({ priceDigits }) => priceDigits)),
      qtyDigits: Math.max(...offers.map(({ qtyDigits }) => qtyDigits)),
    }
    const made = offers.flatMap((offer) => {
      const listing = listingOf(offer, instrument)
      if (typeof listing !== 'string') return [{ offer, listing }]
      leftOut.push({ venue: offer.from.id, symbol, why: listing })
      return []
    })
    if (made.length === 0) continue
    instruments.push(instrument)
    for (const { offer, listing } of made) {
      listings.push(listing)
      natives.get(offer.from.venue)?.push({ instrument, listing, symbol: offer.symbol })
    }
  }
  return { instruments, listings, natives, leftOut }
}

/** The venues that list a symbol on a readable grid that its price fits. */
function offersOf(
  venues: readonly ListingVenue[],
  symbol: string,
  price: string | undefined,
  leftOut: LeftOut[],
): Offer[] {
  const offers: Offer[] = []
  for (const from of venues) {
    const listed = from.symbols.find((one) => one.symbol === symbol)
    if (listed === undefined) continue
    const why = unreadable(listed)
    if (why !== undefined) {
      leftOut.push({ venue: from.id, symbol, why })
      continue
    }
    const priceDigits = decimalsOf(listed.tickSize)
    const qtyDigits = decimalsOf(listed.lotSize) + decimalsOf(listed.contractSize)
    const tooFine =
      price === undefined
        ? priceDigits > PRICE_DIGITS_MAX
        : scaledBig(price, priceDigits) * PRICE_HEADROOM > BigInt(PRICE_TICKS_MAX)
    if (tooFine) leftOut.push({ venue: from.id, symbol, why: `a tick of ${listed.tickSize} is too fine for its price` })
    else offers.push({ from, symbol: listed, priceDigits, qtyDigits: trimmedDigits(listed, qtyDigits) })
  }
  return offers
}

/** Digits that a lot in base needs: 10 contracts of 0.0001 are 0.001. */
function trimmedDigits({ lotSize, contractSize }: VenueSymbol, digits: number): number {
  let step = scaledBig(lotSize, decimalsOf(lotSize)) * scaledBig(contractSize, decimalsOf(contractSize))
  let needed = digits
  while (needed > 0 && step % 10n === 0n) {
    step /= 10n
    needed--
  }
  return needed
}

function unreadable(symbol: VenueSymbol): string | undefined {
  for (const name of ['tickSize', 'lotSize', 'contractSize'] as const) {
    if (!/^\d+(\.\d+)?$/.test(symbol[name]) || Number(symbol[name]) === 0) return `${name} '${symbol[name]}' is no step`
  }
  return undefined
}

/** The listing on the common grid, or why it does not fit. */
function listingOf({ from, symbol }: Offer, { index, priceDigits, qtyDigits }: Instrument): Listing | string {
  const size = scaledBig(symbol.contractSize, decimalsOf(symbol.contractSize))
  /** A quantity of the venue in lots: rounded up, or down. */
  const lotsOf = (text: string, isCeiling: boolean): bigint => {
    const digits = decimalsOf(text)
    const top = scaledBig(text, digits) * size * 10n ** BigInt(qtyDigits)
    const bottom = 10n ** BigInt(digits + decimalsOf(symbol.contractSize))
    return isCeiling ? (top + bottom - 1n) / bottom : top / bottom
  }
  const lotStep = lotsOf(symbol.lotSize, false)
  const most = symbol.quantityMax === '' ? BigInt(QTY_LOTS_MAX) : lotsOf(symbol.quantityMax, false)
  const lotsMax = most > BigInt(QTY_LOTS_MAX) ? BigInt(QTY_LOTS_MAX) : most
  const least = symbol.quantityMin === '' ? lotStep : lotsOf(symbol.quantityMin, true)
  const lotsMin = least < lotStep ? lotStep : ((least + lotStep - 1n) / lotStep) * lotStep
  const tickStep = scaledBig(symbol.tickSize, priceDigits)
  const notionalMin = symbol.notionalMin === '' ? 0n : ceilScaled(symbol.notionalMin, priceDigits + qtyDigits)
  if (tickStep > BigInt(PRICE_TICKS_MAX)) return `a tick of ${symbol.tickSize} is too coarse beside the finest`
  if (lotsMin > lotsMax) return `its smallest quantity ${symbol.quantityMin} is beyond what lots can say`
  if (notionalMin > BigInt(Number.MAX_SAFE_INTEGER)) return `its smallest notional ${symbol.notionalMin} is too fine`
  const takerPpm = symbol.takerPpm ?? from.takerPpm
  const makerPpm = symbol.makerPpm ?? from.makerPpm
  if (Math.abs(takerPpm) >= RATE_DENOMINATOR || Math.abs(makerPpm) >= RATE_DENOMINATOR) return 'its fees are no rates'
  return {
    venue: from.venue,
    instrument: index,
    tickStep: Number(tickStep) as PriceTicks,
    lotStep: Number(lotStep) as QtyLots,
    lotsMin: Number(lotsMin) as QtyLots,
    lotsMax: Number(lotsMax - (lotsMax % lotStep)) as QtyLots,
    notionalMin: Number(notionalMin),
    takerPpm: Math.ceil(takerPpm) as RatePpm,
    makerPpm: Math.ceil(makerPpm) as RatePpm,
    feeSide: symbol.feeOnReceived === true ? FeeSide.received : FeeSide.quote,
    childCost: 0,
  }
}

function ceilScaled(text: string, digits: number): bigint {
  const cut = scaledBig(text, digits)
  return decimalsOf(text) > digits ? cut + 1n : cut
}
