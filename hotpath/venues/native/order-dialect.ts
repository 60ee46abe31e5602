/**
 * What one exchange's order entry must say of itself; everything else (identities, clocks, lost answers, reconnects,
 * reconciliation, conversion to ticks and lots) is NativeAdapter's and is written once. A dialect does no I/O, keeps no
 * clock and never sees our rows: text of the venue in, text of the venue out.
 */
import type { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer, VenueRequest } from '../door/venue-doors.ts'

/** One listed instrument in the venue's words. Decimal texts, exact. */
export interface VenueSymbol {
  /** As the venue writes it: 'BTCUSDT', 'BTC-USDT-SWAP', 'XBT/USD'. */
  readonly name: string
  /** ccxt symbol: 'BTC/USDT', 'BTC/USDT:USDT'. */
  readonly symbol: string
  readonly base: string
  readonly quote: string
  readonly tickSize: string
  readonly lotSize: string
  readonly quantityMin: string
  /** '' for none. */
  readonly quantityMax: string
  /** Smallest price x quantity in quote; '' for none. */
  readonly notionalMin: string
  /** Base units of one contract; '1' on spot. Of an inverse contract: quote units. */
  readonly contractSize: string
  readonly isInverse?: boolean
  /** Fee rates where the listing tells them; the account's own come through `fees`. */
  readonly makerPpm?: number
  readonly takerPpm?: number
  /** The fee is taken from what the trade brings in (base on a buy); absent: always from the quote. */
  readonly feeOnReceived?: boolean
}

/** A child order in the venue's units. */
export interface VenueOrder {
  readonly symbol: VenueSymbol
  /** Ours, within every venue's alphabet and length (shared/units/ids). */
  readonly clientId: string
  readonly side: 'buy' | 'sell'
  readonly timeInForce: 'gtc' | 'ioc' | 'fok' | 'gtd'
  readonly postOnly: boolean
  readonly price: string
  readonly quantity: string
  /** Milliseconds since 1970 by the venue's clock: the venue refuses it later than that; of a gtd: when it ends. 0: none. */
  readonly deadlineMs: number
}

/** Which order: our id, and the venue's own once known. One of the two may be '', never both. */
export interface OrderName {
  readonly symbol: VenueSymbol
  readonly clientId: string
  readonly venueId: string
}

/**
 * What the venue says of orders, in its words. Everything is told, ours or not, once or twice: the adapter sorts. Amounts
 * are plain decimal texts (decimalWord of json-words.ts makes them of numbers and exponents), '' where unknown.
 */
export interface OrderNews {
  onAccepted(order: NamedOrder): void
  /** One execution. `executionId` is unique for this account and symbol. `cumulative` '' where the venue does not say. */
  onFill(fill: VenueFill): void
  /** `filled`: cumulative quantity, '' where the venue does not say. */
  onEnded(order: NamedOrder, how: 'canceled' | 'expired' | 'rejected', reason: RejectReason, filled: string): void
  /** State of an order; what `query` and `openOrders` answer with, after its fills where they are known. */
  onStatus(status: VenueStatus): void
  /** In place, or by a new order under the same client id: then `venueId` is the new one. Price and quantity as they are now. */
  onReplaced(order: NamedOrder, price: string, quantity: string): void
  /** Free to trade. What an answer to `balances` does not tell is zero. */
  onBalance(asset: string, free: string): void
}

export interface NamedOrder {
  /** '' where the venue's message does not carry it (Binance myTrades): the adapter knows the order by `venueId`. */
  readonly clientId: string
  readonly venueId: string
  readonly symbolName: string
  readonly timeMs: number
}

export interface VenueStatus extends NamedOrder {
  readonly isOpen: boolean
  /** Cumulative. */
  readonly filled: string
  readonly quantity: string
  readonly price: string
}

export interface VenueFill extends NamedOrder {
  readonly executionId: string
  readonly price: string
  readonly quantity: string
  readonly cumulative: string
  /** Positive: charged; negative: a rebate; '' where the venue does not say: booked at the listed rate. */
  readonly fee: string
  readonly feeAsset: string
  readonly isMaker: boolean
}

/** How one request went. `unknown`: neither success nor a refusal we know; the order is asked about, never resent. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: RejectReason }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'unknown'; readonly why: string }

/** A question may need more requests (the trades of an order whose venue id came with the first answer; a next page). */
export type QueryOutcome = Outcome | { readonly kind: 'more'; readonly requests: readonly VenueRequest[] }

