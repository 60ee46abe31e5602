/** Which duty runs on which thread and cpu, chosen from the machine and said at start. Pure. */

import { noPlaces, type Places, placeDuties } from './cpu-places.ts'
import type { MachineLayout } from './machine-layout.ts'

/**
 * gateway: sockets and clients. core: decisions, orders, venue link, books. feeds: public market data. inference:
 * models. journal: disk.
 */
export type DutyName = 'gateway' | 'core' | 'feeds' | 'inference' | 'journal'

export interface TopologyWish {
  /** auto: split where three cpus and two physical cores can be used. */
  readonly threads: 'auto' | 'one' | 'split'
  readonly spin: boolean
  readonly pin: boolean
  /** NUMA node of the network card, when known: the hot duties go there if two of its cores can be used. */
  readonly nicNode?: number
  /** What runs: a duty without a thread is not printed and gets no cpu. Gateway, core and journal by default. */
  readonly duties?: readonly DutyName[]
}

export interface Topology {
  readonly layout: 'one thread' | 'split'
  /** Cpus this process can use: affinity mask and cgroup quota. */
  readonly cores: number
  /** Does the thread of the core spin? Only where the journal and the venues have a cpu of their own. */
  readonly spins: boolean
  /** NUMA node of the hot duties; -1 where nothing is pinned. */
  readonly node: number
  /** The cpu a duty's thread is pinned to; -1: wherever the system puts it. */
  readonly cpus: Readonly<Record<DutyName, number>>
  /** A line each, for people. */
  readonly lines: readonly string[]
}

const SPLIT_CPUS_MIN = 3
const SPLIT_CORES_MIN = 2
const dutiesDefault: readonly DutyName[] = ['gateway', 'core', 'journal']

/** Never refuses: what was asked and cannot be is left out and said so. O(cpus log cpus). */
export function chooseTopology(wish: TopologyWish, machine: MachineLayout): Topology {
  const cores = usableCores(machine)
  const physical = new Set(machine.cpus.filter(({ isUsable }) => isUsable).map(({ core }) => core)).size
  const hasRoom = cores >= SPLIT_CPUS_MIN && physical >= SPLIT_CORES_MIN
  const isSplit = wish.threads === 'split' || (wish.threads === 'auto' && hasRoom)
  const spins = wish.spin && hasRoom
  const duties = wish.duties ?? dutiesDefault
  const places = wish.pin && isSplit ? placeDuties(duties, machine, wish.nicNode) : noPlaces
  const few = cores >= SPLIT_CPUS_MIN ? 'one physical core is' : `${cores} ${cores === 1 ? 'cpu is' : 'cpus are'}`
  const refusals = [
    ...(wish.spin && !spins ? [`asked to spin: ${few} too few`] : []),
    ...(isSplit && !hasRoom ? [`the better layout, one thread, because split was asked for: ${few} too few`] : []),
    ...(wish.pin && !isSplit ? ['nothing pinned: one thread does the work'] : []),
    ...(wish.pin && isSplit && places.node < 0 ? ['nothing pinned: there is one cpu'] : []),
  ]
  const loop = spins ? 'spinning' : 'sleeping when idle'
  const lines = [
    lineOf(isSplit ? 'split' : 'one thread', machineText(machine)),
    ...refusals.map((why) => lineOf('left out', why)),
    ...(isSplit ? splitLines(duties, places, loop) : sharedLines(duties, loop)),
    lineOf('forecasts', 'own thread, sleeping: learns the round trips of every venue'),
    lineOf('venue hosts', 'paper, emulated and ccxt venues: processes of their own that outlive the router'),
  ]
  return { layout: isSplit ? 'split' : 'one thread', cores, spins, node: places.node, cpus: places.cpus, lines }
}

/** Cpus the process may run on, bounded by the cpu time it is granted; at least 1. */
export function usableCores(machine: MachineLayout): number {
  const usable = machine.cpus.filter(({ isUsable }) => isUsable).length
  return Math.max(1, Math.min(usable, Math.floor(machine.quotaCores)))
}

/** '4 of 8 cpus usable, 2 NUMA nodes', for people. */
export function machineText(machine: MachineLayout): string {
  const { cpus, nodes, quotaCores } = machine
  const quota = Number.isFinite(quotaCores) ? `, cgroup quota ${quotaCores.toFixed(1)}` : ''
  const isolated = cpus.filter(({ isIsolated, isUsable }) => isIsolated && isUsable).length
  const apart = isolated > 0 ? `, ${isolated} isolated` : ''
  return `${usableCores(machine)} of ${cpus.length} cpus usable${quota}${apart}, ${nodes.length} NUMA ${nodes.length === 1 ? 'node' : 'nodes'}`
}

const dutyTexts: Readonly<Record<Exclude<DutyName, 'core'>, string>> = {
  gateway: 'main thread, sleeping when idle',
  feeds: 'own thread, sleeping when idle: public market data',
  inference: 'own thread, sleeping: models',
  journal: 'own thread, sleeping: copies the ring to disk, group fdatasync',
}

function splitLines(duties: readonly DutyName[], places: Places, loop: string): string[] {
  return duties.map((duty) => {
    const text = duty === 'core' ? `own thread, ${loop}: decisions, orders, venue link, books` : dutyTexts[duty]
    return lineOf(duty, `${text}${places.texts[duty] ?? ''}`)
  })
}

function sharedLines(duties: readonly DutyName[], loop: string): string[] {
  const own = duties.filter((duty) => duty !== 'gateway' && duty !== 'core') as Exclude<DutyName, 'gateway' | 'core'>[]
  return [
    lineOf('gateway, core', `main thread, ${loop}: sockets, decisions, orders, venue link, books`),
    ...own.map((duty) => lineOf(duty, dutyTexts[duty])),
  ]
}

function lineOf(name: string, text: string): string {
  return `${name.padEnd(14)} ${text}`
}
