/** Emulated venues behind real sockets on this machine: one HTTP and WebSocket port a venue, and the turns that move them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../../../shared/clock.ts'
import type { OpenedEmulator } from './emulator-entry.ts'
import { AnswerFate, failedAnswer } from './emulator-faults.ts'
import type { EmulatorAnswer, EmulatorPeer, EmulatorRequest } from './venue-emulator.ts'

const TURN_MS = 1
const BODY_BYTES_MAX = 65_536
const MESSAGE_BYTES_MAX = 65_536
const SOCKETS_MAX = 256
/** A reader that is this far behind is cut, as venues do. */
const BACKLOG_BYTES_MAX = 8_388_608
/** Venues ping; who has not answered by the next ping is gone. */
const PING_MS = 20_000

export class EmulatorServer {
  readonly #clock: Clock
  readonly #rooms: EmulatorRoom[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Opens a port on 127.0.0.1 for this venue and answers it (0 lets the system choose). */
  async listen(emulator: OpenedEmulator, port: number): Promise<number> {
    this.#timer ??= setInterval(() => this.turn(), TURN_MS)
    const room = new EmulatorRoom(emulator, this.#clock)
    this.#rooms.push(room)
    return room.listen(port)
  }

  turn(): void {
    const nowNs = this.#clock.monoNs()
    for (const room of this.#rooms) room.turn(nowNs)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await Promise.all(this.#rooms.map((room) => room.close()))
    this.#rooms.length = 0
  }
}

class EmulatorRoom {
  readonly #emulator: OpenedEmulator
  readonly #clock: Clock
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MESSAGE_BYTES_MAX })
  readonly #silent = new Set<WebSocket>()
  readonly #pings: NodeJS.Timeout

  constructor(emulator: OpenedEmulator, clock: Clock) {
    this.#emulator = emulator
    this.#clock = clock
    this.#server = createServer((message, response) => this.#receive(message, response))
    this.#server.on('upgrade', (message, stream, head) => this.#upgrade(message, stream, head))
    this.#pings = setInterval(() => this.#ping(), PING_MS)
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : port
  }

  turn(nowNs: number): void {
    this.#emulator.work(nowNs as ReturnType<Clock['monoNs']>)
  }

  async close(): Promise<void> {
    clearInterval(this.#pings)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#server.closeAllConnections()
    await closed
  }

  #receive(message: IncomingMessage, response: ServerResponse): void {
    const pieces: Buffer[] = []
    let bytes = 0
    message.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > BODY_BYTES_MAX) message.destroy()
      else pieces.push(piece)
    })
    message.on('error', () => response.destroy())
    message.on('end', () => {
      if (bytes <= BODY_BYTES_MAX) this.#execute(toRequest(message, Buffer.concat(pieces).toString('utf8')), response)
    })
  }

  /** The request is executed now; what becomes of its answer is the faults' to say. */
  #execute(request: EmulatorRequest, response: ServerResponse): void {
    const { faults } = this.#emulator
    this.turn(this.#clock.monoNs())
    const answer = this.#emulator.request(request)
    const fate = faults.fateOf(request)
    if (fate === AnswerFate.dropped) {
      response.destroy()
      return
    }
    const told = fate === AnswerFate.failed ? failedAnswer : answer
    if (faults.answerDelayMs === 0) write(response, told)
    else setTimeout(() => write(response, told), faults.answerDelayMs)
  }

  #upgrade(message: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy())
    if (this.#sockets.clients.size >= SOCKETS_MAX) {
      stream.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
      return
    }
    this.#sockets.handleUpgrade(message, stream, head, (socket) => this.#converse(message.url ?? '/', socket))
  }

  #converse(target: string, socket: WebSocket): void {
    const { faults } = this.#emulator
    const peer = toPeer(socket)
    this.turn(this.#clock.monoNs())
    const conversation = this.#emulator.connect(target, peer)
    if (conversation === undefined) {
      socket.close(1008, 'no such stream')
      return
    }
    faults.opened(peer)
    socket.on('message', (data, isBinary) => {
      this.turn(this.#clock.monoNs())
      if (!isBinary) conversation.onMessage(data.toString())
    })
    socket.on('pong', () => this.#silent.delete(socket))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      faults.closed(peer)
      this.#silent.delete(socket)
      conversation.onClose()
    })
  }

  #ping(): void {
    for (const socket of this.#silent) socket.terminate()
    this.#silent.clear()
    for (const socket of this.#sockets.clients) {
      this.#silent.add(socket)
      socket.ping()
    }
  }
}

function toPeer(socket: WebSocket): EmulatorPeer {
  const send = (data: string | Uint8Array): void => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > BACKLOG_BYTES_MAX) socket.terminate()
    else socket.send(data)
  }
  return { send, sendBinary: send, close: () => socket.terminate() }
}

function toRequest(message: IncomingMessage, body: string): EmulatorRequest {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers)) headers[name] = String(value)
  return { method: message.method ?? 'GET', target: message.url ?? '/', headers, body }
}

function write(response: ServerResponse, answer: EmulatorAnswer): void {
  response.writeHead(answer.status, answer.headers)
  response.end(answer.body)
}
