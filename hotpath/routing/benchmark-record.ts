/** Baselines of a first decision: worked out and written to the journal, read back after a restart (cold). */
import { Side } from '../../shared/domain/order.ts'
import type { Turn } from '../../shared/turn.ts'
import { Benchmark, Head, RecordType } from '../../shared/wire/journal-frame.ts'
import type { BookTable } from '../book/book-table.ts'
import type { OrderLog } from '../execution/order-log.ts'
import { type Proof, proofNames } from '../plan/execution-plan.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { BaselineDesk } from '../tca/baseline-desk.ts'
import type { BenchmarkFigures, BenchmarkLog, BenchmarkNote, NotedDecision } from '../tca/benchmark-log.ts'

/** Append only: the number is in the journal. */
const baselineNames = ['bestSingleVenue', 'bestDisplayedPrice', 'proRata', 'uniform'] as const
const Baseline = { bestSingleVenue: 0, bestDisplayedPrice: 1, proRata: 2, uniform: 3 } as const
const NO_VENUE = 255

/** Holds first decisions against the baselines; makes no garbage. */
export class DecisionBenchmark {
  readonly #desk: BaselineDesk

  constructor(books: BookTable) {
    this.#desk = new BaselineDesk(books)
  }

  /** On the books as they still are in the turn of the decision. O(levels). */
  work(decision: NotedDecision, figures: BenchmarkFigures): void {
    figures.rows = 0
    figures.proof = decision.proof
    figures.planBps[0] = 0
    figures.planBps[1] = decision.gapBps
    if (decision.plannedLots === 0 || decision.mid === 0) return
    figures.planBps[0] = planBps(decision)
    const desk = this.#desk
    desk.open(decision)
    const single = desk.bestSingle()
    if (single >= 0) this.#add(figures, Baseline.bestSingleVenue, decision.venue[single])
    desk.bestDisplayed()
    this.#add(figures, Baseline.bestDisplayedPrice, NO_VENUE)
    desk.proRata()
    this.#add(figures, Baseline.proRata, NO_VENUE)
    desk.uniform()
    this.#add(figures, Baseline.uniform, NO_VENUE)
  }

  #add(figures: BenchmarkFigures, baseline: number, venue: number): void {
    const desk = this.#desk
    const row = figures.rows++
    figures.baseline[row] = baseline
    figures.venue[row] = venue
    figures.isIncomplete[row] = desk.isComplete ? 0 : 1
    figures.allInBps[row] = desk.allInBps
    figures.slippageBps[row] = desk.slippageBps
    figures.feeBps[row] = desk.feeBps
  }
}

function planBps({ side, objective, plannedLots, mid }: NotedDecision): number {
  const sign = side === Side.buy ? 1 : -1
  return (sign * (objective / 1_000_000 / plannedLots - mid) * 10_000) / mid
}

/** In names, for reports. */
export function describeBenchmark(figures: BenchmarkFigures, { venues }: ListingTable): BenchmarkNote {
  const rows = Array.from({ length: figures.rows }, (_, row) => {
    const venue = venues[figures.venue[row]]
    return {
      name: baselineNames[figures.baseline[row]] ?? 'unknown',
      ...(venue && { venue: venue.id }),
      incomplete: figures.isIncomplete[row] === 1,
      allInBps: figures.allInBps[row],
      slippageBps: figures.slippageBps[row],
      feeBps: figures.feeBps[row],
    }
  })
  const [allInBps, gapBps] = figures.planBps
  return { allInBps, gapBps, proof: proofNames[figures.proof] ?? 'none', rows }
}

/**
 * A row: 0 u8 baseline · 1 u8 venue · 2 u8 incomplete · 8 f64 all-in · 16 f64 slippage · 24 f64 fee, bps. The plan's
 * own all-in, gap and proof stand behind the rows.
 */
export function writeBenchmark(log: OrderLog, turn: Turn, decision: NotedDecision, figures: BenchmarkFigures): void {
  const view = log.record.begin(RecordType.benchmark, Benchmark.end, decision.parentSequence, 0, turn)
  view.setUint16(Head.bits, figures.rows, true)
  for (let row = 0; row < figures.rows; row++) {
    const from = Benchmark.rows + row * Benchmark.rowBytes
    view.setUint8(from, figures.baseline[row])
    view.setUint8(from + 1, figures.venue[row])
    view.setUint8(from + 2, figures.isIncomplete[row])
    view.setFloat64(from + 8, figures.allInBps[row], true)
    view.setFloat64(from + 16, figures.slippageBps[row], true)
    view.setFloat64(from + 24, figures.feeBps[row], true)
  }
  view.setFloat64(Benchmark.planBps, figures.planBps[0], true)
  view.setFloat64(Benchmark.gapBps, figures.planBps[1], true)
  view.setUint8(Benchmark.proof, figures.proof)
  log.commit()
}

export function readBenchmark(view: DataView, log: BenchmarkLog): void {
  const figures = log.place(view.getFloat64(Head.parentSequence, true))
  figures.rows = Math.min(Benchmark.rowsMax, view.getUint16(Head.bits, true))
  for (let row = 0; row < figures.rows; row++) {
    const from = Benchmark.rows + row * Benchmark.rowBytes
    figures.baseline[row] = view.getUint8(from)
    figures.venue[row] = view.getUint8(from + 1)
    figures.isIncomplete[row] = view.getUint8(from + 2)
    figures.allInBps[row] = view.getFloat64(from + 8, true)
    figures.slippageBps[row] = view.getFloat64(from + 16, true)
    figures.feeBps[row] = view.getFloat64(from + 24, true)
  }
  figures.planBps[0] = view.getFloat64(Benchmark.planBps, true)
  figures.planBps[1] = view.getFloat64(Benchmark.gapBps, true)
  figures.proof = view.getUint8(Benchmark.proof) as Proof
}
