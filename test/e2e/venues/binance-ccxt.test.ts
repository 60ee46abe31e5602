/** Binance spot as unmodified ccxt and ccxt.pro see it: every call over real loopback sockets. */
import ccxt, { type Exchange } from 'ccxt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { binanceEmulator } from '../../../hotpath/venues/binance/binance-emulator.ts'
import { openCcxt, watchUntil } from './ccxt-client.ts'
import { type EmulatedVenue, openEmulatedVenue } from './emulated-venue.ts'

const SYMBOL = 'BTC/USDT'
const options = { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, warnOnFetchOpenOrdersWithoutSymbol: false }

let venue: EmulatedVenue
let client: Exchange

beforeAll(async () => {
  venue = await openEmulatedVenue(binanceEmulator)
  client = await openCcxt('binance', { port: venue.port, key: venue.key, options })
  await client.loadMarkets()
})

afterAll(async () => {
  await client.close()
  await venue.close()
  venue.emulator.exchange.assertConserved()
})

async function touch(): Promise<{ bid: number; ask: number }> {
  const book = await client.fetchOrderBook(SYMBOL, 5)
  return { bid: book.bids[0][0] as number, ask: book.asks[0][0] as number }
}

describe('unmodified ccxt.pro keeps the book of the Binance emulator', () => {
  test('level by level as the venue has it, and again after a lost difference', async () => {
    for (let at = 0; at < 5; at++) await client.watchOrderBook(SYMBOL)
    await expectSameBook()
    venue.market.isHeld = false
    venue.faults.skipDiffs(1)
    const gap = watchUntil(
      () => client.watchOrderBook(SYMBOL),
      () => false,
    )
    await expect(gap).rejects.toThrow(ccxt.ChecksumError)
    for (let at = 0; at < 5; at++) await client.watchOrderBook(SYMBOL)
    await expectSameBook()
  })

  async function expectSameBook(): Promise<void> {
    venue.market.isHeld = true
    // Three times the pace of the stream: the last difference is told.
    await new Promise((resolve) => setTimeout(resolve, 400))
    const kept = client.orderbooks[SYMBOL]
    const shown = await client.fetchOrderBook(SYMBOL, 1_000)
    expect(shown.bids.length).toBeGreaterThan(10)
    expect([...kept.bids]).toEqual(shown.bids)
    expect([...kept.asks]).toEqual(shown.asks)
  }

  afterEach(() => {
    venue.market.isHeld = false
  })
})