/** Signing, prepared once from the account's keys. Times are the venue's, milliseconds. */
export interface OrderDialect {
  /** ccxt id. */
  readonly id: string
  /** Addresses, overridable (an emulator, a proxy, a testnet). */
  readonly endpoints: VenueEndpoints
  /** Orders that end at a time; without it a gtd child is not taken. */
  readonly hasGtd: boolean
  /** An order is found by its client id alone; false: after a restart it is looked for symbol by symbol. */
  readonly findsWithoutSymbol: boolean

  place(order: VenueOrder, nowMs: number): VenueRequest
  onPlaced(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome
  cancel(order: OrderName, nowMs: number): VenueRequest
  onCanceled(answer: VenueAnswer, order: OrderName, news: OrderNews): Outcome
  /** In place, keeping the client id; absent where the venue has none (then: cancel and place anew). */
  replace?(order: VenueOrder, venueId: string, nowMs: number): VenueRequest
  /** `news.onReplaced` before 'done', unless the stream tells it. */
  onReplaced?(answer: VenueAnswer, order: VenueOrder, news: OrderNews): Outcome
  /** One request per symbol, or one for all when the venue offers it. */
  cancelAll(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[]
  onAllCanceled(answer: VenueAnswer, news: OrderNews): Outcome
  /** Requests that together tell one order's state and its fills. Answers come back in this order, all answered. */
  query(order: OrderName, nowMs: number): readonly VenueRequest[]
  /**
   * Fills first, then the status; nothing is told before the last answer. After 'more': called again with all answers so
   * far, over a bounded number of rounds.
   */
  onQueried(answers: readonly VenueAnswer[], order: OrderName, news: OrderNews, nowMs: number): QueryOutcome
  openOrders(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[]
  onOpenOrders(answers: readonly VenueAnswer[], news: OrderNews): Outcome
  /** One request per symbol, or one for all when the venue offers it. Fills of every order, ours or not. */
  fillsSince(symbols: readonly VenueSymbol[], sinceMs: number, nowMs: number): readonly VenueRequest[]
  /** `more`: the request of the next page, when there is one. */
  onFills(answer: VenueAnswer, news: OrderNews, nowMs: number): { outcome: Outcome; more?: VenueRequest }
  balances(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[]
  onBalances(answers: readonly VenueAnswer[], news: OrderNews): Outcome

  // Cold, before trading.

  time(): VenueRequest
  /** Milliseconds since 1970, or undefined. */
  onTime(answer: VenueAnswer): number | undefined
  listings(): readonly VenueRequest[]
  /** Only instruments that trade now are told. */
  onListings(answers: readonly VenueAnswer[]): readonly VenueSymbol[]
  /** Fee rates of this account; absent where the venue tells none. */
  fees?(symbols: readonly VenueSymbol[], nowMs: number): readonly VenueRequest[]
  onFees?(answers: readonly VenueAnswer[]): ReadonlyMap<string, { makerPpm: number; takerPpm: number }>

  // The account's stream.

  readonly stream: PrivateStream
}

export interface VenueEndpoints {
  readonly rest: string
  readonly publicSocket: string
  readonly privateSocket: string
}

export interface PrivateStream {
  /** A request that must be answered before the socket opens (a listen key, a token); absent: none. */
  ticket?(nowMs: number): VenueRequest
  /** Undefined: refused or unreadable, try again later. */
  onTicket?(answer: VenueAnswer): string | undefined
  /** Requests that keep the ticket alive; sent every `keepMs`. */
  keep?(ticket: string, nowMs: number): VenueRequest
  readonly keepMs?: number
  url(ticket: string): string
  /** Said when the socket opens (a login). Empty: the subscriptions are said at once. */
  hello(nowMs: number): readonly string[]
  /** Said when `onMessage` answers 'loggedIn'. */
  subscribe(symbols: readonly VenueSymbol[], nowMs: number, ticket: string): readonly string[]
  /**
   * 'loggedIn': say the subscriptions; 'ready': the stream tells everything from now on; 'pong', 'news', 'ignored';
   * { reply }: say this; 'refused': close and try again later; 'nonsense': counted, a sample is kept.
   * { ask }: something happened to these orders that the message does not say (executions, of Coinbase): each is asked about
   * by `query` until it answers 'done'. Its fills are told as news; its status is not, so an end is told by `onEnded`.
   */
  onMessage(
    text: string,
    news: OrderNews,
    nowMs: number,
  ):
    | 'loggedIn'
    | 'ready'
    | 'pong'
    | 'news'
    | 'ignored'
    | 'refused'
    | 'nonsense'
    | { readonly reply: string }
    | { readonly ask: readonly NamedOrder[] }
  /** Sent every `pingMs`; absent: the venue pings (WebSocket control frames are answered by the socket itself). */
  ping?(nowMs: number): string
  readonly pingMs?: number
}
