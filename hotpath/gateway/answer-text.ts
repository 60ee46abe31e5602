/** The short JSON answers. `id` is the JSON text of the asker's id, or '' when there was none. */

import { type Account, Permission, permissionNames } from '../../shared/config/account.ts'
import { type DenyReason, denyReasonMeanings, denyReasonNames } from '../../shared/domain/deny-reason.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { VenueHealth } from '../../shared/domain/venue-health.ts'
import { decimalText } from '../../shared/units/decimal-text.ts'
import { type MonoNs, NS_PER_MS, NS_PER_US } from '../../shared/units/time.ts'
import { BookState, type BookTable, bookStateNames } from '../book/book-table.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import type { VenueStateTable } from '../plan/venue-state-table.ts'

/** Longest piece of the client's own text that is said back to it. */
const ECHO_LENGTH_MAX = 64

export interface Denial {
  readonly id: string
  /** As the client wrote it; undefined when it could not be read. */
  readonly op: string | undefined
  readonly reason: DenyReason
  readonly field: string
  /** Checked; '' when there is none. */
  readonly clientOrderId: string
}

/** `more`: JSON members behind the others, with their comma. */
export function deniedText(denial: Denial, more = ''): string {
  const { id, op, reason, field, clientOrderId } = denial
  const name = denyReasonNames[reason] as keyof typeof DenyReason
  return (
    `{"type":"denied"${idMember(id)},"op":${op === undefined ? 'null' : echo(op)}` +
    `${clientOrderId === '' ? '' : `,"clientOrderId":"${clientOrderId}"`},"reason":"${name}"` +
    `${field === '' ? '' : `,"field":${echo(field)}`},"text":${JSON.stringify(denyReasonMeanings[name])}${more}}`
  )
}

/** An answer of this type; `members` as JSON text without a leading comma, or ''. */
export function answerText(type: string, id: string, members = ''): string {
  return `{"type":"${type}"${idMember(id)}${members === '' ? '' : `,${members}`}}`
}

export function logonMembers(
  account: Account,
  market: { readonly name: string; readonly simulated: boolean },
  heartbeatMs: number,
): string {
  const permissions = permissionNames.filter((name) => (account.permissions & Permission[name]) !== 0)
  return members({ account: account.name, permissions, market: market.name, simulated: market.simulated, heartbeatMs })
}

/** Every instrument with its grid and who lists it; `index` is what binary frames name it by. */
export function instrumentsMembers(listings: ListingTable): string {
  const instruments = listings.instruments.map(({ index, symbol, base, quote, priceDigits, qtyDigits }) => ({
    index,
    symbol,
    base,
    quote,
    priceDigits,
    qtyDigits,
    tick: decimalText(1, priceDigits),
    lot: decimalText(1, qtyDigits),
    venues: listings.venues
      .filter((venue) => listings.isListed[listings.row(index, venue.index)] === 1)
      .map(({ id }) => id),
  }))
  return members({ instruments })
}

/** What is known of venues beyond their listings: the core's table, and the feeds where there are any. */
export interface VenueNow {
  readonly states: VenueStateTable
  readonly health: () => readonly VenueHealth[]
  readonly nowNs: MonoNs
}

/** Every venue: may orders go there, how fast it answers, in which state and how old its books are, how its feed is. */
export function venuesMembers(listings: ListingTable, books: BookTable, now?: VenueNow): string {
  const feeds = now?.health() ?? []
  const venues = listings.venues.map((venue) => {
    const feed = feeds.find((one) => one.venue === venue.id)
    return {
      index: venue.index,
      id: venue.id,
      name: venue.name,
      ordersPerSecond: venue.ordersPerSecond,
      ordersBurst: venue.ordersBurst,
      books: bookStates(venue, listings, books),
      ...(now !== undefined && {
        up: now.states.isUp[venue.index] === 1,
        ready: now.states.isReady[venue.index] === 1,
        latencyUs: Math.round(now.states.latencyNs[venue.index] / NS_PER_US),
        bookAgeMs: newestBookMs(venue, listings, books, now.nowNs),
      }),
      ...(feed !== undefined && { feed }),
    }
  })
  return members({ venues })
}

/** Since any of its books changed; -1: none ever did. */
function newestBookMs(venue: Venue, listings: ListingTable, books: BookTable, nowNs: MonoNs): number {
  let newestNs = 0
  for (const { index } of listings.instruments) {
    if (listings.isListed[listings.row(index, venue.index)] === 0) continue
    newestNs = Math.max(newestNs, books.updatedNs(books.row(index, venue.index)))
  }
  return newestNs === 0 ? -1 : Math.round((nowNs - newestNs) / NS_PER_MS)
}

/** How many of a venue's books are in which state. */
export function bookStates(venue: Venue, listings: ListingTable, books: BookTable): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { index } of listings.instruments) {
    if (listings.isListed[listings.row(index, venue.index)] === 0) continue
    const name = bookStateNames[books.state(books.row(index, venue.index)) ?? BookState.empty]
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

function members(value: object): string {
  return JSON.stringify(value).slice(1, -1)
}

function idMember(id: string): string {
  return id === '' ? '' : `,"id":${id}`
}

function echo(text: string): string {
  return JSON.stringify(text.slice(0, ECHO_LENGTH_MAX))
}
