/** The watch in a core whose venues the test speaks for: what round trips, spikes and losses do to where orders go. */
import { expect, test } from 'vitest'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

function market(venues: number): ScriptedWorld {
  const world = new ScriptedWorld({ venues })
  for (let venue = 0; venue < venues; venue++) {
    world.book(venue, [[99_00, 1_000]], [[100_00 + venue, 1_000]])
  }
  return world
}

/** One order through one venue, answered after `ms`. */
function trade(world: ScriptedWorld, id: string, ms: number): number {
  expect(world.core.core.newOrder(world.order({ id, lots: 5 }))).toBe(DenyReason.none)
  const [child] = world.sent().toSorted((one, other) => other.parentSequence - one.parentSequence)
  world.clock.ns += ms * 1_000_000
  world.accept(child)
  world.fill(child, 5, child.limitTicks, 5)
  return child.venue
}

function turn(world: ScriptedWorld): void {
  world.core.turn.read()
  world.core.parts.watch.work()
}

test('a round trip reaches the smoothed latency, the network view and the forecast', () => {
  const world = market(2)
  expect(trade(world, 'a', 4)).toBe(0)
  turn(world)
  const { states, watch } = world.core.parts
  expect(states.latencyNs[0]).toBe(4_000_000)
  expect(watch.parts.network.rows(0)[0].note).not.toContain('no answer yet')
  expect(watch.parts.forecast.dropped).toBe(0)
})

test('a venue that lost an order is left out of new routes in the next turn, and comes back after a quiet time', () => {
  const world = market(2)
  world.core.parts.watch.lost(0 as never)
  turn(world)
  expect(trade(world, 'a', 1)).toBe(1)
  world.clock.ns += 2_100_000_000
  turn(world)
  for (let venue = 0; venue < 2; venue++) world.book(venue, [[99_00, 1_000]], [[100_00 + venue, 1_000]])
  expect(trade(world, 'b', 1)).toBe(0)
})

test('an order that finds nothing without it goes there all the same', () => {
  const world = market(1)
  world.core.parts.watch.lost(0 as never)
  turn(world)
  expect(trade(world, 'a', 1)).toBe(0)
})

test('one congested venue far beyond its forecast is left out; all of them at once are our own side', () => {
  const lone = market(4)
  let venue = -1
  for (let at = 0; at < 200; at++) {
    venue = trade(lone, `calm${at}`, 2 + (at % 3) * 0.1)
    turn(lone)
  }
  expect(venue).toBe(0)
  for (let at = 0; at < 12; at++) trade(lone, `slow${at}`, 120)
  turn(lone)
  expect(lone.core.parts.states.isUsable[0]).toBe(0)
  expect(trade(lone, 'after', 2)).toBe(1)
})
