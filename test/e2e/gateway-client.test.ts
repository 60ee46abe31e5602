/** OrderClient against the real gateway: what it says, in both encodings, and how it survives its connection. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  AnswerTimedOut,
  type ClientState,
  ConnectionLost,
  type ExecutionReport,
  type NewOrder,
  OrderClient,
  type OrderClientOptions,
  OrderDenied,
} from '../../hotpath/client/order-client.ts'
import type { AccountIndex, ParentRow } from '../../shared/units/ids.ts'
import type { QtyLots } from '../../shared/units/ticks.ts'
import { CutProxy } from './gateway/cut-proxy.ts'
import { type RealGateway, startGateway } from './gateway/real-gateway.ts'
import { SECRET, smallAccounts } from './gateway/small-market.ts'

let gateway: RealGateway
const clients: OrderClient[] = []

beforeAll(async () => {
  gateway = await startGateway('auto')
})
afterAll(() => gateway.close())
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

async function connect(options: Partial<OrderClientOptions> = {}): Promise<OrderClient> {
  const client = make(options)
  await client.connect()
  return client
}

function make(options: Partial<OrderClientOptions> = {}): OrderClient {
  const pace = { reconnectDelayMsMin: 5, reconnectDelayMsMax: 20 }
  const client = new OrderClient({ url: gateway.url, apiKey: 'key-of-main', secret: SECRET, ...pace, ...options })
  clients.push(client)
  return client
}

function rowOf(clientOrderId: string): ParentRow {
  const { store } = gateway.core
  for (let at = 0; at < store.parentCount; at++)
    if (store.clientIdText(store.parentAt(at)) === clientOrderId) return store.parentAt(at)
  throw new Error('no such order')
}

const market = { symbol: 'BTC/USDT', side: 'buy', type: 'market', quantity: '0.5' } as const
const limit = { symbol: 'BTC/USDT', side: 'sell', type: 'limit', quantity: '2', price: '70000.5' } as const

test('the README in one test', async () => {
  const client = make()
  expect(await client.connect()).toMatchObject({ account: 'main', market: 'calibrated', simulated: true })
  const done = await client.orderUntilDone(market)
  expect(done).toMatchObject({ ordStatus: 'filled', cumQty: '0.5', avgPx: '64000.5', fees: { USDT: '0.0005' } })
})

describe.each(['json', 'binary'] as const)('in %s', (encoding) => {
  test('every kind of order is acknowledged as it was asked', async () => {
    const client = await connect({ encoding })
    const expireTime = Date.now() + 60_000
    const orders: NewOrder[] = [
      limit,
      { ...limit, timeInForce: 'GTC', postOnly: true },
      { ...limit, timeInForce: 'GTD', expireTime },
      { ...limit, timeInForce: 'FOK' },
      { ...market, quantity: '0.00001', limits: { slippageBps: 1.5, feeBps: 20 }, durability: 'machine' },
      { symbol: 'BTC/USDT', side: 'buy', type: 'market', quoteQuantity: '250.75', venues: { exclude: ['alpha'] } },
    ]
    for (const [at, order] of orders.entries()) {
      const report = await client.newOrder({ ...order, clientOrderId: `${encoding}-${at}` })
      expect(report).toMatchObject({ execType: 'new', symbol: order.symbol, side: order.side, ordType: order.type })
      const row = rowOf(`${encoding}-${at}`)
      if (order.expireTime !== undefined) expect(report.expireTime).toBe(expireTime)
      if (order.quoteQuantity !== undefined) expect(report.quoteQuantity).toBe('250.75')
      else
        expect([report.quantity, gateway.core.store.orderLots[row]]).toEqual([
          order.quantity,
          Number(order.quantity) * 1e5,
        ])
      expect([report.price, report.postOnly]).toEqual([order.price, order.postOnly])
      expect(report.durability).toBe(order.durability ?? 'process')
    }
    await client.massCancel()
  })

  test('a refusal is an OrderDenied with its reason', async () => {
    const client = await connect({ encoding })
    const wrong: [string, NewOrder][] = [
      ['unknownSymbol', { ...market, symbol: 'XRP/USDT' }],
      ['quantityTooPrecise', { ...market, quantity: '0.0000001' }],
      ['badQuantity', { ...market, quantity: '-1' }],
      ['badPrice', { ...limit, price: '' }],
      ['unknownVenue', { ...market, venues: { include: ['gamma'] } }],
      ['noVenueLeft', { ...market, venues: { include: [] } }],
      ['noVenueLeft', { ...market, venues: { exclude: ['alpha', 'beta'] } }],
      ['badClientOrderId', { ...market, clientOrderId: 'no spaces' }],
      ['badLimit', { ...market, limits: { feeBps: 0.001 } }],
      ['alreadyExpired', { ...limit, timeInForce: 'GTD', expireTime: 5 }],
      ['badTimeInForce', { ...limit, timeInForce: 'IOC', postOnly: true } as unknown as NewOrder],
    ]
    for (const [reason, order] of wrong) {
      const denied = await client.newOrder(order).catch((error: unknown) => error)
      expect(denied).toBeInstanceOf(OrderDenied)
      expect(denied).toMatchObject({ reason, op: 'new' })
    }
  })

  test('cancel, replace, status, mass cancel and open orders', async () => {
    const client = await connect({ encoding })
    const { orderId } = await client.newOrder({ ...limit, clientOrderId: `${encoding}-c` })
    expect(await client.replace({ orderId, price: '71000' })).toMatchObject({ execType: 'replaced', price: '71000' })
    expect(await client.status({ clientOrderId: `${encoding}-c` })).toMatchObject({ orderId, price: '71000' })
    expect((await client.openOrders()).map((order) => order.orderId)).toEqual([orderId])
    expect(await client.cancel({ orderId })).toMatchObject({ ordStatus: 'pendingCancel' })
    expect(await client.status({ orderId })).toMatchObject({ ordStatus: 'canceled' })
    expect(await client.openOrders()).toEqual([])
    await client.newOrder(limit)
    expect(await client.massCancel('ETH/BTC')).toBe(0)
    expect(await client.massCancel()).toBe(1)
    await expect(client.cancel({ orderId })).rejects.toMatchObject({ reason: 'orderAlreadyEnded' })
  })

  test('reports are the same whatever the encoding', async () => {
    const client = await connect({ encoding })
    const other = await connect({ encoding: encoding === 'json' ? 'binary' : 'json' })
    const [ours, theirs]: ExecutionReport[][] = [[], []]
    client.on('executionReport', (report) => ours.push(report))
    other.on('executionReport', (report) => theirs.push(report))
    await client.orderUntilDone({ ...market, quantity: '1.23456', durability: 'machine' })
    await client.newOrder({ ...limit, postOnly: true })
    await client.massCancel()
    await vi.waitFor(() => expect(theirs).toHaveLength(5))
    expect(theirs).toEqual(ours)
  })
})

test('quote, explain, report, instruments, venues', async () => {
  const client = await connect()
  await client.newOrder({ ...market, clientOrderId: 'asked' })
  expect((await client.quote({ symbol: 'BTC/USDT', side: 'buy', quantity: '0.1' })).certificate.proof).toBe('sweep')
  expect((await client.explain({ clientOrderId: 'asked' })).symbol).toBe('BTC/USDT')
  expect((await client.report({ clientOrderId: 'asked' })).clientOrderId).toBe('asked')
  expect((await client.instruments()).map(({ symbol }) => symbol)).toEqual(['BTC/USDT', 'ETH/BTC'])
  expect((await client.venues()).map(({ id }) => id)).toEqual(['alpha', 'beta'])
  await expect(client.quote({ symbol: 'BTC/USDT', side: 'buy', quantity: '9' })).rejects.toThrow('noLiquidity')
})

test('books and prints', async () => {
  const client = await connect()
  const books: string[] = []
  const prints: string[] = []
  client.on('book', ({ bids }) => books.push(bids[0][0]))
  const stop = client.on('trade', ({ price }) => prints.push(price))
  await client.subscribe({ channel: 'book', symbol: 'BTC/USDT', depth: 1, intervalMs: 50 })
  await client.subscribe({ channel: 'trades' })
  const print = (): void => gateway.server.onTrade(0 as never, 0 as never, 1, 123 as never, 1 as never, 1 as never)
  print()
  await vi.waitFor(() => expect([books, prints]).toEqual([['63999'], ['1.23']]))
  stop()
  print()
  await client.unsubscribe({ channel: 'trades' })
  expect(prints).toHaveLength(1)
})

test('a wrong key, a wrong secret, no router at all', async () => {
  await expect(make({ apiKey: 'key-of-nobody' }).connect()).rejects.toMatchObject({ reason: 'badSignature' })
  await expect(make({ secret: 'wrong' }).connect()).rejects.toMatchObject({ reason: 'badSignature' })
  await expect(make({ url: 'ws://127.0.0.1:9/v1/orders' }).connect()).rejects.toBeInstanceOf(ConnectionLost)
  const client = make()
  await expect(client.newOrder(market)).rejects.toBeInstanceOf(ConnectionLost)
  expect(client.state).toBe('idle')
})

test('a router that is still replaying is waited for', async () => {
  gateway.core.isReady = false
  const client = make()
  setTimeout(() => {
    gateway.core.isReady = true
  }, 60)
  await client.connect()
  expect(client.state).toBe('connected')
})

test('two clients with one key at the same moment both get in', async () => {
  const many = await Promise.all(Array.from({ length: 10 }, () => connect()))
  expect(many.every(({ state }) => state === 'connected')).toBe(true)
})

describe('when the connection is cut', () => {
  let proxy: CutProxy
  beforeAll(async () => {
    proxy = await CutProxy.open(gateway.port)
  })
  afterEach(() => {
    proxy.isSwallowing = false
    proxy.isDeaf = false
    proxy.isShut = false
  })
  afterAll(() => proxy.close())

  test.each([
    'json',
    'binary',
  ] as const)('an unacknowledged order is asked again and is one order (%s)', async (encoding) => {
    const client = await connect({ url: proxy.url, encoding })
    const states: ClientState[] = []
    client.on('state', (state) => states.push(state))
    proxy.isSwallowing = true
    const changes = gateway.core.changes
    const sent = client.newOrder({ ...limit, clientOrderId: `again-${encoding}` })
    await vi.waitFor(() => expect(gateway.core.changes).toBe(changes + 1))
    proxy.cut()
    proxy.isSwallowing = false
    expect(await sent).toMatchObject({ clientOrderId: `again-${encoding}`, execType: 'orderStatus', ordStatus: 'new' })
    expect(gateway.core.changes).toBe(changes + 1)
    await vi.waitFor(() => expect(states).toEqual(['reconnecting', 'connected']))
    await client.massCancel()
  })

  test('an order that never arrived is sent again', async () => {
    const client = await connect({ url: proxy.url })
    const changes = gateway.core.changes
    proxy.isDeaf = true
    const sent = client.newOrder({ ...limit, clientOrderId: 'lost' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    proxy.isDeaf = false
    proxy.cut()
    expect(await sent).toMatchObject({ clientOrderId: 'lost', execType: 'new' })
    expect(gateway.core.changes).toBe(changes + 1)
    await client.massCancel()
  })

  test('it knocks with growing pauses, not without', async () => {
    const client = await connect({ url: proxy.url, reconnectDelayMsMin: 20, reconnectDelayMsMax: 80 })
    proxy.isShut = true
    proxy.cut()
    const before = proxy.attempts
    await new Promise((resolve) => setTimeout(resolve, 400))
    // Pauses of at least 10, 20, 40, 40 ... ms.
    expect(proxy.attempts - before).toBeGreaterThan(2)
    expect(proxy.attempts - before).toBeLessThan(13)
    proxy.isShut = false
    await vi.waitFor(() => expect(client.state).toBe('connected'))
  })

  test('the end of an order that came while we were away is found', async () => {
    const client = await connect({ url: proxy.url })
    const done = client.orderUntilDone({ ...limit, clientOrderId: 'away' })
    await vi.waitFor(() => rowOf('away'))
    await client.status({ clientOrderId: 'away' })
    proxy.isShut = true
    proxy.cut()
    gateway.core.fill(rowOf('away'), 200_000 as QtyLots)
    await vi.waitFor(() => expect(client.state).toBe('reconnecting'))
    await expect(client.newOrder(market)).rejects.toBeInstanceOf(ConnectionLost)
    proxy.isShut = false
    expect(await done).toMatchObject({ ordStatus: 'filled', cumQty: '2' })
  })

  test('what was open is told again, and subscriptions are made again', async () => {
    const client = await connect({ url: proxy.url })
    await client.newOrder({ ...limit, clientOrderId: 'still-open' })
    const told: string[] = []
    let books = 0
    client.on('executionReport', (report) => told.push(`${report.execType} ${report.clientOrderId}`))
    client.on('book', () => books++)
    await client.subscribe({ channel: 'book', symbol: 'BTC/USDT', intervalMs: 50 })
    await vi.waitFor(() => expect(books).toBe(1))
    const question = client.instruments().catch((error: unknown) => error)
    proxy.cut()
    expect(await question).toBeInstanceOf(ConnectionLost)
    await vi.waitFor(() => expect([told, books]).toEqual([['orderStatus still-open'], 2]))
    await client.massCancel()
  })

  test('orders with cancel on disconnect are gone when we are back', async () => {
    const client = await connect({ url: proxy.url, cancelOnDisconnect: true })
    const done = client.orderUntilDone({ ...limit, clientOrderId: 'careful' })
    await client.status({ clientOrderId: 'careful' })
    proxy.cut()
    expect(await done).toMatchObject({ ordStatus: 'canceled' })
    expect(gateway.core.openOrders(0 as AccountIndex, () => {})).toBe(0)
  })

  test('a router that does not know the key any more ends the client, loudly', async () => {
    const client = await connect({ url: proxy.url })
    const waiting = client.untilDone('never')
    const [main, ...others] = smallAccounts()
    const stranger = await startGateway('auto', { accounts: [{ ...main, apiKey: 'key-of-another' }, ...others] })
    proxy.target = stranger.port
    proxy.cut()
    await expect(waiting).rejects.toMatchObject({ reason: 'badSignature' })
    expect(client.state).toBe('closed')
    proxy.target = gateway.port
    await stranger.close()
  })

  test('closing rejects what waits', async () => {
    const client = await connect()
    const waiting = client.untilDone('never')
    client.close()
    await expect(waiting).rejects.toThrow('closed')
  })

  test('an answer that does not come is a timeout, and says nothing about the order', async () => {
    const client = await connect({ url: proxy.url, answerTimeoutMs: 50 })
    proxy.isSwallowing = true
    await expect(client.newOrder({ ...limit, clientOrderId: 'late' })).rejects.toBeInstanceOf(AnswerTimedOut)
    proxy.isSwallowing = false
    expect(await client.status({ clientOrderId: 'late' })).toMatchObject({ ordStatus: 'new' })
    await client.massCancel()
  })
})
