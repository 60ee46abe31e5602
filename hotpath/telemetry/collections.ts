/**
 * What the garbage collector and the event loop do to this thread: collections and pauses as Node reports them, heap
 * and loop when somebody looks. A thread has a heap of its own, so every thread that matters has one of these. Node
 * reports from the event loop: a thread that never returns to it hears of its collections when it does.
 */
import { constants, type EventLoopUtilization, PerformanceObserver, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { type CounterFacts, Counters } from './counters.ts'

export const ThreadCounter = {
  collectionsMinor: 0,
  collectionsMajor: 1,
  collectionsIncremental: 2,
  collectionsWeak: 3,
  pauseSeconds: 4,
  longestPauseSeconds: 5,
  heapUsedBytes: 6,
  heapTotalBytes: 7,
  externalBytes: 8,
  loopUtilization: 9,
} as const
export type ThreadCounter = (typeof ThreadCounter)[keyof typeof ThreadCounter]

/** By ThreadCounter. */
export const threadCounterFacts: readonly CounterFacts[] = [
  collectionsOf('minor'),
  collectionsOf('major'),
  collectionsOf('incremental'),
  collectionsOf('weak'),
  { name: 'sor_gc_pause_seconds_total', unit: 'seconds', meaning: 'Time the thread stood still for collections.' },
  { name: 'sor_gc_pause_longest_seconds', unit: 'seconds', meaning: 'The longest such pause.' },
  { name: 'sor_heap_used_bytes', unit: 'bytes', meaning: 'Heap of the thread in use.' },
  { name: 'sor_heap_size_bytes', unit: 'bytes', meaning: 'Heap that the thread holds.' },
  { name: 'sor_external_bytes', unit: 'bytes', meaning: 'Memory outside the heap that it holds: tables, buffers.' },
  {
    name: 'sor_event_loop_utilization_ratio',
    unit: 'ratio',
    meaning: 'Share of the time between the last two looks that the event loop was busy; 1 when it spins.',
  },
]

function collectionsOf(kind: string): CounterFacts {
  const meaning = 'Garbage collections of the thread, by kind.'
  return { name: 'sor_gc_collections_total', unit: 'count', meaning, label: ['kind', kind] }
}

/** What an observer tells of a collection. */
export interface CollectionEntry {
  /** Milliseconds. */
  readonly duration: number
  readonly detail?: unknown
}

const {
  NODE_PERFORMANCE_GC_MAJOR: MAJOR,
  NODE_PERFORMANCE_GC_INCREMENTAL: INCREMENTAL,
  NODE_PERFORMANCE_GC_WEAKCB: WEAK,
} = constants

/** Looks closer together than this see too little of the loop. */
const LOOK_MS_MIN = 100

export class Collections {
  readonly counters: Counters
  readonly #observer: PerformanceObserver
  #lastLook: EventLoopUtilization = performance.eventLoopUtilization()

  /** Counts from now on; `counters` has the table of ThreadCounter. */
  constructor(counters = new Counters(threadCounterFacts)) {
    this.counters = counters
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.note(entry)
    })
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  note(entry: CollectionEntry): void {
    const seconds = entry.duration / 1_000
    const { counters } = this
    counters.count(kindOf(entry.detail))
    counters.add(ThreadCounter.pauseSeconds, seconds)
    if (seconds > counters.value(ThreadCounter.longestPauseSeconds)) {
      counters.set(ThreadCounter.longestPauseSeconds, seconds)
    }
  }

  /** Heap and loop as they are now; off the hot path. */
  look(): void {
    const heap = getHeapStatistics()
    this.counters.set(ThreadCounter.heapUsedBytes, heap.used_heap_size)
    this.counters.set(ThreadCounter.heapTotalBytes, heap.total_heap_size)
    this.counters.set(ThreadCounter.externalBytes, heap.external_memory)
    const since = performance.eventLoopUtilization(this.#lastLook)
    if (since.idle + since.active < LOOK_MS_MIN) return
    this.counters.set(ThreadCounter.loopUtilization, since.utilization)
    this.#lastLook = performance.eventLoopUtilization()
  }

  stop(): void {
    this.#observer.disconnect()
  }
}

/** Everything that is none of the others is a collection of the young generation. */
function kindOf(detail: unknown): ThreadCounter {
  const kind = typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : undefined
  if (kind === MAJOR) return ThreadCounter.collectionsMajor
  if (kind === INCREMENTAL) return ThreadCounter.collectionsIncremental
  return kind === WEAK ? ThreadCounter.collectionsWeak : ThreadCounter.collectionsMinor
}
