/**
 * Plays files of simultaneous whole books (snapshot-file.ts): each file is one instant, shown whole. The first file by
 * name stands until `holdSeconds` have passed (for ever by default), then the next one takes its place; the last stays.
 */
import { assert } from '../../../../shared/assert.ts'
import type { Instrument, Listing } from '../../../../shared/domain/instrument.ts'
import type { Venue } from '../../../../shared/domain/venue.ts'
import { INSTRUMENTS_MAX, VENUES_MAX } from '../../../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'
import { type MonoNs, NS_PER_S } from '../../../../shared/units/time.ts'
import type { MarketSink, VenueLatency } from '../market-source.ts'
import { MarketTime } from './market-time.ts'
import { MarketError, type MarketOptions, type OpenedMarket } from './opened-market.ts'
import {
  LEVEL_NUMBERS,
  readSnapshotFile,
  SNAPSHOT_SIDES,
  type SnapshotBook,
  type SnapshotFile,
} from './snapshot-file.ts'
import { chooseGrid, type Grid, GridLosses, sideOnGrid } from './snapshot-grid.ts'
import { recordedListing, venueLatency, venueRow } from './venue-terms.ts'

/** Levels of all files held in memory: 48 bytes each, about 220 files as deep as those of 2019. */
const LEVELS_TOTAL_MAX = 4_000_000

/** A book of one instant: its row, and by side price ticks and lots in turn, best first. */
interface ShownBook {
  readonly venue: VenueIndex
  readonly instrument: InstrumentIndex
  readonly sides: readonly [Float64Array, Float64Array]
}

/** Reads every file, in order; `notes` are told with its own. MarketError when none holds a book. */
export async function openSnapshots(
  name: string,
  paths: readonly string[],
  options: MarketOptions,
  notes: readonly string[] = [],
): Promise<OpenedMarket> {
  const files: SnapshotFile[] = []
  let levels = 0
  for (const path of paths) {
    const file = await readSnapshotFile(path)
    files.push(file)
    for (const { sides } of file.books) levels += (sides[0].length + sides[1].length) / LEVEL_NUMBERS
    if (levels > LEVELS_TOTAL_MAX)
      throw new MarketError(`${name}: more than ${LEVELS_TOTAL_MAX} levels; give fewer files`)
  }
  const fileNotes = files.flatMap((file) => file.notes)
  const playable = files.filter((file) => file.books.length > 0)
  if (playable.length === 0) throw new MarketError(fileNotes[0] ?? `${paths[0]}: no book in it; give another file`)
  return new SnapshotReplay(name, playable, [...notes, ...fileNotes], options)
}

function symbolOf(book: SnapshotBook): string {
  return `${book.base}/${book.quote}`
}

export class SnapshotReplay implements OpenedMarket {
  readonly name: string
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  readonly latencies: readonly VenueLatency[]
  readonly levelsMax: number
  readonly notes: readonly string[]
  readonly endNs: number
  readonly #instants: readonly (readonly ShownBook[])[]
  readonly #holdNs: number
  readonly #time: MarketTime
  #shown = -1

