/** What the samples of a soak say: was the rate reached, is memory flat, did the core's thread ever collect garbage. */

export interface SoakSample {
  readonly seconds: number
  readonly orders: number
  readonly fills: number
  readonly coreHeapBytes: number
  readonly rssBytes: number
  /** Of the core's thread, since the warm-up. */
  readonly collections: number
  readonly journalBytes: number
}

export interface SoakLine {
  readonly name: string
  readonly ok: boolean
  readonly text: string
}

const RATE_SHARE_MIN = 0.99
const MIB = 1_048_576
/** Of the core's thread: a time handed to its duties 5,000 times a second, 16 bytes each; and some for readings of it. */
const HEAP_BYTES_PER_SECOND_MAX = 80_000
const HEAP_GROWTH_BYTES_MIN = 2 * MIB
/** The main thread of the soak collects garbage as it likes. */
const RSS_GROWTH_BYTES_MAX = 64 * MIB

/** Samples since the warm-up, at least three; `unanswered` orders at the end, denied ones among all. */
export function soakVerdict(
  samples: readonly SoakSample[],
  rate: number,
  ends: { readonly denied: number; readonly unanswered: number; readonly unfilled: number },
): readonly SoakLine[] {
  const [first, last] = [samples[0], samples[samples.length - 1]]
  const reached = (last.orders - first.orders) / (last.seconds - first.seconds)
  const thirds = ((last.seconds - first.seconds) * 2) / 3
  const heapMax = HEAP_GROWTH_BYTES_MIN + thirds * HEAP_BYTES_PER_SECOND_MAX
  const heap = growth(samples, ({ coreHeapBytes }) => coreHeapBytes)
  const rss = growth(samples, ({ rssBytes }) => rssBytes)
  const { denied, unanswered, unfilled } = ends
  return [
    line('rate', reached >= rate * RATE_SHARE_MIN, `${Math.round(reached)} orders a second of ${rate} asked`),
    line('collections', last.collections === 0, `${last.collections} in the core's thread`),
    line(
      'core heap',
      heap <= heapMax,
      `${mib(heap)} more in the last third than in the first, ${mib(heapMax)} allowed`,
    ),
    line('process', rss <= RSS_GROWTH_BYTES_MAX, `${mib(rss)} more in the last third than in the first`),
    line(
      'orders',
      denied + unanswered + unfilled === 0,
      `${denied} denied, ${unanswered} unanswered, ${unfilled} unfilled`,
    ),
  ]
}

function line(name: string, ok: boolean, text: string): SoakLine {
  return { name, ok, text }
}

/** Mean of the last third less the mean of the first. */
function growth(samples: readonly SoakSample[], of: (sample: SoakSample) => number): number {
  const third = Math.max(1, Math.floor(samples.length / 3))
  return mean(samples.slice(-third).map(of)) - mean(samples.slice(0, third).map(of))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`
}
