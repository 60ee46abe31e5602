/** Who gets in: signature, clock and nonce, and what a refused logon leaves behind. */
import { beforeEach, expect, test } from 'vitest'
import { NS_PER_S } from '../../../../shared/units/time.ts'
import { MemoryGateway } from '../../../e2e/gateway/memory-gateway.ts'
import { signedLogon } from '../../../e2e/gateway/small-market.ts'

let gateway: MemoryGateway
beforeEach(() => {
  gateway = new MemoryGateway()
})

test('a logon says who you are and what market this is', () => {
  const socket = gateway.connect()
  const [answer] = socket.ask({ ...gateway.logon(), id: 7 })
  expect(answer).toEqual({
    type: 'logon',
    id: 7,
    account: 'main',
    permissions: ['trade', 'read', 'cancel'],
    market: 'calibrated',
    simulated: true,
    heartbeatMs: 8_000,
  })
})

test.each([
  ['badSignature', (logon: Record<string, unknown>) => ({ ...logon, signature: 'f'.repeat(64) })],
  ['badSignature', (logon: Record<string, unknown>) => ({ ...logon, signature: 'short' })],
  ['badSignature', (logon: Record<string, unknown>) => ({ ...logon, apiKey: 'key-of-nobody' })],
  ['missingField', (logon: Record<string, unknown>) => ({ ...logon, nonce: undefined })],
  ['wrongType', (logon: Record<string, unknown>) => ({ ...logon, timestamp: '5' })],
  ['wrongType', (logon: Record<string, unknown>) => ({ ...logon, nonce: 0.5 })],
  ['unknownField', (logon: Record<string, unknown>) => ({ ...logon, user: 'me' })],
])('a logon is refused with %s', (reason, change) => {
  const [answer] = gateway.connect().ask(change(gateway.logon()))
  expect(answer).toMatchObject({ type: 'denied', op: 'logon', reason })
})

test('a nonce is used once, and a failed signature does not use it up', () => {
  const logon = gateway.logon()
  expect(gateway.connect().ask({ ...logon, signature: 'e'.repeat(64) })[0]['reason']).toBe('badSignature')
  expect(gateway.connect().ask(logon)[0]['type']).toBe('logon')
  expect(gateway.connect().ask(logon)[0]['reason']).toBe('nonceReused')
  expect(gateway.connect().ask(signedLogon('main', gateway.nowMs, 0))[0]['reason']).toBe('nonceReused')
})

test('a timestamp is within five seconds of ours and not from before the start', () => {
  const [early] = gateway.connect().ask(gateway.logon('main', -1))
  expect(early['reason']).toBe('timestampOutsideWindow')
  gateway.clock.advance(60 * NS_PER_S)
  expect(gateway.connect().ask(gateway.logon('main', -5_001))[0]['reason']).toBe('timestampOutsideWindow')
  expect(gateway.connect().ask(gateway.logon('main', 5_001))[0]['reason']).toBe('timestampOutsideWindow')
  expect(gateway.connect().ask(gateway.logon('main', -5_000))[0]['type']).toBe('logon')
})
