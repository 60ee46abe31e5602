/**
 * Gives each duty's thread a cpu. Hot duties (core, gateway, feeds) get a physical core each on one NUMA node, isolated
 * cpus first and then the highest ones, because interrupts gather at the lowest; sleeping duties (journal, inference)
 * take from the low end. Nobody is put beside the core on its physical core: a busy sibling takes about half of it.
 */
import type { MachineCpu, MachineLayout } from './machine-layout.ts'
import type { DutyName } from './topology.ts'

export interface Places {
  /** Of the core; -1 when nobody is pinned. */
  readonly node: number
  /** -1: wherever the system puts it. */
  readonly cpus: Readonly<Record<DutyName, number>>
  /** ', cpu 7 of node 0 (isolated)' for the duties that have a place. */
  readonly texts: Readonly<Partial<Record<DutyName, string>>>
}

/** Who chooses first. */
const order: readonly DutyName[] = ['core', 'gateway', 'feeds', 'journal', 'inference']
const hot: readonly DutyName[] = ['core', 'gateway', 'feeds']
const nowhere: Readonly<Record<DutyName, number>> = { gateway: -1, core: -1, feeds: -1, inference: -1, journal: -1 }

export const noPlaces: Places = { node: -1, cpus: nowhere, texts: {} }

/** One cpu of each usable physical core first, then their siblings. With a single usable cpu nobody is pinned. */
export function placeDuties(duties: readonly DutyName[], machine: MachineLayout, nicNode?: number): Places {
  const usable = machine.cpus.filter(({ isUsable }) => isUsable)
  if (usable.length < 2) return noPlaces
  const node = hotNode(machine, nicNode)
  const far = distancesFrom(machine, node)
  const taken: MachineCpu[] = []
  const cpus: Record<DutyName, number> = { ...nowhere }
  const texts: Partial<Record<DutyName, string>> = {}
  for (const duty of order.filter((name) => duties.includes(name))) {
    const place = bestCpu(usable, taken, far, hot.includes(duty)) ?? taken[Math.min(1, taken.length - 1)]
    taken.push(place)
    cpus[duty] = place.cpu
    texts[duty] = `, cpu ${place.cpu} of node ${place.node}${place.isIsolated ? ' (isolated)' : ''}`
  }
  return { node: taken[0].node, cpus, texts }
}

/**
 * The network card's node when two of its physical cores can be used; else of the nodes with two the one with isolated
 * cpus, then the one with most usable physical cores, then the lowest.
 */
function hotNode(machine: MachineLayout, nicNode: number | undefined): number {
  const ranks = machine.nodes.map(({ node }) => {
    const own = machine.cpus.filter((cpu) => cpu.isUsable && cpu.node === node)
    const cores = new Set(own.map(({ core }) => core)).size
    const hasRoom = cores >= 2 ? 1 : 0
    const keys = [hasRoom, node === nicNode ? 1 : 0, own.some(({ isIsolated }) => isIsolated) ? 1 : 0, cores, -node]
    return { node, keys }
  })
  return ranks.reduce((best, rank) => (compareKeys(rank.keys, best.keys) > 0 ? rank : best)).node
}

function compareKeys(one: readonly number[], two: readonly number[]): number {
  for (let i = 0; i < one.length; i++) if (one[i] !== two[i]) return one[i] - two[i]
  return 0
}

/** Distance of every node; where the kernel does not say, 10 for the node itself and 20 for the others. */
function distancesFrom(machine: MachineLayout, from: number): ReadonlyMap<number, number> {
  const { distances } = machine.nodes.find(({ node }) => node === from) ?? machine.nodes[0]
  return new Map(machine.nodes.map(({ node }, i) => [node, distances[i] ?? (node === from ? 10 : 20)]))
}

/** undefined when nothing is left but the core's siblings; the second thread takes one of those rather than share a cpu. */
function bestCpu(
  usable: readonly MachineCpu[],
  taken: readonly MachineCpu[],
  far: ReadonlyMap<number, number>,
  isHot: boolean,
): MachineCpu | undefined {
  const isShared = ({ core }: MachineCpu): boolean => taken.some((other) => other.core === core)
  const free = usable.filter((cpu) => !taken.includes(cpu))
  const apart = free.filter(({ core }) => core !== taken[0]?.core)
  const open = apart.length === 0 && taken.length === 1 ? free : apart
  const keysOf = (cpu: MachineCpu): number[] => [
    isShared(cpu) ? 0 : 1,
    -(far.get(cpu.node) ?? 20),
    cpu.isIsolated === isHot ? 1 : 0,
    isHot ? cpu.core : -cpu.core,
    -cpu.cpu,
  ]
  let best: MachineCpu | undefined
  for (const cpu of open) if (best === undefined || compareKeys(keysOf(cpu), keysOf(best)) > 0) best = cpu
  return best
}
