import { expect, test } from 'vitest'
import { ThreadCounter, threadCounterFacts } from '../../../../hotpath/telemetry/collections.ts'
import { CoreCounter, Counters, coreCounterFacts, countersBytes } from '../../../../hotpath/telemetry/counters.ts'

test.each([
  ['core', CoreCounter, coreCounterFacts],
  ['thread', ThreadCounter, threadCounterFacts],
] as const)('the %s table has a row for every number, named after its unit, and says what it means', (_name, numbers, facts) => {
  expect(Object.values(numbers)).toEqual(facts.map((_, at) => at))
  for (const { name, unit, meaning } of facts) {
    expect(name).toMatch(/^sor_[a-z_]+$/)
    expect(meaning).toMatch(/^[A-Z].*\.$/)
    const stem = name.replace(/_total$/, '')
    if (unit !== 'count') expect(stem.endsWith(`_${unit}`), name).toBe(true)
  }
  const told = facts.map(({ name, label }) => `${name} ${label?.join('=') ?? ''}`)
  expect(new Set(told).size).toBe(facts.length)
})

test('counted, added and set; another view of the same memory reads it', () => {
  const memory = new SharedArrayBuffer(16 + countersBytes(coreCounterFacts))
  const counters = new Counters(coreCounterFacts, memory, 16)
  counters.count(CoreCounter.fills)
  counters.count(CoreCounter.fills)
  counters.add(CoreCounter.reroutes, 5)
  counters.set(CoreCounter.ordersOpen, 7)
  counters.set(CoreCounter.ordersOpen, 6)
  const reader = new Counters(coreCounterFacts, memory, 16)
  const { fills, reroutes, ordersOpen, ordersAccepted } = CoreCounter
  expect([fills, reroutes, ordersOpen, ordersAccepted].map((at) => reader.value(at))).toEqual([2, 5, 6, 0])
})
