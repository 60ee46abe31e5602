import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { BookLoss } from '../../../../hotpath/marketdata/book-keeper.ts'
import { QuoteMessage, StateMessage, TradeMessage } from '../../../../hotpath/venues/feed/feed-message.ts'
import { ChecksumRule, SequenceRule } from '../../../../hotpath/venues/feed/feed-venue.ts'
import { ToyFeed } from './toy-feed.ts'

const whole = {
  bids: [
    [99, 1],
    [98, 2],
  ],
  asks: [
    [101, 1],
    [102, 2],
  ],
} as const
const overHttp = { snapshotUrl: () => 'https://toy.test' }

test('a snapshot is the book, changes change it, whatever order levels come in', () => {
  const feed = new ToyFeed()
  feed.snapshot({
    bids: [
      [98, 2],
      [99.5, 1],
    ],
    asks: [
      [102, 2],
      [101, 1.25],
    ],
  })
  expect(feed.side('bids')).toEqual([
    [99.5, 1],
    [98, 2],
  ])
  expect(feed.side('asks')).toEqual([
    [101, 1.25],
    [102, 2],
  ])
  feed.update({
    bids: [
      [99.5, 0],
      [98.75, 3],
    ],
    asks: [
      [101, 2],
      [103, 0],
    ],
  })
  expect(feed.side('bids')).toEqual([
    [98.75, 3],
    [98, 2],
  ])
  expect(feed.side('asks')).toEqual([
    [101, 2],
    [102, 2],
  ])
  expect(feed.heard()).toEqual(['anew 0', 'changed 0'])
  feed.snapshot(whole)
  expect(feed.side('bids')).toEqual([
    [99, 1],
    [98, 2],
  ])
})

test('what comes before any snapshot is counted and, with a book over HTTP, kept', () => {
  const plain = new ToyFeed()
  plain.update({ bids: [[97, 1]] }).snapshot(whole)
  expect(plain.side('bids')).toEqual([
    [99, 1],
    [98, 2],
  ])
  expect(plain.book().early).toBe(1)
  const patient = new ToyFeed({ sequence: SequenceRule.contiguous, ...overHttp })
  patient.update({ bids: [[97, 1]], first: 9, last: 10 })
  patient.update({ bids: [[96, 1]], first: 11, last: 12 })
  patient.snapshot({ ...whole, last: 10 })
  expect(patient.side('bids')).toEqual([
    [99, 1],
    [98, 2],
    [96, 1],
  ])
  expect(patient.book()).toMatchObject({ known: 12, early: 2, repeated: 1, updates: 1 })
  expect(patient.heard().at(-1)).toBe('anew 0')
})

test('kept changes that leave a hole behind the snapshot lose the book again', () => {
  const feed = new ToyFeed({ sequence: SequenceRule.contiguous, ...overHttp })
  feed.update({ first: 20, last: 21 }).snapshot({ ...whole, last: 10 })
  expect(feed.isLive()).toBe(false)
  expect(feed.heard()).toEqual(['lost 0 gap'])
})

describe('numbers that follow each other', () => {
  const feed = () => new ToyFeed({ sequence: SequenceRule.contiguous }).snapshot({ ...whole, last: 10 })

  test('the next one follows, an old one is not applied', () => {
    const one = feed()
    one.update({ bids: [[97, 1]], first: 11, last: 13 }).update({ bids: [[97, 9]], first: 11, last: 13 })
    expect(one.side('bids')).toEqual([
      [99, 1],
      [98, 2],
      [97, 1],
    ])
    expect(one.book()).toMatchObject({ known: 13, updates: 1, repeated: 1 })
  })

  test('without a first number the last one counts', () => {
    const one = feed().update({ last: 11 }).update({ last: 12 })
    expect(one.isLive()).toBe(true)
    expect(one.update({ last: 14 }).isLive()).toBe(false)
  })

  test('a hole loses this book alone, and a snapshot heals it', () => {
    const one = feed()
    one.snapshot({ ...whole, last: 5 }, 1)
    one.heard()
    one.update({ first: 12, last: 12 })
    expect(one.heard()).toEqual(['lost 0 gap'])
    expect(one.book()).toMatchObject({ gaps: 1, losses: 1, loss: BookLoss.gap })
    expect(one.side('bids')).toEqual([])
    expect(one.isLive(1)).toBe(true)
    one.update({ bids: [[1, 1]], first: 13, last: 13 })
    expect(one.side('bids')).toEqual([])
    one.snapshot({ ...whole, last: 20 }).update({ bids: [[97, 4]], first: 21, last: 21 })
    expect(one.side('bids')).toEqual([
      [99, 1],
      [98, 2],
      [97, 4],
    ])
    expect(one.book()).toMatchObject({ loss: BookLoss.none, gaps: 1, losses: 1 })
  })

  test('a venue that counts anew is noticed: thousands of old numbers are no repetition', () => {
    const one = feed()
    for (let last = 1; one.isLive() && last < 10_000; last++) one.update({ first: 1, last: 1 })
    expect(one.isLive()).toBe(false)
    expect(one.book().repeated).toBeLessThan(3_000)
    expect(one.book().repeated).toBeGreaterThan(1_024)
  })
})

