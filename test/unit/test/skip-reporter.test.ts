import { expect, test } from 'vitest'
import { reasonOf } from '../../skip-reporter.ts'

test('a note is the reason', () => {
  expect(reasonOf('there is no g++', 'x (needs data)')).toBe('there is no g++')
})

test('a suite says it in its title', () => {
  expect(reasonOf(undefined, 'the real books (skipped: data is not there) > all levels')).toBe(
    'skipped: data is not there',
  )
  expect(reasonOf('', 'the twin (needs g++) > agrees')).toBe('needs g++')
  expect(reasonOf(undefined, 'skipped when there is no browser at /x > works')).toBe(
    'skipped when there is no browser at /x',
  )
})

test('no reason is no reason', () => {
  expect(reasonOf(undefined, 'a test > of something')).toBe('')
})
