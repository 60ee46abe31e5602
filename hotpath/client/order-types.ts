/**
 * What a client says and hears, as types. Orders are unions: what the router would refuse for its form alone (a market
 * order with a price, a GTD order without its time) does not compile. Decimals are text.
 */
import type { VenueHealth } from '../../shared/domain/venue-health.ts'

export type SideName = 'buy' | 'sell'

/** At most what may be spent on a buy (fees included) or raised by a sell; immediate orders only. */
interface QuoteSized {
  readonly quoteQuantity: string
  readonly quantity?: never
}
interface BaseSized {
  readonly quantity: string
  readonly quoteQuantity?: never
}

/** Hard stops in bps, in steps of 0.01. */
export interface OrderLimits {
  readonly slippageBps?: number
  readonly feeBps?: number
}

export interface VenueChoice {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

interface OrderTerms {
  /** 1 to 36 of A-Z a-z 0-9 . _ : - ; made up when absent. The same id again is the same order. */
  readonly clientOrderId?: string
  /** 'BTC/USDT' */
  readonly symbol: string
  readonly side: SideName
  readonly venues?: VenueChoice
  readonly limits?: OrderLimits
  /** How safe the order must be before it is acknowledged: in shared memory, or on disk. */
  readonly durability?: 'process' | 'machine'
}

interface NeverRests {
  readonly postOnly?: never
  readonly expireTime?: never
}
type Immediate = NeverRests & { readonly timeInForce: 'IOC' } & (BaseSized | QuoteSized)
type AllOrNothing = NeverRests & BaseSized & { readonly timeInForce: 'FOK' }
type Resting = BaseSized & {
  readonly timeInForce?: 'GTC'
  readonly postOnly?: boolean
  readonly expireTime?: never
}
type RestingUntil = BaseSized & {
  readonly timeInForce: 'GTD'
  /** Milliseconds since 1970. */
  readonly expireTime: number
  readonly postOnly?: boolean
}

export type MarketOrder = OrderTerms & { readonly type: 'market'; readonly price?: never } & (
    | Immediate
    | AllOrNothing
    | (NeverRests & { readonly timeInForce?: never } & (BaseSized | QuoteSized))
  )
export type LimitOrder = OrderTerms & { readonly type: 'limit'; readonly price: string } & (
    | Immediate
    | AllOrNothing
    | Resting
    | RestingUntil
  )
export type NewOrder = MarketOrder | LimitOrder

/** A question about an order that is not sent. */
export type QuoteAsk = {
  readonly symbol: string
  readonly side: SideName
  readonly price?: string
  readonly venues?: VenueChoice
  readonly limits?: OrderLimits
} & (BaseSized | QuoteSized)

/** An order by our id or by the router's. */
export type OrderReference =
  | { readonly clientOrderId: string; readonly orderId?: never }
  | { readonly orderId: string; readonly clientOrderId?: never }

export type OrderChange = OrderReference &
  ({ readonly quantity: string; readonly price?: string } | { readonly quantity?: never; readonly price: string })

export type ExecTypeName =
  | 'pendingNew'
  | 'new'
  | 'trade'
  | 'canceled'
  | 'replaced'
  | 'expired'
  | 'rejected'
  | 'pendingCancel'
  | 'pendingReplace'
  | 'orderStatus'
  | 'cancelRejected'
  | 'restated'

export type OrderStatusName =
  | 'pendingNew'
  | 'new'
  | 'partiallyFilled'
  | 'filled'
  | 'pendingCancel'
  | 'pendingReplace'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'unknown'

/** News of an order: what happened, and how the order stands now. */
export interface ExecutionReport {
  readonly type: 'executionReport'
  readonly execType: ExecTypeName
  readonly ordStatus: OrderStatusName
  readonly clientOrderId: string
  readonly orderId: string
  readonly symbol: string
  readonly side: SideName
  readonly ordType: 'market' | 'limit'
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'GTD'
  readonly quantity: string
  readonly quoteQuantity?: string
  readonly price?: string
  readonly postOnly?: true
  /** Milliseconds since 1970. */
  readonly expireTime?: number
  readonly cumQty: string
  readonly leavesQty: string
  readonly avgPx?: string
  readonly execId: string
  /** Microseconds since 1970. */
  readonly transactTime: number
  readonly lastQty?: string
  readonly lastPx?: string
  readonly lastVenue?: string
  readonly lastLiquidity?: 'none' | 'maker' | 'taker'
  /** Of this fill; negative for a rebate. */
  readonly fee?: string
  readonly feeAsset?: string
  /** So far, by asset. */
  readonly fees: Readonly<Record<string, string>>
  /** Why it ended or was refused. */
  readonly reason?: string
  readonly durability: 'process' | 'machine'
}

export interface InstrumentInfo {
  readonly index: number
  readonly symbol: string
  readonly base: string
  readonly quote: string
  readonly priceDigits: number
  readonly qtyDigits: number
  readonly tick: string
  readonly lot: string
  readonly venues: readonly string[]
}

export interface VenueInfo {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly ordersPerSecond: number
  readonly ordersBurst: number
  /** How many of its books are in which state. */
  readonly books: Readonly<Record<string, number>>
  /** Is there a connection for orders, and may orders go there. */
  readonly up?: boolean
  readonly ready?: boolean
  /** Smoothed round trip of an order; 0 before the first. */
  readonly latencyUs?: number
  /** Since any of its books changed; -1: never. */
  readonly bookAgeMs?: number
  /** Its public feed, where the market is live. */
  readonly feed?: VenueHealth
}

/** [price, quantity, venue] */
export type BookQuote = readonly [price: string, quantity: string, venue: string]

/** Best quotes over all venues, best first; at most one an interval, only when something changed. */
export interface BookUpdate {
  readonly type: 'book'
  readonly symbol: string
  readonly timeUs: number
  readonly venuesLive: number
  readonly bids: readonly BookQuote[]
  readonly asks: readonly BookQuote[]
}

export interface TradePrint {
  readonly type: 'trade'
  readonly symbol: string
  readonly venue: string
  /** Of the aggressor. */
  readonly side: SideName
  readonly price: string
  readonly quantity: string
  readonly timeUs: number
  /** Prints left out before this one because we did not keep up. */
  readonly missed?: number
}

export type Subscription =
  | { readonly channel: 'book'; readonly symbol: string; readonly depth?: number; readonly intervalMs?: number }
  | { readonly channel: 'trades'; readonly symbol?: string }
  | { readonly channel: 'orders' }

/** Who we are and where, as the router said it at logon. */
export interface LogonAnswer {
  readonly account: string
  readonly permissions: readonly ('trade' | 'read' | 'cancel')[]
  readonly market: string
  readonly simulated: boolean
  readonly heartbeatMs: number
}

export function isEndedStatus(status: OrderStatusName): boolean {
  return status === 'filled' || status === 'canceled' || status === 'expired' || status === 'rejected'
}
