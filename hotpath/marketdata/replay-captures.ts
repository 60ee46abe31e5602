/**
 * Plays recorded connections (capture-file) as a market: their frames go through the venues' decoders and the books that heal,
 * at the pace they came times `speed`. Recordings of one hour play together; others each from their own beginning.
 */
import type { Instrument, Listing } from '../../shared/domain/instrument.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { type MonoNs, NS_PER_US } from '../../shared/units/time.ts'
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import { feedVenuesOf } from '../venues/feed-registry.ts'
import type { VenueSymbol } from '../venues/native/order-dialect.ts'
import { MarketTime } from '../venues/paper/market/market-time.ts'
import { MarketError, type MarketOptions, type OpenedMarket } from '../venues/paper/market/opened-market.ts'
import { venueLatency } from '../venues/paper/market/venue-terms.ts'
import type { MarketSink, VenueLatency } from '../venues/paper/market-source.ts'
import { type Capture, captureFiles, readCapture } from './capture-file.ts'
import { CapturePlayer } from './capture-player.ts'
import { eventsByVenue } from './capture-venues.ts'
import { type LiveTerms, liveTerms } from './live-terms.ts'
import { MarketTeller, TOLD_LEVELS } from './market-teller.ts'

/** Beginnings farther apart than this are no one recording. */
const TOGETHER_US = 3_600_000_000
/** Events told in one turn: the bound of a turn's work. */
const EVENTS_PER_TURN_MAX = 10_000
/** Frames kept in memory at once. */
const BYTES_MAX = 2 ** 30

/** One venue's recording: all its parts, in time. */
interface Tape {
  readonly venue: FeedVenue
  readonly events: Capture['events']
  readonly listed: readonly VenueSymbol[]
  /** ccxt symbols whose books came. */
  readonly symbols: readonly string[]
}

/** Reads everything at `place` that is a recording of a venue we speak. MarketError when nothing is. */
export function openCaptures(name: string, place: string, options: MarketOptions): OpenedMarket {
  const notes: string[] = []
  const captures: Capture[] = []
  let bytes = 0
  for (const file of captureFiles(place)) {
    const capture = readCapture(file)
    if (capture === undefined || feedVenuesOf(capture.exchange).length === 0) {
      notes.push(`${file}: skipped, ${capture === undefined ? 'no recording' : `we do not speak ${capture.exchange}`}`)
      continue
    }
    bytes += capture.events.reduce((all, event) => all + event.bytes.length, 0)
    if (bytes > BYTES_MAX) throw new MarketError(`${place}: more than ${BYTES_MAX} bytes of frames; give fewer files`)
    captures.push(capture)
  }
  const tapes = tapesOf(captures)
  if (tapes.length === 0) throw new MarketError(notes[0] ?? `${place}: no recording in it; give another path`)
  return new CaptureReplay(name, tapes, notes, options)
}

function tapesOf(captures: readonly Capture[]): readonly Tape[] {
  const grouped = new Map<string, Capture[]>()
  for (const capture of captures) grouped.set(capture.exchange, [...(grouped.get(capture.exchange) ?? []), capture])
  const spoken = [...grouped].flatMap(([exchange, parts]) => {
    const events = parts.flatMap((part) => part.events).sort((a, b) => a.timeUs - b.timeUs)
    return eventsByVenue(events, feedVenuesOf(exchange))
  })
  return spoken.flatMap(({ venue, events }) => {
    if (events.length === 0) return []
    // Once without a market, to learn what is in it.
    const player = new CapturePlayer(venue)
    for (const event of events) player.play(event)
    const listed = [...player.listed.values()]
    const names = player.symbols.names.filter((_, at) => (player.keeper.books[at]?.snapshots ?? 0) > 0)
    const symbols = names.flatMap((one) => player.listed.get(one)?.symbol ?? [])
    return [{ venue, events, listed, symbols }]
  })
}

class CaptureReplay implements OpenedMarket {
  readonly name: string
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  readonly latencies: readonly VenueLatency[]
  readonly levelsMax = TOLD_LEVELS
  readonly notes: readonly string[]
  readonly endNs: number
  readonly #time: MarketTime
  readonly #teller: MarketTeller
  readonly #players: readonly {
    readonly player: CapturePlayer
    readonly tape: Tape
    readonly startUs: number
    at: number
  }[]

  constructor(name: string, tapes: readonly Tape[], notes: readonly string[], options: MarketOptions) {
    const wanted = [...new Set(tapes.flatMap(({ symbols }) => symbols))]
    const terms = termsOf(tapes, wanted)
    if (terms.instruments.length === 0) {
      throw new MarketError(`${name}: no book in it whose instrument was listed; record with its lists`)
    }
    this.name = name
    this.venues = terms.venues
    this.instruments = terms.instruments
    this.listings = terms.listings
    this.latencies = terms.venues.map(({ id }) => venueLatency(id))
    this.#time = new MarketTime(options.speed)
    this.#teller = new MarketTeller(terms.natives, terms.instruments.length)
    const starts = tapes.map(({ events }) => events[0].timeUs)
    const isTogether = Math.max(...starts) - Math.min(...starts) <= TOGETHER_US
    const startOf = (at: number) => (isTogether ? Math.min(...starts) : starts[at])
    this.notes = isTogether
      ? [...notes, ...terms.notes]
      : [
          ...notes,
          ...terms.notes,
          'recordings of different times, each played from its own beginning: prices of venues do not belong together',
        ]
    this.#players = tapes.flatMap((tape, at) => {
      const followed = terms.followed.find(({ feed }) => feed === tape.venue)
      return followed === undefined ? [] : [{ player: this.#player(followed), tape, startUs: startOf(at), at: 0 }]
    })
    this.endNs = Math.max(
      ...this.#players.map(({ tape, startUs }) => (tape.events[tape.events.length - 1].timeUs - startUs) * NS_PER_US),
    )
  }

  work(nowNs: MonoNs, sink: MarketSink): number {
    this.#teller.sink = sink
    const marketUs = this.#time.advance(nowNs) / NS_PER_US
    let told = 0
    for (const one of this.#players) {
      const { events } = one.tape
      for (; one.at < events.length && told < EVENTS_PER_TURN_MAX; one.at++, told++) {
        if (events[one.at].timeUs - one.startUs > marketUs) break
        one.player.play(events[one.at])
      }
    }
    return told
  }

  #player({ feed, venue, symbols }: LiveTerms['followed'][number]): CapturePlayer {
    const instruments = new Map<string, InstrumentIndex>(symbols.map(({ name, instrument }) => [name, instrument]))
    const player: CapturePlayer = new CapturePlayer(feed, {
      onBookChanged: (symbol, book) => {
        const instrument = instruments.get(player.symbols.names[symbol])
        if (instrument !== undefined) this.#teller.onBook(venue as VenueIndex, instrument, book)
      },
      onBookLost: (symbol) => {
        const instrument = instruments.get(player.symbols.names[symbol])
        if (instrument !== undefined) this.#teller.onBookLost(venue as VenueIndex, instrument)
      },
      onTrade: (message) => {
        const instrument = instruments.get(player.symbols.names[message.symbol])
        if (instrument !== undefined) this.#teller.onTrade(venue as VenueIndex, instrument, message)
      },
    })
    return player
  }
}

function termsOf(tapes: readonly Tape[], wanted: readonly string[]): LiveTerms {
  const answered = tapes.map(({ venue, listed }) => ({ venue, symbols: listed }))
  return liveTerms(answered, wanted)
}
