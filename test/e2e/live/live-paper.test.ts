/** `--market live` on paper: simulated fills on books that a real dialect tells, which break and heal. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OrderClient } from '../../../hotpath/client/order-client.ts'
import type { VenueInfo } from '../../../hotpath/client/order-types.ts'
import { RouterProcess, sleep } from '../../fixtures/router-process.ts'
import { BrokenLine } from './broken-line.ts'
import { EmulatorProcess, ExchangeTruth, endpointsOf, until } from './emulator-process.ts'
import { writeLiveConfig } from './live-config.ts'
import { leaks } from './secrets.ts'

const SYMBOL = 'BTC/USDT'
const folder = mkdtempSync(path.join(tmpdir(), 'sor-live-'))
const emulator = new EmulatorProcess()
let line: BrokenLine
let truth: ExchangeTruth
let router: RouterProcess
let client: OrderClient

beforeAll(async () => {
  await emulator.start()
  line = new BrokenLine(emulator.venue().port)
  const file = writeLiveConfig(folder, { binance: endpointsOf(emulator.venue(), await line.listen()) })
  router = new RouterProcess(['--market', 'live', '--venues', 'binance', '--symbols', SYMBOL, '--config', file])
  truth = await ExchangeTruth.open(emulator.venue())
  await router.start()
  client = await router.connect()
}, 40_000)

afterAll(async () => {
  client.close()
  await router.remove()
  await truth.close()
  await line.close()
  emulator.remove()
  rmSync(folder, { recursive: true })
})

async function venue(): Promise<VenueInfo> {
  return (await client.venues())[0]
}

const buy = { symbol: SYMBOL, side: 'buy', type: 'market', quantity: '0.05' } as const

test('an order is filled on the live book, by nobody but us', async () => {
  expect(router.output).toContain('public feeds of the exchanges, paper venues, simulated fills')
  await until(async () => (await venue()).books['live'] === 1, 'a live book')
  const { ask } = await truth.price(SYMBOL)
  const done = await client.orderUntilDone(buy)
  expect(done).toMatchObject({ ordStatus: 'filled', cumQty: '0.05' })
  expect(Math.abs(Number(done.avgPx) / ask - 1)).toBeLessThan(0.01)
  expect(await truth.traded(SYMBOL)).toBe(0)
  expect((await client.report({ orderId: done.orderId })).simulated).toBe(true)
}, 20_000)

test('a line that breaks is seen: the book is taken away, the feed says why', async () => {
  line.cut()
  const lost = await until(async () => {
    const now = await venue()
    return now.feed?.liveBooks === 0 && now.books['live'] === undefined && now
  }, 'the book to be lost')
  expect(lost.books).toEqual({ recovering: 1 })
  expect(lost.feed).toMatchObject({ state: 'connecting', lost: [{ symbol: SYMBOL, why: 'disconnected' }] })
  expect(lost.feed?.trouble).not.toBe('')
  // Paper venues still take orders: there is nothing to take from.
  expect(lost).toMatchObject({ up: true, ready: true })
  const done = await client.orderUntilDone(buy).catch((error: Error) => error.message)
  expect(typeof done === 'string' ? '0' : done.cumQty).toBe('0')
}, 20_000)

test('it heals by itself, and an order is filled again', async () => {
  line.mend()
  const healed = await until(async () => {
    const now = await venue()
    return now.books['live'] === 1 && now.feed?.state === 'open' && now
  }, 'the book to heal')
  expect(healed.feed).toMatchObject({ trouble: '', connects: 2, lost: [] })
  const done = await client.orderUntilDone(buy)
  expect(done).toMatchObject({ ordStatus: 'filled', cumQty: '0.05' })
}, 20_000)

test('killed and started again it finds its paper venues; with other addresses they are others', async () => {
  const { venuesPid } = router
  await router.kill()
  client.close()
  await router.start()
  expect(router.venuesPid).toBe(venuesPid)
  client = await router.connect()
  await until(async () => (await venue()).books['live'] === 1, 'a live book')
  await router.kill()
  client.close()
  writeLiveConfig(folder, { binance: endpointsOf(emulator.venue()) })
  await router.start()
  expect(router.venuesPid).not.toBe(venuesPid)
  expect(router.hosts).toEqual([router.venuesPid])
  client = await router.connect()
}, 20_000)

test('an order that rests on paper is never sent for real, though venues and instruments are the same', async () => {
  await until(async () => (await venue()).books['live'] === 1, 'a live book')
  const { bid } = await truth.price(SYMBOL)
  const price = Math.floor(bid * 0.8).toString()
  const order = { clientOrderId: 'paper', symbol: SYMBOL, side: 'buy', type: 'limit', price, quantity: '0.05' } as const
  await client.newOrder(order)
  await until(async () => (await client.status({ clientOrderId: 'paper' })).ordStatus === 'new', 'it to rest')
  client.close()
  await router.kill()
  const { apiKey, secret } = emulator.venue()
  const keys = { SOR_BINANCE_KEY: apiKey, SOR_BINANCE_SECRET: secret }
  const flags = ['--market', 'live', '--trading', 'real', '--venues', 'binance', '--symbols', SYMBOL]
  const config = path.join(folder, 'sor.config.json')
  const real = new RouterProcess([...flags, '--config', config], keys, router.stateDirectory)
  try {
    await real.start()
    const other = await real.connect()
    await until(async () => (await other.venues())[0].ready, 'the exchange to be reconciled')
    await sleep(1_000)
    expect(await other.openOrders()).toEqual([])
    expect(await truth.ids(SYMBOL)).toEqual([])
    other.close()
  } finally {
    await real.stop()
  }
  await router.start()
  client = await router.connect()
  expect((await client.openOrders()).map(({ clientOrderId }) => clientOrderId)).toEqual(['paper'])
}, 30_000)

test('no key was needed, and none is anywhere', () => {
  const { apiKey, secret } = emulator.venue()
  expect(leaks([apiKey, secret], router.stateDirectory, router.output)).toEqual([])
})