describe('numbers linked to the one before', () => {
  const feed = () => new ToyFeed({ sequence: SequenceRule.linked }).snapshot({ ...whole, last: 10 })

  test('previous is what we know, however far the numbers jump', () => {
    const one = feed()
      .update({ previous: 10, last: 70 })
      .update({ previous: 70, last: 71, bids: [[97, 1]] })
    expect(one.book()).toMatchObject({ known: 71, updates: 2 })
    expect(one.update({ previous: 70, last: 71 }).book().repeated).toBe(1)
    expect(one.update({ previous: 99, last: 100 }).isLive()).toBe(false)
  })

  test('the first after a snapshot may overlap it, later ones may not', () => {
    const one = feed().update({ first: 8, last: 12, previous: 7 })
    expect(one.book()).toMatchObject({ known: 12, updates: 1 })
    expect(one.update({ first: 11, last: 15, previous: 9 }).isLive()).toBe(false)
    expect(feed().update({ first: 12, last: 15, previous: 11 }).isLive()).toBe(false)
    expect(feed().update({ first: 1, last: 9, previous: 0 }).book().repeated).toBe(1)
  })

  test('without a first number only the link counts', () => {
    expect(feed().update({ previous: 9, last: 11 }).isLive()).toBe(false)
  })

  test('a venue that begins to count anew says so by the link', () => {
    const one = feed().update({ previous: 10, last: 3 }).update({ previous: 3, last: 4 })
    expect(one.book()).toMatchObject({ known: 4, updates: 2 })
  })
})

test('growing numbers: lower ones are old', () => {
  const feed = new ToyFeed({ sequence: SequenceRule.increasing }).snapshot({ ...whole, last: 10 })
  feed.update({ last: 50, bids: [[97, 1]] }).update({ last: 20, bids: [[97, 9]] })
  expect(feed.side('bids')).toEqual([
    [99, 1],
    [98, 2],
    [97, 1],
  ])
  expect(feed.book()).toMatchObject({ known: 50, repeated: 1 })
})

test('without numbers everything follows', () => {
  const feed = new ToyFeed()
    .snapshot(whole)
    .update({ bids: [[97, 1]] })
    .update({ bids: [[97, 2]] })
  expect(feed.side('bids').at(-1)).toEqual([97, 2])
})

describe('a crossed book', () => {
  test('is lost at once', () => {
    const feed = new ToyFeed().snapshot(whole).update({ bids: [[101, 1]] })
    expect(feed.heard().at(-1)).toBe('lost 0 crossed')
    expect(feed.snapshot(whole).isLive()).toBe(true)
    expect(feed.snapshot({ bids: [[5, 1]], asks: [[4, 1]] }).isLive()).toBe(false)
  })

  test('may be for moments where the venue is known to do that', () => {
    const feed = new ToyFeed({ crossedMax: 2 }).snapshot(whole)
    feed
      .update({ bids: [[101, 1]] })
      .update({ bids: [[97, 1]] })
      .update({ bids: [[101, 0]] })
    expect(feed.isLive()).toBe(true)
    expect(feed.book().crossedInstants).toBe(2)
    feed
      .update({ bids: [[101, 1]] })
      .update({})
      .update({})
    expect(feed.isLive()).toBe(false)
  })
})

