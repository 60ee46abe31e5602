/** OKX's account stream: login, then the orders and the account channel. Every change of an order is one row, fills included. */
import type { KeyWords } from '../native/credentials.ts'
import { amountOf, isWords, listOf, member, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { OrderNews, PrivateStream } from '../native/order-dialect.ts'
import type { RequestSigner } from '../native/request-signer.ts'
import { SUCCESS } from './okx-errors.ts'
import type { OkxOpenOrders } from './okx-open-orders.ts'
import { channelFill, isOpenState, namedOrder, tellEnd } from './okx-words.ts'

/** OKX closes a connection that was silent for 30 s. */
const PING_MS = 15_000
const MS_PER_S = 1_000
const PONG = 'pong'

export class OkxStream implements PrivateStream {
  readonly #url: string
  readonly #keys: KeyWords
  readonly #signer: RequestSigner
  readonly #open: OkxOpenOrders
  readonly pingMs = PING_MS

  constructor(url: string, keys: KeyWords, signer: RequestSigner, open: OkxOpenOrders) {
    this.#url = url
    this.#keys = keys
    this.#signer = signer
    this.#open = open
  }

  url(): string {
    return this.#url
  }

  hello(nowMs: number): readonly string[] {
    const { key: apiKey, passphrase } = this.#keys
    const timestamp = `${Math.floor(nowMs / MS_PER_S)}`
    const sign = this.#signer.sign(`${timestamp}GET/users/self/verify`)
    return [JSON.stringify({ op: 'login', args: [{ apiKey, passphrase, timestamp, sign }] })]
  }

  /** The orders channel comes last: its answer says that all is said. */
  subscribe(): readonly string[] {
    const args = [
      { channel: 'account', extraParams: '{"updateInterval":"0"}' },
      { channel: 'orders', instType: 'SPOT' },
    ]
    return [JSON.stringify({ op: 'subscribe', args })]
  }

  ping(): string {
    return 'ping'
  }

  onMessage(text: string, news: OrderNews): ReturnType<PrivateStream['onMessage']> {
    if (text === PONG) return 'pong'
    const message = parseWords(text)
    if (!isWords(message)) return 'nonsense'
    const channel = textOf(wordsOf(member(message, 'arg')), 'channel')
    switch (textOf(message, 'event')) {
      case '':
        break
      case 'login':
        return textOf(message, 'code') === SUCCESS ? 'loggedIn' : 'refused'
      case 'subscribe':
        return channel === 'orders' ? 'ready' : 'ignored'
      case 'channel-conn-count':
      case 'unsubscribe':
        return 'ignored'
      // A refused login or subscription, too many connections, and the notice that the connection ends soon.
      case 'error':
      case 'channel-conn-count-error':
      case 'notice':
        return 'refused'
      default:
        return 'nonsense'
    }
    const rows = listOf(member(message, 'data')).map(wordsOf)
    if (channel === 'orders') return this.#orders(rows, news)
    if (channel !== 'account') return 'nonsense'
    // What there was at the beginning, reconciliation asks for.
    return textOf(message, 'eventType') === 'snapshot' ? 'ignored' : tellBalances(rows, news)
  }

  /** The sound rows of a message with an unsound one are told all the same. */
  #orders(rows: readonly Words[], news: OrderNews): 'news' | 'nonsense' {
    const sound = rows.filter((row) => textOf(row, 'ordId') !== '' && textOf(row, 'instId') !== '')
    for (const row of sound) this.#order(row, news)
    return sound.length > 0 && sound.length === rows.length ? 'news' : 'nonsense'
  }

  #order(row: Words, news: OrderNews): void {
    const named = namedOrder(row)
    const state = textOf(row, 'state')
    const fill = channelFill(row, named)
    if (isOpenState(state)) this.#open.note(named.clientId, named.symbolName)
    else this.#open.forget(named.clientId)
    // A post-only order that would take is canceled without having been live.
    if (state === 'live' || fill !== undefined) news.onAccepted(named)
    if (fill !== undefined) news.onFill(fill)
    // An amendment, whether it went through or not: the row tells the terms as they are now.
    if (textOf(row, 'amendResult') !== '') news.onReplaced(named, amountOf(row, 'px'), amountOf(row, 'sz'))
    tellEnd(news, row, named)
  }
}

function tellBalances(rows: readonly Words[], news: OrderNews): 'news' {
  for (const row of rows) {
    for (const detail of listOf(member(row, 'details')).map(wordsOf)) {
      news.onBalance(textOf(detail, 'ccy'), amountOf(detail, 'availBal'))
    }
  }
  return 'news'
}
