/** Measures order create round trips: PENDING_CREATE to CREATED of the same order. */
import type { MeasuredLatency } from './calibration.ts'
import { quantile, rounded } from './quantiles.ts'

/** Rows `Timestamp (ms),Order_ID,Status`. */
export function measureCreates(texts: readonly string[]): MeasuredLatency {
  const times: number[] = []
  for (const text of texts) {
    const sent = new Map<string, number>()
    for (const line of text.split('\n')) {
      const [at, order, status] = line.trim().split(',')
      if (status === 'PENDING_CREATE') sent.set(order, Number(at))
      const from = sent.get(order)
      if (status === 'CREATED' && from !== undefined) times.push(Number(at) - from)
    }
  }
  return { medianMs: rounded(quantile(times, 0.5)), p99Ms: rounded(quantile(times, 0.99)), samples: times.length }
}
