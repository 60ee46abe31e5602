/**
 * Deribit's account stream: a signed login, then changes of orders and their trades in one message each (so that no end of an
 * order overtakes its fills), and portfolios. Single channels of orders and trades are read as well.
 */
import { isWords, listOf, member, numberOf, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { OrderNews, PrivateStream, VenueSymbol } from '../native/order-dialect.ts'
import type { RequestSigner } from '../native/request-signer.ts'
import { namedOrder, tellBalance, tellEnd, tradeFill } from './deribit-words.ts'

const PING_MS = 20_000
/** Seconds; the venue asks whether we are there, and closes when nobody says so. */
const HEARTBEAT_S = 30
const CHANGES = 'user.changes.any.any.raw'

const Id = { login: 1, subscribe: 2, heartbeat: 3, ping: 4 } as const

export class DeribitStream implements PrivateStream {
  readonly pingMs = PING_MS
  readonly #url: string
  readonly #key: string
  readonly #signer: RequestSigner
  #wanted: readonly string[] = []
  #logins = 0

  constructor(url: string, key: string, signer: RequestSigner) {
    this.#url = url
    this.#key = key
    this.#signer = signer
  }

  url(): string {
    return this.#url
  }

  hello(nowMs: number): readonly string[] {
    const nonce = `${nowMs.toString(36)}${(this.#logins++).toString(36)}`
    return [say(Id.login, 'public/auth', signedLogin(this.#key, this.#signer, nowMs, nonce))]
  }

  subscribe(symbols: readonly VenueSymbol[]): readonly string[] {
    const assets = new Set(
      symbols.flatMap(({ base, quote, symbol }) => (symbol.includes(':') ? [quote] : [base, quote])),
    )
    this.#wanted = [CHANGES, ...[...assets].map((asset) => `user.portfolio.${asset.toLowerCase()}`)]
    return [
      say(Id.heartbeat, 'public/set_heartbeat', { interval: HEARTBEAT_S }),
      say(Id.subscribe, 'private/subscribe', { channels: this.#wanted }),
    ]
  }

  ping(): string {
    return say(Id.ping, 'public/test', {})
  }

  onMessage(text: string, news: OrderNews): ReturnType<PrivateStream['onMessage']> {
    const message = parseWords(text)
    if (!isWords(message)) return 'nonsense'
    if (textOf(message, 'method') === 'heartbeat') {
      const isAsked = textOf(wordsOf(member(message, 'params')), 'type') === 'test_request'
      return isAsked ? { reply: this.ping() } : 'pong'
    }
    if (textOf(message, 'method') === 'subscription') return this.#news(wordsOf(member(message, 'params')), news)
    return this.#answer(message)
  }

  /** An answer to what we said. A channel that is missing in it was not subscribed, also without an error. */
  #answer(message: Words): ReturnType<PrivateStream['onMessage']> {
    if (member(message, 'error') !== undefined) return 'refused'
    const result = member(message, 'result')
    switch (numberOf(message, 'id')) {
      case Id.login:
        return textOf(wordsOf(result), 'access_token') === '' ? 'refused' : 'loggedIn'
      case Id.subscribe: {
        const subscribed = listOf(result)
        return this.#wanted.every((channel) => subscribed.includes(channel)) ? 'ready' : 'refused'
      }
      case Id.heartbeat:
        return 'ignored'
      case Id.ping:
        return 'pong'
    }
    return 'nonsense'
  }

  #news(params: Words, news: OrderNews): 'news' | 'ignored' | 'nonsense' {
    const channel = textOf(params, 'channel')
    const data = member(params, 'data')
    if (channel.startsWith('user.changes.')) return tellChanges(wordsOf(data), news)
    if (channel.startsWith('user.orders.')) {
      return tellChanges({ orders: Array.isArray(data) ? data : [data], trades: [] }, news)
    }
    if (channel.startsWith('user.trades.')) return tellChanges({ orders: [], trades: data }, news)
    if (channel.startsWith('user.portfolio.')) {
      const summary = wordsOf(data)
      if (textOf(summary, 'currency') === '') return 'nonsense'
      tellBalance(summary, news)
      return 'news'
    }
    return channel.startsWith('user.') ? 'ignored' : 'nonsense'
  }
}

/** That they are in, then all trades, then what ended. */
function tellChanges(changes: Words, news: OrderNews): 'news' | 'nonsense' {
  const orders = member(changes, 'orders')
  const trades = member(changes, 'trades')
  if (!Array.isArray(orders) || !Array.isArray(trades)) return 'nonsense'
  const isWhole = [...orders, ...trades].every((row) => textOf(wordsOf(row), 'order_id') !== '')
  if (!isWhole) return 'nonsense'
  for (const order of orders.map(wordsOf)) {
    if (textOf(order, 'order_state') !== 'rejected') news.onAccepted(namedOrder(order))
  }
  for (const trade of trades.map(wordsOf)) news.onFill(tradeFill(trade))
  for (const order of orders.map(wordsOf)) tellEnd(order, news)
  return 'news'
}

/** Parameters of a login by signature: the time, a text that never comes twice, and no data, a line each. */
export function signedLogin(key: string, signer: RequestSigner, nowMs: number, nonce: string): object {
  return {
    grant_type: 'client_signature',
    client_id: key,
    timestamp: nowMs,
    signature: signer.sign(`${nowMs}\n${nonce}\n`),
    nonce,
    data: '',
  }
}

function say(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}
