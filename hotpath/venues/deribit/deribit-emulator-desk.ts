/** Deribit's order desk: reads the parameters of an order, asks the exchange, answers in Deribit's words. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { DecimalError } from '../../../shared/units/ticks.ts'
import { BookSide } from '../../book/book-table.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade, OrderAsk } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { SelfTrade } from '../paper/paper-options.ts'
import type { CallParams } from './deribit-emulator-call.ts'
import { DeribitRefusal, invalidParameter, orderRefusal, refusals } from './deribit-emulator-refusal.ts'
import { labelOf, orderNumber, orderRow, timesInForce, tradeRow } from './deribit-emulator-words.ts'

const LABEL_CHARS_MAX = 64
const POST_ONLY_EDIT = 'edit_post_only_reject'

type Terms = Pick<OrderAsk, 'priceTicks' | 'lots'>

export class DeribitDesk {
  readonly #exchange: EmulatedExchange
  readonly #cancelMaker = new Set<EmulatedAccount>()
  /** Orders that an edit canceled. */
  readonly #edited = new WeakSet<EmulatedOrder>()

  constructor(exchange: EmulatedExchange) {
    this.#exchange = exchange
  }

  /** `nowMs` by the clock that customers see. */
  place(account: EmulatedAccount, side: Side, params: CallParams, nowMs: number): unknown {
    const ask = this.#readOrder(account, side, params)
    if (ask instanceof DeribitRefusal) return ask
    if (isTooLate(params, nowMs)) return refusals.timedOut
    const placed = this.#exchange.place(account, ask)
    if (placed.order === undefined) return orderRefusal(placed.refusal)
    if (isSelfTrade(placed.order)) {
      this.#exchange.orders.drop(placed.order)
      return refusals.orderOverlap
    }
    return this.#withTrades(placed.order, placed.order.trades)
  }

  /** By id, or by the label of the only open order that has it. */
  edit(account: EmulatedAccount, params: CallParams, nowMs: number): unknown {
    const order = this.#findOne(account, params)
    if (order instanceof DeribitRefusal) return order
    if (!order.isOpen) return refusals.notOpenOrder
    const terms = readTerms(order.symbol, params, 'limit')
    if (terms instanceof DeribitRefusal) return terms
    if (isTooLate(params, nowMs)) return refusals.timedOut
    const before = order.trades.length
    const reason = this.#exchange.amend(order, terms)
    if (reason === RejectReason.postOnlyWouldTake) {
      this.#edited.add(order)
      this.#exchange.cancel(order)
    }
    return reason === RejectReason.none ? this.#withTrades(order, order.trades.slice(before)) : orderRefusal(reason)
  }

  cancel(account: EmulatedAccount, params: CallParams): unknown {
    const order = this.#findOne(account, params)
    if (order instanceof DeribitRefusal) return order
    return this.#exchange.cancel(order) === RejectReason.none ? this.row(order) : refusals.notOpenOrder
  }

  cancelByLabel(account: EmulatedAccount, params: CallParams): unknown {
    const label = params.text('label')
    if (label === undefined || label === '') return invalidParameter('label', 'value required')
    return this.#cancelAll(account, params, (order) => labelOf(order) === label)
  }

  cancelByInstrument(account: EmulatedAccount, params: CallParams): unknown {
    const symbol = this.symbol(params)
    if (symbol instanceof DeribitRefusal) return symbol
    return this.#cancelAll(account, params, (order) => order.symbol === symbol)
  }

  cancelByCurrency(account: EmulatedAccount, params: CallParams): unknown {
    const currency = this.currency(params)
    if (currency instanceof DeribitRefusal) return currency
    return this.#cancelAll(account, params, (order) => isOf(order, currency))
  }

  cancelAll(account: EmulatedAccount, params: CallParams): unknown {
    return this.#cancelAll(account, params, () => true)
  }

  state(account: EmulatedAccount, params: CallParams): unknown {
    const order = this.#byId(account, params)
    return order instanceof DeribitRefusal ? order : this.row(order)
  }

  statesByLabel(account: EmulatedAccount, params: CallParams): unknown {
    const currency = this.currency(params)
    if (currency instanceof DeribitRefusal) return currency
    const label = params.text('label') ?? ''
    const orders = this.#exchange.orders.all(account).filter((order) => labelOf(order) === label)
    return orders.filter((order) => isOf(order, currency)).map((order) => this.row(order))
  }

  openOrders(account: EmulatedAccount, params: CallParams, by: 'all' | 'currency' | 'instrument' | 'label'): unknown {
    const currency = by === 'currency' || by === 'label' ? this.currency(params) : undefined
    if (currency instanceof DeribitRefusal) return currency
    const symbol = by === 'instrument' ? this.symbol(params) : undefined
    if (symbol instanceof DeribitRefusal) return symbol
    const label = by === 'label' ? (params.text('label') ?? '') : undefined
    return this.#exchange.orders
      .open(account)
      .filter((order) => symbol === undefined || order.symbol === symbol)
      .filter((order) => currency === undefined || isOf(order, currency))
      .filter((order) => label === undefined || labelOf(order) === label)
      .map((order) => this.row(order))
  }

  /** Ended orders, newest first; those without a fill only when asked for. */
  history(account: EmulatedAccount, params: CallParams, by: 'currency' | 'instrument'): unknown {
    const currency = by === 'currency' ? this.currency(params) : undefined
    if (currency instanceof DeribitRefusal) return currency
    const symbol = by === 'instrument' ? this.symbol(params) : undefined
    if (symbol instanceof DeribitRefusal) return symbol
    const hasUnfilled = params.flag('include_unfilled')
    const rows = this.#exchange.orders
      .all(account)
      .filter((order) => !order.isOpen && (hasUnfilled || order.filledLots > 0))
      .filter((order) => symbol === undefined || order.symbol === symbol)
      .filter((order) => currency === undefined || isOf(order, currency))
    const offset = params.count('offset') ?? 0
    const count = params.count('count') ?? 20
    if (!(offset >= 0) || !(count > 0)) return invalidParameter('count', 'must be a positive integer')
    return rows
      .reverse()
      .slice(offset, offset + count)
      .map((order) => this.row(order))
  }

  tradesOfOrder(account: EmulatedAccount, params: CallParams): unknown {
    const order = this.#byId(account, params)
    if (order instanceof DeribitRefusal) return order
    // Everything here is recent: history is empty.
    if (params.flag('historical')) return []
    return order.trades.map((trade) => tradeRow(trade, this.#exchange.assets))
  }

  /** Self-trade prevention of the account: the taker is rejected, or the maker canceled. */
  setSelfTrading(account: EmulatedAccount, params: CallParams): unknown {
    const mode = params.text('mode')
    if (mode !== 'reject_taker' && mode !== 'cancel_maker') return invalidParameter('mode', 'invalid value')
    if (mode === 'cancel_maker') this.#cancelMaker.add(account)
    else this.#cancelMaker.delete(account)
    return 'ok'
  }

  selfTradingMode(account: EmulatedAccount): string {
    return this.#cancelMaker.has(account) ? 'cancel_maker' : 'reject_taker'
  }

  row(order: EmulatedOrder): object {
    return orderRow(order, this.#edited.has(order) ? POST_ONLY_EDIT : '')
  }

  symbol(params: CallParams): EmulatedSymbol | DeribitRefusal {
    const name = params.text('instrument_name')
    if (name === undefined) return invalidParameter('instrument_name', 'value required')
    return this.#exchange.symbol(name) ?? new DeribitRefusal(13020, 'not_found', { reason: 'instrument_not_found' })
  }

  currency(params: CallParams): string | DeribitRefusal {
    const currency = params.text('currency') ?? ''
    return this.#exchange.assets.includes(currency) ? currency : invalidParameter('currency', 'invalid currency')
  }

  #readOrder(account: EmulatedAccount, side: Side, params: CallParams): OrderAsk | DeribitRefusal {
    const symbol = this.symbol(params)
    if (symbol instanceof DeribitRefusal) return symbol
    const type = params.text('type') ?? 'limit'
    if (type !== 'limit' && type !== 'market') return invalidParameter('type', 'invalid value')
    const label = params.text('label') ?? ''
    if (label.length > LABEL_CHARS_MAX) return invalidParameter('label', 'value too long')
    const timeInForce = timesInForce[params.text('time_in_force') ?? 'good_til_cancelled']
    if (timeInForce === undefined) return invalidParameter('time_in_force', 'invalid value')
    const postOnly = params.flag('post_only')
    if (postOnly && (type === 'market' || timeInForce !== TimeInForce.gtc)) return refusals.postOnlyNotAllowed
    const rejects = params.flag('reject_post_only')
    if (rejects && !postOnly) return invalidParameter('reject_post_only', 'only valid with post_only')
    const terms = readTerms(symbol, params, type)
    if (terms instanceof DeribitRefusal) return terms
    return {
      symbol,
      side,
      type,
      // Labels are no ids: any number of orders may have one.
      clientId: '',
      timeInForce,
      postOnly,
      ...terms,
      priceTicks: postOnly && !rejects ? this.#behindTouch(symbol, side, terms.priceTicks) : terms.priceTicks,
      notional: 0n,
      selfTrade: this.#cancelMaker.has(account) ? SelfTrade.expireMaker : SelfTrade.expireTaker,
      deadlineUs: 0,
      words: { label, reject: `${rejects}` },
    }
  }

  /** Post-only that may be moved: just below or above the spread. */
  #behindTouch(symbol: EmulatedSymbol, side: Side, priceTicks: number): number {
    const [best] = this.#exchange.book(symbol).top(side === Side.buy ? BookSide.ask : BookSide.bid, 1)
    const { tickStep } = symbol.listing
    if (best === undefined) return priceTicks
    return side === Side.buy ? Math.min(priceTicks, best[0] - tickStep) : Math.max(priceTicks, best[0] + tickStep)
  }

  #withTrades(order: EmulatedOrder, trades: readonly EmulatedTrade[]): object {
    return { order: this.row(order), trades: trades.map((trade) => tradeRow(trade, this.#exchange.assets)) }
  }

  #byId(account: EmulatedAccount, params: CallParams): EmulatedOrder | DeribitRefusal {
    const id = params.text('order_id')
    if (id === undefined) return invalidParameter('order_id', 'value required')
    const order = this.#exchange.orders.byId(orderNumber(id))
    return order?.account === account && id.startsWith(`${order.symbol.name}-`) ? order : refusals.orderNotFound
  }

  #findOne(account: EmulatedAccount, params: CallParams): EmulatedOrder | DeribitRefusal {
    const label = params.text('label')
    if (params.text('order_id') !== undefined || label === undefined) return this.#byId(account, params)
    const symbol = this.symbol(params)
    if (symbol instanceof DeribitRefusal) return symbol
    const open = this.#exchange.orders.open(account)
    const found = open.filter((order) => labelOf(order) === label && order.symbol === symbol)
    if (found.length > 1) return refusals.nonUniqueLabel
    return found[0] ?? refusals.orderNotFound
  }

  /** How many; with `detailed` a report an instrument, its canceled orders in it. */
  #cancelAll(account: EmulatedAccount, params: CallParams, isMeant: (order: EmulatedOrder) => boolean): unknown {
    const meant = this.#exchange.orders.open(account).filter(isMeant)
    const canceled = meant.filter((order) => this.#exchange.cancel(order) === RejectReason.none)
    if (!params.flag('detailed')) return canceled.length
    const symbols = new Set(canceled.map(({ symbol }) => symbol))
    return [...symbols].map((symbol) => ({
      currency: symbol.instrument.base,
      type: 'limit',
      instrument_name: symbol.name,
      result: canceled.filter((order) => order.symbol === symbol).map((order) => this.row(order)),
    }))
  }
}

