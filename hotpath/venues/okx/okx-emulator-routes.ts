/** OKX's requests: how many in two seconds, who may ask, who answers. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { Words } from '../native/json-words.ts'
import type { OkxAccounts } from './okx-emulator-accounts.ts'
import type { OkxCatalogue } from './okx-emulator-catalogue.ts'
import type { OkxDesk, OkxRow } from './okx-emulator-desk.ts'
import type { OkxRefusal } from './okx-emulator-refusal.ts'

/** The rooms a route may ask. */
export interface OkxRooms {
  readonly nowMs: number
  readonly desk: OkxDesk
  readonly accounts: OkxAccounts
  readonly catalogue: OkxCatalogue
}

interface Limited {
  /** In two seconds, of an account, or of everybody where nobody has to sign; of orders: for each instrument. */
  readonly limit: number
}

/** A question: answered with rows. */
export interface OkxQuestion extends Limited {
  readonly isPrivate: boolean
  readonly answer: (rooms: OkxRooms, asked: Words, account: EmulatedAccount) => object[] | OkxRefusal
}

/** Something done to orders, one or a batch: every row of the answer has its own code. */
export interface OkxDeed extends Limited {
  readonly isBatch: boolean
  /** Only of these the request's own deadline counts. */
  readonly hasDeadline: boolean
  readonly run: (desk: OkxDesk, account: EmulatedAccount, asked: Words) => OkxRow
}

function open(limit: number, answer: OkxQuestion['answer']): OkxQuestion {
  return { limit, isPrivate: false, answer }
}

function signed(limit: number, answer: OkxQuestion['answer']): OkxQuestion {
  return { limit, isPrivate: true, answer }
}

const place: OkxDeed['run'] = (desk, account, asked) => desk.place(account, asked)
const cancel: OkxDeed['run'] = (desk, account, asked) => desk.cancel(account, asked)
const amend: OkxDeed['run'] = (desk, account, asked) => desk.amend(account, asked)

export const questions: ReadonlyMap<string, OkxQuestion> = new Map([
  ['/api/v5/public/time', open(10, ({ nowMs }) => [{ ts: `${nowMs}` }])],
  ['/api/v5/public/instruments', open(20, ({ catalogue }, asked) => catalogue.instruments(asked))],
  ['/api/v5/market/books', open(40, ({ catalogue }, asked) => catalogue.books(asked, false))],
  ['/api/v5/market/books-full', open(10, ({ catalogue }, asked) => catalogue.books(asked, true))],
  ['/api/v5/market/trades', open(100, ({ catalogue }, asked) => catalogue.trades(asked))],
  ['/api/v5/market/ticker', open(20, ({ catalogue }, asked) => catalogue.ticker(asked))],
  ['/api/v5/market/tickers', open(20, ({ catalogue }, asked) => catalogue.tickers(asked))],
  ['/api/v5/account/balance', signed(10, ({ accounts }, asked, account) => accounts.balance(account, asked))],
  ['/api/v5/account/config', signed(5, ({ accounts }, _, account) => accounts.config(account))],
  ['/api/v5/account/trade-fee', signed(5, ({ accounts }, asked) => accounts.tradeFee(asked))],
  ['/api/v5/trade/order', signed(60, ({ desk }, asked, account) => desk.query(account, asked))],
  ['/api/v5/trade/orders-pending', signed(60, ({ desk }, asked, account) => desk.pending(account, asked))],
  ['/api/v5/trade/orders-history', signed(40, ({ desk }, asked, account) => desk.history(account, asked))],
  ['/api/v5/trade/fills', signed(60, ({ desk }, asked, account) => desk.fills(account, asked))],
  ['/api/v5/trade/fills-history', signed(10, ({ desk }, asked, account) => desk.fills(account, asked))],
])

/** By the name of the request on the socket. */
export const deeds: ReadonlyMap<string, OkxDeed> = new Map([
  ['order', { limit: 60, isBatch: false, hasDeadline: true, run: place }],
  ['batch-orders', { limit: 300, isBatch: true, hasDeadline: true, run: place }],
  ['cancel-order', { limit: 60, isBatch: false, hasDeadline: false, run: cancel }],
  ['batch-cancel-orders', { limit: 300, isBatch: true, hasDeadline: false, run: cancel }],
  ['amend-order', { limit: 60, isBatch: false, hasDeadline: true, run: amend }],
  ['batch-amend-orders', { limit: 300, isBatch: true, hasDeadline: true, run: amend }],
])

/** The same over REST. */
export const deedPaths: ReadonlyMap<string, string> = new Map([
  ['/api/v5/trade/order', 'order'],
  ['/api/v5/trade/batch-orders', 'batch-orders'],
  ['/api/v5/trade/cancel-order', 'cancel-order'],
  ['/api/v5/trade/cancel-batch-orders', 'batch-cancel-orders'],
  ['/api/v5/trade/amend-order', 'amend-order'],
  ['/api/v5/trade/amend-batch-orders', 'batch-amend-orders'],
])
