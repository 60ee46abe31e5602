/** The gateway's own behaviour, without a network: who gets in, who hears what, who is sent away. */
import { beforeEach, expect, test } from 'vitest'
import { GatewayServer } from '../../../../hotpath/gateway/gateway-server.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { GATEWAY_BACKPRESSURE_BYTES_MAX, GATEWAY_MESSAGE_BYTES_MAX, SESSIONS_MAX } from '../../../../shared/limits.ts'
import type { InstrumentIndex, ParentRow, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'
import { NS_PER_MS, NS_PER_S, US_PER_MS } from '../../../../shared/units/time.ts'
import {
  beginOrderFrame,
  FrameKind,
  ORDER_FRAME_BYTES,
  OrderField,
  writeClientId,
} from '../../../../shared/wire/order-frame.ts'
import { isReportFrame, ReportField, ReportKind } from '../../../../shared/wire/report-frame.ts'
import { readUint64, writeInt64 } from '../../../../shared/wire/wide-integer.ts'
import { CoreDouble } from '../../../e2e/gateway/core-double.ts'
import { type MemorySocket, MemoryTransport } from '../../../e2e/gateway/memory-transport.ts'
import { HandClock, signedLogon, smallAccounts, smallBooks, smallListings } from '../../../e2e/gateway/small-market.ts'

let clock: HandClock
let core: CoreDouble
let transport: MemoryTransport
let server: GatewayServer
let nonce = 0

beforeEach(async () => {
  clock = new HandClock()
  core = new CoreDouble(clock)
  transport = new MemoryTransport()
  server = new GatewayServer({
    core,
    store: core.store,
    books: smallBooks(clock.monoNs()),
    listings: smallListings(),
    accounts: smallAccounts(),
    clock,
    market: { name: 'calibrated', simulated: true },
    transport,
  })
  core.reports = server
  await server.listen({ host: '127.0.0.1', port: 7001 })
})

function nowMs(): number {
  return Math.floor(clock.epochUs() / US_PER_MS)
}

function logOn(name = 'main', more: object = {}): MemorySocket {
  const socket = transport.connect()
  const [answer] = socket.ask({ ...signedLogon(name, nowMs(), ++nonce), ...more })
  expect(answer['type']).toBe('logon')
  return socket
}

const limitOrder = { op: 'new', clientOrderId: 'a-1', symbol: 'BTC/USDT', side: 'buy', type: 'limit' }
const resting = { ...limitOrder, quantity: '1.5', price: '60000' }

test('a logon says who you are and what market this is', () => {
  const socket = transport.connect()
  const [answer] = socket.ask({ ...signedLogon('main', nowMs(), ++nonce), id: 7 })
  expect(answer).toEqual({
    type: 'logon',
    id: 7,
    account: 'main',
    permissions: ['trade', 'read', 'cancel'],
    market: 'calibrated',
    simulated: true,
    heartbeatMs: 8_000,
  })
})

test('before a logon only logon and ping are heard', () => {
  const socket = transport.connect()
  expect(socket.ask({ op: 'ping', id: 'x' })).toEqual([{ type: 'pong', id: 'x' }])
  const [answer] = socket.ask(resting)
  expect(answer).toMatchObject({ type: 'denied', op: 'new', clientOrderId: 'a-1', reason: 'unauthenticated' })
  expect(core.changes).toBe(0)
})

test.each([
  ['badSignature', (logon: Record<string, unknown>) => ({ ...logon, signature: 'f'.repeat(64) })],
  ['badSignature', (logon: Record<string, unknown>) => ({ ...logon, signature: 'short' })],
  ['badSignature', (logon: Record<string, unknown>) => ({ ...logon, apiKey: 'key-of-nobody' })],
  ['missingField', (logon: Record<string, unknown>) => ({ ...logon, nonce: undefined })],
  ['wrongType', (logon: Record<string, unknown>) => ({ ...logon, timestamp: '5' })],
  ['wrongType', (logon: Record<string, unknown>) => ({ ...logon, nonce: 0.5 })],
  ['unknownField', (logon: Record<string, unknown>) => ({ ...logon, user: 'me' })],
])('a logon is refused with %s', (reason, change) => {
  const [answer] = transport.connect().ask(change(signedLogon('main', nowMs(), ++nonce)))
  expect(answer).toMatchObject({ type: 'denied', op: 'logon', reason })
})

test('a nonce is used once, and a failed signature does not use it up', () => {
  const logon = signedLogon('main', nowMs(), ++nonce)
  expect(transport.connect().ask({ ...logon, signature: 'e'.repeat(64) })[0]['reason']).toBe('badSignature')
  expect(transport.connect().ask(logon)[0]['type']).toBe('logon')
  expect(transport.connect().ask(logon)[0]['reason']).toBe('nonceReused')
  expect(transport.connect().ask(signedLogon('main', nowMs(), nonce - 1))[0]['reason']).toBe('nonceReused')
})

test('a timestamp is within five seconds of ours and not from before the start', () => {
  const [early] = transport.connect().ask(signedLogon('main', nowMs() - 1, ++nonce))
  expect(early['reason']).toBe('timestampOutsideWindow')
  clock.advance(60 * NS_PER_S)
  expect(transport.connect().ask(signedLogon('main', nowMs() - 5_001, ++nonce))[0]['reason']).toBe(
    'timestampOutsideWindow',
  )
  expect(transport.connect().ask(signedLogon('main', nowMs() + 5_001, ++nonce))[0]['reason']).toBe(
    'timestampOutsideWindow',
  )
  expect(transport.connect().ask(signedLogon('main', nowMs() - 5_000, ++nonce))[0]['type']).toBe('logon')
})

test('while the core replays nobody is let in, and who is in already hears notReady', () => {
  const socket = logOn()
  core.isReady = false
  expect(transport.connect().ask(signedLogon('main', nowMs(), ++nonce))[0]['reason']).toBe('notReady')
  expect(socket.ask(resting)[0]['reason']).toBe('notReady')
  expect(transport.get('/ready')).toEqual({ status: 503, body: '{"ready":false}' })
  expect(transport.get('/health')?.status).toBe(200)
})

test('ten mistakes before a logon end the connection', () => {
  const socket = transport.connect()
  for (let i = 0; i < 10; i++) socket.receive('nonsense')
  expect(socket.closeCode).toBe(1008)
})

test('who does not log on in time is sent away', () => {
  const stranger = transport.connect()
  const known = logOn()
  clock.advance(9 * NS_PER_S)
  server.work(clock.monoNs())
  expect(stranger.isOpen).toBe(true)
  clock.advance(2 * NS_PER_S)
  server.work(clock.monoNs())
  expect(stranger.closeCode).toBe(1008)
  expect(known.isOpen).toBe(true)
})

test('an order is acknowledged with the id of its message', () => {
  const socket = logOn()
  expect(socket.ask({ ...resting, id: 'first', postOnly: true })).toEqual([
    {
      type: 'executionReport',
      id: 'first',
      execType: 'new',
      ordStatus: 'new',
      clientOrderId: 'a-1',
      orderId: '1',
      symbol: 'BTC/USDT',
      side: 'buy',
      ordType: 'limit',
      timeInForce: 'GTC',
      quantity: '1.5',
      price: '60000',
      postOnly: true,
      cumQty: '0',
      leavesQty: '1.5',
      execId: '1',
      transactTime: clock.epochUs(),
      fees: {},
      durability: 'process',
    },
  ])
})

test('a fill says what, where and what it cost, and what it came to so far', () => {
  const socket = logOn()
  const reports = socket.ask({
    op: 'new',
    clientOrderId: 'm',
    symbol: 'BTC/USDT',
    side: 'sell',
    type: 'market',
    quantity: '2',
  })
  expect(reports[1]).toMatchObject({
    execType: 'trade',
    ordStatus: 'filled',
    cumQty: '2',
    leavesQty: '0',
    avgPx: '64000.5',
    lastQty: '2',
    lastPx: '64000.5',
    lastVenue: 'beta',
    lastLiquidity: 'taker',
    fee: '0.002',
    feeAsset: 'USDT',
    fees: { USDT: '0.002' },
  })
})

test('every session of the account hears of it, the other encoding included, nobody else does', () => {
  const asker = logOn()
  const sibling = logOn()
  const binary = logOn('main', { reports: 'binary' })
  const stranger = logOn('viewer')
  asker.ask({ ...resting, id: 3 })
  expect(sibling.sent).toHaveLength(0)
  server.work(clock.monoNs())
  const [report] = sibling.take()
  expect(report['execType']).toBe('new')
  expect(report).not.toHaveProperty('id')
  const frame = binary.sent[0] as Uint8Array
  const view = new DataView(frame.buffer)
  expect(isReportFrame(view)).toBe(true)
  expect(readUint64(view, ReportField.lots)).toBe(150_000)
  expect(view.getUint32(ReportField.id, true)).toBe(0)
  expect(stranger.sent).toHaveLength(0)
})

test('news outside a message waits for the turn and keeps its order', () => {
  const socket = logOn()
  socket.ask(resting)
  core.fill(0 as ParentRow, 50_000 as QtyLots)
  core.fill(0 as ParentRow, 100_000 as QtyLots)
  expect(socket.sent).toHaveLength(0)
  server.work(clock.monoNs())
  expect(socket.take().map(({ cumQty }) => cumQty)).toEqual(['0.5', '1.5'])
  core.store.parentState[0] = 1
  core.fill(0 as ParentRow, 0 as QtyLots)
  expect(socket.ask({ op: 'ping' }).map(({ type }) => type)).toEqual(['executionReport', 'pong'])
})

test('a repeated new order answers with the first one, to the asker only', () => {
  const socket = logOn()
  const sibling = logOn()
  socket.ask(resting)
  server.work(clock.monoNs())
  sibling.take()
  const [again] = socket.ask({ ...resting, quantity: '9', id: 2 })
  expect(again).toMatchObject({ id: 2, execType: 'orderStatus', quantity: '1.5' })
  server.work(clock.monoNs())
  expect(sibling.sent).toHaveLength(0)
  expect(core.changes).toBe(1)
})

test('cancel answers also when it is already under way', () => {
  const socket = logOn()
  core.confirmsCancels = false
  socket.ask(resting)
  expect(socket.ask({ op: 'cancel', clientOrderId: 'a-1', id: 1 })[0]).toMatchObject({
    id: 1,
    execType: 'pendingCancel',
  })
  expect(socket.ask({ op: 'cancel', orderId: '1', id: 2 })).toMatchObject([{ id: 2, execType: 'orderStatus' }])
  expect(socket.ask({ op: 'cancel', clientOrderId: 'other', id: 3 })[0]).toMatchObject({
    id: 3,
    reason: 'unknownOrder',
  })
})

test('replace reads its amounts on the grid of the order', () => {
  const socket = logOn()
  socket.ask(resting)
  expect(socket.ask({ op: 'replace', clientOrderId: 'a-1', price: '60000.001' })[0]['reason']).toBe('priceTooPrecise')
  expect(socket.ask({ op: 'replace', clientOrderId: 'a-1' })[0]).toMatchObject({
    reason: 'missingField',
    field: 'quantity',
  })
  const [report] = socket.ask({ op: 'replace', clientOrderId: 'a-1', quantity: '2', price: '61000.01' })
  expect(report).toMatchObject({ execType: 'replaced', quantity: '2', price: '61000.01' })
})

test('open orders come as a snapshot that ends with their count, after a reconnect too', () => {
  const first = logOn()
  first.ask(resting)
  first.ask({ ...resting, clientOrderId: 'a-2' })
  first.close(1000)
  const second = logOn()
  const answers = second.ask({ op: 'openOrders', id: 9 })
  expect(answers.map(({ clientOrderId, count }) => clientOrderId ?? count)).toEqual(['a-1', 'a-2', 2])
  expect(answers.every(({ id }) => id === 9)).toBe(true)
  expect(second.ask({ op: 'massCancel', symbol: 'ETH/BTC' })).toEqual([{ type: 'massCancel', count: 0 }])
  expect(second.ask({ op: 'massCancel' }).at(-1)).toEqual({ type: 'massCancel', count: 2 })
})

test('cancel on disconnect cancels what that session sent, and siblings hear of it', () => {
  const careful = logOn('main', { cancelOnDisconnect: true })
  const sibling = logOn()
  careful.ask(resting)
  sibling.ask({ ...resting, clientOrderId: 'stays' })
  sibling.take()
  careful.close(1006)
  server.work(clock.monoNs())
  const news = sibling.take().filter(({ execType }) => execType === 'canceled')
  expect(news.map(({ clientOrderId }) => clientOrderId)).toEqual(['a-1'])
})

test('permissions', () => {
  const viewer = logOn('viewer')
  const stopper = logOn('stopper')
  expect(viewer.ask(resting)[0]['reason']).toBe('notPermitted')
  expect(viewer.ask({ op: 'massCancel' })[0]['reason']).toBe('notPermitted')
  expect(viewer.ask({ op: 'venues' })[0]['type']).toBe('venues')
  expect(stopper.ask({ op: 'massCancel' })[0]['type']).toBe('massCancel')
  expect(stopper.ask({ op: 'quote', symbol: 'BTC/USDT', side: 'buy', quantity: '1' })[0]['reason']).toBe('notPermitted')
})

test('the rate limit denies orders, never cancels, and refills', () => {
  const socket = logOn('slow')
  const reasons = Array.from({ length: 8 }, (_, i) => socket.ask({ ...resting, clientOrderId: `r${i}` })[0])
  expect(reasons.filter(({ reason }) => reason === 'rateLimited')).toHaveLength(3)
  expect(socket.ask({ op: 'cancel', clientOrderId: 'r0' })[0]['execType']).toBe('pendingCancel')
  clock.advance(NS_PER_S / 5)
  expect(socket.ask({ ...resting, clientOrderId: 'later' })[0]['execType']).toBe('new')
})

test('too long a message is answered and ends the connection', () => {
  const socket = logOn('main', { cancelOnDisconnect: true })
  socket.ask(resting)
  socket.receive(`{"op":"ping","id":"${'x'.repeat(GATEWAY_MESSAGE_BYTES_MAX)}"}`)
  expect(socket.take()[0]['reason']).toBe('messageTooLarge')
  expect(socket.closeCode).toBe(1009)
  expect(core.store.stateOf(0 as ParentRow)).toBe(6)
})

test('a client that does not read is sent away once its bound is reached, after the core has returned', () => {
  const socket = logOn('main', { cancelOnDisconnect: true })
  socket.isStuck = true
  let sent = 0
  while (socket.isOpen) socket.receive(JSON.stringify({ ...resting, clientOrderId: `s${++sent}` }))
  expect(socket.closeCode).toBe(4008)
  const bound = GATEWAY_BACKPRESSURE_BYTES_MAX + 100 * 1_024
  expect(socket.bufferedBytes).toBeGreaterThan(bound)
  expect(socket.bufferedBytes).toBeLessThan(bound + 2_000)
  expect(core.openOrders(0 as never, () => {})).toBe(0)
})

test('more sessions than there are rows', () => {
  const sockets = Array.from({ length: SESSIONS_MAX }, () => transport.connect())
  const tooMany = transport.connect()
  expect(tooMany.take()[0]['reason']).toBe('tooManySessions')
  expect(tooMany.closeCode).toBe(1013)
  sockets[5].close(1000)
  expect(transport.connect().isOpen).toBe(true)
})

test('a session logs on once', () => {
  const socket = logOn()
  expect(socket.ask(signedLogon('main', nowMs(), ++nonce))[0]['reason']).toBe('notPermitted')
})

test('books: at once, then when they changed, not more often than asked', () => {
  const socket = logOn('viewer')
  const ask = { op: 'subscribe', channel: 'book', symbol: 'BTC/USDT', depth: 2, intervalMs: 100 }
  expect(socket.ask(ask)[0]).toEqual({
    type: 'subscribed',
    channel: 'book',
    symbol: 'BTC/USDT',
    depth: 2,
    intervalMs: 100,
  })
  server.work(clock.monoNs())
  expect(socket.take()).toEqual([
    {
      type: 'book',
      symbol: 'BTC/USDT',
      timeUs: clock.epochUs(),
      venuesLive: 2,
      bids: [
        ['63999', '1.5', 'alpha'],
        ['63998', '0.5', 'alpha'],
      ],
      asks: [
        ['64000.5', '0.75', 'beta'],
        ['64001', '1', 'alpha'],
      ],
    },
  ])
  clock.advance(500 * NS_PER_MS)
  server.work(clock.monoNs())
  expect(socket.sent).toHaveLength(0)
  socket.ask({ op: 'unsubscribe', channel: 'book', symbol: 'BTC/USDT' })
  clock.advance(500 * NS_PER_MS)
  server.work(clock.monoNs())
  expect(socket.sent).toHaveLength(0)
})

test('prints go to who wants them, and are counted for who falls behind', () => {
  const all = logOn('viewer')
  const other = logOn('viewer')
  all.ask({ op: 'subscribe', channel: 'trades' })
  other.ask({ op: 'subscribe', channel: 'trades', symbol: 'ETH/BTC' })
  const print = (): void => {
    const [price, lots] = [6_400_000 as PriceTicks, 1_000 as QtyLots]
    server.onTrade(1 as VenueIndex, 0 as InstrumentIndex, Side.sell, price, lots, clock.epochUs())
    server.work(clock.monoNs())
  }
  print()
  expect(all.take()).toEqual([
    {
      type: 'trade',
      symbol: 'BTC/USDT',
      venue: 'beta',
      side: 'sell',
      price: '64000',
      quantity: '0.01',
      timeUs: clock.epochUs(),
    },
  ])
  expect(other.sent).toHaveLength(0)
  all.bufferedBytes = GATEWAY_BACKPRESSURE_BYTES_MAX / 2
  print()
  print()
  expect(all.sent).toHaveLength(0)
  all.bufferedBytes = 0
  print()
  expect(all.take()[0]['missed']).toBe(2)
})

test('a session that does not want execution reports still hears the answers to its own messages', () => {
  const quiet = logOn()
  const other = logOn()
  quiet.ask({ op: 'unsubscribe', channel: 'orders' })
  other.ask(resting)
  server.work(clock.monoNs())
  expect(quiet.sent).toHaveLength(0)
  expect(quiet.ask({ op: 'status', clientOrderId: 'a-1' })[0]['execType']).toBe('orderStatus')
})

test('quote, explain and report', () => {
  const socket = logOn()
  socket.ask(resting)
  expect(socket.ask({ op: 'quote', symbol: 'BTC/USDT', side: 'buy', quantity: '0.1' })[0]).toMatchObject({
    type: 'quote',
    explanation: { certificate: { gapBps: 0 } },
  })
  expect(socket.ask({ op: 'quote', symbol: 'BTC/USDT', side: 'buy', quantity: '9' })[0]['reason']).toBe('noLiquidity')
  expect(socket.ask({ op: 'explain', clientOrderId: 'a-1' })[0]['type']).toBe('explain')
  expect(socket.ask({ op: 'report', orderId: '1' })[0]).toMatchObject({
    type: 'report',
    report: { clientOrderId: 'a-1' },
  })
  expect(socket.ask({ op: 'report', orderId: '2' })[0]['reason']).toBe('unknownOrder')
})

test('instruments and venues', () => {
  const socket = logOn()
  const [{ instruments }] = socket.ask({ op: 'instruments' }) as unknown as [{ instruments: unknown[] }]
  expect(instruments[1]).toEqual({
    index: 1,
    symbol: 'ETH/BTC',
    base: 'ETH',
    quote: 'BTC',
    priceDigits: 6,
    qtyDigits: 4,
    tick: '0.000001',
    lot: '0.0001',
    venues: ['beta'],
  })
  const [{ venues }] = socket.ask({ op: 'venues' }) as unknown as [{ venues: unknown[] }]
  expect(venues[1]).toMatchObject({ index: 1, id: 'beta', books: { live: 1, empty: 1 } })
})

test('binary orders and answers', () => {
  const socket = logOn('main', { reports: 'binary' })
  const view = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))
  beginOrderFrame(view, FrameKind.new, 77)
  view.setUint8(OrderField.side, 2)
  view.setUint8(OrderField.type, 2)
  view.setUint8(OrderField.timeInForce, 1)
  writeInt64(view, OrderField.lots, 12_345)
  writeInt64(view, OrderField.priceTicks, 6_500_000)
  for (const field of ['venuesLow', 'venuesHigh', 'slippageCentiBps', 'feeCentiBps'] as const)
    view.setInt32(OrderField[field], -1, true)
  writeClientId(view, OrderField.clientId, OrderField.clientIdLength, 'bin-1')
  socket.receive(new Uint8Array(view.buffer))
  const answer = new DataView((socket.sent.pop() as Uint8Array).buffer)
  expect(answer.getUint8(ReportField.kind)).toBe(ReportKind.executionReport)
  expect(answer.getUint32(ReportField.id, true)).toBe(77)
  expect(readUint64(answer, ReportField.leavesLots)).toBe(12_345)
  view.setUint8(OrderField.side, 3)
  socket.receive(new Uint8Array(view.buffer))
  const denied = new DataView((socket.sent.pop() as Uint8Array).buffer)
  expect(denied.getUint8(ReportField.kind)).toBe(ReportKind.denied)
  expect(denied.getUint8(ReportField.denied)).toBe(22)
  expect(denied.getUint8(ReportField.field)).toBe(OrderField.side)
})

test('stopping: new orders are denied, cancels are not, then everybody is told to go', async () => {
  const socket = logOn('main', { cancelOnDisconnect: true })
  socket.ask(resting)
  server.stopOrders()
  expect(socket.ask({ ...resting, clientOrderId: 'late' })[0]['reason']).toBe('shuttingDown')
  expect(transport.get('/ready')?.status).toBe(503)
  await server.close()
  expect(socket.closeCode).toBe(1001)
  expect(core.closedSessions).toEqual([1])
})
