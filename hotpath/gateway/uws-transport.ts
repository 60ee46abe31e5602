/** uWebSockets.js behind the socket transport. Runs on the main thread of its process: a worker aborts at exit. */
import type { HttpResponse, TemplatedApp, us_listen_socket, WebSocket } from 'uWebSockets.js'
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
import type { Uws, UwsName } from './uws-binary.ts'

/**
 * What hangs on a connection. uWebSockets.js hands every callback the same object for one connection, and that object is
 * its user data too: reading from it directly saves a native call a message.
 */
interface Attached {
  socket?: UwsSocket
}
type Connection = WebSocket<Attached> & Attached

/** The form of listen that its types leave out. */
interface ExclusiveListen {
  listen(host: string, port: number, options: number, done: (token: us_listen_socket | false) => void): void
}

class UwsSocket implements Socket {
  session = -1
  #ws: WebSocket<Attached> | undefined
  /** Read by the one bound callback, so that a cork needs no closure. */
  #batch: readonly (string | Uint8Array)[] = []
  #result: SendResult = SendResult.sent
  readonly #sendBatch = (): void => {
    for (const message of this.#batch) {
      this.#result = this.send(message)
      if (this.#result === SendResult.dropped) return
    }
  }

  constructor(ws: WebSocket<Attached>) {
    this.#ws = ws
  }

  get isOpen(): boolean {
    return this.#ws !== undefined
  }

  get bufferedBytes(): number {
    return this.#ws?.getBufferedAmount() ?? 0
  }

  send(message: string | Uint8Array): SendResult {
    if (this.#ws === undefined) return SendResult.dropped
    const status = this.#ws.send(message, typeof message !== 'string')
    if (status === 1) return SendResult.sent
    return status === 0 ? SendResult.buffered : SendResult.dropped
  }

  sendAll(messages: readonly (string | Uint8Array)[]): SendResult {
    if (this.#ws === undefined) return SendResult.dropped
    this.#batch = messages
    this.#result = SendResult.sent
    this.#ws.cork(this.#sendBatch)
    this.#batch = []
    return this.#result
  }

  close(code: number, reason: string): void {
    this.#ws?.end(code, reason)
  }

  /** Using a closed uWebSockets.js socket throws. */
  forget(): void {
    this.#ws = undefined
  }
}

export class UwsTransport implements SocketTransport {
  readonly name: UwsName
  readonly #uws: Uws
  #app: TemplatedApp | undefined

  constructor(uws: Uws, name: UwsName) {
    this.#uws = uws
    this.name = name
  }

  async listen(address: SocketAddress, events: SocketEvents): Promise<number> {
    const app = this.#uws.App()
    this.#app = app
    this.#serveSockets(app, address, events)
    app.get('/*', (response, request) => answerGet(response, request.getUrl(), events))
    app.any('/*', (response) => {
      response.writeStatus('404 Not Found').end()
    })
    const token = await this.#bind(app, address.host, address.port)
    return this.#uws.us_socket_local_port(token)
  }

  async close(): Promise<void> {
    this.#app?.close()
    this.#app = undefined
  }

  /** Exclusive: without it two processes may share a port and each gets some of the connections. */
  #bind(app: TemplatedApp, host: string, port: number): Promise<us_listen_socket> {
    const exclusive = app as unknown as ExclusiveListen
    return new Promise((resolve, reject) => {
      exclusive.listen(host, port, this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (token) => {
        if (token === false) reject(new Error(`cannot listen on ${host}:${port}: taken, or not an address of ours`))
        else resolve(token)
      })
    })
  }

  #serveSockets(app: TemplatedApp, address: SocketAddress, events: SocketEvents): void {
    app.ws<Attached>(address.path, {
      maxPayloadLength: TRANSPORT_MESSAGE_BYTES_MAX,
      // Above the gateway's own limit, so that its close frame is not what gets dropped.
      maxBackpressure: address.bufferedBytesMax * 2,
      idleTimeout: IDLE_SECONDS_MAX,
      sendPingsAutomatically: true,
      upgrade: (response, request, context) => {
        response.upgrade<Attached>(
          {},
          request.getHeader('sec-websocket-key'),
          request.getHeader('sec-websocket-protocol'),
          request.getHeader('sec-websocket-extensions'),
          context,
        )
      },
      open: (ws: Connection) => {
        const socket = new UwsSocket(ws)
        ws.socket = socket
        events.onOpen(socket)
      },
      message: (ws: Connection, message, isBinary) => {
        const { socket } = ws
        if (socket !== undefined) events.onMessage(socket, message, 0, message.byteLength, isBinary)
      },
      close: (ws: Connection) => {
        const { socket } = ws
        if (socket === undefined) return
        socket.forget()
        events.onClose(socket)
      },
    })
  }
}

function answerGet(response: HttpResponse, path: string, events: SocketEvents): void {
  if (events.onHttpAsk === undefined) {
    writeAnswer(response, events.onHttpGet(path))
    return
  }
  let isAborted = false
  response.onAborted(() => {
    isAborted = true
  })
  void events.onHttpAsk(path).then((answer) => {
    if (!isAborted) response.cork(() => writeAnswer(response, answer))
  })
}

function writeAnswer(response: HttpResponse, answer: HttpAnswer | undefined): void {
  if (answer === undefined) {
    response.writeStatus('404 Not Found').end()
    return
  }
  response.writeStatus(answer.status === 200 ? '200 OK' : '503 Service Unavailable')
  response.writeHeader('content-type', answer.contentType ?? 'application/json')
  response.writeHeader('cache-control', 'no-store').end(answer.body)
}
