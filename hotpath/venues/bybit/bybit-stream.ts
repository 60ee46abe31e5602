/** Bybit's account stream: authentication, then order, execution and wallet. Fills come on a topic of their own. */
import { amountOf, isWords, listOf, member, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { OrderNews, PrivateStream } from '../native/order-dialect.ts'
import type { RequestSigner } from '../native/request-signer.ts'
import type { BybitAmendments } from './bybit-amendments.ts'
import { SUCCESS } from './bybit-errors.ts'
import { isOpenState, isSpotTrade, namedOrder, tellCoins, tellEnd, tradeFill } from './bybit-words.ts'

const PING_MS = 20_000
/** How long the words of a login are good for. */
const LOGIN_MS = 10_000

export class BybitStream implements PrivateStream {
  readonly #url: string
  readonly #key: string
  readonly #signer: RequestSigner
  readonly #amendments: BybitAmendments
  readonly pingMs = PING_MS

  constructor(url: string, key: string, signer: RequestSigner, amendments: BybitAmendments) {
    this.#url = url
    this.#key = key
    this.#signer = signer
    this.#amendments = amendments
  }

  url(): string {
    return this.#url
  }

  hello(nowMs: number): readonly string[] {
    const expires = nowMs + LOGIN_MS
    return [JSON.stringify({ op: 'auth', args: [this.#key, expires, this.#signer.sign(`GET/realtime${expires}`)] })]
  }

  subscribe(): readonly string[] {
    return ['{"op":"subscribe","args":["order","execution","wallet"]}']
  }

  ping(): string {
    return '{"op":"ping"}'
  }

  onMessage(text: string, news: OrderNews): ReturnType<PrivateStream['onMessage']> {
    const message = parseWords(text)
    if (!isWords(message)) return 'nonsense'
    const op = textOf(message, 'op')
    if (op === 'pong' || textOf(message, 'ret_msg') === 'pong') return 'pong'
    if (op !== '') {
      const isDone = member(message, 'success') === true || textOf(message, 'retCode') === SUCCESS
      if (!isDone) return 'refused'
      if (op === 'auth') return 'loggedIn'
      return op === 'subscribe' ? 'ready' : 'ignored'
    }
    const rows = listOf(member(message, 'data')).map(wordsOf)
    switch (textOf(message, 'topic')) {
      case 'order':
        return eachSound(rows, (row) => this.#order(row, news))
      case 'execution':
        return eachSound(rows, (row) => tellFill(row, news))
      case 'wallet':
        for (const account of rows) tellCoins(news, account)
        return 'news'
    }
    return 'nonsense'
  }

  #order(row: Words, news: OrderNews): void {
    if (textOf(row, 'category') !== 'spot') return
    const named = namedOrder(row)
    const isOpen = isOpenState(textOf(row, 'orderStatus'))
    const [price, quantity] = [amountOf(row, 'price'), amountOf(row, 'qty')]
    if (isOpen) news.onAccepted(named)
    if (this.#amendments.settles(named.clientId, { price, quantity }, isOpen)) news.onReplaced(named, price, quantity)
    tellEnd(news, row, named)
  }
}

/** What was executed was accepted, whichever topic comes first. */
function tellFill(row: Words, news: OrderNews): void {
  if (!isSpotTrade(row)) return
  const fill = tradeFill(row)
  news.onAccepted(fill)
  news.onFill(fill)
}

/** The sound rows of a message with an unsound one are told all the same. */
function eachSound(rows: readonly Words[], tell: (row: Words) => void): 'news' | 'nonsense' {
  const sound = rows.filter((row) => textOf(row, 'orderId') !== '' && textOf(row, 'symbol') !== '')
  for (const row of sound) tell(row)
  return sound.length > 0 && sound.length === rows.length ? 'news' : 'nonsense'
}
