/** Baselines of a first decision: worked out, written to the journal, read back after a restart (cold). */
import type { Side } from '../../shared/domain/order.ts'
import { Side as Sides } from '../../shared/domain/order.ts'
import type { Turn } from '../../shared/turn.ts'
import { Benchmark, Head, RecordType } from '../../shared/wire/journal-frame.ts'
import type { BookTable } from '../book/book-table.ts'
import type { OrderLog } from '../execution/order-log.ts'
import { Proof, proofNames } from '../plan/execution-plan.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { type BaselineRoute, bestDisplayedPrice, bestSingleVenue, proRata, uniformSplit } from '../tca/baselines.ts'
import type { BenchmarkLog, BenchmarkNote, BenchmarkRow, NotedDecision } from '../tca/benchmark-log.ts'

/** Append only: the number is in the journal. */
const baselineNames = ['bestSingleVenue', 'bestDisplayedPrice', 'proRata', 'uniform'] as const
const NO_VENUE = 255

/** On the books as they still are in the turn of the decision. O(levels x venues). */
export function benchmarkDecision(decision: NotedDecision, books: BookTable, listings: ListingTable): BenchmarkNote {
  const { plan, candidates } = decision
  const lots = plan.plannedLots
  const proof = proofNames[plan.proof]
  if (lots === 0 || plan.mid === 0) return { allInBps: 0, gapBps: plan.gapBps, proof, rows: [] }
  const market = { books, candidates, side: plan.side, mid: plan.mid }
  const single = bestSingleVenue(market, lots)
  const rows: BenchmarkRow[] = []
  if (single) rows.push({ ...rowOf(baselineNames[0], single), venue: listings.venues[candidates.venue[single.row]].id })
  rows.push(rowOf(baselineNames[1], bestDisplayedPrice(market, lots)))
  rows.push(rowOf(baselineNames[2], proRata(market, lots)))
  rows.push(rowOf(baselineNames[3], uniformSplit(market, lots)))
  return { allInBps: planBps(plan.side, plan.objective, lots, plan.mid), gapBps: plan.gapBps, proof, rows }
}

function rowOf(name: string, route: BaselineRoute): BenchmarkRow {
  const { allInBps, slippageBps, feeBps, isComplete } = route
  return { name, allInBps, slippageBps, feeBps, incomplete: !isComplete }
}

function planBps(side: Side, objective: number, lots: number, mid: number): number {
  const sign = side === Sides.buy ? 1 : -1
  return (sign * (objective / 1_000_000 / lots - mid) * 10_000) / mid
}

/**
 * A row: 0 u8 baseline · 1 u8 venue · 2 u8 incomplete · 8 f64 all-in · 16 f64 slippage · 24 f64 fee, bps. The plan's
 * own all-in, gap and proof stand behind the rows.
 */
export function writeBenchmark(
  log: OrderLog,
  turn: Turn,
  parentSequence: number,
  note: BenchmarkNote,
  listings: ListingTable,
): void {
  const view = log.record.begin(RecordType.benchmark, Benchmark.end, parentSequence, 0, turn)
  view.setUint16(Head.bits, note.rows.length, true)
  note.rows.forEach((row, at) => {
    const from = Benchmark.rows + at * Benchmark.rowBytes
    view.setUint8(from, baselineNames.indexOf(row.name as (typeof baselineNames)[number]))
    const venue = listings.venues.findIndex(({ id }) => id === row.venue)
    view.setUint8(from + 1, venue === -1 ? NO_VENUE : venue)
    view.setUint8(from + 2, row.incomplete ? 1 : 0)
    view.setFloat64(from + 8, row.allInBps, true)
    view.setFloat64(from + 16, row.slippageBps, true)
    view.setFloat64(from + 24, row.feeBps, true)
  })
  view.setFloat64(Benchmark.planBps, note.allInBps, true)
  view.setFloat64(Benchmark.gapBps, note.gapBps, true)
  view.setUint8(Benchmark.proof, Proof[note.proof as keyof typeof Proof])
  log.commit()
}

export function readBenchmark(view: DataView, listings: ListingTable, log: BenchmarkLog): void {
  const count = Math.min(Benchmark.rowsMax, view.getUint16(Head.bits, true))
  const rows: BenchmarkRow[] = []
  for (let at = 0; at < count; at++) {
    const from = Benchmark.rows + at * Benchmark.rowBytes
    const venue = listings.venues[view.getUint8(from + 1)]
    rows.push({
      name: baselineNames[view.getUint8(from)] ?? 'unknown',
      ...(venue && { venue: venue.id }),
      incomplete: view.getUint8(from + 2) === 1,
      allInBps: view.getFloat64(from + 8, true),
      slippageBps: view.getFloat64(from + 16, true),
      feeBps: view.getFloat64(from + 24, true),
    })
  }
  log.put(view.getFloat64(Head.parentSequence, true), {
    allInBps: view.getFloat64(Benchmark.planBps, true),
    gapBps: view.getFloat64(Benchmark.gapBps, true),
    proof: proofNames[view.getUint8(Benchmark.proof)] ?? 'none',
    rows,
  })
}
