import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { benchTable } from '../../../bench/bench-table.ts'

const folder = dirname(fileURLToPath(new URL('../../../bench/bench-table.ts', import.meta.url)))

test('the table lists every bench module there is, and no other', () => {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('-bench.ts'))
    .map((path) => `./${path.replaceAll('\\', '/')}`)
  expect(
    Object.values(benchTable)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(found.sort())
})

test.each(Object.entries(benchTable))('%s exports run', async (_name, { path }) => {
  const module = (await import(join(folder, path))) as { run?: unknown }
  expect(module.run).toBeTypeOf('function')
})
