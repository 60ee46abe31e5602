/** The router with its core on a thread of its own: the journey of an order with real processes, kill -9 and a good end. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OrderClient } from '../../hotpath/client/order-client.ts'
import { RouterProcess, sleep } from '../fixtures/router-process.ts'

const router = new RouterProcess(['--seed', '7', '--threads', 'split'])
let client: OrderClient

beforeAll(async () => {
  await router.start()
  client = await router.connect()
}, 60_000)

afterAll(async () => {
  client.close()
  await router.remove()
}, 60_000)

const base = (): string => router.settings.url.replace('ws:', 'http:').replace('/v1/orders', '')

test('the banner says on which threads what runs', () => {
  expect(router.output).toMatch(/threads +split/)
  expect(router.output).toMatch(/core +own thread, sleeping when idle/)
})

test('an order is filled, explained and reported as on one thread', async () => {
  const order = { clientOrderId: 'first', symbol: 'BTC/USDT', side: 'buy', type: 'market', quantity: '2.5' } as const
  const done = await client.orderUntilDone(order)
  expect([done.ordStatus, done.cumQty]).toEqual(['filled', '2.5'])
  const plan = await client.explain({ orderId: done.orderId })
  expect(plan.plannedQuantity).toBe('2.5')
  const cost = await client.report({ orderId: done.orderId })
  expect(cost.venues.reduce((sum, venue) => sum + Number(venue.filledQuantity), 0)).toBeCloseTo(2.5, 9)
})

test('pages come from the core', async () => {
  const health = await fetch(`${base()}/health`)
  expect(await health.json()).toMatchObject({ status: 'up', market: 'calibrated', simulated: true, sessions: 1 })
  expect((await fetch(`${base()}/ready`)).status).toBe(200)
  expect((await fetch(`${base()}/nothing`)).status).toBe(404)
})

test('binary orders, many at once: every one ends, nothing stays open', async () => {
  const binary = await router.connect({ encoding: 'binary' })
  const done = await Promise.all(
    Array.from({ length: 300 }, (_, at) =>
      binary.orderUntilDone({
        symbol: 'BTC/USDT',
        side: at % 2 === 0 ? 'buy' : 'sell',
        type: 'market',
        quantity: '0.001',
      }),
    ),
  )
  expect(done.map(({ ordStatus }) => ordStatus)).toEqual(done.map(() => 'filled'))
  expect(await binary.openOrders()).toEqual([])
  binary.close()
})

test('books reach who subscribes', async () => {
  const book = new Promise((resolve) => {
    client.on('book', resolve)
  })
  await client.subscribe({ channel: 'book', symbol: 'BTC/USDT', intervalMs: 50 })
  expect(await book).toMatchObject({ symbol: 'BTC/USDT' })
})

test('kill -9 with a resting order: the next router finds it, and it can be cancelled', async () => {
  const resting = await client.newOrder({
    clientOrderId: 'rests',
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'limit',
    price: '40000',
    quantity: '0.5',
    durability: 'machine',
  })
  expect(resting.ordStatus).toBe('new')
  await sleep(300)
  await router.kill()
  client.close()
  await router.start()
  expect(router.output).toMatch(/recovered +1 open of \d+ orders; venues still running, reconciled/)
  client = await router.connect()
  const open = await client.openOrders()
  expect(open.map(({ clientOrderId }) => clientOrderId)).toEqual(['rests'])
  expect(await client.status({ clientOrderId: 'first' })).toMatchObject({ ordStatus: 'filled', cumQty: '2.5' })
  const ended = new Promise((resolve) => {
    client.on('executionReport', (report) => {
      if (report.clientOrderId === 'rests' && report.ordStatus === 'canceled') resolve(report)
    })
  })
  await client.cancel({ clientOrderId: 'rests' })
  await ended
}, 60_000)

test('the port is taken: said as on one thread, and the start fails', async () => {
  const second = new RouterProcess(['--threads', 'split', '--port', new URL(base()).port])
  await expect(second.start()).rejects.toThrow('cannot listen on 127.0.0.1')
  await second.remove()
}, 60_000)

test('SIGTERM: in good order, exit 0, and what was journaled is all there', async () => {
  const done = await client.orderUntilDone({ symbol: 'ETH/USDT', side: 'buy', type: 'market', quantity: '1' })
  expect(done.ordStatus).toBe('filled')
  expect(await router.stop()).toBe(0)
  await router.start()
  client = await router.connect()
  expect(await client.status({ orderId: done.orderId })).toMatchObject({ ordStatus: 'filled', cumQty: '1' })
}, 60_000)
