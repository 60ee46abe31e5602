/** The market of the soak: venues with deep books that do not run dry, and what a paper exchange says of them. */
import type { PaperMarket } from '../../hotpath/venues/paper/paper-hello.ts'
import { FeeSide } from '../../shared/domain/instrument.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../shared/units/ticks.ts'

export const LEVELS = 20
export const MID_TICKS = 6_000_000

export function soakMarket(venues: number, instruments: number): PaperMarket {
  return {
    market: 'soak',
    levels: LEVELS,
    levelsMax: LEVELS,
    venues: Array.from({ length: venues }, (_, venue) => ({
      index: venue as VenueIndex,
      id: `venue${venue}`,
      name: `Venue ${venue}`,
      ordersPerSecond: 1e9,
      ordersBurst: 1e9,
    })),
    instruments: Array.from({ length: instruments }, (_, at) => ({
      index: at as InstrumentIndex,
      symbol: `A${at}/USD`,
      base: `A${at}`,
      quote: 'USD',
      priceDigits: 2,
      qtyDigits: 4,
    })),
    listings: Array.from({ length: venues * instruments }, (_, row) => ({
      venue: (row % venues) as VenueIndex,
      instrument: Math.floor(row / venues) as InstrumentIndex,
      tickStep: 1 as PriceTicks,
      lotStep: 1 as QtyLots,
      lotsMin: 1 as QtyLots,
      lotsMax: 1e12 as QtyLots,
      notionalMin: 0,
      takerPpm: (100 + 50 * (row % 20)) as RatePpm,
      makerPpm: 0 as RatePpm,
      feeSide: FeeSide.quote,
      childCost: 0,
    })),
  }
}
