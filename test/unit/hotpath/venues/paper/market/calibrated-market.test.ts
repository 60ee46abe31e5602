import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVENTS_PER_TURN_MAX } from '../../../../../../hotpath/venues/paper/market/calibrated-market.ts'
import { calibration, type DepthPoint } from '../../../../../../hotpath/venues/paper/market/calibration/calibration.ts'
import { openMarketSource } from '../../../../../../hotpath/venues/paper/market/open-market.ts'
import { Side } from '../../../../../../shared/domain/order.ts'
import type { MonoNs } from '../../../../../../shared/units/time.ts'
import { HeardMarket, play } from './heard-market.ts'

async function open(seed = 1, speed = 1) {
  const market = await openMarketSource('calibrated', { seed, speed })
  return { market, heard: new HeardMarket(market) }
}

function quantile(values: readonly number[], p: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * p)]
}

/** Three minutes of one seed, listened to once for all statistical tests; sampled twice a second. */
async function listen() {
  const { market, heard } = await open(20)
  const spreads = new Map<string, number[]>()
  const depths = new Map<string, number[]>()
  const crossGaps: number[] = []
  let midChanges = 0
  let lastMid = 0
  const [btcUsdt, ethUsdt, , ethBtc] = [0, 1, 2, 3]
  market.work(0 as MonoNs, heard)
  for (let ms = 10; ms <= 180_000; ms += 10) {
    while (market.work((ms * 1e6) as MonoNs, heard) > 0);
    const mid = heard.mid(0, btcUsdt)
    if (mid !== lastMid) midChanges++
    lastMid = mid
    if (ms % 500 !== 0) continue
    for (const { venue, instrument } of market.listings) {
      const key = `${market.venues[venue].id} ${market.instruments[instrument].symbol}`
      const [bid, ask] = [heard.side(venue, instrument, 0)[0][0], heard.side(venue, instrument, 1)[0][0]]
      push(spreads, key, ((ask - bid) / bid) * 1e4)
      push(depths, key, depthWithin(heard, market.instruments[instrument], venue, 10))
    }
    crossGaps.push(Math.log(heard.mid(0, ethBtc) / 1e6 / (heard.mid(0, ethUsdt) / heard.mid(0, btcUsdt))) * 1e4)
  }
  return { market, heard, spreads, depths, crossGaps, midChangesPerS: midChanges / 180 }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const values = map.get(key) ?? []
  map.set(key, values)
  values.push(value)
}

/** Quote money within `bps` of the mid, mean of the sides. */
function depthWithin(
  heard: HeardMarket,
  { index, priceDigits, qtyDigits }: { index: number; priceDigits: number; qtyDigits: number },
  venue: number,
  bps: number,
): number {
  const mid = heard.mid(venue, index)
  let amount = 0
  for (const side of [0, 1] as const) {
    for (const [price, lots] of heard.side(venue, index, side)) {
      if (Math.abs(price / mid - 1) * 1e4 <= bps) amount += price * lots
    }
  }
  return amount / 2 / 10 ** (priceDigits + qtyDigits)
}

const at10 = (depth: readonly DepthPoint[]): number => depth.find(([bps]) => bps === 10)?.[1] ?? Number.NaN
const listened = listen()

test('32 venues, every instrument on at least 4, BTC and ETH against USDT on at least 24', async () => {
  const { market } = await open()
  expect(market.venues).toHaveLength(32)
  expect(new Set(market.venues.map(({ id }) => id)).size).toBe(32)
  expect(market.latencies).toHaveLength(32)
  const count = (symbol: string): number => {
    const index = market.instruments.find((one) => one.symbol === symbol)?.index
    return market.listings.filter(({ instrument }) => instrument === index).length
  }
  for (const { symbol } of market.instruments) expect(count(symbol), symbol).toBeGreaterThanOrEqual(4)
  expect(count('BTC/USDT')).toBeGreaterThanOrEqual(24)
  expect(count('ETH/USDT')).toBeGreaterThanOrEqual(24)
})

