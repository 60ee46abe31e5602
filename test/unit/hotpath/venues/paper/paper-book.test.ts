import { describe, expect, test } from 'vitest'
import { PaperBook } from '../../../../../hotpath/venues/paper/paper-book.ts'
import { SelfTrade } from '../../../../../hotpath/venues/paper/paper-options.ts'
import { PaperOrders } from '../../../../../hotpath/venues/paper/paper-orders.ts'
import type { Side } from '../../../../../shared/domain/order.ts'
import type { PriceTicks, QtyLots } from '../../../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../../../shared/units/time.ts'
import { ASK, BID, BUY, FIRST_INSTRUMENT, SELL, testOrder } from '../../../../conformance/venue-conformance-bench.ts'

/** A book of which every event is a line of text: `maker 1 5@100` is five lots at 100 of the first order. */
class Bench {
  readonly orders = new PaperOrders()
  readonly told: string[] = []
  readonly book: PaperBook
  nowNs = 0
  #parent = 0

  constructor(terms: { selfTrade?: SelfTrade; halfLifeNs?: number } = {}) {
    const name = (row: number): number => this.orders.parentSequence[row]
    this.book = new PaperBook(
      this.orders,
      {
        onMakerFill: (row, price, lots) => this.told.push(`maker ${name(row)} ${lots}@${price}`),
        onTakerFill: (row, price, lots) => this.told.push(`taker ${name(row)} ${lots}@${price}`),
        onMakerPrevented: (row) => this.told.push(`prevented ${name(row)}`),
        onCrossed: (_row, _aggressor, price, lots) => this.told.push(`crossed ${lots}@${price}`),
        onBookChanged: () => {},
      },
      {
        instrument: FIRST_INSTRUMENT,
        lotStep: 1,
        halfLifeNs: terms.halfLifeNs ?? Number.POSITIVE_INFINITY,
        selfTrade: terms.selfTrade ?? SelfTrade.expireTaker,
      },
    )
  }