  constructor(name: string, files: readonly SnapshotFile[], notes: readonly string[], options: MarketOptions) {
    const books = files.flatMap((file) => file.books)
    const venueIds = [...new Set(books.map((book) => book.venue))]
    const symbols = [...new Set(books.map(symbolOf))]
    if (venueIds.length > VENUES_MAX) throw new MarketError(`${name}: more than ${VENUES_MAX} venues; give fewer files`)
    if (symbols.length > INSTRUMENTS_MAX) throw new MarketError(`${name}: more than ${INSTRUMENTS_MAX} instruments`)
    const losses = new GridLosses()
    this.name = name
    this.venues = venueIds.map((id, at) => venueRow(id, at as VenueIndex))
    this.instruments = symbols.map((symbol, at) => toInstrument(symbol, at as InstrumentIndex, books))
    this.#instants = files.map((file) => file.books.map((book) => this.#show(book, venueIds, symbols, losses)))
    this.listings = this.#listAll()
    this.latencies = venueIds.map(venueLatency)
    this.levelsMax = deepest(this.#instants.flat())
    this.notes = [...notes, ...losses.toNotes(), ...this.#termsNotes()]
    this.#holdNs = (options.holdSeconds ?? Number.POSITIVE_INFINITY) * NS_PER_S
    this.endNs = this.#holdNs === Number.POSITIVE_INFINITY ? 0 : this.#holdNs * (files.length - 1)
    this.#time = new MarketTime(options.speed)
  }

  /** O(1) while an instant stands; a change of instant tells every level of it. */
  work(nowNs: MonoNs, sink: MarketSink): number {
    const marketNs = this.#time.advance(nowNs)
    const due = this.#holdNs === Number.POSITIVE_INFINITY ? 0 : Math.floor(marketNs / this.#holdNs)
    const instant = Math.min(due, this.#instants.length - 1)
    if (instant === this.#shown) return 0
    const before = this.#shown
    this.#shown = instant
    return this.#clearGone(before, sink) + this.#tell(this.#instants[instant], sink)
  }

  /** Books of the last instant that the new one does not have: they end empty. */
  #clearGone(before: number, sink: MarketSink): number {
    if (before < 0) return 0
    const now = this.#instants[this.#shown]
    const gone = this.#instants[before].filter(
      (old) => !now.some((book) => book.venue === old.venue && book.instrument === old.instrument),
    )
    for (const { venue, instrument } of gone) {
      sink.onClear(venue, instrument)
      sink.onUpdateEnd(venue, instrument)
    }
    return gone.length
  }

  #tell(books: readonly ShownBook[], sink: MarketSink): number {
    let told = 0
    for (const { venue, instrument, sides } of books) {
      sink.onClear(venue, instrument)
      for (const side of SNAPSHOT_SIDES) {
        const levels = sides[side]
        for (let i = 0; i < levels.length; i += 2) {
          sink.onLevel(venue, instrument, side, levels[i] as PriceTicks, levels[i + 1] as QtyLots)
        }
        told += levels.length / 2
      }
      sink.onUpdateEnd(venue, instrument)
    }
    return told
  }

  #show(book: SnapshotBook, venueIds: readonly string[], symbols: readonly string[], losses: GridLosses): ShownBook {
    const instrument = symbols.indexOf(symbolOf(book)) as InstrumentIndex
    const grid: Grid = this.instruments[instrument]
    const venue = venueIds.indexOf(book.venue) as VenueIndex
    assert(instrument >= 0 && venue >= 0, 'every recorded book has its rows')
    const [bids, asks] = SNAPSHOT_SIDES.map((side) => sideOnGrid(book.sides[side], side, grid, losses))
    return { venue, instrument, sides: [bids, asks] }
  }

  /** Every (venue, instrument) of any file once, by venue and instrument. */
  #listAll(): Listing[] {
    const rows = new Map<number, ShownBook>()
    for (const book of this.#instants.flat()) rows.set(book.venue * INSTRUMENTS_MAX + book.instrument, book)
    const ordered = [...rows.entries()].sort((a, b) => a[0] - b[0])
    return ordered.map(([, { venue, instrument }]) => recordedListing(this.venues[venue].id, venue, instrument))
  }

  #termsNotes(): string[] {
    return ['the recording carries no tick, lot or minimum rules: every step of the grid is allowed, no minimums']
  }
}

function deepest(books: readonly ShownBook[]): number {
  return books.reduce((most, { sides }) => Math.max(most, sides[0].length / 2, sides[1].length / 2), 1)
}

function toInstrument(symbol: string, index: InstrumentIndex, books: readonly SnapshotBook[]): Instrument {
  const own = books.filter((book) => symbolOf(book) === symbol)
  return { index, symbol, base: own[0].base, quote: own[0].quote, ...chooseGrid(own) }
}
