/** Bybit's requests: how many a second, who may ask, who answers. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { Words } from '../native/json-words.ts'
import type { BybitAccounts } from './bybit-emulator-accounts.ts'
import type { BybitCatalogue } from './bybit-emulator-catalogue.ts'
import type { BybitBatch, BybitDesk } from './bybit-emulator-desk.ts'
import { type BybitRefusal, isRefusal } from './bybit-emulator-refusal.ts'

/** The rooms a route may ask. */
export interface BybitRooms {
  readonly nowMs: number
  readonly desk: BybitDesk
  readonly accounts: BybitAccounts
  readonly catalogue: BybitCatalogue
}

/** The two members of an answer that a route fills. */
type Filled = BybitBatch | BybitRefusal

export interface BybitRoute {
  /** A second, of an account; 0: only the address is counted. */
  readonly limit: number
  readonly isPrivate: boolean
  /** Orders are what a scale below 1 makes scarce. */
  readonly isOrder: boolean
  readonly answer: (rooms: BybitRooms, asked: Words, account: EmulatedAccount) => Filled
}

type Ask = (rooms: BybitRooms, asked: Words, account: EmulatedAccount) => object | BybitRefusal

function filled(ask: Ask): BybitRoute['answer'] {
  return (rooms, asked, account) => {
    const result = ask(rooms, asked, account)
    return isRefusal(result) ? result : { result, retExtInfo: {} }
  }
}

function open(ask: Ask): BybitRoute {
  return { limit: 0, isPrivate: false, isOrder: false, answer: filled(ask) }
}

function signed(limit: number, ask: Ask): BybitRoute {
  return { limit, isPrivate: true, isOrder: false, answer: filled(ask) }
}

function order(answer: BybitRoute['answer']): BybitRoute {
  return { limit: 20, isPrivate: true, isOrder: true, answer }
}

const place = order(filled(({ desk }, asked, account) => desk.place(account, asked)))
const cancel = order(filled(({ desk }, asked, account) => desk.cancel(account, asked)))
const amend = order(filled(({ desk }, asked, account) => desk.amend(account, asked)))

/** By method and path. */
export const bybitRoutes: ReadonlyMap<string, BybitRoute> = new Map([
  ['GET /v5/market/time', open(({ nowMs, catalogue }) => catalogue.time(nowMs))],
  ['GET /v5/market/instruments-info', open(({ catalogue }, asked) => catalogue.instruments(asked))],
  ['GET /v5/market/orderbook', open(({ catalogue }, asked) => catalogue.orderbook(asked))],
  ['GET /v5/market/recent-trade', open(({ catalogue }, asked) => catalogue.trades(asked))],
  ['GET /v5/market/tickers', open(({ catalogue }, asked) => catalogue.tickers(asked))],
  ['GET /v5/user/query-api', signed(10, ({ accounts }, _, account) => accounts.keyInfo(account))],
  ['GET /v5/account/info', signed(50, ({ accounts }) => accounts.accountInfo())],
  [
    'GET /v5/account/wallet-balance',
    signed(50, ({ accounts }, asked, account) => accounts.walletBalance(account, asked)),
  ],
  ['GET /v5/account/fee-rate', signed(10, ({ accounts }, asked) => accounts.feeRate(asked))],
  ['GET /v5/order/realtime', signed(50, ({ desk }, asked, account) => desk.realtime(account, asked))],
  ['GET /v5/order/history', signed(50, ({ desk }, asked, account) => desk.history(account, asked))],
  ['GET /v5/execution/list', signed(50, ({ desk }, asked, account) => desk.executions(account, asked))],
  ['POST /v5/order/create', place],
  ['POST /v5/order/cancel', cancel],
  ['POST /v5/order/amend', amend],
  ['POST /v5/order/cancel-all', order(filled(({ desk }, asked, account) => desk.cancelAll(account, asked)))],
  ['POST /v5/order/create-batch', order(({ desk }, asked, account) => desk.batch(account, asked, desk.place))],
  ['POST /v5/order/cancel-batch', order(({ desk }, asked, account) => desk.batch(account, asked, desk.cancel))],
  ['POST /v5/order/amend-batch', order(({ desk }, asked, account) => desk.batch(account, asked, desk.amend))],
])

/** The trading socket's names of them. */
export const tradeRoutes: ReadonlyMap<string, BybitRoute> = new Map([
  ['order.create', place],
  ['order.cancel', cancel],
  ['order.amend', amend],
])
