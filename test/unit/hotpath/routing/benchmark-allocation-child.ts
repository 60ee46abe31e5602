/**
 * Bytes allocated and nanoseconds taken per first decision, from the note to its record, one JSON line. Needs --expose-gc
 * --min-semi-space-size=128 --max-semi-space-size=128: then no collection can hide an allocation between two readings.
 */
import { getHeapStatistics } from 'node:v8'
import { BookSide, BookTable } from '../../../../hotpath/book/book-table.ts'
import { OrderLog } from '../../../../hotpath/execution/order-log.ts'
import { OrderLifecycle } from '../../../../hotpath/orders/order-lifecycle.ts'
import { OrderStore } from '../../../../hotpath/orders/order-store.ts'
import { PositionTable } from '../../../../hotpath/orders/position-table.ts'
import { ExecutionPlan } from '../../../../hotpath/plan/execution-plan.ts'
import { VenueCandidates } from '../../../../hotpath/plan/venue-candidates.ts'
import { DecisionBenchmark, writeBenchmark } from '../../../../hotpath/routing/benchmark-record.ts'
import { type BenchmarkFigures, BenchmarkLog, type NotedDecision } from '../../../../hotpath/tca/benchmark-log.ts'
import { MachineClock } from '../../../../hotpath/threads/machine-clock.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { Prng } from '../../../../shared/prng.ts'
import { Turn } from '../../../../shared/turn.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'

const VENUES = 32
const LEVELS = 20
const COUNT = 500
const CALLS = 20
const WARM_UPS = 6
const ROUNDS = 6

/** Least of all rounds: compiling in the background allocates too, and so does the probe. */
function measure(repeat: (count: number) => void): { bytes: number; ns: number } {
  let bytes = Number.POSITIVE_INFINITY
  let ns = Number.POSITIVE_INFINITY
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    globalThis.gc?.()
    repeat(COUNT)
    const before = getHeapStatistics().used_heap_size
    const startMs = performance.now()
    for (let call = 0; call < CALLS; call++) repeat(COUNT)
    const tookMs = performance.now() - startMs
    const perOperation = (getHeapStatistics().used_heap_size - before) / (CALLS * COUNT)
    if (round < 0) continue
    bytes = Math.min(bytes, Math.abs(perOperation))
    ns = Math.min(ns, (tookMs * 1e6) / (CALLS * COUNT))
  }
  return { bytes, ns }
}

/** A decision on drawn books, of so much of what they display; written as the core does, to a journal that keeps nothing. */
class Rig {
  readonly #decision = { parentSequence: 0, candidates: new VenueCandidates(), plan: new ExecutionPlan() }
  readonly #benchmarks: BenchmarkLog
  readonly #keep: (decision: NotedDecision, figures: BenchmarkFigures) => void
  readonly #lots: number

  constructor(share: number) {
    const books = new BookTable({ venues: VENUES, instruments: 1, levelsMax: LEVELS })
    const depth = this.#draw(books)
    this.#lots = Math.floor(depth * share)
    const benchmark = new DecisionBenchmark(books)
    this.#benchmarks = new BenchmarkLog(
      512,
      (decision, figures) => benchmark.work(decision, figures),
      () => ({ allInBps: 0, gapBps: 0, proof: 'none', rows: [] }),
    )
    const store = new OrderStore({ parentsMax: 64, childrenMax: 64, fillsMax: 64 })
    const lifecycle = new OrderLifecycle(store, new PositionTable({ venues: VENUES, instruments: 1 }))
    const sink = { nowUs: 0, append: () => 1, room: () => 1e9, durableSequence: () => 0 }
    const log = new OrderLog(sink, lifecycle)
    const turn = new Turn(new MachineClock(), sink)
    this.#keep = (decision, figures) => writeBenchmark(log, turn, decision, figures)
  }

  #draw(books: BookTable): number {
    const prng = new Prng(6)
    const { candidates } = this.#decision
    let depth = 0
    for (let venue = 0; venue < VENUES; venue++) {
      const book = books.row(0 as InstrumentIndex, venue as VenueIndex)
      let price = prng.nextBetween(1_000_000, 1_000_400)
      for (let level = 0; level < LEVELS; level++) {
        const lots = prng.nextBetween(1, 2_000)
        books.setLevel(book, BookSide.ask, price as PriceTicks, lots as QtyLots)
        price += prng.nextBetween(1, 60)
        depth += lots
      }
      const row = candidates.add(venue as VenueIndex, book)
      candidates.feeFactor[row] = 1_000_000 + prng.nextBetween(-100, 2_600)
    }
    return depth
  }

  readonly work = (count: number): void => {
    const decision = this.#decision
    for (let i = 0; i < count; i++) {
      decision.parentSequence++
      decision.plan.reset(Side.buy)
      decision.plan.plannedLots = this.#lots + i
      decision.plan.mid = 999_999.5
      this.#benchmarks.note(decision)
      this.#benchmarks.run(this.#keep)
    }
  }
}

function allocator(): (count: number) => void {
  const kept: object[] = [{}]
  return (count) => {
    for (let i = 0; i < count; i++) kept[0] = { i }
  }
}

const result = {
  anObject: measure(allocator()),
  smallOrder: measure(new Rig(0.01).work),
  largeOrder: measure(new Rig(0.5).work),
}
process.stdout.write(JSON.stringify(result))
