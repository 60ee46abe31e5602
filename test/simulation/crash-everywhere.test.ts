/** A crash at every journal record of a 200-order run ends in the same books of account as the run without a crash. */
import { expect, test } from 'vitest'
import { OrderRequest } from '../../hotpath/orders/order-request.ts'
import { OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { isEnded } from '../../shared/domain/order-state.ts'
import { Prng } from '../../shared/prng.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import { NS_PER_MS } from '../../shared/units/time.ts'
import { noFaults } from './faults.ts'
import { Simulation } from './simulate.ts'
import { nameOrder } from './workload.ts'

const ORDERS = 200
const SEED = 14

/** Books that stand still and do not come back: what an order takes does not depend on when it takes it. */
function run(crashAtRecord?: number): {
  books: string
  records: number
  violations: readonly string[]
  crashes: number
  told: string
  feeUnits: number
  fills: number
} {
  const simulation = new Simulation({
    seed: SEED,
    orders: ORDERS,
    faults: noFaults(),
    eventEveryNs: Number.POSITIVE_INFINITY,
    refillHalfLifeNs: Number.POSITIVE_INFINITY,
    depth: 20,
    isForgetful: true,
    ...(crashAtRecord !== undefined && { crashAtRecord }),
  })
  const chance = new Prng(SEED)
  while (!simulation.isReady) simulation.step(5 * NS_PER_MS)
  for (let order = 0; order < ORDERS; order++) {
    const request = invent(chance, order)
    simulation.send(request)
    settle(simulation)
  }
  simulation.settle()
  const result = simulation.result(ORDERS)
  const { violations, records, crashes, fills, booksOfAccount: books } = result
  return {
    books,
    records,
    violations,
    crashes,
    told: orderTotals(simulation),
    feeUnits: simulation.checkers.feeUnits(),
    fills,
  }
}

function invent(chance: Prng, order: number): OrderRequest {
  const request = nameOrder(new OrderRequest(), `crash${order}`)
  request.side = order % 2 === 0 ? Side.buy : Side.sell
  request.type = OrderType.limit
  request.timeInForce = TimeInForce.ioc
  request.priceTicks = (request.side === Side.buy ? 50_200 : 49_800) as PriceTicks
  request.lots = (chance.nextBetween(10, 900) * 100) as QtyLots
  return request
}

/** Until the router is there, the order has ended, and the books have told it. */
function settle(simulation: Simulation): void {
  for (let turn = 0; turn < 4_000; turn++) {
    simulation.step(20 * NS_PER_MS)
    simulation.sendUnanswered()
    if (simulation.isReady && simulation.isQuiet()) break
  }
  for (let turn = 0; turn < 2; turn++) simulation.step(50 * NS_PER_MS)
}

/** How each order ended, whatever children it took; which of two orders got a level's last lots may differ. */
function orderTotals(simulation: Simulation): string {
  const { store } = simulation.world!
  const rows: string[] = []
  for (let at = 0; at < store.parentCount; at++) {
    const row = store.parentAt(at)
    expect(isEnded(store.stateOf(row))).toBe(true)
    rows.push(`${store.sequence[row]}:${store.parentState[row]}:${store.filledLots[row]}`)
  }
  return rows.join(' ')
}

test('books of account are the same wherever the process dies', { timeout: 600_000 }, () => {
  const calm = run()
  expect(calm.violations).toEqual([])
  expect(calm.crashes).toBe(0)
  expect(calm.records).toBeGreaterThan(ORDERS * 4)
  const step = process.env.SOR_CRASH_EVERY === undefined ? 1 : Number(process.env.SOR_CRASH_EVERY)
  for (let record = 1; record <= calm.records; record += step) {
    const crashed = run(record)
    expect(crashed.violations, `crash at record ${record}`).toEqual([])
    expect(crashed.crashes, `crash at record ${record}`).toBe(1)
    expect(crashed.books, `crash at record ${record}`).toBe(calm.books)
    // A fee is rounded up once per fill, and a crash may cut a fill in two.
    expect(Math.abs(crashed.feeUnits - calm.feeUnits)).toBeLessThanOrEqual(calm.fills)
    expect(crashed.told, `crash at record ${record}`).toBe(calm.told)
  }
})
