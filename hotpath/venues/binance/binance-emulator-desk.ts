/** Binance's order desk: reads the parameters of an order, asks the exchange, answers in Binance's words. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { DecimalError } from '../../../shared/units/ticks.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, OrderAsk } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { SelfTrade } from '../paper/paper-options.ts'
import {
  type BinanceRefusal,
  illegalCharacters,
  isRefusal,
  missing,
  orderRefusal,
  refusal,
  refusals,
} from './binance-emulator-refusal.ts'
import { canceledOrder, ownTrade, placedOrder, queriedOrder, selfTradeWords } from './binance-emulator-words.ts'

const CLIENT_ID_RANGE = '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'
const clientIdPattern = /^[.A-Z:/a-z0-9_-]{1,36}$/
const ROWS_DEFAULT = 500
const ROWS_MAX = 1_000
/** Finest amount Binance reads at all. */
const DECIMALS_MAX = 8

const timesInForce: Readonly<Record<string, TimeInForce>> = {
  GTC: TimeInForce.gtc,
  IOC: TimeInForce.ioc,
  FOK: TimeInForce.fok,
}

export class BinanceDesk {
  readonly #exchange: EmulatedExchange
  /** Made-up client ids are unique over restarts. */
  readonly #prefix: string
  #made = 0
  /** The name of the cancel under way: its execution report carries it. */
  cancelName = ''

  constructor(exchange: EmulatedExchange, startEpochMs: number) {
    this.#exchange = exchange
    this.#prefix = Math.floor(startEpochMs).toString(36)
  }

