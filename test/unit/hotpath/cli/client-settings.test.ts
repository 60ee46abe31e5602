import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readClientSettings } from '../../../../hotpath/cli/client-settings.ts'
import { ExitCode } from '../../../../hotpath/cli/exit-code.ts'

let folder = ''
const kept = { url: 'ws://127.0.0.1:7001/v1/orders', apiKey: 'local-key', secret: 's3' }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sor-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function keep(text: string): void {
  writeFileSync(join(folder, 'client.json'), text)
}

test('what npm start left behind', () => {
  keep(JSON.stringify({ ...kept, market: 'calibrated' }))
  expect(readClientSettings(folder, {})).toEqual(kept)
})

test('the environment wins, one by one', () => {
  keep(JSON.stringify(kept))
  expect(readClientSettings(folder, { SOR_API_KEY: 'other-key' })).toEqual({ ...kept, apiKey: 'other-key' })
})

test('the environment alone is enough', () => {
  const environment = { SOR_URL: 'wss://far/v1/orders', SOR_API_KEY: 'k', SOR_API_SECRET: 's' }
  expect(readClientSettings(join(folder, 'none'), environment)).toEqual({
    url: 'wss://far/v1/orders',
    apiKey: 'k',
    secret: 's',
  })
})

test('nothing known: cannot connect, and how to start one', () => {
  expect(() => readClientSettings(folder, {})).toThrow(/npm start/)
  try {
    readClientSettings(folder, {})
  } catch (error) {
    expect(error).toMatchObject({ exitCode: ExitCode.cannotConnect })
  }
})

test.each(['', 'null', '[]', '{"url":1}', '{"url":"ws://x","apiKey":"k"}'])('a broken file is said: %s', (text) => {
  keep(text)
  expect(() => readClientSettings(folder, {})).toThrow(/client\.json/)
})

test('an address that is none is said', () => {
  keep(JSON.stringify({ ...kept, url: 'http://x' }))
  expect(() => readClientSettings(folder, {})).toThrow(/address/)
})

test('a router that never listened is said', () => {
  keep(JSON.stringify({ ...kept, url: '' }))
  expect(() => readClientSettings(folder, {})).toThrow(/npm start/)
})
