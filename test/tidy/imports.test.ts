/** Who may import whom: shared nobody, hotpath by layers, each package through its door. */
import { expect, test } from 'vitest'
import { contractFiles, layers, packageDoors, sameLayer } from './house-rules.ts'
import { type ImportOf, modules, packageOf, SourceModule } from './source-tree.ts'

const topMayImport: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared'],
  hotpath: ['hotpath', 'shared'],
  edge: ['edge', 'shared'],
  models: ['models', 'shared', 'hotpath'],
  infra: ['infra'],
  test: ['test', 'models', 'hotpath', 'edge', 'infra', 'shared'],
}

/** The room of a file in hotpath: its folder, or 'main' for files beside the rooms and for the entry of a process. */
function roomOf(path: string): string {
  if (path.endsWith('-host.ts')) return 'main'
  const parts = path.split('/')
  return parts.length > 2 ? parts[1] : 'main'
}

/** Why this import is against the rule, or undefined. */
function faultOf(from: string, entry: ImportOf): string | undefined {
  const to = entry.path
  if (to === undefined || entry.isEntry === true) return undefined
  const [fromTop, toTop] = [from.split('/')[0], to.split('/')[0]]
  if (!(topMayImport[fromTop] ?? []).includes(toTop)) return `${fromTop} may not import ${toTop}`
  if (fromTop !== 'hotpath' || toTop !== 'hotpath') return undefined
  const [fromRoom, toRoom] = [roomOf(from), roomOf(to)]
  if (fromRoom === toRoom) return undefined
  if (entry.isTypeOnly && contractFiles.includes(to)) return undefined
  if (fromRoom === 'client') return 'the client is published: it imports shared and contract types only'
  const [low, high] = [layers[toRoom], layers[fromRoom]]
  if (low === undefined) return `room ${toRoom} has no layer yet`
  if (high === undefined) return `room ${fromRoom} has no layer yet`
  if (low < high || (sameLayer[fromRoom] ?? []).includes(toRoom)) return undefined
  return `${fromRoom} (${high}) may not import ${toRoom} (${low})`
}

function packageFault(path: string, specifier: string): string | undefined {
  const isPure = path.startsWith('shared/') || path.startsWith('hotpath/client/')
  if (isPure && specifier.startsWith('node:')) return 'runs in browsers and workers too: no node: modules'
  const name = packageOf(specifier)
  if (name === undefined) return undefined
  const doors = packageDoors[name]
  if (doors === undefined) return `package ${name} has no door`
  return doors.some((door) => path.startsWith(door))
    ? undefined
    : `package ${name} comes in through ${doors.join(', ')}`
}

function faultsOf(module: SourceModule): string[] {
  return module
    .imports()
    .map((entry) => [entry, faultOf(module.path, entry) ?? packageFault(module.path, entry.specifier)] as const)
    .filter(([, fault]) => fault !== undefined)
    .map(([entry, fault]) => `${module.path} imports ${entry.specifier}: ${fault}`)
}

test.each([
  ['shared/domain/order.ts', "import { Ring } from '../../hotpath/memory/ring.ts'", 1],
  ['shared/domain/order.ts', "import { readFileSync } from 'node:fs'", 1],
  ['shared/domain/order.ts', "import { assert } from '../assert.ts'", 0],
  ['hotpath/book/venue-book.ts', "import { route } from '../routing/router.ts'", 1],
  ['hotpath/book/venue-book.ts', "export * from '../routing/router.ts'", 1],
  ['hotpath/book/venue-book.ts', "const late = await import('../routing/router.ts')", 1],
  ['hotpath/gateway/session.ts', "import type { OrderCore } from '../routing/order-core.ts'", 0],
  ['hotpath/gateway/session.ts', "import { OrderCore } from '../routing/order-core.ts'", 1],
  ['hotpath/book/venue-book.ts', "const worker = new URL('../routing/router.ts', import.meta.url)", 0],
  ['hotpath/routing/router.ts', "import { BookTable } from '../book/book-table.ts'", 0],
  ['hotpath/routing/router.ts', "import koffi from 'koffi'", 1],
  ['hotpath/book/venue-book.ts', "import {\n  route,\n} from '../routing/router.ts'", 1],
  ['hotpath/gateway/session.ts', "import { type OrderCore } from '../routing/order-core.ts'", 0],
  ['hotpath/gateway/session.ts', "import { type OrderCore, x } from '../routing/order-core.ts'", 1],
  ['hotpath/venues/paper/paper-host.ts', "import { MachineClock } from '../../threads/machine-clock.ts'", 0],
  ['hotpath/venues/paper/paper-link.ts', "import { MachineClock } from '../../threads/machine-clock.ts'", 1],
  ['hotpath/routing/router.ts', "const koffi = createRequire(import.meta.url)('koffi')", 1],
  ['hotpath/memory/region.ts', "const koffi = createRequire(import.meta.url)('koffi')", 0],
  ['hotpath/client/order-client.ts', "import { Ring } from '../memory/ring.ts'", 1],
  ['models/evaluation/study.ts', "import { x } from '../../test/bench/bench-row.ts'", 1],
])('the rule sees %s: %s', (path, text, faults) => {
  expect(faultsOf(new SourceModule(path, text))).toHaveLength(faults)
})

test('every import follows the layers and every package its door', () => {
  expect(modules().flatMap(faultsOf)).toEqual([])
})
