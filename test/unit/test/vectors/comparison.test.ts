import { expect, test } from 'vitest'
import { differences } from '../../../vectors/comparison.ts'

const exact = { exact: true }

test('exact means equal', () => {
  expect(differences({ a: 1, b: 'x', c: null, d: true }, { a: 1, b: 'x', c: null, d: true }, exact)).toEqual([])
  expect(differences(0.1 + 0.2, 0.3, exact)).toHaveLength(1)
  expect(differences('1', 1, exact)).toHaveLength(1)
})

test('numbers within abs + rel x the larger', () => {
  expect(differences(100.000001, 100, { rel: 1e-8 })).toEqual([])
  expect(differences(100.0000011, 100, { rel: 1e-8 })).toHaveLength(1)
  expect(differences(1e-9, 0, { abs: 1e-9 })).toEqual([])
  expect(differences(1.5e-9, 1e-9, { rel: 1e-3 })).toHaveLength(1)
  expect(differences(1, 1, {})).toEqual([])
  expect(differences(Number.NaN, 1, { abs: 10 })).toHaveLength(1)
})

test('strings, booleans and null are never near', () => {
  expect(differences('1.0', '1', { rel: 1 })).toHaveLength(1)
  expect(differences(true, 1, { abs: 1 })).toHaveLength(1)
  expect(differences(0, null, { abs: 1 })).toHaveLength(1)
  expect(differences(undefined, null, exact)).toHaveLength(1)
})

test('fields all the way down; extra ones are ignored, missing ones are not', () => {
  expect(differences({ a: { b: [1, 2] }, extra: 7 }, { a: { b: [1, 2] } }, exact)).toEqual([])
  expect(differences({ a: { b: [1, 3] } }, { a: { b: [1, 2] } }, exact)).toEqual(['a.b[1]: 3, not 2'])
  expect(differences({}, { a: 1 }, exact)).toEqual(['a: absent, not 1'])
  expect(differences({ a: [1] }, { a: [1, 2] }, exact)).toEqual(['a: [1], not a list of 2'])
  expect(differences([1], { a: 1 }, exact)).toEqual(['value: [1], not an object'])
})

test('an exception is for its field alone; words are nothing a machine can apply', () => {
  const tolerance = { abs: 0.01, exceptions: { fine: { abs: 1e-6 }, told: 'a lower bound' } }
  expect(differences({ rough: 1.005, fine: 1 }, { rough: 1, fine: 1 }, tolerance)).toEqual([])
  expect(differences({ rough: 1, fine: 1.005 }, { rough: 1, fine: 1 }, tolerance)).toHaveLength(1)
  expect(differences({ told: 1 }, { told: 1 }, tolerance)[0]).toContain('words')
})
