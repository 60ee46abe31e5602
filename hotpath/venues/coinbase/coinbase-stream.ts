/**
 * Coinbase's user channel: orders as they are now, without their executions, numbered over the whole connection. What was
 * executed is asked for; an end waits until its fills were told. Heartbeats keep the connection and show that it lives.
 */
import { amountOf, isWords, listOf, member, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { NamedOrder, OrderNews, PrivateStream } from '../native/order-dialect.ts'
import type { CoinbaseMemory } from './coinbase-memory.ts'
import type { CoinbaseTokens } from './coinbase-token.ts'
import { endOf, isEndedState, isOpenState, isoMs } from './coinbase-words.ts'

/** Heartbeats come every second: unheard for three of these, the connection is dead. Nothing is said. */
const SILENCE_MS = 5_000

export class CoinbaseStream implements PrivateStream {
  readonly pingMs = SILENCE_MS
  readonly #url: string
  readonly #tokens: CoinbaseTokens
  readonly #memory: CoinbaseMemory
  #sequence = -1

  constructor(url: string, tokens: CoinbaseTokens, memory: CoinbaseMemory) {
    this.#url = url
    this.#tokens = tokens
    this.#memory = memory
  }

  url(): string {
    return this.#url
  }

  /** Without products: orders of all of them. */
  hello(nowMs: number): readonly string[] {
    this.#sequence = -1
    const subscribe = (channel: string): string =>
      JSON.stringify({ type: 'subscribe', channel, jwt: this.#tokens.ofSocket(nowMs) })
    return [subscribe('heartbeats'), subscribe('user')]
  }

  subscribe(): readonly string[] {
    return []
  }

  onMessage(text: string, news: OrderNews): ReturnType<PrivateStream['onMessage']> {
    const message = parseWords(text)
    if (!isWords(message)) return 'nonsense'
    if (textOf(message, 'type') === 'error') return 'refused'
    const sequence = member(message, 'sequence_num')
    if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) return 'nonsense'
    if (sequence <= this.#sequence) return 'ignored'
    // A hole: something of our orders may have been in it.
    if (this.#sequence >= 0 && sequence > this.#sequence + 1) return 'refused'
    this.#sequence = sequence
    const events = listOf(member(message, 'events')).map(wordsOf)
    switch (textOf(message, 'channel')) {
      case 'user':
        return this.#user(events, news, isoMs(message, 'timestamp'))
      case 'subscriptions':
        return events.some((event) => Object.hasOwn(wordsOf(member(event, 'subscriptions')), 'user'))
          ? 'ready'
          : 'ignored'
      case 'heartbeats':
        return 'pong'
    }
    return 'ignored'
  }

  #user(events: readonly Words[], news: OrderNews, timeMs: number): ReturnType<PrivateStream['onMessage']> {
    const ask: NamedOrder[] = []
    let isSound = true
    for (const event of events) {
      const isSnapshot = textOf(event, 'type') === 'snapshot'
      for (const row of listOf(member(event, 'orders')).map(wordsOf)) {
        const order = this.#order(row, isSnapshot ? undefined : news, timeMs)
        if (order === undefined) isSound = false
        else if (order !== 'told') ask.push(order)
      }
    }
    if (ask.length > 0) return { ask }
    return isSound ? 'news' : 'nonsense'
  }

  /** The order when it must be asked about; undefined when this is none. Of a snapshot only names are learnt (no `news`). */
  #order(row: Words, news: OrderNews | undefined, timeMs: number): NamedOrder | 'told' | undefined {
    const venueId = textOf(row, 'order_id')
    const status = textOf(row, 'status')
    const isEnded = isEndedState(status)
    const filled = amountOf(row, 'cumulative_quantity')
    if (venueId === '' || filled === '' || filled.startsWith('-') || (!isEnded && !isOpenState(status)))
      return undefined
    const order = this.#memory.learn(venueId, textOf(row, 'client_order_id'), textOf(row, 'product_id'))
    const { clientId, symbolName } = order
    const named: NamedOrder = { clientId, venueId, symbolName, timeMs }
    order.isOpen = !isEnded
    order.raiseFilled(filled)
    if (news === undefined || status === 'PENDING' || status === 'QUEUED') return 'told'
    if (status !== 'FAILED') {
      order.isAccepted = true
      news.onAccepted(named)
    }
    if (isEnded && status !== 'FILLED') order.end = endOf(row, timeMs, order.isAccepted)
    if (order.isBehind) return named
    if (order.end !== undefined) news.onEnded(named, order.end.how, order.end.reason, filled)
    order.end = undefined
    return 'told'
  }
}
