/**
 * Bytes a split allocates, for sweeps and searches alike: a child process whose semi-space is larger than all that is
 * measured, so that no collection can hide anything. What 2 n orders leave on the heap minus what n leave, by n: the
 * engine's own constant (18 kB a reading, after a collection) falls out. Least of three.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import v8 from 'node:v8'
import { ExecutionPlan } from '../../../hotpath/plan/execution-plan.ts'
import { OrderSplitter } from '../../../hotpath/splitting/order-splitter.ts'
import { Prng } from '../../../shared/prng.ts'
import { families, type RandomMarket, randomMarket } from './random-market.ts'

const FLAGS = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']
const MARKETS = 40
const ORDERS = 12_000

export async function bytesPerSplit(): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, fileURLToPath(import.meta.url)])
  return Number(stdout)
}

function probe(): number {
  const prng = new Prng(3)
  const worlds = Array.from({ length: MARKETS }, (_, i) => {
    const market = randomMarket(prng, families[i % families.length])
    return { market, plan: new ExecutionPlan(), splitter: new OrderSplitter(market.books) }
  })
  const orders = (count: number) => {
    for (let i = 0; i < count; i++) splitOne(worlds[i % MARKETS])
  }
  const leftBy = (count: number) => {
    const before = v8.getHeapStatistics().used_heap_size
    orders(count)
    return v8.getHeapStatistics().used_heap_size - before
  }
  // Until every path of the search is compiled for good: before, numbers passed between functions are boxed.
  orders(8 * ORDERS)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.()
    orders(ORDERS)
    const one = leftBy(ORDERS)
    least = Math.min(least, (leftBy(2 * ORDERS) - one) / ORDERS)
  }
  return Math.max(0, least)
}

function splitOne(world: { market: RandomMarket; plan: ExecutionPlan; splitter: OrderSplitter }): void {
  const { market, plan, splitter } = world
  plan.reset(market.side)
  splitter.split(market.candidates, plan, market.side, market.lots, market.childrenMax, 1_000)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(String(probe()))
