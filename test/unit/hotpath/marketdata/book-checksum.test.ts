import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DepthBook } from '../../../../hotpath/book/depth-book.ts'
import { BookChecksum } from '../../../../hotpath/marketdata/book-checksum.ts'
import { ChecksumRule } from '../../../../hotpath/venues/feed/feed-venue.ts'

type Level = readonly [price: string, size: string]

const digitsOf = (text: string) => (text.split('.')[1] ?? '').length
const shortest = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

/** The book these texts make, on the coarsest grid that holds it, and the digits as written. */
function bookOf(bids: readonly Level[], asks: readonly Level[]) {
  const book = new DepthBook()
  const all = [...bids, ...asks]
  const most = (texts: string[]) => Math.max(0, ...texts.map(digitsOf))
  const priceDigits = most(all.map(([price]) => shortest(price)))
  const sizeDigits = most(all.map(([, size]) => shortest(size)))
  book.refine(priceDigits, sizeDigits)
  const scaled = (text: string, digits: number) => Number((Number(text) * 10 ** digits).toFixed(0))
  for (const [price, size] of bids) book.bids.set(scaled(price, priceDigits), scaled(size, sizeDigits))
  for (const [price, size] of asks) book.asks.set(scaled(price, priceDigits), scaled(size, sizeDigits))
  return { book, priceShown: most(all.map(([price]) => price)), sizeShown: most(all.map(([, size]) => size)) }
}

function checksum(rule: ChecksumRule, bids: readonly Level[], asks: readonly Level[]): number {
  const { book, priceShown, sizeShown } = bookOf(bids, asks)
  return new BookChecksum().of(rule, book, priceShown, sizeShown)
}

test('the example of Kraken, version 1', () => {
  const five = (prices: string[]) => prices.map((price): Level => [`0.0${price}`, '0.00000500'])
  const asks = five(['5005', '5010', '5015', '5020', '5025', '5030', '5035', '5040', '5045', '5050'])
  const bids = five(['5000', '4995', '4990', '4980', '4975', '4970', '4965', '4960', '4955', '4950'])
  expect(checksum(ChecksumRule.kraken10, bids, asks)).toBe(974_947_235)
  // The eleventh level is not summed.
  expect(checksum(ChecksumRule.kraken10, [...bids, ['0.04945', '0.00000700']], asks)).toBe(974_947_235)
})

test('the example of Kraken, version 2', () => {
  const asks: Level[] = [
    ['45285.2', '0.00100000'],
    ['45286.4', '1.54571953'],
    ['45286.6', '1.54571109'],
    ['45289.6', '1.54560911'],
    ['45290.2', '0.15890660'],
    ['45291.8', '1.54553491'],
    ['45294.7', '0.04454749'],
    ['45296.1', '0.35380000'],
    ['45297.5', '0.09945542'],
    ['45299.5', '0.18772827'],
  ]
  const bids: Level[] = [
    ['45283.5', '0.10000000'],
    ['45283.4', '1.54582015'],
    ['45282.1', '0.10000000'],
    ['45281.0', '0.10000000'],
    ['45280.3', '1.54592586'],
    ['45279.0', '0.07990000'],
    ['45277.6', '0.03310103'],
    ['45277.5', '0.30000000'],
    ['45277.3', '1.54602737'],
    ['45276.6', '0.15445238'],
  ]
  expect(checksum(ChecksumRule.kraken10, bids, asks)).toBe(3_310_070_434)
})

test('the examples of OKX: both sides of one depth, and one side deeper', () => {
  const first: Level[] = [['3366.1', '7']]
  const asks: Level[] = [
    ['3366.8', '9'],
    ['3368', '8'],
  ]
  expect(checksum(ChecksumRule.alternating25, [...first, ['3366', '6']], asks) | 0).toBe(-1_881_014_294)
  expect(checksum(ChecksumRule.alternating25, first, [...asks, ['3372', '8']]) | 0).toBe(831_078_360)
})

