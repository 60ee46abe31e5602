/** Kraken's private channels of WebSocket v2: executions and balances, told to whoever subscribed with a token. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText } from '../emulator/emulated-symbol.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { OrderNewsKind } from '../emulator/exchange-options.ts'
import {
  costText,
  flagsOf,
  isoText,
  isTimedOut,
  lotsText,
  orderTxid,
  priceText,
  reasonText,
  sideWord,
  timeInForceWord,
  tradeTxid,
} from './kraken-emulator-words.ts'

const TRADES_SHOWN = 50
const AVERAGE_DIGITS = 8

export type PrivateChannel = 'executions' | 'balances'

export interface PrivateListener {
  readonly account: EmulatedAccount
  readonly channel: PrivateChannel
  /** Every status an order goes through, or only its beginning and its end. */
  readonly isDetailed: boolean
  hear(text: string): void
}

export class KrakenNews {
  readonly #exchange: EmulatedExchange
  readonly #faults: EmulatorFaults
  /** What was said last on each subscription. */
  readonly #sequences = new Map<PrivateListener, number>()
  readonly #totals = new Map<EmulatedAccount, Map<number, bigint>>()
  #ledgers = 0

  constructor(exchange: EmulatedExchange, faults: EmulatorFaults) {
    this.#exchange = exchange
    this.#faults = faults
  }

  /** Begins to tell, with what is: open orders and the last trades where they are wanted, or all balances. */
  listen(listener: PrivateListener, wants: { readonly orders: boolean; readonly trades: boolean }): void {
    this.#sequences.set(listener, 0)
    const { account } = listener
    if (listener.channel === 'balances') {
      this.#say(listener, 'snapshot', this.#balanceRows(account))
      return
    }
    const { orders } = this.#exchange
    const trades = wants.trades
      ? orders
          .trades(account)
          .slice(-TRADES_SHOWN)
          .map((trade) => this.#trade(trade))
      : []
    const open = wants.orders ? orders.open(account).map((order) => ({ ...whole(order), exec_type: 'new' })) : []
    this.#say(listener, 'snapshot', [...open, ...trades])
  }

  leave(listener: PrivateListener): void {
    this.#sequences.delete(listener)
  }

  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined): void {
    switch (kind) {
      case 'new':
        this.#tell(order, { ...whole(order), exec_type: 'pending_new', order_status: 'pending_new' }, true)
        this.#tell(order, { ...brief(order), exec_type: 'new', order_status: 'new' }, false)
        return
      case 'trade':
        if (trade !== undefined) this.#tell(order, this.#trade(trade), false)
        if (order.status === 'filled') this.#tell(order, { ...ended(order), exec_type: 'filled' }, false)
        return
      case 'replaced':
        this.#tell(order, { ...whole(order), exec_type: 'amended', amended: true, reason: 'User requested' }, true)
        return
      default:
        this.#tell(order, this.#end(order), false)
    }
  }

  /** Only what trades changed: holds are no business of this channel. */
  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    const known = this.#totals.get(account) ?? new Map<number, bigint>()
    this.#totals.set(account, known)
    const rows: object[] = []
    for (const asset of assets) {
      const { free, locked } = this.#exchange.balance(account, asset)
      const before = known.get(asset)
      known.set(asset, free + locked)
      if (before !== undefined && before !== free + locked) rows.push(this.#ledgerRow(asset, free + locked, before))
    }
    if (rows.length === 0) return
    for (const listener of this.#sequences.keys()) {
      if (listener.account === account && listener.channel === 'balances') this.#say(listener, 'update', rows)
    }
  }

