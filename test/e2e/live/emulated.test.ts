/** `--market emulated`: the six commands of a day over every exchange there is an emulator of, through their real dialects. */
import { statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VenueInfo } from '../../../hotpath/client/order-types.ts'
import type { CostReport } from '../../../hotpath/tca/cost-report.ts'
import { type EmulatorVenueInfo, readEmulatorInfo } from '../../../hotpath/venues/emulator/emulator-info.ts'
import { emulators } from '../../../hotpath/venues/emulator/emulators.ts'
import { RouterProcess } from '../../fixtures/router-process.ts'
import { ExchangeTruth, until } from './emulator-process.ts'
import { leaks } from './secrets.ts'
import { sor, sorJson } from './sor-command.ts'

const router = new RouterProcess(['--market', 'emulated', '--symbols', 'BTC/USDT,BTC/USD'])
const state = router.stateDirectory
let printed = ''

interface Done {
  readonly orderId: string
  readonly order: { readonly ordStatus: string; readonly cumQty: string }
}

beforeAll(() => router.start())
afterAll(() => router.remove())

test('every emulated exchange is ready, its books are live, its feed is told; nobody was waited for', async () => {
  expect(Number(/ready after (\d+) ms/.exec(router.output)?.[1])).toBeLessThan(8_000)
  const venues = await until(async () => {
    const all = await sorJson<VenueInfo[]>('venues', state)
    return all.every(({ books }) => Object.keys(books).join() === 'live') && all
  }, 'live books')
  expect(venues.map(({ id }) => id).sort()).toEqual([...emulators.keys()].sort())
  for (const venue of venues) {
    expect(venue).toMatchObject({ up: true, ready: true })
    expect(venue.feed).toMatchObject({ state: 'open', trouble: '', malformed: 0, gaps: 0, lost: [] })
    expect(venue.feed?.frames).toBeGreaterThan(0)
  }
  const { out } = await sor('venues', state)
  for (const id of emulators.keys()) expect(out).toMatch(new RegExp(`^${id} +ready .* open `, 'm'))
})

test.each([...emulators.keys()])('an order at %s alone fills, both ways; what it cost is told', async (id) => {
  const client = await router.connect()
  const symbol = (await client.instruments()).find(({ venues }) => venues.includes(id))?.symbol ?? ''
  const bought = await sor(`order buy 0.02 ${symbol} --venues ${id}`, state)
  printed += bought.out + bought.err
  expect(`${bought.code} ${bought.out}${bought.err}`).toContain(`buy 0.02 ${symbol}: filled`)
  const sale = { symbol, side: 'sell', type: 'market', quantity: '0.02', venues: { include: [id] } } as const
  const sold = await client.orderUntilDone(sale)
  expect(sold).toMatchObject({ ordStatus: 'filled', cumQty: '0.02' })
  const cost = await client.report({ orderId: sold.orderId })
  expect(cost.simulated).toBe(true)
  expect(cost.venues.map((venue) => [venue.venue, venue.filledQuantity])).toEqual([[id, '0.02']])
  const { shortfall } = cost
  const parts = (['spread', 'impact', 'delay', 'fees'] as const).map((part) => shortfall?.[part].quote ?? 0)
  expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(shortfall?.total.quote ?? Number.NaN, 6)
  printed += JSON.stringify(cost)
  client.close()
}, 20_000)

test('sor explain and sor report tell of an order that was made elsewhere', async () => {
  const plan = await sor('explain 1', state)
  expect(`${plan.code} ${plan.out}`).toMatch(/^0 [\s\S]*exact optimum/)
  const cost = await sor('report 1', state)
  expect(`${cost.code} ${cost.out}`).toMatch(/^0 [\s\S]*filled[\s\S]*shortfall/)
  printed += plan.out + cost.out
})

test('an order over all of them is filled to the last lot, and an exchange has its share of it', async () => {
  const truth = await ExchangeTruth.open(emulatedVenue('binance'))
  const traded = await truth.traded('BTC/USDT')
  const done = await sorJson<Done>('order buy 6 BTC/USDT', state)
  const cost = await sorJson<CostReport>(`report ${done.orderId}`, state)
  expect(done.order).toMatchObject({ ordStatus: 'filled', cumQty: '6' })
  expect(cost.venues.reduce((sum, { filledQuantity }) => sum + Number(filledQuantity), 0)).toBeCloseTo(6, 9)
  const share = Number(cost.venues.find(({ venue }) => venue === 'binance')?.filledQuantity ?? 0)
  expect((await truth.traded('BTC/USDT')) - traded).toBeCloseTo(share, 9)
  await truth.close()
}, 20_000)

test('balances and fees at the exchange are what the report says', async () => {
  const truth = await ExchangeTruth.open(emulatedVenue('binance'))
  const [btc, usdt] = [await truth.balance('BTC'), await truth.balance('USDT')]
  const done = await sorJson<Done>('order buy 0.4 BTC/USDT --venues binance', state)
  const cost = await sorJson<CostReport>(`report ${done.orderId}`, state)
  // A buy pays its fee in what it brings.
  expect(Object.keys(cost.fees)).toEqual(['BTC'])
  expect((await truth.balance('BTC')) - btc).toBeCloseTo(0.4 - Number(cost.fees['BTC']), 8)
  expect(usdt - (await truth.balance('USDT'))).toBeCloseTo(Number(cost.notional), 6)
  await truth.close()
}, 20_000)

test('its made-up keys are in their file only', async () => {
  const file = path.join(state, 'emulators.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const words = (readEmulatorInfo(file)?.venues ?? []).flatMap(({ apiKey, secret, passphrase }) => [
    apiKey,
    secret,
    passphrase,
  ])
  const secrets = words.filter((word) => word.length >= 6)
  expect(secrets.length).toBeGreaterThan(emulators.size)
  expect(leaks(secrets, state, printed + router.output)).toEqual([])
})

test('it ends in good order, and nothing of it stays', async () => {
  expect(router.hosts).not.toEqual([])
  expect(await router.stop()).toBe(0)
  await until(() => router.hosts.length === 0, 'its processes to end')
})

function emulatedVenue(id: string): EmulatorVenueInfo {
  const venue = readEmulatorInfo(path.join(state, 'emulators.json'))?.venues.find((one) => one.id === id)
  if (venue === undefined) throw new Error(`${id} is not emulated`)
  return venue
}
