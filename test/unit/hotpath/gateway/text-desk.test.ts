/** JSON operations from the message to its answer. */
import { beforeEach, expect, test } from 'vitest'
import { NS_PER_S } from '../../../../shared/units/time.ts'
import { MemoryGateway } from '../../../e2e/gateway/memory-gateway.ts'

let gateway: MemoryGateway
beforeEach(() => {
  gateway = new MemoryGateway()
})

const resting = {
  op: 'new',
  clientOrderId: 'a-1',
  symbol: 'BTC/USDT',
  side: 'buy',
  type: 'limit',
  quantity: '1.5',
  price: '60000',
}

test('cancel answers also when it is already under way', () => {
  const socket = gateway.logOn()
  gateway.core.confirmsCancels = false
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
  const socket = gateway.logOn()
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
  const first = gateway.logOn()
  first.ask(resting)
  first.ask({ ...resting, clientOrderId: 'a-2' })
  first.close(1000)
  const second = gateway.logOn()
  const answers = second.ask({ op: 'openOrders', id: 9 })
  expect(answers.map(({ clientOrderId, count }) => clientOrderId ?? count)).toEqual(['a-1', 'a-2', 2])
  expect(answers.every(({ id }) => id === 9)).toBe(true)
  expect(second.ask({ op: 'massCancel', symbol: 'ETH/BTC' })).toEqual([{ type: 'massCancel', count: 0 }])
  expect(second.ask({ op: 'massCancel' }).at(-1)).toEqual({ type: 'massCancel', count: 2 })
})

test('permissions', () => {
  const viewer = gateway.logOn('viewer')
  const stopper = gateway.logOn('stopper')
  expect(viewer.ask(resting)[0]['reason']).toBe('notPermitted')
  expect(viewer.ask({ op: 'massCancel' })[0]['reason']).toBe('notPermitted')
  expect(viewer.ask({ op: 'venues' })[0]['type']).toBe('venues')
  expect(stopper.ask({ op: 'massCancel' })[0]['type']).toBe('massCancel')
  expect(stopper.ask({ op: 'quote', symbol: 'BTC/USDT', side: 'buy', quantity: '1' })[0]['reason']).toBe('notPermitted')
})

test('the rate limit denies orders, never cancels, and refills', () => {
  const socket = gateway.logOn('slow')
  const reasons = Array.from({ length: 8 }, (_, i) => socket.ask({ ...resting, clientOrderId: `r${i}` })[0])
  expect(reasons.filter(({ reason }) => reason === 'rateLimited')).toHaveLength(3)
  expect(socket.ask({ op: 'cancel', clientOrderId: 'r0' })[0]['execType']).toBe('pendingCancel')
  gateway.clock.advance(NS_PER_S / 5)
  expect(socket.ask({ ...resting, clientOrderId: 'later' })[0]['execType']).toBe('new')
})

test('quote, explain and report', () => {
  const socket = gateway.logOn()
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
  const socket = gateway.logOn()
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
