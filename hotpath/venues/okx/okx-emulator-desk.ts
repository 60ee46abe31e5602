/** OKX's order desk: reads an order, asks the exchange, answers in rows, each with its own code. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { DecimalError } from '../../../shared/units/ticks.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, OrderAsk } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { type Words, wordsOf } from '../native/json-words.ts'
import { SelfTrade } from '../paper/paper-options.ts'
import {
  amendRefusal,
  badParameter,
  isRefusal,
  missing,
  type OkxRefusal,
  orderRefusal,
  refusals,
} from './okx-emulator-refusal.ts'
import {
  billId,
  fillRow,
  orderId,
  orderNumber,
  orderRow,
  SPOT,
  selfTradeWords,
  stateWord,
  typeWord,
} from './okx-emulator-words.ts'

const clientIdPattern = /^[A-Za-z0-9]{1,32}$/
export const BATCH_MAX = 20
const ROWS_MAX = 100
/** Codes of instruments on the socket start here. */
export const CODE_FIRST = 10_000

const timesInForce: Readonly<Record<string, TimeInForce>> = {
  limit: TimeInForce.gtc,
  post_only: TimeInForce.gtc,
  ioc: TimeInForce.ioc,
  fok: TimeInForce.fok,
  market: TimeInForce.ioc,
}

/** One row of an answer: `sCode` '0' is success. */
export interface OkxRow {
  readonly clOrdId: string
  readonly ordId: string
  readonly ts: string
  readonly sCode: string
  readonly sMsg: string
}

export class OkxDesk {
  readonly #exchange: EmulatedExchange
  /** The name of the amendment under way: the orders channel tells it. */
  amendId = ''

  constructor(exchange: EmulatedExchange) {
    this.#exchange = exchange
  }

