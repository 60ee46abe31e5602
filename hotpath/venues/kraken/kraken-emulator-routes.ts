/** Kraken's REST requests: what each costs of the call counter, and who answers. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { KrakenAccounts } from './kraken-emulator-accounts.ts'
import type { KrakenCatalogue } from './kraken-emulator-catalogue.ts'
import type { KrakenDesk } from './kraken-emulator-desk.ts'
import type { KrakenRefusal } from './kraken-emulator-refusal.ts'
import type { KrakenWords } from './kraken-emulator-request.ts'

/** The rooms a private route may ask. */
export interface KrakenRooms {
  readonly desk: KrakenDesk
  readonly accounts: KrakenAccounts
}

export interface PrivateRoute {
  /** Of the call counter: orders have a counter of their own. */
  readonly points: number
  readonly answer: (rooms: KrakenRooms, words: KrakenWords, account: EmulatedAccount) => object | KrakenRefusal
}

type PublicAnswer = (catalogue: KrakenCatalogue, words: KrakenWords) => object | KrakenRefusal

/** By name behind /0/public/. */
export const publicRoutes: ReadonlyMap<string, PublicAnswer> = new Map<string, PublicAnswer>([
  ['Time', (catalogue) => catalogue.time()],
  ['SystemStatus', (catalogue) => catalogue.systemStatus()],
  ['Assets', (catalogue) => catalogue.assets()],
  ['AssetPairs', (catalogue, words) => catalogue.assetPairs(words)],
  ['Ticker', (catalogue, words) => catalogue.ticker(words)],
  ['Depth', (catalogue, words) => catalogue.depth(words)],
  ['Trades', (catalogue, words) => catalogue.trades(words)],
])

function route(points: number, answer: PrivateRoute['answer']): PrivateRoute {
  return { points, answer }
}

/** By name behind /0/private/. */
export const privateRoutes: ReadonlyMap<string, PrivateRoute> = new Map([
  ['AddOrder', route(0, ({ desk }, words, account) => desk.addOrder(account, words))],
  ['AddOrderBatch', route(0, ({ desk }, words, account) => desk.addBatch(account, words))],
  ['AmendOrder', route(0, ({ desk }, words, account) => desk.amendOrder(account, words))],
  ['CancelOrder', route(0, ({ desk }, words, account) => desk.cancelOrder(account, words))],
  ['CancelOrderBatch', route(0, ({ desk }, words, account) => desk.cancelBatch(account, words))],
  ['CancelAll', route(1, ({ desk }, _, account) => desk.cancelAll(account))],
  ['OpenOrders', route(1, ({ accounts }, words, account) => accounts.openOrders(account, words))],
  ['ClosedOrders', route(1, ({ accounts }, words, account) => accounts.closedOrders(account, words))],
  ['QueryOrders', route(1, ({ accounts }, words, account) => accounts.queryOrders(account, words))],
  ['TradesHistory', route(2, ({ accounts }, words, account) => accounts.tradesHistory(account, words))],
  ['QueryTrades', route(1, ({ accounts }, words, account) => accounts.queryTrades(account, words))],
  ['Balance', route(1, ({ accounts }, _, account) => accounts.balance(account))],
  ['BalanceEx', route(1, ({ accounts }, _, account) => accounts.balanceEx(account))],
  ['TradeVolume', route(1, ({ accounts }, words) => accounts.tradeVolume(words))],
  ['GetWebSocketsToken', route(1, ({ accounts }, _, account) => accounts.openToken(account))],
])
