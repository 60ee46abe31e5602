/** Which ccxt venues a router may reach, and when a process that runs is not the one it asks for. */
import { expect, test } from 'vitest'
import { ccxtVenues, keysMark } from '../../../../hotpath/threads/ccxt-process.ts'
import { parseConfig } from '../../../../shared/config/hotpath-config.ts'

const SECRET = 'very-secret-word-9000'

function configOf(market: string, endpoints: Record<string, string>) {
  const at = (rest: string) => ({ rest, publicSocket: 'ws://127.0.0.1:1', privateSocket: 'ws://127.0.0.1:1' })
  const given = Object.fromEntries(Object.entries(endpoints).map(([id, rest]) => [id, at(rest)]))
  const result = parseConfig({ market, trading: 'real', live: { ccxt: ['gate', 'hitbtc'], endpoints: given } })
  if (!result.ok) throw new Error(result.errors.join())
  return result.config
}

test('beside emulators no ccxt venue gets real orders: only what stands on this machine is reached', () => {
  expect(ccxtVenues(configOf('live', {}))).toEqual(['gate', 'hitbtc'])
  expect(ccxtVenues(configOf('emulated', {}))).toEqual([])
  const endpoints = { gate: 'https://api.gateio.ws', hitbtc: 'http://127.0.0.1:7777' }
  expect(ccxtVenues(configOf('emulated', endpoints))).toEqual(['hitbtc'])
})

test('other keys are another process: the one that runs would trade with the old ones', () => {
  const none = keysMark(['gate'], {})
  const some = keysMark(['gate'], { SOR_GATE_KEY: 'key-key-key', SOR_GATE_SECRET: SECRET })
  const others = keysMark(['gate'], { SOR_GATE_KEY: 'key-key-key', SOR_GATE_SECRET: `${SECRET}1` })
  expect(new Set([none, some, others]).size).toBe(3)
  expect(keysMark(['gate'], { SOR_GATE_KEY: 'key-key-key', SOR_GATE_SECRET: SECRET, SOR_OKX_KEY: 'x' })).toBe(some)
  // It is an argument of the process, which anybody on the machine can read.
  expect(some).toMatch(/^[0-9a-f]{16}$/)
})
