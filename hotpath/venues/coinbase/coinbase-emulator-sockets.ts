/** One connection to Coinbase's streams: subscriptions with or without a token, heartbeats, and the numbers of its messages. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatorConversation, EmulatorPeer } from '../emulator/venue-emulator.ts'
import { isWords, listOf, member, parseWords, textOf, type Words } from '../native/json-words.ts'
import type { CoinbaseStreams, ProductChannel, StreamListener } from './coinbase-emulator-streams.ts'
import { tokenHolder } from './coinbase-emulator-token.ts'
import { isoText } from './coinbase-emulator-words.ts'

const HEARTBEAT_MS = 1_000
const SUBSCRIPTIONS_MAX = 1_024
const productChannels: readonly string[] = ['level2', 'market_trades', 'ticker']

export interface SocketRooms {
  readonly exchange: EmulatedExchange
  readonly streams: CoinbaseStreams
  readonly now: () => number
}

export class CoinbaseConversation implements EmulatorConversation, StreamListener {
  readonly #peer: EmulatorPeer
  readonly #rooms: SocketRooms
  readonly #onClosed: () => void
  /** By channel and product: what ends it. */
  readonly #leaves = new Map<string, () => void>()
  readonly #beatMs = new Float64Array(1)
  #sequence = 0
  #beats = 0
  #hasBeats = false

  constructor(peer: EmulatorPeer, rooms: SocketRooms, onClosed: () => void) {
    this.#peer = peer
    this.#rooms = rooms
    this.#onClosed = onClosed
  }

  say(channel: string, events: readonly object[], times: number): void {
    const timestamp = isoText(this.#rooms.now())
    const text = JSON.stringify({ channel, client_id: '', timestamp, sequence_num: this.#sequence++, events })
    for (let at = 0; at < times; at++) this.#peer.send(text)
  }

  skip(): void {
    this.#sequence++
  }

  work(): void {
    const nowMs = this.#rooms.now()
    if (!this.#hasBeats || nowMs - this.#beatMs[0] < HEARTBEAT_MS) return
    this.#beatMs[0] = nowMs
    this.say('heartbeats', [{ current_time: isoText(nowMs), heartbeat_counter: ++this.#beats }], 1)
  }

  onMessage(text: string): void {
    const asked = parseWords(text)
    const type = isWords(asked) ? textOf(asked, 'type') : ''
    if (!isWords(asked) || (type !== 'subscribe' && type !== 'unsubscribe')) {
      this.#refuse('malformed message')
      return
    }
    const channel = textOf(asked, 'channel')
    const refusal = type === 'subscribe' ? this.#subscribe(asked, channel) : this.#unsubscribe(asked, channel)
    if (refusal === '') this.say('subscriptions', [{ subscriptions: this.#subscriptions() }], 1)
    else this.#refuse(refusal)
  }

  onClose(): void {
    for (const leave of this.#leaves.values()) leave()
    this.#leaves.clear()
    this.#onClosed()
  }

  /** '' when it was taken. */
  #subscribe(asked: Words, channel: string): string {
    const token = textOf(asked, 'jwt')
    const holder = token === '' ? undefined : this.#holder(token)
    if (token !== '' && holder === undefined) return 'authentication failure'
    if (channel === 'heartbeats') {
      this.#hasBeats = true
      this.#leaves.set(channel, () => {
        this.#hasBeats = false
      })
      return ''
    }
    const { streams, exchange } = this.#rooms
    if (channel === 'user') {
      if (holder === undefined) return 'authentication failure'
      this.#leaves.set(channel, () => streams.leaveUser(this))
      streams.followUser(holder, this)
      return ''
    }
    if (!productChannels.includes(channel)) return 'channel is not supported'
    for (const name of listOf(member(asked, 'product_ids')).map(String)) {
      const symbol = exchange.symbol(name)
      if (symbol === undefined) return `${name.slice(0, 40)} is not a valid product`
      const key = `${channel} ${name}`
      if (this.#leaves.has(key)) continue
      if (this.#leaves.size >= SUBSCRIPTIONS_MAX) return 'too many subscriptions'
      this.#leaves.set(key, () => streams.leave(channel as ProductChannel, symbol, this))
      streams.follow(channel as ProductChannel, symbol, this)
    }
    return ''
  }

  #unsubscribe(asked: Words, channel: string): string {
    const names = listOf(member(asked, 'product_ids')).map(String)
    for (const key of productChannels.includes(channel) ? names.map((name) => `${channel} ${name}`) : [channel]) {
      this.#leaves.get(key)?.()
      this.#leaves.delete(key)
    }
    return ''
  }

  #holder(token: string): EmulatedAccount | undefined {
    return tokenHolder(this.#rooms.exchange, token, '', this.#rooms.now())
  }

  #subscriptions(): object {
    const named: Record<string, string[]> = {}
    for (const key of this.#leaves.keys()) {
      const [channel, product] = key.split(' ')
      named[channel] = [...(named[channel] ?? []), product ?? channel]
    }
    return named
  }

  #refuse(message: string): void {
    this.#peer.send(JSON.stringify({ type: 'error', message }))
  }
}
