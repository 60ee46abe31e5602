/**
 * Real venues, or their emulators, found and opened: what each lists, what we pay there, whose keys we have, and one market
 * made of them. A venue without keys is followed and not traded; nothing is simulated beside real orders.
 */
import type { HotpathConfig } from '../../shared/config/hotpath-config.ts'
import { FeeSide } from '../../shared/domain/instrument.ts'
import { Prng } from '../../shared/prng.ts'
import { decimalText } from '../../shared/units/decimal-text.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import { type AnsweredVenue, chooseVenues, findListings, type LiveWish } from '../marketdata/live-terms.ts'
import { readdressed } from '../marketdata/readdress.ts'
import { ListingTable } from '../plan/listing-table.ts'
import type { CoreSetup } from '../routing/compose-core.ts'
import { HttpsLink } from '../venues/door/https-link.ts'
import { WebsocketLink } from '../venues/door/websocket-link.ts'
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import { Credentials, type KeyWords, readCredentials } from '../venues/native/credentials.ts'
import { NativeAdapter } from '../venues/native/native-adapter.ts'
import { openVenue } from '../venues/native/open-venue.ts'
import type { OrderDialect, VenueEndpoints, VenueSymbol } from '../venues/native/order-dialect.ts'
import { type VenueTerms, venueTerms } from '../venues/native/venue-terms.ts'
import { orderDoors } from '../venues/order-registry.ts'
import { feeTerms, venueRow } from '../venues/paper/market/venue-terms.ts'
import type { PaperMarket } from '../venues/paper/paper-hello.ts'
import type { VenueAdapter } from '../venues/venue-adapter.ts'
import { openCcxt } from './ccxt-process.ts'
import { findEmulators } from './emulator-process.ts'
import { HostedVenues } from './hosted-venues.ts'
import type { MachineClock } from './machine-clock.ts'
import type { OpenedVenues } from './paper-venues.ts'
import { FeedOnlyAdapter, RealSide } from './real-side.ts'
import type { RouterOptions } from './start-router.ts'

/** Levels a side that decisions see. */
const TABLE_LEVELS = 100
const RETRY_MS = 1_000
const RETRIES_MAX = 5

/** Where a venue is and what opens it. */
interface Access {
  readonly endpoints: VenueEndpoints | undefined
  readonly keys: Credentials | undefined
}

interface Opened {
  readonly feed: FeedVenue
  /** What the feed lists, by its own names. */
  readonly feedSymbols: readonly VenueSymbol[]
  /** What orders are written with; the feed's where there is no native door. */
  readonly symbols: readonly VenueSymbol[]
  readonly dialect: OrderDialect | undefined
  readonly keys: Credentials | undefined
}

