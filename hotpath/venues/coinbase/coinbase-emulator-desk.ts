/** Coinbase's order desk: reads the configuration of an order, asks the exchange, answers in Coinbase's words. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, OrderAsk } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { isWords, listOf, member, textOf, type Words, wordsOf } from '../native/json-words.ts'
import { SelfTrade } from '../paper/paper-options.ts'
import { CoinbaseFault, faults, invalid, OrderFailure, orderFailure } from './coinbase-emulator-refusal.ts'
import { fillRow, isoText, orderIdOf, orderRow, orderUuid, sideWord } from './coinbase-emulator-words.ts'

const CLIENT_ID_MAX = 128
const CANCELS_MAX = 100
const PAGE_DEFAULT = 100
const PAGE_MAX = 1_000

const configurations: Readonly<Record<string, TimeInForce>> = {
  limit_limit_gtc: TimeInForce.gtc,
  limit_limit_gtd: TimeInForce.gtd,
  limit_limit_fok: TimeInForce.fok,
  sor_limit_ioc: TimeInForce.ioc,
  market_market_ioc: TimeInForce.ioc,
}

export class CoinbaseDesk {
  readonly #exchange: EmulatedExchange
  readonly #now: () => number

  constructor(exchange: EmulatedExchange, now: () => number) {
    this.#exchange = exchange
    this.#now = now
  }

  create(account: EmulatedAccount, words: Words): object | CoinbaseFault {
    const clientId = textOf(words, 'client_order_id')
    if (clientId === '' || clientId.length > CLIENT_ID_MAX) return invalid('client_order_id is not valid')
    const configuration = member(words, 'order_configuration')
    // A used id makes no order: the one that has it is answered.
    const known = this.#exchange.orders.byClientId(account, clientId)
    if (known !== undefined) return taken(known, configuration)
    const ask = this.#readOrder(words, clientId)
    if (ask instanceof CoinbaseFault) return ask
    if (ask instanceof OrderFailure) return refused(ask, configuration)
    const { order, refusal } = this.#exchange.place(account, ask)
    return order === undefined ? refused(orderFailure(refusal), configuration) : taken(order, configuration)
  }

  edit(account: EmulatedAccount, words: Words): object {
    const order = this.#own(account, textOf(words, 'order_id'))
    if (order === undefined) return notEdited('ORDER_NOT_FOUND')
    if (!order.isOpen) return notEdited('ONLY_OPEN_ORDERS_CAN_BE_EDITED')
    if (order.ask.timeInForce !== TimeInForce.gtc) return notEdited('ONLY_LIMIT_ORDER_EDITS_SUPPORTED')
    const { symbol } = order
    const lots = amountOr(textOf(words, 'size'), (text) => symbol.parseLots(text), order.lots)
    const priceTicks = amountOr(textOf(words, 'price'), (text) => symbol.parsePrice(text), order.priceTicks)
    if (lots <= 0) return notEdited('INVALID_EDITED_SIZE')
    if (priceTicks <= 0) return notEdited('INVALID_EDITED_PRICE')
    if (lots <= order.filledLots) return notEdited('CANNOT_EDIT_TO_BELOW_FILLED_SIZE')
    const refusal = this.#exchange.amend(order, { priceTicks, lots })
    return refusal === RejectReason.none ? { success: true, errors: [] } : notEdited('', orderFailure(refusal).preview)
  }

  /** Each order for itself: some may be canceled and others not. */
  batchCancel(account: EmulatedAccount, words: Words): object | CoinbaseFault {
    const ids = listOf(member(words, 'order_ids'))
    if (ids.length === 0 || ids.length > CANCELS_MAX) return invalid('order_ids must name 1 to 100 orders')
    const results = ids.map((id) => {
      const reason = this.#cancel(account, `${id}`)
      return { success: reason === '', failure_reason: reason || 'UNKNOWN_CANCEL_FAILURE_REASON', order_id: `${id}` }
    })
    return { results }
  }

  get(account: EmulatedAccount, id: string): object | CoinbaseFault {
    const order = this.#own(account, id)
    return order === undefined ? faults.unknownOrder : { order: orderRow(order) }
  }

  /** Newest first. */
  list(account: EmulatedAccount, query: URLSearchParams): object {
    const states = query.getAll('order_status')
    const products = [...query.getAll('product_ids'), ...query.getAll('product_id')]
    const ids = query.getAll('order_ids')
    const [from, to] = [timeOf(query.get('start_date'), 0), timeOf(query.get('end_date'), Number.MAX_SAFE_INTEGER)]
    const orders = this.#exchange.orders
      .all(account)
      .filter((order) => states.length === 0 || states.includes((orderRow(order) as { status: string }).status))
      .filter(({ symbol }) => products.length === 0 || products.includes(symbol.name))
      .filter(({ id }) => ids.length === 0 || ids.includes(orderUuid(id)))
      .filter(({ createdMs }) => createdMs >= from && createdMs < to)
      .reverse()
    const { rows, cursor } = page(orders, query)
    return { orders: rows.map(orderRow), sequence: '0', has_next: cursor !== '', cursor }
  }

  /** Newest first. */
  fills(account: EmulatedAccount, query: URLSearchParams): object {
    const products = [...query.getAll('product_ids'), ...query.getAll('product_id')]
    const ids = [...query.getAll('order_ids'), ...query.getAll('order_id')]
    const from = timeOf(query.get('start_sequence_timestamp'), 0)
    const to = timeOf(query.get('end_sequence_timestamp'), Number.MAX_SAFE_INTEGER)
    const trades = this.#exchange.orders
      .trades(account)
      .filter(({ order }) => products.length === 0 || products.includes(order.symbol.name))
      .filter(({ order }) => ids.length === 0 || ids.includes(orderUuid(order.id)))
      .filter(({ timeMs }) => timeMs >= from && timeMs < to)
      .reverse()
    const { rows, cursor } = page(trades, query)
    return { fills: rows.map(fillRow), cursor }
  }

  #own(account: EmulatedAccount, id: string): EmulatedOrder | undefined {
    const order = this.#exchange.orders.byId(orderIdOf(id))
    return order?.account === account ? order : undefined
  }

  #cancel(account: EmulatedAccount, id: string): string {
    const order = this.#own(account, id)
    if (order === undefined) return 'UNKNOWN_CANCEL_ORDER'
    if (order.status === 'filled') return 'ORDER_IS_FULLY_FILLED'
    return this.#exchange.cancel(order) === RejectReason.none ? '' : 'UNKNOWN_CANCEL_ORDER'
  }

  #readOrder(words: Words, clientId: string): OrderAsk | OrderFailure | CoinbaseFault {
    const symbol = this.#exchange.symbol(textOf(words, 'product_id'))
    if (symbol === undefined) return new OrderFailure('INVALID_PRODUCT_ID')
    const side = textOf(words, 'side')
    if (side !== 'BUY' && side !== 'SELL') return new OrderFailure('INVALID_SIDE')
    const [[name, terms] = ['', undefined]] = Object.entries(wordsOf(member(words, 'order_configuration')))
    if (!Object.hasOwn(configurations, name) || !isWords(terms))
      return new OrderFailure('UNSUPPORTED_ORDER_CONFIGURATION')
    const isMarket = name === 'market_market_ioc'
    const timeInForce = configurations[name]
    const endMs = Date.parse(textOf(terms, 'end_time')) - this.#now()
    if (timeInForce === TimeInForce.gtd && !(endMs > 0)) return invalid('end_time is not in the future')
    const amounts = isMarket ? readMarket(symbol, terms) : readLimit(symbol, terms)
    if (amounts instanceof OrderFailure) return amounts
    return {
      symbol,
      side: side === 'BUY' ? Side.buy : Side.sell,
      type: isMarket ? 'market' : 'limit',
      clientId,
      timeInForce,
      postOnly: member(terms, 'post_only') === true,
      ...amounts,
      // The one that comes is stopped, with or without an id to say so.
      selfTrade: SelfTrade.expireTaker,
      deadlineUs: timeInForce === TimeInForce.gtd ? (this.#exchange.nowMs + endMs) * 1_000 : 0,
      words: timeInForce === TimeInForce.gtd ? { end_time: isoText(this.#now() + endMs) } : {},
    }
  }
}

type Amounts = Pick<OrderAsk, 'priceTicks' | 'lots' | 'notional'>

function readLimit(symbol: EmulatedSymbol, terms: Words): Amounts | OrderFailure {
  const lots = symbol.parseLots(textOf(terms, 'base_size'))
  if (lots <= 0) return new OrderFailure('INVALID_SIZE_PRECISION')
  const priceTicks = symbol.parsePrice(textOf(terms, 'limit_price'))
  if (priceTicks <= 0) return new OrderFailure('INVALID_PRICE_PRECISION')
  return { priceTicks, lots, notional: 0n }
}

function readMarket(symbol: EmulatedSymbol, terms: Words): Amounts | OrderFailure {
  const quote = textOf(terms, 'quote_size')
  if (quote === '') {
    const lots = symbol.parseLots(textOf(terms, 'base_size'))
    return lots > 0 ? { priceTicks: 0, lots, notional: 0n } : new OrderFailure('INVALID_SIZE_PRECISION')
  }
  const notional = symbol.parseQuote(quote)
  return notional > 0n
    ? { priceTicks: 0, lots: 0, notional }
    : new OrderFailure('UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_PRECISION')
}

function taken(order: EmulatedOrder, configuration: unknown): object {
  return {
    success: true,
    failure_reason: 'UNKNOWN_FAILURE_REASON',
    order_id: orderUuid(order.id),
    success_response: {
      order_id: orderUuid(order.id),
      product_id: order.symbol.name,
      side: sideWord(order.ask.side),
      client_order_id: order.ask.clientId,
    },
    order_configuration: configuration,
  }
}

function refused({ error, preview, message }: OrderFailure, configuration: unknown): object {
  return {
    success: false,
    failure_reason: 'UNKNOWN_FAILURE_REASON',
    order_id: '',
    error_response: {
      error,
      message,
      error_details: '',
      preview_failure_reason: preview,
      new_order_failure_reason: error,
    },
    order_configuration: configuration,
  }
}

function notEdited(edit: string, preview = 'UNKNOWN_PREVIEW_FAILURE_REASON'): object {
  const reason = edit || 'UNKNOWN_EDIT_ORDER_FAILURE_REASON'
  return { success: false, errors: [{ edit_failure_reason: reason, preview_failure_reason: preview }] }
}

/** A DecimalError is below 0. */
function amountOr(text: string, parse: (text: string) => number, otherwise: number): number {
  return text === '' ? otherwise : parse(text)
}

function timeOf(text: string | null, otherwise: number): number {
  const ms = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(ms) ? otherwise : ms
}

/** The cursor is where the next page begins. */
function page<Row>(rows: readonly Row[], query: URLSearchParams): { rows: readonly Row[]; cursor: string } {
  const asked = Number(query.get('limit') ?? PAGE_DEFAULT)
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, PAGE_MAX) : PAGE_DEFAULT
  const from = Number(query.get('cursor') ?? 0) || 0
  const end = from + size
  return { rows: rows.slice(from, end), cursor: end < rows.length ? `${end}` : '' }
}
