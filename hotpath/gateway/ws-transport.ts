/** The portable fallback: `ws` behind the same door. An eighth of the throughput, the same behaviour. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import {
  type HttpAnswer,
  IDLE_SECONDS_MAX,
  SendResult,
  type Socket,
  type SocketAddress,
  type SocketEvents,
  type SocketTransport,
  TRANSPORT_MESSAGE_BYTES_MAX,
} from './socket-transport.ts'

/** A peer that does not read cannot answer a close frame; its buffers are freed after this. */
const CLOSE_GRACE_MS = 2_000

class WsSocket implements Socket {
  session = -1
  /** Heard since the last ping. */
  isAlive = true
  readonly ws: WebSocket
  readonly #stream: Duplex

  constructor(ws: WebSocket, stream: Duplex) {
    this.ws = ws
    this.#stream = stream
  }

  get isOpen(): boolean {
    return this.ws.readyState === this.ws.OPEN
  }

  get bufferedBytes(): number {
    return this.ws.bufferedAmount
  }

  send(message: string | Uint8Array): SendResult {
    if (!this.isOpen) return SendResult.dropped
    // The stream keeps what it is given until the kernel takes it, and the caller reuses its buffer.
    this.ws.send(typeof message === 'string' ? message : Buffer.from(message))
    return this.ws.bufferedAmount === 0 ? SendResult.sent : SendResult.buffered
  }

  sendAll(messages: readonly (string | Uint8Array)[]): SendResult {
    let result: SendResult = SendResult.sent
    this.#stream.cork()
    for (const message of messages) {
      result = this.send(message)
      if (result === SendResult.dropped) break
    }
    this.#stream.uncork()
    return result
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason)
    setTimeout(() => this.ws.terminate(), CLOSE_GRACE_MS).unref()
  }
}

export class WsTransport implements SocketTransport {
  readonly name = 'ws'
  readonly #sockets = new Set<WsSocket>()
  #server: Server | undefined
  #pings: NodeJS.Timeout | undefined

  async listen(address: SocketAddress, events: SocketEvents): Promise<number> {
    const server = createServer((request, response) => answerGet(request, response, events))
    const upgrades = new WebSocketServer({
      noServer: true,
      path: address.path,
      maxPayload: TRANSPORT_MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
    })
    server.on('upgrade', (request, stream, head) => {
      if (!upgrades.shouldHandle(request)) {
        stream.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
        return
      }
      upgrades.handleUpgrade(request, stream, head, (ws) => this.#accept(ws, stream, events))
    })
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', () => {
        reject(new Error(`cannot listen on ${address.host}:${address.port}: taken, or not an address of ours`))
      })
      server.listen(address.port, address.host, resolve)
    })
    this.#pings = setInterval(() => this.#pingAll(), (IDLE_SECONDS_MAX / 2) * 1_000)
    this.#pings.unref()
    return (server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    clearInterval(this.#pings)
    for (const socket of this.#sockets) socket.ws.terminate()
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  #accept(ws: WebSocket, stream: Duplex, events: SocketEvents): void {
    const socket = new WsSocket(ws, stream)
    this.#sockets.add(socket)
    ws.on('message', (data: RawData, isBinary: boolean) => {
      // One buffer: binaryType is left at its default, 'nodebuffer'.
      const bytes = data as Buffer<ArrayBuffer>
      socket.isAlive = true
      if (socket.isOpen) events.onMessage(socket, bytes.buffer, bytes.byteOffset, bytes.length, isBinary)
    })
    ws.on('pong', () => {
      socket.isAlive = true
    })
    ws.on('close', () => {
      this.#sockets.delete(socket)
      events.onClose(socket)
    })
    // A protocol error closes the connection by itself; without a listener it would end the process.
    ws.on('error', () => {})
    events.onOpen(socket)
  }

  #pingAll(): void {
    for (const socket of this.#sockets) {
      if (!socket.isAlive) {
        socket.ws.terminate()
        continue
      }
      socket.isAlive = false
      socket.ws.ping()
    }
  }
}

function answerGet(request: IncomingMessage, response: ServerResponse, events: SocketEvents): void {
  const path = (request.url ?? '').split('?')[0]
  if (request.method !== 'GET') writeAnswer(response, undefined)
  else if (events.onHttpAsk === undefined) writeAnswer(response, events.onHttpGet(path))
  else void events.onHttpAsk(path).then((answer) => writeAnswer(response, answer))
}

function writeAnswer(response: ServerResponse, answer: HttpAnswer | undefined): void {
  if (answer === undefined) {
    response.writeHead(404).end()
    return
  }
  const contentType = answer.contentType ?? 'application/json'
  response.writeHead(answer.status, { 'content-type': contentType, 'cache-control': 'no-store' })
  response.end(answer.body)
}
