/**
 * From "these venues, these symbols" to one market: asks every venue what it lists, waits for the slow ones a while, and puts
 * what came on one grid. Nothing begins before at least one venue has answered; without a network that is a line per venue,
 * and another try.
 */
import type { Instrument, Listing } from '../../shared/domain/instrument.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import { feedVenues } from '../venues/feed-registry.ts'
import type { VenueSymbol } from '../venues/native/order-dialect.ts'
import { venueTerms } from '../venues/native/venue-terms.ts'
import type { NativeListing } from '../venues/native/venue-units.ts'
import { feeTerms, venueRow } from '../venues/paper/market/venue-terms.ts'
import type { FeedDoors } from './feed-connection.ts'
import type { FollowedVenue } from './feed-duty.ts'
import { ListingFinder } from './listing-finder.ts'

/** How long the venues that do not answer are waited for once another has. */
const PATIENCE_MS = 10_000
const STEP_MS = 50

export interface LiveWish {
  /** ccxt ids; empty: every venue that is connected live. */
  readonly venues: readonly string[]
  /** ccxt symbols, in the order of the market's instruments. */
  readonly symbols: readonly string[]
  readonly doors: FeedDoors
  readonly readdress?: (venue: FeedVenue, url: string) => string
  /** Every list that came, as it came. */
  readonly tap?: (venue: FeedVenue, url: string, body: string) => void
  readonly say: (line: string) => void
  readonly pause: (ms: number) => Promise<void>
}

export interface LiveTerms {
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  /** Everything listed, with the venue's own words: a grid and a name for each book. */
  readonly natives: readonly NativeListing[]
  readonly followed: readonly FollowedVenue[]
  /** One line each: what was left out and why. */
  readonly notes: readonly string[]
}

/** Throws a line for people when a venue is unknown or retired. */
export function chooseVenues(ids: readonly string[]): readonly FeedVenue[] {
  const live = feedVenues.filter(({ retired }) => retired === undefined)
  if (ids.length === 0) return live
  return ids.map((id) => {
    const venue = feedVenues.find((one) => one.id === id)
    if (venue === undefined) throw new Error(`no venue ${id}; there are ${live.map((one) => one.id).join(' ')}`)
    if (venue.retired !== undefined) throw new Error(`${id} cannot be followed live: ${venue.retired}`)
    return venue
  })
}

/** What one venue lists, of what is wanted. */
export interface AnsweredVenue {
  readonly venue: FeedVenue
  readonly symbols: readonly VenueSymbol[]
}

/** Resolves once there is something to follow; goes on asking as long as nobody answers. */
export async function findListings(
  wish: LiveWish,
): Promise<{ readonly answered: readonly AnsweredVenue[]; readonly notes: readonly string[] }> {
  const { doors, say, pause, symbols } = wish
  const chosen = chooseVenues(wish.venues)
  const finder = new ListingFinder(chosen, {
    http: doors.http,
    chance: doors.chance,
    say,
    ...(wish.readdress !== undefined && { readdress: wish.readdress }),
    ...(wish.tap !== undefined && { tap: wish.tap }),
  })
  for (let waited = 0; ; waited += finder.answered.length > 0 ? STEP_MS : 0) {
    finder.work(doors.clock.monoNs())
    if (finder.missing.length === 0 || waited >= PATIENCE_MS) {
      const { answered } = finder
      const isListed = answered.some((one) => one.symbols.some(({ symbol }) => symbols.includes(symbol)))
      if (isListed) return { answered, notes: leftOutNotes(finder) }
      if (finder.missing.length === 0) {
        throw new Error(`none of ${chosen.map(({ id }) => id).join(' ')} lists ${symbols.join(' ')}`)
      }
    }
    await pause(STEP_MS)
  }
}

export async function findLiveTerms(wish: LiveWish): Promise<LiveTerms> {
  const { answered, notes } = await findListings(wish)
  return liveTerms(answered, wish.symbols, notes)
}

/** What these venues list of these symbols, on one grid. Inverse contracts are left out: their lots are not linear in base. */
export function liveTerms(
  answered: readonly AnsweredVenue[],
  wanted: readonly string[],
  notes: readonly string[] = [],
): LiveTerms {
  const linear = answered.map(({ venue, symbols }, at) => ({
    feed: venue,
    venue: at as VenueIndex,
    id: venue.id,
    symbols: symbols.filter(({ symbol, isInverse }) => isInverse !== true && wanted.includes(symbol)),
    ...feeTerms(venue.id),
  }))
  const trading = linear
    .filter(({ symbols }) => symbols.length > 0)
    .map((one, at) => ({ ...one, venue: at as VenueIndex }))
  const terms = venueTerms(trading, wanted)
  const nativesOf = (venue: VenueIndex) => terms.natives.get(venue) ?? []
  const idle = linear.filter(({ symbols }) => symbols.length === 0).map(({ id }) => id)
  return {
    venues: trading.map(({ id, venue, feed }) => ({ ...venueRow(id, venue), name: feed.name })),
    instruments: terms.instruments,
    listings: terms.listings,
    natives: trading.flatMap(({ venue }) => nativesOf(venue)),
    followed: trading.map(({ feed, venue }) => ({
      feed,
      venue,
      symbols: nativesOf(venue).map(({ instrument, symbol }) => ({
        name: symbol.name,
        instrument: instrument.index,
        symbol: instrument.symbol,
      })),
    })),
    notes: [
      ...notes,
      ...(idle.length > 0 ? [`none of these symbols: ${idle.join(' ')}`] : []),
      ...terms.leftOut.map(({ venue, symbol, why }) => `${venue} ${symbol} left out: ${why}`),
    ],
  }
}

function leftOutNotes(finder: ListingFinder): string[] {
  return finder.missing.map(({ venue, trouble }) => `${venue.id} left out: ${trouble || 'no answer'}`)
}
