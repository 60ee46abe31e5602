/**
 * The sweep against its twin in C++ (sweep-twin.cpp, g++ -O3 -march=native, compiled here): the same 32 venues x 20
 * levels in the same file, the same steps, the same plans. Each decision is timed alone, one clock read included; what
 * counts is the ratio of medians inside one run.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BookSide, BookTable } from '../../../hotpath/book/book-table.ts'
import { ExecutionPlan } from '../../../hotpath/plan/execution-plan.ts'
import { VenueCandidates } from '../../../hotpath/plan/venue-candidates.ts'
import { OrderSplitter } from '../../../hotpath/splitting/order-splitter.ts'
import { assert } from '../../../shared/assert.ts'
import { Side } from '../../../shared/domain/order.ts'
import { Prng } from '../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { compileTwin } from '../native-twin.ts'
import { bytesPerSplit } from './split-allocation.ts'

const PROBLEMS = 64
const ROWS = 32
const LEVELS = 20
/** Mean lots of a level, and orders in units of it: 5, 14, 60 and 240 levels are consumed. */
const LEVEL_LOTS = 50_000
const orderLevels = [5, 14, 60, 240]
const ROUNDS = 5

interface Timing {
  readonly digest: number
  readonly p50: number
  readonly p99: number
}

class SweepWorld {
  readonly books = new BookTable({ venues: ROWS, instruments: PROBLEMS, levelsMax: LEVELS })
  readonly candidates = new VenueCandidates()
  readonly plan = new ExecutionPlan()
  readonly splitter = new OrderSplitter(this.books)
  readonly lots = orderLevels.map((levels) => levels * LEVEL_LOTS)

  constructor(prng: Prng) {
    this.candidates.reset()
    for (let venue = 0; venue < ROWS; venue++) {
      const row = this.candidates.add(venue as VenueIndex, this.books.row(0 as InstrumentIndex, venue as VenueIndex))
      this.candidates.feeFactor[row] = 1_000_000 + [1000, 750, 600, 400, -100, 2600, 1000, 500][prng.nextBelow(8)]
      this.candidates.latencyNs[row] = prng.nextBelow(50_000_000)
      this.candidates.lotsMin[row] = 1
      this.candidates.lotsMax[row] = 1e12
      this.candidates.spendMax[row] = 1e18
    }
    for (let problem = 0; problem < PROBLEMS; problem++) {
      for (let venue = 0; venue < ROWS; venue++) this.#fill(problem, venue, prng)
    }
  }

  #fill(problem: number, venue: number, prng: Prng): void {
    const row = this.books.row(problem as InstrumentIndex, venue as VenueIndex)
    let price = 6_000_001 + prng.nextBelow(400)
    for (let level = 0; level < LEVELS; level++) {
      const lots = prng.nextBetween(1, 2 * LEVEL_LOTS)
      this.books.setLevel(row, BookSide.ask, price as PriceTicks, lots as QtyLots)
      price += prng.nextBetween(1, 60)
    }
  }

  /** Points the candidate table at a problem's books, as the steps before the split have done by then. */
  open(problem: number): void {
    for (let row = 0; row < ROWS; row++) {
      this.candidates.bookRow[row] = this.books.row(problem as InstrumentIndex, row as VenueIndex)
    }
    this.plan.reset(Side.buy)
  }

  split(lots: number): void {
    this.splitter.split(this.candidates, this.plan, Side.buy, lots, 0, 1_000)
  }

  toFile(repeats: number): Float64Array {
    const c = this.candidates
    const columns = [c.feeFactor, c.lotStep, c.lotsMin, c.lotsMax, c.spendMax, c.notionalMin, c.childCost]
    const terms = [...columns, c.limitTicks, c.latencyNs].flatMap((column) => [...column.subarray(0, ROWS)])
    const books: number[] = []
    for (let problem = 0; problem < PROBLEMS; problem++) {
      for (const from of [this.books.prices, this.books.lots]) {
        for (let venue = 0; venue < ROWS; venue++) {
          const row = this.books.row(problem as InstrumentIndex, venue as VenueIndex)
          const offset = this.books.offset(row, BookSide.ask)
          books.push(...from.subarray(offset, offset + LEVELS))
        }
      }
    }
    return new Float64Array([PROBLEMS, ROWS, LEVELS, this.lots.length, repeats, ...terms, ...books, ...this.lots])
  }

  digest(lots: number): number {
    let sum = 0
    for (let problem = 0; problem < PROBLEMS; problem++) {
      this.open(problem)
      this.split(lots)
      sum += this.plan.objective / lots + this.plan.nextEffective
      for (let k = 0; k < this.plan.count; k++) sum += this.plan.row[k] * this.plan.lots[k] + this.plan.limitTicks[k]
    }
    return sum
  }

  time(lots: number, repeats: number): Timing {
    const took = new Float64Array(repeats * PROBLEMS)
    for (let at = 0; at < took.length; at++) {
      this.open(at % PROBLEMS)
      const start = performance.now()
      this.split(lots)
      took[at] = (performance.now() - start) * 1e6
    }
    took.sort()
    return { digest: this.digest(lots), p50: took[took.length >> 1], p99: took[Math.floor(took.length * 0.99)] }
  }
}

