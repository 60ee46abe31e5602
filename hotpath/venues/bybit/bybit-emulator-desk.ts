/** Bybit's order desk: reads an order, asks the exchange, answers with a receipt. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { DecimalError } from '../../../shared/units/ticks.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, OrderAsk } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { listOf, member, type Words, wordsOf } from '../native/json-words.ts'
import { SelfTrade } from '../paper/paper-options.ts'
import {
  type BybitRefusal,
  invalid,
  isRefusal,
  missing,
  orderRefusal,
  refusal,
  refusals,
} from './bybit-emulator-refusal.ts'
import { executionRow, orderId, orderNumber, orderRow, SPOT, selfTradeWords } from './bybit-emulator-words.ts'

const linkIdPattern = /^[A-Za-z0-9_-]{1,36}$/
const BATCH_MAX = 10
const ORDERS_PAGE = { otherwise: 20, max: 50 } as const
const FILLS_PAGE = { otherwise: 50, max: 100 } as const

const timesInForce: Readonly<Record<string, TimeInForce>> = {
  '': TimeInForce.gtc,
  GTC: TimeInForce.gtc,
  PostOnly: TimeInForce.gtc,
  IOC: TimeInForce.ioc,
  FOK: TimeInForce.fok,
}

export interface BybitReceipt {
  readonly orderId: string
  readonly orderLinkId: string
}

/** What is done to one order: placing, amending, canceling. */
export type BybitDeed = (account: EmulatedAccount, asked: Words) => BybitReceipt | BybitRefusal

export class BybitDesk {
  readonly #exchange: EmulatedExchange

  constructor(exchange: EmulatedExchange) {
    this.#exchange = exchange
  }

  readonly place: BybitDeed = (account, asked) => {
    const ask = this.#readOrder(asked)
    if (isRefusal(ask)) return ask
    const placed = this.#exchange.place(account, ask)
    return placed.order === undefined ? orderRefusal(placed.refusal) : receipt(placed.order)
  }

  readonly cancel: BybitDeed = (account, asked) => {
    const order = this.#find(account, asked)
    if (isRefusal(order)) return order
    return this.#exchange.cancel(order) === RejectReason.none ? receipt(order) : refusals.unknownOrder
  }

  readonly amend: BybitDeed = (account, asked) => {
    const order = this.#find(account, asked)
    if (isRefusal(order)) return order
    if (!order.isOpen) return refusals.unknownOrder
    const change = readChange(order, asked)
    if (isRefusal(change)) return change
    const reason = this.#exchange.amend(order, change)
    return reason === RejectReason.none ? receipt(order) : orderRefusal(reason)
  }

  cancelAll(account: EmulatedAccount, asked: Words): object | BybitRefusal {
    if (word(asked, 'category') !== SPOT) return refusals.badCategory
    const symbol = word(asked, 'symbol') === '' ? undefined : this.#symbol(asked)
    if (symbol !== undefined && isRefusal(symbol)) return symbol
    return { list: this.#exchange.cancelAll(account, symbol).map(receipt), success: '1' }
  }

  /** Each order of a batch succeeds or fails alone: codes stand beside the rows, not in them. */
  batch(account: EmulatedAccount, asked: Words, deed: BybitDeed): BybitBatch | BybitRefusal {
    const rows = listOf(member(asked, 'request')).map(wordsOf)
    if (word(asked, 'category') !== SPOT) return refusals.badCategory
    if (rows.length === 0) return missing('request')
    if (rows.length > BATCH_MAX) return refusals.tooManyInBatch
    const answers = rows.map((row) => deed(account, { ...row, category: SPOT }))
    const list = answers.map((answer, at) => {
      const names = isRefusal(answer) ? { orderId: '', orderLinkId: word(rows[at], 'orderLinkId') } : answer
      return { category: SPOT, symbol: word(rows[at], 'symbol'), ...names, createAt: `${this.#exchange.nowMs}` }
    })
    const codes = answers.map((answer) =>
      isRefusal(answer) ? { code: answer.retCode, msg: answer.retMsg } : { code: 0, msg: 'OK' },
    )
    return { result: { list }, retExtInfo: { list: codes } }
  }

  /** Open orders; with an id also those that ended a while ago. */
  realtime(account: EmulatedAccount, asked: Words): object | BybitRefusal {
    const { orders } = this.#exchange
    const isNamed = word(asked, 'orderId') !== '' || word(asked, 'orderLinkId') !== ''
    if (isNamed) return this.#list(asked, orders.all(account))
    const isOpen = word(asked, 'openOnly') !== '1'
    return this.#list(asked, isOpen ? orders.open(account) : orders.all(account).filter((order) => !order.isOpen))
  }

  history(account: EmulatedAccount, asked: Words): object | BybitRefusal {
    return this.#list(
      asked,
      this.#exchange.orders.all(account).filter((order) => !order.isOpen),
    )
  }