describe('unmodified ccxt trades through the Binance emulator: REST', () => {
  test('markets carry the grid and the minimums of the listing', () => {
    const market = client.market(SYMBOL)
    const symbol = venue.emulator.exchange.symbolOf(SYMBOL)
    expect(market.id).toBe('BTCUSDT')
    expect(market.precision.price).toBe(Number(symbol?.tickText))
    expect(market.precision.amount).toBe(Number(symbol?.lotText))
    expect(market.limits.cost?.min).toBe(Number(symbol?.notionalMinText))
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
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, {
      newClientOrderId: 's0001000000a001',
    })
    expect(placed).toMatchObject({ status: 'open', clientOrderId: 's0001000000a001', filled: 0, amount: 0.01, price })
    const fetched = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(fetched).toMatchObject({ id: placed.id, status: 'open', side: 'buy', timeInForce: 'GTC' })
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id)).toContain(placed.id)
    const during = await client.fetchBalance()
    // Held in the quote; the fee of a buy is taken from what it brings.
    expect(during['USDT'].used).toBeCloseTo(price * 0.01, 8)
    expect(during['USDT'].total).toBe(before['USDT'].total)
    const canceled = await client.cancelOrder(idOf(placed), SYMBOL)
    expect(canceled).toMatchObject({ id: placed.id, status: 'canceled' })
    const after = await client.fetchBalance()
    expect(after['USDT']).toEqual(before['USDT'])
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
  })

  test('a market order trades at once, and the sums are exact', async () => {
    const before = await client.fetchBalance()
    const order = await client.createOrder(SYMBOL, 'market', 'buy', 0.02)
    expect(order).toMatchObject({ status: 'closed', filled: 0.02, remaining: 0 })
    const trades = (await client.fetchMyTrades(SYMBOL)).filter((trade) => trade.order === order.id)
    expect(sum(trades.map((trade) => trade.amount ?? 0))).toBeCloseTo(0.02, 12)
    expect(sum(trades.map((trade) => trade.cost ?? 0))).toBeCloseTo(order.cost ?? 0, 6)
    const after = await client.fetchBalance()
    const fees = trades.map((trade) => trade.fee as { currency: string; cost: number })
    const feeIn = (asset: string): number => sum(fees.filter((fee) => fee.currency === asset).map((fee) => fee.cost))
    expect((after['BTC'].total ?? 0) - (before['BTC'].total ?? 0)).toBeCloseTo(0.02 - feeIn('BTC'), 8)
    expect((before['USDT'].total ?? 0) - (after['USDT'].total ?? 0)).toBeCloseTo((order.cost ?? 0) + feeIn('USDT'), 6)
  })

  test('a market order by cost spends at most that', async () => {
    const order = await client.createOrder(SYMBOL, 'market', 'buy', 0, undefined, { cost: 500 })
    expect(order.status).toBe('closed')
    expect(order.cost).toBeLessThanOrEqual(500)
    expect(order.cost).toBeGreaterThan(400)
  })

  test('immediate-or-cancel: what cannot trade expires', async () => {
    const { bid } = await touch()
    const order = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.9), { timeInForce: 'IOC' })
    expect(order).toMatchObject({ status: 'expired', filled: 0 })
  })

  test('post-only rests or is refused', async () => {
    const { bid, ask } = await touch()
    const resting = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.9), { postOnly: true })
    expect(await client.fetchOrder(idOf(resting), SYMBOL)).toMatchObject({ status: 'open', postOnly: true })
    const crossing = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.ceil(ask * 1.01), { postOnly: true })
    await expect(crossing).rejects.toThrow(ccxt.OrderImmediatelyFillable)
    await client.cancelOrder(idOf(resting), SYMBOL)
  })

  test('cancel all takes every open order of the symbol', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const placed = [
      await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price),
      await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price - 10),
    ]
    await client.cancelAllOrders(SYMBOL)
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
    for (const order of placed) expect((await client.fetchOrder(idOf(order), SYMBOL)).status).toBe('canceled')
    await expect(client.cancelAllOrders(SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
  })

  test('cancel-replace through editOrder', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const first = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price)
    const second = await client.editOrder(idOf(first), SYMBOL, 'limit', 'buy', 0.02, price - 5)
    expect(second).toMatchObject({ status: 'open', amount: 0.02, price: price - 5 })
    expect((await client.fetchOrder(idOf(first), SYMBOL)).status).toBe('canceled')
    await client.cancelOrder(idOf(second), SYMBOL)
  })

  test('public trades, fees, tickers and order history', async () => {
    const history = await client.fetchOrders(SYMBOL)
    expect(history.length).toBeGreaterThan(5)
    const trades = await client.fetchTrades(SYMBOL)
    expect(trades.length).toBeGreaterThan(0)
    const fee = await client.fetchTradingFee(SYMBOL)
    expect(fee.taker).toBe((venue.emulator.exchange.symbolOf(SYMBOL)?.listing.takerPpm ?? 0) / 1e6)
    const ticker = await client.fetchTicker(SYMBOL)
    expect(ticker.bid).toBeLessThan(ticker.ask ?? 0)
  })
})

