/** Coinbase Advanced Trade as unmodified ccxt and ccxt.pro see it: every call over real loopback sockets. */
import ccxt, { type Exchange } from 'ccxt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { coinbaseEmulator } from '../../../hotpath/venues/coinbase/coinbase-emulator.ts'
import { openCcxt, watchUntil } from './ccxt-client.ts'
import { type EmulatedVenue, openEmulatedVenue } from './emulated-venue.ts'

const SYMBOL = 'BTC/USD'
/** Thirty calls a second are what Coinbase allows. */
const LIMIT_SCALE = 50
/** Balances of the API that trades, not of the older wallets. */
const options = { fetchBalance: 'v3PrivateGetBrokerageAccounts' }

let venue: EmulatedVenue
let client: Exchange

beforeAll(async () => {
  venue = await openEmulatedVenue(coinbaseEmulator, LIMIT_SCALE)
  client = await openCcxt('coinbase', { port: venue.port, key: venue.key, options })
  await client.loadMarkets()
})

afterAll(async () => {
  await client.close()
  await venue.close()
  venue.emulator.exchange.assertConserved()
})

afterEach(() => {
  venue.market.isHeld = false
})

async function touch(): Promise<{ bid: number; ask: number }> {
  const book = await client.fetchOrderBook(SYMBOL, 5)
  return { bid: book.bids[0][0] as number, ask: book.asks[0][0] as number }
}

describe('unmodified ccxt.pro keeps the book of the Coinbase emulator', () => {
  test('level by level as the venue has it', async () => {
    for (let at = 0; at < 20; at++) await client.watchOrderBook(SYMBOL)
    venue.market.isHeld = true
    await new Promise((resolve) => setTimeout(resolve, 150))
    const kept = client.orderbooks[SYMBOL]
    const shown = await client.fetchOrderBook(SYMBOL)
    expect(shown.bids.length).toBeGreaterThan(10)
    expect([...kept.bids]).toEqual(shown.bids)
    expect([...kept.asks]).toEqual(shown.asks)
  })
})

