/** The exchange dies in the middle of orders and comes back: we find out what became of them, and ask for nothing twice. */
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OrderClient } from '../../../hotpath/client/order-client.ts'
import { RouterProcess, sleep } from '../../fixtures/router-process.ts'
import { BrokenLine } from './broken-line.ts'
import { EmulatorProcess, ExchangeTruth, endpointsOf, until } from './emulator-process.ts'
import { leaks } from './secrets.ts'

const SYMBOL = 'BTC/USDT'
/** The market nearly stands still: an immediate order on its way finds the price it was planned at. */
const SPEED = 0.01
const flags = ['--market', 'emulated', '--venues', 'binance', '--symbols', SYMBOL, '--speed', String(SPEED)]
const router = new RouterProcess(flags)
const emulator = new EmulatorProcess('binance', router.stateDirectory, SPEED)
let line: BrokenLine
let truth: ExchangeTruth
let client: OrderClient
let output = ''

/** The router talks to the exchange's orders through our line; its feed goes straight. */
function putLineBetween(port: number): void {
  const { info } = emulator
  const venues = info.venues.map((venue) => ({
    ...venue,
    ...endpointsOf(venue, port),
    publicSocket: venue.publicSocket,
  }))
  writeFileSync(emulator.infoFile, JSON.stringify({ ...info, venues }), { mode: 0o600 })
}

beforeAll(async () => {
  await emulator.start()
  line = new BrokenLine(emulator.venue().port)
  const port = await line.listen()
  truth = await ExchangeTruth.open(emulator.venue())
  putLineBetween(port)
  await router.start()
  client = await router.connect()
  await until(async () => (await client.venues())[0].books['live'] === 1, 'a live book')
}, 40_000)

afterAll(async () => {
  client.close()
  await router.remove()
  await truth.close()
  await line.close()
  emulator.remove()
})

async function isReady(): Promise<boolean> {
  const [venue] = await client.venues()
  return venue.ready === true && venue.books['live'] === 1
}

async function restart(): Promise<void> {
  await emulator.kill()
  line.cut()
  await until(async () => !(await isReady()), 'the router to notice')
  await emulator.start()
  line.mend()
  await until(isReady, 'the router to be reconciled')
}

test('killed while an order rests: the order is what the exchange has of it', async () => {
  const { bid } = await truth.price(SYMBOL)
  const price = Math.floor(bid * 0.8).toString()
  const order = { clientOrderId: 'rests', symbol: SYMBOL, side: 'buy', type: 'limit', price, quantity: '0.05' } as const
  await client.newOrder(order)
  await until(async () => (await truth.open(SYMBOL)).length === 1, 'the order to rest')
  await restart()
  // What was open is canceled at a restart of the exchange; the router may have placed the rest anew.
  const now = await until(async () => {
    const [status, open] = [await client.status({ clientOrderId: 'rests' }), await truth.open(SYMBOL)]
    const isOpen = status.ordStatus === 'new' || status.ordStatus === 'partiallyFilled'
    return isOpen === (open.length === 1) && open.length <= 1 && { status, open }
  }, 'the router and the exchange to agree')
  expect(now.status.cumQty).toBe('0')
  if (now.open.length === 1) expect(now.open[0]).toMatchObject({ amount: 0.05, filled: 0 })
  else expect(['canceled', 'expired', 'rejected']).toContain(now.status.ordStatus)
  if (now.open.length === 1) await client.cancel({ clientOrderId: 'rests' })
  await until(async () => (await truth.open(SYMBOL)).length === 0, 'nothing to rest')
  await until(async () => (await client.openOrders()).length === 0, 'the order to end')
}, 30_000)

test('killed after it took an immediate order and before it answered: what was traded is found, once', async () => {
  await until(isReady, 'the router to be reconciled')
  const before = await truth.traded(SYMBOL)
  line.isDeaf = true
  const placed = client.newOrder({
    clientOrderId: 'lost',
    symbol: SYMBOL,
    side: 'buy',
    type: 'market',
    quantity: '0.03',
  })
  let said = ''
  placed.then(
    ({ ordStatus, reason }) => {
      said = `${ordStatus} ${reason}`
    },
    (error: Error) => {
      said = error.message
    },
  )
  await until(
    async () => (await truth.traded(SYMBOL)) > before,
    () => `the exchange to trade (${said})`,
  )
  const waiting = await placed
  expect(waiting.ordStatus).not.toBe('filled')
  await restart()
  const done = await until(async () => {
    const status = await client.status({ clientOrderId: 'lost' })
    return status.ordStatus === 'filled' && status
  }, 'the fill to be found')
  expect(done.cumQty).toBe('0.03')
  expect((await truth.traded(SYMBOL)) - before).toBeCloseTo(0.03, 9)
  // Whatever still asks has time to ask again.
  await sleep(1_500)
  expect((await client.status({ clientOrderId: 'lost' })).cumQty).toBe('0.03')
  expect((await truth.traded(SYMBOL)) - before).toBeCloseTo(0.03, 9)
  const ids = await truth.ids(SYMBOL)
  expect(new Set(ids).size).toBe(ids.length)
}, 30_000)

test('the router killed in the same moment: the next one finds the same', async () => {
  await until(isReady, 'the router to be reconciled')
  const before = await truth.traded(SYMBOL)
  line.isDeaf = true
  const order = { clientOrderId: 'orphan', symbol: SYMBOL, side: 'sell', type: 'market', quantity: '0.02' } as const
  // No answer comes: the venue is deaf to us and the router dies. What comes nevertheless says why nothing was traded.
  let refusal = ''
  client.newOrder(order).then(
    ({ ordStatus, reason }) => {
      refusal = `${ordStatus} ${reason}`
    },
    (error: Error) => {
      refusal = error.message
    },
  )
  await until(
    async () => (await truth.traded(SYMBOL)) > before,
    () => `the exchange to trade (${refusal})`,
  )
  await router.kill()
  output += router.output
  client.close()
  line.cut()
  line.mend()
  await router.start()
  client = await router.connect()
  expect(router.output).toMatch(/recovered +1 open of 3 orders/)
  const done = await until(async () => {
    const status = await client.status({ clientOrderId: 'orphan' })
    return status.ordStatus === 'filled' && status
  }, 'the fill to be found')
  expect(done.cumQty).toBe('0.02')
  expect((await truth.traded(SYMBOL)) - before).toBeCloseTo(0.02, 9)
  expect(await client.openOrders()).toEqual([])
  const ids = await truth.ids(SYMBOL)
  expect(new Set(ids).size).toBe(ids.length)
}, 30_000)

test('it goes on trading; the keys are nowhere but in their file', async () => {
  await until(isReady, 'the router to be reconciled')
  const done = await client.orderUntilDone({ symbol: SYMBOL, side: 'buy', type: 'market', quantity: '0.01' })
  expect(done).toMatchObject({ ordStatus: 'filled', cumQty: '0.01' })
  const { apiKey, secret } = emulator.venue()
  expect(leaks([apiKey, secret], router.stateDirectory, output + router.output)).toEqual([])
}, 20_000)