  place(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const ask = this.#readOrder(params)
    if (isRefusal(ask)) return ask
    const placed = this.#exchange.place(account, ask)
    if (placed.order === undefined) return orderRefusal(placed.refusal)
    const form = params.get('newOrderRespType') ?? (ask.postOnly ? 'ACK' : 'FULL')
    return placedOrder(placed.order, form, this.#exchange.assets)
  }

  /** Everything is checked and nothing is sent to the book. */
  test(params: URLSearchParams): object | BinanceRefusal {
    const ask = this.#readOrder(params)
    return isRefusal(ask) ? ask : {}
  }

  cancel(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const order = this.#find(account, params, 'orderId', 'origClientOrderId')
    if (order !== undefined && isRefusal(order)) return order
    if (order === undefined) return refusals.cancelUnknown
    this.cancelName = params.get('newClientOrderId') ?? this.#makeName()
    const reason = this.#exchange.cancel(order)
    const name = this.cancelName
    this.cancelName = ''
    return reason === RejectReason.none ? canceledOrder(order, name) : refusals.cancelUnknown
  }

  cancelAll(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const symbol = this.#symbol(params)
    if (isRefusal(symbol)) return symbol
    this.cancelName = this.#makeName()
    const canceled = this.#exchange.cancelAll(account, symbol)
    const name = this.cancelName
    this.cancelName = ''
    return canceled.length === 0 ? refusals.cancelUnknown : canceled.map((order) => canceledOrder(order, name))
  }

  /** Cancel, then place; with STOP_ON_FAILURE the new order only goes when the old one went. */
  cancelReplace(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const mode = params.get('cancelReplaceMode')
    if (mode !== 'STOP_ON_FAILURE' && mode !== 'ALLOW_FAILURE') return missing('cancelReplaceMode')
    const named = new URLSearchParams({ symbol: params.get('symbol') ?? '' })
    for (const [from, to] of [
      ['cancelOrderId', 'orderId'],
      ['cancelOrigClientOrderId', 'origClientOrderId'],
      ['cancelNewClientOrderId', 'newClientOrderId'],
    ]) {
      const value = params.get(from)
      if (value !== null) named.set(to, value)
    }
    const canceled = this.cancel(account, named)
    const isCanceled = !isRefusal(canceled)
    const placed = isCanceled || mode === 'ALLOW_FAILURE' ? this.place(account, params) : null
    return replaced(canceled, placed)
  }

  query(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const order = this.#find(account, params, 'orderId', 'origClientOrderId')
    if (order === undefined) return refusals.unknownOrder
    return isRefusal(order) ? order : queriedOrder(order)
  }

  openOrders(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const symbol = params.has('symbol') ? this.#symbol(params) : undefined
    if (symbol !== undefined && isRefusal(symbol)) return symbol
    const open = this.#exchange.orders.open(account)
    return open.filter((order) => symbol === undefined || order.symbol === symbol).map(queriedOrder)
  }

  allOrders(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const symbol = this.#symbol(params)
    if (isRefusal(symbol)) return symbol
    const orders = this.#exchange.orders.all(account).filter((order) => order.symbol === symbol)
    return page(orders, params, 'orderId', (order) => ({ id: order.id, timeMs: order.createdMs })).map(queriedOrder)
  }

  myTrades(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const symbol = this.#symbol(params)
    if (isRefusal(symbol)) return symbol
    const orderId = params.get('orderId')
    const trades = this.#exchange.orders
      .trades(account)
      .filter(({ order }) => order.symbol === symbol && (orderId === null || order.id === Number(orderId)))
    return page(trades, params, 'fromId', (trade) => trade).map((trade) => ownTrade(trade, this.#exchange.assets))
  }

  #symbol(params: URLSearchParams): EmulatedSymbol | BinanceRefusal {
    const name = params.get('symbol')
    if (name === null || name === '') return missing('symbol')
    return this.#exchange.symbol(name) ?? refusals.unknownSymbol
  }

  #find(
    account: EmulatedAccount,
    params: URLSearchParams,
    idName: string,
    clientName: string,
  ): EmulatedOrder | BinanceRefusal | undefined {
    const symbol = this.#symbol(params)
    if (isRefusal(symbol)) return symbol
    const id = params.get(idName)
    const clientId = params.get(clientName)
    const { orders } = this.#exchange
    if (id === null && clientId === null) {
      return refusal(-1102, `Param '${clientName}' or '${idName}' must be sent, but both were empty/null!`)
    }
    const order = id === null ? orders.byClientId(account, clientId ?? '') : orders.byId(Number(id))
    return order?.account === account && order.symbol === symbol ? order : undefined
  }

  #readOrder(params: URLSearchParams): OrderAsk | BinanceRefusal {
    const symbol = this.#symbol(params)
    if (isRefusal(symbol)) return symbol
    const side = params.get('side')
    if (side === null) return missing('side')
    if (side !== 'BUY' && side !== 'SELL') return refusals.badSide
    const type = params.get('type')
    if (type === null) return missing('type')
    if (type !== 'LIMIT' && type !== 'LIMIT_MAKER' && type !== 'MARKET') return refusals.badType
    const clientId = params.get('newClientOrderId') ?? this.#makeName()
    if (!clientIdPattern.test(clientId)) return illegalCharacters('newClientOrderId', CLIENT_ID_RANGE)
    const selfTrade = selfTradeWords[params.get('selfTradePreventionMode') ?? 'EXPIRE_MAKER'] ?? SelfTrade.none
    const timeInForce = readTimeInForce(params, type)
    if (typeof timeInForce !== 'number') return timeInForce
    const amounts = type === 'MARKET' ? readMarketAmounts(symbol, params) : readLimitAmounts(symbol, params)
    if (isRefusal(amounts)) return amounts
    return {
      symbol,
      side: side === 'BUY' ? Side.buy : Side.sell,
      type: type === 'MARKET' ? 'market' : 'limit',
      clientId,
      timeInForce,
      postOnly: type === 'LIMIT_MAKER',
      ...amounts,
      selfTrade,
      deadlineUs: 0,
    }
  }

  #makeName(): string {
    return `em${this.#prefix}${(++this.#made).toString(36)}`
  }
}

function readTimeInForce(params: URLSearchParams, type: string): TimeInForce | BinanceRefusal {
  const word = params.get('timeInForce')
  if (type !== 'LIMIT') return word === null ? TimeInForce.gtc : refusals.badCombination
  if (word === null) return missing('timeInForce')
  return timesInForce[word] ?? refusals.badTimeInForce
}

