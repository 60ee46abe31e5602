/** Kraken's order desk: reads the words of an order, asks the exchange, answers in Kraken's words. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { DecimalError } from '../../../shared/units/ticks.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import { EmulatedOrder, type OrderAsk } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { SelfTrade } from '../paper/paper-options.ts'
import type { KrakenCatalogue } from './kraken-emulator-catalogue.ts'
import type { KrakenLimits } from './kraken-emulator-limits.ts'
import { invalid, KrakenRefusal, orderRefusal, refusals } from './kraken-emulator-refusal.ts'
import { type KrakenWords, readObject } from './kraken-emulator-request.ts'
import { amendTxid, descriptionText, orderIdOf, orderTxid, selfTradeWords } from './kraken-emulator-words.ts'

/** A UUID with or without dashes, or text of at most 18 characters. */
const clientIdPattern = /^([\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}|[\da-fA-F]{32}|[\x21-\x7e]{1,18})$/
const DEADLINE_MS_MIN = 2_000
const DEADLINE_MS_MAX = 60_000
const EXPIRY_SECONDS_MIN = 5
const BATCH_MAX = 15
const CANCELS_MAX = 50

const timesInForce: Readonly<Record<string, TimeInForce>> = {
  GTC: TimeInForce.gtc,
  IOC: TimeInForce.ioc,
  FOK: TimeInForce.fok,
  GTD: TimeInForce.gtd,
}

export interface DeskRooms {
  readonly exchange: EmulatedExchange
  readonly catalogue: KrakenCatalogue
  readonly limits: KrakenLimits
  /** The venue's clock as customers see it, milliseconds. */
  readonly now: () => number
}

type Words = KrakenWords['words']

