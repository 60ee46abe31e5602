/** The gateway's end of the rings, with the relay's end and a transport without a network behind it, turn by turn. */
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { SendResult, type Socket, type SocketEvents } from '../../../../hotpath/gateway/socket-transport.ts'
import { NS_PER_S } from '../../../../shared/units/time.ts'
import { type MemorySocket, MemoryTransport } from '../../../e2e/gateway/memory-transport.ts'
import { RelayedTransport } from '../../../fixtures/relayed-transport.ts'

/** Keeps what it is told, and answers each message as `answer` says. */
class HeardEvents implements SocketEvents {
  readonly sockets: Socket[] = []
  readonly heard: [number, string | Uint8Array][] = []
  readonly closed: number[] = []
  answer: (socket: Socket, message: string | Uint8Array) => void = () => {}

  onOpen(socket: Socket): void {
    socket.session = this.sockets.push(socket) - 1
  }
  onMessage(socket: Socket, buffer: ArrayBuffer, offset: number, length: number, isBinary: boolean): void {
    const bytes = new Uint8Array(buffer.slice(offset, offset + length))
    const message = isBinary ? bytes : Buffer.from(bytes).toString()
    this.heard.push([socket.session, message])
    this.answer(socket, message)
  }
  onClose(socket: Socket): void {
    this.closed.push(socket.session)
  }
  onHttpGet(path: string) {
    return path === '/health' ? ({ status: 200, body: '{"up":true}' } as const) : undefined
  }
}

const address = { host: '127.0.0.1', port: 7001, path: '/', bufferedBytesMax: 1_000_000 }
let inner: MemoryTransport
let events: HeardEvents
let relayed: RelayedTransport

async function listen(slots = { toCore: 64, toRelay: 64 }): Promise<void> {
  inner = new MemoryTransport()
  events = new HeardEvents()
  relayed = new RelayedTransport(inner, slots)
  const port = relayed.core.listen(address, events)
  relayed.turn()
  await Promise.resolve()
  relayed.turn()
  expect(await port).toBe(7001)
}

function connect(): MemorySocket {
  const socket = inner.connect()
  relayed.turn()
  return socket
}

beforeEach(() => listen())

test('text and bytes go both ways as what they are', () => {
  events.answer = (socket, message) => socket.send(message)
  const socket = connect()
  socket.receive('hello ✓')
  socket.receive(Uint8Array.of(1, 2, 3))
  relayed.turn()
  expect(events.heard).toEqual([
    [0, 'hello ✓'],
    [0, Uint8Array.of(1, 2, 3)],
  ])
  expect(socket.sent).toEqual(['hello ✓', Uint8Array.of(1, 2, 3)])
})

test('sendAll, and what is sent outside of a message', () => {
  const socket = connect()
  expect(events.sockets[0].sendAll(['a', Uint8Array.of(9), 'b'])).toBe(SendResult.sent)
  relayed.turn()
  expect(socket.sent).toEqual(['a', Uint8Array.of(9), 'b'])
})

test('a message that is too long comes as one that is too long', () => {
  const socket = connect()
  socket.receive('x'.repeat(500_000))
  relayed.turn()
  const [[, text]] = events.heard
  expect(text.length).toBe(4_097)
})

test('an answer longer than the ring comes whole', () => {
  const text = 'y'.repeat(300_000)
  events.answer = (socket) => socket.send(text)
  const socket = connect()
  socket.receive('all')
  for (let at = 0; at < 100; at++) relayed.turn()
  expect(socket.sent).toEqual([text])
})

test('a full ring is told as buffered, and as sent again when it has gone', async () => {
  await listen({ toCore: 8, toRelay: 2 })
  connect()
  const [socket] = events.sockets
  const frame = new Uint8Array(192)
  expect([1, 2, 3].map(() => socket.send(frame))).toEqual([SendResult.sent, SendResult.sent, SendResult.buffered])
  expect(socket.bufferedBytes).toBe(192)
  for (let at = 0; at < 3; at++) relayed.turn()
  expect(socket.bufferedBytes).toBe(0)
  expect(socket.send(frame)).toBe(SendResult.sent)
})

test('a client that does not read: the core sees what it leaves', () => {
  const socket = connect()
  socket.isStuck = true
  const [mine] = events.sockets
  mine.send('12345')
  relayed.turn()
  expect(mine.bufferedBytes).toBe(5)
  expect(mine.send('678')).toBe(SendResult.buffered)
  relayed.turn()
  expect(mine.bufferedBytes).toBe(8)
  socket.bufferedBytes = 0
  relayed.turn()
  expect(mine.bufferedBytes).toBe(0)
})

test('a transport that drops what an open client was sent ends it with the code of a slow reader', () => {
  const socket = connect()
  socket.send = () => SendResult.dropped
  events.sockets[0].send('lost')
  relayed.turn()
  expect(socket.closeCode).toBe(4008)
  relayed.turn()
  expect(events.closed).toEqual([0])
})