/** Different prices of both sides, written with so many digits; sizes of one unit up. */
const book = fc
  .record({
    priceDigits: fc.nat(8),
    sizeDigits: fc.nat(8),
    bids: fc.uniqueArray(fc.integer({ min: 1, max: 10 ** 7 }), { maxLength: 30 }),
    asks: fc.uniqueArray(fc.integer({ min: 10 ** 7 + 1, max: 10 ** 8 }), { maxLength: 30 }),
    sizes: fc.array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 60, maxLength: 60 }),
  })
  .map(({ priceDigits, sizeDigits, bids, asks, sizes }) => {
    const text = (value: number, digits: number) => {
      const whole = String(value).padStart(digits + 1, '0')
      return digits === 0 ? whole : `${whole.slice(0, -digits)}.${whole.slice(-digits)}`
    }
    const level = (price: number, at: number): Level => [text(price, priceDigits), text(sizes[at], sizeDigits)]
    return {
      bids: bids.sort((a, b) => b - a).map(level),
      asks: asks.sort((a, b) => a - b).map((price, at) => level(price, at + 30)),
    }
  })

test('agrees with the text made by hand, Kraken', () => {
  const digits = (text: string) => text.replace('.', '').replace(/^0+/, '')
  fc.assert(
    fc.property(book, ({ bids, asks }) => {
      const text = [...asks.slice(0, 10), ...bids.slice(0, 10)].map(([price, size]) => digits(price) + digits(size))
      expect(checksum(ChecksumRule.kraken10, bids, asks)).toBe(crc32(text.join('')))
    }),
  )
})

test('agrees with the text made by hand, OKX and Bitget', () => {
  fc.assert(
    fc.property(book, ({ bids, asks }) => {
      const parts: string[] = []
      for (let at = 0; at < 25; at++) {
        for (const level of [bids[at], asks[at]]) if (level !== undefined) parts.push(...level.map(shortest))
      }
      expect(checksum(ChecksumRule.alternating25, bids, asks)).toBe(crc32(parts.join(':')))
    }),
  )
})

test('agrees with the text made by hand, Bitget: zeros behind as written', () => {
  fc.assert(
    fc.property(book, ({ bids, asks }) => {
      const parts: string[] = []
      for (let at = 0; at < 25; at++) {
        for (const level of [bids[at], asks[at]]) if (level !== undefined) parts.push(...level)
      }
      expect(checksum(ChecksumRule.alternatingShown25, bids, asks)).toBe(crc32(parts.join(':')))
    }),
  )
})

test('agrees with the text made by hand, Delta', () => {
  fc.assert(
    fc.property(book, ({ bids, asks }) => {
      const side = (levels: readonly Level[]) =>
        levels
          .slice(0, 10)
          .map((level) => level.join(':'))
          .join(',')
      expect(checksum(ChecksumRule.delta10, bids, asks)).toBe(crc32(`${side(asks)}|${side(bids)}`))
    }),
  )
})

test('agrees with the text made by hand, Bitfinex', () => {
  fc.assert(
    fc.property(book, ({ bids, asks }) => {
      const parts: string[] = []
      for (let at = 0; at < 25; at++) {
        if (bids[at] !== undefined) parts.push(`${Number(bids[at][0])}:${Number(bids[at][1])}`)
        if (asks[at] !== undefined) parts.push(`${Number(asks[at][0])}:${-Number(asks[at][1])}`)
      }
      expect(checksum(ChecksumRule.bitfinex25, bids, asks)).toBe(crc32(parts.join(':')))
    }),
  )
})

test('digits that cannot be are a checksum that cannot hold, not a throw', () => {
  const { book: one } = bookOf([['1', '1']], [['2', '2']])
  expect(new BookChecksum().of(ChecksumRule.kraken10, one, 90, 90)).toBe(0)
})
