import { expect, test } from 'vitest'
import { BookSide } from '../../../../hotpath/book/book-table.ts'
import {
  exchangeLetter,
  isQuoteHead,
  NationalBest,
  type QuoteRow,
  readQuotes,
} from '../../../../models/evaluation/quote-stream.ts'

function rowsOf(text: string): { rows: QuoteRow[]; malformed: number } {
  const rows: QuoteRow[] = []
  const malformed = readQuotes(Buffer.from(text), (row) => rows.push({ ...row }))
  return { rows, malformed }
}

test('a row a line, with or without the last newline', () => {
  const { rows, malformed } = rowsOf('34200041,0,0,1836300,100,Q,1,0\n34200277,1812400,200,0,0,P,1,1')
  expect(malformed).toBe(0)
  expect(rows[0]).toEqual({
    timeMs: 34_200_041,
    bidPrice: 0,
    bidShares: 0,
    askPrice: 1_836_300,
    askShares: 100,
    exchange: 'Q'.charCodeAt(0) - 65,
    isSuspicious: false,
  })
  expect(rows[1]).toMatchObject({ bidPrice: 1_812_400, bidShares: 200, isSuspicious: true })
  expect(exchangeLetter(rows[1].exchange)).toBe('P')
})

test('rows of another shape are counted and left out, the next one is whole again', () => {
  const { rows, malformed } = rowsOf('time,bid\n1,2,3\n\n5,10,1,0,0,N,1,0\r\n')
  expect(malformed).toBe(3)
  expect(rows).toHaveLength(1)
})

test('the head of a quote file is known from that of a trade file', () => {
  expect(isQuoteHead('14400054,0,0,1836300,100,Q,1,0\n144')).toBe(true)
  expect(isQuoteHead('14430270,1815200,283,P,20002020,0\n')).toBe(false)
  expect(isQuoteHead('[{"venue": "x"}]')).toBe(false)
})

function bestAfter(text: string): NationalBest {
  const best = new NationalBest()
  readQuotes(Buffer.from(text), (row) => best.apply(row))
  return best
}

const N = 'N'.charCodeAt(0) - 65
const Q = 'Q'.charCodeAt(0) - 65

test('venues at the best price add up until it moves', () => {
  const together = bestAfter('1,100,5,0,0,N,1,0\n2,100,7,0,0,Q,1,0\n3,100,6,0,0,N,1,0\n')
  const [bid] = together.sides
  expect([bid.price, bid.shares[N], bid.shares[Q]]).toEqual([100, 6, 7])
  const moved = bestAfter('1,100,5,0,0,N,1,0\n2,100,7,0,0,Q,1,0\n3,101,2,0,0,N,1,0\n')
  expect([moved.sides[BookSide.bid].price, moved.sides[BookSide.bid].shares[Q]]).toEqual([101, 0])
})

test('suspicious rows and off-exchange prints do not count; locked is not open', () => {
  const best = bestAfter('1,100,5,0,0,N,1,0\n2,0,0,102,3,N,1,0\n3,105,5,0,0,N,1,1\n4,104,5,0,0,D,1,0\n')
  expect(best.sides[BookSide.bid].price).toBe(100)
  expect(best.isOpen).toBe(true)
  expect(bestAfter('1,100,5,0,0,N,1,0\n').isOpen).toBe(false)
  expect(bestAfter('1,100,5,0,0,N,1,0\n2,0,0,100,5,Q,1,0\n').isOpen).toBe(false)
})
