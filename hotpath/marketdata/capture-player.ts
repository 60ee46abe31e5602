/**
 * Plays a recorded connection through the venue's decoder and the books that heal: what the live feed does, with the
 * recording standing for the network. Snapshots are taken when the recording brings them.
 */
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import { type FeedDecoder, FrameVerdict, frameVerdictNames } from '../venues/feed/feed-venue.ts'
import { asObject, parseBody } from '../venues/feed/listing-reader.ts'
import { SymbolTable } from '../venues/feed/symbol-table.ts'
import type { VenueSymbol } from '../venues/native/order-dialect.ts'
import { BookKeeper, BookLoss, BookSync, type KeeperEvents } from './book-keeper.ts'
import type { CaptureEvent } from './capture-file.ts'
import { depthHash } from './depth-hash.ts'
import { FrameSamples } from './frame-samples.ts'

export interface FrameCounts {
  frames: number
  bytes: number
  /** By FrameVerdict. */
  verdicts: number[]
  trades: number
  quotes: number
  states: number
  /** Book messages applied. */
  books: number
  /** HTTP answers: instrument lists and books read, and others. */
  listings: number
  snapshots: number
  otherHttp: number
  /** Books whose hash the recording holds, and those that are another here. */
  hashes: number
  hashFaults: number
}

export class CapturePlayer {
  readonly venue: FeedVenue
  readonly symbols = new SymbolTable([], { isOpen: true })
  readonly keeper: BookKeeper
  readonly listed = new Map<string, VenueSymbol>()
  readonly counts: FrameCounts
  readonly #strange = new FrameSamples()
  readonly #decoders = new Map<string, FeedDecoder>()
  /** The connection whose frame is read now, and by symbol the one that told its book last. */
  #speaking = ''
  readonly #toldBy: string[] = []

  constructor(venue: FeedVenue, events: Partial<KeeperEvents> = {}) {
    this.venue = venue
    const counts: FrameCounts = {
      frames: 0,
      bytes: 0,
      verdicts: frameVerdictNames.map(() => 0),
      trades: 0,
      quotes: 0,
      states: 0,
      books: 0,
      listings: 0,
      snapshots: 0,
      otherHttp: 0,
      hashes: 0,
      hashFaults: 0,
    }
    this.counts = counts
    this.keeper = new BookKeeper(venue, {
      onBookChanged: (symbol, book, isAnew) => {
        counts.books++
        if (this.#speaking !== '') this.#toldBy[symbol] = this.#speaking
        events.onBookChanged?.(symbol, book, isAnew)
      },
      onBookLost: (symbol, book) => events.onBookLost?.(symbol, book),
      onTrade: (message) => {
        counts.trades++
        events.onTrade?.(message)
      },
      onQuote: (message) => {
        counts.quotes++
        events.onQuote?.(message)
      },
      onState: (message) => {
        counts.states++
        events.onState?.(message)
      },
    })
  }

  play(event: CaptureEvent): void {
    this.keeper.setTime(event.timeUs * 1_000)
    if (event.kind === 'connect') this.#connect(event)
    else if (event.kind === 'recv') this.#frame(event)
    else if (event.kind === 'http') this.#http(event)
    else if (event.kind === 'books') this.#compare(event)
  }

  /** Strange frames, cut: verdict and the beginning of the text. */
  get samples(): readonly string[] {
    return this.#strange.texts()
  }

  /** Books that are whole now. */
  get liveBooks(): number {
    return this.keeper.books.filter(({ sync }) => sync === BookSync.live).length
  }

  /** The recorder wrote what its books were at this moment. */
  #compare(event: CaptureEvent): void {
    const hashes = asObject(parseBody(Buffer.from(event.bytes).toString()))
    for (const [name, hash] of Object.entries(hashes)) {
      const symbol = this.symbols.names.indexOf(name)
      const book = symbol < 0 ? undefined : this.keeper.books[symbol]
      this.counts.hashes++
      if (book === undefined || depthHash(book.depth) !== hash) this.counts.hashFaults++
    }
  }

  /** A connection that opens again under the same name has missed what came between. */
  #connect(event: CaptureEvent): void {
    const { connection } = event
    if (!this.#decoders.has(connection)) return
    this.#decoders.set(connection, this.venue.decoder(this.symbols))
    for (const [symbol, told] of this.#toldBy.entries()) {
      const isLive = this.keeper.books[symbol]?.sync === BookSync.live
      if (told === connection && isLive) this.keeper.lose(symbol, BookLoss.disconnected)
    }
  }

  #decoder(connection: string): FeedDecoder {
    let decoder = this.#decoders.get(connection)
    if (decoder === undefined) {
      decoder = this.venue.decoder(this.symbols)
      this.#decoders.set(connection, decoder)
    }
    return decoder
  }

  #frame(event: CaptureEvent): void {
    const { counts } = this
    counts.frames++
    counts.bytes += event.bytes.length
    this.#speaking = event.connection
    const verdict = this.#decoder(event.connection).decode(event.bytes, this.keeper)
    this.#speaking = ''
    counts.verdicts[verdict]++
    if (verdict === FrameVerdict.malformed) this.keeper.onMalformed()
    if (isStrange(verdict)) this.#strange.keep(frameVerdictNames[verdict], event.bytes)
  }

  #http(event: CaptureEvent): void {
    const { venue, counts } = this
    const name = venue.snapshotSymbol?.(event.url)
    if (name !== undefined) {
      const verdict = this.#decoder('http').decodeSnapshot?.(event.bytes, this.symbols.add(name), this.keeper)
      if (verdict === FrameVerdict.parsed) counts.snapshots++
      else this.#strange.keep('snapshot', event.bytes)
      return
    }
    const symbols = venue.readListings(event.url, Buffer.from(event.bytes).toString())
    if (symbols === undefined) {
      counts.otherHttp++
      return
    }
    counts.listings++
    for (const symbol of symbols) this.listed.set(symbol.name, symbol)
  }
}

/** Verdicts that should not happen on a venue whose dialect we speak. */
export function isStrange(verdict: FrameVerdict): boolean {
  return (
    verdict === FrameVerdict.malformed || verdict === FrameVerdict.unknownChannel || verdict === FrameVerdict.refused
  )
}
