/** One connection to Deribit's WebSocket: calls and their answers, a login, channels, heartbeats that must be answered. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatorConversation, EmulatorPeer } from '../emulator/venue-emulator.ts'
import type { AccountChange, AccountListener, DeribitAccounts } from './deribit-emulator-accounts.ts'
import { type CallParams, type DeribitCall, socketCall } from './deribit-emulator-call.ts'
import { DeribitRefusal, invalidParameter, refusals } from './deribit-emulator-refusal.ts'
import type { ChannelListener, DeribitStreams } from './deribit-emulator-streams.ts'

const CHANNELS_MAX = 500
const HEARTBEAT_S_MIN = 10
const TOKEN_S = 31_536_000

/** Runs calls that are not the connection's own. */
export interface SocketDesk {
  readonly nowMs: number
  login(params: CallParams): EmulatedAccount | DeribitRefusal
  call(call: DeribitCall, account: EmulatedAccount | undefined): unknown
}

export interface SocketDoors {
  readonly desk: SocketDesk
  readonly streams: DeribitStreams
  readonly accounts: DeribitAccounts
  readonly onClose: (conversation: DeribitConversation) => void
}

export class DeribitConversation implements EmulatorConversation, ChannelListener {
  readonly #peer: EmulatorPeer
  readonly #doors: SocketDoors
  readonly #channels = new Set<string>()
  #listener: AccountListener | undefined
  #tokens = 0
  #heartbeatMs = 0
  #beatMs = 0
  /** A test was asked for and has not been answered. */
  #isAsked = false

  constructor(peer: EmulatorPeer, doors: SocketDoors) {
    this.#peer = peer
    this.#doors = doors
  }

  hear(channel: string, data: string): void {
    const params = `{"channel":${JSON.stringify(channel)},"data":${data}}`
    this.#peer.send(`{"jsonrpc":"2.0","method":"subscription","params":${params}}`)
  }

  onMessage(text: string): void {
    const call = socketCall(text)
    const told = call === 'unreadable' ? refusals.parseError : this.#run(call)
    const atUs = this.#doors.desk.nowMs * 1_000
    const times = { usIn: atUs, usOut: atUs, usDiff: 0, testnet: false }
    const id = call === 'unreadable' || call.id === undefined ? {} : { id: call.id }
    const answer = told instanceof DeribitRefusal ? { error: told.error } : { result: told }
    this.#peer.send(JSON.stringify({ jsonrpc: '2.0', ...id, ...answer, ...times }))
    // The first state of a book comes after the answer to its subscription.
    if (call !== 'unreadable' && Array.isArray(told)) this.#begin(call.method, told)
    // Over the limits of requests the session ends.
    if (told === refusals.tooManyRequests) this.#peer.close()
  }

  onClose(): void {
    for (const channel of this.#channels) this.#doors.streams.leave(channel, this)
    if (this.#listener !== undefined) this.#doors.accounts.leave(this.#listener)
    this.#doors.onClose(this)
  }

  /** Asks whether somebody is there; nobody: the connection ends. */
  work(nowMs: number): number {
    if (this.#heartbeatMs === 0 || nowMs < this.#beatMs) return 0
    this.#beatMs = nowMs + this.#heartbeatMs
    if (this.#isAsked) {
      this.#peer.close()
      return 1
    }
    this.#isAsked = true
    this.#peer.send('{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}')
    return 1
  }

  #run(call: DeribitCall): unknown {
    switch (call.method) {
      case 'public/auth':
        return this.#login(call.params)
      case 'public/set_heartbeat':
        return this.#setHeartbeat(call.params)
      case 'public/disable_heartbeat':
        this.#heartbeatMs = 0
        return 'ok'
      case 'public/subscribe':
      case 'private/subscribe':
        return this.#subscribe(call)
      case 'public/unsubscribe':
      case 'private/unsubscribe':
        return this.#unsubscribe(call.params.list('channels'))
      case 'public/test':
        this.#isAsked = false
    }
    return this.#doors.desk.call(call, this.#listener?.account)
  }

  #login(params: CallParams): unknown {
    const account = this.#doors.desk.login(params)
    if (account instanceof DeribitRefusal) return account
    if (this.#listener !== undefined) this.#doors.accounts.leave(this.#listener)
    this.#listener = {
      account,
      hearChange: (change) => this.#hearChange(change),
      hearPortfolio: (currency, summary) => this.#hearPortfolio(currency, summary),
    }
    this.#doors.accounts.listen(this.#listener)
    const token = `${this.#doors.desk.nowMs}.${++this.#tokens}`
    return {
      access_token: `${token}.access`,
      refresh_token: `${token}.refresh`,
      expires_in: TOKEN_S,
      scope: 'account:read_write connection mainaccount trade:read_write wallet:read_write',
      token_type: 'bearer',
    }
  }

  #setHeartbeat(params: CallParams): unknown {
    const interval = params.count('interval')
    if (interval === undefined || !(interval >= HEARTBEAT_S_MIN)) {
      return invalidParameter('interval', `must be at least ${HEARTBEAT_S_MIN}`)
    }
    this.#heartbeatMs = interval * 1_000
    this.#beatMs = this.#doors.desk.nowMs + this.#heartbeatMs
    return 'ok'
  }

