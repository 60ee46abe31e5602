import { expect, test } from 'vitest'
import { independentReserveOrders as venue } from '../../../../../hotpath/venues/independentreserve/independentreserve-orders-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'abc-aud'
const T = 1_700_000_000_000
const hello = { Data: ['orderbook-abc'], Time: T, Event: 'Subscriptions' }
let lastNonce = 0
const event = (Event: string, Data: object, nonce = ++lastNonce, Time = T + nonce) => ({
  Channel: 'orderbook-abc',
  Nonce: nonce,
  Data,
  Time,
  Event,
})
const placed = (OrderGuid: string, OrderType: string, aud: number, Volume: number, nonce?: number) =>
  event('NewOrder', { OrderType, OrderGuid, Price: { aud, nzd: aud * 2 }, Volume }, nonce)
const changed = (OrderGuid: string, OrderType: string, Volume: number, nonce?: number) =>
  event('OrderChanged', { OrderType, OrderGuid, Volume }, nonce)
const canceled = (OrderGuid: string, OrderType: string, nonce?: number) =>
  event('OrderCanceled', { OrderType, OrderGuid }, nonce)
type Listed = readonly [string, number, number]
const orders = (listed: readonly Listed[]) => listed.map(([Guid, Price, Volume]) => ({ Guid, Price, Volume }))
const list = (buys: readonly Listed[], sells: readonly Listed[], timeMs = T + 50) => ({
  BuyOrders: orders(buys),
  SellOrders: orders(sells),
  CreatedTimestampUtc: new Date(timeMs).toISOString(),
})

function opened(): FeedBench {
  lastNonce = 0
  const bench = new FeedBench(venue)
  bench.hear(hello)
  return bench
}

test('orders at one price are one level', () => {
  const bench = opened()
  expect(
    bench.hearSnapshot(
      A,
      list(
        [
          ['a', 10, 1],
          ['b', 10, 2.5],
        ],
        [['c', 11, 4]],
      ),
    ),
  ).toBe('parsed')
  expect(bench.book(A)).toBe('10x3.5 | 11x4')
  bench.hear(placed('d', 'LimitBid', 10, 0.5))
  bench.hear(changed('a', 'LimitBid', 0.25))
  bench.hear(canceled('b', 'LimitBid'))
  expect(bench.book(A)).toBe('10x0.75 | 11x4')
  bench.hear(changed('a', 'LimitBid', 0))
  bench.hear(canceled('d', 'LimitBid'))
  expect([bench.book(A), bench.lost]).toEqual([' | 11x4', []])
})

test('events before the list say more than it does', () => {
  const bench = opened()
  bench.hear(placed('new', 'LimitOffer', 12, 1))
  bench.hear(canceled('gone', 'LimitBid'))
  bench.hear(changed('less', 'LimitBid', 3))
  bench.hearSnapshot(
    A,
    list(
      [
        ['gone', 10, 1],
        ['less', 9, 5],
      ],
      [['c', 11, 4]],
    ),
  )
  expect(bench.book(A)).toBe('9x3 | 11x4 12x1')
})

test('a list made before the events began is refused, and one that is none', () => {
  const bench = opened()
  expect(bench.hearSnapshot(A, list([], [], T - 1))).toBe('malformed')
  expect(bench.hearSnapshot(A, '{"BuyOrders":[{"Guid":"a"}],"SellOrders":[]}')).toBe('malformed')
  expect(new FeedBench(venue).hearSnapshot(A, list([], [])), 'nothing has been heard yet').toBe('malformed')
})

test('a later list heals what events have not told for long', () => {
  const bench = opened()
  bench.hearSnapshot(A, list([['a', 10, 1]], []))
  bench.hear(placed('young', 'LimitBid', 8, 1))
  bench.hearSnapshot(A, list([['b', 9, 2]], [], T + 5_000))
  expect(bench.book(A)).toBe('9x2 8x1 | ')
})

