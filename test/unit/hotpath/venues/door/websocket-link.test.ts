/** One socket: opens, speaks, is bounded, and always ends with one close. */
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { WebsocketLink } from '../../../../../hotpath/venues/door/websocket-link.ts'

let server: WebSocketServer
let url = ''

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('connection', (peer) => {
    peer.on('message', (data, isBinary) => {
      const text = data.toString()
      if (text === 'leave') peer.close()
      else if (text === 'long') peer.send('x'.repeat(5_000))
      else if (text === 'binary') peer.send(Buffer.from([1, 2, 3]))
      else peer.send(data, { binary: isBinary })
    })
  })
  await new Promise<void>((resolve) => server.on('listening', resolve))
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

/** Says `words` once open; answers everything that happened until the close. */
function talk(address: string, words: readonly string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const events: string[] = []
    const socket = new WebsocketLink({ messageBytesMax: 1_000 }).open(
      address,
      {},
      {
        onOpen: () => {
          events.push('open')
          for (const word of words) socket.send(word)
        },
        onMessage: (bytes, isText) => {
          events.push(isText ? `text ${Buffer.from(bytes)}` : `binary ${[...bytes]}`)
        },
        onClose: (reason) => {
          events.push('close')
          expect(socket.send('late')).toBe(false)
          socket.close()
          setTimeout(() => resolve([...events, reason]), 20)
        },
      },
    )
    expect(socket.send('too early')).toBe(false)
  })
}

test('text stays text, binary is handed on as it came', async () => {
  expect(await talk(url, ['hello', 'binary', 'leave'])).toEqual([
    'open',
    'text hello',
    'binary 1,2,3',
    'close',
    'closed 1005',
  ])
})

test('a message that is too long ends it', async () => {
  expect(await talk(url, ['long'])).toEqual(['open', 'close', 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'])
})

test('nobody there, no address: one close, no quote of the address', async () => {
  expect(await talk('ws://127.0.0.1:1/?token=secret', [])).toEqual(['close', 'ECONNREFUSED'])
  expect(await talk('http-ish nonsense', [])).toEqual(['close', 'not an address'])
})
