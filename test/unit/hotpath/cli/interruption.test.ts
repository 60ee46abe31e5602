import { expect, test } from 'vitest'
import { Interruption } from '../../../../hotpath/cli/interruption.ts'

test('a promise that is done is its value', async () => {
  const interruption = new Interruption()
  expect(await interruption.orInterrupted(Promise.resolve(7))).toBe(7)
})

test('Ctrl-C ends the wait', async () => {
  const interruption = new Interruption()
  const wait = interruption.orInterrupted(new Promise<number>(() => {}))
  interruption.ask()
  expect(await wait).toBeUndefined()
  expect(interruption.isAsked).toBe(true)
})

test('after Ctrl-C nothing is waited for', async () => {
  const interruption = new Interruption()
  interruption.ask()
  expect(await interruption.orInterrupted(new Promise<number>(() => {}))).toBeUndefined()
  await interruption.pause(1_000_000)
})

test('a failure passes through', async () => {
  const interruption = new Interruption()
  await expect(interruption.orInterrupted(Promise.reject(new Error('no')))).rejects.toThrow('no')
})
