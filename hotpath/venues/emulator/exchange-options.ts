/** What an emulated venue is told when it opens, and whom it tells what happens. */
import type { Instrument } from '../../../shared/domain/instrument.ts'
import type { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { EmulatedAccount } from './emulated-account.ts'
import type { LogSink } from './emulated-log.ts'
import type { EmulatedMarket } from './emulated-market.ts'
import type { EmulatedOrder, EmulatedTrade } from './emulated-order.ts'
import type { EmulatedSymbol } from './emulated-symbol.ts'
import type { EmulatedPrint } from './emulated-tape.ts'

/** What the shell gives every emulator. */
export interface EmulatorSetting {
  readonly market: EmulatedMarket
  /** The venue's wall clock, milliseconds since 1970, when `nowNs` is 0. */
  readonly startEpochMs: number
  /** Opening balance of every account, AssetUnits by asset; `*` for the assets not named. */
  readonly deposits: Readonly<Record<string, bigint>>
  /** Multiplies the venue's rate limits; 1 by default. A fast-forwarded or crowded test may need more room. */
  readonly limitScale?: number
  /** Where changes that must survive go; absent: nothing survives. */
  readonly log?: LogSink
  /** What an earlier life of this venue logged. */
  readonly lines?: readonly string[]
}

/** What the dialect adds. */
export interface ExchangeTerms {
  /** ccxt id. */
  readonly id: string
  /** Whose books of the market are borrowed, by preference: the first that the market has. */
  readonly marketVenues: readonly string[]
  /** The venue's name of an instrument; undefined: not listed here. */
  symbolName(instrument: Instrument): string | undefined
  /** May a client id be used again once its order has ended? (Binance, OKX: yes. Bybit: never.) */
  readonly clientIdReturns: boolean
  /**
   * Refusals that this venue does not answer: it takes the order and tells its end a moment later (post-only at OKX and
   * Bybit). Such an order is told as canceled, without having been new.
   */
  readonly refusesLater?: readonly RejectReason[]
  /** This venue takes its fee from what a trade brings in, whatever the market's listings say. */
  readonly feeOnReceived?: boolean
}

export type OrderNewsKind = 'new' | 'trade' | 'replaced' | 'canceled' | 'expired'

/** Told in the order in which things happen, before the call that caused them returns. */
export interface ExchangeEvents {
  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined): void
  /** Balances of these assets (rows) may have changed; said once per call, after the news that changed them. */
  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void
  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void
}
