/** Adds up the connections of one venue to what is told of its feed. */
import type { VenueHealth } from '../../shared/domain/venue-health.ts'
import { NS_PER_MS, US_PER_MS } from '../../shared/units/time.ts'
import { BookSync, bookLossNames } from './book-keeper.ts'
import { type FeedConnection, LinkState } from './feed-connection.ts'

/** Over all connections of one venue. */
export function feedHealth(
  venue: string,
  connections: readonly FeedConnection[],
  nowNs: number,
  symbolOf: (name: string) => string = (name) => name,
): VenueHealth {
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
    ...(delays.length > 0 && { delayMs: Math.round(Math.max(...delays) / US_PER_MS) }),
    frames: connections.reduce((all, { frames }) => all + frames, 0),
    malformed: connections.reduce((all, { verdicts }) => all + verdicts[9], 0),
    connects: connections.reduce((all, { opens }) => all + opens, 0),
    gaps: sum(({ gaps }) => gaps) + connections.reduce((all, { keeper }) => all + keeper.connectionGaps, 0),
    resyncs: connections.reduce((all, { resyncs }) => all + resyncs, 0),
    checksumFaults: sum(({ checksumFaults }) => checksumFaults),
    crossed: sum(({ crossedInstants }) => crossedInstants),
    lost: connections.flatMap(({ keeper, symbols }) =>
      keeper.books.flatMap(({ sync, loss }, at) =>
        sync === BookSync.live ? [] : [{ symbol: symbolOf(symbols.names[at]), why: bookLossNames[loss] }],
      ),
    ),
  }
}

function stateOf(connections: readonly FeedConnection[]): VenueHealth['state'] {
  if (connections.some(({ state }) => state === LinkState.open)) return 'open'
  return connections.every(({ state }) => state === LinkState.closed) ? 'closed' : 'connecting'
}