describe('unmodified ccxt trades through the Coinbase emulator: REST', () => {
  test('markets carry the grid, the minimums and the fees of the account', () => {
    const market = client.market(SYMBOL)
    const symbol = venue.emulator.exchange.symbolOf(SYMBOL)
    expect(market.id).toBe('BTC-USD')
    expect(market.precision.price).toBe(Number(symbol?.tickText))
    expect(market.precision.amount).toBe(Number(symbol?.lotText))
    expect(market.limits.cost?.min).toBe(Number(symbol?.notionalMinText))
    expect(market.taker).toBe((symbol?.listing.takerPpm ?? 0) / 1e6)
  })

  test('the book is sorted and not crossed', async () => {
    const book = await client.fetchOrderBook(SYMBOL, 20)
    const bids = book.bids.map(([price]) => price as number)
    const asks = book.asks.map(([price]) => price as number)
    expect(bids.length).toBeGreaterThan(5)
    expect(bids).toEqual([...bids].sort((a, b) => b - a))
    expect(asks).toEqual([...asks].sort((a, b) => a - b))
    expect(bids[0]).toBeLessThan(asks[0])
  })

  test('a limit order rests, is found, holds its money, and is canceled', async () => {
    const { bid } = await touch()
    const before = await client.fetchBalance()
    const price = Math.floor(bid * 0.9)
    const params = { client_order_id: 's0001000000a001' }
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    expect(placed).toMatchObject({ symbol: SYMBOL, side: 'buy', clientOrderId: 's0001000000a001' })
    const fetched = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(fetched).toMatchObject({ status: 'open', filled: 0, amount: 0.01, price, timeInForce: 'GTC', type: 'limit' })
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id)).toEqual([placed.id])
    const during = await client.fetchBalance()
    const taker = (venue.emulator.exchange.symbolOf(SYMBOL)?.listing.takerPpm ?? 0) / 1e6
    // Held with the fee, which is taken from the quote.
    expect(during['USD'].used).toBeCloseTo(price * 0.01 * (1 + taker), 4)
    expect(during['USD'].total).toBeCloseTo(before['USD'].total ?? 0, 8)
    expect(await client.cancelOrder(idOf(placed), SYMBOL)).toMatchObject({ id: placed.id })
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({ status: 'canceled', filled: 0 })
    expect((await client.fetchBalance())['USD']).toEqual(before['USD'])
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
  })

  test('a market order trades at once, and the sums are exact', async () => {
    const before = await client.fetchBalance()
    const placed = await client.createOrder(SYMBOL, 'market', 'sell', 0.02)
    const order = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(order).toMatchObject({ status: 'closed', filled: 0.02, remaining: 0 })
    const trades = (await client.fetchMyTrades(SYMBOL)).filter((trade) => trade.order === order.id)
    expect(sum(trades.map((trade) => trade.amount ?? 0))).toBeCloseTo(0.02, 12)
    expect(trades.every(({ takerOrMaker }) => takerOrMaker === 'taker')).toBe(true)
    const fees = sum(trades.map((trade) => (trade.fee as { cost: number }).cost))
    const cost = sum(trades.map((trade) => trade.cost ?? 0))
    const after = await client.fetchBalance()
    expect((before['BTC'].total ?? 0) - (after['BTC'].total ?? 0)).toBeCloseTo(0.02, 8)
    expect((after['USD'].total ?? 0) - (before['USD'].total ?? 0)).toBeCloseTo(cost - fees, 6)
  })

  test('a market order by cost spends at most that', async () => {
    const placed = await client.createOrder(SYMBOL, 'market', 'buy', 1, undefined, { cost: 500 })
    const order = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(order.status).toBe('closed')
    expect(order.cost).toBeLessThanOrEqual(500)
    expect(order.cost).toBeGreaterThan(400)
  })

  test('immediate-or-cancel and fill-or-kill: what cannot trade is canceled', async () => {
    const { bid } = await touch()
    for (const timeInForce of ['IOC', 'FOK']) {
      const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.9), { timeInForce })
      expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({
        status: 'canceled',
        filled: 0,
        timeInForce,
      })
    }
  })

  test('post-only rests or is refused', async () => {
    const { bid, ask } = await touch()
    const resting = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.9), { postOnly: true })
    expect(await client.fetchOrder(idOf(resting), SYMBOL)).toMatchObject({ status: 'open', postOnly: true })
    const crossing = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.ceil(ask * 1.01), { postOnly: true })
    await expect(crossing).rejects.toThrow('INVALID_LIMIT_PRICE_POST_ONLY')
    await client.cancelOrder(idOf(resting), SYMBOL)
  })

  test('good-till-date names its end', async () => {
    const { bid } = await touch()
    const end = new Date(Date.now() + 60_000).toISOString()
    const price = Math.floor(bid * 0.8)
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, { timeInForce: 'GTD', end_time: end })
    const fetched = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(fetched).toMatchObject({ status: 'open', price })
    expect(Date.parse(fetched.info.order_configuration.limit_limit_gtd.end_time)).toBe(Date.parse(end))
    await client.cancelOrder(idOf(placed), SYMBOL)
  })

  test('an order of our own is not traded with: the one that comes is stopped', async () => {
    venue.market.isHeld = true
    const [price, shown] = (await client.fetchOrderBook(SYMBOL, 5)).asks[0] as [number, number]
    const resting = await client.createOrder(SYMBOL, 'limit', 'sell', 1, price)
    // Everything of others at that price, which comes first (and grows back after fills), and then ours.
    const crossing = await client.createOrder(SYMBOL, 'limit', 'buy', shown + 0.5, price, { timeInForce: 'IOC' })
    expect(await client.fetchOrder(idOf(resting))).toMatchObject({ status: 'open', filled: 0 })
    const second = await client.fetchOrder(idOf(crossing))
    expect([second.status, second.info.cancel_message]).toEqual(['canceled', 'Self trade prevention'])
    expect(second.filled).toBeGreaterThan(shown * 0.99)
    await client.cancelOrder(idOf(resting))
  })

  test('a batch is canceled order by order: some are, some are not', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const placed = [
      await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price),
      await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price - 10),
    ]
    const unknown = '00000000-0000-4000-8000-00000000ffff'
    const half = client.cancelOrders([idOf(placed[0]), unknown], SYMBOL)
    await expect(half).rejects.toThrow(ccxt.BadRequest)
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id)).toEqual([placed[1].id])
    await client.cancelOrders([idOf(placed[1])], SYMBOL)
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
  })

  test('edited in place', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price)
    await client.editOrder(idOf(placed), SYMBOL, 'limit', 'buy', 0.02, price - 5)
    expect(await client.fetchOrder(idOf(placed))).toMatchObject({ status: 'open', amount: 0.02, price: price - 5 })
    await client.cancelOrder(idOf(placed), SYMBOL)
  })

  test('public trades, fees, tickers, time and order history', async () => {
    expect((await client.fetchOrders(SYMBOL)).length).toBeGreaterThan(5)
    expect((await client.fetchClosedOrders(SYMBOL)).every(({ status }) => status === 'closed')).toBe(true)
    expect((await client.fetchCanceledOrders(SYMBOL)).length).toBeGreaterThan(0)
    expect((await client.fetchTrades(SYMBOL)).length).toBeGreaterThan(0)
    const fees = await client.fetchTradingFees()
    const { taker } = fees[SYMBOL] as { taker: number }
    expect(taker).toBe((venue.emulator.exchange.symbolOf(SYMBOL)?.listing.takerPpm ?? 0) / 1e6)
    const ticker = await client.fetchTicker(SYMBOL)
    expect(ticker.bid).toBeLessThan(ticker.ask ?? 0)
    expect(Math.abs(((await client.fetchTime()) ?? 0) - Date.now())).toBeLessThan(3_000)
  })
})

