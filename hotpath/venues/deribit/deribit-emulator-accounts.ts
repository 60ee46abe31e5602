/** What Deribit tells one customer: summaries of currencies, trades, and the channels of orders, trades, changes and portfolios. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { OrderNewsKind } from '../emulator/exchange-options.ts'
import type { CallParams } from './deribit-emulator-call.ts'
import { type DeribitDesk, isSelfTrade } from './deribit-emulator-desk.ts'
import { DeribitRefusal, invalidParameter } from './deribit-emulator-refusal.ts'
import { tradeRow, units } from './deribit-emulator-words.ts'

const TRADES_DEFAULT = 10
const TRADES_MAX = 1_000

/** Of one instrument: what a call did to orders of one account. */
export interface AccountChange {
  readonly symbol: EmulatedSymbol
  readonly orders: readonly object[]
  readonly trades: readonly object[]
}

export interface AccountListener {
  readonly account: EmulatedAccount
  hearChange(change: AccountChange): void
  hearPortfolio(currency: string, summary: object): void
}

interface Batch {
  readonly orders: Set<EmulatedOrder>
  readonly newOnes: Set<EmulatedOrder>
  readonly trades: EmulatedTrade[]
}

export class DeribitAccounts {
  readonly #exchange: EmulatedExchange
  readonly #desk: DeribitDesk
  readonly #faults: EmulatorFaults
  readonly #listeners = new Set<AccountListener>()
  /** Of the call under way. */
  readonly #batches = new Map<EmulatedAccount, Batch>()

  constructor(exchange: EmulatedExchange, desk: DeribitDesk, faults: EmulatorFaults) {
    this.#exchange = exchange
    this.#desk = desk
    this.#faults = faults
  }

  // Asked for.