  level(side: typeof BID | typeof ASK, price: number, lots: number): void {
    this.book.setLevel(side, price as PriceTicks, lots as QtyLots, this.#now)
  }

  update(...levels: [typeof BID | typeof ASK, number, number][]): void {
    for (const [side, price, lots] of levels) this.level(side, price, lots)
    this.book.endUpdate(this.#now)
  }

  trade(aggressor: Side, price: number, lots: number): void {
    this.book.tradeBackground(aggressor, price as PriceTicks, lots as QtyLots)
  }

  /** Takes what it can and rests. Answers its row. */
  order(account: number, side: Side, price: number, lots: number): number {
    const row = this.orders.add(account, testOrder(side, price, lots, { parent: ++this.#parent }))
    const isThrough = this.book.take(row, this.#now)
    if (isThrough && this.orders.left(row) > 0) this.book.rest(row, this.#now)
    return row
  }

  shown(side: typeof BID | typeof ASK, levels = 10): [number, number][] {
    const prices = new Float64Array(levels)
    const lots = new Float64Array(levels)
    const count = this.book.copyTop(side, levels, prices, lots, this.#now)
    return Array.from({ length: count }, (_, at) => [prices[at], lots[at]])
  }

  news(): string[] {
    return this.told.splice(0)
  }

  get #now(): MonoNs {
    return this.nowNs as MonoNs
  }
}

describe('taking', () => {
  test('goes through the levels best first and leaves the rest', () => {
    const bench = new Bench()
    bench.update([ASK, 100, 5], [ASK, 101, 5], [ASK, 103, 5])
    bench.order(0, BUY, 102, 8)
    expect(bench.news()).toEqual(['taker 1 5@100', 'taker 1 3@101'])
    expect(bench.shown(ASK)).toEqual([
      [101, 2],
      [103, 5],
    ])
  })

  test('what it took comes back with the half-life', () => {
    const bench = new Bench({ halfLifeNs: 1_000 })
    bench.update([ASK, 100, 8])
    bench.order(0, BUY, 100, 8)
    expect(bench.shown(ASK)).toEqual([])
    bench.nowNs = 1_000
    expect(bench.shown(ASK)).toEqual([[100, 4]])
    expect(bench.book.isRefilling(bench.nowNs as MonoNs)).toBe(true)
    bench.nowNs = 20_000
    expect(bench.shown(ASK)).toEqual([[100, 8]])
    expect(bench.book.isRefilling(bench.nowNs as MonoNs)).toBe(false)
  })

  test('at one price: background ahead, the order, background behind', () => {
    const bench = new Bench()
    bench.update([ASK, 100, 5])
    bench.order(0, SELL, 100, 3)
    bench.update([ASK, 100, 9])
    bench.order(1, BUY, 100, 10)
    expect(bench.news()).toEqual(['taker 2 5@100', 'maker 1 3@100', 'taker 2 3@100', 'taker 2 2@100'])
  })

  test('earlier orders trade first, and a better price before an earlier order', () => {
    const bench = new Bench()
    bench.order(0, SELL, 101, 3)
    bench.order(1, SELL, 101, 3)
    bench.order(0, SELL, 100, 3)
    bench.order(2, BUY, 101, 7)
    expect(bench.news()).toEqual([
      'maker 3 3@100',
      'taker 4 3@100',
      'maker 1 3@101',
      'taker 4 3@101',
      'maker 2 1@101',
      'taker 4 1@101',
    ])
  })
})

describe('waiting in the queue', () => {
  test('trades at the price reduce what is ahead, then fill; behind us nothing matters', () => {
    const bench = new Bench()
    bench.update([BID, 100, 5])
    bench.order(0, BUY, 100, 4)
    bench.trade(SELL, 100, 3)
    bench.update([BID, 100, 2])
    expect(bench.news()).toEqual([])
    bench.update([BID, 100, 50])
    bench.trade(SELL, 100, 4)
    expect(bench.news()).toEqual(['maker 1 2@100'])
  })

  test('cancels ahead move us up only once the level is smaller than what was ahead', () => {
    const bench = new Bench()
    bench.update([BID, 100, 10])
    const row = bench.order(0, BUY, 100, 4)
    bench.update([BID, 100, 30])
    bench.update([BID, 100, 12])
    expect(bench.orders.queueAhead[row]).toBe(10)
    bench.update([BID, 100, 6])
    expect(bench.orders.queueAhead[row]).toBe(6)
    bench.update([BID, 100, 0])
    bench.update([BID, 100, 20])
    bench.trade(SELL, 100, 1)
    expect(bench.news()).toEqual(['maker 1 1@100'])
  })

  test('a trade through our price fills us first, at our price, whatever was ahead', () => {
    const bench = new Bench()
    bench.update([BID, 100, 50], [BID, 99, 50])
    bench.order(0, BUY, 100, 4)
    bench.trade(SELL, 99, 10)
    expect(bench.news()).toEqual(['maker 1 4@100'])
  })

  test('a trade never fills more than its own size over all our orders', () => {
    const bench = new Bench()
    bench.order(0, BUY, 101, 4)
    bench.order(1, BUY, 100, 4)
    bench.order(2, BUY, 100, 4)
    bench.trade(SELL, 100, 7)
    expect(bench.news()).toEqual(['maker 1 4@101', 'maker 2 3@100'])
  })

  test('a book that starts anew keeps our place, up to what is there then', () => {
    const bench = new Bench()
    bench.update([BID, 100, 10])
    const row = bench.order(0, BUY, 100, 4)
    bench.book.clear()
    bench.level(BID, 100, 7)
    expect(bench.orders.queueAhead[row]).toBe(10)
    bench.book.endUpdate(0 as MonoNs)
    expect(bench.orders.queueAhead[row]).toBe(7)
  })
})

describe('the background coming through', () => {
  test('fills us at our price, up to what it shows, once', () => {
    const bench = new Bench()
    bench.order(0, BUY, 100, 10)
    bench.update([ASK, 99, 4])
    expect(bench.news()).toEqual(['maker 1 4@100', 'crossed 4@100'])
    expect(bench.shown(ASK)).toEqual([])
    expect(bench.shown(BID)).toEqual([[100, 6]])
    bench.update([ASK, 99, 4])
    expect(bench.news()).toEqual([])
  })

  test('also when it comes back after we took it', () => {
    const bench = new Bench({ halfLifeNs: 1_000 })
    bench.update([ASK, 100, 8])
    bench.order(0, BUY, 100, 10)
    expect(bench.news()).toEqual(['taker 1 8@100'])
    bench.nowNs = 1_000
    bench.book.settleCrossed(bench.nowNs as MonoNs)
    expect(bench.news()).toEqual(['maker 1 2@100', 'crossed 2@100'])
    expect(bench.shown(ASK)).toEqual([[100, 2]])
  })
})

describe('self-trade prevention', () => {
  const modes: readonly (readonly [string, SelfTrade, readonly string[], number])[] = [
    ['none', SelfTrade.none, ['taker 3 2@100', 'maker 1 3@100', 'taker 3 3@100', 'maker 2 3@101', 'taker 3 3@101'], 8],
    ['the taker expires', SelfTrade.expireTaker, ['taker 3 2@100'], 2],
    ['the maker expires', SelfTrade.expireMaker, ['taker 3 2@100', 'prevented 1', 'maker 2 3@101', 'taker 3 3@101'], 5],
    ['both expire', SelfTrade.expireBoth, ['taker 3 2@100', 'prevented 1'], 2],
  ]
  test.each(modes)('%s', (_name, selfTrade, expected, fillable) => {
    const bench = new Bench({ selfTrade })
    bench.update([ASK, 100, 2])
    bench.order(7, SELL, 100, 3)
    bench.order(8, SELL, 101, 3)
    const all = bench.orders.add(7, testOrder(BUY, 101, fillable, { parent: 98 }))
    const more = bench.orders.add(7, testOrder(BUY, 101, fillable + 1, { parent: 99 }))
    expect(bench.book.canFill(all, 0 as MonoNs)).toBe(true)
    expect(bench.book.canFill(more, 0 as MonoNs)).toBe(false)
    bench.order(7, BUY, 101, 8)
    expect(bench.news()).toEqual(expected)
  })
})

test('everybody sees the background and our resting orders together, best first', () => {
  const bench = new Bench()
  bench.update([BID, 99, 5], [BID, 97, 5])
  bench.order(0, BUY, 99, 2)
  bench.order(1, BUY, 98, 3)
  expect(bench.shown(BID)).toEqual([
    [99, 7],
    [98, 3],
    [97, 5],
  ])
  expect(bench.shown(BID, 2).length).toBe(2)
})
