/** Children of one route that are held back so that they land together. */
import { describe, expect, test } from 'vitest'
import { stateHash } from '../../../../hotpath/orders/state-hash.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

const MS = 1_000_000

/** Two venues, the second four times as far; an order that needs both. */
function swept(arrivalWaitUsMax: number): ScriptedWorld {
  const world = new ScriptedWorld({ venues: 2, arrivalWaitUsMax })
  world.book(0, [[99_00, 100]], [[100_00, 50]])
  world.book(1, [[99_00, 100]], [[100_10, 50]])
  const { p50Ns } = world.core.parts.watch.parts.forecast
  p50Ns[0] = 4 * MS
  p50Ns[1] = 16 * MS
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 100 }))).toBe(DenyReason.none)
  return world
}

/** Answers a child when half a round trip there and half back have passed. */
function answer(world: ScriptedWorld, venue: number, price: number): void {
  const [child] = world.venues[venue].sent
  world.accept(child)
  world.fill(child, 50, price, 50)
}

test('the nearer venue is sent to later, by the difference of half round trips', () => {
  const world = swept(50_000)
  expect(world.venues[1].sent).toHaveLength(1)
  expect(world.venues[0].sent).toHaveLength(0)
  world.pass(5.9)
  expect(world.venues[0].sent).toHaveLength(0)
  world.pass(0.1)
  expect(world.venues[0].sent).toHaveLength(1)
})

test('they land together where they would have been 6 ms apart, and the spread says so', () => {
  const spreads = [0, 50_000].map((waitUs) => {
    const world = swept(waitUs)
    world.pass(waitUs === 0 ? 4 : 6)
    if (waitUs > 0) world.pass(4)
    answer(world, 0, 100_00)
    world.pass(waitUs === 0 ? 12 : 6)
    answer(world, 1, 100_10)
    expect(world.state()).toBe('filled')
    return world.core.parts.watch.parts.spread.ofParent(world.parent())
  })
  expect(spreads).toEqual([6_000, 0])
})

test('nobody waits longer than the bound', () => {
  const world = swept(2_000)
  world.pass(2)
  expect(world.venues[0].sent).toHaveLength(1)
})

describe('while a child is held', () => {
  test('a cancel ends it here: it never goes out, and the journal knows', () => {
    const world = swept(50_000)
    expect(world.core.core.cancelOrder(world.order({ id: 'a' }))).toBe(DenyReason.none)
    expect(world.venues[0].cancels).toHaveLength(0)
    world.pass(20)
    expect(world.venues[0].sent).toHaveLength(0)
    const [far] = world.venues[1].sent
    world.fill(far, 50, 100_10, 50)
    expect(world.state()).toBe('canceled')
    expect(world.store.filledLots[world.parent()]).toBe(50)
    const before = stateHash(world.store, world.world.positions)
    const again = new ScriptedWorld({ venues: 2, journal: world.journal })
    expect(stateHash(again.store, again.world.positions)).toBe(before)
  })

  test('an order whose deadline passed meanwhile is not sent', () => {
    const world = swept(1_000_000)
    world.clock.ns += 1_100 * MS
    world.core.core.work(world.clock.monoNs())
    expect(world.venues[0].sent).toHaveLength(0)
  })
})