/** Of a new order: it was stopped before it traded, as if it never was. */
export function isSelfTrade(order: EmulatedOrder): boolean {
  return order.reason === RejectReason.selfTrade && order.filledLots === 0
}

/** Of a spot order either coin: under which of the two the venue files it is not documented. */
function isOf({ symbol }: EmulatedOrder, currency: string): boolean {
  return symbol.instrument.base === currency || symbol.instrument.quote === currency
}

function isTooLate(params: CallParams, nowMs: number): boolean {
  const validUntil = params.count('valid_until')
  return validUntil !== undefined && !(nowMs <= validUntil)
}

function readTerms(symbol: EmulatedSymbol, params: CallParams, type: 'limit' | 'market'): Terms | DeribitRefusal {
  const lots = readNumber(params, 'amount', (text) => symbol.parseLots(text), refusals.invalidAmount)
  if (typeof lots !== 'number') return lots
  if (type === 'market') return { priceTicks: 0, lots }
  const priceTicks = readNumber(params, 'price', (text) => symbol.parsePrice(text), refusals.priceWrongTick)
  return typeof priceTicks === 'number' ? { priceTicks, lots } : priceTicks
}

function readNumber(
  params: CallParams,
  name: string,
  parse: (text: string) => number,
  tooPrecise: DeribitRefusal,
): number | DeribitRefusal {
  const text = params.text(name)
  if (text === undefined) return invalidParameter(name, 'value required')
  // A JSON number below a millionth is written with an exponent.
  const value = parse(/e/i.test(text) ? Number(text).toFixed(12).replace(/0+$/, '') : text)
  if (value > 0) return value
  return value === DecimalError.tooPrecise ? tooPrecise : invalidParameter(name, 'must be a positive number')
}