export class KrakenDesk {
  readonly #rooms: DeskRooms
  #amends = 0

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms
  }

  addOrder(account: EmulatedAccount, { words }: KrakenWords): object | KrakenRefusal {
    if (words.get('validate') === 'true') {
      const ask = this.#readOrder(words)
      return ask instanceof KrakenRefusal ? ask : { descr: { order: this.#describe(account, ask) } }
    }
    const order = this.place(account, words)
    return order instanceof KrakenRefusal ? order : placed(order)
  }

  /** Orders of one pair; each is taken or refused on its own. */
  addBatch(account: EmulatedAccount, { words, lists }: KrakenWords): object | KrakenRefusal {
    const orders = lists.get('orders') ?? []
    if (orders.length < 2 || orders.length > BATCH_MAX) return invalid('orders')
    const pair = words.get('pair') ?? ''
    if (this.#rooms.catalogue.symbolOf(pair) === undefined) return refusals.unknownPair
    const rows = orders.map((one) => {
      const asked = new Map([...readObject(one).words, ['pair', pair]])
      const deadline = words.get('deadline')
      if (deadline !== undefined) asked.set('deadline', deadline)
      const order = this.place(account, asked)
      return order instanceof KrakenRefusal
        ? { error: order.error }
        : { txid: orderTxid(order.id), descr: { order: descriptionText(order) } }
    })
    return { orders: rows }
  }

  /** The order, however it fared; or why there is none. */
  place(account: EmulatedAccount, words: Words): EmulatedOrder | KrakenRefusal {
    const { exchange, limits } = this.#rooms
    const ask = this.#readOrder(words)
    if (ask instanceof KrakenRefusal) return ask
    if (!limits.place(account.index, ask.symbol.name, exchange.nowMs)) return refusals.tooManyOrders
    const answer = exchange.place(account, ask)
    return answer.order ?? orderRefusal(answer.refusal)
  }

  amendOrder(account: EmulatedAccount, { words }: KrakenWords): object | KrakenRefusal {
    const [order] = this.#named(account, words)
    if (order === undefined || !order.isOpen) return refusals.unknownOrder
    const { exchange, limits } = this.#rooms
    const late = this.#deadlineRefusal(words)
    if (late !== undefined) return late
    const { symbol } = order
    const lots = amountOr(words, 'order_qty', (text) => symbol.parseLots(text), order.lots)
    if (typeof lots !== 'number') return lots
    const priceTicks = amountOr(words, 'limit_price', (text) => symbol.parsePrice(text), order.priceTicks)
    if (typeof priceTicks !== 'number') return priceTicks
    if (!limits.amend(account.index, symbol.name, exchange.nowMs - order.createdMs, exchange.nowMs)) {
      return refusals.tooManyOrders
    }
    // Less than what is filled: the rest is canceled.
    const reason = lots <= order.filledLots ? exchange.cancel(order) : exchange.amend(order, { priceTicks, lots })
    return reason === RejectReason.none ? { amend_id: amendTxid(++this.#amends) } : orderRefusal(reason)
  }

  cancelOrder(account: EmulatedAccount, { words }: KrakenWords): object | KrakenRefusal {
    const count = this.cancel(account, words)
    return count === 0 ? refusals.unknownOrder : { count }
  }

  /** By txid, client id or user reference. Answers how many were open. */
  cancel(account: EmulatedAccount, words: Words): number {
    return this.#cancel(account, this.#named(account, words))
  }

  cancelBatch(account: EmulatedAccount, { lists }: KrakenWords): object | KrakenRefusal {
    const names = [...(lists.get('orders') ?? []), ...(lists.get('cl_ord_ids') ?? [])]
    if (names.length === 0 || names.length > CANCELS_MAX) return invalid('orders')
    const orders = names.flatMap((name) => this.#named(account, new Map([['txid', `${nameOf(name)}`]])))
    const count = this.#cancel(account, orders)
    return count === 0 ? refusals.unknownOrder : { count }
  }

  cancelAll(account: EmulatedAccount): { readonly count: number } {
    return { count: this.#cancel(account, this.#rooms.exchange.orders.open(account)) }
  }

  #cancel(account: EmulatedAccount, orders: readonly EmulatedOrder[]): number {
    const { exchange, limits } = this.#rooms
    let count = 0
    for (const order of orders) {
      if (exchange.cancel(order) !== RejectReason.none) continue
      limits.cancel(account.index, order.symbol.name, exchange.nowMs - order.createdMs, exchange.nowMs)
      count++
    }
    return count
  }

  /** Orders that these words name; a txid may be a client id or a user reference too. */
  #named(account: EmulatedAccount, words: Words): readonly EmulatedOrder[] {
    const { orders } = this.#rooms.exchange
    const text = words.get('txid') ?? words.get('order_id') ?? words.get('cl_ord_id') ?? ''
    const order = orders.byId(orderIdOf(text)) ?? orders.byClientId(account, text)
    if (order !== undefined) return order.account === account ? [order] : []
    return orders.open(account).filter(({ ask }) => text !== '' && ask.words?.['userref'] === text)
  }

  #readOrder(words: Words): OrderAsk | KrakenRefusal {
    const symbol = this.#rooms.catalogue.symbolOf(words.get('pair') ?? '')
    if (symbol === undefined) return refusals.unknownPair
    const side = words.get('type')
    if (side !== 'buy' && side !== 'sell') return invalid('type')
    const type = words.get('ordertype')
    if (type !== 'limit' && type !== 'market') return invalid('ordertype')
    const selfTrade = selfTradeWords[words.get('stptype') ?? 'cancel-newest'] ?? SelfTrade.none
    if (selfTrade === SelfTrade.none) return invalid('stptype')
    const names = readNames(words)
    if (names instanceof KrakenRefusal) return names
    const late = this.#deadlineRefusal(words)
    if (late !== undefined) return late
    const life = this.#readLife(words)
    if (life instanceof KrakenRefusal) return life
    const flags = (words.get('oflags') ?? '').split(',').filter((flag) => flag !== '')
    const postOnly = flags.includes('post')
    if (postOnly && (type === 'market' || life.timeInForce === TimeInForce.ioc)) return invalid('oflags')
    const amounts = readAmounts(symbol, words, type, type === 'market' && flags.includes('viqc'))
    if (amounts instanceof KrakenRefusal) return amounts
    return {
      symbol,
      side: side === 'buy' ? Side.buy : Side.sell,
      type,
      clientId: names.clientId,
      ...life,
      postOnly,
      ...amounts,
      selfTrade,
      words: { oflags: flags.length === 0 ? 'fciq' : flags.join(','), ...names.more },
    }
  }

  /** How long it may rest; dates are by the venue's clock. */
  #readLife(words: Words): { timeInForce: TimeInForce; deadlineUs: number } | KrakenRefusal {
    const { exchange, now } = this.#rooms
    const timeInForce = timesInForce[(words.get('timeinforce') ?? 'GTC').toUpperCase()]
    if (timeInForce === undefined) return invalid('timeinforce')
    if (timeInForce !== TimeInForce.gtd) return { timeInForce, deadlineUs: 0 }
    const text = words.get('expiretm') ?? ''
    const seconds = Number(text)
    if (!/^\+?\d{1,12}$/.test(text) || seconds === 0) return invalid('expiretm')
    if (text.startsWith('+') && seconds < EXPIRY_SECONDS_MIN) return invalid('expiretm')
    const leftMs = text.startsWith('+') ? seconds * 1_000 : seconds * 1_000 - now()
    return leftMs <= 0 ? invalid('expiretm') : { timeInForce, deadlineUs: (exchange.nowMs + leftMs) * 1_000 }
  }

  #deadlineRefusal(words: Words): KrakenRefusal | undefined {
    const text = words.get('deadline')
    if (text === undefined) return undefined
    const leftMs = Date.parse(text) - this.#rooms.now()
    if (Number.isNaN(leftMs)) return invalid('deadline')
    if (leftMs <= 0) return refusals.deadlineElapsed
    return leftMs < DEADLINE_MS_MIN || leftMs > DEADLINE_MS_MAX ? invalid('deadline') : undefined
  }

  #describe(account: EmulatedAccount, ask: OrderAsk): string {
    return descriptionText(new EmulatedOrder(0, account, ask, this.#rooms.exchange.nowMs))
  }
}

function placed(order: EmulatedOrder): object {
  return { descr: { order: descriptionText(order) }, txid: [orderTxid(order.id)] }
}

function readNames(words: Words): { clientId: string; more: Record<string, string> } | KrakenRefusal {
  const clientId = words.get('cl_ord_id') ?? ''
  const userref = words.get('userref') ?? ''
  if (clientId !== '' && !clientIdPattern.test(clientId)) return invalid('cl_ord_id')
  if (userref !== '' && (!/^-?\d{1,10}$/.test(userref) || clientId !== '')) return invalid('userref')
  return { clientId, more: userref === '' ? {} : { userref } }
}

type Amounts = Pick<OrderAsk, 'priceTicks' | 'lots' | 'notional'>

/** `isQuote`: the volume of a market order is in quote (viqc). */
function readAmounts(symbol: EmulatedSymbol, words: Words, type: string, isQuote: boolean): Amounts | KrakenRefusal {
  const volume = words.get('volume') ?? ''
  if (isQuote) {
    const notional = symbol.parseQuote(volume)
    return notional > 0n ? { priceTicks: 0, lots: 0, notional } : invalid('volume')
  }
  const lots = readAmount(symbol.parseLots(volume), 'volume')
  if (typeof lots !== 'number') return lots
  if (type === 'market') return { priceTicks: 0, lots, notional: 0n }
  const priceTicks = readAmount(symbol.parsePrice(words.get('price') ?? ''), 'price')
  return typeof priceTicks === 'number' ? { priceTicks, lots, notional: 0n } : priceTicks
}

/** Finer than the pair's decimals is an invalid argument, like a word that is no number. */
function readAmount(value: number, name: string): number | KrakenRefusal {
  if (value > 0) return value
  return name === 'price' && value === DecimalError.tooPrecise ? orderRefusal(RejectReason.priceFilter) : invalid(name)
}

function amountOr(
  words: Words,
  name: string,
  parse: (text: string) => number,
  otherwise: number,
): number | KrakenRefusal {
  const text = words.get(name)
  return text === undefined || text === '' ? otherwise : readAmount(parse(text), name)
}

/** Of a batch: a text, a number, or { txid }. */
function nameOf(one: unknown): string {
  if (typeof one === 'string' || typeof one === 'number') return `${one}`
  return readObject(one).words.get('txid') ?? ''
}
