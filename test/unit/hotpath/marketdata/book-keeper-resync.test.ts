/** Memory does not know how often a book was lost: measured in a process that can collect before it looks. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('fifty thousand resyncs leave the heap as it was', () => {
  const child = fileURLToPath(new URL('../../../bench/feeds/soak-child.ts', import.meta.url))
  const output = execFileSync(process.execPath, ['--expose-gc', child, '50000'], { encoding: 'utf8' })
  const { growthBytes, lost } = JSON.parse(output) as Record<string, number>
  expect(lost).toBeGreaterThan(54_000)
  expect(growthBytes).toBeLessThan(500_000)
})
