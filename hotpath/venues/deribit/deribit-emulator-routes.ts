/** Deribit's methods: what each costs, what it needs, who answers. */
import { Side } from '../../../shared/domain/order.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { DeribitAccounts } from './deribit-emulator-accounts.ts'
import type { CallParams } from './deribit-emulator-call.ts'
import type { DeribitCatalogue } from './deribit-emulator-catalogue.ts'
import type { DeribitDesk } from './deribit-emulator-desk.ts'

/** The rooms a route may ask. */
export interface DeribitRooms {
  readonly nowMs: number
  readonly desk: DeribitDesk
  readonly accounts: DeribitAccounts
  readonly catalogue: DeribitCatalogue
}

export interface DeribitRoute {
  /** Of the matching engine, which has credits of its own. */
  readonly isEngine: boolean
  /** Answers a result or a DeribitRefusal. `account` is somebody for private methods. */
  readonly answer: (rooms: DeribitRooms, params: CallParams, account: EmulatedAccount) => unknown
}

type Answer = DeribitRoute['answer']

function plain(answer: Answer): DeribitRoute {
  return { isEngine: false, answer }
}

function engine(answer: Answer): DeribitRoute {
  return { isEngine: true, answer }
}

const edit = engine(({ desk, nowMs }, params, account) => desk.edit(account, params, nowMs))
const lastTrades = plain(({ catalogue }, params) => catalogue.lastTrades(params))
const tradesByCurrency = plain(({ accounts }, params, account) => accounts.trades(account, params, 'currency'))
const tradesByInstrument = plain(({ accounts }, params, account) => accounts.trades(account, params, 'instrument'))

/** By method. Those of a connection (login, subscriptions, heartbeats) are the sockets'. */
export const deribitRoutes: ReadonlyMap<string, DeribitRoute> = new Map([
  ['public/test', plain(() => ({ version: '1.2.26' }))],
  ['public/get_time', plain(({ nowMs }) => nowMs)],
  ['public/get_currencies', plain(({ catalogue }) => catalogue.currencies())],
  ['public/get_instruments', plain(({ catalogue }, params) => catalogue.instruments(params))],
  ['public/get_instrument', plain(({ catalogue }, params) => catalogue.instrument(params))],
  ['public/get_order_book', plain(({ catalogue }, params) => catalogue.orderBook(params))],
  ['public/ticker', plain(({ catalogue }, params) => catalogue.tickerOf(params))],
  ['public/get_book_summary_by_currency', plain(({ catalogue }, params) => catalogue.summaries(params))],
  ['public/get_last_trades_by_instrument', lastTrades],
  ['public/get_last_trades_by_instrument_and_time', lastTrades],
  ['private/buy', engine(({ desk, nowMs }, params, account) => desk.place(account, Side.buy, params, nowMs))],
  ['private/sell', engine(({ desk, nowMs }, params, account) => desk.place(account, Side.sell, params, nowMs))],
  ['private/edit', edit],
  ['private/edit_by_label', edit],
  ['private/cancel', engine(({ desk }, params, account) => desk.cancel(account, params))],
  ['private/cancel_by_label', engine(({ desk }, params, account) => desk.cancelByLabel(account, params))],
  ['private/cancel_all', engine(({ desk }, params, account) => desk.cancelAll(account, params))],
  ['private/cancel_all_by_instrument', engine(({ desk }, params, account) => desk.cancelByInstrument(account, params))],
  ['private/cancel_all_by_currency', engine(({ desk }, params, account) => desk.cancelByCurrency(account, params))],
  ['private/get_order_state', plain(({ desk }, params, account) => desk.state(account, params))],
  ['private/get_order_state_by_label', plain(({ desk }, params, account) => desk.statesByLabel(account, params))],
  ['private/get_open_orders', plain(({ desk }, params, account) => desk.openOrders(account, params, 'all'))],
  [
    'private/get_open_orders_by_currency',
    plain(({ desk }, params, account) => desk.openOrders(account, params, 'currency')),
  ],
  [
    'private/get_open_orders_by_instrument',
    plain(({ desk }, params, account) => desk.openOrders(account, params, 'instrument')),
  ],
  ['private/get_open_orders_by_label', plain(({ desk }, params, account) => desk.openOrders(account, params, 'label'))],
  [
    'private/get_order_history_by_currency',
    plain(({ desk }, params, account) => desk.history(account, params, 'currency')),
  ],
  [
    'private/get_order_history_by_instrument',
    plain(({ desk }, params, account) => desk.history(account, params, 'instrument')),
  ],
  ['private/get_user_trades_by_order', plain(({ desk }, params, account) => desk.tradesOfOrder(account, params))],
  ['private/get_user_trades_by_currency', tradesByCurrency],
  ['private/get_user_trades_by_currency_and_time', tradesByCurrency],
  ['private/get_user_trades_by_instrument', tradesByInstrument],
  ['private/get_user_trades_by_instrument_and_time', tradesByInstrument],
  ['private/get_account_summary', plain(({ accounts }, params, account) => accounts.summary(account, params))],
  ['private/get_account_summaries', plain(({ accounts }, params, account) => accounts.summaries(account, params))],
  ['private/set_self_trading_config', plain(({ desk }, params, account) => desk.setSelfTrading(account, params))],
])
