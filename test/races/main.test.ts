/** The door for people: what it prints and how it ends. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { RaceResult } from './race.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

function races(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, '--layout', 'ring between threads, batch 64', ...args], {
    encoding: 'utf8',
  })
}

test('a clean race ends with 0 and says so, as text and as JSON', () => {
  const text = races('--messages', '100_000')
  expect(text.status).toBe(0)
  expect(text.stdout).toContain('nothing lost, torn or out of order')
  const json = races('--messages', '100000', '--json')
  expect(json.status).toBe(0)
  const { ok, results } = JSON.parse(json.stdout) as { ok: boolean; results: RaceResult[] }
  expect(ok).toBe(true)
  expect(results).toMatchObject([{ messages: 100_000, lost: 0, torn: 0, outOfOrder: 0, errors: [] }])
})

test('faults end with 1', () => {
  let status: number | null = 0
  for (let round = 0; round < 5 && status === 0; round++) {
    status = races('--messages', '500000', '--mistake', 'release before read').status
  }
  expect(status).toBe(1)
})

test('nonsense ends with 2 and the usage', () => {
  for (const args of [
    ['--messages', '0'],
    ['--messages', 'many'],
    ['--messages', '1e12'],
    ['--mistake', 'all'],
  ]) {
    const { status, stderr } = races(...args)
    expect(status).toBe(2)
    expect(stderr).toContain('usage: npm run races')
  }
})
