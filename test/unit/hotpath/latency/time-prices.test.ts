import { expect, test } from 'vitest'
import { Side } from '../../../../shared/domain/order.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

const MS = 1_000_000

/** Two venues 1 bp apart at equal fees; the cheaper one as far away as the test says. */
function world(farMs: number): ScriptedWorld {
  const made = new ScriptedWorld({ venues: 2, pricesTime: true })
  made.book(0, [[99_00, 100]], [[100_00, 50]])
  made.book(1, [[99_00, 100]], [[100_01, 50]])
  const { p50Ns } = made.core.parts.watch.parts.forecast
  p50Ns[0] = farMs * MS
  p50Ns[1] = 1 * MS
  return made
}

/** The mid moves by 20 bps a second for a minute. */
function shake(made: ScriptedWorld): void {
  const volatility = made.core.parts.watch.parts.prices!.volatility
  for (let step = 0; step < 600; step++) {
    made.clock.ns += 100 * MS
    volatility.note(0, 10_000 * (1 + (step % 2) * 0.002), made.clock.monoNs())
  }
  made.book(0, [[99_00, 100]], [[100_00, 50]])
  made.book(1, [[99_00, 100]], [[100_01, 50]])
}

function venueOf(made: ScriptedWorld): number {
  made.clock.ns += 30 * MS
  made.core.turn.read()
  made.core.parts.watch.work()
  made.core.core.newOrder(made.order({ id: 'a', lots: 10 }))
  return made.sent()[0].venue
}

test('in a quiet market the cheaper venue is worth its way', () => {
  expect(venueOf(world(50))).toBe(0)
})

test('in a moving one a far venue must be cheaper by more than what may be gone on arrival', () => {
  const near = world(1)
  shake(near)
  expect(venueOf(near)).toBe(0)
  const far = world(2_000)
  shake(far)
  expect(venueOf(far)).toBe(1)
})

test('what is planned to be charged has no price of time in it, and the explanation names it', () => {
  const made = world(2_000)
  shake(made)
  venueOf(made)
  const child = made.store.firstChild[made.parent()]
  expect(made.store.childPlanCost[child]).toBe(10 * 100_01 * 1_000_000)
  const { candidates } = made.core.core.explain(made.parent()) ?? { candidates: [] }
  expect(candidates[0].timeBps).toBeGreaterThan(1)
  expect(candidates[0].feeBps).toBe(0)
})

test('an order given in quote is sized without it', () => {
  const made = world(2_000)
  shake(made)
  made.clock.ns += 30 * MS
  made.core.turn.read()
  made.core.parts.watch.work()
  made.core.core.newOrder(made.order({ id: 'a', side: Side.buy, quoteBudget: 100_00 * 20 }))
  expect(made.sent().map(({ venue, lots }) => [venue, lots])).toEqual([[0, 20]])
})
