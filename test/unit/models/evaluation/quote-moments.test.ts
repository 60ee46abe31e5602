import { expect, test } from 'vitest'
import { BookSide } from '../../../../hotpath/book/book-table.ts'
import { quoteMoments } from '../../../../models/evaluation/quote-moments.ts'

const NINE_THIRTY_MS = 34_200_000

/** Every minute: a bid at N and Q, an ask at N, Q and P, one cent apart, rising a cent an hour. */
function day(): Buffer {
  const rows: string[] = []
  for (let minute = 0; minute < 390; minute++) {
    const time = NINE_THIRTY_MS + minute * 60_000
    const bid = 1_000_000 + 100 * Math.floor(minute / 60)
    // The ask moves first: the market is never locked.
    for (const [at, venue] of ['N', 'Q', 'P'].entries()) rows.push(`${time},0,0,${bid + 100},${300 + at},${venue},1,0`)
    rows.push(`${time},${bid},200,0,0,N,1,0`, `${time},${bid},100,0,0,Q,1,0`)
  }
  return Buffer.from(`${rows.join('\n')}\n`)
}

test('evenly spread times, in blocks of half an hour', () => {
  const { moments, blocks, notes } = quoteMoments(day(), 'x', 76, 5)
  expect(moments).toHaveLength(76)
  expect(blocks).toBe(13)
  expect(new Set(moments.map(({ block }) => block))).toEqual(new Set(Array.from({ length: 13 }, (_, i) => 5 + i)))
  expect(notes).toEqual([])
})

test('who is at the touch with how much, and an assumed level one cent behind', () => {
  const [moment] = quoteMoments(day(), 'x', 4, 0).moments
  expect(moment.venues.map(({ name }) => name)).toEqual(['N', 'P', 'Q'])
  expect(moment.mid).toBe(1_000_050)
  expect(moment.topLots).toBeCloseTo((200 + 100 + 300 + 301 + 302) / 5, 10)
  const [n, p] = moment.venues.map(({ bookRow }) => bookRow)
  expect(moment.displayed.count(n, BookSide.bid)).toBe(1)
  expect(moment.displayed.bestLots(n, BookSide.bid)).toBe(200)
  expect(moment.displayed.count(p, BookSide.bid)).toBe(0)
  expect(moment.fillable.count(n, BookSide.ask)).toBe(2)
  expect(moment.fillable.bestPrice(n, BookSide.ask)).toBe(1_000_100)
  expect(moment.fillable.prices[moment.fillable.offset(n, BookSide.ask)]).toBe(1_000_200)
  expect(moment.fillable.prices[moment.fillable.offset(n, BookSide.bid)]).toBe(999_900)
})

test('fees: none, or the assumed ones a share as millionths of the price', () => {
  const [moment] = quoteMoments(day(), 'x', 4, 0).moments
  expect(moment.venues[0].takerPpm[0]).toBe(0)
  expect(moment.venues[0].takerPpm[1]).toBeCloseTo((25 / 1_000_050) * 1e6, 9)
})

test('times without an open market or with one venue are passed over and said', () => {
  const lone = Buffer.from('34200000,1000000,5,0,0,N,1,0\n34200001,0,0,1000100,5,N,1,0\n57299999,0,0,1000100,5,N,1,0\n')
  const { moments, notes } = quoteMoments(lone, 'x', 4, 0)
  expect(moments).toEqual([])
  expect(notes[0]).toContain('4 with one venue')
})
