/** OKX spot as unmodified ccxt and ccxt.pro see it: every call over real loopback sockets. */
import ccxt, { type Exchange } from 'ccxt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { okxEmulator } from '../../../hotpath/venues/okx/okx-emulator.ts'
import { openCcxt, watchUntil } from './ccxt-client.ts'
import { type EmulatedVenue, openEmulatedVenue } from './emulated-venue.ts'

const SYMBOL = 'BTC/USDT'
const options = { defaultType: 'spot', fetchMarkets: { types: ['spot'] } }

interface BatchAnswer {
  readonly code: string
  readonly data: readonly { readonly sCode: string }[]
}

let venue: EmulatedVenue
let client: Exchange

beforeAll(async () => {
  venue = await openEmulatedVenue(okxEmulator)
  client = await openCcxt('okx', { port: venue.port, key: venue.key, options })
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

describe('unmodified ccxt.pro keeps the book of the OKX emulator', () => {
  test('level by level as the venue has it, and again after a lost difference', async () => {
    for (let at = 0; at < 5; at++) await client.watchOrderBook(SYMBOL)
    await expectSameBook()
    venue.market.isHeld = false
    venue.faults.skipDiffs(1)
    const gap = watchUntil(
      () => client.watchOrderBook(SYMBOL),
      () => false,
    )
    await expect(gap).rejects.toThrow(ccxt.InvalidNonce)
    await client.unWatchOrderBook(SYMBOL)
    for (let at = 0; at < 5; at++) await client.watchOrderBook(SYMBOL)
    await expectSameBook()
  })

  async function expectSameBook(): Promise<void> {
    venue.market.isHeld = true
    // Three times the pace of the channel: the last difference is told.
    await new Promise((resolve) => setTimeout(resolve, 400))
    const kept = client.orderbooks[SYMBOL]
    const shown = await client.fetchOrderBook(SYMBOL, 400)
    expect(shown.bids.length).toBeGreaterThan(10)
    expect(levels(kept.bids)).toEqual(levels(shown.bids))
    expect(levels(kept.asks)).toEqual(levels(shown.asks))
  }

  afterEach(() => {
    venue.market.isHeld = false
  })
})

describe('unmodified ccxt trades through the OKX emulator: REST', () => {
  test('markets carry the grid and the minimums of the listing', () => {
    const market = client.market(SYMBOL)
    const symbol = venue.emulator.exchange.symbolOf(SYMBOL)
    expect(market.id).toBe('BTC-USDT')
    expect(market.active).toBe(true)
    expect(market.precision.price).toBe(Number(symbol?.tickText))
    expect(market.precision.amount).toBe(Number(symbol?.lotText))
    expect(market.limits.amount?.min).toBe(Number(symbol?.lotsMinText))
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
    const params = { clOrdId: 's0001000000a001' }
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    expect(placed.clientOrderId).toBe('s0001000000a001')
    expect(placed.id).toMatch(/^\d{19}$/)
    const fetched = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(fetched).toMatchObject({ id: placed.id, status: 'open', side: 'buy', amount: 0.01, price, filled: 0 })
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id)).toContain(placed.id)
    const during = await client.fetchBalance()
    // Held in the quote; the fee of a buy is taken from what it brings.
    expect(during['USDT'].used).toBeCloseTo(price * 0.01, 8)
    expect(during['USDT'].total).toBe(before['USDT'].total)
    const canceled = await client.cancelOrder(idOf(placed), SYMBOL)
    expect(canceled.id).toBe(placed.id)
    expect((await client.fetchOrder(idOf(placed), SYMBOL)).status).toBe('canceled')
    const after = await client.fetchBalance()
    expect(after['USDT']).toEqual(before['USDT'])
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
  })

  test('a market order trades at once, and the sums are exact', async () => {
    const before = await client.fetchBalance()
    const placed = await client.createOrder(SYMBOL, 'market', 'buy', 0.02)
    const order = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(order).toMatchObject({ status: 'closed', filled: 0.02, remaining: 0 })
    const trades = await client.fetchOrderTrades(idOf(order), SYMBOL)
    expect(sum(trades.map((trade) => trade.amount ?? 0))).toBeCloseTo(0.02, 12)
    expect(trades.every((trade) => trade.takerOrMaker === 'taker')).toBe(true)
    const cost = sum(trades.map((trade) => trade.cost ?? 0))
    expect(order.average).toBeCloseTo(cost / 0.02, 6)
    const after = await client.fetchBalance()
    const fees = trades.map((trade) => trade.fee as { currency: string; cost: number })
    const feeIn = (asset: string): number => sum(fees.filter((fee) => fee.currency === asset).map((fee) => fee.cost))
    expect((after['BTC'].total ?? 0) - (before['BTC'].total ?? 0)).toBeCloseTo(0.02 - feeIn('BTC'), 8)
    expect((before['USDT'].total ?? 0) - (after['USDT'].total ?? 0)).toBeCloseTo(cost + feeIn('USDT'), 6)
    expect(order.fee?.cost).toBeCloseTo(feeIn(order.fee?.currency ?? ''), 8)
  })

  test('a market order by cost spends at most that', async () => {
    const placed = await client.createMarketBuyOrderWithCost(SYMBOL, 500)
    const order = await client.fetchOrder(idOf(placed), SYMBOL)
    const spent = (order.filled ?? 0) * (order.average ?? 0)
    expect(order.status).not.toBe('open')
    expect(spent).toBeLessThanOrEqual(500)
    expect(spent).toBeGreaterThan(400)
  })

  test('immediate-or-cancel and fill-or-kill: what cannot trade is canceled', async () => {
    const { bid } = await touch()
    for (const timeInForce of ['IOC', 'FOK']) {
      const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.9), { timeInForce })
      const order = await client.fetchOrder(idOf(placed), SYMBOL)
      expect(order).toMatchObject({ status: 'canceled', filled: 0, timeInForce })
    }
  })

  test('post-only rests, or is taken and canceled at once: OKX refuses it on the stream only', async () => {
    const { bid, ask } = await touch()
    const resting = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.9), { postOnly: true })
    expect(await client.fetchOrder(idOf(resting), SYMBOL)).toMatchObject({ status: 'open', postOnly: true })
    const crossing = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.ceil(ask * 1.01), { postOnly: true })
    const refused = await client.fetchOrder(idOf(crossing), SYMBOL)
    expect(refused).toMatchObject({ status: 'canceled', filled: 0, info: { cancelSource: '31' } })
    await client.cancelOrder(idOf(resting), SYMBOL)
  })

  test('a batch places what it can and says of each row what became of it', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const row = { symbol: SYMBOL, type: 'limit', side: 'buy', amount: 0.01 } as const
    const placed = await client.createOrders([
      { ...row, price },
      { ...row, amount: 100, price },
      { ...row, price: price - 10 },
    ])
    expect(placed.map(({ info }) => (info as { sCode: string }).sCode)).toEqual(['0', '51008', '0'])
    const open = await client.fetchOpenOrders(SYMBOL)
    expect(open.length).toBe(2)
    const raw = client as unknown as { privatePostTradeCancelBatchOrders(rows: object[]): Promise<BatchAnswer> }
    const ids = [...open.map(idOf), '3000000000999999999']
    const answer = await raw.privatePostTradeCancelBatchOrders(ids.map((ordId) => ({ instId: 'BTC-USDT', ordId })))
    expect(answer.code).toBe('2')
    expect(answer.data.map(({ sCode }) => sCode)).toEqual(['0', '0', '51400'])
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
  })

  test('amend in place through editOrder', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const first = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price)
    const second = await client.editOrder(idOf(first), SYMBOL, 'limit', 'buy', 0.02, price - 5)
    expect(second.id).toBe(first.id)
    expect(await client.fetchOrder(idOf(first), SYMBOL)).toMatchObject({
      status: 'open',
      amount: 0.02,
      price: price - 5,
    })
    await client.cancelOrder(idOf(first), SYMBOL)
  })

  test('public trades, fees, tickers and order history', async () => {
    expect((await client.fetchClosedOrders(SYMBOL)).length).toBeGreaterThan(0)
    expect((await client.fetchCanceledOrders(SYMBOL)).length).toBeGreaterThan(2)
    expect((await client.fetchMyTrades(SYMBOL)).length).toBeGreaterThan(1)
    expect((await client.fetchTrades(SYMBOL)).length).toBeGreaterThan(0)
    const fee = await client.fetchTradingFee(SYMBOL)
    expect(fee.taker).toBe((venue.emulator.exchange.symbolOf(SYMBOL)?.listing.takerPpm ?? 0) / 1e6)
    const ticker = await client.fetchTicker(SYMBOL)
    expect(ticker.bid).toBeLessThan(ticker.ask ?? 0)
    expect(await client.fetchTime()).toBeGreaterThan(1_600_000_000_000)
  })
})

