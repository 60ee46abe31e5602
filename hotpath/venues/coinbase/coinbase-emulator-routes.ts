/** Coinbase's REST requests: who may ask, and who answers. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { Words } from '../native/json-words.ts'
import type { CoinbaseAccounts } from './coinbase-emulator-accounts.ts'
import type { CoinbaseCatalogue } from './coinbase-emulator-catalogue.ts'
import type { CoinbaseDesk } from './coinbase-emulator-desk.ts'
import type { CoinbaseFault } from './coinbase-emulator-refusal.ts'

/** The rooms a route may ask. */
export interface CoinbaseRooms {
  readonly desk: CoinbaseDesk
  readonly accounts: CoinbaseAccounts
  readonly catalogue: CoinbaseCatalogue
}

export interface CoinbaseCall {
  readonly account: EmulatedAccount
  /** What the path names; '' for nothing. */
  readonly id: string
  readonly query: URLSearchParams
  readonly words: Words
}

export interface CoinbaseRoute {
  readonly isPrivate: boolean
  readonly answer: (rooms: CoinbaseRooms, call: CoinbaseCall) => object | CoinbaseFault
}

type Answer = CoinbaseRoute['answer']

const ROOT = '/api/v3/brokerage'

function open(answer: Answer): CoinbaseRoute {
  return { isPrivate: false, answer }
}

function owned(answer: Answer): CoinbaseRoute {
  return { isPrivate: true, answer }
}

const products: Answer = ({ catalogue }, { query }) => catalogue.products(query)
const product: Answer = ({ catalogue }, { id }) => catalogue.product(id)
const book: Answer = ({ catalogue }, { query }) => catalogue.book(query)
const ticker: Answer = ({ catalogue }, { id, query }) => catalogue.ticker(id, query)

/** By method and path; `*` stands for one name. */
export const coinbaseRoutes: ReadonlyMap<string, CoinbaseRoute> = new Map([
  ['GET /v2/time', open(({ catalogue }) => catalogue.timeV2())],
  [`GET ${ROOT}/time`, open(({ catalogue }) => catalogue.time())],
  [`GET ${ROOT}/market/products`, open(products)],
  [`GET ${ROOT}/market/products/*`, open(product)],
  [`GET ${ROOT}/market/products/*/ticker`, open(ticker)],
  [`GET ${ROOT}/market/product_book`, open(book)],
  [`GET ${ROOT}/products`, owned(products)],
  [`GET ${ROOT}/products/*`, owned(product)],
  [`GET ${ROOT}/products/*/ticker`, owned(ticker)],
  [`GET ${ROOT}/product_book`, owned(book)],
  [`GET ${ROOT}/transaction_summary`, owned(({ catalogue }) => catalogue.transactionSummary())],
  [`GET ${ROOT}/accounts`, owned(({ accounts }, { account, query }) => accounts.list(account, query))],
  [`POST ${ROOT}/orders`, owned(({ desk }, { account, words }) => desk.create(account, words))],
  [`POST ${ROOT}/orders/edit`, owned(({ desk }, { account, words }) => desk.edit(account, words))],
  [`POST ${ROOT}/orders/batch_cancel`, owned(({ desk }, { account, words }) => desk.batchCancel(account, words))],
  [`GET ${ROOT}/orders/historical/batch`, owned(({ desk }, { account, query }) => desk.list(account, query))],
  [`GET ${ROOT}/orders/historical/fills`, owned(({ desk }, { account, query }) => desk.fills(account, query))],
  [`GET ${ROOT}/orders/historical/*`, owned(({ desk }, { account, id }) => desk.get(account, id))],
])

/** The route of a path, and what it names; O(parts). */
export function routeOf(method: string, path: string): { route: CoinbaseRoute; id: string } | undefined {
  const exact = coinbaseRoutes.get(`${method} ${path}`)
  if (exact !== undefined) return { route: exact, id: '' }
  const parts = path.split('/')
  for (let at = parts.length - 1; at >= parts.length - 2 && at > 0; at--) {
    const route = coinbaseRoutes.get(`${method} ${[...parts.slice(0, at), '*', ...parts.slice(at + 1)].join('/')}`)
    if (route !== undefined) return { route, id: decoded(parts[at]) }
  }
  return undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
