/** How a venue's feed is, in numbers that people and programs look at: `sor venues`, the gateway, the paper venues' process. */
export interface VenueHealth {
  /** ccxt id. */
  readonly venue: string
  readonly state: 'connecting' | 'open' | 'closed'
  /** Why it is not open, or what last went wrong; '' for nothing. */
  readonly trouble: string
  readonly books: number
  readonly liveBooks: number
  /** Since anything came; -1: never. */
  readonly silentMs: number
  /** Local minus venue time of book messages, smoothed; a clock difference is in it. Undefined: the venue tells no time. */
  readonly delayMs?: number
  readonly frames: number
  readonly malformed: number
  readonly connects: number
  readonly gaps: number
  readonly resyncs: number
  readonly checksumFaults: number
  readonly crossed: number
  /** Books that cannot be used now, and why; ccxt symbols. */
  readonly lost: readonly { readonly symbol: string; readonly why: string }[]
}
