/** What a paper exchange may be told; the defaults are those of `npm start`. */
import { NS_PER_MS } from '../../../shared/units/time.ts'

/** What happens when an order meets one of its own account (the taker's mode decides, as on Binance). */
export const SelfTrade = { none: 0, expireTaker: 1, expireMaker: 2, expireBoth: 3 } as const
export type SelfTrade = (typeof SelfTrade)[keyof typeof SelfTrade]

export interface PaperOptions {
  readonly seed: number
  /** Scales every latency; 0 answers in the same turn. */
  readonly latencyScale: number
  /** Time in which half of what our fills took has come back; infinite: never. */
  readonly refillHalfLifeNs: number
  /** How often books that refill are told anew. */
  readonly refillTellNs: number
  /** Levels a side that are told to whoever does not ask for all of them. */
  readonly levels: number
  readonly selfTrade: SelfTrade
  /** Resting orders of one account at one venue (Binance: 200 a symbol; most others 500 to 1,000 in all). */
  readonly openOrdersMax: number
  /** The venues' wall clock, microseconds since 1970, when `nowNs` is 0. */
  readonly startEpochUs: number
  /** Execution numbers start above this, so that a restarted exchange never repeats one. */
  readonly executionBase: number
  /** What a connection must say in its hello; empty: nothing. */
  readonly token: string
  /** Opening balance of every account at every venue, AssetUnits by asset; `*` for the assets not named. */
  readonly deposits: Readonly<Record<string, bigint>>
}

const WHOLE = 100_000_000n

/** Large desks' balances at one venue: they bind for the largest orders only. */
const deposits: Readonly<Record<string, bigint>> = {
  BTC: 1_000n * WHOLE,
  ETH: 20_000n * WHOLE,
  SOL: 500_000n * WHOLE,
  USD: 50_000_000n * WHOLE,
  USDT: 50_000_000n * WHOLE,
  USDC: 50_000_000n * WHOLE,
  EUR: 50_000_000n * WHOLE,
  '*': 10_000_000n * WHOLE,
}

export const paperDefaults: PaperOptions = {
  seed: 1,
  latencyScale: 1,
  refillHalfLifeNs: 500 * NS_PER_MS,
  refillTellNs: 5 * NS_PER_MS,
  levels: 32,
  selfTrade: SelfTrade.expireTaker,
  openOrdersMax: 1_000,
  startEpochUs: 0,
  executionBase: 0,
  token: '',
  deposits,
}
