/** Rings on real threads and processes: nothing lost, torn or out of order; and a wrong side is found out. */
import { describe, expect, test } from 'vitest'
import { hasSharedMemory } from '../../hotpath/memory/mapped-region.ts'
import { race } from './race.ts'
import { type RaceLayout, raceLayouts } from './race-layouts.ts'
import type { Mistake } from './race-task.ts'

const clean = { lost: 0, torn: 0, outOfOrder: 0, errors: [] }
const layoutsOf = (text: string) =>
  raceLayouts.filter(({ name }) => name.startsWith(text)).map((one) => [one.name, one] as const)

/** On a busy machine both sides may take turns on one core, and a short race see nothing of the mistake. */
async function expectFound(layout: RaceLayout, mistake: Mistake): Promise<void> {
  let faults = 0
  for (let round = 0; round < 10 && faults === 0; round++) {
    const { lost, torn, outOfOrder } = await race(layout, { messages: 250_000, mistake })
    faults = lost + torn + outOfOrder
  }
  expect(faults).toBeGreaterThan(0)
}

describe('threads', () => {
  test.each([...layoutsOf('ring between threads'), ...layoutsOf('fan-in')])('%s: two million', async (_, layout) => {
    expect(await race(layout, { messages: 2_000_000 })).toMatchObject(clean)
  })

  test.each(['publish before fill', 'release before read'] as const)('%s is found out', async (mistake) => {
    for (const [, layout] of layoutsOf('ring between threads')) await expectFound(layout, mistake)
  })
})

describe.runIf(hasSharedMemory())('processes (needs shared memory)', () => {
  test.each(layoutsOf('ring between processes'))('%s: two million', async (_, layout) => {
    expect(await race(layout, { messages: 2_000_000 })).toMatchObject(clean)
  })
})

test('a participant that dies is a fault, not a success', async () => {
  const [[, layout]] = layoutsOf('ring between threads')
  const broken = { ...layout, roles: ['writeRing', 'nobody'] }
  const { errors } = await race(broken, { messages: 100 })
  expect(errors).toHaveLength(1)
})