test('the first turn tells every book whole, on its venue grid', async () => {
  const { market, heard } = await open()
  market.work(0 as MonoNs, heard)
  expect(heard.clears).toBe(market.listings.length)
  expect(heard.updates).toBe(market.listings.length)
  for (const { venue, instrument, tickStep, lotStep } of market.listings) {
    for (const side of [0, 1] as const) {
      const levels = heard.side(venue, instrument, side)
      expect(levels.length).toBeGreaterThanOrEqual(20)
      expect(levels.length).toBeLessThanOrEqual(market.levelsMax)
      for (const [price, lots] of levels) {
        expect(price % tickStep).toBe(0)
        expect(lots % lotStep).toBe(0)
      }
    }
  }
})

test('the same seed tells the same events, another seed tells others', async () => {
  const [a, b, c] = [await open(7), await open(7), await open(8)]
  for (const { market, heard } of [a, b, c]) play(market, heard, 5e9, 1e6)
  expect(a.heard.hash).toBe(b.heard.hash)
  expect(a.heard.levels).toBeGreaterThan(5_000)
  expect(c.heard.hash).not.toBe(a.heard.hash)
})

test('however the turns are cut, from a microsecond to a second, the events are the same', async () => {
  const whole = await open(3)
  play(whole.market, whole.heard, 1e9, 1e9)
  const step = fc.oneof(fc.integer({ min: 1_000, max: 100_000 }), fc.integer({ min: 1e6, max: 1e9 }))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const { market, heard } = await open(3)
      let ns = 0
      for (const one of steps) {
        while (market.work(ns as MonoNs, heard) > 0);
        ns = Math.min(1e9, ns + one)
      }
      while (market.work(1e9 as MonoNs, heard) > 0);
      expect(heard.hash).toBe(whole.heard.hash)
    }),
    { numRuns: 8 },
  )
})

test('speed plays more of the same', async () => {
  const [slow, fast] = [await open(4), await open(4, 4)]
  play(slow.market, slow.heard, 4e9, 1e7)
  play(fast.market, fast.heard, 1e9, 1e7)
  expect(fast.heard.hash).toBe(slow.heard.hash)
})

test('a turn is bounded, and the next ones catch up', async () => {
  const { market, heard } = await open(1, 1_000)
  market.work(0 as MonoNs, heard)
  const told = market.work(1e9 as MonoNs, heard)
  expect(told).toBe(EVENTS_PER_TURN_MAX)
  expect(market.work(1e9 as MonoNs, heard)).toBe(EVENTS_PER_TURN_MAX)
})

test('over minutes no venue crosses itself or loses a side, and only differences are told', async () => {
  const { market, heard } = await listened
  expect(heard.crossed).toBe(0)
  expect(heard.repeated).toBe(0)
  for (const { venue, instrument } of market.listings) {
    expect(heard.side(venue, instrument, 0).length).toBeGreaterThan(3)
    expect(heard.side(venue, instrument, 1).length).toBeGreaterThan(3)
  }
})

test('the whole market tells 2,000 to 5,000 level changes a second', async () => {
  const { heard } = await listened
  expect(heard.levels / 180).toBeGreaterThan(2_000)
  expect(heard.levels / 180).toBeLessThan(5_000)
})

test('the measured venue has the measured spread, depth and pace', async () => {
  const { spreads, depths, midChangesPerS } = await listened
  for (const base of ['BTC', 'ETH'] as const) {
    const flow = calibration.flow[base]
    const spread = spreads.get(`binance ${base}/USDT`) ?? []
    // One tick is the spread nearly always; its size in bps moves with the price.
    expect(quantile(spread, 0.5)).toBeGreaterThan(flow.spreadBps[0] * 0.95)
    expect(quantile(spread, 0.5)).toBeLessThan(flow.spreadBps[5] * 1.05)
    const depth = quantile(depths.get(`binance ${base}/USDT`) ?? [], 0.5)
    expect(depth / at10(flow.depth)).toBeGreaterThan(0.7)
    expect(depth / at10(flow.depth)).toBeLessThan(1.3)
  }
  expect(midChangesPerS / calibration.flow.BTC.midChangesPerS).toBeGreaterThan(0.4)
  expect(midChangesPerS / calibration.flow.BTC.midChangesPerS).toBeLessThan(1.6)
})

