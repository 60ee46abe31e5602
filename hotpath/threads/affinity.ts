/**
 * Puts the calling thread on a cpu and memory near one, through the C library. False where that cannot be done: no Linux,
 * no koffi, a cpu that is not there or not ours. Correctness never depends on it.
 *
 * A thread inherits the mask of the one that starts it: each thread pins itself first thing, the main thread last.
 */
import { createRequire } from 'node:module'
import type * as Koffi from 'koffi'
import { CPUS_MAX } from './machine-layout.ts'

const MASK_BYTES = CPUS_MAX / 8
const NODES_BITS = 1_024
const PAGE_BYTES = 4_096
/** By architecture: the number has no function in the C library. */
const mbindNumbers: Readonly<Record<string, number>> = { x64: 237, arm64: 235 }
const MPOL_PREFERRED = 1
const MPOL_MF_MOVE = 2

interface Libc {
  setAffinity(thread: number, bytes: number, mask: Uint8Array): number
  getAffinity(thread: number, bytes: number, mask: Uint8Array): number
  /** mbind(start, length, mode, nodes, bits of nodes + 1, flags) by its number. */
  mbind(number: number, at: bigint, bytes: number, mode: number, nodes: Uint8Array, bits: number, flags: number): number
  addressOf(bytes: Uint8Array): bigint
}

/** Pins the calling thread (of Node: the worker that calls, or the main thread) to one cpu. */
export function pinThread(cpu: number): boolean {
  const libc = loadLibc()
  if (libc === undefined || !Number.isInteger(cpu) || cpu < 0 || cpu >= CPUS_MAX) return false
  const mask = new Uint8Array(MASK_BYTES)
  mask[cpu >> 3] = 1 << (cpu & 7)
  return libc.setAffinity(0, MASK_BYTES, mask) === 0
}

/** Cpus the calling thread may run on, ascending; empty where it cannot be asked. */
export function threadCpus(): number[] {
  const libc = loadLibc()
  if (libc === undefined) return []
  const mask = new Uint8Array(MASK_BYTES)
  if (libc.getAffinity(0, MASK_BYTES, mask) < 0) return []
  return Array.from({ length: CPUS_MAX }, (_, cpu) => cpu).filter((cpu) => (mask[cpu >> 3] >> (cpu & 7)) & 1)
}

/** Whether `pinThread` works here: sets the mask the thread already has. */
export function canPin(): boolean {
  const libc = loadLibc()
  if (libc === undefined) return false
  const mask = new Uint8Array(MASK_BYTES)
  if (libc.getAffinity(0, MASK_BYTES, mask) < 0) return false
  return libc.setAffinity(0, MASK_BYTES, mask) === 0
}

/**
 * Asks the kernel to keep the whole pages of this memory on a node, moving those it already gave; elsewhere when the node
 * is full. `bytes` must stay mapped: a region of mapped-region.ts or a SharedArrayBuffer, never a view that may move.
 * False when it holds no whole page or the kernel has no NUMA.
 */
export function preferNode(bytes: Uint8Array, node: number): boolean {
  const number = mbindNumbers[process.arch]
  const libc = loadLibc()
  if (libc === undefined || number === undefined || !Number.isInteger(node) || node < 0 || node >= NODES_BITS)
    return false
  const start = libc.addressOf(bytes)
  const page = BigInt(PAGE_BYTES)
  const first = ((start + page - 1n) / page) * page
  const length = Number(((start + BigInt(bytes.length)) / page) * page - first)
  if (length <= 0) return false
  const nodes = new Uint8Array(NODES_BITS / 8)
  nodes[node >> 3] = 1 << (node & 7)
  return libc.mbind(number, first, length, MPOL_PREFERRED, nodes, NODES_BITS + 1, MPOL_MF_MOVE) === 0
}

let libcLoaded: Libc | undefined

/** Of the C library this process already runs on; undefined where koffi has no binary or these calls are not there. */
function loadLibc(): Libc | undefined {
  if (process.platform !== 'linux') return undefined
  if (libcLoaded !== undefined) return libcLoaded
  try {
    const koffi: typeof Koffi = createRequire(import.meta.url)('koffi')
    const library = koffi.load(null)
    libcLoaded = {
      setAffinity: library.func('int sched_setaffinity(int thread, size_t bytes, const uint8_t *mask)'),
      getAffinity: library.func('int sched_getaffinity(int thread, size_t bytes, _Out_ uint8_t *mask)'),
      mbind: library.func(
        'long syscall(long number, uintptr_t at, size_t bytes, int64_t mode, const uint8_t *nodes, int64_t bits, int64_t flags)',
      ),
      addressOf: (bytes) => koffi.address(bytes),
    }
  } catch {
    return undefined
  }
  return libcLoaded
}
