/** A transport with no network: messages go in by call and come out into arrays. */
import type {
  HttpAnswer,
  Socket,
  SocketAddress,
  SocketEvents,
  SocketTransport,
} from '../../../hotpath/gateway/socket-transport.ts'
import { SendResult } from '../../../hotpath/gateway/socket-transport.ts'

export class MemorySocket implements Socket {
  session = -1
  isOpen = true
  /** Nobody reads: what is sent stays buffered. */
  isStuck = false
  bufferedBytes = 0
  closeCode = 0
  readonly sent: (string | Uint8Array)[] = []
  readonly #events: SocketEvents

  constructor(events: SocketEvents) {
    this.#events = events
    events.onOpen(this)
  }

  send(message: string | Uint8Array): SendResult {
    if (!this.isOpen) return SendResult.dropped
    this.sent.push(typeof message === 'string' ? message : message.slice())
    if (!this.isStuck) return SendResult.sent
    this.bufferedBytes += message.length
    return SendResult.buffered
  }

  sendAll(messages: readonly (string | Uint8Array)[]): SendResult {
    let result: SendResult = SendResult.sent
    for (const message of messages) result = this.send(message)
    return result
  }

  close(code: number): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.closeCode = code
    this.#events.onClose(this)
  }

  /** The client's end: text or bytes in. */
  receive(message: string | Uint8Array): void {
    const bytes = typeof message === 'string' ? new TextEncoder().encode(message) : message
    // Off by three, as messages from a pooled buffer are.
    const buffer = new ArrayBuffer(bytes.length + 3)
    new Uint8Array(buffer, 3).set(bytes)
    this.#events.onMessage(this, buffer, 3, bytes.length, typeof message !== 'string')
  }

  /** What came back since the last look, JSON parsed. */
  take(): Record<string, unknown>[] {
    return this.sent.splice(0).map((message) => JSON.parse(message as string))
  }

  ask(message: unknown): Record<string, unknown>[] {
    this.receive(JSON.stringify(message))
    return this.take()
  }
}

export class MemoryTransport implements SocketTransport {
  readonly name = 'ws'
  #events: SocketEvents | undefined

  async listen(address: SocketAddress, events: SocketEvents): Promise<number> {
    this.#events = events
    return address.port
  }

  async close(): Promise<void> {}

  connect(): MemorySocket {
    return new MemorySocket(this.#events!)
  }

  get(path: string): HttpAnswer | undefined {
    return this.#events!.onHttpGet(path)
  }
}
