import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FeedRecorder } from '../../../../hotpath/cli/feed-recorder.ts'
import { marketTerms } from '../../../../hotpath/cli/record.ts'
import type { BookQuote, BookUpdate } from '../../../../hotpath/client/order-types.ts'
import type { MarketSink } from '../../../../hotpath/venues/paper/market-source.ts'

const terms = marketTerms(
  'test',
  [
    {
      index: 3,
      symbol: 'BTC/USDT',
      base: 'BTC',
      quote: 'USDT',
      priceDigits: 2,
      qtyDigits: 3,
      tick: '0.01',
      lot: '0.001',
      venues: ['alpha', 'beta'],
    },
  ],
  ['other', 'alpha', 'beta'].map((id, index) => ({
    index,
    id,
    name: id,
    ordersPerSecond: 1,
    ordersBurst: 1,
    books: {},
  })),
)

/** Keeps the books it is told and every call. */
class BookSink implements MarketSink {
  readonly calls: string[] = []
  readonly books = new Map<string, number>()
  onLevel(venue: number, _instrument: number, side: number, price: number, lots: number): void {
    this.calls.push(`level ${venue} ${side} ${price} ${lots}`)
    if (lots === 0) this.books.delete(`${venue} ${side} ${price}`)
    else this.books.set(`${venue} ${side} ${price}`, lots)
  }
  onTrade(venue: number, _instrument: number, aggressor: number, price: number, lots: number): void {
    this.calls.push(`trade ${venue} ${aggressor} ${price} ${lots}`)
  }
  onUpdateEnd(venue: number): void {
    this.calls.push(`end ${venue}`)
  }
  onClear(venue: number): void {
    this.calls.push(`clear ${venue}`)
  }
}

function recorder(): { sink: BookSink; feed: FeedRecorder } {
  const sink = new BookSink()
  return { sink, feed: new FeedRecorder(sink, terms.venues, terms.instruments) }
}

function book(bids: readonly BookQuote[], asks: readonly BookQuote[]): BookUpdate {
  return { type: 'book', symbol: 'BTC/USDT', timeUs: 1, venuesLive: 2, bids, asks }
}

test('only the venues that list it, numbered anew', () => {
  expect(terms.venues.map(({ id, index }) => [id, index])).toEqual([
    ['alpha', 0],
    ['beta', 1],
  ])
  expect(terms.instruments[0].index).toBe(0)
  expect(terms.listings).toHaveLength(2)
})

test('the first book clears, later ones tell what changed, removals first', () => {
  const { sink, feed } = recorder()
  feed.onBook(book([['100', '1', 'alpha']], [['101', '2', 'beta']]))
  expect(sink.calls).toEqual(['clear 0', 'level 0 0 10000 1000', 'end 0', 'clear 1', 'level 1 1 10100 2000', 'end 1'])
  sink.calls.length = 0
  feed.onBook(book([['102', '1', 'alpha']], [['101', '2', 'beta']]))
  expect(sink.calls).toEqual(['level 0 0 10000 0', 'level 0 0 10200 1000', 'end 0'])
  sink.calls.length = 0
  feed.onBook(book([], [['101', '2', 'beta']]))
  expect(sink.calls).toEqual(['level 0 0 10200 0', 'end 0'])
})

test('trades go to their venue', () => {
  const { sink, feed } = recorder()
  const trade = { type: 'trade', symbol: 'BTC/USDT', venue: 'beta', price: '101', quantity: '0.5', timeUs: 1 } as const
  feed.onTrade({ ...trade, side: 'sell' })
  expect(sink.calls).toEqual(['trade 1 2 10100 500'])
})

test('what is unknown or off the grid is left out whole, and counted', () => {
  const { sink, feed } = recorder()
  feed.onBook(book([['100', '1', 'gamma']], []))
  feed.onBook(book([['100.001', '1', 'alpha']], []))
  feed.onBook({ ...book([], []), symbol: 'ETH/USDT' })
  feed.onTrade({ type: 'trade', symbol: 'X/Y', venue: 'beta', side: 'buy', price: '1', quantity: '1', timeUs: 1 })
  expect(feed.unknown).toBe(4)
  expect(sink.calls).toEqual([])
})

test('property: after any messages the told books are the last ones shown', () => {
  const quote = fc.tuple(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 5 }),
    fc.constantFrom('alpha', 'beta'),
  )
  const side = fc.uniqueArray(quote, { maxLength: 8, selector: ([price, , venue]) => `${price} ${venue}` })
  fc.assert(
    fc.property(fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 10 }), (messages) => {
      const { sink, feed } = recorder()
      const text = (rows: readonly (readonly [number, number, string])[]) =>
        rows.map(([price, lots, venue]): BookQuote => [`${price}`, `${lots}`, venue])
      for (const [bids, asks] of messages) feed.onBook(book(text(bids), text(asks)))
      const expected = new Map<string, number>()
      for (const [at, rows] of messages.at(-1)!.entries()) {
        for (const [price, lots, venue] of rows) {
          expected.set(`${venue === 'alpha' ? 0 : 1} ${at} ${price * 100}`, lots * 1_000)
        }
      }
      expect([...sink.books].sort()).toEqual([...expected].sort())
    }),
  )
})
