import { expect, test } from 'vitest'
import { OrderStore } from '../../../../hotpath/orders/order-store.ts'
import type { ExecutionPlan } from '../../../../hotpath/plan/execution-plan.ts'
import { DropReason, type VenueCandidates } from '../../../../hotpath/plan/venue-candidates.ts'
import { DecisionLog } from '../../../../hotpath/routing/decision-log.ts'
import { RouteInput } from '../../../../hotpath/routing/route-input.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { Turn } from '../../../../shared/turn.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { ManualClock, ScriptedWorld } from '../../../fixtures/scripted-world.ts'

const world = new ScriptedWorld({ venues: 2 })
const turn = new Turn(new ManualClock(), { nowUs: 0 })

function take(log: DecisionLog, store: OrderStore, sequence: number): void {
  const decision = log.open()
  decision.candidates.listAll(world.core.parts.listings, 0 as InstrumentIndex, Side.buy)
  decision.belongTo(store, store.addParent(sequence), 1, turn)
  log.keep(decision)
  log.release()
}

test('the newest are kept, the oldest is overwritten', () => {
  const log = new DecisionLog(2, world.core.parts)
  const store = new OrderStore({ parentsMax: 8, childrenMax: 8, fillsMax: 8 })
  for (const sequence of [1, 2, 3]) take(log, store, sequence)
  expect([1, 2, 3].map((sequence) => log.find(sequence, 1)?.parentSequence)).toEqual([undefined, 2, 3])
  expect(log.find(2, 2)).toBeUndefined()
})

test('a decision that led to nothing takes no place', () => {
  const log = new DecisionLog(2, world.core.parts)
  const store = new OrderStore({ parentsMax: 8, childrenMax: 8, fillsMax: 8 })
  take(log, store, 1)
  for (let i = 0; i < 5; i++) expect(log.open().parentSequence).toBe(0)
  expect(log.find(1, 1)?.timeUs).toBe(turn.nowUs)
})

test('what is read back is what was decided, whatever was decided since; and news inside a door takes other tables', () => {
  const market = new ScriptedWorld({ venues: 3, takerPpm: [0, 1_000, 200] })
  const { router, decisions, turn: now } = market.core.parts
  for (const { venue } of market.venues) market.book(venue, [[99_00, 100]], [[100_00 + venue, 100 + venue]])
  market.core.news.onVenueDown(2 as VenueIndex)
  const decide = (lots: number, side: Side) => {
    const decision = decisions.open()
    router.decide(Object.assign(new RouteInput(), { lots, side }), decision.candidates, decision.plan, now)
    decision.candidates.show(market.core.parts.books, side, now.nowNs)
    return decision
  }
  const decision = decide(250, Side.buy)
  decision.parentSequence = 7
  decision.route = 1
  decision.belongTo(market.store, market.store.addParent(7), 1, now)
  const { candidates, plan } = decision
  const before = {
    plan: snapshot(plan),
    columns: columnsOf(candidates),
  }
  const kept = decisions.keep(decision)
  expect(decisions.open().candidates).not.toBe(candidates)
  decisions.release()
  expect(decisions.open().candidates).toBe(candidates)
  decide(3, Side.sell)
  market.book(0, [], [])
  const found = decisions.find(7, 1)
  expect(found?.parentSequence).toBe(7)
  expect(kept.parentSequence).toBe(7)
  expect({ plan: snapshot(kept.plan), columns: columnsOf(kept.candidates) }).toEqual(before)
  expect(before.plan.binding.some((why) => why !== 0)).toBe(true)
  expect(before.columns.dropped).toEqual([0, 0, DropReason.down])
})

function columnsOf(candidates: VenueCandidates) {
  const { count, venue, bookRow, dropped, feeFactor, takerPpm, lotStep, childCost, latencyNs } = candidates
  const { bestTicks, bestLots, ageNs } = candidates
  const columns = {
    venue,
    bookRow,
    dropped,
    feeFactor,
    takerPpm,
    lotStep,
    childCost,
    latencyNs,
    bestTicks,
    bestLots,
    ageNs,
  }
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column.subarray(0, count)]]))
}

function snapshot(plan: ExecutionPlan) {
  const { side, count, proof, nodes, nextRow, targetLots, plannedLots, objective, dualBound, gapBps, marginal } = plan
  const slices = [plan.row, plan.lots, plan.limitTicks, plan.notional, plan.effective].map((column) => [
    ...column.subarray(0, count),
  ])
  const binding = [...plan.binding]
  const saved = [...plan.shadowPrice]
  const rest = [plan.nextEffective, plan.mid]
  return {
    side,
    proof,
    nodes,
    nextRow,
    targetLots,
    plannedLots,
    objective,
    dualBound,
    gapBps,
    marginal,
    slices,
    binding,
    saved,
    rest,
  }
}
