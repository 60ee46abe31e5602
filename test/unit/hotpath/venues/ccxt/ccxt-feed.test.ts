import { describe, expect, test } from 'vitest'
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import { CcxtBook } from '../../../../../hotpath/venues/ccxt/ccxt-book.ts'
import { CcxtFeed, type CcxtPublic } from '../../../../../hotpath/venues/ccxt/ccxt-feed.ts'
import { CcxtGrid } from '../../../../../hotpath/venues/ccxt/ccxt-grid.ts'
import { Side } from '../../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../shared/units/ids.ts'
import { type MonoNs, NS_PER_S } from '../../../../../shared/units/time.ts'
import { ccxtError, ScriptedCcxt, START_MS, settle, spot } from './scripted-ccxt.ts'

class Bench implements CcxtPublic {
  readonly client = new ScriptedCcxt()
  readonly book = new CcxtBook(0 as InstrumentIndex, new CcxtGrid(spot), 3)
  readonly lines: string[] = []
  readonly prints: number[][] = []
  readonly feed: CcxtFeed
  told = 0
  #ns = NS_PER_S

  constructor(...streams: string[]) {
    for (const stream of streams) this.client.has[stream] = true
    this.feed = new CcxtFeed(this.client, 0 as VenueIndex, [this.book], this, (line) => this.lines.push(line))
  }

  onCcxtBook(): void {
    this.told++
  }

  onCcxtPrint(
    _venue: VenueIndex,
    _instrument: InstrumentIndex,
    side: Side,
    price: number,
    lots: number,
    us: number,
  ): void {
    this.prints.push([side, price, lots, us])
  }

  async pass(seconds: number): Promise<void> {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      this.#ns += NS_PER_S / 10
      this.feed.work(this.#ns as MonoNs)
      await settle()
    }
  }

  side(which: BookSide): number[][] {
    const prices = new Float64Array(3)
    const lots = new Float64Array(3)
    const count = this.book.copyTop(which, 3, prices, lots)
    return Array.from({ length: count }, (_, at) => [prices[at], lots[at]])
  }

  count(method: string): number {
    return this.client.calls.filter((call) => call === method).length
  }
}

const quotes = {
  bids: [
    [100.01, 1],
    [100, 0.00005],
    [99.99, 2.00019],
  ],
  asks: [
    [100.02, 0.5],
    [100.025, 9],
    [100.01, 9],
    [100.03, 1],
    [100.04, 1],
    [100.05, 1],
  ],
}

describe('a book', () => {
  test('is mirrored in ticks and whole lots, best first; what is off the grid or out of order is left out', async () => {
    const bench = new Bench('watchOrderBook')
    bench.client.book = quotes
    await bench.pass(0.1)
    expect(bench.side(BookSide.bid)).toEqual([
      [10_001, 10_000],
      [9_999, 20_001],
    ])
    expect(bench.side(BookSide.ask).map(([price]) => price)).toEqual([10_002, 10_003, 10_004])
    expect(bench.book.refused).toBe(2)
  })

  test('that is crossed is none', async () => {
    const bench = new Bench('watchOrderBook')
    bench.client.book = { bids: [[100.02, 1]], asks: [[100.02, 1]] }
    await bench.pass(0.1)
    expect(bench.book.isEmpty).toBe(true)
    expect(bench.feed.counters.crossed).toBeGreaterThan(0)
  })

  test('is polled twice a second at most where there is no stream', async () => {
    const bench = new Bench()
    bench.client.book = quotes
    await bench.pass(5)
    expect(bench.count('watchOrderBook')).toBe(0)
    expect(bench.count('fetchOrderBook')).toBeGreaterThanOrEqual(8)
    expect(bench.count('fetchOrderBook')).toBeLessThanOrEqual(10)
  })

  test('is polled while its stream fails or is silent, which is said in one line', async () => {
    const bench = new Bench('watchOrderBook')
    bench.client.book = quotes
    bench.client.watchOrderBook = async () => {
      throw ccxtError('NetworkError')
    }
    await bench.pass(10)
    expect(bench.count('fetchOrderBook')).toBeGreaterThan(10)
    expect(bench.lines).toEqual([expect.stringMatching(/book stream fails, trying again ever later: NetworkError/)])

    const quiet = new Bench('watchOrderBook')
    quiet.client.hang.add('watchOrderBook')
    quiet.client.book = quotes
    await quiet.pass(20)
    expect(quiet.count('fetchOrderBook')).toBeGreaterThan(3)
    expect(quiet.book.isEmpty).toBe(false)
    expect(quiet.lines).toHaveLength(1)
  })

  test('that nobody tells any more is told empty, and lives again with the next one', async () => {
    const bench = new Bench()
    bench.client.book = quotes
    await bench.pass(1)
    const ask = bench.client.fetchOrderBook.bind(bench.client)
    bench.client.fetchOrderBook = () => Promise.reject(ccxtError('ExchangeNotAvailable'))
    const { told } = bench
    await bench.pass(32)
    expect(bench.book.isEmpty).toBe(true)
    expect(bench.told).toBe(told + 1)
    bench.client.fetchOrderBook = ask
    await bench.pass(40)
    expect(bench.book.isEmpty).toBe(false)
    expect(bench.lines.map((line) => line.replace(/:.*/, ''))).toEqual([
      'BTC/USDT book fails, trying again ever later',
      'BTC/USDT book is stale',
      'BTC/USDT book is live again',
      'BTC/USDT book works again',
    ])
  })
})

test('prints are told once, on the grid, with their aggressor', async () => {
  const bench = new Bench('watchTrades')
  const print = { id: '1', timestamp: START_MS, side: 'sell', price: 100.01, amount: 0.25 }
  bench.client.trades.push(print, print, { ...print, id: '2', price: 100.015 }, { ...print, id: '3', side: undefined })
  await bench.pass(0.5)
  expect(bench.prints).toEqual([[Side.sell, 10_001, 2_500, START_MS * 1_000]])
  expect(bench.feed.counters).toMatchObject({ prints: 1, refused: 2 })
})
