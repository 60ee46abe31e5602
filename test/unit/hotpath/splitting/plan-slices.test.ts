import { expect, test } from 'vitest'
import { Binding } from '../../../../hotpath/plan/execution-plan.ts'
import { PlanSlices } from '../../../../hotpath/splitting/plan-slices.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { SplitWorld, type VenueSpec } from './split-world.ts'

function write(side: Side, venues: readonly VenueSpec[], lots: readonly number[], target: number, childrenMax = 0) {
  const world = new SplitWorld(side, venues)
  const slices = new PlanSlices(world.books)
  world.plan.reset(side)
  world.plan.targetLots = target
  slices.lots.set(lots)
  slices.write(world.candidates, world.plan, side, childrenMax)
  return world.plan
}

test('a slice knows its limit, its sums and its cost', () => {
  const plan = write(
    Side.sell,
    [
      {
        levels: [
          [100, 5],
          [98, 5],
        ],
        ppm: 1_000,
        childCost: 3,
      },
    ],
    [7],
    7,
  )
  expect([plan.count, plan.lots[0], plan.limitTicks[0], plan.notional[0]]).toEqual([1, 7, 98, 696])
  expect(plan.effective[0]).toBe(696 * 999_000)
  expect(plan.objective).toBe(696 * 999_000 - 3e6)
  expect(plan.marginal).toBe(98 * 999_000)
})

test('the next level is the best one nothing was taken of', () => {
  const venues: VenueSpec[] = [
    {
      levels: [
        [100, 5],
        [104, 5],
      ],
    },
    { levels: [[101, 5]], limitTicks: 100 },
    { levels: [[103, 5]] },
  ]
  const plan = write(Side.buy, venues, [3, 0, 0], 3)
  expect([plan.nextRow, plan.nextEffective]).toEqual([2, 103e6])
  const all = write(Side.buy, [{ levels: [[100, 5]] }], [5], 5)
  expect([all.nextRow, all.nextEffective]).toEqual([-1, Number.POSITIVE_INFINITY])
})

test('every reason that holds a venue has its bit, and the price of one more lot', () => {
  const venues: VenueSpec[] = [
    { levels: [[100, 5]] },
    { levels: [[100, 9]], lotsMax: 4 },
    { levels: [[100, 9]], spendMax: 450 },
    {
      levels: [
        [100, 4],
        [120, 9],
      ],
      limitTicks: 110,
    },
    { levels: [[100, 9]], lotStep: 4 },
    { levels: [[100, 9]], childCost: 50 },
    { levels: [[100, 9]], lotsMin: 8 },
    { levels: [[100, 9]], notionalMin: 850 },
    { levels: [[110, 9]] },
  ]
  const plan = write(Side.buy, venues, [5, 4, 4, 4, 4, 0, 0, 0, 3], 24)
  expect([...plan.binding.subarray(0, 9)]).toEqual([
    Binding.depth,
    Binding.lotsMax,
    Binding.balance,
    Binding.none,
    Binding.lotStep,
    Binding.childCost,
    Binding.lotsMin,
    Binding.notionalMin,
    Binding.none,
  ])
  expect([...plan.shadowPrice.subarray(0, 9)]).toEqual([10e6, 10e6, 10e6, 0, 10e6, 10e6, 10e6, 10e6, 0])
  expect(write(Side.buy, venues, [5, 0, 0, 0, 0, 0, 0, 0, 3], 8, 2).binding[1]).toBe(Binding.childrenMax)
})

test('an order that is not filled tells of every venue why it gave no more', () => {
  const venues: VenueSpec[] = [
    {
      levels: [
        [100, 5],
        [120, 5],
      ],
      limitTicks: 110,
    },
    { levels: [[101, 5]] },
  ]
  const plan = write(Side.buy, venues, [5, 5], 20)
  expect([...plan.binding.subarray(0, 2)]).toEqual([Binding.limitPrice, Binding.depth])
})
