/** The two JSON texts of a connection: who the router is, and what market it is on. Checked once, at the door. */
import { z } from 'zod'
import type { Instrument, Listing } from '../../../shared/domain/instrument.ts'
import type { Venue } from '../../../shared/domain/venue.ts'
import { BOOK_LEVELS_MAX, INSTRUMENTS_MAX, VENUES_MAX } from '../../../shared/limits.ts'
import { PAPER_PROTOCOL, readJson } from './paper-frame.ts'

const count = z.number().int().nonnegative()

export const paperHello = z.strictObject({
  protocol: z.literal(PAPER_PROTOCOL),
  account: z.string().min(1).max(64),
  token: z.string().max(128),
})
export type PaperHello = z.infer<typeof paperHello>

/** The hello of a frame, or undefined when it is none. */
export function readHello(view: DataView, at: number): PaperHello | undefined {
  try {
    return paperHello.safeParse(readJson(view, at)).data
  } catch {
    return undefined
  }
}

const venue = z.strictObject({
  index: count,
  id: z.string(),
  name: z.string(),
  ordersPerSecond: z.number().positive(),
  ordersBurst: z.number().positive(),
})

const instrument = z.strictObject({
  index: count,
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  priceDigits: count,
  qtyDigits: count,
})

const listing = z.strictObject({
  venue: count,
  instrument: count,
  tickStep: count,
  lotStep: count,
  lotsMin: count,
  lotsMax: count,
  notionalMin: z.number().nonnegative(),
  takerPpm: z.number().int(),
  makerPpm: z.number().int(),
  feeSide: z.union([z.literal(0), z.literal(1)]),
  childCost: z.number().nonnegative(),
})

export const paperWelcome = z.strictObject({
  protocol: z.literal(PAPER_PROTOCOL),
  market: z.string(),
  /** Levels a side that are told unless all are asked for. */
  levels: count.min(1).max(BOOK_LEVELS_MAX),
  levelsMax: count.min(1).max(BOOK_LEVELS_MAX),
  venues: z.array(venue).max(VENUES_MAX),
  instruments: z.array(instrument).max(INSTRUMENTS_MAX),
  listings: z.array(listing),
})

/** What market a router is on: the welcome, with the units of our own types. */
export interface PaperMarket {
  readonly market: string
  readonly levels: number
  readonly levelsMax: number
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
}

/** The market of a welcome, or undefined when the text is not one. */
export function parseWelcome(value: unknown): PaperMarket | undefined {
  const welcome = paperWelcome.safeParse(value)
  // The schema has checked every field; only the brands of the units are added here.
  return welcome.success ? (welcome.data as unknown as PaperMarket) : undefined
}
