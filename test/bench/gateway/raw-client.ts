/**
 * A WebSocket client by hand on a plain TCP socket, masked as RFC 6455 wants it: what a client costs at least, and
 * able to send what no library would. Used by the bench and by the tests of bad clients.
 */
import { once } from 'node:events'
import net from 'node:net'

export const Opcode = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
export type Opcode = (typeof Opcode)[keyof typeof Opcode]

const HANDSHAKE_KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const MASK = [0x37, 0xfa, 0x21, 0x3d]

export class RawClient {
  readonly socket: net.Socket
  /** Called for each data message; the bytes are valid during the call only. */
  onMessage: (opcode: Opcode, payload: Buffer) => void = () => {}
  /** Code of the close frame that came, 0 before. */
  closeCode = 0
  isClosed = false
  #rest: Buffer = Buffer.alloc(0)

  private constructor(socket: net.Socket) {
    this.socket = socket
    socket.on('close', () => {
      this.isClosed = true
    })
    socket.on('error', () => {})
  }

  /** Rejects when the server does not switch protocols. */
  static async connect(port: number, path: string): Promise<RawClient> {
    const socket = net.connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    await once(socket, 'connect')
    const client = new RawClient(socket)
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${HANDSHAKE_KEY}\r\n\r\n`,
    )
    const [head] = (await once(socket, 'data')) as [Buffer]
    const end = head.indexOf('\r\n\r\n')
    if (!head.toString('latin1').startsWith('HTTP/1.1 101') || end < 0) {
      socket.destroy()
      throw new Error('the server did not switch protocols')
    }
    client.#rest = head.subarray(end + 4)
    socket.on('data', (chunk: Buffer) => client.#read(chunk))
    return client
  }

  send(opcode: Opcode, payload: Uint8Array | string): void {
    this.socket.write(maskedFrame(opcode, typeof payload === 'string' ? Buffer.from(payload) : payload))
  }

  /** Sends a JSON message and answers the next text message that comes. */
  ask(message: object): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      this.socket.once('close', () => reject(new Error('closed')))
      this.onMessage = (opcode, payload) => {
        if (opcode === Opcode.text) resolve(JSON.parse(payload.toString()) as Record<string, unknown>)
      }
      this.send(Opcode.text, JSON.stringify(message))
    })
  }

  close(): void {
    this.socket.destroy()
  }

  #read(chunk: Buffer): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (let frame = readFrame(data); frame !== undefined; frame = readFrame(data)) {
      data = data.subarray(frame.bytes)
      const { opcode, payload } = frame
      if (opcode === Opcode.ping) this.send(Opcode.pong, payload)
      else if (opcode === Opcode.close) this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
      else this.onMessage(opcode, payload)
    }
    this.#rest = data
  }
}

/** One unfragmented server frame at the front of `data`, or undefined when it is not all there yet. */
function readFrame(data: Buffer): { opcode: Opcode; payload: Buffer; bytes: number } | undefined {
  if (data.length < 2) return undefined
  let length = data[1] & 0x7f
  const head = length < 126 ? 2 : length === 126 ? 4 : 10
  if (data.length < head) return undefined
  if (head === 4) length = data.readUInt16BE(2)
  else if (head === 10) length = data.readUInt32BE(2) * 2 ** 32 + data.readUInt32BE(6)
  if (data.length < head + length) return undefined
  return { opcode: (data[0] & 0x0f) as Opcode, payload: data.subarray(head, head + length), bytes: head + length }
}

export function maskedFrame(opcode: Opcode, payload: Uint8Array): Buffer {
  const head = payload.length < 126 ? 6 : payload.length < 65_536 ? 8 : 14
  const frame = Buffer.allocUnsafe(head + payload.length)
  frame[0] = 0x80 | opcode
  if (head === 6) frame[1] = 0x80 | payload.length
  else if (head === 8) {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(payload.length, 2)
  } else {
    frame[1] = 0x80 | 127
    frame.writeUInt32BE(0, 2)
    frame.writeUInt32BE(payload.length, 6)
  }
  frame.set(MASK, head - 4)
  for (let i = 0; i < payload.length; i++) frame[head + i] = payload[i] ^ MASK[i & 3]
  return frame
}
