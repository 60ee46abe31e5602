/**
 * What a thread in a blocking loop can say of its own memory. Collections are heard of when the loop visits the event loop:
 * measured, such a visit with this reading makes 2 KB of garbage, a megabyte in ten minutes of one a second.
 */
import { type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { Gauge } from './core-memory.ts'

export class CoreGauge {
  readonly #gauges: Float64Array
  readonly #observer: PerformanceObserver
  #isCounting = false

  constructor(gauges: Float64Array) {
    this.#gauges = gauges
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#count(entry)
    })
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  /** From now on: what the start left behind is not the service's. */
  begin(): void {
    this.#isCounting = true
  }

  read(turns: number, sleeps: number): void {
    const gauges = this.#gauges
    gauges[Gauge.turns] = turns
    gauges[Gauge.sleeps] = sleeps
    gauges[Gauge.heapBytes] = getHeapStatistics().used_heap_size
  }

  close(): void {
    this.#observer.disconnect()
  }

  #count({ duration }: PerformanceEntry): void {
    if (!this.#isCounting) return
    this.#gauges[Gauge.collections]++
    this.#gauges[Gauge.collectedMs] += duration
  }
}
