/** Deribit as unmodified ccxt and ccxt.pro see it: every call over real loopback sockets. */
import ccxt, { type Exchange } from 'ccxt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { deribitEmulator } from '../../../hotpath/venues/deribit/deribit-emulator.ts'
import { openCcxt, watchUntil } from './ccxt-client.ts'
import { type EmulatedVenue, openEmulatedVenue } from './emulated-venue.ts'

const SYMBOL = 'BTC/USDC'

let venue: EmulatedVenue
let client: Exchange

beforeAll(async () => {
  venue = await openEmulatedVenue(deribitEmulator)
  client = await openCcxt('deribit', { port: venue.port, key: venue.key })
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

describe('unmodified ccxt.pro keeps the book of the Deribit emulator', () => {
  afterEach(() => {
    venue.market.isHeld = false
  })

  test('level by level as the venue has it', async () => {
    for (let at = 0; at < 5; at++) await client.watchOrderBook(SYMBOL)
    venue.market.isHeld = true
    // Three times the pace of the stream: the last change is told.
    await new Promise((resolve) => setTimeout(resolve, 400))
    const kept = client.orderbooks[SYMBOL]
    const shown = await client.fetchOrderBook(SYMBOL, 1_000)
    expect(shown.bids.length).toBeGreaterThan(10)
    expect(levels(kept.bids)).toEqual(levels(shown.bids))
    expect(levels(kept.asks)).toEqual(levels(shown.asks))
  })

  test('quotes, tickers and grouped books come too', async () => {
    const ticker = await client.watchTicker(SYMBOL)
    expect(ticker.bid).toBeLessThan(ticker.ask ?? 0)
    const quotes = await client.watchBidsAsks([SYMBOL])
    expect(quotes[SYMBOL].bid).toBeGreaterThan(0)
    const other = 'ETH/USDC'
    const params = { useDepthEndpoint: true, depth: '10' }
    await expect(client.watchOrderBook(other, undefined, params)).resolves.toBeDefined()
  })
})

describe('unmodified ccxt trades through the Deribit emulator: REST', () => {
  test('markets carry the grid and the minimum of the listing', () => {
    const market = client.market(SYMBOL)
    const symbol = venue.emulator.exchange.symbolOf(SYMBOL)
    expect(market).toMatchObject({ id: 'BTC_USDC', spot: true })
    expect(market.precision.price).toBe(Number(symbol?.tickText))
    expect(market.limits.amount?.min).toBe(Number(symbol?.lotsMinText))
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
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, { label: 's0001000000a001' })
    expect(placed).toMatchObject({ status: 'open', filled: 0, amount: 0.01, price, timeInForce: 'GTC' })
    expect(infoOf(placed)['label']).toBe('s0001000000a001')
    const fetched = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(fetched).toMatchObject({ id: placed.id, status: 'open', side: 'buy', symbol: SYMBOL })
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id)).toContain(placed.id)
    expect((await client.fetchOpenOrders(undefined)).map(({ id }) => id)).toContain(placed.id)
    const during = await client.fetchBalance()
    // Held in the quote; the fee of a buy is taken from what it brings.
    expect((before['USDC'].free ?? 0) - (during['USDC'].free ?? 0)).toBeCloseTo(price * 0.01, 6)
    expect(during['USDC'].total).toBe(before['USDC'].total)
    const canceled = await client.cancelOrder(idOf(placed), SYMBOL)
    expect(canceled).toMatchObject({ id: placed.id, status: 'canceled' })
    expect((await client.fetchBalance())['USDC']).toEqual(before['USDC'])
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
  })

  test('a market order trades at once, and the sums are exact', async () => {
    const before = await client.fetchBalance()
    const order = await client.createOrder(SYMBOL, 'market', 'buy', 0.02)
    expect(order).toMatchObject({ status: 'closed', filled: 0.02, remaining: 0 })
    const trades = await client.fetchOrderTrades(idOf(order), SYMBOL)
    expect(sum(trades.map((trade) => trade.amount ?? 0))).toBeCloseTo(0.02, 12)
    const mine = (await client.fetchMyTrades(SYMBOL, undefined, 100)).filter((trade) => trade.order === order.id)
    expect(mine.map(({ id }) => id).sort()).toEqual(trades.map(({ id }) => id).sort())
    const after = await client.fetchBalance()
    const fees = trades.map((trade) => trade.fee as { currency: string; cost: number })
    const feeIn = (asset: string): number => sum(fees.filter((fee) => fee.currency === asset).map((fee) => fee.cost))
    const cost = sum(trades.map((trade) => trade.cost ?? 0))
    expect((after['BTC'].total ?? 0) - (before['BTC'].total ?? 0)).toBeCloseTo(0.02 - feeIn('BTC'), 8)
    expect((before['USDC'].total ?? 0) - (after['USDC'].total ?? 0)).toBeCloseTo(cost + feeIn('USDC'), 6)
    expect(trades.every((trade) => trade.takerOrMaker === 'taker')).toBe(true)
  })

  test('immediate-or-cancel and fill-or-kill: what cannot trade ends', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.9)
    for (const timeInForce of ['IOC', 'FOK']) {
      const order = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, { timeInForce })
      expect(order).toMatchObject({ status: 'canceled', filled: 0, timeInForce })
    }
  })

  test('post-only rests or is refused', async () => {
    const { bid, ask } = await touch()
    const resting = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.9), { postOnly: true })
    expect(await client.fetchOrder(idOf(resting), SYMBOL)).toMatchObject({ status: 'open', postOnly: true })
    const crossing = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.ceil(ask * 1.01), { postOnly: true })
    await expect(crossing).rejects.toThrow('post_only_reject')
    await client.cancelOrder(idOf(resting), SYMBOL)
  })

  test('cancel all takes every open order of the symbol, and of all', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    for (const symbol of [SYMBOL, undefined]) {
      const placed = [
        await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price),
        await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price - 10),
      ]
      await client.cancelAllOrders(symbol)
      expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
      for (const order of placed) expect((await client.fetchOrder(idOf(order), SYMBOL)).status).toBe('canceled')
    }
  })

  test('an order is edited in place', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const first = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price)
    const second = await client.editOrder(idOf(first), SYMBOL, 'limit', 'buy', 0.02, price - 5)
    expect(second).toMatchObject({ id: first.id, status: 'open', amount: 0.02, price: price - 5 })
    expect((await client.fetchOrder(idOf(first), SYMBOL)).amount).toBe(0.02)
    await client.cancelOrder(idOf(second), SYMBOL)
  })

  test('public trades, tickers, time and order history', async () => {
    const history = await client.fetchClosedOrders(SYMBOL)
    expect(history.length).toBeGreaterThan(0)
    expect(history.every(({ status }) => status === 'closed')).toBe(true)
    const trades = await client.fetchTrades(SYMBOL)
    expect(trades.length).toBeGreaterThan(0)
    const ticker = await client.fetchTicker(SYMBOL)
    expect(ticker.bid).toBeLessThan(ticker.ask ?? 0)
    const tickers = await client.fetchTickers([SYMBOL])
    expect(tickers[SYMBOL].bid).toBeGreaterThan(0)
    expect(Math.abs(((await client.fetchTime()) ?? 0) - Date.now())).toBeLessThan(2_000)
  })
})

