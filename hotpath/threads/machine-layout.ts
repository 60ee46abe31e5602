/**
 * What the machine is made of, as the kernel tells it in /sys and /proc: cpus, which of them share a physical core,
 * NUMA nodes, isolated cpus, and what this process may use of it (affinity mask, cgroup quota). Read once at start.
 *
 * Never throws: what is missing or not understood is replaced by the plainest machine (one node, a core a cpu), with a note.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

export interface MachineCpu {
  readonly cpu: number
  readonly node: number
  /** The lowest online cpu of the same physical core: cpus with the same number share its pipelines and first caches. */
  readonly core: number
  /** Taken out of the kernel's scheduling (isolcpus): nothing runs there that was not put there. */
  readonly isIsolated: boolean
  /** This process may run there, or may be put there because it is isolated. */
  readonly isUsable: boolean
}

export interface MachineNode {
  readonly node: number
  /** Online cpus, ascending; none on a node of memory only. */
  readonly cpus: readonly number[]
  /** To each entry of `nodes`, in its order: 10 is the node itself, 20 twice as far. Empty where the kernel does not say. */
  readonly distances: readonly number[]
  /** 0 where the kernel does not say. */
  readonly memoryBytes: number
}

export interface MachineLayout {
  /** Online cpus, ascending; at least one. */
  readonly cpus: readonly MachineCpu[]
  /** Online nodes, ascending; at least one. */
  readonly nodes: readonly MachineNode[]
  /** Cpu time a second that the cgroup grants, in cpus; infinite where nothing bounds it. */
  readonly quotaCores: number
  /** What was missing or not understood, for people. */
  readonly notes: readonly string[]
}

/** More than any kernel is built for; a longer list is not a list of cpus. */
export const CPUS_MAX = 8_192
const NODES_MAX = 1_024
const CPU_FOLDER = 'sys/devices/system/cpu'
const NODE_FOLDER = 'sys/devices/system/node'

/** Reads the machine below `root`, which is '/' except in tests. O(cpus) small files. */
export function readMachineLayout(root = '/'): MachineLayout {
  const notes: string[] = []
  const allowed = readAllowed(root)
  const online = readOnline(root, allowed, notes)
  const nodes = readNodes(root, online, notes)
  const isolated = new Set(listIn(join(root, CPU_FOLDER, 'isolated'), notes) ?? [])
  const usable = usableCpus(online, isolated, allowed, notes)
  const nodeOf = new Map(nodes.flatMap(({ node, cpus }) => cpus.map((cpu) => [cpu, node] as const)))
  const coreOf = readCores(root, online)
  return {
    cpus: online.map((cpu) => ({
      cpu,
      node: nodeOf.get(cpu) ?? nodes[0].node,
      core: coreOf.get(cpu) ?? cpu,
      isIsolated: isolated.has(cpu),
      isUsable: usable.has(cpu),
    })),
    nodes,
    quotaCores: readQuota(root),
    notes,
  }
}

/** '0-3,8' as numbers, ascending and each once; undefined when it is not such a list. An empty text is an empty list. */
export function parseCpuList(text: string, max = CPUS_MAX): number[] | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return []
  const found = new Set<number>()
  for (const part of trimmed.split(',')) {
    const range = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part)
    if (range === null) return undefined
    const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])]
    if (to < from || to >= max) return undefined
    for (let cpu = from; cpu <= to; cpu++) found.add(cpu)
  }
  return [...found].sort((a, b) => a - b)
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** undefined when the file is missing; noted when it is there and not a list. */
function listIn(path: string, notes: string[], max = CPUS_MAX): number[] | undefined {
  const text = textOf(path)
  if (text === undefined) return undefined
  const list = parseCpuList(text, max)
  if (list === undefined) notes.push(`${path} is not a list of numbers`)
  return list
}

function readAllowed(root: string): readonly number[] | undefined {
  const line = /^Cpus_allowed_list:(.*)$/m.exec(textOf(join(root, 'proc/self/status')) ?? '')
  const list = line === null ? undefined : parseCpuList(line[1])
  return list === undefined || list.length === 0 ? undefined : list
}

function readOnline(root: string, allowed: readonly number[] | undefined, notes: string[]): readonly number[] {
  const online = listIn(join(root, CPU_FOLDER, 'online'), notes)
  if (online !== undefined && online.length > 0) return online
  notes.push('the kernel does not say which cpus are online')
  return allowed ?? Array.from({ length: availableParallelism() }, (_, cpu) => cpu)
}

/**
 * The affinity mask, and the isolated cpus when nobody narrowed the mask by hand: the kernel leaves them out of every
 * mask at boot and lets a thread be pinned there all the same.
 */
