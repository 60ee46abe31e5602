/** What opening a market gives: the contract of ../market-source.ts, and what the reader should know about it. */
import type { MarketSource } from '../market-source.ts'

export interface OpenedMarket extends MarketSource {
  /** One line each: what was skipped, rounded, assumed or ended early. For the banner and for `--json`. */
  readonly notes: readonly string[]
  /** Market time at which the source falls silent and holds its last books, nanoseconds; Infinity for never. */
  readonly endNs: number
}

export interface MarketOptions {
  readonly seed: number
  /** Market seconds per second of the caller's clock: 1 is real time. */
  readonly speed: number
  /** Of snapshot replays: how long each file's instant stands before the next file's; Infinity by default. */
  readonly holdSeconds?: number
}

/** A market that cannot be opened: one line that says what to do. */
export class MarketError extends Error {
  override readonly name = 'MarketError'
}

/** The names, grids and terms of a market: what a recording keeps of it. */
export type MarketTerms = Omit<OpenedMarket, 'work' | 'notes' | 'endNs'>
