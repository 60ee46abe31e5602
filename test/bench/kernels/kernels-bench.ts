/**
 * Each SIMD kernel against its TypeScript twin: the same inputs, the same bits, who is faster, and whether the choice made
 * at start is right. And the best single venue of one decision: walking the books as they lie against laying them out for
 * the kernel first, which decides where the kernel is of use.
 */
import { BookSide, BookTable } from '../../../hotpath/book/book-table.ts'
import { type MlpShape, openMlpHead } from '../../../hotpath/memory/mlp-head.ts'
import { chooseKernels, equalBits, type KernelChoice } from '../../../hotpath/memory/simd-kernels.ts'
import { openVenueCost, type VenueCost } from '../../../hotpath/memory/venue-cost.ts'
import { VenueCandidates } from '../../../hotpath/plan/venue-candidates.ts'
import { bestSingleVenue } from '../../../hotpath/tca/baselines.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { assert } from '../../../shared/assert.ts'
import { Side } from '../../../shared/domain/order.ts'
import { Prng } from '../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { kernelBytesPerRun } from './kernel-allocation.ts'

const kinds = ['typescript', 'wasm simd'] as const
const LEVEL_LOTS = 1_000
const shapes: readonly MlpShape[] = [
  { batch: 32, inputs: 16, hidden: 64, outputs: 1 },
  { batch: 64, inputs: 24, hidden: 32, outputs: 3 },
]
/** Venues, levels, and the part of the displayed depth that is asked for. */
const sizes = [
  [32, 20, 0.1],
  [32, 20, 0.5],
  [32, 64, 0.5],
] as const
const PROBLEMS = 16

interface Twin {
  run(): void
  answer(): readonly ArrayBufferView[]
}

export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const rounds = options.quick ? 6 : 20
  const { mlpHead, venueCost } = chooseKernels(new MachineClock())
  const rows = [
    ...shapes.flatMap((shape) => contest(mlpName(shape), mlpTwins(shape), mlpHead, rounds, 100)),
    ...sizes.flatMap(([venues, levels, share]) =>
      contest(costName(venues, levels, share), costTwins(venues, levels, share), venueCost, rounds, 1_000),
    ),
    ...sizes.slice(0, 2).flatMap(([venues, levels, share]) => layoutRows(venues, levels, share, rounds)),
  ]
  for (const [name, value] of Object.entries(await kernelBytesPerRun())) {
    rows.push({ name: `${name}, bytes a run`, unit: 'B/run', value, limit: { max: 1, isGate: true } })
  }
  return rows
}

/** Nanoseconds a call of each, the quietest of the rounds, in turn so that a noisy neighbour meets all of them. */
function time(ways: readonly (() => void)[], rounds: number, calls: number): number[] {
  const best = ways.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (const [at, way] of ways.entries()) {
      const startMs = performance.now()
      for (let call = 0; call < calls; call++) way()
      best[at] = Math.min(best[at], ((performance.now() - startMs) * 1e6) / calls)
    }
  }
  return best
}

function contest(
  name: string,
  twins: readonly Twin[],
  choice: KernelChoice,
  rounds: number,
  calls: number,
): BenchRow[] {
  const [typescriptNs, wasmNs] = time(
    twins.map((twin) => () => twin.run()),
    rounds,
    calls,
  )
  const isEqual = equalBits(twins[0].answer(), twins[1].answer())
  const [chosenNs, otherNs] = choice.kind === 'wasm simd' ? [wasmNs, typescriptNs] : [typescriptNs, wasmNs]
  const note = `typescript ${typescriptNs.toFixed(0)} ns, wasm simd ${wasmNs.toFixed(0)} ns: ${(typescriptNs / wasmNs).toFixed(1)} times as fast`
  return [
    { name: `${name}, ${choice.kind}`, unit: 'ns', value: chosenNs, note },
    { name: `${name}, chosen by other`, unit: 'x', value: chosenNs / otherNs, limit: { max: 1.1, isGate: true } },
    {
      name: `${name}, answers with other bits`,
      unit: 'count',
      value: isEqual ? 0 : 1,
      limit: { max: 0, isGate: true },
    },
  ]
}

function mlpName({ batch, inputs, hidden, outputs }: MlpShape): string {
  return `mlp ${batch} x ${inputs}-${hidden}-${outputs}`
}

