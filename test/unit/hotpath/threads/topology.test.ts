import { expect, test } from 'vitest'
import { chooseTopology } from '../../../../hotpath/threads/topology.ts'

test('it spins only when asked and when three cores are there, and says what it refused', () => {
  const cases = [
    [false, 8],
    [true, 2],
    [true, 3],
  ] as const
  expect(cases.map(([wants, cores]) => chooseTopology(wants, cores).spins)).toEqual([false, false, true])
  expect(chooseTopology(true, 2).lines[0]).toContain('2 cores are too few')
  expect(chooseTopology(true, 4).lines[0]).toContain('spinning')
})
