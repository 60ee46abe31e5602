/** How a venue's feed is, in numbers that people and programs look at: `sor venues`, the gateway, the paper venues' process. */
import { NS_PER_MS, US_PER_MS } from '../../shared/units/time.ts'
import { BookSync, bookLossNames } from './book-keeper.ts'
import { type FeedConnection, LinkState } from './feed-connection.ts'

export interface FeedHealth {
  /** ccxt id. */
  readonly venue: string
  readonly state: 'connecting' | 'open' | 'closed'
  /** Why it is not open, or what last went wrong; '' for nothing. */
  readonly trouble: string
  readonly books: number
  readonly liveBooks: number
  /** Since anything came; -1: never. */
  readonly silentMs: number
  /** Local minus venue time of book messages, smoothed; -1: unknown. A clock difference is in it. */
  readonly delayMs: number
  readonly frames: number
  readonly malformed: number
  readonly connects: number
  readonly gaps: number
  readonly resyncs: number
  readonly checksumFaults: number
  readonly crossed: number
  /** Books that cannot be used now, and why. */
  readonly lost: readonly { readonly symbol: string; readonly why: string }[]
}

/** Over all connections of one venue. */
export function feedHealth(venue: string, connections: readonly FeedConnection[], nowNs: number): FeedHealth {
  const books = connections.flatMap(({ keeper }) => keeper.books)
  const sum = (pick: (book: (typeof books)[number]) => number) => books.reduce((all, book) => all + pick(book), 0)
  const heardNs = Math.max(0, ...connections.map((connection) => connection.heardNs))
  const delays = connections.map(({ delayUs }) => delayUs).filter((delay) => !Number.isNaN(delay))
  return {
    venue,
    state: stateOf(connections),
    trouble: connections.find(({ trouble }) => trouble !== '')?.trouble ?? '',
    books: books.length,
    liveBooks: books.filter(({ sync }) => sync === BookSync.live).length,
    silentMs: heardNs === 0 ? -1 : Math.round((nowNs - heardNs) / NS_PER_MS),
    delayMs: delays.length === 0 ? -1 : Math.round(Math.max(...delays) / US_PER_MS),
    frames: connections.reduce((all, { frames }) => all + frames, 0),
    malformed: connections.reduce((all, { verdicts }) => all + verdicts[9], 0),
    connects: connections.reduce((all, { opens }) => all + opens, 0),
    gaps: sum(({ gaps }) => gaps) + connections.reduce((all, { keeper }) => all + keeper.connectionGaps, 0),
    resyncs: connections.reduce((all, { resyncs }) => all + resyncs, 0),
    checksumFaults: sum(({ checksumFaults }) => checksumFaults),
    crossed: sum(({ crossedInstants }) => crossedInstants),
    lost: connections.flatMap(({ keeper, symbols }) =>
      keeper.books.flatMap(({ sync, loss }, at) =>
        sync === BookSync.live ? [] : [{ symbol: symbols.names[at], why: bookLossNames[loss] }],
      ),
    ),
  }
}

function stateOf(connections: readonly FeedConnection[]): FeedHealth['state'] {
  if (connections.some(({ state }) => state === LinkState.open)) return 'open'
  return connections.every(({ state }) => state === LinkState.closed) ? 'closed' : 'connecting'
}
