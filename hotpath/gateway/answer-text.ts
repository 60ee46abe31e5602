/** The short JSON answers. `id` is the JSON text of the asker's id, or '' when there was none. */
import { type Account, Permission, permissionNames } from '../../shared/config/account.ts'
import { type DenyReason, denyReasonMeanings, denyReasonNames } from '../../shared/domain/deny-reason.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import { decimalText } from '../../shared/units/decimal-text.ts'
import { BookState, type BookTable, bookStateNames } from '../book/book-table.ts'
import type { ListingTable } from '../plan/listing-table.ts'

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

/** Every venue, and in which state its books are. */
export function venuesMembers(listings: ListingTable, books: BookTable): string {
  const venues = listings.venues.map((venue) => ({
    index: venue.index,
    id: venue.id,
    name: venue.name,
    ordersPerSecond: venue.ordersPerSecond,
    ordersBurst: venue.ordersBurst,
    books: bookStates(venue, listings, books),
  }))
  return members({ venues })
}

function bookStates(venue: Venue, listings: ListingTable, books: BookTable): Record<string, number> {
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
