/** One conversation in Kraken's WebSocket v2: public channels, private ones and orders by token, all on one socket. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatorConversation, EmulatorPeer } from '../emulator/venue-emulator.ts'
import { isWords, listOf, member, numberOf, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { KrakenAccounts } from './kraken-emulator-accounts.ts'
import type { KrakenCatalogue } from './kraken-emulator-catalogue.ts'
import type { KrakenDesk } from './kraken-emulator-desk.ts'
import type { KrakenNews, PrivateListener } from './kraken-emulator-news.ts'
import { invalid, KrakenRefusal, refusal, refusals } from './kraken-emulator-refusal.ts'
import { readObject } from './kraken-emulator-request.ts'
import { bookDepths, type KrakenStreams, type PublicListener } from './kraken-emulator-streams.ts'
import { isoText, orderTxid } from './kraken-emulator-words.ts'

const HEARTBEAT_MS = 1_000
const SUBSCRIPTIONS_MAX = 1_024

export interface SocketRooms {
  readonly catalogue: KrakenCatalogue
  readonly streams: KrakenStreams
  readonly accounts: KrakenAccounts
  readonly news: KrakenNews
  readonly desk: KrakenDesk
  readonly now: () => number
}

export class KrakenConversation implements EmulatorConversation, PublicListener {
  readonly #peer: EmulatorPeer
  readonly #rooms: SocketRooms
  readonly #onClosed: () => void
  /** What ends each subscription, by its name. */
  readonly #leaves = new Map<string, () => void>()
  readonly #heardMs = new Float64Array(1)

  constructor(peer: EmulatorPeer, rooms: SocketRooms, onClosed: () => void) {
    this.#peer = peer
    this.#rooms = rooms
    this.#onClosed = onClosed
    const status = { version: '2.0.10', system: 'online', api_version: 'v2', connection_id: 1 }
    this.hear(JSON.stringify({ channel: 'status', type: 'update', data: [status] }))
  }

  hear(text: string): void {
    this.#heardMs[0] = this.#rooms.now()
    this.#peer.send(text)
  }

  /** A subscriber hears something every second. */
  work(): void {
    if (this.#leaves.size === 0 || this.#rooms.now() - this.#heardMs[0] < HEARTBEAT_MS) return
    this.hear('{"channel":"heartbeat"}')
  }

  onMessage(text: string): void {
    const asked = parseWords(text)
    const method = isWords(asked) ? textOf(asked, 'method') : ''
    if (!isWords(asked) || method === '') {
      this.#refuse({}, 'error', refusal('EGeneral:Invalid arguments: malformed request'))
      return
    }
    const params = wordsOf(member(asked, 'params'))
    switch (method) {
      case 'ping':
        this.#answer(asked, 'pong', undefined)
        return
      case 'subscribe':
        this.#subscribe(asked, params)
        return
      case 'unsubscribe':
        this.#unsubscribe(asked, params)
        return
    }
    const account = this.#rooms.accounts.holderOf(textOf(params, 'token'))
    const result = account === undefined ? refusals.invalidSession : this.#trade(method, account, params)
    if (result instanceof KrakenRefusal) this.#refuse(asked, method, result)
    else this.#answer(asked, method, result)
  }

  onClose(): void {
    for (const leave of this.#leaves.values()) leave()
    this.#leaves.clear()
    this.#onClosed()
  }

  // Orders.

  #trade(method: string, account: EmulatedAccount, params: Words): object | KrakenRefusal {
    const { desk } = this.#rooms
    const { words, lists } = readObject(params)
    switch (method) {
      case 'add_order': {
        const order = desk.place(account, restOrder(words))
        if (order instanceof KrakenRefusal) return order
        const { clientId } = order.ask
        return { order_id: orderTxid(order.id), ...(clientId !== '' && { cl_ord_id: clientId }) }
      }
      case 'amend_order': {
        const result = desk.amendOrder(account, { words, lists })
        return result instanceof KrakenRefusal ? result : { ...result, order_id: words.get('order_id') ?? '' }
      }
      case 'cancel_order': {
        const names = [...(lists.get('order_id') ?? []), ...(lists.get('cl_ord_id') ?? [])].map(String)
        let count = 0
        for (const name of names) count += desk.cancel(account, new Map([['txid', name]]))
        return count === 0 ? refusals.unknownOrder : { order_id: names[0] }
      }
      case 'cancel_all':
        return desk.cancelAll(account)
      default:
        return refusal(`EGeneral:Invalid arguments: unknown method ${method.slice(0, 40)}`)
    }
  }

  // Channels.

  #subscribe(asked: Words, params: Words): void {
    const channel = textOf(params, 'channel')
    if (channel === 'executions' || channel === 'balances') {
      this.#subscribePrivate(asked, params, channel)
      return
    }
    if (channel !== 'book' && channel !== 'trade' && channel !== 'ticker') {
      this.#refuse(asked, 'subscribe', refusal('Subscription name invalid'))
      return
    }
    for (const name of listOf(member(params, 'symbol')).map(String)) {
      const symbol = this.#rooms.catalogue.symbolOf(name)
      // Version 2 knows a pair by one name only.
      if (symbol?.name === name) this.#follow(asked, params, channel, symbol)
      else this.#refuse(asked, 'subscribe', refusal(`Currency pair not supported ${name.slice(0, 40)}`))
    }
  }

  #follow(asked: Words, params: Words, channel: 'book' | 'trade' | 'ticker', symbol: EmulatedSymbol): void {
    const { streams } = this.#rooms
    const depth = numberOf(params, 'depth') || bookDepths[0]
    const isShown = member(params, 'snapshot') !== false
    const key = `${channel} ${symbol.name}`
    if (channel === 'book' && !bookDepths.includes(depth)) {
      this.#refuse(asked, 'subscribe', refusal('Subscription depth not supported'))
      return
    }
    if (this.#leaves.has(key) || this.#leaves.size >= SUBSCRIPTIONS_MAX) {
      this.#refuse(asked, 'subscribe', refusal('Already subscribed'))
      return
    }
    const result = { channel, symbol: symbol.name, snapshot: isShown, ...(channel === 'book' && { depth }) }
    this.#answer(asked, 'subscribe', result)
    if (channel === 'book') {
      this.#leaves.set(key, () => streams.leaveBook(symbol, depth, this))
      streams.followBook(symbol, depth, this)
    } else if (channel === 'trade') {
      this.#leaves.set(key, () => streams.leaveTrades(symbol, this))
      streams.followTrades(symbol, isShown, this)
    } else {
      this.#leaves.set(key, () => streams.leaveTicker(symbol, this))
      streams.followTicker(symbol, textOf(params, 'event_trigger') === 'bbo' ? 'bbo' : 'trades', this)
    }
  }

  #subscribePrivate(asked: Words, params: Words, channel: 'executions' | 'balances'): void {
    const { accounts, news } = this.#rooms
    const account = accounts.holderOf(textOf(params, 'token'))
    if (account === undefined || this.#leaves.has(channel)) {
      this.#refuse(asked, 'subscribe', account === undefined ? refusals.invalidSession : refusal('Already subscribed'))
      return
    }
    const wants = { orders: member(params, 'snap_orders') !== false, trades: member(params, 'snap_trades') === true }
    const listener: PrivateListener = {
      account,
      channel,
      isDetailed: member(params, 'order_status') !== false,
      hear: (text) => this.hear(text),
    }
    this.#answer(asked, 'subscribe', { channel, snap_orders: wants.orders, snap_trades: wants.trades })
    this.#leaves.set(channel, () => news.leave(listener))
    news.listen(listener, wants)
  }

  #unsubscribe(asked: Words, params: Words): void {
    const channel = textOf(params, 'channel')
    const names = listOf(member(params, 'symbol')).map(String)
    for (const key of names.length === 0 ? [channel] : names.map((name) => `${channel} ${name}`)) {
      const leave = this.#leaves.get(key)
      if (leave === undefined) this.#refuse(asked, 'unsubscribe', invalid('not subscribed'))
      else {
        leave()
        this.#leaves.delete(key)
        this.#answer(asked, 'unsubscribe', {
          channel,
          ...(key !== channel && { symbol: key.slice(channel.length + 1) }),
        })
      }
    }
  }

  #answer(asked: Words, method: string, result: object | undefined): void {
    const time = isoText(this.#rooms.now())
    const success = result === undefined ? {} : { result, success: true }
    this.hear(JSON.stringify({ method, ...reference(asked), ...success, time_in: time, time_out: time }))
  }

  #refuse(asked: Words, method: string, { error }: KrakenRefusal): void {
    const time = isoText(this.#rooms.now())
    const words = { error, method, ...reference(asked), success: false, time_in: time, time_out: time }
    this.hear(JSON.stringify(words))
  }
}

function reference(asked: Words): object {
  const number = member(asked, 'req_id')
  return typeof number === 'number' ? { req_id: number } : {}
}

/** Parameters of add_order by their names in REST. */
function restOrder(words: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const renamed: Readonly<Record<string, string>> = {
    order_type: 'ordertype',
    side: 'type',
    order_qty: 'volume',
    limit_price: 'price',
    symbol: 'pair',
    time_in_force: 'timeinforce',
    order_userref: 'userref',
  }
  const asked = new Map([...words].map(([name, value]) => [renamed[name] ?? name, value]))
  const flags = [words.get('fee_preference') ?? 'fciq', ...(words.get('post_only') === 'true' ? ['post'] : [])]
  const prevention = words.get('stp_type')
  if (prevention !== undefined) asked.set('stptype', prevention.replace('_', '-'))
  const cash = words.get('cash_order_qty')
  if (cash !== undefined) asked.set('volume', cash)
  asked.set('oflags', [...flags, ...(cash === undefined ? [] : ['viqc'])].join(','))
  return asked
}
