/** Keys come from the environment or a private file, and never come out again by accident. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { Credentials, readCredentials, readKeyFile } from '../../../../../hotpath/venues/native/credentials.ts'

const SECRET = 'very-secret-word-9000'
const home = mkdtempSync(join(tmpdir(), 'sor-keys-'))
const path = join(home, 'keys.json')

afterEach(() => rmSync(path, { force: true }))

function write(text: string, mode = 0o600): void {
  writeFileSync(path, text)
  chmodSync(path, mode)
}

test('from the environment', () => {
  const keys = readCredentials('binance', { SOR_BINANCE_KEY: 'k', SOR_BINANCE_SECRET: 's', SOR_OKX_KEY: 'other' })
  expect([keys?.key, keys?.secret, keys?.passphrase, keys?.privateKey]).toEqual(['k', 's', '', ''])
  expect(readCredentials('kraken', { SOR_BINANCE_KEY: 'k' })).toBeUndefined()
})

test('half a key is refused, by name', () => {
  expect(() => readCredentials('okx', { SOR_OKX_SECRET: SECRET })).toThrow(/SOR_OKX_\*: the key is missing/)
  expect(() => readCredentials('okx', { SOR_OKX_KEY: SECRET })).toThrow(/neither secret nor private key/)
})

test('from a file that only its owner reads', () => {
  write(JSON.stringify({ binance: { key: 'k', secret: SECRET } }))
  expect(readCredentials('binance', { SOR_KEYS_FILE: path })?.secret).toBe(SECRET)
  expect(readKeyFile(path, 'okx')).toBeUndefined()
  expect(readKeyFile(path, '__proto__')).toBeUndefined()
})

test.each([0o644, 0o640, 0o602])('a file of mode %o is refused', (mode) => {
  write('{}', mode)
  expect(() => readKeyFile(path, 'binance')).toThrow(/chmod 600/)
})

test('errors and prints show nothing', () => {
  const keys = new Credentials({
    key: 'key-key-key',
    secret: SECRET,
    passphrase: 'pass-pass',
    privateKey: 'pem-pem-pem',
  })
  const prints = [`${keys}`, JSON.stringify({ keys }), inspect(keys, { showHidden: true, depth: 9 }), inspect({ keys })]
  const errors: string[] = []
  for (const text of [`{"binance": ${SECRET}}`, `["${SECRET}"]`, `{"binance": {"key": 5, "secret": "${SECRET}"}}`]) {
    write(text)
    try {
      readKeyFile(path, 'binance')
    } catch (error) {
      errors.push(inspect(error))
    }
  }
  expect(errors.length).toBe(3)
  for (const text of [...prints, ...errors]) expect(text).not.toMatch(/very-secret|key-key|pass-pass|pem-pem/)
})

test('redacts what a venue echoes', () => {
  const keys = new Credentials({ key: 'key-key-key', secret: SECRET })
  expect(keys.redact(`you sent key-key-key and ${SECRET}`)).toBe('you sent [hidden] and [hidden]')
})