test('a checksum that does not hold loses the book', () => {
  const of = (text: string) => crc32(text)
  const feed = new ToyFeed({ checksum: ChecksumRule.alternating25 })
  feed.snapshot({ bids: [[99, 1]], asks: [[101, 2]], checksum: of('99:1:101:2') })
  feed.update({ bids: [[99.5, 3]], checksum: of('99.5:3:101:2:99:1') | 0 })
  expect(feed.isLive()).toBe(true)
  feed.update({ bids: [[99.5, 4]], checksum: 12 })
  expect(feed.heard()).toEqual(['anew 0', 'changed 0', 'lost 0 checksum'])
  expect(feed.book()).toMatchObject({ checksums: 3, checksumFaults: 1, gaps: 0 })
})

test('what cannot be read loses the book it names', () => {
  const feed = new ToyFeed().snapshot(whole).snapshot(whole, 1)
  feed.heard()
  feed.update({ isBroken: true })
  expect(feed.heard()).toEqual(['lost 0 malformed'])
  feed.snapshot({ isBroken: true }, 1)
  expect(feed.heard()).toEqual(['lost 1 malformed'])
  feed.update({ isBroken: true }, -1)
  expect(feed.heard()).toEqual([])
})

test('a frame that cannot be read: only where numbers would not tell', () => {
  for (const [sequence, isLive] of [
    [SequenceRule.contiguous, true],
    [SequenceRule.linked, true],
    [SequenceRule.increasing, false],
    [SequenceRule.none, false],
  ] as const) {
    const feed = new ToyFeed({ sequence }).snapshot({ ...whole, last: 1 })
    feed.keeper.onMalformed()
    expect(feed.isLive()).toBe(isLive)
  }
  const snapshots = new ToyFeed({ isSnapshotOnly: true }).snapshot(whole)
  snapshots.keeper.onMalformed()
  expect(snapshots.isLive()).toBe(true)
})

test('numbers that do not fit lose the book, and the next snapshot heals it', () => {
  const feed = new ToyFeed().snapshot(whole)
  feed.update({ bids: [[99.5, Number.MAX_SAFE_INTEGER]] }).update({ bids: [[0.000000000000001, 1]] })
  expect(feed.heard()).toEqual(['anew 0', 'changed 0', 'lost 0 tooLarge'])
  feed.snapshot(whole)
  expect(feed.side('bids')).toEqual([
    [99, 1],
    [98, 2],
  ])
  // A grid made by one far too fine number must not stay: here a whole book of it.
  feed.snapshot({ bids: [[0.000000000001, 0.00000000000001]] })
  expect(feed.isLive()).toBe(true)
  feed.snapshot({ bids: [[60_000.5, 1_000]], asks: [[60_001, 2]] })
  expect(feed.side('bids')).toEqual([[60_000.5, 1_000]])
  expect(feed.book().depth.priceDigits).toBe(1)
})

test('a gap of the connection loses every live book of it', () => {
  const feed = new ToyFeed().snapshot(whole).snapshot(whole, 2)
  feed.heard()
  feed.keeper.onConnectionGap()
  expect(feed.heard()).toEqual(['lost 0 gap', 'lost 2 gap'])
  expect(feed.keeper.connectionGaps).toBe(1)
})

test('a venue keeps so many levels and so do we', () => {
  const feed = new ToyFeed({ depthMax: 2 }).snapshot({
    bids: [
      [99, 1],
      [98, 1],
      [97, 1],
    ],
    asks: [[100, 1]],
  })
  expect(feed.side('bids')).toEqual([
    [99, 1],
    [98, 1],
  ])
  feed.update({ bids: [[99.5, 1]] })
  expect(feed.side('bids')).toEqual([
    [99.5, 1],
    [99, 1],
  ])
})

test('trades, quotes and states pass through', () => {
  const feed = new ToyFeed()
  feed.keeper.onTrade(new TradeMessage())
  feed.keeper.onQuote(new QuoteMessage())
  feed.keeper.onState(new StateMessage())
  expect(feed.heard()).toEqual(['trade', 'quote', 'state'])
})

test('a book carries when it changed, by both clocks', () => {
  const feed = new ToyFeed()
  feed.keeper.setTime(5_000)
  feed.snapshot(whole)
  expect(feed.book()).toMatchObject({ atNs: 5_000, timeUs: 0 })
})