test('a missing number loses every book of the asset, a new count too', () => {
  for (const nonce of [5, 1]) {
    const bench = opened()
    bench.hear(placed('x', 'LimitBid', 1, 1, 2))
    bench.hearSnapshot(A, list([['a', 10, 1]], []))
    bench.hearSnapshot('abc-nzd', list([['a', 20, 1]], []))
    bench.hear(placed('y', 'LimitBid', 1, 1, nonce))
    expect([bench.book(A), bench.book('abc-nzd')]).toEqual(['lost', 'lost'])
    expect(bench.hearSnapshot(A, list([['a', 10, 1]], [], T + 60))).toBe('parsed')
    expect(bench.book(A)).toBe('10x1 1x1 | ')
  }
})

test('the same event twice is one', () => {
  const bench = opened()
  bench.hearSnapshot(A, list([], []))
  const once = placed('a', 'LimitBid', 10, 1)
  bench.hear(once)
  expect(bench.hear(once)).toBe('repeated')
  expect(bench.book(A)).toBe('10x1 | ')
})

test('trades of a pair and of an asset', () => {
  const bench = opened()
  const trade = (Channel: string, Price: unknown, Side: string) => ({
    Channel,
    Nonce: 1,
    Data: { TradeGuid: 't', Price, Volume: 0.5, Side },
    Time: T,
    Event: 'Trade',
  })
  bench.hear(trade('ticker-abc-aud', 10.5, 'Buy'))
  bench.hear(trade('ticker-abc', { Aud: 10.6, Nzd: 21.2 }, 'Sell'))
  expect(bench.trades.map(({ name, side, price, size }) => [name, side, price, size])).toEqual([
    [A, 'buy', 10.5, 0.5],
    [A, 'sell', 10.6, 0.5],
    ['abc-nzd', 'sell', 21.2, 0.5],
  ])
  expect(bench.hear(trade('ticker-abc', { Aud: 'x' }, 'Sell'))).toBe('malformed')
})

test('keys in another order', () => {
  const bench = opened()
  bench.hearSnapshot(A, list([], []))
  const { Channel, Nonce, Data, Time, Event } = placed('a', 'LimitOffer', 10, 1)
  bench.hear({ Event, Data, Time, Nonce, Channel })
  expect(bench.book(A)).toBe(' | 10x1')
})

test('what is said around the data', () => {
  const bench = opened()
  expect(bench.hear({ Time: 1, Event: 'Heartbeat' })).toBe('heartbeat')
  expect(bench.hear({ Data: 'x', Time: 1, Event: 'Error' })).toBe('refused')
  expect(bench.hear({ Channel: 'else-abc', Time: 1, Event: 'NewOrder' })).toBe('unknownChannel')
  expect(bench.hear(event('NewOrder', { OrderType: 'LimitBid', OrderGuid: 'a', Volume: 1 }))).toBe('malformed')
  expect(bench.hear('')).toBe('malformed')
})

test('cut anywhere: nothing is told', () => {
  lastNonce = 0
  expect(wrongCut(venue, [hello], placed('a', 'LimitBid', 10, 1), A)).toBeUndefined()
})

test('a book of an address', () => {
  expect(venue.snapshotSymbol?.(venue.snapshotUrl?.(A) ?? '')).toBe(A)
  expect(
    venue.snapshotSymbol?.(
      'https://api.independentreserve.com/Public/GetAllOrders?primaryCurrencyCode=Xbt&secondaryCurrencyCode=Usd',
    ),
  ).toBe('xbt-usd')
  const url = 'https://api.independentreserve.com/Public/GetValidPrimaryCurrencyCodes'
  expect(venue.readListings(url, '["Xbt"]')?.map(({ name }) => name)).toEqual([
    'xbt-aud',
    'xbt-usd',
    'xbt-nzd',
    'xbt-sgd',
  ])
})
