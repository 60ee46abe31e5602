/**
 * Lays out the calibrated market: venues, instruments on the finest grid, listings, and for every listing the numbers
 * its book is quoted with. Measured where calibration.json has it, else from the roster's assumptions.
 */
import { assert } from '../../../../../shared/assert.ts'
import type { Instrument, Listing } from '../../../../../shared/domain/instrument.ts'
import type { Venue } from '../../../../../shared/domain/venue.ts'
import { QTY_LOTS_MAX } from '../../../../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../shared/units/ids.ts'
import { type PriceTicks, parseDecimal, type QtyLots } from '../../../../../shared/units/ticks.ts'
import { NS_PER_MS } from '../../../../../shared/units/time.ts'
import { calibration, type MeasuredBook, type MeasuredFlow, type MeasuredListing } from '../calibration/calibration.ts'
import { feeTerms, roundTripOf, venueRow } from '../venue-terms.ts'
import { Asset, STEP_NS, STEPS_KEPT } from './efficient-prices.ts'
import { DepthCurve } from './measured-curve.ts'
import {
  assumedListing,
  baseSpread,
  pairDepthShare,
  quotes,
  type RosterSymbol,
  type RosterVenue,
  roster,
  sideBookShare,
  solDepthShare,
  symbols,
} from './roster.ts'

/** Digits of the grids: the finest tick and lot that a listed venue uses, finer ones are coarsened to it. */
const grids: Readonly<Record<string, { priceDigits: number; qtyDigits: number }>> = {
  'BTC/USDT': { priceDigits: 2, qtyDigits: 8 },
  'ETH/USDT': { priceDigits: 2, qtyDigits: 8 },
  'SOL/USDT': { priceDigits: 4, qtyDigits: 8 },
  'ETH/BTC': { priceDigits: 6, qtyDigits: 8 },
}

/** How one listing's book is quoted. Amounts of `flow` and `depth` are dollars. */
export interface BookPlan {
  readonly venue: VenueIndex
  readonly instrument: InstrumentIndex
  readonly base: Asset
  readonly quote: Asset
  readonly flow: MeasuredFlow
  readonly depth: DepthCurve
  /** Multiplies those amounts. */
  readonly depthShare: number
  readonly activity: number
  readonly spreadBps: number
  /** Requotes when its view is further from its mid than this. */
  readonly thresholdBps: number
  readonly noiseBps: number
  readonly premiumBps: number
  readonly lagSteps: number
  readonly evaluateNs: number
  readonly tickStep: number
  readonly lotStep: number
  readonly priceDigits: number
  readonly qtyDigits: number
}

export interface MarketPlan {
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  /** By listing. */
  readonly books: readonly BookPlan[]
}

export function planMarket(): MarketPlan {
  const venues = roster.map(({ id }, at) => venueRow(id, at as VenueIndex))
  const instruments = symbols.map((symbol, at) => toInstrument(symbol, at as InstrumentIndex))
  const listings: Listing[] = []
  const books: BookPlan[] = []
  for (const { index: venue } of venues) {
    for (const instrument of instruments) {
      if (!quotes(roster[venue], instrument.symbol as RosterSymbol)) continue
      const listing = toListing(venue, instrument)
      listings.push(listing)
      books.push(toBookPlan(roster[venue], listing, instrument))
    }
  }
  return { venues, instruments, listings, books }
}

/** Pairs of one base against any dollar share a grid. */
function dollarless(symbol: string): string {
  return symbol.replace(/\/USDC?$/, '/USDT')
}

function toInstrument(symbol: string, index: InstrumentIndex): Instrument {
  const [base, quote] = symbol.split('/')
  return { index, symbol, base, quote, ...grids[dollarless(symbol)] }
}

