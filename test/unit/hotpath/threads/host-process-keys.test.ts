/** A process that is started knows the keys of the venues it trades, and nobody else's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { endStarted, startHost } from '../../../../hotpath/threads/host-process.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'host-keys-'))
const script = path.join(folder, 'host.mjs')
writeFileSync(
  script,
  `import { renameSync, writeFileSync } from 'node:fs'
writeFileSync(process.argv[2] + '.new', JSON.stringify(process.env)); renameSync(process.argv[2] + '.new', process.argv[2])
setInterval(() => {}, 1000)`,
)

afterEach(() => vi.unstubAllEnvs())
afterAll(() => {
  endStarted()
  rmSync(folder, { recursive: true })
})

async function environmentOf(name: string, keysOf?: readonly string[]): Promise<Record<string, string>> {
  const told = path.join(folder, name)
  const read = (): string => {
    try {
      return readFileSync(told, 'utf8')
    } catch {
      return ''
    }
  }
  await startHost({
    what: 'toys',
    script: pathToFileURL(script),
    args: [told],
    logFile: path.join(folder, `${name}.log`),
    isReady: () => read() !== '',
    ...(keysOf !== undefined && { keysOf }),
  })
  return JSON.parse(read()) as Record<string, string>
}

test('keys stay where they are used', async () => {
  vi.stubEnv('SOR_BINANCE_KEY', 'a')
  vi.stubEnv('SOR_BINANCE_SECRET', 'b')
  vi.stubEnv('SOR_KRAKEN_PRIVATE_KEY', 'c')
  vi.stubEnv('SOR_GATE_KEY', 'd')
  vi.stubEnv('SOR_GATE_SECRET', 'e')
  vi.stubEnv('SOR_API_SECRET', 'f')
  vi.stubEnv('SOR_KEYS_FILE', '/somewhere')
  vi.stubEnv('SOR_ORDINARY', 'g')
  const names = (environment: Record<string, string>): string[] =>
    Object.keys(environment)
      .filter((name) => name.startsWith('SOR_') && name !== 'SOR_SKIPS' && name !== 'SOR_DATA')
      .sort()
  expect(names(await environmentOf('none'))).toEqual(['SOR_ORDINARY'])
  const some = await environmentOf('gate', ['gate'])
  expect(names(some)).toEqual(['SOR_GATE_KEY', 'SOR_GATE_SECRET', 'SOR_KEYS_FILE', 'SOR_ORDINARY'])
  expect(some['PATH']).toBe(process.env['PATH'])
})
