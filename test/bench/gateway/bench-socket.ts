/** A client that reads at once: what it is sent is copied, as a socket does, and counted. Nothing is kept. */
import type { GatewayServer } from '../../../hotpath/gateway/gateway-server.ts'
import {
  SendResult,
  type Socket,
  type SocketAddress,
  type SocketTransport,
} from '../../../hotpath/gateway/socket-transport.ts'
import { assert } from '../../../shared/assert.ts'
import type { Clock } from '../../../shared/clock.ts'
import { signedLogon } from '../../e2e/gateway/small-market.ts'

export class BenchSocket implements Socket {
  session = -1
  readonly isOpen = true
  readonly bufferedBytes = 0
  /** Messages so far, and the last of them. */
  count = 0
  readonly lastBytes = new Uint8Array(4_096)
  readonly #encoder = new TextEncoder()
  #textBytes = 0
  #nonce = 0

  send(message: string | Uint8Array): SendResult {
    this.count++
    if (typeof message !== 'string') this.lastBytes.set(message)
    else this.#textBytes = this.#encoder.encodeInto(message, this.lastBytes).written
    return SendResult.sent
  }

  sendAll(messages: readonly (string | Uint8Array)[]): SendResult {
    for (const message of messages) this.send(message)
    return SendResult.sent
  }

  lastText(): string {
    return Buffer.from(this.lastBytes.buffer, 0, this.#textBytes).toString()
  }

  close(): void {
    throw new Error('the gateway sent the client of the bench away')
  }

  /** Opens a session and logs on to the first account. */
  logOn(gateway: GatewayServer, clock: Clock, reports: 'json' | 'binary'): this {
    gateway.onOpen(this)
    const nowMs = Math.floor(clock.epochUs() / 1_000)
    const text = JSON.stringify({ ...signedLogon('main', nowMs, ++this.#nonce), reports })
    const bytes = new TextEncoder().encode(text)
    gateway.onMessage(this, bytes.buffer, bytes.byteOffset, bytes.length, false)
    assert(this.lastText().includes('"type":"logon"'), 'the gateway lets us in')
    return this
  }
}

/** Listens nowhere. */
export class BenchTransport implements SocketTransport {
  readonly name = 'ws'
  async listen(address: SocketAddress): Promise<number> {
    return address.port
  }
  async close(): Promise<void> {}
}