describe('refusals arrive in their classes', () => {
  test('not enough money', async () => {
    const { bid } = await touch()
    const order = client.createOrder(SYMBOL, 'limit', 'buy', 100, Math.floor(bid * 0.9))
    await expect(order).rejects.toThrow(ccxt.InsufficientFunds)
  })

  test('a client id that is in use; once its order has ended it may be used again', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const params = { clOrdId: 'mine1' }
    const first = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    await expect(client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)).rejects.toThrow('51016')
    await client.cancelOrder(idOf(first), SYMBOL)
    const again = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    await client.cancelOrder(idOf(again), SYMBOL)
  })

  test('below the minimum, off the grid, no such symbol', async () => {
    const request = { instId: 'BTC-USDT', tdMode: 'cash', side: 'buy', ordType: 'limit' }
    const post = (more: object): Promise<unknown> =>
      (client as unknown as { privatePostTradeOrder(params: object): Promise<unknown> }).privatePostTradeOrder({
        ...request,
        ...more,
      })
    await expect(post({ sz: '0.0000001', px: '30000' })).rejects.toThrow(ccxt.InvalidOrder)
    await expect(post({ sz: '0.01', px: '30000.001' })).rejects.toThrow(ccxt.BadRequest)
    await expect(post({ sz: '0.01', px: '30000', instId: 'NO-SUCH' })).rejects.toThrow(ccxt.BadSymbol)
  })

  test('an order nobody knows', async () => {
    const id = '3000000000999999999'
    await expect(client.fetchOrder(id, SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
    await expect(client.cancelOrder(id, SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
  })

  test('a wrong secret, an unknown key, a wrong passphrase, a clock that is off', async () => {
    const port = venue.port
    const strangers = [{ secret: 'AB'.repeat(16) }, { apiKey: 'cd'.repeat(16) }, { passphrase: 'no' }]
    for (const change of strangers) {
      const stranger = await openCcxt('okx', { port, key: { ...venue.key, ...change }, options })
      await stranger.loadMarkets()
      await expect(stranger.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError)
    }
    venue.faults.clockSkewMs = 60_000
    await expect(client.fetchBalance()).rejects.toThrow(ccxt.InvalidNonce)
    venue.faults.clockSkewMs = 0
  })

  test('an answer lost after the order was executed: the order is there', async () => {
    const { bid } = await touch()
    venue.faults.dropAnswers(1, 'POST /api/v5/trade/batch-orders')
    const params = { clOrdId: 'lost1' }
    const lost = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.8), params)
    await expect(lost).rejects.toThrow(ccxt.NetworkError)
    venue.faults.failAnswers(1, 'GET /api/v5/trade/order?')
    await expect(client.fetchOrder('', SYMBOL, { clOrdId: 'lost1' })).rejects.toThrow(ccxt.BaseError)
    const found = await client.fetchOrder('', SYMBOL, { clOrdId: 'lost1' })
    expect(found).toMatchObject({ status: 'open', clientOrderId: 'lost1' })
    await client.cancelOrder(idOf(found), SYMBOL)
  })
})

