/**
 * Binance's account stream over its WebSocket API. A signed subscription on the API's own socket, not a listen key: Binance
 * answers 410 to spot listen keys since late 2025, and one request less stands between us and our fills.
 */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import {
  amountOf,
  isWords,
  listOf,
  member,
  numberOf,
  parseWords,
  textOf,
  type Words,
  wordsOf,
} from '../native/json-words.ts'
import type { NamedOrder, OrderNews, PrivateStream } from '../native/order-dialect.ts'
import type { RequestSigner } from '../native/request-signer.ts'
import { streamReason } from './binance-errors.ts'
import { expiryReason } from './binance-words.ts'

const PING_MS = 20_000
const SUBSCRIBE_ID = 'account'
const PING_ID = 'ping'
const CANCEL_NAMES: readonly string[] = ['CANCELED', 'REPLACED']

export class BinanceStream implements PrivateStream {
  readonly #url: string
  readonly #key: string
  readonly #signer: RequestSigner
  readonly pingMs = PING_MS

  constructor(url: string, key: string, signer: RequestSigner) {
    this.#url = url
    this.#key = key
    this.#signer = signer
  }

  url(): string {
    return this.#url
  }

  hello(nowMs: number): readonly string[] {
    const signature = this.#signer.sign(`apiKey=${this.#key}&timestamp=${nowMs}`)
    const params = { apiKey: this.#key, timestamp: nowMs, signature }
    return [JSON.stringify({ id: SUBSCRIBE_ID, method: 'userDataStream.subscribe.signature', params })]
  }

  subscribe(): readonly string[] {
    return []
  }

  ping(): string {
    return `{"id":"${PING_ID}","method":"ping"}`
  }

  onMessage(text: string, news: OrderNews): ReturnType<PrivateStream['onMessage']> {
    const message = parseWords(text)
    if (!isWords(message)) return 'nonsense'
    const id = textOf(message, 'id')
    if (id === SUBSCRIBE_ID) return numberOf(message, 'status') === 200 ? 'ready' : 'refused'
    if (id === PING_ID) return 'pong'
    const event = isWords(member(message, 'event')) ? wordsOf(member(message, 'event')) : message
    switch (textOf(event, 'e')) {
      case 'executionReport':
        return this.#execution(event, news)
      case 'outboundAccountPosition':
        for (const entry of listOf(member(event, 'B'))) {
          const balance = wordsOf(entry)
          news.onBalance(textOf(balance, 'a'), amountOf(balance, 'f'))
        }
        return 'news'
      case 'eventStreamTerminated':
      case 'serverShutdown':
        return 'refused'
      case 'balanceUpdate':
      case 'listStatus':
      case 'externalLockUpdate':
        return 'ignored'
    }
    // An error that answers to nothing we said by id.
    return numberOf(message, 'status') >= 400 ? 'refused' : 'nonsense'
  }

  #execution(event: Words, news: OrderNews): 'news' | 'ignored' | 'nonsense' {
    const what = textOf(event, 'x')
    const original = textOf(event, 'C')
    const named: NamedOrder = {
      // A cancel has a name of its own; ours is the original then.
      clientId: CANCEL_NAMES.includes(what) && original !== '' ? original : textOf(event, 'c'),
      venueId: textOf(event, 'i'),
      symbolName: textOf(event, 's'),
      timeMs: numberOf(event, 'T'),
    }
    const filled = amountOf(event, 'z')
    if (named.clientId === '' || named.venueId === '' || filled === '') return 'nonsense'
    switch (what) {
      case 'NEW':
        news.onAccepted(named)
        return 'news'
      case 'TRADE':
        news.onFill({
          ...named,
          executionId: textOf(event, 't'),
          price: amountOf(event, 'L'),
          quantity: amountOf(event, 'l'),
          cumulative: filled,
          fee: amountOf(event, 'n'),
          feeAsset: textOf(event, 'N'),
          isMaker: member(event, 'm') === true,
        })
        return 'news'
      case 'CANCELED':
        news.onEnded(named, 'canceled', RejectReason.userCancel, filled)
        return 'news'
      case 'REJECTED':
        news.onEnded(named, 'rejected', streamReason(textOf(event, 'r')), filled)
        return 'news'
      case 'EXPIRED':
        news.onEnded(named, 'expired', expiryReason(textOf(event, 'f')), filled)
        return 'news'
      case 'TRADE_PREVENTION':
        if (textOf(event, 'X') === 'EXPIRED_IN_MATCH') news.onEnded(named, 'expired', RejectReason.selfTrade, filled)
        return 'news'
      case 'REPLACED':
        return 'ignored'
    }
    return 'nonsense'
  }
}
