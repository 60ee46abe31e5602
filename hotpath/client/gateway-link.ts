/**
 * The connection of a client: one WebSocket, logged on, kept alive, and made again with growing, jittered pauses when
 * it is lost. Uses what Node and browsers both have: WebSocket and WebCrypto.
 */
import { ConnectionLost, OrderDenied } from './client-error.ts'
import type { LogonAnswer } from './order-types.ts'

export interface LinkOptions {
  readonly url: string
  readonly apiKey: string
  readonly secret: string
  /** The router cancels what this connection sent when the connection ends. */
  readonly cancelOnDisconnect: boolean
  readonly reports: 'json' | 'binary'
  /** For one attempt; and for the first connect over all its attempts. */
  readonly connectTimeoutMs: number
  readonly reconnectDelayMsMin: number
  readonly reconnectDelayMsMax: number
}

export interface LinkEvents {
  /** Logged on again after it was lost. */
  onBack(): void
  onText(text: string): void
  onBytes(bytes: ArrayBuffer): void
  /** Lost; it will come up again unless `onGone` follows. */
  onDown(): void
  /** It will not come up again. */
  onGone(error: Error): void
}

/** Refusals of a logon that pass by themselves. */
const passing: ReadonlySet<string> = new Set(['notReady', 'nonceReused', 'tooManySessions', 'rateLimited'])
/** On a reconnect also these: a clock that is being set, a router that is being restarted. */
const passingLater: ReadonlySet<string> = new Set([...passing, 'timestampOutsideWindow', 'shuttingDown'])

let lastNonce = 0

export class GatewayLink {
  readonly #options: LinkOptions
  readonly #events: LinkEvents
  #socket: WebSocket | undefined
  #isClosed = false
  #heard = false
  #heartbeat: ReturnType<typeof setInterval> | undefined
  /** Ends the pause before the next attempt. */
  #wake: () => void = () => {}

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options
    this.#events = events
  }

  get isUp(): boolean {
    return this.#heartbeat !== undefined
  }

  /** Rejects when there is no router or it refuses for good; waits for one that is not ready yet. */
  async connect(): Promise<LogonAnswer> {
    const endMs = Date.now() + this.#options.connectTimeoutMs
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await this.#attempt()
        this.#up(answer)
        return answer
      } catch (error) {
        const waits = error instanceof OrderDenied && passing.has(error.reason) && Date.now() < endMs
        if (!waits) throw error
      }
      await this.#pause(attempt)
      if (this.#isClosed) throw new ConnectionLost('the client was closed')
    }
  }

  send(message: string | Uint8Array<ArrayBuffer>): void {
    if (!this.isUp || this.#socket === undefined) throw new ConnectionLost('not connected to the router')
    this.#socket.send(message)
  }

  close(): void {
    this.#isClosed = true
    this.#down()
    this.#socket?.close(1000)
    this.#wake()
  }

  #up(answer: LogonAnswer): void {
    this.#heard = true
    this.#heartbeat = setInterval(() => this.#beat(), answer.heartbeatMs)
  }

  /** Silence over two beats is a dead connection: every ping is answered. */
  #beat(): void {
    if (!this.#heard) {
      this.#lost(this.#socket)
      return
    }
    this.#heard = false
    this.#socket?.send('{"op":"ping"}')
  }

  #down(): boolean {
    const wasUp = this.isUp
    clearInterval(this.#heartbeat)
    this.#heartbeat = undefined
    return wasUp
  }

  #lost(socket: WebSocket | undefined): void {
    if (socket !== this.#socket || socket === undefined) return
    this.#socket = undefined
    const wasUp = this.#down()
    socket.close()
    if (!wasUp || this.#isClosed) return
    this.#events.onDown()
    void this.#reconnect()
  }

  async #reconnect(): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt++) {
      await this.#pause(attempt)
      if (this.#isClosed) return
      try {
        this.#up(await this.#attempt())
      } catch (error) {
        if (!(error instanceof OrderDenied) || passingLater.has(error.reason)) continue
        this.#isClosed = true
        this.#events.onGone(error)
        return
      }
      this.#events.onBack()
      return
    }
  }

  /** Between half and all of a pause that doubles: clients that were lost together do not come back together. */
  #pause(attempt: number): Promise<void> {
    const { reconnectDelayMsMin, reconnectDelayMsMax } = this.#options
    const longest = Math.min(reconnectDelayMsMax, reconnectDelayMsMin * 2 ** Math.min(attempt, 20))
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longest * (0.5 + Math.random() / 2))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** One socket, one logon. */
  async #attempt(): Promise<LogonAnswer> {
    const socket = new WebSocket(this.#options.url)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    try {
      await this.#opened(socket)
      const logon = await this.#logonText()
      return await this.#loggedOn(socket, logon)
    } catch (error) {
      if (this.#socket === socket) this.#socket = undefined
      socket.close()
      throw error
    }
  }

  #opened(socket: WebSocket): Promise<void> {
    return this.#inTime((resolve, reject) => {
      socket.addEventListener('open', () => resolve())
      socket.addEventListener('error', () => reject(new ConnectionLost(`no router answers at ${this.#options.url}`)))
      socket.addEventListener('close', () => {
        reject(new ConnectionLost('the router closed the connection'))
        this.#lost(socket)
      })
    })
  }

  #loggedOn(socket: WebSocket, logon: string): Promise<LogonAnswer> {
    return this.#inTime((resolve, reject) => {
      let isLoggedOn = false
      socket.addEventListener('close', () => reject(new ConnectionLost('the router closed the connection')))
      socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
        this.#heard = true
        if (isLoggedOn) {
          this.#pass(data)
          return
        }
        const answer = JSON.parse(String(data)) as LogonAnswer & { type: string; reason: string; text: string }
        isLoggedOn = answer.type === 'logon'
        if (isLoggedOn) resolve(answer)
        else if (answer.type === 'denied') reject(new OrderDenied(answer))
      })
      socket.send(logon)
    })
  }

  #pass(data: unknown): void {
    if (typeof data === 'string') this.#events.onText(data)
    else if (data instanceof ArrayBuffer) this.#events.onBytes(data)
  }

  #inTime<T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = new ConnectionLost('the router did not answer in time')
      const timer = setTimeout(() => reject(late), this.#options.connectTimeoutMs)
      start(
        (value) => {
          clearTimeout(timer)
          resolve(value)
        },
        (error) => {
          clearTimeout(timer)
          reject(error)
        },
      )
    })
  }

  async #logonText(): Promise<string> {
    const { apiKey, secret, cancelOnDisconnect, reports } = this.#options
    const timestamp = Date.now()
    // Microseconds with three random digits: rising here, and rarely the same in two processes with one key.
    lastNonce = Math.max(lastNonce + 1, timestamp * 1_000 + Math.floor(Math.random() * 1_000))
    const nonce = lastNonce
    const signature = await signHex(secret, `logon\n${apiKey}\n${timestamp}\n${nonce}`)
    return JSON.stringify({ op: 'logon', apiKey, timestamp, nonce, signature, cancelOnDisconnect, reports })
  }
}

/** HMAC-SHA256. */
async function signHex(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign'])
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)))
  return Array.from(signature, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
