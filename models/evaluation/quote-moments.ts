/** Moments from days of national-best quotes (layout of us-equity-ticks-multivenue): who is at the touch, with how much. */
import { type BookRow, BookSide, BookTable } from '../../hotpath/book/book-table.ts'
import { FeeSide } from '../../shared/domain/instrument.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { PPM, type PriceTicks, type QtyLots } from '../../shared/units/ticks.ts'
import { EXCHANGES_MAX, exchangeLetter, NationalBest, readQuotes } from './quote-stream.ts'
import type { MomentVenue, StudyMoment } from './study-moment.ts'

export const QUOTE_MULTIPLES = [0.25, 1, 3, 8] as const
export const QUOTE_SCENARIOS = ['no fees', 'assumed taker fees'] as const

/** 9:35 to 15:55 New York: the opening and closing auctions are left out. */
const FIRST_MS = 34_500_000
const LAST_MS = 57_300_000
const HALF_HOUR_MS = 1_800_000
/** One cent, in ticks of 1/10,000 dollar. */
const CENT_TICKS = 100
/** Shares that the assumed level one cent behind the touch holds: more than any order drawn here. */
const BEHIND_SHARES = 10_000_000
const VENUES_MIN = 2

/** Taker fee in ticks (1/10,000 dollar) a share by exchange letter. Assumed: plausible base tiers of 2013, no quotation. */
const ASSUMED_FEE_TICKS: Readonly<Record<string, number>> = {
  N: 25,
  Q: 30,
  P: 30,
  Z: 29,
  Y: -2,
  K: 30,
  J: -2,
  B: -4,
  X: 28,
  C: 30,
  W: 18,
  M: 30,
}
const ASSUMED_FEE_TICKS_ELSEWHERE = 30

export const quoteNotes: readonly string[] = [
  'sizes are those known to be at the national best price: a lower bound of what was displayed',
  'assumed: behind the touch every venue there has any quantity one cent worse; what the touch cannot fill is completed there',
  `assumed taker fees, dollars a share: ${Object.entries(ASSUMED_FEE_TICKS)
    .map(([letter, ticks]) => `${letter} ${ticks / 10_000}`)
    .join(', ')}, others ${ASSUMED_FEE_TICKS_ELSEWHERE / 10_000}`,
  'a block of the bootstrap is half an hour of one stock',
]

/** The touch at one instant: prices, and shares by side and exchange. */
interface Touch {
  readonly timeMs: number
  readonly prices: readonly [number, number]
  readonly shares: readonly [Float64Array, Float64Array]
}

/** Touches at `count` evenly spread times, as the last row before each left them; locked and crossed ones are passed over. */
function touchesOf(csv: Buffer, count: number): { touches: Touch[]; closed: number; malformed: number } {
  const best = new NationalBest()
  const [bid, ask] = best.sides
  const touches: Touch[] = []
  const stepMs = (LAST_MS - FIRST_MS) / count
  let closed = 0
  let taken = 0
  const malformed = readQuotes(csv, (row) => {
    for (; taken < count && row.timeMs > FIRST_MS + taken * stepMs; taken++) {
      if (!best.isOpen) closed++
      else {
        const timeMs = FIRST_MS + taken * stepMs
        touches.push({ timeMs, prices: [bid.price, ask.price], shares: [bid.shares.slice(), ask.shares.slice()] })
      }
    }
    best.apply(row)
  })
  return { touches, closed, malformed }
}

function meanTop(touches: readonly Touch[]): number {
  let sum = 0
  let count = 0
  for (const { shares } of touches) {
    for (const side of shares) {
      for (const size of side) {
        sum += size
        if (size > 0) count++
      }
    }
  }
  return count === 0 ? 1 : sum / count
}

/** A table of one instrument; a venue stands only where it is known to be at the touch. */
function touchBooks(touch: Touch, exchanges: readonly number[], levelsMax: 1 | 2): BookTable {
  const books = new BookTable({ venues: exchanges.length, instruments: 1, levelsMax })
  for (const [venue, exchange] of exchanges.entries()) {
    const row = books.row(0 as InstrumentIndex, venue as VenueIndex)
    for (const side of [BookSide.bid, BookSide.ask]) {
      const shares = touch.shares[side][exchange]
      if (shares === 0) continue
      const behind = touch.prices[side] + (side === BookSide.ask ? CENT_TICKS : -CENT_TICKS)
      books.setLevel(row, side, touch.prices[side] as PriceTicks, shares as QtyLots)
      if (levelsMax === 2) books.setLevel(row, side, behind as PriceTicks, BEHIND_SHARES as QtyLots)
    }
  }
  return books
}

function venueOf(exchange: number, row: BookRow, mid: number): MomentVenue {
  const name = exchangeLetter(exchange)
  const ppm = ((ASSUMED_FEE_TICKS[name] ?? ASSUMED_FEE_TICKS_ELSEWHERE) * PPM) / mid
  return { name, bookRow: row, takerPpm: [0, ppm], feeSide: FeeSide.quote }
}

function toMoment(touch: Touch, name: string, block: number, topLots: number): StudyMoment | undefined {
  const [bids, asks] = touch.shares
  const exchanges = Array.from({ length: EXCHANGES_MAX }, (_, at) => at).filter((at) => bids[at] > 0 || asks[at] > 0)
  if (exchanges.length < VENUES_MIN) return undefined
  const displayed = touchBooks(touch, exchanges, 1)
  const mid = (touch.prices[0] + touch.prices[1]) / 2
  const rowOf = (venue: number): BookRow => displayed.row(0 as InstrumentIndex, venue as VenueIndex)
  return {
    label: `${name} at ${touch.timeMs} ms`,
    block,
    venues: exchanges.map((exchange, venue) => venueOf(exchange, rowOf(venue), mid)),
    displayed,
    fillable: touchBooks(touch, exchanges, 2),
    mid,
    topLots,
  }
}

export interface QuoteDay {
  readonly moments: readonly StudyMoment[]
  readonly notes: readonly string[]
  /** Blocks used, from `blockFrom` on. */
  readonly blocks: number
}

/** Moments of one stock on one day at `count` evenly spread times. */
export function quoteMoments(csv: Buffer, name: string, count: number, blockFrom: number): QuoteDay {
  const { touches, closed, malformed } = touchesOf(csv, count)
  const topLots = meanTop(touches)
  const moments: StudyMoment[] = []
  for (const touch of touches) {
    const block = blockFrom + Math.floor((touch.timeMs - FIRST_MS) / HALF_HOUR_MS)
    const moment = toMoment(touch, name, block, topLots)
    if (moment !== undefined) moments.push(moment)
  }
  const lone = touches.length - moments.length
  const notes: string[] = []
  if (closed + lone > 0)
    notes.push(`${name}: ${closed} times locked, crossed or one-sided and ${lone} with one venue, passed over`)
  if (malformed > 0) notes.push(`${name}: ${malformed} rows of another shape left out`)
  return { moments, notes, blocks: Math.ceil((LAST_MS - FIRST_MS) / HALF_HOUR_MS) }
}
