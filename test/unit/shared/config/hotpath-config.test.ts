/** The configuration: nothing is needed, everything wrong is said at once, and nothing secret is ever said. */
import { expect, test } from 'vitest'
import { dumpConfig, localAccount, mergeConfig, parseConfig } from '../../../../shared/config/hotpath-config.ts'

function parsed(input: unknown) {
  const result = parseConfig(input)
  if (!result.ok) throw new Error(result.errors.join('; '))
  return result.config
}

function errors(input: unknown): readonly string[] {
  const result = parseConfig(input)
  return result.ok ? [] : result.errors
}

test('with nothing written everything has its default', () => {
  const config = parsed({})
  expect(config.gateway).toEqual({ host: '127.0.0.1', port: 7001 })
  expect(config).toMatchObject({
    market: 'calibrated',
    seed: 1,
    speed: 1,
    stateDirectory: '.sor',
    accounts: [],
    venues: {},
  })
  expect(config.routing.slippageBpsDefault).toBe(500)
})

test('what is dumped is read back as the same', () => {
  const config = parsed({ gateway: { port: 9 }, venues: { kraken: { disabled: true, takerPpm: -25 } } })
  expect(parsed(JSON.parse(dumpConfig(config)))).toEqual(config)
})

test('an account has limits without saying them', () => {
  const config = parsed({ accounts: [{ name: 'desk', apiKey: 'desk-0001', secret: 'env:DESK' }] })
  expect(config.accounts[0]).toEqual({ ...localAccount('desk-0001'), name: 'desk', secret: 'env:DESK' })
})

const account = { name: 'desk', apiKey: 'desk-0001', secret: 'env:DESK' }

test.each<[string, unknown]>([
  ['configuration', { gatway: {} }],
  ['configuration', 'text'],
  ['gateway', { gateway: { prot: 1 } }],
  ['gateway.port', { gateway: { port: 70_000 } }],
  ['gateway.port', { gateway: { port: '7001' } }],
  ['market', { market: 'lively' }],
  ['market', { market: 'replay:' }],
  ['seed', { seed: 1.5 }],
  ['speed', { speed: 0 }],
  ['journal.ringBytes', { journal: { ringBytes: 100_000 } }],
  ['routing.childrenMax', { routing: { childrenMax: 65 } }],
  ['routing.slippageBpsDefault', { routing: { slippageBpsDefault: Number.NaN } }],
  ['venues.kraken.takerPpm', { venues: { kraken: { takerPpm: 0.5 } } }],
  ['venues.Kraken', { venues: { Kraken: {} } }],
  ['accounts[0].secret', { accounts: [{ ...account, secret: 'env:' }] }],
  ['accounts[0].permissions', { accounts: [{ ...account, permissions: [] }] }],
  ['accounts[0].permissions[0]', { accounts: [{ ...account, permissions: ['admin'] }] }],
  ['accounts[0].orderNotionalMax', { accounts: [{ ...account, orderNotionalMax: 5 }] }],
  ['accounts[0].ordersPerSecond', { accounts: [{ ...account, ordersPerSecond: 0 }] }],
  ['accounts[1].name', { accounts: [account, { ...account, apiKey: 'desk-0002' }] }],
  ['accounts[1].apiKey', { accounts: [account, { ...account, name: 'other' }] }],
])('%s is refused by its place', (place, input) => {
  const lines = errors(input)
  expect(lines).toHaveLength(1)
  expect(lines[0].startsWith(`${place}: `)).toBe(true)
})

test('all mistakes at once', () => {
  expect(errors({ speed: -1, seed: 'x', gateway: { port: -1, host: '' } })).toHaveLength(4)
})

test('a secret in the wrong place is refused and not repeated', () => {
  const lines = errors({ accounts: [{ ...account, secret: 'hunter2-hunter2' }] })
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toContain('hunter2')
})

test('flags go over the file, key by key', () => {
  const file = { seed: 7, gateway: { port: 1, host: '::1' }, accounts: [account] }
  const merged = mergeConfig(file, { seed: undefined, gateway: { port: 2 }, accounts: [] })
  expect(merged).toEqual({ seed: 7, gateway: { port: 2, host: '::1' }, accounts: [] })
  expect(file.gateway.port).toBe(1)
})
