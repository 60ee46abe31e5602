/**
 * What one venue's market data must say of itself. A venue is a table of facts and one decoder; numbering, healing,
 * connections, checksums and conversion to ticks and lots are written once, elsewhere (marketdata/).
 */
import type { VenueSymbol } from '../native/order-dialect.ts'
import type { BookMessage, QuoteMessage, StateMessage, TradeMessage } from './feed-message.ts'
import type { SymbolTable } from './symbol-table.ts'

export interface FeedSink {
  onBook(message: BookMessage): void
  onTrade(message: TradeMessage): void
  onQuote(message: QuoteMessage): void
  onState(message: StateMessage): void
  /** The connection's own numbering broke: whatever it carried may have missed something. */
  onConnectionGap(): void
}

/** What a frame was. What is not `parsed` is ignored for this reason, and counted by it. */
export const FrameVerdict = {
  parsed: 0,
  /** An answer to a subscription or a logon. */
  answer: 1,
  heartbeat: 2,
  /** Candles and 24 h statistics: made of what we already have. */
  candle: 3,
  statistics: 4,
  /** Words of the venue for people: status, version, maintenance. */
  notice: 5,
  /** An instrument that was not subscribed. */
  unknownSymbol: 6,
  /** Not a message of this venue that we know. */
  unknownChannel: 7,
  /** The venue says that we did something wrong. */
  refused: 8,
  /** Not what this venue's message must be: nothing of it was applied. */
  malformed: 9,
  /** Its number on this connection had passed: a duplicate, or late. */
  repeated: 10,
} as const
export type FrameVerdict = (typeof FrameVerdict)[keyof typeof FrameVerdict]
export const frameVerdictNames = Object.keys(FrameVerdict) as readonly (keyof typeof FrameVerdict)[]

/** One per connection: it may remember what its channels mean. Never throws; O(bytes). */
export interface FeedDecoder {
  /** One whole frame as it came (text or binary). Everything it says goes to the sink before this returns. */
  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict
  /** A book that was asked for over HTTP; `symbol` is the row it was asked for. Absent: books come over the socket. */
  decodeSnapshot?(body: Uint8Array, symbol: number, sink: FeedSink): FrameVerdict
}

/** How the numbers of book messages follow each other. */
export const SequenceRule = {
  /** No numbers. */
  none: 0,
  /** first = known + 1 (or last = known + 1 when there is no first); the first after a snapshot may overlap it. */
  contiguous: 1,
  /** previous = known; the first after a snapshot may overlap it. */
  linked: 2,
  /** last grows; a lower one is old news. A gap cannot be seen. */
  increasing: 3,
} as const
export type SequenceRule = (typeof SequenceRule)[keyof typeof SequenceRule]

/** What a checksum is made over; the arithmetic is marketdata/book-checksum's. */
export const ChecksumRule = {
  none: 0,
  /** Best 10 asks then bids, digits of price and size without point and leading zeros, as written (Kraken). */
  kraken10: 1,
  /** Best 25 levels in turn, bid:size:ask:size joined by ':' (OKX). */
  alternating25: 2,
  /** The same with sizes negative on the ask side and numbers as JavaScript writes them (Bitfinex). */
  bitfinex25: 3,
  /** alternating25 with the zeros behind as the venue writes them: '0.5000' (Bitget). */
  alternatingShown25: 4,
  /** Best 10 bids then asks, digits of price and size with 8 behind the point, without point and leading zeros (Independent Reserve). */
  bidsFirst10: 5,
  /** Best 10 asks then bids, price:size joined by ',', the sides by '|', zeros behind as the venue writes them (Delta). */
  delta10: 6,
} as const
export type ChecksumRule = (typeof ChecksumRule)[keyof typeof ChecksumRule]

export interface FeedVenue {
  /** ccxt id where ccxt has the venue: 'binance', 'binanceusdm', 'krakenfutures'. */
  readonly id: string
  readonly name: string
  /** Its name in recordings of the layout of `sor record`: 'BINANCE'; more than one where captures differ in dialect. */
  readonly captures: readonly string[]
  /** Of captures that hold several of our venues: is this address (of a connection or a request) one of this venue's? */
  ownsAddress?(url: string): boolean
  /** Undefined: connected live. Else why not (closed; this version of its API has been retired): replays only. */
  readonly retired?: string
  readonly sequence: SequenceRule
  readonly checksum: ChecksumRule
  /** Most levels a side that the venue keeps up to date; what falls below is dropped by both. Absent: all. */
  readonly depthMax?: number
  /** Every book message is whole: nothing is lost by a gap. */
  readonly isSnapshotOnly?: boolean
  /**
   * The venue is known to show crossed books for moments (its engine tells sides apart): how many messages in a row may
   * leave a book crossed before it is taken for broken. Default 0.
   */
  readonly crossedMax?: number
  decoder(symbols: SymbolTable): FeedDecoder

  /** Instruments: the addresses to ask, and how an answer reads (undefined: not an answer of that address). Cold. */
  listingUrls(): readonly string[]
  /** What is to be POSTed to such an address, as JSON; absent: it is a GET. A part behind '#' tells requests of one address apart. */
  listingBody?(url: string): string
  readListings(url: string, body: string): readonly VenueSymbol[] | undefined

  /** Books over HTTP: address for a venue's symbol name, and the name in such an address (of a recording). */
  snapshotUrl?(name: string): string
  snapshotSymbol?(url: string): string | undefined

  readonly connection: ConnectionPlan
}

export interface ConnectionPlan {
  /** Where to connect for these names. */
  url(names: readonly string[]): string
  /** What to say after it opened: the venue's batch sizes inside. */
  subscribe(names: readonly string[]): readonly string[]
  /** Said to have one book told anew: unsubscribe and subscribe. Absent: reconnect or ask over HTTP. */
  resubscribe?(name: string): readonly string[]
  /** Instruments one connection may carry. */
  readonly symbolsMax: number
  /** Messages a second that may be sent on it. */
  readonly sendsPerSecond: number
  /** Said every pingMs; absent: control frames suffice. */
  ping?(nowMs: number): string
  readonly pingMs?: number
  /** Answer to a venue's own ping in its frames (HTX, Crypto.com); undefined: this frame is none. */
  pong?(frame: Uint8Array): string | undefined
  /** Nothing at all for this long: the connection is dead. */
  readonly silenceMs: number
  /** A request whose answer the address is made of (KuCoin's token): how to ask and read. */
  ticket?: { readonly url: string; readonly method: 'GET' | 'POST'; read(body: string): string | undefined }
}
