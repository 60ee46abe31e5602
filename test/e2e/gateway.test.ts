/** The gateway on real sockets, over uWebSockets.js, over ws and with rings in between: bad clients, slow clients, clients that come back. */
import { once } from 'node:events'
import net from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadUws } from '../../hotpath/gateway/uws-binary.ts'
import type { AccountIndex } from '../../shared/units/ids.ts'
import { maskedFrame, Opcode, RawClient } from '../bench/gateway/raw-client.ts'
import { type RealGateway, startGateway } from './gateway/real-gateway.ts'
import { signedLogon } from './gateway/small-market.ts'

const PATH = '/v1/orders'
const uws = await loadUws()
let lastNonce = Date.now()

async function logOn(port: number, name = 'main', more: object = {}): Promise<RawClient> {
  const client = await RawClient.connect(port, PATH)
  const answer = await client.ask({ ...signedLogon(name, Date.now(), ++lastNonce), ...more })
  expect(answer).toMatchObject({ type: 'logon', account: name })
  return client
}

/** Chosen beforehand: a port that the system picked at listen is not free again at once (no SO_REUSEADDR then). */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const resting = { op: 'new', symbol: 'BTC/USDT', side: 'buy', type: 'limit', quantity: '1', price: '60000' }

test('uWebSockets.js loads on this machine, or says why not', () => {
  if (uws.ok) expect(uws.name).toMatch(/^(native uWebSockets.js|uWebSockets.js, relocated copy)$/)
  else expect(uws.why).not.toBe('')
})