describe('refusals arrive in their classes', () => {
  test('not enough money', async () => {
    const { bid } = await touch()
    const order = client.createOrder(SYMBOL, 'limit', 'buy', 100, Math.floor(bid * 0.9))
    await expect(order).rejects.toThrow(ccxt.InsufficientFunds)
  })

  test('a used client id makes no second order: the first is named again', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const params = { client_order_id: 'mine-1' }
    const first = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    const second = await client.createOrder(SYMBOL, 'limit', 'buy', 0.03, price, params)
    expect(second.id).toBe(first.id)
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ amount }) => amount)).toEqual([0.01])
    await client.cancelOrder(idOf(first), SYMBOL)
  })

  test('below the minimum, off the grid', async () => {
    const { bid } = await touch()
    const price = `${Math.floor(bid * 0.8)}`
    const post = (terms: object): Promise<unknown> => {
      const api = client as unknown as { v3PrivatePostBrokerageOrders(params: object): Promise<unknown> }
      return api.v3PrivatePostBrokerageOrders({
        client_order_id: `odd-${Math.random()}`,
        product_id: 'BTC-USD',
        side: 'BUY',
        order_configuration: { limit_limit_gtc: { base_size: '0.01', limit_price: price, ...terms } },
      })
    }
    await expect(post({ base_size: '0.000001' })).rejects.toThrow('TOO_SMALL')
    await expect(post({ limit_price: '30000.001' })).rejects.toThrow('INVALID_PRICE_PRECISION')
    await expect(post({ base_size: 'much' })).rejects.toThrow('INVALID_SIZE_PRECISION')
  })

  test('an order nobody knows', async () => {
    const unknown = '00000000-0000-4000-8000-00000000ffff'
    await expect(client.fetchOrder(unknown, SYMBOL)).rejects.toThrow('order with this orderID was not found')
    await expect(client.cancelOrder(unknown, SYMBOL)).rejects.toThrow(ccxt.BadRequest)
  })

  test('a key of somebody else, a key nobody knows, a clock that is off', async () => {
    const open = (key: object): Promise<Exchange> =>
      openCcxt('coinbase', { port: venue.port, key: { ...venue.key, ...key }, options })
    const other = coinbaseEmulator.makeKey((bytes) => Buffer.alloc(bytes, 9))
    const liar = await open({ secret: other.secret })
    await expect(liar.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError)
    const stranger = await open({ apiKey: other.apiKey })
    await expect(stranger.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError)
    venue.faults.clockSkewMs = 300_000
    await expect(client.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError)
    venue.faults.clockSkewMs = 0
  })

  test('an answer lost after the order was executed: the order is there', async () => {
    const { bid } = await touch()
    venue.faults.dropAnswers(1, 'POST /api/v3/brokerage/orders')
    const params = { client_order_id: 'lost-1' }
    const lost = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.8), params)
    await expect(lost).rejects.toThrow(ccxt.NetworkError)
    const [found] = await client.fetchOpenOrders(SYMBOL)
    expect(found).toMatchObject({ status: 'open', clientOrderId: 'lost-1' })
    await client.cancelOrder(idOf(found), SYMBOL)
  })
})

describe('unmodified ccxt.pro watches the Coinbase emulator', () => {
  test('public trades and tickers flow', async () => {
    const trades = await client.watchTrades(SYMBOL)
    expect(trades[0]).toMatchObject({ symbol: SYMBOL })
    expect(['buy', 'sell']).toContain(trades[0].side)
    const ticker = await client.watchTicker(SYMBOL)
    expect(ticker.bid).toBeLessThan(ticker.ask ?? 0)
  })

  test('orders arrive as they happen', async () => {
    const canceled = watchUntil(
      () => client.watchOrders(),
      (list) => list.some((order) => order.clientOrderId === 'watched-2' && order.status === 'canceled'),
    )
    const filled = watchUntil(
      () => client.watchOrders(),
      (list) => list.some((order) => order.side === 'sell' && order.status === 'closed'),
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { ask } = await touch()
    const market = await client.createOrder(SYMBOL, 'market', 'sell', 0.0125)
    expect((await filled).find(({ status }) => status === 'closed')).toMatchObject({ id: market.id, filled: 0.0125 })
    const params = { client_order_id: 'watched-2' }
    const resting = await client.createOrder(SYMBOL, 'limit', 'sell', 0.01, Math.ceil(ask * 1.1), params)
    await client.cancelOrder(idOf(resting), SYMBOL)
    expect((await canceled).find(({ status }) => status === 'canceled')?.id).toBe(resting.id)
  })
})

function idOf(order: { id?: string | undefined }): string {
  return order.id ?? ''
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
