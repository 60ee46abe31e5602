/** One state directory, other wishes: other symbols, other venues, and a second router while the first one lives. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RouterProcess } from '../../fixtures/router-process.ts'
import { EmulatorProcess, ExchangeTruth, until } from './emulator-process.ts'

const BTC = 'BTC/USDT'
const flags = ['--market', 'emulated', '--venues', 'binance', '--symbols']
const first = new RouterProcess([...flags, BTC])
const state = first.stateDirectory
const emulator = new EmulatorProcess('binance', state)
let truth: ExchangeTruth

beforeAll(async () => {
  await first.start()
  truth = await ExchangeTruth.open(emulator.venue())
}, 30_000)

afterAll(async () => {
  await truth.close()
  await first.remove()
})

test('a second router is refused before it touches the venues of the first, whatever its market', async () => {
  const { hosts } = first
  for (const market of ['emulated', 'calibrated']) {
    const second = new RouterProcess(['--market', market, '--seed', '5'], {}, state)
    second.launch()
    await until(() => second.hasEnded, 'the second to give up')
    expect(second.output).toContain(`in use by process ${first.pid}`)
  }
  expect(first.hosts).toEqual(hosts)
  const client = await first.connect()
  expect((await client.venues())[0]).toMatchObject({ up: true, ready: true })
  client.close()
}, 20_000)

test('with other symbols nobody waits for what rests: it is canceled; with these again the order goes on, once', async () => {
  let client = await first.connect()
  await until(async () => (await client.venues())[0].books['live'] === 1, 'a live book')
  const { bid } = await truth.price(BTC)
  const price = Math.floor(bid * 0.8).toString()
  const order = { clientOrderId: 'rests', symbol: BTC, side: 'buy', type: 'limit', price, quantity: '0.05' } as const
  await client.newOrder(order)
  await until(async () => (await truth.open(BTC)).length === 1, 'it to rest')
  client.close()
  await first.kill()

  const other = new RouterProcess([...flags, `${BTC},ETH/USDT`], {}, state)
  await other.start()
  await until(async () => (await truth.open(BTC)).length === 0, 'it to be canceled')
  client = await other.connect()
  expect(await client.openOrders()).toEqual([])
  client.close()
  expect(await other.kill()).toBeUndefined()

  await first.start()
  expect(first.output).toMatch(/recovered +1 open of 1 orders/)
  client = await first.connect()
  const [open] = await until(async () => {
    const now = await truth.open(BTC)
    return now.length > 0 && now
  }, 'it to rest again')
  expect(open).toMatchObject({ amount: 0.05, filled: 0 })
  expect(await truth.open(BTC)).toHaveLength(1)
  expect(await client.status({ clientOrderId: 'rests' })).toMatchObject({ ordStatus: 'new', cumQty: '0' })
  const ids = await truth.ids(BTC)
  expect(new Set(ids).size).toBe(ids.length)
  client.close()
}, 30_000)

test('other venues are started beside those of before, which keep their ports and keys', async () => {
  const before = emulator.venue()
  await first.kill()
  const other = new RouterProcess(['--market', 'emulated', '--venues', 'okx', '--symbols', BTC], {}, state)
  await other.start()
  expect(other.output).toContain('orders go to okx')
  expect(emulator.venue()).toEqual(before)
  expect(other.hosts).toHaveLength(1)
  expect(await other.stop()).toBe(0)
  await until(() => other.hosts.length === 0, 'the emulators to end')
}, 20_000)