describe.each([
  ['uws', uws.ok ? uws.name : 'uWebSockets.js'],
  ['ws', 'ws'],
  ['relayed', uws.ok ? uws.name : 'ws'],
] as const)('over %s', (wish, name) => {
  let gateway: RealGateway
  beforeAll(async () => {
    if (wish !== 'uws' || uws.ok) gateway = await startGateway(wish)
  })
  beforeEach(({ skip }) => {
    if (wish === 'uws' && !uws.ok) skip(uws.why)
  })
  afterAll(() => gateway?.close())

  test('the transport says in words which one it is', () => {
    expect(gateway.transport).toBe(name)
  })

  test('a second gateway cannot take the port, not even quietly', async () => {
    await expect(startGateway(wish, { port: gateway.port })).rejects.toThrow('cannot listen on 127.0.0.1')
  })

  test('health, readiness, and nothing else, over plain HTTP', async () => {
    const base = `http://127.0.0.1:${gateway.port}`
    const health = await fetch(`${base}/health`)
    expect([health.status, health.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await health.json()).toMatchObject({ status: 'up', market: 'calibrated', simulated: true, transport: name })
    expect((await fetch(`${base}/ready`)).status).toBe(200)
    gateway.core.isReady = false
    expect((await fetch(`${base}/ready`)).status).toBe(503)
    gateway.core.isReady = true
    expect((await fetch(`${base}/secrets`)).status).toBe(404)
    expect((await fetch(`${base}${PATH}`)).status).toBe(404)
    expect((await fetch(`${base}/health`, { method: 'POST' })).status).toBe(404)
    await expect(RawClient.connect(gateway.port, '/other')).rejects.toThrow('did not switch')
  })

  test('an order is acknowledged', async () => {
    const client = await logOn(gateway.port)
    const report = await client.ask({ ...resting, clientOrderId: 'e-1', id: 5 })
    expect(report).toMatchObject({ id: 5, execType: 'new', clientOrderId: 'e-1', leavesQty: '1' })
    client.close()
  })

  test('a nonce that was used is refused on another connection', async () => {
    const logon = signedLogon('main', Date.now(), ++lastNonce)
    const [first, second] = [await RawClient.connect(gateway.port, PATH), await RawClient.connect(gateway.port, PATH)]
    expect((await first.ask(logon))['type']).toBe('logon')
    expect(await second.ask(logon)).toMatchObject({ type: 'denied', reason: 'nonceReused' })
    first.close()
    second.close()
  })

  test('what is sent outside a message reaches every session of the account', async () => {
    const [one, two] = [await logOn(gateway.port), await logOn(gateway.port)]
    const heard = new Promise((resolve) => {
      two.onMessage = (_, payload) => resolve(JSON.parse(payload.toString()))
    })
    await one.ask({ ...resting, clientOrderId: 'e-2' })
    expect(await heard).toMatchObject({ clientOrderId: 'e-2', execType: 'new' })
    one.close()
    two.close()
  })

  test.each([
    ['just above our bound', 4_100],
    ['a hundred kilobytes', 100_000],
    ["just below the transport's", 1_048_000],
  ])('too long a message (%s) is answered, then the connection ends with 1009', async (_, bytes) => {
    const client = await logOn(gateway.port)
    const answer = await client.ask({ op: 'ping', id: 'x'.repeat(bytes) })
    expect(answer).toMatchObject({ type: 'denied', reason: 'messageTooLarge' })
    await vi.waitFor(() => expect(client.closeCode).toBe(1009))
    client.close()
  })

  test('a message beyond what the transport takes ends the connection; others go on', async () => {
    const other = await logOn(gateway.port)
    const client = await logOn(gateway.port)
    client.send(Opcode.text, 'y'.repeat(3_000_000))
    await vi.waitFor(() => expect(client.isClosed).toBe(true))
    expect(await other.ask({ op: 'ping' })).toEqual({ type: 'pong' })
    other.close()
  })

  test.each([
    ['text that is not UTF-8', maskedFrame(Opcode.text, Buffer.from([0xff, 0xfe, 0xfd]))],
    ['a frame without mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['a reserved bit', Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['an unknown opcode', Buffer.from([0x8f, 0x80, 0, 0, 0, 0])],
    ['a continuation of nothing', Buffer.from([0x80, 0x80, 0, 0, 0, 0])],
    ['a length of 2^63', Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['a cut frame, then the end', Buffer.from([0x81, 0xfe, 0x10])],
    ['no WebSocket at all', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('%s hurts nobody else', async (_, bytes) => {
    const other = await logOn(gateway.port)
    const client = await logOn(gateway.port)
    client.socket.write(bytes)
    client.socket.end()
    await once(client.socket, 'close')
    expect(await other.ask({ op: 'ping' })).toEqual({ type: 'pong' })
    other.close()
  })

  test('a client that does not read is ended with a code and its orders are canceled; nobody else waits', async () => {
    const other = await logOn(gateway.port, 'viewer')
    const client = await logOn(gateway.port, 'main', { cancelOnDisconnect: true })
    await client.ask({ ...resting, clientOrderId: 'of-the-slow-one' })
    const endedBefore = gateway.core.closedSessions.length
    client.socket.pause()
    const asks = Buffer.concat(
      Array.from({ length: 5_000 }, () => maskedFrame(Opcode.text, Buffer.from('{"op":"venues"}'))),
    )
    const flood = setInterval(() => client.socket.write(asks), 1)
    await vi.waitFor(() => expect(gateway.core.closedSessions.length).toBe(endedBefore + 1), { timeout: 10_000 })
    clearInterval(flood)
    const open: string[] = []
    gateway.core.openOrders(0 as AccountIndex, (row) => open.push(gateway.core.store.clientIdText(row)))
    expect(open).not.toContain('of-the-slow-one')
    expect(await other.ask({ op: 'ping' })).toEqual({ type: 'pong' })
    client.socket.resume()
    // Behind a relay it may be ended for what it sends before what it leaves unread is noticed.
    const codes = wish === 'relayed' ? [4008, 1013] : [4008]
    await vi.waitFor(() => expect(codes).toContain(client.closeCode), { timeout: 5_000 })
    other.close()
    client.close()
  })

  test('a client that vanishes takes its orders with it, and finds the others when it is back', async () => {
    const careful = await logOn(gateway.port, 'stopper', {})
    careful.close()
    const client = await logOn(gateway.port, 'slow', { cancelOnDisconnect: true })
    const steady = await logOn(gateway.port, 'slow')
    await client.ask({ ...resting, clientOrderId: 'goes' })
    await steady.ask({ ...resting, clientOrderId: 'stays' })
    client.socket.resetAndDestroy()
    steady.close()
    await vi.waitFor(() => expect(gateway.core.openOrders(3 as AccountIndex, () => {})).toBe(1))
    const back = await logOn(gateway.port, 'slow')
    expect(await back.ask({ op: 'openOrders' })).toMatchObject({ clientOrderId: 'stays', execType: 'orderStatus' })
    back.close()
  })

  test('a book comes at once and a print when there is one', async () => {
    const client = await logOn(gateway.port, 'viewer')
    const types: unknown[] = []
    client.onMessage = (_, payload) => types.push(JSON.parse(payload.toString())['type'])
    const subscribe = { op: 'subscribe', symbol: 'BTC/USDT' }
    client.send(Opcode.text, JSON.stringify({ ...subscribe, channel: 'book', intervalMs: 50 }))
    client.send(Opcode.text, JSON.stringify({ ...subscribe, channel: 'trades' }))
    await vi.waitFor(() => expect(types.filter((type) => type === 'subscribed')).toHaveLength(2))
    gateway.server.onTrade(0 as never, 0 as never, 1, 6_400_000 as never, 1 as never, 1 as never)
    await vi.waitFor(() => expect(types.toSorted()).toEqual(['book', 'subscribed', 'subscribed', 'trade']))
    client.close()
  })
})

test('closing says goodbye to everybody and frees the port', async () => {
  const gateway = await startGateway('auto', { port: await freePort() })
  const client = await logOn(gateway.port)
  await gateway.close()
  await vi.waitFor(() => expect(client.closeCode).toBe(1001))
  const again = await startGateway('auto', { port: gateway.port })
  await again.close()
})
