/** A range that holds the truth with a stated confidence. */
export interface Interval {
  readonly low: number
  readonly high: number
}