function usableCpus(
  online: readonly number[],
  isolated: ReadonlySet<number>,
  allowed: readonly number[] | undefined,
  notes: string[],
): ReadonlySet<number> {
  if (allowed === undefined) return new Set(online)
  const mask = new Set(allowed)
  const isWhole = online.every((cpu) => mask.has(cpu) || isolated.has(cpu))
  const usable = online.filter((cpu) => mask.has(cpu) || (isWhole && isolated.has(cpu)))
  if (usable.length > 0) return new Set(usable)
  notes.push('the affinity mask names no online cpu')
  return new Set(online)
}

function readNodes(root: string, online: readonly number[], notes: string[]): readonly MachineNode[] {
  const folder = join(root, NODE_FOLDER)
  const numbers = listIn(join(folder, 'online'), notes, NODES_MAX)
  const homeless = new Set(online)
  const nodes = (numbers ?? []).map((node) => {
    const cpus = (listIn(join(folder, `node${node}/cpulist`), notes) ?? []).filter((cpu) => homeless.delete(cpu))
    const told =
      textOf(join(folder, `node${node}/distance`))
        ?.trim()
        .split(/\s+/)
        .map(Number) ?? []
    const isWhole = told.length === numbers?.length && told.every((distance) => distance > 0 && distance < 256)
    if (told.length > 0 && !isWhole) notes.push(`the distances of node ${node} are not understood`)
    return { node, cpus, distances: isWhole ? told : [], memoryBytes: memoryOf(folder, node) }
  })
  if (nodes.some(({ cpus }) => cpus.length > 0)) {
    if (homeless.size === 0) return nodes
    notes.push(`${homeless.size} cpus belong to no node: taken for node ${nodes[0].node}`)
    const [first, ...rest] = nodes
    return [{ ...first, cpus: [...first.cpus, ...homeless].sort((a, b) => a - b) }, ...rest]
  }
  notes.push('no NUMA nodes are told: taken for one')
  return [{ node: 0, cpus: online, distances: [], memoryBytes: 0 }]
}

function memoryOf(folder: string, node: number): number {
  const line = /MemTotal:\s*(\d{1,13}) kB/.exec(textOf(join(folder, `node${node}/meminfo`)) ?? '')
  return line === null ? 0 : Number(line[1]) * 1_024
}

/** By thread_siblings_list, else by package and core number, else every cpu is a core. */
function readCores(root: string, online: readonly number[]): ReadonlyMap<number, number> {
  const isOnline = new Set(online)
  const known = new Set(namesIn(join(root, CPU_FOLDER)))
  const firstOf = new Map<string, number>()
  const cores = new Map<number, number>()
  for (const cpu of online) {
    if (!known.has(`cpu${cpu}`)) continue
    const folder = join(root, CPU_FOLDER, `cpu${cpu}/topology`)
    const siblings = parseCpuList(textOf(join(folder, 'thread_siblings_list')) ?? '')?.filter((at) => isOnline.has(at))
    if (siblings?.includes(cpu)) {
      cores.set(cpu, siblings[0])
      continue
    }
    const [core, socket] = ['core_id', 'physical_package_id'].map((name) => textOf(join(folder, name))?.trim() ?? '')
    if (!/^\d+$/.test(core) || !/^\d+$/.test(socket)) continue
    const key = `${socket}:${core}`
    if (!firstOf.has(key)) firstOf.set(key, cpu)
    cores.set(cpu, firstOf.get(key) as number)
  }
  return cores
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The least quota of this process's cgroup and those above it, in version 2 (cpu.max) and version 1 (cfs_quota). */
function readQuota(root: string): number {
  let cores = Number.POSITIVE_INFINITY
  for (const line of (textOf(join(root, 'proc/self/cgroup')) ?? '').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    if (path === undefined) continue
    const mounts =
      controllers === '' ? ['', 'unified'] : controllers.split(',').includes('cpu') ? ['cpu', controllers] : []
    // A path may lead out of the container's own view ('/../..'): what is mounted is then its root.
    const parts = path.split('/').filter((part) => part !== '' && part !== '..' && part !== '.')
    for (const mount of mounts) {
      for (let depth = parts.length; depth >= 0; depth--) {
        const folder = join(root, 'sys/fs/cgroup', mount, ...parts.slice(0, depth))
        cores = Math.min(cores, controllers === '' ? quotaOf(folder) : quotaOfFirstVersion(folder))
      }
    }
  }
  return cores
}

/** 'max 100000' or '250000 100000': microseconds of cpu time a period. */
function quotaOf(folder: string): number {
  const [quota, period] = (textOf(join(folder, 'cpu.max')) ?? '').trim().split(/\s+/).map(Number)
  return quotient(quota, period)
}

function quotaOfFirstVersion(folder: string): number {
  const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => Number(textOf(join(folder, name))))
  return quotient(quota, period)
}

function quotient(quota: number, period: number): number {
  return quota > 0 && period > 0 ? quota / period : Number.POSITIVE_INFINITY
}
