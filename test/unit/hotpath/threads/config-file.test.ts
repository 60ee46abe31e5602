/** Configuration from disk, environment and flags; the local account's key; and files that others could read. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LoadedConfig, loadConfig } from '../../../../hotpath/threads/config-file.ts'

let folder: string
let stateDirectory: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sor-config-'))
  stateDirectory = path.join(folder, 'state')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function load(config: object | string, flags = {}, environment = {}): LoadedConfig {
  const file = path.join(folder, 'sor.config.json')
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  return loadConfig({ file, flags: { stateDirectory, ...flags }, environment })
}

function loaded(result: LoadedConfig): LoadedConfig & { ok: true } {
  if (!result.ok) throw new Error(result.errors.join('; '))
  return result
}

const SECRET = 'a secret that is long enough'
const desk = { name: 'desk', apiKey: 'desk-0001', secret: 'env:DESK_SECRET' }

test('without accounts there is the local one, with a key of its own that is kept', () => {
  const first = loaded(load({}))
  const second = loaded(load({}))
  expect(first.accounts.map(({ index, name }) => [index, name])).toEqual([[0, 'default']])
  expect(second.accounts[0].apiKey).toBe(first.accounts[0].apiKey)
  const file = path.join(stateDirectory, 'client.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(stateDirectory).mode & 0o777).toBe(0o700)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ account: 'default', url: '' })
})

test('accounts of the file come behind it, with their secrets from the environment or a file', () => {
  writeFileSync(path.join(folder, 'bot.secret'), `${SECRET}\n`, { mode: 0o600 })
  const bot = { name: 'bot', apiKey: 'bot-00001', secret: 'file:bot.secret', permissions: ['read', 'cancel'] }
  const { accounts } = loaded(load({ accounts: [desk, bot] }, {}, { DESK_SECRET: SECRET }))
  expect(accounts.map(({ index, name, permissions }) => [index, name, permissions])).toEqual([
    [0, 'default', 7],
    [1, 'desk', 7],
    [2, 'bot', 6],
  ])
  expect(accounts.slice(1).map(({ secret }) => secret.reveal())).toEqual([SECRET, SECRET])
  expect(JSON.stringify(accounts)).not.toContain(SECRET)
})

test('an account of that name replaces the local one', () => {
  const { accounts } = loaded(load({ accounts: [{ ...desk, name: 'default' }] }, {}, { DESK_SECRET: SECRET }))
  expect(accounts.map(({ apiKey }) => apiKey)).toEqual(['desk-0001'])
  expect(existsSync(stateDirectory)).toBe(false)
})

test('flags win over the file', () => {
  expect(loaded(load({ seed: 3, gateway: { port: 5 } }, { gateway: { port: 6 } })).config).toMatchObject({
    seed: 3,
    gateway: { port: 6, host: '127.0.0.1' },
  })
})

test.each<[string, () => LoadedConfig]>([
  ['is not JSON', () => load('{')],
  ['cannot be read', () => loadConfig({ file: path.join(folder, 'absent.json'), environment: {} })],
  ['speed: ', () => load({ speed: 'fast' })],
  ['accounts[0].secret: the environment has no DESK_SECRET', () => load({ accounts: [desk] })],
  ['accounts[0].secret: shorter than 16', () => load({ accounts: [desk] }, {}, { DESK_SECRET: 'short' })],
  ['accounts[0].secret: there is no file', () => load({ accounts: [{ ...desk, secret: 'file:none' }] })],
])('%s', (line, attempt) => {
  const result = attempt()
  expect(result.ok ? [] : result.errors).toEqual([expect.stringContaining(line)])
})

test('a secret that others can read is not used', () => {
  const file = path.join(folder, 'open.secret')
  writeFileSync(file, SECRET, { mode: 0o644 })
  const result = load({ accounts: [{ ...desk, secret: `file:${file}` }] })
  expect(result.ok ? [] : result.errors).toEqual([expect.stringContaining('can be read by others')])
  loaded(load({}))
  chmodSync(path.join(stateDirectory, 'client.json'), 0o640)
  expect(load({}).ok).toBe(false)
})

test('every missing secret is said at once, and none of those that are there', () => {
  const result = load(
    { accounts: [desk, { ...desk, name: 'b', apiKey: 'bbbbbbbb' }] },
    {},
    { DESK_SECRET: 'too short' },
  )
  expect(result.ok ? [] : result.errors).toHaveLength(2)
  expect(JSON.stringify(result)).not.toContain('too short')
})