describe('refusals arrive in their classes', () => {
  test('not enough money', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 1.1)
    await expect(client.createOrder(SYMBOL, 'limit', 'sell', 40, price)).rejects.toThrow(ccxt.InsufficientFunds)
    await expect(client.createOrder(SYMBOL, 'limit', 'sell', 400, price)).rejects.toThrow('max_spot_order_quantity')
  })

  test('two orders may have one label: it is no id', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    for (let at = 0; at < 2; at++) await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, { label: 'twin' })
    const call = client as unknown as Record<string, (params: object) => Promise<{ result: unknown[] }>>
    const found = await call['privateGetGetOrderStateByLabel']({ currency: 'USDC', label: 'twin' })
    expect(found.result).toHaveLength(2)
    const canceled = await call['privateGetCancelByLabel']({ label: 'twin' })
    expect(Number(canceled.result)).toBe(2)
  })

  test('too small, off the grid', async () => {
    const { bid } = await touch()
    const buy = (more: object): Promise<unknown> =>
      (client as unknown as { privateGetBuy(params: object): Promise<unknown> }).privateGetBuy({
        instrument_name: 'BTC_USDC',
        type: 'limit',
        ...more,
      })
    await expect(buy({ amount: '0.00001', price: Math.floor(bid * 0.1) })).rejects.toThrow('whole_cost_too_low')
    await expect(buy({ amount: '0.01', price: '30000.001' })).rejects.toThrow(ccxt.InvalidOrder)
    await expect(buy({ amount: '0.0123456', price: '30000' })).rejects.toThrow(ccxt.InvalidOrder)
    await expect(buy({ amount: '0.01', price: '30000', valid_until: 1_000 })).rejects.toThrow('timed_out')
    await expect(buy({ amount: '0.01' })).rejects.toThrow(ccxt.BadRequest)
  })

  test('an order nobody knows, or that has ended', async () => {
    await expect(client.fetchOrder('BTC_USDC-999999999', SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
    await expect(client.cancelOrder('BTC_USDC-999999999', SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
    const ended = await client.createOrder(SYMBOL, 'market', 'buy', 0.001)
    await expect(client.cancelOrder(idOf(ended), SYMBOL)).rejects.toThrow('not_open_order')
  })

  test('a wrong secret, an unknown key, a clock that is off', async () => {
    const liar = await openCcxt('deribit', { port: venue.port, key: { ...venue.key, secret: 'x'.repeat(43) } })
    await expect(liar.privateGetGetAccountSummaries()).rejects.toThrow(ccxt.AuthenticationError)
    const stranger = await openCcxt('deribit', { port: venue.port, key: { ...venue.key, apiKey: 'nobody' } })
    await expect(stranger.privateGetGetAccountSummaries()).rejects.toThrow(ccxt.AuthenticationError)
    venue.faults.clockSkewMs = 61_000
    await expect(client.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError)
    venue.faults.clockSkewMs = 0
  })

  test('an answer lost after the order was executed: the order is there', async () => {
    const { bid } = await touch()
    venue.faults.dropAnswers(1, 'GET /api/v2/private/buy')
    const lost = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.8), { label: 'lost-1' })
    await expect(lost).rejects.toThrow(ccxt.NetworkError)
    venue.faults.failAnswers(1, 'GET /api/v2/private/get_open_orders')
    await expect(client.fetchOpenOrders(SYMBOL)).rejects.toThrow(ccxt.BaseError)
    const [found] = await client.fetchOpenOrders(SYMBOL)
    expect(infoOf(found)['label']).toBe('lost-1')
    await client.cancelOrder(idOf(found), SYMBOL)
  })
})

