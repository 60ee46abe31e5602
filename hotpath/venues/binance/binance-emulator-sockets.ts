/** Conversations on Binance's sockets: market streams (raw and combined), user data by listen key, and the WebSocket API. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatorConversation, EmulatorPeer } from '../emulator/venue-emulator.ts'
import type { BinanceAccounts, UserListener } from './binance-emulator-accounts.ts'
import { type BinanceRefusal, isRefusal } from './binance-emulator-refusal.ts'
import type { BinanceStreams, StreamListener } from './binance-emulator-streams.ts'

const STREAMS_MAX = 1_024

/** What was said, or undefined for anything that is not an object. */
function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** /ws, /ws/STREAM and /stream?streams=A/B. */
export class StreamConversation implements EmulatorConversation, StreamListener {
  readonly #peer: EmulatorPeer
  readonly #streams: BinanceStreams
  readonly #accounts: BinanceAccounts
  readonly #isCombined: boolean
  readonly #followed = new Set<string>()
  readonly #users = new Map<string, UserListener>()

  constructor(peer: EmulatorPeer, doors: { streams: BinanceStreams; accounts: BinanceAccounts }, isCombined: boolean) {
    this.#peer = peer
    this.#streams = doors.streams
    this.#accounts = doors.accounts
    this.#isCombined = isCombined
  }

  follow(stream: string): void {
    if (this.#followed.has(stream) || this.#followed.size >= STREAMS_MAX) return
    this.#followed.add(stream)
    const account = this.#accounts.holderOf(stream)
    if (account === undefined) {
      this.#streams.follow(stream, this)
      return
    }
    const user = { account, hearEvent: (event: string) => this.hear(stream, event) }
    this.#users.set(stream, user)
    this.#accounts.listen(user)
  }

  hear(stream: string, payload: string): void {
    this.#peer.send(this.#isCombined ? `{"stream":${JSON.stringify(stream)},"data":${payload}}` : payload)
  }

  onMessage(text: string): void {
    const asked = readJson(text)
    const params = Array.isArray(asked?.['params']) ? asked['params'].map(String) : []
    const id = asked?.['id'] ?? null
    switch (asked?.['method']) {
      case 'SUBSCRIBE':
        this.#peer.send(JSON.stringify({ result: null, id }))
        for (const stream of params) this.follow(stream)
        break
      case 'UNSUBSCRIBE':
        for (const stream of params) this.#leave(stream)
        this.#peer.send(JSON.stringify({ result: null, id }))
        break
      case 'LIST_SUBSCRIPTIONS':
        this.#peer.send(JSON.stringify({ result: [...this.#followed], id }))
        break
      default:
        this.#peer.send(JSON.stringify({ error: { code: 2, msg: 'Invalid request: unknown method' }, id }))
    }
  }

  onClose(): void {
    for (const stream of [...this.#followed]) this.#leave(stream)
  }

  #leave(stream: string): void {
    this.#followed.delete(stream)
    this.#streams.leave(stream, this)
    const user = this.#users.get(stream)
    if (user !== undefined) this.#accounts.leave(user)
    this.#users.delete(stream)
  }
}

/** Runs one request of the WebSocket API. */
export interface SocketDesk {
  /** The account that signed these parameters. */
  signer(params: URLSearchParams): EmulatedAccount | BinanceRefusal
  /** A method's answer, or a refusal. `account`: who logged on. */
  call(method: string, params: URLSearchParams, account: EmulatedAccount | undefined): object | BinanceRefusal
  rateLimits(): readonly object[]
}

/** /ws-api/v3. */
export class ApiConversation implements EmulatorConversation {
  readonly #peer: EmulatorPeer
  readonly #desk: SocketDesk
  readonly #accounts: BinanceAccounts
  readonly #subscriptions = new Map<number, UserListener>()
  #holder: EmulatedAccount | undefined
  #lastSubscription = -1

  constructor(peer: EmulatorPeer, desk: SocketDesk, accounts: BinanceAccounts) {
    this.#peer = peer
    this.#desk = desk
    this.#accounts = accounts
  }

  onMessage(text: string): void {
    const asked = readJson(text)
    const id = asked?.['id'] ?? null
    const method = String(asked?.['method'] ?? '')
    const result = this.#run(method, toParams(asked?.['params']))
    const rateLimits = this.#desk.rateLimits()
    if (isRefusal(result)) {
      const { status, code, msg, ...more } = result
      this.#peer.send(JSON.stringify({ id, status, error: { code, msg, ...more }, rateLimits }))
    } else {
      this.#peer.send(JSON.stringify({ id, status: 200, result, rateLimits }))
    }
  }

  onClose(): void {
    for (const listener of this.#subscriptions.values()) this.#accounts.leave(listener)
    this.#subscriptions.clear()
  }

  #run(method: string, params: URLSearchParams): object | BinanceRefusal {
    switch (method) {
      case 'session.logon': {
        const signer = this.#desk.signer(params)
        if (isRefusal(signer)) return signer
        this.#holder = signer
        return { apiKey: params.get('apiKey') }
      }
      case 'userDataStream.subscribe':
        return this.#holder === undefined ? this.#desk.call(method, params, undefined) : this.#subscribe(this.#holder)
      case 'userDataStream.subscribe.signature': {
        const signer = this.#desk.signer(params)
        return isRefusal(signer) ? signer : this.#subscribe(signer)
      }
      case 'userDataStream.unsubscribe':
        this.onClose()
        return {}
      default:
        return this.#desk.call(method, params, this.#holder)
    }
  }

  #subscribe(account: EmulatedAccount): object {
    const subscriptionId = ++this.#lastSubscription
    const listener: UserListener = {
      account,
      hearEvent: (event) => this.#peer.send(`{"subscriptionId":${subscriptionId},"event":${event}}`),
    }
    this.#subscriptions.set(subscriptionId, listener)
    this.#accounts.listen(listener)
    return { subscriptionId }
  }
}

function toParams(value: unknown): URLSearchParams {
  const params = new URLSearchParams()
  if (typeof value !== 'object' || value === null) return params
  for (const [name, one] of Object.entries(value)) params.set(name, String(one))
  return params
}
