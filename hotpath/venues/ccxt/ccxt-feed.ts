/**
 * Public data of one ccxt venue: books from its stream where there is one, asked for where there is none or while it does not
 * speak; prints from its stream. A book that nobody has told for a while is told empty: stale quotes are no quotes.
 */
import { Side } from '../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { type MonoNs, NS_PER_MS, NS_PER_S, US_PER_MS } from '../../../shared/units/time.ts'
import type { CcxtBook } from './ccxt-book.ts'
import { type CcxtBookData, type CcxtClient, type CcxtTrade, canDo } from './ccxt-client.ts'
import { CcxtLoop, type Say } from './ccxt-loop.ts'

/** No news for that long: the stream is asked no more for a while, and the book is polled. */
const QUIET_NS = 15 * NS_PER_S
/** How long a stream that failed or went quiet is left alone. */
const POLL_INSTEAD_NS = 30 * NS_PER_S
/** Nothing at all for that long: the book is told empty. */
const STALE_NS = 30 * NS_PER_S
/** Least time between two questions for one book. */
const POLL_NS = 500 * NS_PER_MS
/** Prints remembered, so that one told twice is told once. */
const PRINTS_KEPT = 1_000

export interface CcxtPublic {
  /** The book differs from what was told of it. */
  onCcxtBook(venue: VenueIndex, instrument: InstrumentIndex): void
  onCcxtPrint(
    venue: VenueIndex,
    instrument: InstrumentIndex,
    aggressor: Side,
    price: PriceTicks,
    lots: QtyLots,
    timeUs: number,
  ): void
}

const Slot = { now: 0, news: 1, pollUntil: 2, count: 3 } as const

class BookFeed {
  readonly book: CcxtBook
  readonly stream: CcxtLoop
  readonly poll: CcxtLoop
  readonly prints: CcxtLoop
  /** Of the last print told, and those of the same kind before it. */
  readonly printIds = new Set<string>()
  readonly times = new Float64Array(Slot.count)
  isStale = false

  constructor(book: CcxtBook, say: Say) {
    this.book = book
    const { symbol } = book.grid
    this.stream = new CcxtLoop(`${symbol} book stream`, say)
    this.poll = new CcxtLoop(`${symbol} book`, say)
    this.prints = new CcxtLoop(`${symbol} trades stream`, say)
  }
}

export class FeedCounters {
  books = 0
  crossed = 0
  stale = 0
  prints = 0
  /** Prints not on the grid. */
  refused = 0
}

export class CcxtFeed {
  readonly #client: CcxtClient
  readonly #venue: VenueIndex
  readonly #feeds: readonly BookFeed[]
  readonly #sink: CcxtPublic
  readonly #say: Say
  readonly counters = new FeedCounters()

  constructor(client: CcxtClient, venue: VenueIndex, books: readonly CcxtBook[], sink: CcxtPublic, say: Say) {
    this.#client = client
    this.#venue = venue
    this.#feeds = books.map((book) => new BookFeed(book, say))
    this.#sink = sink
    this.#say = say
  }

  /** Starts whatever is due. O(books). */
  work(nowNs: MonoNs): number {
    let done = 0
    for (const feed of this.#feeds) done += this.#workBook(feed, nowNs)
    return done
  }

  #workBook(feed: BookFeed, nowNs: MonoNs): number {
    const { book, times, stream } = feed
    if (times[Slot.news] === 0) times[Slot.news] = nowNs
    times[Slot.now] = nowNs
    const { symbol } = book.grid
    let done = 0
    if (canDo(this.#client, 'watchOrderBook')) {
      if (stream.busyNs(nowNs) > QUIET_NS) stream.giveUp('says nothing')
      if (stream.failures > 0) times[Slot.pollUntil] = nowNs + POLL_INSTEAD_NS
      done += this.#started(
        stream.work(nowNs, 0, async () => this.#heard(feed, await this.#client.watchOrderBook(symbol))),
      )
    } else times[Slot.pollUntil] = Number.POSITIVE_INFINITY
    if (nowNs < times[Slot.pollUntil]) {
      const restNs = Math.max(POLL_NS, this.#client.rateLimit * NS_PER_MS * this.#feeds.length)
      const ask = async () => this.#heard(feed, await this.#client.fetchOrderBook(symbol))
      done += this.#started(feed.poll.work(nowNs, restNs, ask))
    }
    if (canDo(this.#client, 'watchTrades')) {
      done += this.#started(
        feed.prints.work(nowNs, 0, async () => this.#print(feed, await this.#client.watchTrades(symbol))),
      )
    }
    this.#watchAge(feed, nowNs)
    return done
  }

  #started(isStarted: boolean): number {
    return isStarted ? 1 : 0
  }

  /** ccxt's stream hands out its own live object: copied here, at once. */
  #heard(feed: BookFeed, data: CcxtBookData): void {
    const { book, times } = feed
    this.counters.books++
    const isBook = book.mirror(data)
    if (!isBook) this.counters.crossed++
    times[Slot.news] = times[Slot.now]
    if (feed.isStale) this.#say(`${book.grid.symbol} book is live again`)
    feed.isStale = false
    this.#sink.onCcxtBook(this.#venue, book.instrument)
  }

  #watchAge(feed: BookFeed, nowNs: MonoNs): void {
    if (feed.isStale || nowNs - feed.times[Slot.news] <= STALE_NS) return
    feed.isStale = true
    this.counters.stale++
    this.#say(`${feed.book.grid.symbol} book is stale: told empty`)
    if (feed.book.isEmpty) return
    feed.book.clear()
    this.#sink.onCcxtBook(this.#venue, feed.book.instrument)
  }

  #print(feed: BookFeed, trades: readonly CcxtTrade[]): void {
    for (const trade of trades) {
      const key = trade.id ?? `${trade.timestamp} ${trade.price} ${trade.amount}`
      if (feed.printIds.has(key)) continue
      feed.printIds.add(key)
      for (const oldest of feed.printIds) {
        if (feed.printIds.size <= PRINTS_KEPT) break
        feed.printIds.delete(oldest)
      }
      this.#tell(feed, trade)
    }
  }

  #tell({ book }: BookFeed, trade: CcxtTrade): void {
    const price = book.grid.ticks(trade.price)
    const lots = book.grid.floorLots(trade.amount)
    const aggressor = trade.side === 'buy' ? Side.buy : trade.side === 'sell' ? Side.sell : undefined
    if (price <= 0 || lots <= 0 || aggressor === undefined || trade.timestamp === undefined) {
      this.counters.refused++
      return
    }
    this.counters.prints++
    this.#sink.onCcxtPrint(this.#venue, book.instrument, aggressor, price, lots, trade.timestamp * US_PER_MS)
  }
}
