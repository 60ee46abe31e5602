/** Which transport, and in which words. */
import { expect, test } from 'vitest'
import { openTransport, transportWish } from '../../../../hotpath/gateway/socket-transport.ts'

test('the environment may force one', () => {
  expect(transportWish({})).toBe('auto')
  expect(transportWish({ SOR_TRANSPORT: 'ws' })).toBe('ws')
  expect(transportWish({ SOR_TRANSPORT: 'uws' })).toBe('uws')
  expect(() => transportWish({ SOR_TRANSPORT: 'tcp' })).toThrow('SOR_TRANSPORT is auto, uws or ws')
})

test('ws is there when it is asked for', async () => {
  const { transport, note } = await openTransport('ws')
  expect([transport.name, note]).toEqual(['ws', 'ws was asked for'])
})
