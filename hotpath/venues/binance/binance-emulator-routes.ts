/** Binance's requests: what each weighs, what it needs, who answers. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { BinanceAccounts } from './binance-emulator-accounts.ts'
import type { BinanceCatalogue } from './binance-emulator-catalogue.ts'
import type { BinanceDesk } from './binance-emulator-desk.ts'
import type { BinanceRefusal } from './binance-emulator-refusal.ts'

/** The rooms a route may ask. */
export interface BinanceRooms {
  readonly nowMs: number
  readonly desk: BinanceDesk
  readonly accounts: BinanceAccounts
  readonly catalogue: BinanceCatalogue
}

export interface BinanceRoute {
  readonly weight: number
  readonly needs: 'nothing' | 'key' | 'signature'
  /** Counts among the orders of ten seconds. */
  readonly isOrder: boolean
  readonly answer: (rooms: BinanceRooms, params: URLSearchParams, account: EmulatedAccount) => object | BinanceRefusal
}

type Answer = BinanceRoute['answer']

function open(weight: number, answer: Answer): BinanceRoute {
  return { weight, needs: 'nothing', isOrder: false, answer }
}

function keyed(weight: number, answer: Answer): BinanceRoute {
  return { weight, needs: 'key', isOrder: false, answer }
}

function signed(weight: number, answer: Answer): BinanceRoute {
  return { weight, needs: 'signature', isOrder: false, answer }
}

function order(answer: Answer): BinanceRoute {
  return { weight: 1, needs: 'signature', isOrder: true, answer }
}

const ping = open(1, () => ({}))
const time = open(1, ({ nowMs }) => ({ serverTime: nowMs }))
const place = order(({ desk }, params, account) => desk.place(account, params))
const cancel = signed(1, ({ desk }, params, account) => desk.cancel(account, params))
const query = signed(4, ({ desk }, params, account) => desk.query(account, params))
const openOrders = signed(6, ({ desk }, params, account) => desk.openOrders(account, params))
const cancelAll = signed(1, ({ desk }, params, account) => desk.cancelAll(account, params))
const cancelReplace = order(({ desk }, params, account) => desk.cancelReplace(account, params))
const allOrders = signed(20, ({ desk }, params, account) => desk.allOrders(account, params))
const myTrades = signed(20, ({ desk }, params, account) => desk.myTrades(account, params))
const account = signed(20, ({ accounts }, params, holder) => accounts.account(holder, params))
const depth = open(5, ({ catalogue }, params) => catalogue.depth(params))
const exchangeInfo = open(20, ({ catalogue }, params) => catalogue.exchangeInfo(params))

/** By method and path. */
export const binanceRoutes: ReadonlyMap<string, BinanceRoute> = new Map([
  ['GET /api/v3/ping', ping],
  ['GET /api/v3/time', time],
  ['GET /api/v3/exchangeInfo', exchangeInfo],
  ['GET /api/v3/depth', depth],
  ['GET /api/v3/trades', open(25, ({ catalogue }, params) => catalogue.trades(params))],
  ['GET /api/v3/aggTrades', open(4, ({ catalogue }, params) => catalogue.aggTrades(params))],
  ['GET /api/v3/ticker/bookTicker', open(2, ({ catalogue }, params) => catalogue.bookTicker(params))],
  ['GET /api/v3/ticker/price', open(2, ({ catalogue }, params) => catalogue.price(params))],
  ['GET /api/v3/ticker/24hr', open(2, ({ catalogue }, params) => catalogue.dayTicker(params))],
  ['POST /api/v3/order', place],
  ['POST /api/v3/order/test', signed(1, ({ desk }, params) => desk.test(params))],
  ['GET /api/v3/order', query],
  ['DELETE /api/v3/order', cancel],
  ['POST /api/v3/order/cancelReplace', cancelReplace],
  ['GET /api/v3/openOrders', openOrders],
  ['DELETE /api/v3/openOrders', cancelAll],
  ['GET /api/v3/allOrders', allOrders],
  ['GET /api/v3/myTrades', myTrades],
  ['GET /api/v3/account', account],
  ['GET /api/v3/account/commission', signed(20, ({ accounts }, params) => accounts.commission(params))],
  // No margin trading here; clients that load every market ask.
  ['GET /sapi/v1/margin/allPairs', open(1, () => [])],
  ['GET /sapi/v1/margin/isolated/allPairs', open(1, () => [])],
  ['GET /sapi/v1/asset/tradeFee', signed(1, ({ accounts }, params) => accounts.tradeFees(params))],
  ['POST /api/v3/userDataStream', keyed(2, ({ accounts }, _, holder) => accounts.openListenKey(holder))],
  ['PUT /api/v3/userDataStream', keyed(2, ({ accounts }, params, holder) => accounts.keepListenKey(holder, params))],
  [
    'DELETE /api/v3/userDataStream',
    keyed(2, ({ accounts }, params, holder) => accounts.closeListenKey(holder, params)),
  ],
])

/** Methods of the WebSocket API. */
export const socketRoutes: ReadonlyMap<string, BinanceRoute> = new Map([
  ['ping', ping],
  ['time', time],
  ['exchangeInfo', exchangeInfo],
  ['depth', depth],
  ['order.place', place],
  ['order.status', query],
  ['order.cancel', cancel],
  ['order.cancelReplace', cancelReplace],
  ['openOrders.status', openOrders],
  ['openOrders.cancelAll', cancelAll],
  ['allOrders', allOrders],
  ['myTrades', myTrades],
  ['account.status', account],
])
