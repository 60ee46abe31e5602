/** A file system in memory that fails on purpose: errors on demand, and a power failure that keeps any of the sectors. */
import type { JournalFiles } from '../../../../hotpath/journal/journal-files.ts'
import type { Prng } from '../../../../shared/prng.ts'

const SECTOR_BYTES = 512

interface MemoryFile {
  name: string
  /** What programs see. */
  bytes: Uint8Array
  /** What the disk has for certain. */
  onDisk: Uint8Array
  dirty: Set<number>
}

export class MemoryFiles implements JournalFiles {
  readonly directory = '/memory'
  readonly files = new Map<string, MemoryFile>()
  syncs = 0
  /** The next calls of this kind throw this code, until it is cleared. */
  failing: { call: 'write' | 'sync'; code: string } | undefined
  /** When set, no other file can be opened: the disk is full for new ones. */
  openOnly: string | undefined
  readonly #open: MemoryFile[] = []

  list(): string[] {
    return [...this.files.keys()]
  }

  open(name: string): number {
    if (this.openOnly !== undefined && name !== this.openOnly) {
      throw Object.assign(new Error('ENOSPC: simulated, open'), { code: 'ENOSPC', syscall: 'open' })
    }
    let file = this.files.get(name)
    if (file === undefined) {
      file = { name, bytes: new Uint8Array(0), onDisk: new Uint8Array(0), dirty: new Set() }
      this.files.set(name, file)
    }
    return this.#open.push(file) - 1
  }

  size(file: number): number {
    return this.#open[file].bytes.length
  }

  read(file: number, target: Uint8Array): void {
    target.set(this.#open[file].bytes.subarray(0, target.length))
  }

  write(file: number, source: Uint8Array, from: number, length: number, position: number): void {
    this.#mayFail('write')
    const { bytes, dirty } = this.#grow(this.#open[file], position + length)
    bytes.set(source.subarray(from, from + length), position)
    const last = Math.floor((position + length - 1) / SECTOR_BYTES)
    for (let sector = Math.floor(position / SECTOR_BYTES); sector <= last; sector++) dirty.add(sector)
  }

  truncate(file: number, size: number): void {
    const it = this.#open[file]
    it.bytes = it.bytes.slice(0, size)
    it.onDisk = it.onDisk.slice(0, size)
    this.#grow(it, size)
  }

  sync(file: number): void {
    const it = this.#open[file]
    if (this.failing?.call === 'sync') {
      // As Linux does: the pages count as clean afterwards, though the disk does not have them.
      it.bytes = it.onDisk.slice()
      it.dirty.clear()
    }
    this.#mayFail('sync')
    this.syncs++
    it.onDisk = it.bytes.slice()
    it.dirty.clear()
  }

  syncNames(): void {}

  close(): void {}

  /** The machine is lost: of the sectors written and not synced, any may have reached the disk. */
  losePower(prng: Prng): void {
    for (const it of this.files.values()) {
      const bytes = new Uint8Array(it.bytes.length)
      bytes.set(it.onDisk.subarray(0, bytes.length))
      for (const sector of it.dirty) {
        if (!prng.chance(0.5)) continue
        const from = sector * SECTOR_BYTES
        bytes.set(it.bytes.subarray(from, from + SECTOR_BYTES), from)
      }
      it.bytes = bytes
      it.onDisk = bytes.slice()
      it.dirty.clear()
    }
  }

  #grow(file: MemoryFile, size: number): MemoryFile {
    if (file.bytes.length >= size) return file
    const grown = new Uint8Array(size)
    grown.set(file.bytes)
    file.bytes = grown
    return file
  }

  #mayFail(call: 'write' | 'sync'): void {
    if (this.failing?.call !== call) return
    const { code } = this.failing
    throw Object.assign(new Error(`${code}: simulated, ${call}`), { code, syscall: call })
  }
}
