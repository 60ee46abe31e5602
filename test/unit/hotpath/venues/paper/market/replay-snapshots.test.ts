import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openMarketSource } from '../../../../../../hotpath/venues/paper/market/open-market.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../../../shared/limits.ts'
import type { MonoNs } from '../../../../../../shared/units/time.ts'
import { dataPath, HeardMarket, hasData } from './heard-market.ts'

const folder = mkdtempSync(join(tmpdir(), 'snapshots-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Fraction = readonly [numerator: number, denominator: number]
type Row = readonly [price: Fraction, qty: Fraction]

function level([price, qty]: Row): object {
  return {
    price: { numerator: price[0], denominator: price[1] },
    qty: { numerator: qty[0], denominator: qty[1] },
  }
}

function book(venue: string, pair: string, bids: readonly Row[], asks: readonly Row[]): object {
  const [base, quote] = pair.split('/')
  return { venue, base, quote, bids: bids.map(level), asks: asks.map(level) }
}

let files = 0

function write(content: unknown, name = `file-${files++}.json`): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const ordinary = book(
  'bitfinex',
  'BTC/USD',
  [
    [
      [19867, 5],
      [8113, 2500],
    ],
    [
      [39731, 10],
      [1, 4],
    ],
  ],
  [
    [
      [7947, 2],
      [1, 1],
    ],
  ],
)

async function openAndHear(path: string, holdSeconds?: number) {
  const options = { seed: 1, speed: 1, ...(holdSeconds === undefined ? {} : { holdSeconds }) }
  const market = await openMarketSource(`replay:${path}`, options)
  const heard = new HeardMarket(market)
  market.work(0 as MonoNs, heard)
  return { market, heard }
}

test('one file: exact ticks and lots on the smallest grid, every level, best first', async () => {
  const { market, heard } = await openAndHear(write([ordinary]))
  expect(market.instruments).toEqual([
    { index: 0, symbol: 'BTC/USD', base: 'BTC', quote: 'USD', priceDigits: 1, qtyDigits: 4 },
  ])
  expect(market.venues.map(({ id }) => id)).toEqual(['bitfinex'])
  expect(heard.side(0, 0, 0)).toEqual([
    [39734, 32452],
    [39731, 2500],
  ])
  expect(heard.side(0, 0, 1)).toEqual([[39735, 10000]])
  expect(market.listings[0]).toMatchObject({ tickStep: 1, lotStep: 1, notionalMin: 0, makerPpm: 1000, takerPpm: 2000 })
  expect(market.levelsMax).toBe(2)
})

test('the grid is the finest over all venues of the instrument', async () => {
  const other = book(
    'bittrex',
    'BTC/USD',
    [
      [
        [3906443, 1000],
        [1, 1],
      ],
    ],
    [
      [
        [3907, 1],
        [3, 250],
      ],
    ],
  ) // prettier-ignore
  const { market, heard } = await openAndHear(write([ordinary, other]))
  expect(market.instruments[0]).toMatchObject({ priceDigits: 3, qtyDigits: 4 })
  expect(heard.side(0, 0, 1)).toEqual([[3973500, 10000]])
  expect(heard.side(1, 0, 0)).toEqual([[3906443, 10000]])
  expect(market.listings.map(({ takerPpm }) => takerPpm)).toEqual([2000, 2500])
})

test('what no grid can hold is rounded against us and counted', async () => {
  const thirds = book(
    'somewhere',
    'BTC/USD',
    [
      [
        [100, 3],
        [2, 3],
      ],
    ],
    [
      [
        [101, 3],
        [2, 3],
      ],
    ],
  ) // prettier-ignore
  const { market, heard } = await openAndHear(write([thirds]))
  // Seven digits leave room for four times 33.33 below the bound.
  expect(market.instruments[0]).toMatchObject({ priceDigits: 7, qtyDigits: 8 })
  expect(heard.side(0, 0, 0)).toEqual([[333333333, 66666666]])
  expect(heard.side(0, 0, 1)).toEqual([[336666667, 66666666]])
  expect(market.notes.join('\n')).toMatch(/2 prices rounded against us \(bids down, asks up\)/)
  expect(market.notes.join('\n')).toMatch(/2 quantities rounded down/)
})

test('absurd offers: prices beyond our bound are dropped, quantities beyond it told as the largest', async () => {
  const absurd = book(
    'bitstamp',
    'BTC/USD',
    [
      [
        [390833, 100],
        [2, 125],
      ],
      [
        [1, 100],
        [230486_01400001, 1_00000000],
      ],
    ],
    [
      [
        [391000, 100],
        [1, 100000000],
      ],
      [
        [1_000_000_000, 1],
        [1, 100],
      ],
    ],
  ) // prettier-ignore
  const { market, heard } = await openAndHear(write([absurd]))
  expect(market.instruments[0]).toMatchObject({ priceDigits: 2, qtyDigits: 8 })
  expect(heard.side(0, 0, 0)).toEqual([
    [390833, 1600000],
    [1, QTY_LOTS_MAX],
  ])
  expect(heard.side(0, 0, 1)).toEqual([[391000, 1]])
  expect(1_000_000_000 * 100).toBeGreaterThan(PRICE_TICKS_MAX)
  expect(market.notes.join('\n')).toMatch(/1 levels dropped/)
})

test('files follow one another by name after holdSeconds, and the last one stays', async () => {
  const inside = join(folder, 'two')
  mkdirSync(inside)
  const next = book(
    'bitfinex',
    'BTC/USD',
    [
      [
        [4000, 1],
        [1, 1],
      ],
    ],
    [
      [
        [4001, 1],
        [1, 1],
      ],
    ],
  ) // prettier-ignore
  const gone = book(
    'bittrex',
    'ETH/USD',
    [
      [
        [130, 1],
        [1, 1],
      ],
    ],
    [
      [
        [131, 1],
        [1, 1],
      ],
    ],
  ) // prettier-ignore
  writeFileSync(join(inside, 'a.json.gz'), gzipSync(JSON.stringify([ordinary, gone])))
  writeFileSync(join(inside, 'b.json'), JSON.stringify([next]))
  writeFileSync(join(inside, 'README.md'), '# not a market')
  const { market, heard } = await openAndHear(inside, 2)
  expect(heard.side(0, 0, 0)[0]).toEqual([39734, 32452])
  expect(heard.side(1, 1, 0)).toHaveLength(1)
  expect(market.work(1.9e9 as MonoNs, heard)).toBe(0)
  market.work(2e9 as MonoNs, heard)
  expect(heard.side(0, 0, 0)).toEqual([[40000, 10000]])
  expect(heard.side(1, 1, 0)).toHaveLength(0)
  expect(market.work(9e9 as MonoNs, heard)).toBe(0)
})

test('without holdSeconds the first file stands for ever', async () => {
  const { market, heard } = await openAndHear(join(folder, 'two'))
  expect(market.work(9e9 as MonoNs, heard)).toBe(0)
  expect(heard.side(0, 0, 0)[0]).toEqual([39734, 32452])
})

describe('hostile files give one clear line or a counted skip', () => {
  const cases: [string, unknown, RegExp][] = [
    ['cut JSON', JSON.stringify([ordinary]).slice(0, -20), /not JSON/],
    ['no books', [{ venue: 'x', numerator: 1, denominator: 1 }], /1 entries skipped|no book/],
    ['wrong types', [{ ...ordinary, bids: 7, numerator: 1 }], /no book|skipped/],
  ]
  test.each(cases)('%s', async (_, content, message) => {
    await expect(openAndHear(write(content))).rejects.toThrow(message)
  })

  test('a truncated gzip is named as such', async () => {
    const path = join(folder, 'cut.json.gz')
    const whole = gzipSync(JSON.stringify(Array.from({ length: 50 }, () => ordinary)))
    writeFileSync(path, whole.subarray(0, whole.length - 12))
    await expect(openAndHear(path)).rejects.toThrow(/cut or damaged/)
  })

  test('levels that are no positive exact fractions are skipped and counted', async () => {
    const bad = [
      { price: { numerator: -1, denominator: 1 }, qty: { numerator: 1, denominator: 1 } },
      { price: { numerator: 1, denominator: 0 }, qty: { numerator: 1, denominator: 1 } },
      { price: { numerator: 2 ** 60, denominator: 1 }, qty: { numerator: 1, denominator: 1 } },
      { price: { numerator: '1', denominator: 1 }, qty: { numerator: 1, denominator: 1 } },
      { price: null, qty: 3 },
      'nonsense',
    ]
    const { market, heard } = await openAndHear(write([{ ...ordinary, asks: bad }]))
    expect(heard.side(0, 0, 1)).toEqual([])
    expect(market.notes.join('\n')).toMatch(/6 levels skipped/)
  })

  test('any JSON at all never crashes', async () => {
    const leaf = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null), fc.boolean())
    const fraction = fc.record({ numerator: leaf, denominator: leaf })
    const side = fc.oneof(
      leaf,
      fc.array(fc.oneof(leaf, fc.record({ price: fraction, qty: fraction })), { maxLength: 4 }),
    )
    const any = fc.array(fc.record({ venue: leaf, base: leaf, quote: leaf, bids: side, asks: side }), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(any, async (content) => {
        const path = write(content, 'any.json')
        await openAndHear(path).catch((error: Error) => expect(error.name).toBe('MarketError'))
      }),
      { numRuns: 50 },
    )
  })
})

