/** Kraken spot as unmodified ccxt and ccxt.pro see it: every call over real loopback sockets. */
import ccxt, { type Exchange } from 'ccxt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { krakenEmulator } from '../../../hotpath/venues/kraken/kraken-emulator.ts'
import { openCcxt, watchUntil } from './ccxt-client.ts'
import { type EmulatedVenue, openEmulatedVenue } from './emulated-venue.ts'

const SYMBOL = 'BTC/USD'
/** Twenty calls and one every two seconds are what Kraken allows. */
const LIMIT_SCALE = 50

let venue: EmulatedVenue
let client: Exchange

beforeAll(async () => {
  venue = await openEmulatedVenue(krakenEmulator, LIMIT_SCALE)
  client = await openCcxt('kraken', { port: venue.port, key: venue.key })
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

describe('unmodified ccxt.pro keeps the book of the Kraken emulator', () => {
  test('level by level as the venue has it', async () => {
    for (let at = 0; at < 20; at++) await client.watchOrderBook(SYMBOL)
    venue.market.isHeld = true
    await new Promise((resolve) => setTimeout(resolve, 150))
    const kept = client.orderbooks[SYMBOL]
    const shown = await client.fetchOrderBook(SYMBOL, 10)
    const levels = (side: readonly (readonly unknown[])[]): unknown[] => side.map(([price, amount]) => [price, amount])
    expect(shown.bids.length).toBe(10)
    expect(levels([...kept.bids])).toEqual(levels(shown.bids))
    expect(levels([...kept.asks])).toEqual(levels(shown.asks))
  })
})

describe('unmodified ccxt trades through the Kraken emulator: REST', () => {
  test('markets carry the names, the grid and the minimums of the listing', () => {
    const market = client.market(SYMBOL)
    const symbol = venue.emulator.exchange.symbolOf(SYMBOL)
    expect([market.id, market.info.altname, market.info.wsname]).toEqual(['XXBTZUSD', 'XBTUSD', 'XBT/USD'])
    expect(market.precision.price).toBe(Number(symbol?.tickText))
    expect(market.precision.amount).toBe(Number(symbol?.lotText))
    expect(market.limits.amount?.min).toBe(Number(symbol?.lotsMinText))
    const notionalMin = venue.emulator.exchange.symbolOf('SOL/USD')?.notionalMinText
    expect(client.market('SOL/USD').limits.cost?.min).toBe(Number(notionalMin))
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
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, { clientOrderId: 's0001000000a001' })
    expect(placed).toMatchObject({ symbol: SYMBOL, side: 'buy', amount: 0.01, price })
    const fetched = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(fetched).toMatchObject({ status: 'open', clientOrderId: 's0001000000a001', filled: 0, side: 'buy', price })
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id)).toEqual([placed.id])
    const during = await client.fetchBalance()
    const taker = (venue.emulator.exchange.symbolOf(SYMBOL)?.listing.takerPpm ?? 0) / 1e6
    // Held with the fee, which is asked for in the quote.
    expect(during['USD'].used).toBeCloseTo(price * 0.01 * (1 + taker), 4)
    expect(during['USD'].total).toBe(before['USD'].total)
    await client.cancelOrder(idOf(placed), SYMBOL)
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({ status: 'canceled', filled: 0 })
    const after = await client.fetchBalance()
    expect(after['USD']).toEqual(before['USD'])
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
  })

  test('a market order trades at once, and the sums are exact', async () => {
    const before = await client.fetchBalance()
    const placed = await client.createOrder(SYMBOL, 'market', 'buy', 0.02)
    const order = await client.fetchOrder(idOf(placed), SYMBOL)
    expect(order).toMatchObject({ status: 'closed', filled: 0.02, remaining: 0 })
    const trades = (await client.fetchMyTrades(SYMBOL)).filter((trade) => trade.order === order.id)
    expect(sum(trades.map((trade) => trade.amount ?? 0))).toBeCloseTo(0.02, 12)
    const fees = sum(trades.map((trade) => (trade.fee as { cost: number }).cost))
    const cost = sum(trades.map((trade) => (trade.price ?? 0) * (trade.amount ?? 0)))
    const after = await client.fetchBalance()
    expect((after['BTC'].total ?? 0) - (before['BTC'].total ?? 0)).toBeCloseTo(0.02, 8)
    expect((before['USD'].total ?? 0) - (after['USD'].total ?? 0)).toBeCloseTo(cost + fees, 6)
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
      expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({ status: 'canceled', filled: 0 })
    }
  })

  test('post-only rests or is refused', async () => {
    const { bid, ask } = await touch()
    const resting = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.9), { postOnly: true })
    expect(await client.fetchOrder(idOf(resting), SYMBOL)).toMatchObject({ status: 'open', postOnly: true })
    const crossing = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.ceil(ask * 1.01), { postOnly: true })
    await expect(crossing).rejects.toThrow('EOrder:Post only order')
    await client.cancelOrder(idOf(resting), SYMBOL)
  })

  test('an order of our own is not traded with: the newest is canceled', async () => {
    venue.market.isHeld = true
    const [price, shown] = (await client.fetchOrderBook(SYMBOL, 5)).asks[0] as [number, number]
    const resting = await client.createOrder(SYMBOL, 'limit', 'sell', 1, price)
    // Everything of others at that price, which comes first (and grows back after fills), and then ours.
    const crossing = await client.createOrder(SYMBOL, 'limit', 'buy', shown + 0.5, price, { timeInForce: 'IOC' })
    expect(await client.fetchOrder(idOf(resting))).toMatchObject({ status: 'open', filled: 0 })
    const second = await client.fetchOrder(idOf(crossing))
    expect([second.status, second.info.reason]).toEqual(['canceled', 'Self trade prevention'])
    expect(second.filled).toBeGreaterThan(shown * 0.99)
    expect(second.filled).toBeLessThan(shown + 0.5)
    await client.cancelAllOrders()
  })

  test('a batch is placed at once, and canceled at once', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const order = { symbol: SYMBOL, type: 'limit', side: 'buy', amount: 0.01 } as const
    const placed = await client.createOrders([
      { ...order, price },
      { ...order, price: price - 10 },
    ])
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id).sort()).toEqual(placed.map(({ id }) => id).sort())
    await client.cancelOrders(placed.map(idOf), SYMBOL)
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
    const halfBad = client.createOrders([
      { ...order, price },
      { ...order, price, amount: 100 },
    ])
    await expect(halfBad).rejects.toThrow(ccxt.InsufficientFunds)
    // One of the two was taken all the same.
    expect((await client.fetchOpenOrders(SYMBOL)).length).toBe(1)
    await client.cancelAllOrders()
    expect(await client.fetchOpenOrders()).toEqual([])
  })

  test('amended in place through editOrder', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price)
    await client.editOrder(idOf(placed), SYMBOL, 'limit', 'buy', 0.02, price - 5)
    expect(await client.fetchOrder(idOf(placed))).toMatchObject({ status: 'open', amount: 0.02, price: price - 5 })
    await client.cancelOrder(idOf(placed), SYMBOL)
  })

  test('public trades, fees, tickers, status, time and order history', async () => {
    expect((await client.fetchClosedOrders(SYMBOL)).length).toBeGreaterThan(5)
    expect((await client.fetchTrades(SYMBOL)).length).toBeGreaterThan(0)
    const fee = await client.fetchTradingFee(SYMBOL)
    expect(fee.taker).toBe((venue.emulator.exchange.symbolOf(SYMBOL)?.listing.takerPpm ?? 0) / 1e6)
    const ticker = await client.fetchTicker(SYMBOL)
    expect(ticker.bid).toBeLessThan(ticker.ask ?? 0)
    expect((await client.fetchStatus()).status).toBe('ok')
    expect(Math.abs(((await client.fetchTime()) ?? 0) - Date.now())).toBeLessThan(3_000)
  })
})