  /** Answers the channels that are subscribed now; what is unknown is left out. */
  #subscribe({ method, params }: DeribitCall): unknown {
    const channels = params.list('channels')
    if (channels.length === 0) return invalidParameter('channels', 'value required')
    if (this.#channels.size + channels.length > CHANNELS_MAX) return invalidParameter('channels', 'too many channels')
    const isKnown = this.#listener !== undefined
    if (method === 'private/subscribe' && !isKnown) return refusals.unauthorized
    const isRaw = channels.some((channel) => channel.endsWith('.raw') && !channel.startsWith('user.'))
    if (isRaw && !isKnown) return refusals.rawNeedsLogin
    const { streams } = this.#doors
    return channels.filter((channel) =>
      channel.startsWith('user.') ? isKnown && isUserChannel(channel) : streams.isKnown(channel),
    )
  }

  #begin(method: string, channels: readonly unknown[]): void {
    if (!method.endsWith('/subscribe')) return
    for (const channel of channels) {
      if (typeof channel !== 'string') continue
      if (channel.startsWith('user.') || this.#doors.streams.follow(channel, this)) this.#channels.add(channel)
    }
  }

  #unsubscribe(channels: readonly string[]): unknown {
    return channels.filter((channel) => {
      this.#doors.streams.leave(channel, this)
      return this.#channels.delete(channel)
    })
  }

  #hearChange({ symbol, orders, trades }: AccountChange): void {
    for (const channel of this.#channels) {
      const [, kind, ...about] = channel.split('.')
      if (!isAbout(about, symbol.name, [symbol.instrument.base, symbol.instrument.quote])) continue
      if (kind === 'changes') {
        this.hear(channel, JSON.stringify({ instrument_name: symbol.name, orders, trades, positions: [] }))
      } else if (kind === 'trades' && trades.length > 0) this.hear(channel, JSON.stringify(trades))
      else if (kind === 'orders' && channel.endsWith('.raw')) {
        for (const order of orders) this.hear(channel, JSON.stringify(order))
      } else if (kind === 'orders') this.hear(channel, JSON.stringify(orders))
    }
  }

  #hearPortfolio(currency: string, summary: object): void {
    for (const channel of this.#channels) {
      const [, kind, asked] = channel.split('.')
      const isMeant = asked === 'any' || asked?.toUpperCase() === currency
      if (kind === 'portfolio' && isMeant) this.hear(channel, JSON.stringify(summary))
    }
  }
}

function isUserChannel(channel: string): boolean {
  return /^user\.((orders|trades|changes)\.[^.]+(\.[^.]+)?\.(raw|100ms|agg2)|portfolio\.[^.]+)$/.test(channel)
}

/** [instrument, interval] or [kind, currency, interval]. */
function isAbout(about: readonly string[], name: string, currencies: readonly string[]): boolean {
  if (about.length === 2) return about[0] === name
  if (about.length !== 3) return false
  const [kind, currency] = about
  return (kind === 'any' || kind === 'spot') && (currency === 'any' || currencies.includes(currency.toUpperCase()))
}