describe('unmodified ccxt.pro watches the OKX emulator', () => {
  test('public trades, best quotes and tickers flow', async () => {
    const trades = await client.watchTrades(SYMBOL)
    expect(trades[0]).toMatchObject({ symbol: SYMBOL })
    expect(['buy', 'sell']).toContain(trades[0].side)
    expect((await client.watchTicker(SYMBOL)).bid).toBeGreaterThan(0)
    const quotes = await client.watchBidsAsks([SYMBOL])
    expect(quotes[SYMBOL].bid).toBeLessThan(quotes[SYMBOL].ask ?? 0)
  })

  test('orders, fills and balances arrive as they happen', async () => {
    const orders = watchUntil(
      () => client.watchOrders(SYMBOL),
      (list) => list.some((order) => order.clientOrderId === 'watched2' && order.status === 'canceled'),
    )
    const fills = watchUntil(
      () => client.watchMyTrades(SYMBOL),
      (list) => list.some((trade) => trade.side === 'sell' && trade.amount === 0.01),
    )
    const before = (await client.watchBalance())['BTC'].total ?? 0
    await new Promise((resolve) => setTimeout(resolve, 300))
    const balance = watchUntil(
      () => client.watchBalance(),
      (told) => Math.abs((told['BTC'].total ?? 0) - (before - 0.01)) < 1e-9,
    )
    const { ask } = await touch()
    const market = await client.createOrder(SYMBOL, 'market', 'sell', 0.01)
    const params = { clOrdId: 'watched2' }
    const resting = await client.createOrder(SYMBOL, 'limit', 'sell', 0.01, Math.ceil(ask * 1.1), params)
    await client.cancelOrder(idOf(resting), SYMBOL)
    const told = (await orders).find((order) => order.clientOrderId === 'watched2')
    expect(told).toMatchObject({ id: resting.id, status: 'canceled', filled: 0 })
    const fill = (await fills).find((trade) => trade.order === market.id)
    expect(fill).toMatchObject({ symbol: SYMBOL, side: 'sell' })
    expect((await balance)['BTC'].used).toBe(0)
  })

  test('orders go over the socket too', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const placed = await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.01, price, { clOrdId: 'socket1' })
    const edited = await client.editOrderWs(idOf(placed), SYMBOL, 'limit', 'buy', 0.02, price - 5)
    expect(edited.id).toBe(placed.id)
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({ status: 'open', amount: 0.02 })
    await client.cancelOrderWs(idOf(placed), SYMBOL)
    expect((await client.fetchOrder(idOf(placed), SYMBOL)).status).toBe('canceled')
    await expect(client.cancelOrderWs(idOf(placed), SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
  })
})

/** Price and size; ccxt keeps the number of orders of a snapshot only. */
function levels(side: readonly (readonly unknown[])[]): unknown[][] {
  return side.map((level) => level.slice(0, 2))
}

function idOf(order: { id?: string | undefined }): string {
  return order.id ?? ''
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
