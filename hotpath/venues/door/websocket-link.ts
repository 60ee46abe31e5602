/**
 * The machine's way to a venue's sockets, by `ws`: bounded messages, binary handed on as it came (what a venue packs its
 * feed unpacks), a close in every case. Control pings are answered below us.
 */
import { WebSocket } from 'ws'
import type { SocketDoor, SocketEvents, VenueSocket } from './venue-doors.ts'

const MESSAGE_BYTES_MAX = 32 * 1_048_576
const HANDSHAKE_MS = 10_000
/** What may wait in the socket before more is refused. */
const UNSENT_BYTES_MAX = 1_048_576
/** A peer that does not close its half is cut. */
const CLOSE_MS = 2_000

export interface WebsocketLinkOptions {
  /** Only where a venue asks for it: inflating costs more than it saves on a good line. */
  readonly perMessageDeflate?: boolean
  readonly messageBytesMax?: number
}

export class WebsocketLink implements SocketDoor {
  readonly #options: WebsocketLinkOptions

  constructor(options: WebsocketLinkOptions = {}) {
    this.#options = options
  }

  open(url: string, headers: Readonly<Record<string, string>>, events: SocketEvents): VenueSocket {
    let socket: WebSocket
    try {
      socket = new WebSocket(url, {
        headers,
        perMessageDeflate: this.#options.perMessageDeflate ?? false,
        maxPayload: this.#options.messageBytesMax ?? MESSAGE_BYTES_MAX,
        handshakeTimeout: HANDSHAKE_MS,
        followRedirects: false,
      })
    } catch {
      queueMicrotask(() => events.onClose('not an address'))
      return { send: () => false, close: () => undefined }
    }
    socket.binaryType = 'nodebuffer'
    let isClosed = false
    const closed = (why: string): void => {
      if (isClosed) return
      isClosed = true
      events.onClose(why)
    }
    let problem = ''
    socket.on('open', () => events.onOpen())
    socket.on('message', (data, isBinary) => {
      if (!isClosed && Buffer.isBuffer(data)) events.onMessage(data, !isBinary)
    })
    // A close always follows. The code alone: a message may quote an address with its ticket.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      problem = error.code ?? 'the connection failed'
    })
    socket.on('close', (code) => closed(problem === '' ? `closed ${code}` : problem))
    return {
      send: (text) => {
        if (isClosed || socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > UNSENT_BYTES_MAX) return false
        socket.send(text)
        return true
      },
      close: () => {
        if (socket.readyState === WebSocket.CLOSED) return
        if (socket.readyState === WebSocket.CONNECTING) {
          socket.terminate()
          return
        }
        socket.close()
        const cut = setTimeout(() => socket.terminate(), CLOSE_MS)
        cut.unref()
        socket.once('close', () => clearTimeout(cut))
      },
    }
  }
}
