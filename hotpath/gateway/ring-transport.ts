/**
 * The socket transport of a gateway that has no sockets on its thread: everything goes over two rings to the relay on the
 * main thread, where uWebSockets.js must be. A send is done when it lies in the ring; what finds no room waits here and
 * counts as buffered, like what the other side has not got rid of. On the binary lane nothing is allocated.
 */
import type { Duty } from '../../shared/duty.ts'
import { GATEWAY_MESSAGE_BYTES_MAX } from '../../shared/limits.ts'
import type { Doorbell } from '../memory/doorbell.ts'
import { MessageReader, MessageWriter } from '../memory/message-ring.ts'
import { closeMessage, encoder, RELAY_ROWS, RelayKind, textOf } from './relay-message.ts'
import {
  SendResult,
  type Socket,
  type SocketAddress,
  type SocketEvents,
  type SocketTransport,
  type TransportName,
} from './socket-transport.ts'

/** Messages handed on in one turn; the others wait for the next. */
const TURN_MESSAGES_MAX = 256

export interface RelayMemory {
  /** Rings of slots, formatted. */
  readonly toCore: Uint8Array
  readonly toRelay: Uint8Array
  /** By row: bytes that the real socket has not got rid of. Written by the relay. */
  readonly buffered: Float64Array
}

export class RingTransport implements SocketTransport, Duty {
  readonly name: TransportName
  readonly #reader: MessageReader
  readonly #writer: MessageWriter
  readonly #buffered: Float64Array
  readonly #bell: Doorbell
  readonly #sockets: (RingSocket | undefined)[] = new Array<RingSocket | undefined>(RELAY_ROWS).fill(undefined)
  #events: SocketEvents | undefined
  #listening: PromiseWithResolvers<number> | undefined
  #shut: PromiseWithResolvers<void> | undefined

  /** `name` of the real one; `bell` wakes the relay's thread. */
  constructor(memory: RelayMemory, name: TransportName, bell: Doorbell) {
    this.name = name
    this.#reader = new MessageReader(memory.toCore, GATEWAY_MESSAGE_BYTES_MAX * 2, GATEWAY_MESSAGE_BYTES_MAX * 2)
    this.#writer = new MessageWriter(memory.toRelay, RELAY_ROWS)
    this.#buffered = memory.buffered
    this.#bell = bell
  }

  /** Resolves while `work` is called. */
  listen(address: SocketAddress, events: SocketEvents): Promise<number> {
    this.#events = events
    this.#listening = Promise.withResolvers<number>()
    this.say(RelayKind.listen, 0, encoder.encode(JSON.stringify(address)))
    return this.#listening.promise
  }

  close(): Promise<void> {
    this.#shut ??= Promise.withResolvers<void>()
    this.say(RelayKind.shut, 0)
    return this.#shut.promise
  }

  /** Hands on what has come and sends what waited; answers how much that was. */
  work(): number {
    let done = this.#writer.flush()
    const reader = this.#reader
    for (let count = 0; count < TURN_MESSAGES_MAX && reader.next(); count++) {
      this.#handle(reader)
      done++
    }
    if (reader.release()) done++
    if (done > 0) this.#bell.ring()
    return done
  }

  /** True: it is in the ring. The bell is rung at once: outside of `work` nobody else does it. */
  say(kind: number, row: number, bytes?: Uint8Array): boolean {
    const isGone = this.#writer.send(kind, row, bytes)
    this.#bell.ring()
    return isGone
  }

  bufferedBytes(row: number): number {
    return this.#writer.waitingBytes(row) + this.#buffered[row]
  }

  #handle(reader: MessageReader): void {
    const { kind, channel, bytes, length } = reader
    const events = this.#events
    const socket = this.#sockets[channel]
    switch (kind) {
      case RelayKind.binary:
      case RelayKind.text:
        if (socket?.isOpen === true) events!.onMessage(socket, bytes.buffer, 0, length, kind === RelayKind.binary)
        return
      case RelayKind.open:
        events!.onOpen(this.#open(channel))
        return
      case RelayKind.closed:
        this.#closed(channel, socket)
        return
      case RelayKind.get:
        this.#answer(channel, textOf(bytes, 0, length))
        return
      case RelayKind.listening:
        this.#listening?.resolve(Number(textOf(bytes, 0, length)))
        return
      case RelayKind.refused:
        this.#listening?.reject(new Error(textOf(bytes, 0, length)))
        return
      default:
        this.#shut?.resolve()
    }
  }

  #open(row: number): RingSocket {
    const socket = new RingSocket(this, row)
    this.#sockets[row] = socket
    return socket
  }

  #closed(row: number, socket: RingSocket | undefined): void {
    this.#sockets[row] = undefined
    if (socket !== undefined) {
      socket.isOpen = false
      this.#events!.onClose(socket)
    }
    this.say(RelayKind.forgotten, row)
  }

  #answer(question: number, path: string): void {
    const page = this.#events!.onHttpGet(path)
    this.say(RelayKind.page, question, encoder.encode(JSON.stringify(page ?? null)))
  }
}

class RingSocket implements Socket {
  session = -1
  isOpen = true
  readonly sendsAnyTime = true
  readonly #transport: RingTransport
  readonly #row: number

  constructor(transport: RingTransport, row: number) {
    this.#transport = transport
    this.#row = row
  }

  get bufferedBytes(): number {
    return this.#transport.bufferedBytes(this.#row)
  }

  send(message: string | Uint8Array): SendResult {
    if (!this.isOpen) return SendResult.dropped
    const isText = typeof message === 'string'
    const bytes = isText ? encoder.encode(message) : message
    const isGone = this.#transport.say(isText ? RelayKind.text : RelayKind.binary, this.#row, bytes)
    return isGone && this.bufferedBytes === 0 ? SendResult.sent : SendResult.buffered
  }

  sendAll(messages: readonly (string | Uint8Array)[]): SendResult {
    let result: SendResult = SendResult.sent
    for (let at = 0; at < messages.length && result !== SendResult.dropped; at++) result = this.send(messages[at])
    return result
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.#transport.say(RelayKind.close, this.#row, closeMessage(code, reason))
  }
}