  summaries(account: EmulatedAccount, params: CallParams): unknown {
    const isLong = params.flag('extended')
    const summaries = this.#exchange.assets.map((currency) => this.#summary(account, currency, isLong))
    return { ...(isLong && this.#person(account)), summaries }
  }

  summary(account: EmulatedAccount, params: CallParams): unknown {
    const currency = this.#desk.currency(params)
    if (currency instanceof DeribitRefusal) return currency
    const isLong = params.flag('extended')
    return { ...(isLong && this.#person(account)), ...this.#summary(account, currency, isLong) }
  }

  trades(account: EmulatedAccount, params: CallParams, by: 'currency' | 'instrument'): unknown {
    const currency = by === 'currency' ? this.#desk.currency(params) : undefined
    if (currency instanceof DeribitRefusal) return currency
    const symbol = by === 'instrument' ? this.#desk.symbol(params) : undefined
    if (symbol instanceof DeribitRefusal) return symbol
    // Everything here is recent: history is empty.
    if (params.flag('historical')) return { trades: [], has_more: false }
    const rows = this.#exchange.orders.trades(account).filter(({ order }) => {
      const { base, quote } = order.symbol.instrument
      return symbol === undefined ? base === currency || quote === currency : order.symbol === symbol
    })
    const page = tradePage(rows, params, (trade) => trade)
    if (page instanceof DeribitRefusal) return page
    return { trades: page.rows.map((trade) => tradeRow(trade, this.#exchange.assets)), has_more: page.hasMore }
  }

  // Told.

  listen(listener: AccountListener): void {
    this.#listeners.add(listener)
  }

  leave(listener: AccountListener): void {
    this.#listeners.delete(listener)
  }

  /** Kept until the call is over: then an order's trades and its state are one message. */
  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined): void {
    const known = this.#batches.get(order.account)
    const batch = known ?? { orders: new Set(), newOnes: new Set(), trades: [] }
    this.#batches.set(order.account, batch)
    batch.orders.add(order)
    if (kind === 'new') batch.newOnes.add(order)
    if (trade !== undefined) batch.trades.push(trade)
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    const batch = this.#batches.get(account)
    this.#batches.delete(account)
    const heard = [...this.#listeners].filter((listener) => listener.account === account)
    if (heard.length === 0) return
    const changes = batch === undefined ? [] : this.#changes(batch)
    const summaries = [...assets].map((asset) => this.#exchange.assets[asset])
    for (const change of changes) this.#say(heard, (listener) => listener.hearChange(change))
    for (const currency of summaries) {
      const summary = this.#summary(account, currency, false)
      this.#say(heard, (listener) => listener.hearPortfolio(currency, summary))
    }
  }

  #changes({ orders, newOnes, trades }: Batch): AccountChange[] {
    const told = [...orders].filter((order) => !(newOnes.has(order) && isSelfTrade(order)))
    const symbols = new Set(told.map(({ symbol }) => symbol))
    return [...symbols].map((symbol) => ({
      symbol,
      orders: told.filter((order) => order.symbol === symbol).map((order) => this.#desk.row(order)),
      trades: trades
        .filter(({ order }) => order.symbol === symbol)
        .map((trade) => tradeRow(trade, this.#exchange.assets)),
    }))
  }

  #say(heard: readonly AccountListener[], tell: (listener: AccountListener) => void): void {
    const times = this.#faults.takeRepeats()
    for (let at = 0; at < times; at++) for (const listener of heard) tell(listener)
  }

  #summary(account: EmulatedAccount, currency: string, isLong: boolean): object {
    const { free, locked } = this.#exchange.balance(account, this.#exchange.assets.indexOf(currency))
    return {
      currency,
      balance: units(free + locked),
      equity: units(free + locked),
      margin_balance: units(free),
      available_funds: units(free),
      available_withdrawal_funds: units(free),
      spot_reserve: units(locked),
      additional_reserve: 0,
      initial_margin: 0,
      maintenance_margin: 0,
      projected_initial_margin: 0,
      projected_maintenance_margin: 0,
      fee_balance: 0,
      delta_total: 0,
      total_pl: 0,
      session_upl: 0,
      session_rpl: 0,
      margin_model: 'segregated_sm',
      portfolio_margining_enabled: false,
      cross_collateral_enabled: false,
      ...(isLong && { fees: this.#fees(currency) }),
    }
  }

  #fees(currency: string): object[] {
    const symbols = this.#exchange.symbols.filter(({ instrument }) => instrument.base === currency)
    return symbols.map(({ instrument, listing }) => ({
      kind: 'spot',
      index_name: `${instrument.base}_${instrument.quote}`.toLowerCase(),
      value: { default: { type: 'fixed', maker: listing.makerPpm / 1e6, taker: listing.takerPpm / 1e6 } },
    }))
  }

  #person(account: EmulatedAccount): object {
    return {
      id: account.index + 1,
      username: account.name,
      system_name: account.name,
      type: 'main',
      login_enabled: true,
      self_trading_reject_mode: this.#desk.selfTradingMode(account),
      self_trading_extended_to_subaccounts: false,
    }
  }
}

/**
 * `rows` oldest first, by number or by time. A start counts from it on, oldest first; without one the newest are told, newest first.
 * O(rows).
 */
export function tradePage<Row>(
  rows: readonly Row[],
  params: CallParams,
  at: (row: Row) => { readonly id: number; readonly timeMs: number },
): { rows: Row[]; hasMore: boolean } | DeribitRefusal {
  const count = params.count('count') ?? TRADES_DEFAULT
  if (!(count > 0 && count <= TRADES_MAX)) return invalidParameter('count', `must be between 1 and ${TRADES_MAX}`)
  const starts = [params.count('start_seq'), params.count('start_timestamp')]
  const [startSeq, startMs] = starts.map((start) => start ?? 0)
  const endSeq = params.count('end_seq') ?? Number.MAX_SAFE_INTEGER
  const endMs = params.count('end_timestamp') ?? Number.MAX_SAFE_INTEGER
  const bounds = [startSeq, startMs, endSeq, endMs]
  if (bounds.some(Number.isNaN)) return invalidParameter('start_timestamp', 'must be an integer')
  const inside = rows.filter((row) => {
    const { id, timeMs } = at(row)
    return id >= startSeq && id <= endSeq && timeMs >= startMs && timeMs <= endMs
  })
  const isFromStart = starts.some((start) => start !== undefined) || params.text('sorting') === 'asc'
  const hasMore = inside.length > count
  if (!isFromStart) return { rows: inside.slice(-count).reverse(), hasMore }
  const page = inside.slice(0, count)
  return { rows: params.text('sorting') === 'desc' ? page.reverse() : page, hasMore }
}