function toListing(venue: VenueIndex, instrument: Instrument): Listing {
  const { symbol, priceDigits, qtyDigits } = instrument
  const captured: MeasuredListing | undefined = calibration.listings.venues[roster[venue].id]?.[symbol]
  const { tick, lot, qtyMin, notionalMin } = captured ?? assumedListing[dollarless(symbol)]
  const tickStep = stepsOf(tick, priceDigits)
  const lotStep = stepsOf(lot, qtyDigits)
  return {
    venue,
    instrument: instrument.index,
    tickStep: tickStep as PriceTicks,
    lotStep: lotStep as QtyLots,
    lotsMin: Math.max(lotStep, Math.ceil(stepsOf(qtyMin, qtyDigits) / lotStep) * lotStep) as QtyLots,
    lotsMax: lotsMaxOf(captured?.qtyMax, qtyDigits) as QtyLots,
    notionalMin: Number(notionalMin) === 0 ? 0 : stepsOf(notionalMin, priceDigits) * 10 ** qtyDigits,
    ...feeTerms(roster[venue].id),
  }
}

/** A step finer than the grid becomes the grid's own. */
function stepsOf(text: string, digits: number): number {
  const steps = parseDecimal(text, digits)
  assert(steps >= -2, 'a listing is written in decimals')
  return Math.max(1, steps)
}

function lotsMaxOf(qtyMax: string | undefined, digits: number): number {
  const lots = qtyMax === undefined || qtyMax === '0' ? -1 : parseDecimal(qtyMax, digits)
  return lots > 0 ? Math.min(lots, QTY_LOTS_MAX) : QTY_LOTS_MAX
}

function toBookPlan(venue: RosterVenue, listing: Listing, instrument: Instrument): BookPlan {
  const { base, quote, priceDigits, qtyDigits } = instrument
  const { tier } = venue
  const flow = base === 'BTC' ? calibration.flow.BTC : calibration.flow.ETH
  const looked: MeasuredBook | undefined = calibration.books.venues[venue.id]?.[instrument.symbol]
  const spreadBps = looked?.spreadBps ?? tier.spreadBps * baseSpread[base]
  return {
    venue: listing.venue,
    instrument: listing.instrument,
    base: Asset[base as keyof typeof Asset],
    quote: Asset[quote as keyof typeof Asset],
    flow,
    depth: new DepthCurve(flow.depth, calibration.farDepthExponent),
    depthShare: depthShareOf(venue, instrument, flow, looked),
    activity: tier.activity * Math.sqrt(pairShare(venue, instrument)),
    spreadBps,
    thresholdBps: Math.max(flow.deviationBpsPerS / Math.sqrt(flow.midChangesPerS), spreadBps * 0.4),
    noiseBps: tier.noiseBps,
    premiumBps: tier.premiumShare * calibration.stablecoins.venueGapDeviationBps,
    lagSteps: lagStepsOf(venue),
    evaluateNs: tier.evaluateMs * NS_PER_MS,
    tickStep: listing.tickStep,
    lotStep: listing.lotStep,
    priceDigits,
    qtyDigits,
  }
}

/** Where we had a look at this very book, its depth within 10 bps against the measured venue's; else assumed. */
function depthShareOf(
  venue: RosterVenue,
  instrument: Instrument,
  flow: MeasuredFlow,
  looked: MeasuredBook | undefined,
): number {
  const near = looked?.depth.find(([bps]) => bps === 10)?.[1]
  const reference = flow.depth.find(([bps]) => bps === 10)?.[1]
  if (near !== undefined && reference !== undefined && instrument.base !== 'SOL') return near / reference
  return venue.tier.depthShare * pairShare(venue, instrument)
}

function pairShare(venue: RosterVenue, { base, quote }: Instrument): number {
  const isSideBook = quote === 'USDT' && venue.usd !== undefined
  return pairDepthShare[quote] * (isSideBook ? sideBookShare : 1) * (base === 'SOL' ? solDepthShare : 1)
}

/** The tier's delay, and half the extra round trip from Tokyo to where the venue is. */
function lagStepsOf(venue: RosterVenue): number {
  if (venue.tier.lagMs === 0) return 0
  const away = (roundTripOf(venue.id).medianMs - calibration.latency.regions['tokyo'].medianMs) / 2
  return Math.min(STEPS_KEPT - 1, Math.round(((venue.tier.lagMs + away) * NS_PER_MS) / STEP_NS))
}
