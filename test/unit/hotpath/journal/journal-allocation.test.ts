/** The hot side of the journal allocates nothing: measured in a process whose young generation cannot fill up. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const flags = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']

test('append, clock and checksum allocate less than a byte', () => {
  const child = fileURLToPath(new URL('./allocation-child.ts', import.meta.url))
  const output = execFileSync(process.execPath, [...flags, child], { encoding: 'utf8' })
  const { anObject, ...result } = JSON.parse(output) as Record<string, number>
  expect(anObject).toBeGreaterThan(15)
  expect(Object.keys(result)).toEqual(['nothing', 'append', 'clock', 'crc32c'])
  for (const [name, bytes] of Object.entries(result)) expect(bytes, name).toBeLessThan(1)
})
