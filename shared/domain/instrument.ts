import type { InstrumentIndex, VenueIndex } from '../units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../units/ticks.ts'

/** What is traded, on the finest grid over all venues that list it. */
export interface Instrument {
  readonly index: InstrumentIndex
  /** ccxt symbol: 'BTC/USDT'. */
  readonly symbol: string
  readonly base: string
  readonly quote: string
  /** One PriceTicks is 10^-priceDigits of the quote asset per unit of base. */
  readonly priceDigits: number
  /** One QtyLots is 10^-qtyDigits of the base asset. */
  readonly qtyDigits: number
}

/** In which asset a venue takes its fee: always the quote, or what the trade brings in (base on a buy). */
export const FeeSide = { quote: 0, received: 1 } as const
export type FeeSide = (typeof FeeSide)[keyof typeof FeeSide]

/** One instrument as one venue lists it. */
export interface Listing {
  readonly venue: VenueIndex
  readonly instrument: InstrumentIndex
  /** The venue's price grid, in PriceTicks. */
  readonly tickStep: PriceTicks
  /** The venue's quantity grid, in QtyLots. */
  readonly lotStep: QtyLots
  readonly lotsMin: QtyLots
  readonly lotsMax: QtyLots
  /** Smallest price x quantity, in ticks x lots; 0 where the venue has none. */
  readonly notionalMin: number
  readonly takerPpm: RatePpm
  readonly makerPpm: RatePpm
  readonly feeSide: FeeSide
  /** Fixed cost of one child order, in ticks x lots (a ticket fee, or the price of one more order); 0 for none. */
  readonly childCost: number
}
