/** Baselines of a decision make no garbage: measured in a process whose young generation cannot fill up. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const flags = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']

test('noting a decision, its baselines and their record allocate less than a byte', () => {
  const child = fileURLToPath(new URL('./benchmark-allocation-child.ts', import.meta.url))
  const output = execFileSync(process.execPath, [...flags, child], { encoding: 'utf8' })
  const { anObject, ...result } = JSON.parse(output) as Record<string, { bytes: number }>
  expect(anObject.bytes).toBeGreaterThan(15)
  expect(Object.keys(result)).toEqual(['smallOrder', 'largeOrder'])
  for (const [name, { bytes }] of Object.entries(result)) expect(bytes, name).toBeLessThan(1)
})