  executions(account: EmulatedAccount, asked: Words): object | BybitRefusal {
    const refused = this.#refusalOf(asked)
    if (refused !== undefined) return refused
    const [symbol, id, linkId] = [word(asked, 'symbol'), word(asked, 'orderId'), word(asked, 'orderLinkId')]
    const trades = this.#exchange.orders
      .trades(account)
      .filter(({ order }) => symbol === '' || order.symbol.name === symbol)
      .filter(({ order }) => id === '' || orderId(order) === id)
      .filter(({ order }) => linkId === '' || order.ask.clientId === linkId)
      .filter(({ timeMs }) => isBetween(asked, timeMs))
      .reverse()
    return page(asked, trades, FILLS_PAGE, (trade) => executionRow(trade, this.#exchange))
  }

  #list(asked: Words, orders: readonly EmulatedOrder[]): object | BybitRefusal {
    const refused = this.#refusalOf(asked)
    if (refused !== undefined) return refused
    const [symbol, id, linkId] = [word(asked, 'symbol'), word(asked, 'orderId'), word(asked, 'orderLinkId')]
    const wanted = orders
      .filter((order) => symbol === '' || order.symbol.name === symbol)
      .filter((order) => id === '' || orderId(order) === id)
      .filter((order) => linkId === '' || order.ask.clientId === linkId)
      .filter((order) => isBetween(asked, order.createdMs))
      .reverse()
    return page(asked, wanted, ORDERS_PAGE, (order) => orderRow(order, this.#exchange))
  }

  /** Of a list. */
  #refusalOf(asked: Words): BybitRefusal | undefined {
    if (word(asked, 'category') !== SPOT) return refusals.badCategory
    const symbol = word(asked, 'symbol')
    return symbol === '' || this.#exchange.symbol(symbol) !== undefined ? undefined : refusals.unknownSymbol
  }

  #symbol(asked: Words): EmulatedSymbol | BybitRefusal {
    if (word(asked, 'category') !== SPOT) return refusals.badCategory
    const name = word(asked, 'symbol')
    if (name === '') return missing('symbol')
    return this.#exchange.symbol(name) ?? refusals.unknownSymbol
  }

  #find(account: EmulatedAccount, asked: Words): EmulatedOrder | BybitRefusal {
    const symbol = this.#symbol(asked)
    if (isRefusal(symbol)) return symbol
    const [id, linkId] = [word(asked, 'orderId'), word(asked, 'orderLinkId')]
    if (id === '' && linkId === '') return missing('orderId or orderLinkId')
    const { orders } = this.#exchange
    const order = id === '' ? orders.byClientId(account, linkId) : orders.byId(orderNumber(id))
    return order?.account === account && order.symbol === symbol ? order : refusals.unknownOrder
  }

  #readOrder(asked: Words): OrderAsk | BybitRefusal {
    const symbol = this.#symbol(asked)
    if (isRefusal(symbol)) return symbol
    for (const name of ['side', 'orderType', 'qty']) if (word(asked, name) === '') return missing(name)
    const [side, type, force] = [word(asked, 'side'), word(asked, 'orderType'), word(asked, 'timeInForce')]
    const [linkId, smpType] = [word(asked, 'orderLinkId'), word(asked, 'smpType')]
    const timeInForce = Object.hasOwn(timesInForce, force) ? timesInForce[force] : undefined
    if (side !== 'Buy' && side !== 'Sell') return refusals.badSide
    if (type !== 'Limit' && type !== 'Market') return refusals.badType
    if (timeInForce === undefined) return refusals.badTimeInForce
    if (smpType !== '' && !Object.hasOwn(selfTradeWords, smpType))
      return refusal(10001, 'params error: smpType invalid')
    if (linkId !== '' && !linkIdPattern.test(linkId)) return refusal(10001, 'params error: orderLinkId invalid')
    const amounts = type === 'Market' ? readMarket(symbol, asked, side) : readLimit(symbol, asked)
    if (isRefusal(amounts)) return amounts
    return {
      symbol,
      side: side === 'Buy' ? Side.buy : Side.sell,
      type: type === 'Market' ? 'market' : 'limit',
      clientId: linkId,
      timeInForce,
      postOnly: type === 'Limit' && force === 'PostOnly',
      ...amounts,
      selfTrade: smpType === '' ? SelfTrade.none : selfTradeWords[smpType],
      deadlineUs: 0,
      words: { marketUnit: word(asked, 'marketUnit') },
    }
  }
}

