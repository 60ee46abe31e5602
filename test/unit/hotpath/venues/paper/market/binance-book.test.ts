import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BinanceBook, type BookChanges } from '../../../../../../hotpath/venues/paper/market/binance-book.ts'
import {
  BinanceMarket,
  type CapturedLevels,
  type DepthFrame,
  type SnapshotFrame,
} from '../../../../../../hotpath/venues/paper/market/binance-frame.ts'

class Kept implements BookChanges {
  readonly sides = [new Map<number, number>(), new Map<number, number>()] as const
  clears = 0
  told = 0
  onClear(): void {
    this.clears++
    for (const side of this.sides) side.clear()
  }
  onLevel(side: 0 | 1, price: number, qty: number): void {
    this.told++
    if (qty === 0) this.sides[side].delete(price)
    else this.sides[side].set(price, qty)
  }
  onUpdateEnd(): void {}
}

function snapshot(lastId: number, bids: CapturedLevels = [100, 5], asks: CapturedLevels = [110, 5]): SnapshotFrame {
  return { kind: 'snapshot', lastId, bids, asks, priceDigits: 0, qtyDigits: 0 }
}

function spot(firstId: number, lastId: number, bids: CapturedLevels = [], asks: CapturedLevels = []): DepthFrame {
  const digits = { priceDigits: 0, qtyDigits: 0 }
  return {
    kind: 'depth',
    market: BinanceMarket.spot,
    symbol: 'BTCUSDT',
    firstId,
    lastId,
    previousId: -1,
    bids,
    asks,
    ...digits,
  }
}

function future(previousId: number, firstId: number, lastId: number, bids: CapturedLevels = []): DepthFrame {
  return { ...spot(firstId, lastId, bids), market: BinanceMarket.usdm, previousId }
}

function begin(): { book: BinanceBook; kept: Kept } {
  const kept = new Kept()
  return { book: new BinanceBook(kept), kept }
}

test('spot: changes wait for the snapshot, older ones are dropped, the first one straddles it', () => {
  const { book, kept } = begin()
  book.applyDepth(spot(8, 10, [99, 1]))
  book.applyDepth(spot(11, 14, [98, 2]))
  book.applyDepth(spot(15, 16, [97, 3]))
  expect(kept.told).toBe(0)
  book.applySnapshot(snapshot(12))
  expect([...kept.sides[0]]).toEqual([
    [100, 5],
    [98, 2],
    [97, 3],
  ])
  expect(book).toMatchObject({ applied: 2, old: 1, gaps: 0 })
})

test('spot: the first change may begin right after the snapshot, but not later', () => {
  const good = begin()
  good.book.applySnapshot(snapshot(12))
  good.book.applyDepth(spot(13, 15))
  expect(good.book).toMatchObject({ applied: 1, gaps: 0 })
  const late = begin()
  late.book.applySnapshot(snapshot(12))
  late.book.applyDepth(spot(14, 15))
  expect(late.book).toMatchObject({ applied: 0, gaps: 1 })
  expect(late.kept.sides[0].size).toBe(0)
})

test('spot: each change begins where the one before ended, or the book starts anew', () => {
  const { book, kept } = begin()
  book.applySnapshot(snapshot(12))
  book.applyDepth(spot(13, 15, [99, 1]))
  book.applyDepth(spot(17, 18, [98, 1]))
  expect(book.gaps).toBe(1)
  expect(kept.sides[0].size).toBe(0)
  expect(book.isWaiting).toBe(true)
  book.applyDepth(spot(19, 20, [97, 1]))
  book.applySnapshot(snapshot(18, [90, 1]))
  expect([...kept.sides[0]]).toEqual([
    [90, 1],
    [97, 1],
  ])
  expect(book.isWaiting).toBe(false)
})

test('futures: pu is the u before; after the snapshot the frame that straddles it', () => {
  const { book } = begin()
  book.applyDepth(future(2, 5, 9))
  book.applyDepth(future(9, 11, 14, [99, 1]))
  book.applyDepth(future(14, 20, 25, [98, 1]))
  book.applySnapshot(snapshot(12))
  expect(book).toMatchObject({ applied: 2, old: 1, gaps: 0 })
  book.applyDepth(future(24, 26, 27))
  expect(book.gaps).toBe(1)
})

test('futures: a snapshot between two frames (ids are shared by all symbols) is no gap', () => {
  const { book } = begin()
  book.applyDepth(future(2, 5, 9))
  book.applyDepth(future(9, 15, 18, [99, 1]))
  book.applySnapshot(snapshot(12))
  expect(book).toMatchObject({ applied: 1, old: 1, gaps: 0 })
})

test('a whole book needs no further snapshot', () => {
  const { book, kept } = begin()
  book.applySnapshot(snapshot(12))
  book.applySnapshot(snapshot(13, [50, 1]))
  expect(book.unneededSnapshots).toBe(1)
  expect([...kept.sides[0]]).toEqual([[100, 5]])
})

test('without a snapshot the book grows from its changes, and a late snapshot completes it', () => {
  const { book, kept } = begin()
  book.applyDepth(spot(11, 12, [99, 1], [101, 2]))
  book.growFromChanges()
  expect(book.isGrown).toBe(true)
  expect([...kept.sides[0]]).toEqual([[99, 1]])
  book.applyDepth(spot(13, 14, [98, 4]))
  book.applySnapshot(snapshot(13, [99, 1, 90, 7], [101, 2]))
  expect(book.isGrown).toBe(false)
  expect([...kept.sides[0]]).toEqual([
    [99, 1],
    [90, 7],
    [98, 4],
  ])
  expect(book.gaps).toBe(0)
})

test('only differences are told', () => {
  const { book, kept } = begin()
  book.applySnapshot(snapshot(12))
  const before = kept.told
  book.applyDepth(spot(13, 13, [100, 5, 70, 0]))
  expect(kept.told).toBe(before)
  book.applyDepth(spot(14, 14, [100, 6]))
  expect(kept.told).toBe(before + 1)
})

test('with no gap the book is the snapshot with every later change applied, in any timing of the snapshot', () => {
  const change = fc.tuple(fc.integer({ min: 90, max: 110 }), fc.integer({ min: 0, max: 3 }))
  fc.assert(
    fc.property(fc.array(change, { minLength: 2, maxLength: 40 }), fc.nat(), fc.nat(), (changes, a, b) => {
      const arrives = a % changes.length
      const lastId = b % (arrives + 1)
      const truth = new Map<number, number>()
      const atSnapshot: number[] = []
      const { book, kept } = begin()
      changes.forEach(([price, qty], at) => {
        const id = at + 1
        if (qty === 0) truth.delete(price)
        else truth.set(price, qty)
        if (id === lastId) for (const [p, q] of truth) atSnapshot.push(p, q)
        book.applyDepth(spot(id, id, [price, qty]))
        if (at === arrives) book.applySnapshot(snapshot(lastId, atSnapshot, []))
      })
      const sorted = (map: ReadonlyMap<number, number>) => [...map].sort((x, y) => x[0] - y[0])
      expect(sorted(kept.sides[0])).toEqual(sorted(truth))
      expect(book.gaps).toBe(0)
    }),
  )
})
