/**
 * What a bench module reports. A bench module exports `run(options: { quick: boolean }): Promise<BenchRow[]>` and is
 * listed in bench-table.ts. Gates are ratios (or bytes, or counts) inside one run: absolute times are told, never judged.
 */
export interface BenchRow {
  /** What was measured, in a few words: 'sweep 32 x 20, 14 levels'. */
  readonly name: string
  /** Unit of value, p50, p99, p999 and of the limit: 'us', 'ns', 'x', 'orders/s', 'B/order', 'MB', 'bps', 'count'. */
  readonly unit: string
  /** The figure the limit is about, or the only figure of the row. */
  readonly value: number
  readonly p50?: number
  readonly p99?: number
  readonly p999?: number
  /** Promise on `value`; a row without one informs. */
  readonly limit?: BenchLimit
  /** How it was measured, what it is compared with, why it could not be measured. */
  readonly note?: string
}

export interface BenchLimit {
  /** The value holds at or below it. */
  readonly max?: number
  /** The value holds at or above it. */
  readonly min?: number
  /** True: the run fails when it does not hold (a ratio inside one run). False: told as a miss. */
  readonly isGate: boolean
}

export interface BenchOptions {
  /** Smaller samples, for `npm test`: seconds instead of minutes. */
  readonly quick: boolean
}

export interface BenchModule {
  run(options: BenchOptions): Promise<BenchRow[]>
}

export type Verdict = 'holds' | 'missed' | 'failed' | 'told'

export function verdictOf(row: BenchRow): Verdict {
  const { limit } = row
  if (limit === undefined) return 'told'
  const isWithin =
    Number.isFinite(row.value) &&
    (limit.max === undefined || row.value <= limit.max) &&
    (limit.min === undefined || row.value >= limit.min)
  if (isWithin) return 'holds'
  return limit.isGate ? 'failed' : 'missed'
}
