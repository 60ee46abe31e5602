/** The gateway's own behaviour, without a network: who gets in, who is kept waiting, who is sent away. */
import { beforeEach, expect, test } from 'vitest'
import { GATEWAY_MESSAGE_BYTES_MAX, SESSIONS_MAX } from '../../../../shared/limits.ts'
import type { ParentRow } from '../../../../shared/units/ids.ts'
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

test('before a logon only logon and ping are heard', () => {
  const socket = gateway.connect()
  expect(socket.ask({ op: 'ping', id: 'x' })).toEqual([{ type: 'pong', id: 'x' }])
  const [answer] = socket.ask(resting)
  expect(answer).toMatchObject({ type: 'denied', op: 'new', clientOrderId: 'a-1', reason: 'unauthenticated' })
  expect(gateway.core.changes).toBe(0)
})

test('while the core replays nobody is let in, and who is in already hears notReady', () => {
  const socket = gateway.logOn()
  gateway.core.isReady = false
  expect(gateway.connect().ask(gateway.logon())[0]['reason']).toBe('notReady')
  expect(socket.ask(resting)[0]['reason']).toBe('notReady')
  expect(gateway.transport.get('/ready')).toEqual({ status: 503, body: '{"ready":false}' })
  expect(gateway.transport.get('/health')?.status).toBe(200)
})

test('ten mistakes before a logon end the connection', () => {
  const socket = gateway.connect()
  for (let i = 0; i < 10; i++) socket.receive('nonsense')
  expect(socket.closeCode).toBe(1008)
})

test('who does not log on in time is sent away', () => {
  const stranger = gateway.connect()
  const known = gateway.logOn()
  gateway.clock.advance(9 * NS_PER_S)
  gateway.turn()
  expect(stranger.isOpen).toBe(true)
  gateway.clock.advance(2 * NS_PER_S)
  gateway.turn()
  expect(stranger.closeCode).toBe(1008)
  expect(known.isOpen).toBe(true)
})

test('cancel on disconnect cancels what that session sent, and siblings hear of it', () => {
  const careful = gateway.logOn('main', { cancelOnDisconnect: true })
  const sibling = gateway.logOn()
  careful.ask(resting)
  sibling.ask({ ...resting, clientOrderId: 'stays' })
  sibling.take()
  careful.close(1006)
  gateway.turn()
  const news = sibling.take().filter(({ execType }) => execType === 'canceled')
  expect(news.map(({ clientOrderId }) => clientOrderId)).toEqual(['a-1'])
})

test('too long a message is answered and ends the connection', () => {
  const socket = gateway.logOn('main', { cancelOnDisconnect: true })
  socket.ask(resting)
  socket.receive(`{"op":"ping","id":"${'x'.repeat(GATEWAY_MESSAGE_BYTES_MAX)}"}`)
  expect(socket.take()[0]['reason']).toBe('messageTooLarge')
  expect(socket.closeCode).toBe(1009)
  expect(gateway.core.store.stateOf(0 as ParentRow)).toBe(6)
})

test('more sessions than there are rows', () => {
  const sockets = Array.from({ length: SESSIONS_MAX }, () => gateway.connect())
  const tooMany = gateway.connect()
  expect(tooMany.take()[0]['reason']).toBe('tooManySessions')
  expect(tooMany.closeCode).toBe(1013)
  sockets[5].close(1000)
  expect(gateway.connect().isOpen).toBe(true)
})

test('a session logs on once', () => {
  const socket = gateway.logOn()
  expect(socket.ask(gateway.logon())[0]['reason']).toBe('notPermitted')
})

test('stopping: new orders are denied, cancels are not, then everybody is told to go', async () => {
  const socket = gateway.logOn('main', { cancelOnDisconnect: true })
  socket.ask(resting)
  gateway.server.stopOrders()
  expect(socket.ask({ ...resting, clientOrderId: 'late' })[0]['reason']).toBe('shuttingDown')
  expect(gateway.transport.get('/ready')?.status).toBe(503)
  await gateway.server.close()
  expect(socket.closeCode).toBe(1001)
  expect(gateway.core.closedSessions).toEqual([1])
})

test.each([
  '',
  '{',
  'null',
  '[]',
  '[{"op":"ping"}]',
  '7',
  '"ping"',
  '{"op":"ping"} {}',
  "{'op':'ping'}",
  '\u0000',
])('what is not one JSON object is malformed: %j', (text) => {
  const socket = gateway.connect()
  socket.receive(text)
  expect(socket.take()).toEqual([expect.objectContaining({ type: 'denied', op: null, reason: 'malformed' })])
})

test.each<[object, string, string]>([
  [{}, 'missingField', 'op'],
  [{ op: 5 }, 'wrongType', 'op'],
  [{ op: 'constructor' }, 'unknownOperation', 'op'],
  [{ op: 'ping', id: null }, 'wrongType', 'id'],
  [{ op: 'ping', id: 'x'.repeat(65) }, 'wrongType', 'id'],
  [{ op: 'ping', now: 1 }, 'unknownField', 'now'],
])('%j is refused: %s of %s', (message, reason, field) => {
  expect(gateway.connect().ask(message)).toEqual([expect.objectContaining({ type: 'denied', reason, field })])
})

test('an id is said back as it came', () => {
  const socket = gateway.connect()
  for (const id of ['x', '"\\\n', 0, 1.5, -3]) expect(socket.ask({ op: 'ping', id })).toEqual([{ type: 'pong', id }])
})
