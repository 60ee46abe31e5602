import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { independentReserve } from '../../../../../hotpath/venues/independentreserve/independentreserve-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'abc-aud'
type Level = readonly [number, number]
const digits = (value: number) => value.toFixed(8).replace('.', '').replace(/^0+/, '')
const sum = (levels: readonly Level[]) =>
  crc32(levels.map(([price, volume]) => digits(price) + digits(volume)).join(''))
const sides = (levels: readonly Level[]) => levels.map(([Price, Volume]) => ({ Price, Volume }))
const frame = (Event: string, bids: readonly Level[], offers: readonly Level[], Crc32: number, pair = 'abc/aud') => ({
  Channel: `orderbook/100/${pair}`,
  Data: { Bids: sides(bids), Offers: sides(offers), Crc32 },
  Time: 1_700_000_000_000,
  Event,
})
const bids: Level[] = [
  [100.5, 0.25],
  [100, 1.12345678],
]
const offers: Level[] = [[101, 3]]
const whole = frame('OrderBookSnapshot', bids, offers, sum([...bids, ...offers]))

test('a whole book and changes, each checked: bids first, 8 digits', () => {
  const bench = new FeedBench(independentReserve)
  expect(bench.hear(whole)).toBe('parsed')
  const after = sum([
    [100, 1.12345678],
    [99, 2],
    [101, 3],
  ])
  // A level is told as gone and new in one message.
  bench.hear(
    frame(
      'OrderBookChange',
      [
        [100.5, 0],
        [99, 0],
        [99, 2],
      ],
      [],
      after,
    ),
  )
  expect([bench.book(A), bench.keeper.book(0).checksums, bench.lost]).toEqual(['100x1.12345678 99x2 | 101x3', 2, []])
})

test('a checksum that does not hold loses the book', () => {
  const bench = new FeedBench(independentReserve)
  bench.hear(whole)
  bench.hear(frame('OrderBookChange', [[100.5, 0]], [], 1))
  expect(bench.lost).toEqual([`${A} checksum`])
})

test('the channel behind the data, in any case of letters', () => {
  const bench = new FeedBench(independentReserve)
  const { Channel, Data, Time, Event } = whole
  bench.hear({ Event, Time, Data, Channel: Channel.replace('abc/aud', 'ABC/Aud') })
  expect(bench.book(A)).toBe('100.5x0.25 100x1.12345678 | 101x3')
})

test('what is said around the data', () => {
  const bench = new FeedBench(independentReserve)
  expect(bench.hear({ Time: 1, Event: 'Heartbeat' })).toBe('heartbeat')
  expect(bench.hear({ Data: [A], Time: 1, Event: 'Subscriptions' })).toBe('answer')
  expect(bench.hear({ Data: 'Unknown event', Time: 1, Event: 'Error' })).toBe('refused')
  expect(bench.hear({ Channel: 'ticker-abc', Data: {}, Event: 'Trade' })).toBe('unknownChannel')
  expect(bench.hear('[]')).toBe('malformed')
  expect(new FeedBench(independentReserve, ['x-aud']).hear(whole)).toBe('unknownSymbol')
})

test('cut anywhere: never a wrong book; a broken level loses that book only', () => {
  const change = frame(
    'OrderBookChange',
    [[100.5, 0]],
    [],
    sum([
      [100, 1.12345678],
      [101, 3],
    ]),
  )
  expect(wrongCut(independentReserve, [whole], change, A)).toBeUndefined()
})

test('instruments: every asset in every currency', () => {
  const body = JSON.stringify({ Xbt: 0.0001, Abc: 0.5 })
  const url = independentReserve.listingUrls()[0]
  const listed = independentReserve.readListings(url, body) ?? []
  expect(listed).toHaveLength(8)
  expect(listed[0]).toMatchObject({ name: 'btc-aud', symbol: 'BTC/AUD', quantityMin: '0.0001' })
  expect(listed[7]).toMatchObject({ name: 'abc-sgd', symbol: 'ABC/SGD', quantityMin: '0.5' })
})
