/** A seqlock on real threads and processes: every copy whole, none older than the one before, the last one seen. */
import { expect, test } from 'vitest'
import { hasSharedMemory } from '../../hotpath/memory/mapped-region.ts'
import { type RaceResult, race } from './race.ts'
import { raceLayouts } from './race-layouts.ts'

async function raceSeqlock(between: string, mistake: 'none' | 'write unmarked'): Promise<RaceResult> {
  const layout = raceLayouts.find(({ name }) => name.startsWith(`seqlock between ${between}`))
  if (layout === undefined) throw new Error('the seqlock is raced')
  return race(layout, { messages: 2_000_000, mistake })
}

const clean = { lost: 0, torn: 0, outOfOrder: 0, errors: [] }

test('threads: one writer, two readers, two million writes', async () => {
  const result = await raceSeqlock('threads', 'none')
  expect(result).toMatchObject(clean)
  for (const note of result.notes) expect(Number.parseInt(note, 10)).toBeGreaterThan(1_000)
})

test.runIf(hasSharedMemory())('processes: the same (needs shared memory)', async () => {
  expect(await raceSeqlock('processes', 'none')).toMatchObject(clean)
})

test('a writer that does not mark what it writes is found out', async () => {
  let torn = 0
  for (let round = 0; round < 3 && torn === 0; round++) torn = (await raceSeqlock('threads', 'write unmarked')).torn
  expect(torn).toBeGreaterThan(0)
})
