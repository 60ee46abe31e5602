/** One word between a sleeper and a caller; waking real threads is tested by the races and end to end. */
import { expect, test } from 'vitest'
import { Doorbell } from '../../../../hotpath/memory/doorbell.ts'

function bellOf(): Doorbell {
  return new Doorbell(new Int32Array(new SharedArrayBuffer(4)))
}

test('who lies down and is rung wakes up', async () => {
  const bell = bellOf()
  bell.lieDown()
  const rung = bell.sleepAside()
  expect(rung).toBeDefined()
  bell.ring()
  expect(await rung).toBe('ok')
})

test('a ring between lying down and sleeping is not missed', () => {
  const bell = bellOf()
  bell.lieDown()
  bell.ring()
  expect(bell.sleepAside()).toBeUndefined()
  const startMs = performance.now()
  bell.sleep(5_000)
  expect(performance.now() - startMs).toBeLessThan(4_000)
})

test('a ring for somebody awake is not kept', () => {
  const bell = bellOf()
  bell.ring()
  bell.lieDown()
  bell.getUp()
  bell.ring()
  bell.lieDown()
  expect(bell.sleepAside()).toBeDefined()
  bell.ring()
})

test('nobody rings: the sleep ends by itself', () => {
  const bell = bellOf()
  bell.lieDown()
  bell.sleep(2)
  bell.lieDown()
  expect(bell.sleepAside()).toBeDefined()
  bell.ring()
})