test('closed by the core: a code, no more sends, one onClose', () => {
  const socket = connect()
  const [mine] = events.sockets
  mine.send('last words')
  mine.close(1008, 'why')
  expect([mine.isOpen, mine.send('more')]).toEqual([false, SendResult.dropped])
  relayed.turn()
  relayed.turn()
  expect([socket.sent, socket.closeCode, events.closed]).toEqual([['last words'], 1008, [0]])
})

test('closed by the client: what came before is heard, what was under way to it harms nobody', () => {
  const socket = connect()
  events.sockets[0].send('too late')
  socket.receive('last')
  socket.close(1000)
  const next = inner.connect()
  relayed.turn()
  relayed.turn()
  expect(events.heard).toEqual([[0, 'last']])
  expect([events.closed, events.sockets.length, next.sent]).toEqual([[0], 2, []])
})

test('more connections than rows are told to try later; a row is used again after a close', () => {
  const sockets = Array.from({ length: 1_088 }, () => connect())
  expect(connect().closeCode).toBe(1013)
  sockets[5].close(1000)
  relayed.turn()
  relayed.turn()
  expect(connect().closeCode).toBe(0)
})

test('a core that takes nothing: a client is closed once too much of it waits, and what had come is whole', () => {
  const socket = inner.connect()
  for (let at = 0; at < 5_000 && socket.isOpen; at++) socket.receive('z'.repeat(4_000))
  expect(socket.closeCode).toBe(1013)
  for (let at = 0; at < 10_000 && events.closed.length === 0; at++) relayed.turn()
  expect(new Set(events.heard.map(([, text]) => text.length))).toEqual(new Set([4_000]))
  expect(events.heard.length).toBeGreaterThan(250)
})

describe('pages', () => {
  test('are asked of the core', async () => {
    const page = relayed.relay.onHttpAsk('/health')
    const none = relayed.relay.onHttpAsk('/other')
    relayed.turn()
    expect(await Promise.all([page, none])).toEqual([{ status: 200, body: '{"up":true}' }, undefined])
  })

  test('a core that does not answer in a second is told as such, its late answer goes to nobody', async () => {
    const page = relayed.relay.onHttpAsk('/health')
    relayed.relay.work((2 * NS_PER_S) as never)
    expect(await page).toMatchObject({ status: 503 })
    const next = relayed.relay.onHttpAsk('/other')
    relayed.turn(2 * NS_PER_S)
    expect(await next).toBeUndefined()
  })

  test('a path without end is no page', async () => {
    expect(await relayed.relay.onHttpAsk(`/${'p'.repeat(5_000)}`)).toBeUndefined()
  })
})

test('an address that cannot be had is told', async () => {
  inner.listen = () => Promise.reject(new Error('taken'))
  const listening = relayed.core.listen(address, events)
  relayed.turn()
  await Promise.resolve()
  await Promise.resolve()
  relayed.turn()
  await expect(listening).rejects.toThrow('taken')
})

test('closing the transport closes the real one', async () => {
  let isClosed = false
  inner.close = async () => {
    isClosed = true
  }
  const closing = relayed.core.close()
  relayed.turn()
  await Promise.resolve()
  await Promise.resolve()
  relayed.turn()
  await closing
  expect(isClosed).toBe(true)
})

test('any traffic of any clients over any rings: whole, once, in order', async () => {
  const step = fc.record({
    client: fc.nat(3),
    what: fc.constantFrom('text', 'bytes', 'answer', 'turn', 'core', 'relay'),
    length: fc.nat(900),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), fc.nat(4), async (steps, power) => {
      await listen({ toCore: 2 ** power, toRelay: 2 ** power })
      const clients = Array.from({ length: 4 }, () => inner.connect())
      while (events.sockets.length < 4) relayed.turn()
      const said: (string | Uint8Array)[][] = [[], [], [], []]
      const answered: (string | Uint8Array)[][] = [[], [], [], []]
      steps.forEach(({ client, what, length }, at) => {
        if (what === 'turn') relayed.turn()
        else if (what === 'core') relayed.core.work()
        else if (what === 'relay') relayed.relay.work(0 as never)
        else {
          const isText = what === 'text' || (what === 'answer' && length % 2 === 0)
          const message = isText ? `${at}`.padEnd(length, 't') : new Uint8Array(length).fill(at)
          if (what === 'answer') {
            events.sockets[client].send(message)
            answered[client].push(message)
          } else {
            clients[client].receive(message)
            said[client].push(message)
          }
        }
      })
      for (let quiet = 0; quiet < 3; ) quiet = relayed.turn() === 0 ? quiet + 1 : 0
      const heard = said.map((_, client) =>
        events.heard.filter(([row]) => row === client).map(([, message]) => message),
      )
      expect(heard).toEqual(said)
      expect(clients.map(({ sent }) => sent)).toEqual(answered)
    }),
    { numRuns: 100 },
  )
})