describe('refusals arrive in their classes', () => {
  test('not enough money', async () => {
    const { bid } = await touch()
    const order = client.createOrder(SYMBOL, 'limit', 'buy', 100, Math.floor(bid * 0.9))
    await expect(order).rejects.toThrow(ccxt.InsufficientFunds)
  })

  test('a client id that is in use', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const params = { clientOrderId: 'mine-1' }
    const first = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    const second = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    await expect(second).rejects.toThrow('cl_ord_id not unique')
    await client.cancelOrder('', SYMBOL, params)
    expect((await client.fetchOrder(idOf(first))).status).toBe('canceled')
    const again = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, params)
    await client.cancelOrder(idOf(again), SYMBOL)
  })

  test('below the minimum, off the grid, past its deadline', async () => {
    const { bid } = await touch()
    const request = {
      pair: 'XXBTZUSD',
      type: 'buy',
      ordertype: 'limit',
      volume: '0.01',
      price: `${Math.floor(bid * 0.8)}`,
    }
    const post = (more: object): Promise<unknown> =>
      (client as unknown as { privatePostAddOrder(params: object): Promise<unknown> }).privatePostAddOrder({
        ...request,
        ...more,
      })
    await expect(post({ volume: '0.00001' })).rejects.toThrow(ccxt.InvalidOrder)
    await expect(post({ price: '30000.01' })).rejects.toThrow('Tick size check failed')
    await expect(post({ deadline: '2020-01-01T00:00:00Z' })).rejects.toThrow('Deadline elapsed')
    await expect(post({ validate: 'true' })).resolves.not.toHaveProperty('result.txid')
  })

  test('an order nobody knows', async () => {
    await expect(client.fetchOrder('OAAAAA-AAAAA-AAAAAA', SYMBOL)).rejects.toThrow(ccxt.InvalidOrder)
    await expect(client.cancelOrder('OAAAAA-AAAAA-AAAAAA', SYMBOL)).rejects.toThrow(ccxt.OrderNotFound)
  })

  test('a wrong secret, an unknown key, a nonce that goes back', async () => {
    const open = (key: object): Promise<Exchange> =>
      openCcxt('kraken', { port: venue.port, key: { ...venue.key, ...key } })
    const liar = await open({ secret: Buffer.alloc(64, 7).toString('base64') })
    await expect(liar.fetchBalance()).rejects.toThrow('EAPI:Invalid signature')
    const stranger = await open({ apiKey: 'nobody' })
    await expect(stranger.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError)
    const late = await open({})
    late.options['timeDifference'] = 60_000
    await expect(late.fetchBalance()).rejects.toThrow(ccxt.InvalidNonce)
  })

  test('an answer lost after the order was executed: the order is there', async () => {
    const { bid } = await touch()
    venue.faults.dropAnswers(1, 'POST /0/private/AddOrder')
    const params = { clientOrderId: 'lost-1' }
    const lost = client.createOrder(SYMBOL, 'limit', 'buy', 0.01, Math.floor(bid * 0.8), params)
    await expect(lost).rejects.toThrow(ccxt.NetworkError)
    const [found] = await client.fetchOpenOrders(SYMBOL, undefined, undefined, params)
    expect(found).toMatchObject({ status: 'open', clientOrderId: 'lost-1' })
    await client.cancelOrder(idOf(found), SYMBOL)
  })
})

