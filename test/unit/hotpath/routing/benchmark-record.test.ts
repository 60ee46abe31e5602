import { expect, test } from 'vitest'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

function ordered(): ScriptedWorld {
  const world = new ScriptedWorld()
  world.book(0, [[99_00, 100]], [[100_00, 50]])
  world.book(1, [[99_00, 100]], [[100_50, 500]])
  world.book(2, [[99_00, 100]], [[102_00, 20]])
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 100 }))).toBe(DenyReason.none)
  world.core.beforeBooksChange()
  return world
}

test('the plan is never dearer than a baseline that fills it all', () => {
  const note = ordered().world.benchmarks.find(1)
  expect(note?.rows.map(({ name }) => name)).toEqual(['bestSingleVenue', 'bestDisplayedPrice', 'proRata', 'uniform'])
  expect(note?.rows[0]).toMatchObject({ venue: 'venue1', incomplete: false })
  for (const row of note?.rows ?? []) {
    if (!row.incomplete) expect(row.allInBps).toBeGreaterThanOrEqual((note?.allInBps ?? 0) - 1e-9)
  }
})

test('what is read back from the journal is what was worked out', () => {
  const world = ordered()
  const again = new ScriptedWorld({ journal: world.journal })
  expect(again.world.benchmarks.find(1)).toEqual(world.world.benchmarks.find(1))
})

test('a journal that is nearly full keeps its room for reports', () => {
  const world = ordered()
  expect(world.core.core.newOrder(world.order({ id: 'b', lots: 10 }))).toBe(DenyReason.none)
  const records = world.journal.lastSequence()
  world.journal.room = () => 1_000
  world.core.beforeBooksChange()
  expect(world.journal.lastSequence()).toBe(records)
  expect(world.world.benchmarks.find(2)).toBeDefined()
})
