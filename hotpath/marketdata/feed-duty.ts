/**
 * The live feeds of a group of venues as one duty: a few connections each, their turns, their health, and one line for people
 * when a venue is lost or found again.
 */
import type { VenueHealth } from '../../shared/domain/venue-health.ts'
import type { Duty } from '../../shared/duty.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { type MonoNs, NS_PER_MS } from '../../shared/units/time.ts'
import type { TradeMessage } from '../venues/feed/feed-message.ts'
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import type { KeptBook } from './book-keeper.ts'
import { FeedConnection, type FeedDoors, type FeedTap, LinkState } from './feed-connection.ts'
import { feedHealth } from './feed-health.ts'

/** A venue's name of one of our instruments. */
export interface FollowedSymbol {
  readonly name: string
  readonly instrument: InstrumentIndex
  /** ccxt symbol. */
  readonly symbol: string
}

export interface FollowedVenue {
  readonly feed: FeedVenue
  readonly venue: VenueIndex
  readonly symbols: readonly FollowedSymbol[]
}

export interface FeedEvents {
  onBook(venue: VenueIndex, instrument: InstrumentIndex, book: KeptBook, isAnew: boolean): void
  onBookLost(venue: VenueIndex, instrument: InstrumentIndex): void
  onTrade(venue: VenueIndex, instrument: InstrumentIndex, trade: TradeMessage): void
}

export interface FeedDutyParts {
  readonly doors: FeedDoors
  readonly events: FeedEvents
  readonly readdress?: (venue: FeedVenue, url: string) => string
  readonly tap?: (venue: FeedVenue) => FeedTap
  /** One line for people. */
  readonly say: (line: string) => void
}

/** How often venues are looked at for a line to say. */
const TELL_NS = 250 * NS_PER_MS

interface Fed {
  readonly followed: FollowedVenue
  readonly connections: readonly FeedConnection[]
  /** What was last said of it. */
  said: string
}

export class FeedDuty implements Duty {
  readonly name = 'feeds'
  readonly #fed: readonly Fed[]
  readonly #parts: FeedDutyParts
  readonly #toldNs = new Float64Array(1)

  constructor(venues: readonly FollowedVenue[], parts: FeedDutyParts) {
    this.#parts = parts
    this.#fed = venues.map((followed) => ({ followed, connections: this.#connections(followed), said: '' }))
  }

  work(nowNs: MonoNs): number {
    let done = 0
    for (const fed of this.#fed) {
      for (const connection of fed.connections) done += connection.work(nowNs)
    }
    if (nowNs - this.#toldNs[0] >= TELL_NS) {
      this.#toldNs[0] = nowNs
      for (const fed of this.#fed) this.#tellTrouble(fed)
    }
    return done
  }

  health(nowNs: MonoNs): readonly VenueHealth[] {
    return this.#fed.map(({ followed, connections }) => {
      const symbolOf = (name: string) => followed.symbols.find((one) => one.name === name)?.symbol ?? name
      return feedHealth(followed.feed.id, connections, nowNs, symbolOf)
    })
  }

  /** Has one book told anew. False: it is not followed. */
  renew(venue: VenueIndex, instrument: InstrumentIndex): boolean {
    for (const { followed, connections } of this.#fed) {
      if (followed.venue !== venue) continue
      const name = followed.symbols.find((symbol) => symbol.instrument === instrument)?.name
      for (const connection of connections) {
        const symbol = name === undefined ? -1 : connection.symbols.names.indexOf(name)
        if (symbol < 0) continue
        connection.renew(symbol)
        return true
      }
    }
    return false
  }

  /** Every book that is whole. */
  eachBook(visit: (venue: VenueIndex, name: string, book: KeptBook) => void): void {
    for (const { followed, connections } of this.#fed) {
      for (const { keeper, symbols } of connections) {
        for (const [at, book] of keeper.books.entries()) visit(followed.venue, symbols.names[at], book)
      }
    }
  }

  close(): void {
    for (const { connections } of this.#fed) for (const connection of connections) connection.close()
  }

  #connections(followed: FollowedVenue): readonly FeedConnection[] {
    const { feed, venue, symbols } = followed
    const { doors, events, readdress, tap } = this.#parts
    const most = feed.connection.symbolsMax
    const connections: FeedConnection[] = []
    for (let from = 0; from < symbols.length; from += most) {
      const part = symbols.slice(from, from + most)
      const instrumentOf = (symbol: number) => part[symbol].instrument
      connections.push(
        new FeedConnection({
          venue: feed,
          names: part.map(({ name }) => name),
          name: `${feed.id}.${connections.length + 1}`,
          doors,
          ...(readdress !== undefined && { readdress: (url: string) => readdress(feed, url) }),
          ...(tap !== undefined && { tap: tap(feed) }),
          events: {
            onBookChanged: (symbol, book, isAnew) => events.onBook(venue, instrumentOf(symbol), book, isAnew),
            onBookLost: (symbol) => events.onBookLost(venue, instrumentOf(symbol)),
            onTrade: (message) => events.onTrade(venue, instrumentOf(message.symbol), message),
            onQuote: () => undefined,
            onState: () => undefined,
          },
        }),
      )
    }
    return connections
  }

  /** Once when it is lost, once when it is back; how the tries between fail is told by its health. */
  #tellTrouble(fed: Fed): void {
    const isOpen = fed.connections.every(({ state }) => state === LinkState.open)
    const trouble = isOpen ? '' : (fed.connections.find((one) => one.trouble !== '')?.trouble ?? '')
    if ((trouble === '') === (fed.said === '') || (!isOpen && trouble === '')) return
    const { id } = fed.followed.feed
    this.#parts.say(trouble === '' ? `${id}: connected` : `${id}: ${trouble}; trying again`)
    fed.said = trouble
  }
}
