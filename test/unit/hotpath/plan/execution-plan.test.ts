import { expect, test } from 'vitest'
import { Binding, bindingNames, ExecutionPlan, Proof, proofNames } from '../../../../hotpath/plan/execution-plan.ts'
import { Side } from '../../../../shared/domain/order.ts'

test('a plan that is reset knows nothing of the one before', () => {
  const plan = new ExecutionPlan()
  plan.add(3, 50, 101, 5_000, 5_005)
  plan.proof = Proof.search
  plan.nodes = 9
  plan.nextRow = 2
  plan.bind(3, Binding.depth, 4)
  for (const name of ['targetLots', 'plannedLots', 'objective', 'dualBound', 'gapBps', 'marginal', 'mid'] as const) {
    plan[name] = 1
  }
  plan.reset(Side.sell)
  const fresh = new ExecutionPlan()
  fresh.reset(Side.sell)
  fresh.add(3, 50, 101, 5_000, 5_005)
  plan.add(3, 50, 101, 5_000, 5_005)
  expect(plan).toEqual(fresh)
  expect([plan.objective, plan.mid, plan.nextEffective]).toEqual([0, 0, Number.POSITIVE_INFINITY])
})

test('names stand at the numbers and bits that the journal and explain carry', () => {
  expect(proofNames.map((name) => Proof[name])).toEqual([0, 1, 2, 3])
  expect(bindingNames.map((name) => Binding[name])).toEqual(bindingNames.map((_name, bit) => 1 << bit))
})
