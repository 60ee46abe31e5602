/**
 * Keeps the books of the paper venues in the BookTable. Every book is numbered: a change that does not follow the last one
 * makes the book `recovering` and asks for it anew; nothing is applied until its snapshot has come.
 */
import { assert } from '../../shared/assert.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import { type BookRow, BookSide, BookState, type BookTable } from '../book/book-table.ts'
import { frameVenue } from '../venues/paper/paper-frame.ts'
import {
  bookSequence,
  isSnapshot,
  levelAt,
  levelCount,
  levelLots,
  levelPrice,
  levelSide,
  newsInstrument,
  PaperPrint,
} from '../venues/paper/paper-news-frame.ts'

/** Who can tell a book from the start. False: not now. */
export interface BookSource {
  subscribe(venue: VenueIndex, instrument: InstrumentIndex): boolean
  /** When came what is being told? Asked, because a number that is handed down costs 16 bytes a frame. */
  readonly receivedNs: MonoNs
}

export interface PrintEvents {
  /** A public trade; reused. */
  onPrint(print: PaperPrint): void
}

/** How far a book is: never told, told up to its sequence, or missing something (asked for again or not yet). */
const Sync = { none: 0, synced: 1, lost: 2, asked: 3 } as const

export class PaperFeed {
  readonly #books: BookTable
  readonly #source: BookSource
  readonly #prints: PrintEvents | undefined
  readonly #print = new PaperPrint()
  /** By book row. */
  readonly #sync: Uint8Array
  /** Books that missed a change. */
  gaps = 0

  /** `levels`: how deep the exchange tells its books; the table must be as deep. */
  constructor(books: BookTable, levels: number, source: BookSource, prints?: PrintEvents) {
    assert(levels <= books.levelsMax, 'a book table is as deep as what it is told')
    this.#books = books
    this.#source = source
    this.#prints = prints
    this.#sync = new Uint8Array(books.venues * books.instruments)
  }

  /** One book frame. False: it makes no sense. O(levels told). */
  onBook(view: DataView, at: number): boolean {
    const venue = frameVenue(view, at)
    const instrument = newsInstrument(view, at)
    if (venue >= this.#books.venues || instrument >= this.#books.instruments) return false
    const row = this.#books.row(instrument, venue)
    const sequence = bookSequence(view, at)
    if (isSnapshot(view, at)) {
      this.#books.clear(row)
      this.#sync[row] = Sync.synced
    } else if (this.#sync[row] !== Sync.synced || sequence !== this.#books.sequence(row) + 1) {
      this.#lose(row, venue, instrument)
      return true
    }
    if (!this.#apply(view, at, row)) return false
    this.#books.finishUpdate(row, sequence, this.#source.receivedNs)
    return true
  }

  onPrint(view: DataView, at: number): boolean {
    this.#print.read(view, at)
    this.#prints?.onPrint(this.#print)
    return true
  }

  /** Nothing is told any more: what we know is stale until the next snapshot. */
  onDown(): void {
    for (let row = 0; row < this.#sync.length; row++) {
      if (this.#sync[row] === Sync.none) continue
      this.#sync[row] = Sync.none
      this.#books.setState(row as BookRow, BookState.stale)
    }
  }

  #apply(view: DataView, at: number, row: BookRow): boolean {
    const count = levelCount(view, at)
    for (let level = 0; level < count; level++) {
      const from = levelAt(at, level)
      const side = levelSide(view, from)
      if (side !== BookSide.bid && side !== BookSide.ask) return false
      this.#books.setLevel(row, side, levelPrice(view, from), levelLots(view, from))
    }
    return true
  }

  #lose(row: BookRow, venue: VenueIndex, instrument: InstrumentIndex): void {
    if (this.#sync[row] === Sync.synced) this.gaps++
    if (this.#sync[row] === Sync.asked) return
    this.#books.setState(row, BookState.recovering)
    this.#sync[row] = this.#source.subscribe(venue, instrument) ? Sync.asked : Sync.lost
  }
}
