/**
 * Against ccxt 4.5.84 in the same process: its OrderRouter turning a finished route into a plan and checking it (the route
 * itself is its server's work, and not in the figure) against our whole decision from books to journaled children; and its
 * order book against ours, the same level updates.
 */
import ccxt from 'ccxt'
import { BookSide } from '../../../hotpath/book/book-table.ts'
import { DepthSide } from '../../../hotpath/book/depth-book.ts'
import { MemoryJournal } from '../../../hotpath/journal/memory-journal.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { Prng } from '../../../shared/prng.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { BenchWorld } from '../decision/bench-world.ts'

const SYMBOL = 'A0/USD'
const LEGS = 3
/** Orders that take about three venues of the bench's books. */
const LOTS = 90_000
const ROUNDS = 7

interface OrderRouter {
  buildExecutionPlan(route: object, options?: object): { steps: object[] }
  checkExecutionPlanSafety(plan: object, markets: object, options?: object): { blocking: boolean }[]
}

interface CcxtSide {
  store(price: number, size: number): void
  limit(): void
}

export async function run({ quick }: BenchOptions): Promise<BenchRow[]> {
  return [...planRows(quick ? 5_000 : 40_000), ...bookRows(quick ? 50_000 : 400_000)]
}

/** Medians of the quietest round each, rounds in turn. */
function planRows(count: number): BenchRow[] {
  const router = new (ccxt as unknown as { OrderRouter: new (config: object) => OrderRouter }).OrderRouter({})
  const clock = new MachineClock()
  const bench = new BenchWorld({ venues: 32, instruments: 1, levels: 20 }, new MemoryJournal(), clock, 4_096)
  const theirs = Array.from({ length: ROUNDS }, () => timePlans(router, count))
  const ours: number[] = []
  let children = 0
  for (let round = 0; round < ROUNDS; round++) {
    const timed = timeDecisions(bench, clock, count)
    ours.push(timed.medianNs)
    children = timed.children
  }
  const ourNs = Math.min(...ours)
  const theirNs = Math.min(...theirs)
  return [
    {
      name: `ccxt OrderRouter: plan and safety check of a finished route, ${LEGS} legs`,
      unit: 'ns',
      value: theirNs,
      note: 'doubles; no books, no route search, no ids, no journal in it',
    },
    {
      name: `our decision from 32 books to children in the journal, ${children.toFixed(1)} children`,
      unit: 'ns',
      value: ourNs,
      note: 'journal in memory; one clock read included',
    },
    {
      name: 'ccxt OrderRouter / our decision',
      unit: 'x',
      value: theirNs / ourNs,
      note: 'unlike work: theirs begins where the route is known, ours ends where children are journaled',
    },
  ]
}

function timePlans(router: OrderRouter, count: number): number {
  const legs = Array.from({ length: LEGS }, (_, at) => ({
    exchangeId: `venue${at}`,
    amount: 1,
    averagePrice: 60_000 + at,
    effectivePrice: 60_010 + at,
    feeCost: 6,
  }))
  const hop = { pair: SYMBOL, side: 'buy', base: 'A0', quote: 'USD', legs }
  const route = {
    hops: [hop],
    from: 'USD',
    to: 'A0',
    fullyFillable: true,
    fillRatio: 1,
    amountIn: 180_000,
    amountOut: 3,
  }
  const limits = { amount: { min: 0.0001, max: 1_000 }, price: { min: 0.01, max: 1e6 }, cost: { min: 5 } }
  const market = { base: 'A0', quote: 'USD', limits, precision: { amount: 0.0001, price: 0.01 } }
  const markets = Object.fromEntries(legs.map(({ exchangeId }) => [exchangeId, { [SYMBOL]: market }]))
  const took = new Float64Array(count)
  let blocked = 0
  for (let i = -count / 4; i < count; i++) {
    const from = performance.now()
    const plan = router.buildExecutionPlan(route)
    const violations = router.checkExecutionPlanSafety(plan, markets)
    if (i >= 0) took[i] = (performance.now() - from) * 1e6
    for (const { blocking } of violations) if (blocking) blocked++
  }
  if (blocked > 0) throw new Error('the route is a safe one by its own check')
  return median(took)
}

function timeDecisions(bench: BenchWorld, clock: MachineClock, count: number): { medianNs: number; children: number } {
  const took = new Float64Array(count)
  let children = 0
  for (let i = 0; i < count; i++) {
    const request = bench.next(0, LOTS)
    bench.core.turn.read()
    const from = clock.monoNs()
    bench.core.core.newOrder(request)
    took[i] = clock.monoNs() - from
    children += bench.venues.count
    bench.venues.fillAll(bench.core)
  }
  return { medianNs: median(took), children: children / count }
}

/** Updates of a book of some 350 levels a side, most of them near its best, as feeds bring them. */
function bookRows(count: number): BenchRow[] {
  const prng = new Prng(7)
  const prices = new Float64Array(count)
  const sizes = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const isNear = prng.nextFloat() < 0.8
    prices[i] = 60_000 + (isNear ? prng.nextBetween(0, 20) : prng.nextBetween(0, 350))
    sizes[i] = prng.nextFloat() < 0.25 ? 0 : prng.nextBetween(1, 10_000)
  }
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(timeCcxtBook(prices, sizes))
    ours.push(timeOurBook(prices, sizes))
  }
  const ourNs = Math.min(...ours)
  const theirNs = Math.min(...theirs)
  return [
    { name: 'ccxt.pro OrderBook, one level update', unit: 'ns', value: theirNs, note: 'OrderBookSide.store, doubles' },
    { name: 'our DepthBook, the same update', unit: 'ns', value: ourNs, note: 'exact integers' },
    { name: 'ccxt.pro OrderBook / ours', unit: 'x', value: theirNs / ourNs, limit: { min: 2, isGate: true } },
  ]
}

function timeCcxtBook(prices: Float64Array, sizes: Float64Array): number {
  const exchange = new (ccxt as unknown as { pro: { binance: new () => object } }).pro.binance() as {
    orderBook(snapshot?: object): { asks: CcxtSide }
  }
  const { asks } = exchange.orderBook({ bids: [], asks: [] })
  const from = performance.now()
  for (let i = 0; i < prices.length; i++) asks.store(prices[i], sizes[i])
  return ((performance.now() - from) * 1e6) / prices.length
}

function timeOurBook(prices: Float64Array, sizes: Float64Array): number {
  const side = new DepthSide(BookSide.ask)
  const from = performance.now()
  for (let i = 0; i < prices.length; i++) side.set(prices[i], sizes[i])
  return ((performance.now() - from) * 1e6) / prices.length
}

function median(values: Float64Array): number {
  return values.toSorted()[values.length >> 1]
}