describe('unmodified ccxt.pro watches the Deribit emulator', () => {
  test('public trades flow', async () => {
    const trades = await client.watchTrades(SYMBOL)
    expect(trades[0]).toMatchObject({ symbol: SYMBOL })
    expect(['buy', 'sell']).toContain(trades[0].side)
  })

  test('orders, fills and balances arrive as they happen', async () => {
    const orders = watchUntil(
      () => client.watchOrders(SYMBOL),
      (list) => list.some((order) => infoOf(order)['label'] === 'watched-2' && order.status === 'canceled'),
    )
    const fills = watchUntil(
      () => client.watchMyTrades(SYMBOL),
      (list) => list.some((trade) => trade.side === 'sell' && trade.amount === 0.01),
    )
    const balance = watchUntil(
      () => client.watchBalance(),
      (told) => told['USDC'] !== undefined,
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    const { ask } = await touch()
    const market = await client.createOrder(SYMBOL, 'market', 'sell', 0.01)
    expect(market.status).toBe('closed')
    const params = { label: 'watched-2' }
    const resting = await client.createOrder(SYMBOL, 'limit', 'sell', 0.01, Math.ceil(ask * 1.1), params)
    await client.cancelOrder(idOf(resting), SYMBOL)
    const told = (await orders).find((order) => infoOf(order)['label'] === 'watched-2')
    expect(told).toMatchObject({ id: resting.id, status: 'canceled', filled: 0 })
    const fill = (await fills).find((trade) => trade.order === market.id)
    expect(fill).toMatchObject({ symbol: SYMBOL, side: 'sell' })
    expect((await balance)['USDC']).toBeDefined()
  })
})

function idOf(order: { id?: string | undefined }): string {
  return order.id ?? ''
}

function infoOf(order: { info?: unknown }): Record<string, unknown> {
  return order.info as Record<string, unknown>
}

/** Price and size: ccxt counts updates in a third place. */
function levels(side: Iterable<readonly unknown[]>): unknown[] {
  return [...side].map(([price, size]) => [price, size])
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