export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const repeats = options.quick ? 40 : 400
  const world = new SweepWorld(new Prng(11))
  for (let i = 0; i < 30; i++) for (const lots of world.lots) world.time(lots, 8)
  const bytes: BenchRow = {
    name: 'split, bytes allocated per order',
    unit: 'B/order',
    value: await bytesPerSplit(),
    limit: { max: 1, isGate: true },
    note: 'child process, sweeps and searches, 128 MiB semi-space, least of 3',
  }
  const twin = compileTwin(fileURLToPath(new URL('./sweep-twin.cpp', import.meta.url)))
  if (typeof twin === 'string') return [...aloneRows(world, repeats, twin), bytes]
  const directory = mkdtempSync(join(tmpdir(), 'sweep-'))
  try {
    return [...contestRows(world, repeats, directory, twin.path), bytes]
  } finally {
    rmSync(directory, { recursive: true, force: true })
    twin.remove()
  }
}

function contestRows(world: SweepWorld, repeats: number, directory: string, twin: string): BenchRow[] {
  const input = join(directory, 'problems.bin')
  writeFileSync(input, world.toFile(repeats))
  const rounds = Array.from({ length: ROUNDS }, () => {
    const native = JSON.parse(execFileSync(twin, [input], { encoding: 'utf8' })) as Timing[]
    const ours = world.lots.map((lots) => world.time(lots, repeats))
    return { native, ours }
  })
  return world.lots.flatMap((_, order) => {
    const ours = rounds.map((round) => round.ours[order])
    const native = rounds.map((round) => round.native[order])
    for (const [at, one] of ours.entries()) {
      const apart = Math.abs(one.digest - native[at].digest)
      assert(apart <= 1e-9 * Math.abs(one.digest), 'both languages make the same plans')
    }
    const name = `sweep ${ROWS} x ${LEVELS}, ${orderLevels[order]} levels taken`
    const theirs = quietest(native)
    const ratio: BenchRow = {
      name: `${name}, against C++`,
      unit: 'x',
      value: quietest(ours).p50 / theirs.p50,
      limit: { max: 2.2, isGate: false },
      note: `C++ p50 ${theirs.p50} ns, p99 ${theirs.p99} ns; medians of the quietest of ${ROUNDS} rounds each`,
    }
    return [timeRow(name, ours, orderLevels[order]), ratio]
  })
}

function aloneRows(world: SweepWorld, repeats: number, why: string): BenchRow[] {
  return world.lots.map((lots, order) => {
    const name = `sweep ${ROWS} x ${LEVELS}, ${orderLevels[order]} levels taken`
    return { ...timeRow(name, [world.time(lots, repeats)], orderLevels[order]), note: why }
  })
}

function timeRow(name: string, timings: readonly Timing[], levels: number): BenchRow {
  const { p50, p99 } = quietest(timings)
  const row = { name, unit: 'ns', value: p50, p50, p99 }
  return levels <= 16 ? { ...row, limit: { max: 1_000, isGate: false } } : row
}

/** The round that neighbours on the machine disturbed least. */
function quietest(rounds: readonly Timing[]): Timing {
  return rounds.reduce((best, round) => (round.p50 < best.p50 ? round : best))
}