test('venues of which we had a look at the book have its spread and depth', async () => {
  const { spreads, depths } = await listened
  let compared = 0
  for (const [id, books] of Object.entries(calibration.books.venues)) {
    for (const [symbol, looked] of Object.entries(books)) {
      const [spread, depth] = [spreads.get(`${id} ${symbol}`), depths.get(`${id} ${symbol}`)]
      if (spread === undefined || depth === undefined || symbol.startsWith('SOL')) continue
      compared++
      expect(quantile(depth, 0.5) / at10(looked.depth), `${id} ${symbol}`).toBeGreaterThan(0.4)
      expect(quantile(depth, 0.5) / at10(looked.depth), `${id} ${symbol}`).toBeLessThan(1.6)
      if (looked.spreadBps > 0.1) expect(quantile(spread, 0.5) / looked.spreadBps, `${id} ${symbol}`).toBeLessThan(1.7)
      if (looked.spreadBps > 0.1)
        expect(quantile(spread, 0.5) / looked.spreadBps, `${id} ${symbol}`).toBeGreaterThan(0.6)
    }
  }
  expect(compared).toBeGreaterThanOrEqual(8)
})

test('ETH/BTC is what ETH and BTC say it is', async () => {
  const { crossGaps } = await listened
  expect(Math.abs(quantile(crossGaps, 0.5))).toBeLessThan(1)
  expect(quantile(crossGaps.map(Math.abs), 0.95)).toBeLessThan(3)
})

test('dollars agree: a pair costs nearly the same in USD, USDT and USDC', async () => {
  const { market, heard } = await listened
  const [usdt, usd, usdc] = ['BTC/USDT', 'BTC/USD', 'BTC/USDC'].map(
    (symbol) => market.instruments.find((one) => one.symbol === symbol)?.index ?? -1,
  )
  const kraken = market.venues.findIndex(({ id }) => id === 'kraken')
  for (const other of [usd, usdc]) {
    expect(Math.abs(Math.log(heard.mid(kraken, other) / heard.mid(kraken, usdt))) * 1e4).toBeLessThan(15)
  }
})

test('trades take from the best level first, and both sides trade', async () => {
  const { market, heard } = await open(11)
  const away: string[] = []
  const checking = new (class extends HeardMarket {
    override onTrade(...event: Parameters<HeardMarket['onTrade']>): void {
      const [venue, instrument, aggressor, price, lots] = event
      const [best] = this.side(venue, instrument, aggressor === Side.buy ? 1 : 0)
      if (best === undefined || best[0] !== price || best[1] < lots)
        away.push(`${venue} ${instrument} ${price} ${lots}`)
      super.onTrade(...event)
    }
  })(market)
  play(market, checking, 10e9, 1e7)
  expect(away).toEqual([])
  expect(checking.trades.length).toBeGreaterThan(1_000)
  const buys = checking.trades.filter(({ aggressor }) => aggressor === Side.buy).length / checking.trades.length
  expect(buys).toBeGreaterThan(0.3)
  expect(buys).toBeLessThan(0.7)
  expect(heard.levels).toBe(0)
})

test('slow venues follow the leader: their returns agree best with its past', async () => {
  const { market, heard } = await open(9)
  const follower = market.venues.findIndex(({ id }) => id === 'bitstamp')
  const mids: [number[], number[]] = [[], []]
  market.work(0 as MonoNs, heard)
  for (let ms = 20; ms <= 120_000; ms += 20) {
    while (market.work((ms * 1e6) as MonoNs, heard) > 0);
    mids[0].push(Math.log(heard.mid(0, 0)))
    mids[1].push(Math.log(heard.mid(follower, 0)))
  }
  const returns = mids.map((one) => one.slice(1).map((value, at) => value - one[at]))
  const agreement = (lag: number): number =>
    returns[0].slice(0, returns[0].length - 30).reduce((sum, value, at) => sum + value * returns[1][at + lag], 0)
  const best = Array.from({ length: 30 }, (_, lag) => lag).sort((a, b) => agreement(b) - agreement(a))[0]
  expect(best * 20).toBeGreaterThanOrEqual(60)
  expect(best * 20).toBeLessThanOrEqual(400)
})