function mlpTwins(shape: MlpShape): Twin[] {
  return kinds.map((kind) => {
    const prng = new Prng(5)
    const draw = (count: number) => Float32Array.from({ length: count }, () => prng.nextNormal())
    const head = openMlpHead(shape, kind)
    const { inputs, hidden, outputs } = shape
    head.load(draw(hidden * inputs), draw(hidden), draw(outputs * hidden), draw(outputs))
    head.inputs.set(draw(head.inputs.length))
    return { run: () => head.run(), answer: () => [head.outputs] }
  })
}

function costName(venues: number, levels: number, share: number): string {
  return `cost of ${share * 100} % of the depth, ${venues} x ${levels}`
}

/** A book each venue and problem, asks; the candidate table points at a problem. */
class Market {
  readonly books: BookTable
  readonly candidates = new VenueCandidates()

  constructor(venues: number, levels: number) {
    const prng = new Prng(6)
    this.books = new BookTable({ venues, instruments: PROBLEMS, levelsMax: levels })
    for (let venue = 0; venue < venues; venue++) {
      const row = this.candidates.add(venue as VenueIndex, this.#rowOf(0, venue))
      this.candidates.feeFactor[row] = 1_000_000 + prng.nextBetween(-100, 2_600)
    }
    for (let at = 0; at < PROBLEMS * venues; at++) {
      let price = prng.nextBetween(1_000_000, 1_000_400)
      for (let level = 0; level < levels; level++) {
        const lots = prng.nextBetween(1, 2 * LEVEL_LOTS) as QtyLots
        this.books.setLevel(this.#rowOf(at % PROBLEMS, (at / PROBLEMS) | 0), BookSide.ask, price as PriceTicks, lots)
        price += prng.nextBetween(1, 60)
      }
    }
  }

  #rowOf(problem: number, venue: number) {
    return this.books.row(problem as InstrumentIndex, venue as VenueIndex)
  }

  open(problem: number): void {
    for (let row = 0; row < this.candidates.count; row++) this.candidates.bookRow[row] = this.#rowOf(problem, row)
  }

  /** Lays the asks of a problem out as the kernel wants them. */
  fill(block: VenueCost, problem: number): void {
    const { prices, lots, stride } = block
    const { prices: bookPrices, lots: bookLots } = this.books
    for (let venue = 0; venue < this.candidates.count; venue++) {
      const bookRow = this.#rowOf(problem, venue)
      const from = this.books.offset(bookRow, BookSide.ask)
      let to = venue
      for (let at = from + this.books.count(bookRow, BookSide.ask) - 1; at >= from; at--) {
        prices[to] = bookPrices[at]
        lots[to] = bookLots[at]
        to += stride
      }
      for (; to < lots.length; to += stride) lots[to] = 0
    }
  }
}

function costTwins(venues: number, levels: number, share: number): Twin[] {
  const market = new Market(venues, levels)
  const lots = Math.floor(levels * LEVEL_LOTS * share)
  return kinds.map((kind) => {
    const block = openVenueCost({ venues, levels }, kind)
    market.fill(block, 0)
    for (let venue = 0; venue < venues; venue++) block.factors[venue] = market.candidates.feeFactor[venue] / 1_000_000
    return { run: () => block.price(lots), answer: () => [block.notionals, block.costs, block.missing] }
  })
}

/** One decision prices one quantity on books that have moved: does laying them out pay? */
function layoutRows(venues: number, levels: number, share: number, rounds: number): BenchRow[] {
  const market = new Market(venues, levels)
  const { books, candidates } = market
  const lots = Math.floor(levels * LEVEL_LOTS * share)
  const block = openVenueCost({ venues, levels })
  const route = { books, candidates, side: Side.buy, mid: 1_000_000 }
  let problem = 0
  const walk = (): void => {
    market.open(problem++ % PROBLEMS)
    assert(bestSingleVenue(route, lots) !== undefined, 'somebody sells')
  }
  const layOut = (): void => market.fill(block, problem++ % PROBLEMS)
  const price = (): void => block.price(lots)
  const [walkNs, layOutNs, priceNs] = time([walk, layOut, price], rounds, 500)
  return [
    {
      name: `best single venue, ${costName(venues, levels, share)}`,
      unit: 'ns',
      value: walkNs,
      note: `as the books lie, and the winner's whole route; without that, laying out ${layOutNs.toFixed(0)} ns and kernel ${priceNs.toFixed(0)} ns`,
    },
    {
      name: `the same by laying out and kernel, ${venues} x ${levels}, ${share * 100} %`,
      unit: 'x',
      value: walkNs / (layOutNs + priceNs),
      note: 'the walk is kept while it is not clearly above 1; the kernel is for many quantities on the same books',
    },
  ]
}
