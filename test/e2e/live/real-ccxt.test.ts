/** Real orders, as far as this machine goes: a native door to an emulated Binance, ccxt to a simulated HitBTC, side by side. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OrderClient } from '../../../hotpath/client/order-client.ts'
import { ASK, BID } from '../../conformance/venue-conformance-bench.ts'
import { RouterProcess } from '../../fixtures/router-process.ts'
import { SimulatedHitbtc } from '../../fixtures/simulated-hitbtc.ts'
import { EmulatorProcess, ExchangeTruth, endpointsOf, until } from './emulator-process.ts'
import { writeLiveConfig } from './live-config.ts'
import { leaks } from './secrets.ts'
import { sor } from './sor-command.ts'

const SYMBOL = 'BTC/USDT'
const folder = mkdtempSync(path.join(tmpdir(), 'sor-real-'))
const emulator = new EmulatorProcess()
const hitbtcKeys = { key: 'made-up-key-of-hitbtc', secret: 'made-up-secret-of-hitbtc' }
const hitbtc = new SimulatedHitbtc(hitbtcKeys)
let truth: ExchangeTruth
let router: RouterProcess
let client: OrderClient
let printed = ''

beforeAll(async () => {
  const [, rest] = await Promise.all([emulator.start(), hitbtc.listen()])
  const binance = emulator.venue()
  truth = await ExchangeTruth.open(binance)
  // A little less than what Binance asks, for a quarter of a coin.
  const { ask } = await truth.price(SYMBOL)
  const ticks = Math.round(ask * 100)
  hitbtc.update([
    [BID, ticks - 50_000, 100_000],
    [ASK, ticks - 40_000, 25_000],
    [ASK, ticks + 900_000, 100_000],
  ])
  const socket = rest.replace('http', 'ws')
  const file = writeLiveConfig(folder, {
    binance: endpointsOf(binance),
    hitbtc: { rest, publicSocket: socket, privateSocket: socket },
  })
  const flags = [
    '--market',
    'live',
    '--trading',
    'real',
    '--venues',
    'binance',
    '--ccxt',
    'hitbtc',
    '--symbols',
    SYMBOL,
  ]
  router = new RouterProcess([...flags, '--config', file], {
    SOR_BINANCE_KEY: binance.apiKey,
    SOR_BINANCE_SECRET: binance.secret,
    SOR_HITBTC_KEY: hitbtcKeys.key,
    SOR_HITBTC_SECRET: hitbtcKeys.secret,
  })
  await router.start()
  client = await router.connect()
  await until(
    async () => (await client.venues()).every(({ ready, books }) => ready && books['live'] === 1),
    'both venues',
  )
}, 60_000)

afterAll(async () => {
  client.close()
  await router.remove()
  await truth.close()
  await hitbtc.close()
  emulator.remove()
  rmSync(folder, { recursive: true })
})

test('it says whose orders these are', () => {
  expect(router.output).toContain('REAL ORDERS at real exchanges')
  expect(router.output).toContain('orders go to binance hitbtc')
})

test('sor order for the ccxt venue alone is filled there', async () => {
  const { placed } = hitbtc
  const ordered = await sor(`order buy 0.1 ${SYMBOL} --venues hitbtc`, router.stateDirectory)
  expect(ordered.err).toBe('')
  expect(ordered.code).toBe(0)
  expect(ordered.out).toContain(`buy 0.1 ${SYMBOL}: filled`)
  expect(hitbtc.placed).toBe(placed + 1)
  expect(await client.status({ orderId: '1' })).toMatchObject({ ordStatus: 'filled', cumQty: '0.1' })
  const cost = await client.report({ orderId: '1' })
  expect(cost.simulated).toBe(false)
  expect(cost.venues.map(({ venue, filledQuantity }) => [venue, filledQuantity])).toEqual([['hitbtc', '0.1']])
  printed += ordered.out + JSON.stringify(cost)
}, 20_000)

test('an order over both is split where prices say so, and each exchange has its part', async () => {
  const before = await truth.traded(SYMBOL)
  // 0.15 are left below what Binance asks.
  const done = await client.orderUntilDone({ symbol: SYMBOL, side: 'buy', type: 'market', quantity: '0.4' })
  expect(done).toMatchObject({ ordStatus: 'filled', cumQty: '0.4' })
  const cost = await client.report({ orderId: done.orderId })
  const part = (id: string) => Number(cost.venues.find(({ venue }) => venue === id)?.filledQuantity ?? 0)
  expect(part('hitbtc')).toBeCloseTo(0.15, 9)
  expect(part('binance')).toBeCloseTo(0.25, 9)
  expect((await truth.traded(SYMBOL)) - before).toBeCloseTo(0.25, 9)
  printed += JSON.stringify(cost) + JSON.stringify(await client.explain({ orderId: done.orderId }))
}, 20_000)

test('a resting order at the ccxt venue is canceled there', async () => {
  await client.newOrder({
    clientOrderId: 'rests',
    symbol: SYMBOL,
    side: 'buy',
    type: 'limit',
    price: '20000',
    quantity: '0.01',
    venues: { include: ['hitbtc'] },
  })
  await until(async () => (await client.status({ clientOrderId: 'rests' })).ordStatus === 'new', 'it to rest')
  await client.cancel({ clientOrderId: 'rests' })
  const ended = await until(async () => {
    const status = await client.status({ clientOrderId: 'rests' })
    return status.ordStatus === 'canceled' && status
  }, 'it to end')
  expect(ended.cumQty).toBe('0')
}, 20_000)

test('killed and started again it finds the ccxt process, and what it had done there', async () => {
  const [before] = router.hosts
  await router.kill()
  client.close()
  await router.start()
  expect(router.hosts).toEqual([before])
  client = await router.connect()
  expect(await client.openOrders()).toEqual([])
  expect(await client.status({ orderId: '2' })).toMatchObject({ ordStatus: 'filled', cumQty: '0.4' })
  await until(
    async () => (await client.venues()).every(({ ready, books }) => ready && books['live'] === 1),
    'both venues',
  )
  const { placed } = hitbtc
  const sale = {
    symbol: SYMBOL,
    side: 'sell',
    type: 'market',
    quantity: '0.01',
    venues: { include: ['hitbtc'] },
  } as const
  expect(await client.orderUntilDone(sale)).toMatchObject({ ordStatus: 'filled', cumQty: '0.01' })
  expect(hitbtc.placed).toBe(placed + 1)
}, 20_000)

test('keys are in the environment only; the processes end with the router', async () => {
  const { apiKey, secret } = emulator.venue()
  const words = [apiKey, secret, hitbtcKeys.key, hitbtcKeys.secret]
  expect(leaks(words, router.stateDirectory, printed + router.output)).toEqual([])
  expect(router.hosts).toHaveLength(1)
  expect(await router.stop()).toBe(0)
  await until(() => router.hosts.length === 0, 'the ccxt process to end')
}, 20_000)

test('a venue that is reached through ccxt alone is the whole market', async () => {
  const config = path.join(folder, 'sor.config.json')
  const flags = ['--market', 'live', '--trading', 'real', '--venues', 'hitbtc', '--ccxt', 'hitbtc', '--symbols', SYMBOL]
  const alone = new RouterProcess([...flags, '--config', config], {
    SOR_HITBTC_KEY: hitbtcKeys.key,
    SOR_HITBTC_SECRET: hitbtcKeys.secret,
  })
  try {
    await alone.start()
    expect(alone.output).toContain('orders go to hitbtc\n')
    expect(alone.output).toContain('1 venues, 1 instruments')
  } finally {
    await alone.remove()
  }
}, 20_000)
