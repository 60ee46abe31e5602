/**
 * Memory that outlives the process: bytes that a restarted router finds again after kill -9.
 *
 * - 'shared memory': an ArrayBuffer over a MAP_SHARED file in /dev/shm. Its pages belong to the kernel; a store is kept
 *   from the moment it is made. Any thread or process maps the same file; Atomics work on it, except wait and notify.
 * - 'file': where koffi or /dev/shm is missing, a SharedArrayBuffer for the threads plus a file beside the data; the
 *   owner calls `save` after every change that must survive, one write() of some microseconds.
 *
 * Both survive the process. Neither survives the machine: that is what fdatasync is for.
 */
import fs from 'node:fs'
import { createRequire } from 'node:module'
import type * as Koffi from 'koffi'
import { assert } from '../../shared/assert.ts'

export type RegionKind = 'shared memory' | 'file'

export interface MappedRegion {
  readonly kind: RegionKind
  readonly path: string
  /** The whole region. Empty after `close`. */
  readonly bytes: Uint8Array
  /** Makes `bytes[from, to)` survive the process. Nothing to do in shared memory. Throws what the file system throws. */
  save(from: number, to: number): void
  /** Gives the memory back; the file stays. */
  close(): void
}

const PROT_READ_WRITE = 1 | 2
const MAP_SHARED_POPULATED = 0x1 | 0x8000
const MAP_FAILED = 2n ** 64n - 1n
const ZEROS_BYTES = 1 << 20
export const SHARED_MEMORY_DIRECTORY = '/dev/shm'

/** Whether this machine can do it at all. */
export function hasSharedMemory(): boolean {
  return loadLibc() !== undefined && fs.existsSync(SHARED_MEMORY_DIRECTORY)
}

/**
 * The file at `path` (created with mode 0600, or found with what it holds) as `sizeBytes` of memory, prefaulted.
 * Undefined where this machine cannot do it: no koffi binary, no /dev/shm, or no room left there. Throws when the file
 * belongs to somebody else.
 */
export function openSharedRegion(path: string, sizeBytes: number): MappedRegion | undefined {
  const libc = loadLibc()
  if (libc === undefined || !hasSharedMemory()) return undefined
  let file: number
  try {
    file = openOwnFile(path, sizeBytes)
  } catch (error) {
    if (isNoRoom(error) || !fs.existsSync(path)) return undefined
    throw error
  }
  try {
    const address: bigint = libc.mmap(null, sizeBytes, PROT_READ_WRITE, MAP_SHARED_POPULATED, file, 0)
    if (address === MAP_FAILED) return undefined
    const buffer = libc.view(address, sizeBytes)
    return new SharedRegion(path, buffer, () => libc.munmap(address, sizeBytes))
  } finally {
    fs.closeSync(file)
  }
}

/** The same by a plain file; what it held is read in. Throws what the file system throws. */
export function openFileRegion(path: string, sizeBytes: number): MappedRegion & { readonly buffer: SharedArrayBuffer } {
  return new FileRegion(path, openOwnFile(path, sizeBytes), sizeBytes)
}

class SharedRegion implements MappedRegion {
  readonly kind = 'shared memory'
  readonly path: string
  readonly bytes: Uint8Array
  readonly #buffer: ArrayBuffer
  readonly #unmap: () => void

  constructor(path: string, buffer: ArrayBuffer, unmap: () => void) {
    this.path = path
    this.bytes = new Uint8Array(buffer)
    this.#buffer = buffer
    this.#unmap = unmap
  }

  save(): void {}

  /** Detaches first: whoever still holds a view reads undefined instead of crashing the process. */
  close(): void {
    if (this.#buffer.detached) return
    this.#buffer.transfer(0)
    this.#unmap()
  }
}

class FileRegion implements MappedRegion {
  readonly kind = 'file'
  readonly path: string
  readonly buffer: SharedArrayBuffer
  readonly bytes: Uint8Array
  #file: number

  constructor(path: string, file: number, sizeBytes: number) {
    this.path = path
    this.buffer = new SharedArrayBuffer(sizeBytes)
    this.bytes = new Uint8Array(this.buffer)
    this.#file = file
    for (let at = 0; at < sizeBytes; ) {
      const got = fs.readSync(file, this.bytes, at, sizeBytes - at, at)
      assert(got > 0, 'a region file holds the whole region')
      at += got
    }
  }

  save(from: number, to: number): void {
    for (let at = from; at < to; ) at += fs.writeSync(this.#file, this.bytes, at, to - at, at)
  }

  close(): void {
    if (this.#file < 0) return
    fs.closeSync(this.#file)
    this.#file = -1
  }
}

/**
 * Opens or creates a private file of exactly `sizeBytes`. New bytes are written, not left as a hole: a page that tmpfs
 * cannot supply later would end the process with SIGBUS; here it is an ordinary ENOSPC.
 */
function openOwnFile(path: string, sizeBytes: number): number {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = fs.constants
  const file = fs.openSync(path, O_RDWR | O_CREAT | (O_NOFOLLOW ?? 0), 0o600)
  const found = fs.fstatSync(file)
  try {
    if (!found.isFile() || (process.getuid !== undefined && found.uid !== process.getuid())) {
      throw new Error(`${path} exists and is not a file of this user: remove it or run as its owner`)
    }
    fs.fchmodSync(file, 0o600)
    const zeros = new Uint8Array(ZEROS_BYTES)
    for (let at = found.size; at < sizeBytes; ) {
      at += fs.writeSync(file, zeros, 0, Math.min(ZEROS_BYTES, sizeBytes - at), at)
    }
    fs.ftruncateSync(file, sizeBytes)
    return file
  } catch (error) {
    if (isNoRoom(error)) fs.ftruncateSync(file, found.size)
    fs.closeSync(file)
    throw error
  }
}

function isNoRoom(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EROFS' || code === 'EDQUOT'
}

interface Libc {
  mmap(at: null, bytes: number, protection: number, flags: number, file: number, offset: number): bigint
  munmap(address: bigint, bytes: number): number
  view(address: bigint, bytes: number): ArrayBuffer
}

let libcLoaded: Libc | undefined

/** mmap and munmap of the C library this process already runs on; undefined where koffi has no binary. */
function loadLibc(): Libc | undefined {
  if (process.platform !== 'linux') return undefined
  if (libcLoaded !== undefined) return libcLoaded
  try {
    const koffi: typeof Koffi = createRequire(import.meta.url)('koffi')
    const process = koffi.load(null)
    libcLoaded = {
      mmap: process.func('void *mmap(void *at, size_t bytes, int protection, int flags, int file, int64_t offset)'),
      munmap: process.func('int munmap(void *at, size_t bytes)'),
      view: (address, bytes) => koffi.view(address, bytes),
    }
  } catch {
    return undefined
  }
  return libcLoaded
}
