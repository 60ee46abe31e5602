/**
 * Kraken's account stream, WebSocket v2: a token from REST, the executions channel, a number on every message. Balances are
 * not followed: that channel tells totals, and what is free of them only REST says. Source: docs.kraken.com, "Executions".
 */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer, VenueRequest } from '../door/venue-doors.ts'
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
import type { NamedOrder, OrderNews, PrivateStream, VenueSymbol } from '../native/order-dialect.ts'
import { endOf, readAnswer } from './kraken-errors.ts'
import type { KrakenMemory } from './kraken-memory.ts'
import { executionId, isoMs } from './kraken-words.ts'

const PING_MS = 20_000
/** What happens to an order without being news to us: its fills tell that it is filled, our own answer that it is amended. */
const SILENT: readonly string[] = ['pending_new', 'filled', 'amended', 'restated', 'iceberg_refill', 'status']

export class KrakenStream implements PrivateStream {
  readonly pingMs = PING_MS
  readonly #url: string
  readonly #memory: KrakenMemory
  readonly #askTicket: (nowMs: number) => VenueRequest
  #sequence = 0

  /** `askTicket`: the signed request for a token. */
  constructor(url: string, memory: KrakenMemory, askTicket: (nowMs: number) => VenueRequest) {
    this.#url = url
    this.#memory = memory
    this.#askTicket = askTicket
  }

  ticket(nowMs: number): VenueRequest {
    return this.#askTicket(nowMs)
  }

  onTicket(answer: VenueAnswer): string | undefined {
    const { result } = readAnswer(answer)
    return result === undefined ? undefined : textOf(result, 'token') || undefined
  }

  url(): string {
    return this.#url
  }

  hello(): readonly string[] {
    return []
  }

  subscribe(_symbols: readonly VenueSymbol[], _nowMs: number, token: string): readonly string[] {
    this.#sequence = 0
    const params = { channel: 'executions', snap_orders: true, snap_trades: false, order_status: true, token }
    return [JSON.stringify({ method: 'subscribe', params })]
  }

  ping(): string {
    return '{"method":"ping"}'
  }

  onMessage(text: string, news: OrderNews): ReturnType<PrivateStream['onMessage']> {
    const message = parseWords(text)
    if (!isWords(message)) return 'nonsense'
    switch (textOf(message, 'channel')) {
      case 'executions':
        return this.#executions(message, news)
      case 'heartbeat':
      case 'status':
      case 'balances':
        return 'ignored'
    }
    switch (textOf(message, 'method')) {
      case 'pong':
        return 'pong'
      case 'subscribe':
        return member(message, 'success') === true ? 'ready' : 'refused'
    }
    return textOf(message, 'error') === '' ? 'nonsense' : 'refused'
  }

  /** Numbers grow by one: an old one is a repetition, a hole is lost news, which only a new snapshot makes good. */
  #executions(message: Words, news: OrderNews): ReturnType<PrivateStream['onMessage']> {
    const sequence = numberOf(message, 'sequence')
    if (sequence > 0) {
      if (sequence <= this.#sequence) return 'ignored'
      if (this.#sequence > 0 && sequence > this.#sequence + 1) return 'refused'
      this.#sequence = sequence
    }
    const rows = member(message, 'data')
    if (!Array.isArray(rows)) return 'nonsense'
    const isSnapshot = textOf(message, 'type') === 'snapshot'
    let isSound = true
    for (const row of rows) isSound = this.#execution(wordsOf(row), news, isSnapshot) && isSound
    return isSound ? 'news' : 'nonsense'
  }

  /** False: not a message about an order. What was open when we came is asked for; a snapshot only names it. */
  #execution(row: Words, news: OrderNews, isSnapshot: boolean): boolean {
    const venueId = textOf(row, 'order_id')
    const what = textOf(row, 'exec_type')
    if (venueId === '' || what === '') return false
    const order = this.#memory.learn(
      venueId,
      textOf(row, 'cl_ord_id'),
      textOf(row, 'symbol'),
      textOf(row, 'time_in_force'),
    )
    const { clientId, symbolName } = order
    if (isSnapshot || SILENT.includes(what)) return true
    const named: NamedOrder = { clientId, venueId, symbolName, timeMs: isoMs(row, 'timestamp') }
    switch (what) {
      case 'new':
        news.onAccepted(named)
        return true
      case 'trade':
        tellTrade(row, named, news)
        return true
      case 'canceled': {
        const { how, reason } = endOf(textOf(row, 'reason') || textOf(row, 'cancel_reason'), order.timeInForce)
        news.onEnded(named, how, reason, amountOf(row, 'cum_qty'))
        return true
      }
      case 'expired':
        news.onEnded(named, 'expired', RejectReason.expired, amountOf(row, 'cum_qty'))
        return true
    }
    return false
  }
}

function tellTrade(row: Words, named: NamedOrder, news: OrderNews): void {
  const fees = listOf(member(row, 'fees')).map(wordsOf)
  // Charged in two assets (fee credits and the rest): no one amount says it.
  const [fee] = fees.length === 1 ? fees : []
  news.onFill({
    ...named,
    executionId: executionId(row, textOf(row, 'exec_id')),
    price: amountOf(row, 'last_price'),
    quantity: amountOf(row, 'last_qty'),
    cumulative: amountOf(row, 'cum_qty'),
    fee: fee === undefined ? '' : amountOf(fee, 'qty'),
    feeAsset: fee === undefined ? '' : textOf(fee, 'asset'),
    isMaker: textOf(row, 'liquidity_ind') === 'm',
  })
}
