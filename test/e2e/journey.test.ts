/** The first full journey with real processes: order, fills, report, kill -9, start again, status. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OrderClient } from '../../hotpath/client/order-client.ts'
import { RouterProcess, sleep } from '../fixtures/router-process.ts'

const router = new RouterProcess(['--seed', '7'])
let client: OrderClient

beforeAll(async () => {
  await router.start()
  client = await router.connect()
}, 60_000)

afterAll(async () => {
  client.close()
  await router.remove()
}, 60_000)

test('a market order is filled to the last lot over several venues, with a certificate and a cost report', async () => {
  const done = await client.orderUntilDone({
    clientOrderId: 'first',
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'market',
    quantity: '2.5',
  })
  expect(done.ordStatus).toBe('filled')
  expect(done.cumQty).toBe('2.5')
  const plan = await client.explain({ orderId: done.orderId })
  expect(plan.plannedQuantity).toBe('2.5')
  expect(['sweep', 'search', 'bound']).toContain(plan.certificate.proof)
  expect(plan.certificate.gapBps).toBeLessThan(1)
  const cost = await client.report({ orderId: done.orderId })
  expect(cost.simulated).toBe(true)
  const { shortfall } = cost
  expect(shortfall).toBeDefined()
  if (shortfall === undefined) return
  const parts = shortfall.spread.quote + shortfall.impact.quote + shortfall.delay.quote + shortfall.fees.quote
  expect(parts).toBeCloseTo(shortfall.total.quote, 6)
  const filled = cost.venues.reduce((sum, venue) => sum + Number(venue.filledQuantity), 0)
  expect(filled).toBeCloseTo(2.5, 9)
  expect(cost.baselines.map(({ name }) => name)).toContain('bestSingleVenue')
})

test('the same clientOrderId is the same order', async () => {
  const again = await client.newOrder({
    clientOrderId: 'first',
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'market',
    quantity: '9',
  })
  expect(again.quantity).toBe('2.5')
  expect(again.ordStatus).toBe('filled')
})

test('kill -9 with a resting order: the venues live on, the next router finds it, and it can be cancelled', async () => {
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
  await sleep(500)
  const { venuesPid } = router
  await router.kill()
  expect(() => process.kill(venuesPid, 0)).not.toThrow()
  client.close()

  await router.start()
  expect(router.venuesPid).toBe(venuesPid)
  expect(router.output).toMatch(/recovered +1 open of 2 orders; venues still running, reconciled/)
  client = await router.connect()
  const open = await client.openOrders()
  expect(open.map(({ clientOrderId }) => clientOrderId)).toEqual(['rests'])
  const first = await client.status({ clientOrderId: 'first' })
  expect(first.ordStatus).toBe('filled')
  expect(first.cumQty).toBe('2.5')
  const cost = await client.report({ clientOrderId: 'first' })
  expect(cost.baselines.length).toBeGreaterThan(0)

  const ended = new Promise((resolve) => {
    client.on('executionReport', (report) => {
      if (report.clientOrderId === 'rests' && report.ordStatus === 'canceled') resolve(report)
    })
  })
  await client.cancel({ clientOrderId: 'rests' })
  await ended
}, 60_000)

test('orders in binary frames come to the same', async () => {
  const binary = await router.connect({ encoding: 'binary' })
  const done = await binary.orderUntilDone({ symbol: 'ETH/USDT', side: 'sell', type: 'market', quantity: '1.5' })
  expect(done.ordStatus).toBe('filled')
  expect(done.cumQty).toBe('1.5')
  binary.close()
})

test('an order sized in quote spends no more than it may', async () => {
  const done = await client.orderUntilDone({ symbol: 'BTC/USDT', side: 'buy', type: 'market', quoteQuantity: '50000' })
  const spent = Number(done.cumQty) * Number(done.avgPx) + Number(done.fees['USDT'] ?? 0)
  expect(spent).toBeLessThanOrEqual(50_000)
  expect(spent).toBeGreaterThan(49_900)
})

test('two hundred orders at once: every one ends, the open list is empty, positions add up', async () => {
  const orders = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      client.orderUntilDone({
        symbol: 'BTC/USDT',
        side: at % 2 === 0 ? 'buy' : 'sell',
        type: 'market',
        quantity: '0.01',
      }),
    ),
  )
  expect(orders.every(({ ordStatus }) => ordStatus === 'filled' || ordStatus === 'expired')).toBe(true)
  expect(orders.filter(({ ordStatus }) => ordStatus === 'filled').length).toBeGreaterThan(190)
  expect(await client.openOrders()).toEqual([])
}, 60_000)
