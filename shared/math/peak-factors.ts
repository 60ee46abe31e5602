/** How busy hours differ from the rest: a factor per bucket (hour of the day, hour of the week). Float opinions. */
import { assert } from '../assert.ts'
import { median } from './quantile.ts'

/**
 * Per bucket the median of its values over the median of all; 1 (as usual) for a bucket without values or where a median
 * is 0. `bucketOf[i]` is the bucket of `values[i]`, 0 to buckets - 1. Medians, so that a single spike moves nothing. O(n log n).
 */
export function peakFactors(bucketOf: ArrayLike<number>, values: ArrayLike<number>, buckets: number): Float64Array {
  assert(bucketOf.length === values.length, 'every value has a bucket')
  const byBucket: number[][] = Array.from({ length: buckets }, () => [])
  for (let i = 0; i < values.length; i++) {
    const bucket = byBucket[bucketOf[i]]
    assert(bucket !== undefined, 'a bucket is one of those counted')
    bucket.push(values[i])
  }
  const usual = values.length > 0 ? median(Float64Array.from(values).sort()) : 0
  return Float64Array.from(byBucket, (own) => {
    const middle = own.length > 0 ? median(Float64Array.from(own).sort()) : 0
    return middle > 0 && usual > 0 ? middle / usual : 1
  })
}

/** What a value would be in a usual hour. */
export function normalised(value: number, factor: number): number {
  assert(factor > 0, 'a factor is above 0')
  return value / factor
}