test('levels keep their money: the told sum is the recorded sum, whatever the order of the file', async () => {
  const row = fc.tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }))
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      const bids = rows.map(
        ([price, qty]): Row => [
          [price, 100],
          [qty, 1000],
        ],
      ) // prettier-ignore
      const { market, heard } = await openAndHear(write([book('kraken', 'BTC/USD', bids, [])], 'sum.json'))
      const { qtyDigits } = market.instruments[0]
      const told = heard.side(0, 0, 0).reduce((sum, [, lots]) => sum + lots, 0)
      const meant = rows.reduce((sum, [, qty]) => sum + qty, 0)
      expect(told * 1000).toBe(meant * 10 ** qtyDigits)
      const prices = heard.side(0, 0, 0).map(([price]) => price)
      expect(prices).toEqual([...new Set(prices)].sort((a, b) => b - a))
    }),
    { numRuns: 50 },
  )
})

const recorded = join(dataPath, 'orderbook-snapshots-2019')
const why = hasData('orderbook-snapshots-2019') ? '' : ` (skipped: ${recorded} is not there)`

describe.skipIf(why !== '')(`the real books of 2019${why}`, () => {
  test('all levels of all venues, uncrossed, on three digits', async () => {
    const { market, heard } = await openAndHear(join(recorded, '1-ob.json.gz'))
    expect(market.venues.map(({ id }) => id).sort()).toEqual(['bitfinex', 'bitstamp', 'bittrex', 'coinbase'])
    expect(market.instruments.find(({ symbol }) => symbol === 'BTC/USD')).toMatchObject({
      priceDigits: 3,
      qtyDigits: 8,
    })
    expect(heard.crossed).toBe(0)
    const btc = market.instruments.findIndex(({ symbol }) => symbol === 'BTC/USD')
    const bitfinex = market.venues.findIndex(({ id }) => id === 'bitfinex')
    expect(heard.side(bitfinex, btc, 0)).toHaveLength(1000)
    expect(heard.side(bitfinex, btc, 0)[0]).toEqual([3973400, 324520000])
    const bitstamp = market.venues.findIndex(({ id }) => id === 'bitstamp')
    expect(heard.side(bitstamp, btc, 0)).toHaveLength(2873)
  })

  test('the directory opens too, and shows its first file', async () => {
    const { market } = await openAndHear(recorded)
    expect(market.instruments.map(({ symbol }) => symbol).sort()).toEqual(['BTC/USD', 'ETH/BTC', 'ETH/USD'])
  })
})
