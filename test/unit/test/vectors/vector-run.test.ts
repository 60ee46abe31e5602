import { expect, test } from 'vitest'
import { adapter } from '../../../vectors/adapter.ts'
import { runVectors } from '../../../vectors/vector-run.ts'

const double = adapter(({ x }: { x: number }) => ({ y: 2 * x }))
const vector = (id: string, topic: string, x: unknown, y: number) => ({
  id,
  topic,
  inputs: { x },
  expected: { y },
  tolerance: { exact: true },
})

test('counts what passed, failed and is not covered, by topic', () => {
  const file = {
    area: 'sums',
    vectors: [vector('1', 'double', 2, 4), vector('2', 'double', 2, 5), vector('3', 'triple', 1, 3)],
  }
  const seen: number[] = []
  const run = runVectors([file, { ...file, area: 'other' }], { sums: { double } }, { schedules: undefined }, (done) =>
    seen.push(done),
  )
  expect(run).toMatchObject({ passed: 1, failed: 1, notCovered: 4 })
  expect(run.failures).toEqual([{ id: '2', topic: 'double', differences: ['y: 4, not 5'] }])
  expect(run.topics[0]).toEqual({
    area: 'sums',
    topic: 'double',
    passed: 1,
    failed: 1,
    notCovered: 0,
    leftOut: new Set(),
  })
  expect(seen).toEqual([1, 2, 3, 4, 5, 6])
})

test('an adapter that stops fails its vector, one that lacks its data does not cover it', () => {
  const file = { area: 'sums', vectors: [vector('1', 'stops', null, 0), vector('2', 'lacks', 1, 0)] }
  const stops = adapter(() => {
    throw new Error('no such x')
  })
  const run = runVectors(
    [file],
    { sums: { stops, lacks: adapter(() => undefined) } },
    { schedules: undefined },
    () => {},
  )
  expect(run).toMatchObject({ passed: 0, failed: 1, notCovered: 1 })
  expect(run.failures[0].differences).toEqual(['stopped: no such x'])
})

test('fields that have no single answer are not compared, and that is said', () => {
  const free = adapter(
    () => ({ y: 4, path: 'a' }),
    ({ isUnique }) => ['isUnique', ...(isUnique === false ? ['path'] : [])],
  )
  const expected = (isUnique: boolean) => ({ ...vector('1', 'free', 1, 4), expected: { y: 4, path: 'b', isUnique } })
  const run = (isUnique: boolean) =>
    runVectors([{ area: 'x', vectors: [expected(isUnique)] }], { x: { free } }, { schedules: undefined }, () => {})
  expect(run(false)).toMatchObject({ passed: 1, failed: 0 })
  expect(run(false).topics[0].leftOut).toEqual(new Set(['isUnique', 'path']))
  expect(run(true).failures[0].differences).toEqual(['path: "a", not "b"'])
})