type Amounts = Pick<OrderAsk, 'priceTicks' | 'lots' | 'notional'>

function readLimitAmounts(symbol: EmulatedSymbol, params: URLSearchParams): Amounts | BinanceRefusal {
  const lots = readNumber(params, 'quantity', (text) => symbol.parseLots(text), RejectReason.lotSize)
  if (typeof lots !== 'number') return lots
  const priceTicks = readNumber(params, 'price', (text) => symbol.parsePrice(text), RejectReason.priceFilter)
  if (typeof priceTicks !== 'number') return priceTicks
  return { priceTicks, lots, notional: 0n }
}

function readMarketAmounts(symbol: EmulatedSymbol, params: URLSearchParams): Amounts | BinanceRefusal {
  if (!params.has('quoteOrderQty')) {
    const lots = readNumber(params, 'quantity', (text) => symbol.parseLots(text), RejectReason.lotSize)
    return typeof lots === 'number' ? { priceTicks: 0, lots, notional: 0n } : lots
  }
  const notional = symbol.parseQuote(params.get('quoteOrderQty') ?? '')
  return notional > 0n ? { priceTicks: 0, lots: 0, notional } : missing('quoteOrderQty')
}

/** Finer than the symbol's grid is a filter failure, finer than Binance reads is too precise. */
function readNumber(
  params: URLSearchParams,
  name: string,
  parse: (text: string) => number,
  filter: RejectReason,
): number | BinanceRefusal {
  const text = params.get(name)
  if (text === null || text === '') return missing(name)
  const value = parse(text)
  if (value > 0) return value
  if (value === DecimalError.malformed) return illegalCharacters(name, '^([0-9]{1,20})(\\.[0-9]{1,20})?$')
  const point = text.indexOf('.')
  const isTooFine = value === DecimalError.tooPrecise && point >= 0 && text.length - point - 1 > DECIMALS_MAX
  return isTooFine ? refusals.tooPrecise : orderRefusal(filter)
}

/** From an id on, or between two times; else the newest. Oldest first. */
function page<Row>(
  rows: readonly Row[],
  params: URLSearchParams,
  idName: string,
  at: (row: Row) => { id: number; timeMs: number },
): Row[] {
  const limit = Math.min(ROWS_MAX, Number(params.get('limit') ?? ROWS_DEFAULT) || ROWS_DEFAULT)
  const fromId = params.get(idName)
  if (fromId !== null) return rows.filter((row) => at(row).id >= Number(fromId)).slice(0, limit)
  const startMs = params.get('startTime')
  const endMs = Number(params.get('endTime') ?? Number.MAX_SAFE_INTEGER)
  const inside = rows.filter((row) => at(row).timeMs >= Number(startMs ?? 0) && at(row).timeMs <= endMs)
  return startMs === null ? inside.slice(-limit) : inside.slice(0, limit)
}

function replaced(canceled: object | BinanceRefusal, placed: object | BinanceRefusal | null): object | BinanceRefusal {
  const isCanceled = !isRefusal(canceled)
  const isPlaced = placed !== null && !isRefusal(placed)
  const data = {
    cancelResult: isCanceled ? 'SUCCESS' : 'FAILURE',
    newOrderResult: placed === null ? 'NOT_ATTEMPTED' : isPlaced ? 'SUCCESS' : 'FAILURE',
    cancelResponse: wordsOf(canceled),
    newOrderResponse: placed === null ? null : wordsOf(placed),
  }
  if (isCanceled && isPlaced) return data
  if (!isCanceled && !isPlaced) return { ...refusal(-2022, 'Order cancel-replace failed.'), data }
  return { ...refusal(-2021, 'Order cancel-replace partially failed.', 409), data }
}

function wordsOf(answer: object | BinanceRefusal): object {
  return isRefusal(answer) ? { code: answer.code, msg: answer.msg } : answer
}
