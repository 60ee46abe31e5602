/**
 * What a venue charges and allows, and how far away it is. Fees are the declared defaults in calibration.json; what
 * nobody declared is assumed here and said so. Latencies are one way: half of a measured order create round trip.
 */
import { FeeSide, type Listing } from '../../../../shared/domain/instrument.ts'
import type { Venue } from '../../../../shared/domain/venue.ts'
import { QTY_LOTS_MAX } from '../../../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../../shared/units/ticks.ts'
import { NS_PER_MS } from '../../../../shared/units/time.ts'
import type { VenueLatency } from '../market-source.ts'
import { calibration, type DeclaredFees, type MeasuredLatency } from './calibration/calibration.ts'

/** Assumed where no schedule is declared: 0.1 % for venues still open, their usual entry fee; Bittrex's last was 0.25 %. */
const assumedFees: Readonly<Record<string, DeclaredFees>> = {
  bittrex: { name: 'Bittrex', makerPpm: 2_500, takerPpm: 2_500, isReceived: false, pauseMs: 1_000 },
  backpack: { name: 'Backpack', makerPpm: 800, takerPpm: 1_000, isReceived: false, pauseMs: 50 },
  bingx: { name: 'BingX', makerPpm: 1_000, takerPpm: 1_000, isReceived: false, pauseMs: 100 },
  bitget: { name: 'Bitget', makerPpm: 1_000, takerPpm: 1_000, isReceived: false, pauseMs: 50 },
  cex: { name: 'CEX.IO', makerPpm: 1_500, takerPpm: 2_500, isReceived: false, pauseMs: 300 },
  hashkey: { name: 'HashKey Global', makerPpm: 1_000, takerPpm: 1_000, isReceived: false, pauseMs: 100 },
  xt: { name: 'XT', makerPpm: 2_000, takerPpm: 2_000, isReceived: false, pauseMs: 100 },
}

/** Assumed of a venue we know nothing about. */
const unknownFees = { makerPpm: 2_000, takerPpm: 2_000, isReceived: false, pauseMs: 200 } as const

/** Where a venue's matching engine is, as far as order latency goes: a region we have measured. Assumed. */
const regions = {
  tokyo: ['bitget', 'bitbank', 'bitflyer', 'bullish', 'backpack', 'binanceusdm', 'binancecoinm', 'mexc'],
  seoul: ['upbit', 'bithumb'],
  hongKong: ['okx', 'hashkey', 'bitfinex', 'btse', 'bigone', 'lbank', 'coinex', 'digifinex', 'phemex', 'woo'],
  singapore: ['bybit', 'cryptocom', 'bingx', 'xt', 'bitrue'],
  london: ['bitstamp', 'hitbtc', 'cex', 'bittrex'],
  frankfurt: ['whitebit', 'bitvavo'],
  canada: ['coinbase', 'coinbaseexchange', 'kraken', 'gemini', 'binanceus', 'poloniex'],
} as const satisfies Record<string, readonly string[]>

/** Of a venue whose place nobody knows: the middle of what was measured. */
const unknownRegion = 'singapore'

/** Requests a second beyond this help no router; a burst of this many seconds is let through. Assumed. */
const ORDERS_PER_SECOND_MAX = 100
const BURST_SECONDS = 5
const BURST_MIN = 10

export function feesOf(id: string): DeclaredFees {
  const known = calibration.fees.venues[id] ?? assumedFees[id]
  return known ?? { name: id, ...unknownFees }
}

/** Are this venue's fees declared, rather than assumed here? */
export function hasDeclaredFees(id: string): boolean {
  return calibration.fees.venues[id] !== undefined
}

/** The round trip of an order from Tokyo, measured for four venues and taken from the venue's region for all others. */
export function roundTripOf(id: string): MeasuredLatency {
  const own = calibration.latency.venues[id]
  if (own !== undefined) return own
  const region = Object.entries(regions).find(([, ids]) => (ids as readonly string[]).includes(id))?.[0]
  return calibration.latency.regions[region ?? unknownRegion]
}

/** One way, nanoseconds. */
export function venueLatency(id: string): VenueLatency {
  const { medianMs, p99Ms } = roundTripOf(id)
  return { medianNs: (medianMs / 2) * NS_PER_MS, p99Ns: (p99Ms / 2) * NS_PER_MS }
}

export function venueRow(id: string, index: VenueIndex): Venue {
  const { name, pauseMs } = feesOf(id)
  const ordersPerSecond = Math.min(ORDERS_PER_SECOND_MAX, 1_000 / pauseMs)
  return {
    index,
    id,
    name,
    ordersPerSecond,
    ordersBurst: Math.max(BURST_MIN, Math.ceil(ordersPerSecond * BURST_SECONDS)),
  }
}

/** Fees of a listing as integers of the domain. */
export function feeTerms(id: string): Pick<Listing, 'makerPpm' | 'takerPpm' | 'feeSide' | 'childCost'> {
  const { makerPpm, takerPpm, isReceived } = feesOf(id)
  const feeSide = isReceived ? FeeSide.received : FeeSide.quote
  return { makerPpm: makerPpm as RatePpm, takerPpm: takerPpm as RatePpm, feeSide, childCost: 0 }
}

/** A listing of a recording that carries no rules: every step of the grid is allowed, nothing is too small. */
export function recordedListing(id: string, venue: VenueIndex, instrument: InstrumentIndex): Listing {
  return {
    venue,
    instrument,
    tickStep: 1 as PriceTicks,
    lotStep: 1 as QtyLots,
    lotsMin: 1 as QtyLots,
    lotsMax: QTY_LOTS_MAX as QtyLots,
    notionalMin: 0,
    ...feeTerms(id),
  }
}
