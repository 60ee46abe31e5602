/** The measured numbers behind the calibrated market and every venue's terms. Written by derive.ts, read by all. */
import data from './calibration.json' with { type: 'json' }

/** A distance from the mid in bps, and how much lies within it on one side, in quote money. */
export type DepthPoint = readonly [bps: number, quoteAmount: number]

/** Levels p05, p25, p50, p75, p95, p99. */
export type Quantiles = readonly number[]
export const QUANTILE_LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const

/** What one base asset against USDT did at the measured spot venue. */
export interface MeasuredFlow {
  readonly mid: number
  readonly spreadBps: Quantiles
  readonly midChangesPerS: number
  /** All changes of levels, and those within 10 bps of the mid. */
  readonly levelChangesPerS: number
  readonly levelChangesNearPerS: number
  /** Money at the best level of a side, over time. */
  readonly touchQuoteAmount: Quantiles
  /** How much the money between two distances varies from second to second: deviation of its logarithm. */
  readonly levelLogDeviation: number
  readonly depth: readonly DepthPoint[]
  /** A burst is all prints of one side in one millisecond: one aggressive order, or a few at once. */
  readonly burstsPerS: number
  readonly printsPerBurst: number
  readonly burstQuoteAmount: Quantiles
  /** Share of bursts that repeat the side of the one before, minus the share that turn. */
  readonly sideAutocorrelation: number
  /** Share of bursts that earlier bursts caused (Hawkes), and how fast the excitement dies. */
  readonly branching: number
  readonly excitementDecayPerS: number
  /** After a burst that took at least half of the best level: until the level is back at its price with 80 %. */
  readonly refillMsMedian: number
  readonly refillMsP90: number
  readonly refilledShare: number
  readonly deviationBpsPerS: number
}

export interface MeasuredLag {
  readonly leader: string
  readonly follower: string
  readonly lagMs: number
  readonly correlation: number
}

/** A short look at a real book: its spread and depth, for venues of which we have one. */
export interface MeasuredBook {
  readonly source: string
  readonly mid: number
  readonly spreadBps: number
  readonly depth: readonly DepthPoint[]
}

export interface MeasuredListing {
  readonly tick: string
  readonly lot: string
  readonly qtyMin: string
  readonly qtyMax: string
  readonly notionalMin: string
}

export interface DeclaredFees {
  readonly name: string
  readonly makerPpm: number
  readonly takerPpm: number
  /** ccxt feeSide 'get': the fee is taken from what the trade brings in. */
  readonly isReceived: boolean
  /** Pause between requests that the library keeps by default. */
  readonly pauseMs: number
}

/** A round trip of one order create, milliseconds. */
export interface MeasuredLatency {
  readonly medianMs: number
  readonly p99Ms: number
  readonly samples: number
}

/** One volatility regime: how much wilder and busier than the median hour, how common, how long it lasts. */
export interface MeasuredRegime {
  readonly volatilityRatio: number
  readonly volumeRatio: number
  readonly share: number
  readonly minutesMean: number
}

export interface Calibration {
  readonly flow: { readonly source: string; readonly BTC: MeasuredFlow; readonly ETH: MeasuredFlow }
  readonly leadLag: {
    readonly source: string
    readonly pairs: readonly MeasuredLag[]
    readonly baseCorrelation: number
  }
  /** Calm, normal, stressed. */
  readonly regimes: {
    readonly source: string
    readonly states: readonly MeasuredRegime[]
    readonly jumpsPerDay: number
  }
  readonly stablecoins: {
    readonly source: string
    readonly basisDeviationBps: number
    readonly basisHalfLifeMinutes: number
    readonly venueGapDeviationBps: number
  }
  readonly books: {
    readonly source: string
    readonly venues: Readonly<Record<string, Readonly<Record<string, MeasuredBook>>>>
  }
  /** Money within d bps grows as d to this power between 20 and 100 bps: mean over the books that reach so far. */
  readonly farDepthExponent: number
  readonly fullBooks: {
    readonly source: string
    readonly books: readonly (MeasuredBook & { venue: string; symbol: string })[]
  }
  readonly latency: {
    readonly source: string
    /** From Tokyo to the venue. */
    readonly venues: Readonly<Record<string, MeasuredLatency>>
    /** To one Tokyo venue from other regions: what distance costs. */
    readonly regions: Readonly<Record<string, MeasuredLatency>>
  }
  readonly fees: { readonly source: string; readonly venues: Readonly<Record<string, DeclaredFees>> }
  readonly listings: {
    readonly source: string
    readonly venues: Readonly<Record<string, Readonly<Record<string, MeasuredListing>>>>
  }
}

export const calibration: Calibration = data as unknown as Calibration