export async function openRealVenues(options: RouterOptions, clock: MachineClock): Promise<OpenedVenues> {
  const { config, environment, say } = options
  const chance = new Prng(process.pid)
  const doors = { http: new HttpsLink(), sockets: new WebsocketLink(), clock, chance }
  const emulated =
    config.market === 'emulated' ? await findEmulators({ ...config, venues: config.live.venues }) : undefined
  const access = accessOf(config, environment, emulated?.info.venues)
  const readdress = (venue: FeedVenue, url: string) => readdressed(url, access(venue.id).endpoints)
  const wish: LiveWish = {
    venues: emulated === undefined ? nativeIds(config) : emulatedIds(config, emulated.info.venues),
    symbols: config.live.symbols,
    doors,
    readdress,
    say,
    pause,
  }
  const [{ answered, notes }, ccxt] = await Promise.all([listingsOf(wish), openCcxt(config, clock, environment, say)])
  // A venue that did not answer has its row too: journals count venues by place, and luck must not choose the journal.
  const rows = wish.venues
    .flatMap((id) => chooseVenues([id]))
    .map((venue) => answered.find((one) => one.venue === venue) ?? { venue, symbols: [] })
  const opened = await Promise.all(rows.map((one) => openDoor(one, access(one.venue.id), wish)))
  const terms = termsOf(opened, ccxt?.market, config.live.symbols)
  const market = marketOf(opened, ccxt?.market, terms, emulated !== undefined)
  const { assets } = new ListingTable(market)
  const natives = new Map<number, NativeAdapter>()
  for (const [at, { dialect, keys }] of opened.entries()) {
    const listings = terms.natives.get(at as VenueIndex) ?? []
    if (dialect === undefined || keys === undefined || listings.length === 0) continue
    const redact = (text: string) => keys.redact(text)
    // A door of its own: a venue that does not answer must not take the room of others' orders.
    const own = { ...doors, http: new HttpsLink() }
    natives.set(at, new NativeAdapter({ venue: at as VenueIndex, dialect, ...own, listings, assets, redact }))
  }
  const hosted =
    ccxt === undefined
      ? undefined
      : new HostedVenues(ccxt.link, ccxt.market, {
          venues: ccxt.market.venues.map((_, at) => (opened.length + at) as VenueIndex),
          instruments: terms.instruments,
          assets,
        })
  const adapters = market.venues.map(
    ({ index }): VenueAdapter =>
      natives.get(index) ?? hosted?.adapters[index - opened.length] ?? new FeedOnlyAdapter(index),
  )
  const side = new RealSide({
    adapters,
    natives: [...natives.values()],
    hosted,
    followed: followedOf(opened, terms),
    listings: feedListings(opened, terms),
    clock,
    feed: { doors, readdress, say },
  })
  const traded = market.venues.filter(({ index }) => natives.has(index) || index >= opened.length).map(({ id }) => id)
  const followedOnly = market.venues.filter(({ id }) => !traded.includes(id)).map(({ id }) => id)
  return {
    side,
    market,
    notes: [
      `orders go to ${traded.length === 0 ? 'nobody: no venue has keys' : traded.join(' ')}`,
      ...(followedOnly.length > 0 ? [`followed only, no keys: ${followedOnly.join(' ')}`] : []),
      ...notes,
      ...terms.leftOut.map(({ venue, symbol, why }) => `${venue} ${symbol} left out: ${why}`),
    ],
    wereRunning: emulated?.wasRunning ?? true,
    stop: () => {
      emulated?.stop()
      ccxt?.stop()
    },
  }
}

/** Venues whose books we follow ourselves: what is asked for through ccxt is one venue, not two. */
function nativeIds({ live }: HotpathConfig): readonly string[] {
  return chooseVenues(live.venues).flatMap(({ id }) => (live.ccxt.includes(id) ? [] : [id]))
}

/** A wish without names is for all venues; here it is for none: all that were named are reached through ccxt. */
function listingsOf(wish: LiveWish): ReturnType<typeof findListings> {
  return wish.venues.length === 0 ? Promise.resolve({ answered: [], notes: [] }) : findListings(wish)
}

/** Those asked for, of those that run. */
function emulatedIds({ live }: HotpathConfig, venues: readonly { readonly id: string }[]): readonly string[] {
  return venues.map(({ id }) => id).filter((id) => live.venues.length === 0 || live.venues.includes(id))
}

/** Keys and addresses by venue: made up ones of the emulators, or the account's own. */
function accessOf(
  { live }: HotpathConfig,
  environment: RouterOptions['environment'],
  emulated:
    | readonly (VenueEndpoints & { id: string; apiKey: string; secret: string; passphrase: string })[]
    | undefined,
): (id: string) => Access {
  const known = new Map<string, Access>()
  return (id) => {
    const before = known.get(id)
    if (before !== undefined) return before
    const made = emulated?.find((one) => one.id === id)
    const access =
      made === undefined
        ? { endpoints: live.endpoints[id], keys: readCredentials(id, environment) }
        : { endpoints: made, keys: emulatorKeys(made) }
    known.set(id, access)
    return access
  }
}

/** A made-up secret may be a private key: then it signs as one. */
function emulatorKeys(made: { apiKey: string; secret: string; passphrase: string }): Credentials {
  const isPem = made.secret.startsWith('-----BEGIN')
  const words: KeyWords = {
    key: made.apiKey,
    secret: isPem ? '' : made.secret,
    passphrase: made.passphrase,
    privateKey: isPem ? made.secret : '',
  }
  return new Credentials(words)
}