  #end(order: EmulatedOrder): object {
    if (isTimedOut(order)) return { ...ended(order), exec_type: 'expired', order_status: 'expired' }
    const reason = reasonText(order)
    return { ...ended(order), exec_type: 'canceled', order_status: 'canceled', reason, cancel_reason: reason }
  }

  #trade(trade: EmulatedTrade): object {
    const { order } = trade
    const { symbol } = order
    return {
      ...named(order),
      symbol: symbol.name,
      exec_id: tradeTxid(trade),
      exec_type: 'trade',
      trade_id: trade.id,
      side: sideWord(order.ask.side),
      last_qty: Number(lotsText(symbol, trade.lots)),
      last_price: Number(priceText(symbol, trade.priceTicks)),
      liquidity_ind: trade.isMaker ? 'm' : 't',
      cost: Number(costText(symbol, trade.notional)),
      order_status: statusOf(order),
      order_type: order.ask.type,
      fees: [{ asset: this.#exchange.assets[trade.feeAsset], qty: Number(assetText(trade.fee)) }],
      fee_ccy_pref: flagsOf(order),
      timestamp: isoText(trade.timeMs),
    }
  }

  #balanceRows(account: EmulatedAccount): object[] {
    const known = this.#totals.get(account) ?? new Map<number, bigint>()
    this.#totals.set(account, known)
    return this.#exchange.assets.map((asset, row) => {
      const { free, locked } = this.#exchange.balance(account, row)
      known.set(row, free + locked)
      const balance = Number(assetText(free + locked))
      return { asset, asset_class: 'currency', balance, wallets: [{ type: 'spot', id: 'main', balance }] }
    })
  }

  #ledgerRow(row: number, total: bigint, before: bigint): object {
    const change = total - before
    const amount = Number(assetText(change < 0n ? -change : change)) * (change < 0n ? -1 : 1)
    return {
      ledger_id: `L${(++this.#ledgers).toString(36).toUpperCase().padStart(5, '0')}-00000-000000`,
      ref_id: 'T00000-00000-000000',
      timestamp: isoText(this.#exchange.nowMs),
      type: 'trade',
      asset: this.#exchange.assets[row],
      asset_class: 'currency',
      category: 'trade',
      wallet_type: 'spot',
      wallet_id: 'main',
      amount,
      fee: 0,
      balance: Number(assetText(total)),
    }
  }

  /** One message a piece of news; `isDetail`: not for those who want only beginnings and ends. */
  #tell(order: EmulatedOrder, row: object, isDetail: boolean): void {
    for (const listener of this.#sequences.keys()) {
      if (listener.account !== order.account || listener.channel !== 'executions') continue
      if (!isDetail || listener.isDetailed) this.#say(listener, 'update', [row])
    }
  }

  #say(listener: PrivateListener, type: 'snapshot' | 'update', data: readonly object[]): void {
    const sequence = (this.#sequences.get(listener) ?? 0) + 1
    this.#sequences.set(listener, sequence)
    const text = JSON.stringify({ channel: listener.channel, type, data, sequence })
    const times = type === 'update' ? this.#faults.takeRepeats() : 1
    for (let at = 0; at < times; at++) listener.hear(text)
  }
}

function statusOf(order: EmulatedOrder): string {
  return order.status === 'partiallyFilled' ? 'partially_filled' : order.status
}

function named({ id, ask }: EmulatedOrder): object {
  const names = { order_id: orderTxid(id), order_userref: Number(ask.words?.['userref'] ?? 0) }
  return ask.clientId === '' ? names : { ...names, cl_ord_id: ask.clientId }
}

/** What is said of an order once. */
function whole(order: EmulatedOrder): object {
  const { symbol, ask } = order
  const limit = ask.type === 'market' ? {} : { limit_price: Number(priceText(symbol, order.priceTicks)) }
  return {
    ...named(order),
    symbol: symbol.name,
    order_qty: Number(lotsText(symbol, order.lots)),
    cum_cost: Number(costText(symbol, order.notional)),
    cum_qty: Number(lotsText(symbol, order.filledLots)),
    time_in_force: timeInForceWord(order),
    side: sideWord(ask.side),
    order_type: ask.type,
    limit_price_type: 'static',
    ...limit,
    stop_price: 0,
    order_status: statusOf(order),
    fee_usd_equiv: 0,
    fee_ccy_pref: flagsOf(order),
    timestamp: isoText(order.updatedMs),
  }
}

/** What is said of it later: not even its symbol. */
function brief(order: EmulatedOrder): object {
  return { ...named(order), timestamp: isoText(order.updatedMs) }
}

function ended(order: EmulatedOrder): object {
  const { symbol } = order
  return {
    ...brief(order),
    order_status: statusOf(order),
    cum_qty: Number(lotsText(symbol, order.filledLots)),
    cum_cost: Number(costText(symbol, order.notional)),
    avg_price: Number(symbol.averageText(order.notional, order.filledLots, AVERAGE_DIGITS)),
    fee_usd_equiv: 0,
  }
}
