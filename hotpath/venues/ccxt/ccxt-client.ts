/**
 * The part of a ccxt exchange that we use, in our words: what `new ccxt.gate()` has, and what a scripted one in a test
 * has. Numbers are doubles as ccxt gives them; ccxt-grid turns them into ticks and lots exactly, or refuses.
 */

/** A double, or nothing: ccxt fills gaps with undefined. */
export type CcxtNumber = number | undefined

export interface CcxtMarket {
  readonly id: string
  readonly symbol: string
  readonly base: string
  readonly quote: string
  readonly settle?: string | undefined
  readonly active?: boolean | undefined
  readonly spot?: boolean | undefined
  readonly linear?: boolean | undefined
  readonly contract?: boolean | undefined
  readonly contractSize?: CcxtNumber
  readonly taker?: CcxtNumber
  readonly maker?: CcxtNumber
  /** 'get': taken from what the trade brings in. */
  readonly feeSide?: string | undefined
  readonly precision: { readonly amount?: CcxtNumber; readonly price?: CcxtNumber }
  readonly limits: {
    readonly amount?: { readonly min?: CcxtNumber; readonly max?: CcxtNumber }
    readonly cost?: { readonly min?: CcxtNumber }
  }
}

export interface CcxtOrder {
  readonly id?: string | undefined
  readonly clientOrderId?: string | undefined
  readonly symbol?: string | undefined
  readonly timestamp?: CcxtNumber
  /** 'open', 'closed', 'canceled', 'expired', 'rejected', or whatever else a venue says. */
  readonly status?: string | undefined
  readonly price?: CcxtNumber
  readonly amount?: CcxtNumber
  readonly filled?: CcxtNumber
}

export interface CcxtFee {
  readonly cost?: CcxtNumber
  readonly currency?: string | undefined
}

export interface CcxtTrade {
  readonly id?: string | undefined
  /** The venue's id of our order; absent on public trades. */
  readonly order?: string | undefined
  readonly timestamp?: CcxtNumber
  readonly side?: string | undefined
  readonly price?: CcxtNumber
  readonly amount?: CcxtNumber
  readonly takerOrMaker?: string | undefined
  readonly fee?: CcxtFee | undefined
  readonly fees?: readonly CcxtFee[] | undefined
}

/** [price, amount, ...] */
export type CcxtLevel = readonly CcxtNumber[]

export interface CcxtBookData {
  readonly bids: readonly CcxtLevel[]
  readonly asks: readonly CcxtLevel[]
}

export type CcxtParams = Readonly<Record<string, unknown>>

export interface CcxtClient {
  readonly id: string
  readonly name: string
  /** true, false, 'emulated' or undefined by method name. */
  readonly has: Readonly<Record<string, unknown>>
  /** Milliseconds between requests. */
  readonly rateLimit: number
  /** 2 decimal places, 3 significant digits, 4 tick size. */
  readonly precisionMode: number
  numberToString(value: number): string | undefined
  amountToPrecision(symbol: string, amount: number): string | undefined
  priceToPrecision(symbol: string, price: number): string | undefined
  loadMarkets(): Promise<Readonly<Record<string, CcxtMarket>>>
  createOrder(
    symbol: string,
    type: string,
    side: string,
    amount: number,
    price: number,
    params: CcxtParams,
  ): Promise<CcxtOrder | undefined>
  cancelOrder(id: string, symbol: string): Promise<unknown>
  fetchOrder(id: string | undefined, symbol: string, params?: CcxtParams): Promise<CcxtOrder | undefined>
  fetchOpenOrders(symbol: string): Promise<readonly CcxtOrder[]>
  fetchClosedOrders(symbol: string, since: number): Promise<readonly CcxtOrder[]>
  fetchMyTrades(symbol: string, since: number, limit: number): Promise<readonly CcxtTrade[]>
  fetchOrderTrades(id: string, symbol: string): Promise<readonly CcxtTrade[]>
  fetchBalance(): Promise<{ readonly free?: Readonly<Record<string, CcxtNumber>> }>
  fetchOrderBook(symbol: string, limit?: number): Promise<CcxtBookData>
  watchOrderBook(symbol: string): Promise<CcxtBookData>
  watchTrades(symbol: string): Promise<readonly CcxtTrade[]>
  watchOrders(symbol: string): Promise<unknown>
  close(): Promise<void>
}

/** ccxt's `has` also says 'emulated' for what it makes out of other calls: good enough for reading. */
export function canDo(client: CcxtClient, method: string): boolean {
  const has = client.has[method]
  return has === true || has === 'emulated'
}