/** The venue's order door, when we have one and keys to it; tried a few times, then the venue is followed only. */
async function openDoor({ venue, symbols }: AnsweredVenue, access: Access, wish: LiveWish): Promise<Opened> {
  const wanted = symbols.filter(({ symbol, isInverse }) => isInverse !== true && wish.symbols.includes(symbol))
  const followed = { feed: venue, feedSymbols: wanted, symbols: wanted, dialect: undefined, keys: undefined }
  const door = orderDoors.get(venue.id)
  const { keys, endpoints } = access
  if (door === undefined || keys === undefined || wanted.length === 0) return followed
  const dialect = door(keys, endpoints)
  for (let tries = 1; ; tries++) {
    const names = wanted.map(({ symbol }) => symbol)
    const opened = await openVenue(dialect, wish.doors.http, wish.doors.clock, names)
    if (opened.ok) return { ...followed, symbols: opened.symbols, dialect, keys }
    if (tries === RETRIES_MAX) {
      wish.say(`${opened.error}; it is followed and not traded`)
      return followed
    }
    await pause(RETRY_MS * tries)
  }
}

function termsOf(opened: readonly Opened[], ccxt: PaperMarket | undefined, wanted: readonly string[]): VenueTerms {
  const ours = opened.map(({ feed, symbols }, at) => ({
    venue: at as VenueIndex,
    id: feed.id,
    symbols,
    ...feeTerms(feed.id),
  }))
  const theirs = (ccxt?.venues ?? []).map(({ id, index }) => ({
    venue: (opened.length + index) as VenueIndex,
    id,
    symbols: ccxt === undefined ? [] : symbolsOf(ccxt, index),
    ...feeTerms(id),
  }))
  return venueTerms([...ours, ...theirs], wanted)
}

/** The listings of a hosted venue in words, as if it had told them itself. */
function symbolsOf({ instruments, listings }: PaperMarket, venue: VenueIndex): VenueSymbol[] {
  return listings
    .filter((listing) => listing.venue === venue)
    .map((listing) => {
      const { symbol, base, quote, priceDigits, qtyDigits } = instruments[listing.instrument]
      return {
        name: symbol,
        symbol,
        base,
        quote,
        tickSize: decimalText(listing.tickStep, priceDigits),
        lotSize: decimalText(listing.lotStep, qtyDigits),
        quantityMin: decimalText(listing.lotsMin, qtyDigits),
        quantityMax: decimalText(listing.lotsMax, qtyDigits),
        notionalMin: listing.notionalMin === 0 ? '' : decimalText(listing.notionalMin, priceDigits + qtyDigits),
        contractSize: '1',
        makerPpm: listing.makerPpm,
        takerPpm: listing.takerPpm,
        feeOnReceived: listing.feeSide === FeeSide.received,
      }
    })
}

function marketOf(
  opened: readonly Opened[],
  ccxt: PaperMarket | undefined,
  { instruments, listings }: VenueTerms,
  isEmulated: boolean,
): CoreSetup['market'] {
  const ours = opened.map(({ feed }, at) => ({ ...venueRow(feed.id, at as VenueIndex), name: feed.name }))
  const theirs = (ccxt?.venues ?? []).map((venue) => ({ ...venue, index: (opened.length + venue.index) as VenueIndex }))
  return {
    name: isEmulated ? 'emulated' : 'live',
    simulated: isEmulated,
    venues: [...ours, ...theirs],
    instruments,
    listings,
    levelsMax: TABLE_LEVELS,
  }
}

/** Books are followed by the feed's names and in the feed's sizes. */
function followedOf(opened: readonly Opened[], { natives }: VenueTerms) {
  return opened.map(({ feed, feedSymbols }, at) => ({
    feed,
    venue: at as VenueIndex,
    symbols: (natives.get(at as VenueIndex) ?? []).flatMap(({ instrument }) => {
      const symbol = feedSymbols.find((one) => one.symbol === instrument.symbol)
      return symbol === undefined
        ? []
        : [{ name: symbol.name, instrument: instrument.index, symbol: instrument.symbol }]
    }),
  }))
}

function feedListings(opened: readonly Opened[], { natives }: VenueTerms) {
  return opened.flatMap(({ feedSymbols }, at) =>
    (natives.get(at as VenueIndex) ?? []).map((native) => ({
      ...native,
      symbol: feedSymbols.find((one) => one.symbol === native.instrument.symbol) ?? native.symbol,
    })),
  )
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
