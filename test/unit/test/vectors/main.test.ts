/** The door itself: what it prints and how it ends. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../../..')
const folder = mkdtempSync(join(tmpdir(), 'vectors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'test/vectors/main.ts'), ...words], { encoding: 'utf8' })
}

function directory(name: string, files: Readonly<Record<string, unknown>>): string {
  const path = join(folder, name)
  mkdirSync(path)
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), JSON.stringify(content))
  return path
}

const mcnemar = (p: number) => ({
  schema: 'reference-vectors/1',
  area: 'metrics',
  topics: {},
  vectors: [{ id: 'm/1', topic: 'mcnemar', inputs: { b: 0, c: 6 }, expected: { p }, tolerance: { rel: 1e-9 } }],
})
const lookup = {
  schema: 'reference-vectors/1',
  area: 'fees',
  topics: {},
  vectors: [
    {
      id: 'f/1',
      topic: 'schedule-lookup',
      inputs: { venue: 'x', market: 'spot', side: 'taker', volume: 10 },
      expected: { rate: 0.001 },
      tolerance: { exact: true },
    },
    { id: 'f/2', topic: 'astrology', inputs: {}, expected: {}, tolerance: { exact: true } },
  ],
}
const schedules = {
  schema: 'fee-schedules/1',
  venues: {
    x: {
      markets: {
        spot: {
          maker: 0,
          taker: 0.002,
          tiers: {
            taker: [
              [0, 0.002],
              [10, 0.001],
            ],
          },
        },
      },
    },
  },
}

test('all passed or not covered ends with 0, fee tables come from the same directory', () => {
  const path = directory('good', {
    'm.json': mcnemar(0.03125),
    'f.json': lookup,
    'fee_schedules.json': schedules,
    'o.json': [],
  })
  const { status, stdout } = run(path)
  expect(status).toBe(0)
  expect(stdout).toContain('2 passed, 0 failed, 1 not covered')
  expect(stdout).toContain('note: o.json: skipped')
})

test('a failure ends with 1 and shows the field', () => {
  const path = directory('bad', { 'm.json': mcnemar(0.03) })
  const { status, stdout } = run(path, '--json')
  expect(status).toBe(1)
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({ passed: 0, failed: 1, notCovered: 0 })
  expect(report.failures).toHaveLength(1)
  expect(report.failures[0]).toMatchObject({ id: 'm/1', topic: 'mcnemar' })
  expect(report.failures[0].differences[0]).toMatch(/^p: 0\.031\d+, not 0\.03$/)
  expect(report.topics[0]).toMatchObject({ area: 'metrics', topic: 'mcnemar', leftOut: [] })
})

test('nothing to run ends with 2', () => {
  expect(run().status).toBe(2)
  expect(run(join(folder, 'nowhere')).stderr).toContain('usage')
  expect(run(directory('empty', {})).status).toBe(2)
  expect(run(folder, '--fast').stderr).toContain('unknown option')
})