  place(account: EmulatedAccount, asked: Words): OkxRow {
    const clientId = word(asked, 'clOrdId')
    const ask = this.#readOrder(asked, clientId)
    if (isRefusal(ask)) return this.#row(clientId, '', ask)
    const placed = this.#exchange.place(account, ask)
    if (placed.order === undefined) return this.#row(clientId, '', orderRefusal(placed.refusal))
    return { ...this.#row(clientId, orderId(placed.order)), tag: word(asked, 'tag'), subCode: '' } as OkxRow
  }

  cancel(account: EmulatedAccount, asked: Words): OkxRow {
    const order = this.#find(account, asked)
    if (order !== undefined && isRefusal(order)) return this.#row(word(asked, 'clOrdId'), word(asked, 'ordId'), order)
    if (order === undefined || this.#exchange.cancel(order) !== RejectReason.none) {
      return this.#row(word(asked, 'clOrdId'), word(asked, 'ordId'), refusals.cancelUnknown)
    }
    return this.#row(order.ask.clientId, orderId(order))
  }

  amend(account: EmulatedAccount, asked: Words): OkxRow {
    const reqId = word(asked, 'reqId')
    const answer = (row: OkxRow): OkxRow => ({ ...row, reqId }) as OkxRow
    const order = this.#find(account, asked)
    const [clientId, id] = [word(asked, 'clOrdId'), word(asked, 'ordId')]
    if (order !== undefined && isRefusal(order)) return answer(this.#row(clientId, id, order))
    if (order === undefined || !order.isOpen) return answer(this.#row(clientId, id, refusals.amendUnknown))
    const change = readChange(order, asked)
    if (isRefusal(change)) return answer(this.#row(clientId, id, change))
    this.amendId = reqId
    const refusal = this.#exchange.amend(order, change)
    this.amendId = ''
    if (refusal === RejectReason.none) return answer(this.#row(order.ask.clientId, orderId(order)))
    if (asked['cxlOnFail'] === true) this.#exchange.cancel(order)
    return answer(this.#row(clientId, id, amendRefusal(refusal)))
  }

  query(account: EmulatedAccount, asked: Words): object[] | OkxRefusal {
    const order = this.#find(account, asked)
    if (order === undefined) return refusals.unknownOrder
    return isRefusal(order) ? order : [orderRow(order, this.#exchange)]
  }

  /** Newest first. */
  pending(account: EmulatedAccount, asked: Words): object[] | OkxRefusal {
    return this.#list(asked, this.#exchange.orders.open(account))
  }

  history(account: EmulatedAccount, asked: Words): object[] | OkxRefusal {
    if (word(asked, 'instType') === '') return missing('instType')
    return this.#list(
      asked,
      this.#exchange.orders.all(account).filter((order) => !order.isOpen),
    )
  }

  fills(account: EmulatedAccount, asked: Words): object[] | OkxRefusal {
    const [instId, ordId] = [word(asked, 'instId'), word(asked, 'ordId')]
    if (!isSpot(asked)) return []
    const trades = this.#exchange.orders
      .trades(account)
      .filter(({ order }) => instId === '' || order.symbol.name === instId)
      .filter(({ order }) => ordId === '' || orderId(order) === ordId)
      .filter(({ timeMs }) => isBetween(asked, timeMs))
      .reverse()
    return page(asked, trades, billId).map((trade) => fillRow(trade, this.#exchange))
  }

  /** By name, or by the code that a socket may use. */
  symbol(asked: Words): EmulatedSymbol | OkxRefusal {
    const name = word(asked, 'instId')
    const code = Number(asked['instIdCode'] ?? Number.NaN)
    if (name === '' && !Number.isFinite(code)) return missing('instId')
    const symbol = name === '' ? this.#exchange.symbols[code - CODE_FIRST] : this.#exchange.symbol(name)
    return symbol ?? refusals.unknownSymbol
  }

  #row(clOrdId: string, ordId: string, refused?: OkxRefusal): OkxRow {
    const ts = `${this.#exchange.nowMs}`
    return { clOrdId, ordId, ts, sCode: refused?.code ?? '0', sMsg: refused?.msg ?? '' }
  }

  #list(asked: Words, orders: readonly EmulatedOrder[]): object[] | OkxRefusal {
    const [instId, state, type] = [word(asked, 'instId'), word(asked, 'state'), word(asked, 'ordType')]
    if (!isSpot(asked)) return []
    const wanted = orders
      .filter((order) => instId === '' || order.symbol.name === instId)
      .filter((order) => state === '' || stateWord(order) === state)
      .filter((order) => type === '' || type.split(',').includes(typeWord(order)))
      .filter((order) => isBetween(asked, order.createdMs))
      .reverse()
    return page(asked, wanted, orderId).map((order) => orderRow(order, this.#exchange))
  }

  #find(account: EmulatedAccount, asked: Words): EmulatedOrder | OkxRefusal | undefined {
    const symbol = this.symbol(asked)
    if (isRefusal(symbol)) return symbol
    const [id, clientId] = [word(asked, 'ordId'), word(asked, 'clOrdId')]
    if (id === '' && clientId === '') return refusals.noId
    const { orders } = this.#exchange
    const order = id === '' ? orders.byClientId(account, clientId) : orders.byId(orderNumber(id))
    return order?.account === account && order.symbol === symbol ? order : undefined
  }

  #readOrder(asked: Words, clientId: string): OrderAsk | OkxRefusal {
    const symbol = this.symbol(asked)
    if (isRefusal(symbol)) return symbol
    for (const name of ['tdMode', 'side', 'ordType', 'sz']) if (word(asked, name) === '') return missing(name)
    if (word(asked, 'tdMode') !== 'cash') return refusals.badMode
    const side = word(asked, 'side')
    const type = word(asked, 'ordType')
    const stpMode = word(asked, 'stpMode')
    const timeInForce = Object.hasOwn(timesInForce, type) ? timesInForce[type] : undefined
    if (side !== 'buy' && side !== 'sell') return badParameter('side')
    if (timeInForce === undefined) return badParameter('ordType')
    if (stpMode !== '' && !Object.hasOwn(selfTradeWords, stpMode)) return badParameter('stpMode')
    if (clientId !== '' && !clientIdPattern.test(clientId)) return badParameter('clOrdId')
    const amounts = type === 'market' ? readMarket(symbol, asked, side) : readLimit(symbol, asked)
    if (isRefusal(amounts)) return amounts
    return {
      symbol,
      side: side === 'buy' ? Side.buy : Side.sell,
      type: type === 'market' ? 'market' : 'limit',
      clientId,
      timeInForce,
      postOnly: type === 'post_only',
      ...amounts,
      selfTrade: stpMode === '' ? SelfTrade.expireMaker : selfTradeWords[stpMode],
      deadlineUs: 0,
      words: { tag: word(asked, 'tag'), tgtCcy: word(asked, 'tgtCcy') },
    }
  }
}

/** A member that is a text; '' for anything else. */
export function word(asked: Words, name: string): string {
  const value = Object.hasOwn(asked, name) ? asked[name] : ''
  return typeof value === 'string' ? value : ''
}

/** The objects of a batch: an array, or one alone. */
export function rowsOf(asked: unknown): Words[] {
  return Array.isArray(asked) ? asked.map(wordsOf) : [wordsOf(asked)]
}

type Amounts = Pick<OrderAsk, 'priceTicks' | 'lots' | 'notional'>

function readLimit(symbol: EmulatedSymbol, asked: Words): Amounts | OkxRefusal {
  if (word(asked, 'px') === '') return missing('px')
  const lots = readLots(symbol, word(asked, 'sz'), 'sz')
  if (typeof lots !== 'number') return lots
  const priceTicks = symbol.parsePrice(word(asked, 'px'))
  return priceTicks > 0 ? { priceTicks, lots, notional: 0n } : badParameter('px')
}

/** A buy says by default how much of the quote it spends. */
function readMarket(symbol: EmulatedSymbol, asked: Words, side: string): Amounts | OkxRefusal {
  const unit = word(asked, 'tgtCcy') || (side === 'buy' ? 'quote_ccy' : 'base_ccy')
  if (unit === 'quote_ccy') {
    const notional = symbol.parseQuote(word(asked, 'sz'))
    return notional > 0n ? { priceTicks: 0, lots: 0, notional } : badParameter('sz')
  }
  if (unit !== 'base_ccy') return badParameter('tgtCcy')
  const lots = readLots(symbol, word(asked, 'sz'), 'sz')
  return typeof lots === 'number' ? { priceTicks: 0, lots, notional: 0n } : lots
}

function readLots(symbol: EmulatedSymbol, text: string, name: string): number | OkxRefusal {
  const lots = symbol.parseLots(text)
  if (lots > 0) return lots
  if (lots === DecimalError.tooPrecise) return orderRefusal(RejectReason.lotSize)
  return lots === DecimalError.tooLarge ? orderRefusal(RejectReason.maxQuantity) : badParameter(name)
}

/** The terms after an amendment; what it does not name stays. */
function readChange(order: EmulatedOrder, asked: Words): { priceTicks: number; lots: number } | OkxRefusal {
  const { symbol } = order
  const [size, price] = [word(asked, 'newSz'), word(asked, 'newPx')]
  if (size === '' && price === '') return refusals.amendNothing
  const lots = size === '' ? order.lots : readLots(symbol, size, 'newSz')
  if (typeof lots !== 'number') return lots
  const priceTicks = price === '' ? order.priceTicks : symbol.parsePrice(price)
  return priceTicks > 0 ? { priceTicks, lots } : badParameter('newPx')
}

function isSpot(asked: Words): boolean {
  return ['', SPOT].includes(word(asked, 'instType'))
}

function isBetween(asked: Words, timeMs: number): boolean {
  const [begin, end] = [word(asked, 'begin'), word(asked, 'end')]
  return (begin === '' || timeMs >= Number(begin)) && (end === '' || timeMs <= Number(end))
}

/** `rows` newest first; `after` an id: the older ones; `before` an id: the newer ones. */
function page<Row>(asked: Words, rows: readonly Row[], idOf: (row: Row) => string): Row[] {
  const limit = Math.min(ROWS_MAX, Number(word(asked, 'limit') || ROWS_MAX) || ROWS_MAX)
  const [after, before] = [word(asked, 'after'), word(asked, 'before')]
  const from = after === '' ? 0 : rows.findIndex((row) => idOf(row) === after) + 1
  const to = before === '' ? rows.length : rows.findIndex((row) => idOf(row) === before)
  if (after !== '' && from === 0) return []
  return rows.slice(from, to < 0 ? rows.length : to).slice(0, limit)
}