describe('unmodified ccxt.pro watches the Kraken emulator', () => {
  test('public trades and tickers flow', async () => {
    const trades = await client.watchTrades(SYMBOL)
    expect(trades[0]).toMatchObject({ symbol: SYMBOL })
    expect(['buy', 'sell']).toContain(trades[0].side)
    const ticker = await client.watchTicker(SYMBOL)
    expect(ticker.bid).toBeLessThan(ticker.ask ?? 0)
  })

  test('orders, fills and balances arrive as they happen', async () => {
    // Kraken names the symbol of an order once: news of its end is found by its id.
    const ended = watchUntil(
      () => client.watchOrders(),
      (list) => list.some((order) => order.status === 'canceled' && order.info['cl_ord_id'] === 'watched-2'),
    )
    const fills = watchUntil(
      () => client.watchMyTrades(SYMBOL),
      (list) => list.some((trade) => trade.side === 'sell'),
    )
    const balances = watchUntil(
      () => client.watchBalance(),
      (balance) => (balance['BTC']?.total ?? 0) > 0,
    )
    await balances
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { ask } = await touch()
    const market = await client.createOrder(SYMBOL, 'market', 'sell', 0.0125)
    expect((await fills).find((trade) => trade.order === market.id)).toMatchObject({
      symbol: SYMBOL,
      side: 'sell',
      takerOrMaker: 'taker',
      fee: { currency: 'USD' },
    })
    const params = { clientOrderId: 'watched-2' }
    const resting = await client.createOrder(SYMBOL, 'limit', 'sell', 0.01, Math.ceil(ask * 1.1), params)
    await client.cancelOrder(idOf(resting), SYMBOL)
    expect((await ended).find(({ status }) => status === 'canceled')?.id).toBe(resting.id)
  })

  test('orders go over the socket: placed, amended, canceled, refused', async () => {
    const { bid } = await touch()
    const price = Math.floor(bid * 0.8)
    const placed = await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.01, price)
    expect(await client.fetchOrder(idOf(placed))).toMatchObject({ status: 'open', price })
    await client.editOrderWs(idOf(placed), SYMBOL, 'limit', 'buy', 0.02, price - 5)
    expect(await client.fetchOrder(idOf(placed))).toMatchObject({ amount: 0.02, price: price - 5 })
    await client.cancelOrderWs(idOf(placed))
    expect(await client.fetchOrder(idOf(placed))).toMatchObject({ status: 'canceled' })
    await expect(client.createOrderWs(SYMBOL, 'limit', 'buy', 100, price)).rejects.toThrow('Insufficient funds')
  })
})

function idOf(order: { id?: string | undefined }): string {
  return order.id ?? ''
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
