/**
 * The shared memory of the router: regions asked for at boot, laid out once, then sealed. Afterwards nothing is added,
 * moved or freed, and every region has one named writer (who fills it; a ring's reader still stores its own index).
 *
 *   page 0                                                           whole pages
 *   ┌───────────────┬───────────────┬────────────────────┬──────────┐
 *   │ region, 128 B │ region, 128 B │ …                  │ unused   │
 *   └───────────────┴───────────────┴────────────────────┴──────────┘
 *
 * For threads the bytes are one SharedArrayBuffer taken from WebAssembly.Memory: that one begins at a page, while a plain
 * `new SharedArrayBuffer` begins where the allocator likes, mostly 16 bytes past a cache line, and every 64-byte slot
 * would lie in two. For processes they are one file in shared memory that each process maps. Starts of regions are
 * multiples of 128 bytes, two cache lines: processors fetch them in pairs.
 */
import fs from 'node:fs'
import { assert } from '../../shared/assert.ts'
import { type MappedRegion, openSharedRegion } from './mapped-region.ts'

export type SharedBetween = 'threads' | 'processes'

export interface MemoryRegion {
  readonly name: string
  /** Who stores to it. */
  readonly writer: string
  /** From the start of the memory; a multiple of 128. */
  readonly offset: number
  /** As asked for. */
  readonly bytes: number
}

/** All that another thread (workerData) or process (fork message) needs: plain data and the buffer, or the path. */
export interface SharedLayout {
  readonly regions: readonly MemoryRegion[]
  readonly sizeBytes: number
  readonly memory: SharedArrayBuffer | { readonly path: string }
}

const UNIT_BYTES = 128
/** A page of WebAssembly, 16 of the machine's. */
const PAGE_BYTES = 65_536
const BYTES_MAX = 2 ** 32 - PAGE_BYTES

export class ZeroCopyEngine {
  readonly #path: string | undefined
  readonly #regions: MemoryRegion[] = []
  #sizeBytes = 0
  #memory: Uint8Array | undefined
  #mapped: MappedRegion | undefined

  /** `path`: the file of a memory between processes, in /dev/shm. */
  constructor(between: 'threads')
  constructor(between: 'processes', path: string)
  constructor(between: SharedBetween, path?: string) {
    assert((between === 'processes') === (path !== undefined), 'memory between processes has a file, no other has')
    this.#path = path
  }

  /** The memory that another thread or process has laid out, sealed. Throws when its file cannot be mapped. */
  static attach(layout: SharedLayout): ZeroCopyEngine {
    const { memory } = layout
    const isBuffer = memory instanceof SharedArrayBuffer
    const engine = isBuffer ? new ZeroCopyEngine('threads') : new ZeroCopyEngine('processes', memory.path)
    for (const { name, bytes, writer } of layout.regions) engine.claim(name, bytes, writer)
    const isSame = engine.#regions.every((region, row) => region.offset === layout.regions[row].offset)
    assert(isSame && engine.#wholePages() === layout.sizeBytes, 'both sides lay the memory out alike')
    if (!isBuffer && fs.statSync(memory.path).size !== layout.sizeBytes) {
      throw new Error(`${memory.path} is not the memory that was laid out`)
    }
    engine.#memory = isBuffer ? new Uint8Array(memory) : engine.#map(layout.sizeBytes)
    assert(engine.#memory.length === layout.sizeBytes, 'the memory is as long as it says')
    return engine
  }

  get isSealed(): boolean {
    return this.#memory !== undefined
  }

  /** Asks for a region of `bytes`, zeroed; it is there after `seal`. */
  claim(name: string, bytes: number, writer: string): void {
    assert(!this.isSealed, 'nothing is added to sealed memory')
    assert(name !== '' && writer !== '', 'a region and its writer have names')
    assert(!this.#regions.some((region) => region.name === name), 'a region is claimed once')
    assert(Number.isSafeInteger(bytes) && bytes >= 1, 'a region has bytes')
    const offset = this.#sizeBytes
    this.#sizeBytes += Math.ceil(bytes / UNIT_BYTES) * UNIT_BYTES
    assert(this.#sizeBytes <= BYTES_MAX, 'the memory is less than 4 GiB')
    this.#regions.push({ name, writer, offset, bytes })
  }

  /** Takes the memory. Throws when this machine cannot map memory between processes, or has no room for it. */
  seal(): void {
    assert(!this.isSealed, 'memory is sealed once')
    assert(this.#regions.length > 0, 'there is something to seal')
    const sizeBytes = this.#wholePages()
    // A file of an earlier run may still be mapped by a process that outlived it: that one keeps the old bytes.
    if (this.#path !== undefined) fs.rmSync(this.#path, { force: true })
    this.#memory = this.#path === undefined ? takePages(sizeBytes) : this.#map(sizeBytes)
  }

  /** The bytes of a region; after `seal`. */
  bytes(name: string): Uint8Array {
    assert(this.#memory !== undefined, 'the memory is sealed')
    const region = this.#regions.find((one) => one.name === name)
    assert(region !== undefined, 'the region was claimed')
    return this.#memory.subarray(region.offset, region.offset + region.bytes)
  }

  /** Name, writer, place and size of every region, for the banner. */
  describe(): readonly MemoryRegion[] {
    return this.#regions
  }

  /** What `attach` takes, in another thread or process. */
  layout(): SharedLayout {
    assert(this.#memory !== undefined, 'the memory is sealed')
    const memory = this.#path === undefined ? (this.#memory.buffer as SharedArrayBuffer) : { path: this.#path }
    return { regions: [...this.#regions], sizeBytes: this.#memory.length, memory }
  }

  /** Unmaps the memory between processes and, as its owner, takes the file away; threads' memory goes by itself. */
  close({ isOwner }: { readonly isOwner: boolean }): void {
    this.#mapped?.close()
    if (isOwner && this.#path !== undefined) fs.rmSync(this.#path, { force: true })
  }

  #wholePages(): number {
    return Math.ceil(this.#sizeBytes / PAGE_BYTES) * PAGE_BYTES
  }

  #map(sizeBytes: number): Uint8Array {
    assert(this.#path !== undefined, 'memory between processes has a file')
    this.#mapped = openSharedRegion(this.#path, sizeBytes)
    if (this.#mapped === undefined)
      throw new Error(`${this.#path} cannot be mapped: koffi, /dev/shm or room is missing`)
    return this.#mapped.bytes
  }
}

/** The type library of Node has no WebAssembly. */
interface WithWasm {
  readonly WebAssembly: {
    readonly Memory: new (pages: {
      initial: number
      maximum: number
      shared: true
    }) => { readonly buffer: SharedArrayBuffer }
  }
}

function takePages(sizeBytes: number): Uint8Array {
  const pages = sizeBytes / PAGE_BYTES
  const { WebAssembly } = globalThis as unknown as WithWasm
  return new Uint8Array(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer)
}