describe('refusals arrive in their classes', () => {
  test('not enough money', async () => {
    const { bid } = await touch()
    await expect(client.createOrder(SYMBOL, 'limit', 'buy', 100, Math.floor(bid * 0.9))).rejects.toThrow(
      ccxt.InsufficientFunds,
    )
  })

  test('a client id that is in use', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const params = { newClientOrderId: 'mine-1' }
    const first = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    await expect(client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)).rejects.toThrow(
      'Duplicate order sent.',
    )
    await client.cancelOrder(idOf(first), SYMBOL)
    const again = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    await client.cancelOrder(idOf(again), SYMBOL)
  })

  test('below the minimum notional, off the grid', async () => {
    const { bid } = await touch()
    const request = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' }
    const post = (more: object): Promise<unknown> =>
      (client as unknown as { privatePostOrder(params: object): Promise<unknown> }).privatePostOrder({
        ...request,
        ...more,
      })
    await expect(post({ quantity: '0.00001', price: Math.floor(bid * 0.1).toString() })).rejects.toThrow('NOTIONAL')
    await expect(post({ quantity: '0.01', price: '30000.001' })).rejects.toThrow(ccxt.InvalidOrder)
    await expect(post({ quantity: '0.0123456', price: '30000' })).rejects.toThrow(ccxt.InvalidOrder)
  })

  test('an order nobody knows', async () => {
    await expect(client.fetchOrder('999999999', SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
    await expect(client.cancelOrder('999999999', SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
  })

  test('a wrong secret, an unknown key, a clock that is off', async () => {
    const liar = await openCcxt('binance', {
      port: venue.port,
      key: { ...venue.key, secret: 'ab'.repeat(32) },
      options,
    })
    await expect(liar.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError)
    const stranger = await openCcxt('binance', {
      port: venue.port,
      key: { ...venue.key, apiKey: 'cd'.repeat(32) },
      options,
    })
    await expect(stranger.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError)
    venue.faults.clockSkewMs = 60_000
    await expect(client.fetchBalance()).rejects.toThrow(ccxt.InvalidNonce)
    venue.faults.clockSkewMs = 0
  })

  test('an answer lost after the order was executed: the order is there', async () => {
    const { bid } = await touch()
    venue.faults.dropAnswers(1, 'POST /api/v3/order')
    const params = { newClientOrderId: 'lost-1' }
    const lost = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.8), params)
    await expect(lost).rejects.toThrow(ccxt.NetworkError)
    venue.faults.failAnswers(1, 'GET /api/v3/order')
    await expect(client.fetchOrder('', SYMBOL, { origClientOrderId: 'lost-1' })).rejects.toThrow(ccxt.BaseError)
    const found = await client.fetchOrder('', SYMBOL, { origClientOrderId: 'lost-1' })
    expect(found).toMatchObject({ status: 'open', clientOrderId: 'lost-1' })
    await client.cancelOrder(idOf(found), SYMBOL)
  })
})

describe('unmodified ccxt.pro watches the Binance emulator', () => {
  test('public trades flow', async () => {
    const trades = await client.watchTrades(SYMBOL)
    expect(trades[0]).toMatchObject({ symbol: SYMBOL })
    expect(['buy', 'sell']).toContain(trades[0].side)
  })

  test('orders, fills and balances arrive as they happen', async () => {
    const orders = watchUntil(
      () => client.watchOrders(SYMBOL),
      (list) => list.some((order) => order.clientOrderId === 'watched-2' && order.status === 'canceled'),
    )
    const fills = watchUntil(
      () => client.watchMyTrades(SYMBOL),
      (list) => list.some((trade) => trade.side === 'sell' && trade.amount === 0.01),
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    const { ask } = await touch()
    const market = await client.createOrder(SYMBOL, 'market', 'sell', 0.01)
    expect(market.status).toBe('closed')
    const params = { newClientOrderId: 'watched-2' }
    const resting = await client.createOrder(SYMBOL, 'limit', 'sell', 0.01, Math.ceil(ask * 1.1), params)
    await client.cancelOrder(idOf(resting), SYMBOL)
    const told = (await orders).find((order) => order.clientOrderId === 'watched-2')
    expect(told).toMatchObject({ id: resting.id, status: 'canceled', filled: 0 })
    const fill = (await fills).find((trade) => trade.order === market.id)
    expect(fill).toMatchObject({ symbol: SYMBOL, side: 'sell' })
  })
})

function idOf(order: { id?: string | undefined }): string {
  return order.id ?? ''
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
