import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { openMarketSource } from '../../../../../../hotpath/venues/paper/market/open-market.ts'
import { CHANGES_PER_TURN_MAX } from '../../../../../../hotpath/venues/paper/market/replay-binance.ts'
import { Side } from '../../../../../../shared/domain/order.ts'
import type { MonoNs } from '../../../../../../shared/units/time.ts'
import { dataPath, HeardMarket, hasData, play } from './heard-market.ts'

const folder = mkdtempSync(join(tmpdir(), 'capture-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ORIGIN = 1_723_161_253n
let files = 0

/** One line at `ms` after the origin. */
function line(ms: number, frame: object): string {
  return `${ORIGIN * 1_000_000_000n + BigInt(ms) * 1_000_000n} ${JSON.stringify(frame)}`
}

function depth(ms: number, ids: object, b: string[][], a: string[][] = [], s = 'BTCUSDT'): string {
  const data = { e: 'depthUpdate', s, ...ids, b, a }
  return line(ms, { stream: `${s.toLowerCase()}@depth@100ms`, data })
}

function snapshot(ms: number, lastUpdateId: number, bids: string[][], asks: string[][]): string {
  return line(ms, { lastUpdateId, bids, asks })
}

function trade(ms: number, p: string, q: string, m: boolean): string {
  return line(ms, { stream: 'btcusdt@trade', data: { e: 'trade', s: 'BTCUSDT', t: 1, p, q, T: 1, m, M: true } })
}

function write(lines: readonly string[], name = `capture-${files++}.gz`): string {
  const path = join(folder, name)
  writeFileSync(path, gzipSync(`${lines.join('\n')}\n`))
  return path
}

async function open(path: string, speed = 1) {
  const market = await openMarketSource(`replay:${path}`, { seed: 1, speed })
  return { market, heard: new HeardMarket(market) }
}

const spotLines = [
  depth(0, { U: 8, u: 9 }, [['99.00', '1.0']]),
  snapshot(
    100,
    10,
    [
      ['100.50', '2.000'],
      ['100.00', '1.000'],
    ],
    [['101.00', '0.125']],
  ),
  depth(200, { U: 11, u: 12 }, [['100.50', '1.000']]),
  trade(250, '101.00', '0.025', false),
  depth(300, { U: 13, u: 14 }, [], [['101.00', '0.100']]),
] // prettier-ignore

test('a spot capture: opening book, then changes and trades at their times', async () => {
  const { market, heard } = await open(write(spotLines))
  expect(market.venues[0]).toMatchObject({ id: 'binance' })
  expect(market.instruments[0]).toMatchObject({ symbol: 'BTC/USDT', priceDigits: 1, qtyDigits: 3 })
  market.work(0 as MonoNs, heard)
  expect(heard.side(0, 0, 0)).toEqual([
    [1005, 2000],
    [1000, 1000],
  ])
  expect(heard.trades).toHaveLength(0)
  market.work(100e6 as MonoNs, heard)
  expect(heard.side(0, 0, 0)[0]).toEqual([1005, 1000])
  market.work(199e6 as MonoNs, heard)
  expect(heard.trades).toEqual([{ venue: 0, instrument: 0, aggressor: Side.buy, price: 1010, lots: 25 }])
  expect(heard.side(0, 0, 1)).toEqual([[1010, 125]])
  market.work(200e6 as MonoNs, heard)
  expect(heard.side(0, 0, 1)).toEqual([[1010, 100]])
  expect(market.work(5e9 as MonoNs, heard)).toBe(0)
  expect(market.endNs).toBe(200e6)
})

test('speed plays the same in less time', async () => {
  const { market, heard } = await open(write(spotLines), 10)
  market.work(0 as MonoNs, heard)
  market.work(20e6 as MonoNs, heard)
  expect(heard.side(0, 0, 1)).toEqual([[1010, 100]])
})

test('a directory plays its markets at once, whatever the files are called', async () => {
  const inside = join(folder, 'markets')
  mkdirSync(join(inside, 'deep'), { recursive: true })
  write(spotLines, 'markets/one.bin')
  const usdm = [
    depth(50, { U: 1, u: 5, pu: 0 }, [['99.5', '1']]),
    snapshot(60, 5, [['99.5', '1']], [['99.6', '2']]),
    depth(150, { U: 8, u: 9, pu: 5 }, [['99.5', '0.5']]),
  ]
  write(usdm, 'markets/two')
  const coinm = [
    depth(70, { U: 1, u: 5, pu: 0, ps: 'ETHUSD' }, [['2682.17', '159']], [['2682.18', '7']], 'ETHUSD_PERP'),
    snapshot(80, 5, [['2682.17', '159']], [['2682.18', '7']]),
  ]
  write(coinm, 'markets/deep/three.txt')
  const { market, heard } = await open(inside)
  expect(market.venues.map(({ id }) => id)).toEqual(['binance', 'binanceusdm', 'binancecoinm'])
  expect(market.instruments.map(({ symbol }) => symbol)).toEqual(['BTC/USDT', 'BTC/USDT:USDT', 'ETH/USD:ETH'])
  expect(market.instruments[2]).toMatchObject({ qtyDigits: 0 })
  market.work(0 as MonoNs, heard)
  expect(heard.side(1, 1, 0)).toEqual([[995, 10]])
  expect(heard.side(2, 2, 0)).toEqual([[268217, 159]])
  market.work(50e6 as MonoNs, heard)
  expect(heard.side(1, 1, 0)).toEqual([[995, 5]])
  expect(market.notes.join('\n')).toMatch(/contracts/)
})

test('a day that goes on in a second file: no snapshot needed, the sequence holds', async () => {
  const inside = join(folder, 'days')
  mkdirSync(inside)
  write([depth(400, { U: 15, u: 15 }, [['100.25', '3']])], 'days/a-later.gz')
  write(spotLines, 'days/b-earlier.gz')
  const { market, heard } = await open(inside)
  play(market, heard, 1e9, 1e8)
  expect(heard.side(0, 0, 0)[1]).toEqual([10025, 3000])
  expect(market.notes.join('\n')).not.toMatch(/gap|no snapshot/)
})

test('a file without a snapshot grows its book and says so', async () => {
  const { market, heard } = await open(write([depth(0, { U: 5, u: 6 }, [['100', '1']], [['101', '2']])]))
  market.work(0 as MonoNs, heard)
  expect(heard.side(0, 0, 0)).toEqual([[100, 1]])
  expect(market.notes.join('\n')).toMatch(/no snapshot/)
})

test('a gap empties the book and is said', async () => {
  const lines = [...spotLines, depth(500, { U: 99, u: 99 }, [['90', '1']])]
  const { market, heard } = await open(write(lines))
  play(market, heard, 1e9, 1e8)
  expect(market.notes.join('\n')).toMatch(/1 gaps/)
  expect(heard.side(0, 0, 0)).toEqual([[900, 1000]])
})

test('hours in which nothing was recorded are jumped', async () => {
  const lines = [...spotLines, depth(7_200_000, { U: 15, u: 15 }, [['100.25', '3']])]
  const { market, heard } = await open(write(lines))
  play(market, heard, 1e9, 1e8)
  expect(heard.side(0, 0, 0)[1]).toEqual([10025, 3000])
})

test('a turn is bounded, and the next ones catch up', async () => {
  const lines = spotLines.slice(0, 2)
  const many = Array.from({ length: 500 }, (_, at) => [`${50 + at * 0.01}`.slice(0, 6), '1'])
  for (let at = 0; at < 100; at++) {
    lines.push(
      depth(
        200,
        { U: 11 + at, u: 11 + at },
        many.map(([price]) => [price, `${1 + (at % 2)}`]),
      ),
    ) // prettier-ignore
  }
  const { market, heard } = await open(write(lines))
  market.work(0 as MonoNs, heard)
  const first = market.work(1e9 as MonoNs, heard)
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThanOrEqual(CHANGES_PER_TURN_MAX + 501)
  let turns = 1
  while (market.work(1e9 as MonoNs, heard) > 0) turns++
  expect(turns).toBeGreaterThan(1)
  expect(heard.updates).toBe(1 + 100)
})

describe('hostile captures', () => {
  test('bad lines are counted and skipped', async () => {
    const bad = ['', 'x', '{"stream":1}', `${ORIGIN}000000000 {`, `${ORIGIN}000000000 {"stream":"a","data":5}`]
    const { market, heard } = await open(write([spotLines[0], ...bad, ...spotLines.slice(1)]))
    play(market, heard, 1e9, 1e8)
    expect(heard.side(0, 0, 1)).toEqual([[1010, 100]])
    expect(market.notes.join('\n')).toMatch(/4 lines skipped/)
  })

  test('a truncated gzip plays up to where it is cut', async () => {
    const path = join(folder, 'cut.gz')
    const noise = Array.from({ length: 5_000 }, (_, at) =>
      depth(200 + at, { U: 11 + at, u: 11 + at }, [[`${100 + at / 7}`.slice(0, 7), `${at % 97}`]]),
    ) // prettier-ignore
    const whole = gzipSync([...spotLines.slice(0, 2), ...noise].join('\n'))
    writeFileSync(path, whole.subarray(0, whole.length / 2))
    const { market, heard } = await open(path)
    play(market, heard, 6e9, 1e9)
    expect(heard.updates).toBeGreaterThan(100)
    expect(market.notes.join('\n')).toMatch(/played up to where it is cut/)
  })

  test('a capture of other streams only cannot be opened', async () => {
    const path = write([line(0, { stream: 'btcusdt@kline', data: { e: 'kline' } })])
    await expect(open(path)).rejects.toThrow(/no depth updates in it/)
  })

  test('prices beyond our bound are dropped and counted', async () => {
    const asks = [
      ['1.02', '1'],
      ['1.03', '1'],
      ['99999999999.99', '1'],
    ] // prettier-ignore
    const lines = [depth(0, { U: 1, u: 1 }, []), snapshot(1, 1, [['1.01', '1']], asks)]
    const { market, heard } = await open(write(lines))
    market.work(0 as MonoNs, heard)
    expect(heard.side(0, 0, 1)).toEqual([
      [102, 1],
      [103, 1],
    ])
    expect(market.notes.join('\n')).toMatch(/1 level changes dropped/)
  })

  test('one absurdly fine number does not push the others out of the bound: it is rounded against us', async () => {
    const bids = [
      ['60000.01', '1'],
      ['60000.00', '1'],
      ['59999.12345678', '1.5'],
    ] // prettier-ignore
    const lines = [depth(0, { U: 1, u: 1 }, []), snapshot(1, 1, bids, [['60000.02', '1']])]
    const { market, heard } = await open(write(lines))
    market.work(0 as MonoNs, heard)
    expect(market.instruments[0]).toMatchObject({ priceDigits: 3, qtyDigits: 1 })
    expect(heard.side(0, 0, 0)).toEqual([
      [60000010, 10],
      [60000000, 10],
      [59999123, 15],
    ])
    expect(market.notes.join('\n')).toMatch(/1 numbers rounded against us/)
  })

  test('tokens by the billion keep their quantities', async () => {
    const bids = [
      ['0.00001512', '98765432109.00'],
      ['0.00001511', '12345678901.50'],
    ] // prettier-ignore
    const lines = [depth(0, { U: 1, u: 1 }, []), snapshot(1, 1, bids, [['0.00001513', '5']])]
    const { market, heard } = await open(write(lines))
    market.work(0 as MonoNs, heard)
    expect(market.instruments[0]).toMatchObject({ priceDigits: 8, qtyDigits: 1 })
    expect(heard.side(0, 0, 0)).toEqual([
      [1512, 987654321090],
      [1511, 123456789015],
    ])
  })
})

const recorded = join(dataPath, 'binance-raw-2024-08')
const why = hasData('binance-raw-2024-08') ? '' : ` (skipped: ${recorded} is not there)`

describe.skipIf(why !== '')(`the real capture of 2024-08${why}`, () => {
  test('COIN-M: both symbols, no gap, never crossed, the last touch is the one the venue said', async () => {
    const { market, heard } = await open(join(recorded, 'cm'))
    play(market, heard, 345e9, 1e9)
    expect(market.notes.join('\n')).not.toMatch(/gap|no snapshot|skipped/)
    expect(heard.crossed).toBe(0)
    const btc = market.instruments.findIndex(({ symbol }) => symbol === 'BTC/USD:BTC')
    expect(heard.side(0, btc, 0)[0][0]).toBe(616686)
    expect(heard.side(0, btc, 1)[0][0]).toBe(616687)
    expect(heard.side(0, btc, 0)).toHaveLength(1110)
    expect(heard.repeated).toBe(0)
  })
})