export interface BybitBatch {
  readonly result: object
  readonly retExtInfo: object
}

/** A member that is a text, or a whole number as text; '' for anything else. */
export function word(asked: Words, name: string): string {
  const value = member(asked, name)
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? `${value}` : ''
}

function receipt(order: EmulatedOrder): BybitReceipt {
  return { orderId: orderId(order), orderLinkId: order.ask.clientId }
}

type Amounts = Pick<OrderAsk, 'priceTicks' | 'lots' | 'notional'>

function readLimit(symbol: EmulatedSymbol, asked: Words): Amounts | BybitRefusal {
  if (word(asked, 'price') === '') return missing('price')
  const lots = readLots(symbol, word(asked, 'qty'))
  if (typeof lots !== 'number') return lots
  const priceTicks = readPrice(symbol, word(asked, 'price'))
  return typeof priceTicks === 'number' ? { priceTicks, lots, notional: 0n } : priceTicks
}

/** A buy says by default how much of the quote it spends. */
function readMarket(symbol: EmulatedSymbol, asked: Words, side: string): Amounts | BybitRefusal {
  const unit = word(asked, 'marketUnit') || (side === 'Buy' ? 'quoteCoin' : 'baseCoin')
  if (unit === 'quoteCoin') {
    const notional = symbol.parseQuote(word(asked, 'qty'))
    return notional > 0n ? { priceTicks: 0, lots: 0, notional } : invalid('qty')
  }
  if (unit !== 'baseCoin') return invalid('marketUnit')
  const lots = readLots(symbol, word(asked, 'qty'))
  return typeof lots === 'number' ? { priceTicks: 0, lots, notional: 0n } : lots
}

function readLots(symbol: EmulatedSymbol, text: string): number | BybitRefusal {
  const lots = symbol.parseLots(text)
  if (lots > 0) return lots
  if (lots === DecimalError.tooPrecise) return orderRefusal(RejectReason.lotSize)
  return lots === DecimalError.tooLarge ? orderRefusal(RejectReason.maxQuantity) : invalid('qty')
}

function readPrice(symbol: EmulatedSymbol, text: string): number | BybitRefusal {
  const ticks = symbol.parsePrice(text)
  if (ticks > 0) return ticks
  return ticks === DecimalError.tooPrecise ? orderRefusal(RejectReason.priceFilter) : invalid('price')
}

/** The terms after an amendment; what it does not name stays. */
function readChange(order: EmulatedOrder, asked: Words): { priceTicks: number; lots: number } | BybitRefusal {
  const [quantity, price] = [word(asked, 'qty'), word(asked, 'price')]
  if (quantity === '' && price === '') return refusal(10001, 'params error: nothing to amend')
  const lots = quantity === '' ? order.lots : readLots(order.symbol, quantity)
  if (typeof lots !== 'number') return lots
  const priceTicks = price === '' ? order.priceTicks : readPrice(order.symbol, price)
  return typeof priceTicks === 'number' ? { priceTicks, lots } : priceTicks
}

function isBetween(asked: Words, timeMs: number): boolean {
  const [start, end] = [word(asked, 'startTime'), word(asked, 'endTime')]
  return (start === '' || timeMs >= Number(start)) && (end === '' || timeMs <= Number(end))
}

/** `rows` newest first. The cursor is the place in the list as of its first page: 'offset:length of the list'. */
function page<Row>(
  asked: Words,
  rows: readonly Row[],
  size: { otherwise: number; max: number },
  write: (row: Row) => object,
): object | BybitRefusal {
  const wanted = Number(word(asked, 'limit') || size.otherwise)
  const limit = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, size.max) : size.otherwise
  const [, offset = '0', length = `${rows.length}`] = /^(\d{1,9}):(\d{1,9})$/.exec(word(asked, 'cursor')) ?? []
  // Newer rows have come in front since then.
  const from = Number(offset) + Math.max(0, rows.length - Number(length))
  const list = rows.slice(from, from + limit).map(write)
  const nextPageCursor = from + limit < rows.length ? `${Number(offset) + limit}:${length}` : ''
  return { nextPageCursor, category: SPOT, list }
}
