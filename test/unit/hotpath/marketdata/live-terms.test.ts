import { afterEach, describe, expect, test } from 'vitest'
import {
  chooseVenues,
  findListings,
  findLiveTerms,
  type LiveWish,
  liveTerms,
} from '../../../../hotpath/marketdata/live-terms.ts'
import { binance } from '../../../../hotpath/venues/binance/binance-feed.ts'
import { feedVenues } from '../../../../hotpath/venues/feed-registry.ts'
import { okx } from '../../../../hotpath/venues/okx/okx-feed.ts'
import { listedSymbol } from './listed.ts'
import { ScriptedDoors } from './scripted-doors.ts'
import { toyVenue } from './toy-feed.ts'

describe('the venues of a wish', () => {
  test('none named: all that are connected live', () => {
    const chosen = chooseVenues([])
    expect(chosen.length).toBeGreaterThanOrEqual(30)
    expect(chosen.every(({ retired }) => retired === undefined)).toBe(true)
  })

  test('unknown ones are refused with those there are, retired ones with why', () => {
    expect(chooseVenues(['okx', 'binance'])).toEqual([okx, binance])
    expect(() => chooseVenues(['binance', 'nobody'])).toThrow(/^no venue nobody; there are .*binance.* /)
    const retired = feedVenues.find((venue) => venue.retired !== undefined)
    expect(retired).toBeDefined()
    expect(() => chooseVenues([retired?.id ?? ''])).toThrow(
      `${retired?.id} cannot be followed live: ${retired?.retired}`,
    )
  })

  test('no two have one id', () => {
    expect(new Set(feedVenues.map(({ id }) => id)).size).toBe(feedVenues.length)
  })
})

describe('what they list, as one market', () => {
  const a = toyVenue({ id: 'a', name: 'Alpha' })
  const b = toyVenue({ id: 'b' })
  const c = toyVenue({ id: 'c' })

  test('is on the finest grid of all, in the order asked for', () => {
    const terms = liveTerms(
      [
        { venue: a, symbols: [listedSymbol(), listedSymbol({ name: 'ETHUSDT', symbol: 'ETH/USDT', base: 'ETH' })] },
        { venue: b, symbols: [listedSymbol({ name: 'BTC-USDT', tickSize: '0.1', lotSize: '0.000001' })] },
      ],
      ['ETH/USDT', 'BTC/USDT', 'XRP/USDT'],
    )
    expect(terms.venues.map(({ id, index, name }) => [id, index, name])).toEqual([
      ['a', 0, 'Alpha'],
      ['b', 1, 'Toy'],
    ])
    expect(terms.instruments.map(({ symbol, priceDigits, qtyDigits }) => [symbol, priceDigits, qtyDigits])).toEqual([
      ['ETH/USDT', 2, 4],
      ['BTC/USDT', 2, 6],
    ])
    expect(
      terms.listings.map(({ venue, instrument, tickStep, lotStep }) => [venue, instrument, tickStep, lotStep]),
    ).toEqual([
      [0, 0, 1, 1],
      [0, 1, 1, 100],
      [1, 1, 10, 1],
    ])
    expect(terms.followed.map(({ venue, symbols }) => [venue, symbols])).toEqual([
      [
        0,
        [
          { name: 'ETHUSDT', instrument: 0, symbol: 'ETH/USDT' },
          { name: 'BTCUSDT', instrument: 1, symbol: 'BTC/USDT' },
        ],
      ],
      [1, [{ name: 'BTC-USDT', instrument: 1, symbol: 'BTC/USDT' }]],
    ])
  })

  test('leaves inverse contracts and idle venues out, and says so', () => {
    const terms = liveTerms(
      [
        { venue: a, symbols: [listedSymbol({ isInverse: true })] },
        { venue: b, symbols: [listedSymbol({ symbol: 'DOGE/USDT' })] },
        { venue: c, symbols: [listedSymbol()] },
      ],
      ['BTC/USDT'],
      ['d left out: no answer'],
    )
    expect(terms.venues.map(({ id, index }) => [id, index])).toEqual([['c', 0]])
    expect(terms.listings.map(({ venue }) => venue)).toEqual([0])
    expect(terms.followed.map(({ feed, venue }) => [feed.id, venue])).toEqual([['c', 0]])
    expect(terms.notes).toEqual(['d left out: no answer', 'none of these symbols: a b'])
  })

  test('leaves a listing out that cannot be read, with the reason', () => {
    const terms = liveTerms(
      [
        { venue: a, symbols: [listedSymbol({ tickSize: '0' })] },
        { venue: b, symbols: [listedSymbol()] },
      ],
      ['BTC/USDT'],
    )
    expect(terms.notes).toEqual(["a BTC/USDT left out: tickSize '0' is no step"])
    expect(terms.followed[0].symbols).toEqual([])
  })
})

describe('looking for lists', () => {
  const venues = ['binance', 'okx']
  const btc = JSON.stringify({
    symbols: [
      {
        symbol: 'BTCUSDT',
        status: 'TRADING',
        baseAsset: 'BTC',
        quoteAsset: 'USDT',
        isSpotTradingAllowed: true,
        filters: [
          { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01000000' },
          { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001000' },
        ],
      },
    ],
  })
  let net = new ScriptedDoors()
  let said: string[] = []
  let pausedMs = 0
  afterEach(() => {
    net = new ScriptedDoors()
    said = []
    pausedMs = 0
  })

  /** Answers come at once; time passes in the pauses only. */
  function wish(reply: Parameters<ScriptedDoors['answer']>[0], more: Partial<LiveWish> = {}): LiveWish {
    return {
      venues,
      symbols: ['BTC/USDT'],
      doors: net.doors,
      say: (line) => said.push(line),
      pause: async (ms) => {
        if (pausedMs > 300_000) throw new Error('it waits for ever')
        net.answer(reply)
        pausedMs += ms
        net.pass(ms)
      },
      ...more,
    }
  }

  test('a venue that does not answer is waited for ten seconds, then left out', async () => {
    const terms = await findLiveTerms(
      wish(({ url }) => (url.includes('binance') ? { body: btc } : { lost: 'ETIMEDOUT' })),
    )
    expect(pausedMs).toBeGreaterThanOrEqual(10_000)
    expect(pausedMs).toBeLessThan(11_000)
    expect(terms.venues.map(({ id }) => id)).toEqual(['binance'])
    expect(terms.notes).toEqual(['okx left out: ETIMEDOUT'])
    expect(said).toEqual(['okx: no instruments yet: ETIMEDOUT; trying again'])
  })

  test('when all have answered nothing is waited for', async () => {
    await findLiveTerms(wish(() => ({ body: btc }), { venues: ['binance'] }))
    expect(pausedMs).toBeLessThan(200)
  })

  test('without a network it says so once for each venue, and goes on asking', async () => {
    await expect(findListings(wish(() => ({ lost: 'ENETUNREACH' })))).rejects.toThrow('it waits for ever')
    expect(said.sort()).toEqual([
      'binance: no instruments yet: ENETUNREACH; trying again',
      'okx: no instruments yet: ENETUNREACH; trying again',
    ])
    expect(net.asked.length).toBeGreaterThan(20)
    expect(net.asked.length).toBeLessThan(100)
  })

  test('symbols that nobody lists are refused once everybody has answered', async () => {
    const looking = findListings(wish(() => ({ body: btc }), { venues: ['binance'], symbols: ['FOO/BAR'] }))
    await expect(looking).rejects.toThrow('none of binance lists FOO/BAR')
  })
})
