/** The few things the journal asks of a file system, so that simulation and tests bring one that fails on purpose. */
import fs from 'node:fs'
import { join } from 'node:path'
import { assert } from '../../shared/assert.ts'

/** Files of one directory, by name. Every call is synchronous and throws an error with a `code` (ENOSPC, EIO …). */
export interface JournalFiles {
  /** For messages. */
  readonly directory: string
  list(): string[]
  /** Opens for reading and writing, creating an empty private file where there is none. Answers a handle. */
  open(name: string): number
  size(file: number): number
  /** Fills `target` from byte 0 of the file; the file is at least as long. */
  read(file: number, target: Uint8Array): void
  /** All of `source[from, from + length)` at `position`, or it throws. */
  write(file: number, source: Uint8Array, from: number, length: number, position: number): void
  truncate(file: number, size: number): void
  /** Returns when the contents are on the disk. */
  sync(file: number): void
  /** The same for the names in the directory. */
  syncNames(): void
  close(file: number): void
}

export class NodeJournalFiles implements JournalFiles {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  list(): string[] {
    return fs.readdirSync(this.directory)
  }

  open(name: string): number {
    return fs.openSync(join(this.directory, name), fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600)
  }

  size(file: number): number {
    return fs.fstatSync(file).size
  }

  read(file: number, target: Uint8Array): void {
    for (let at = 0; at < target.length; ) {
      const got = fs.readSync(file, target, at, target.length - at, at)
      assert(got > 0, 'a file does not shrink while it is read')
      at += got
    }
  }

  write(file: number, source: Uint8Array, from: number, length: number, position: number): void {
    for (let done = 0; done < length; ) {
      done += fs.writeSync(file, source, from + done, length - done, position + done)
    }
  }

  truncate(file: number, size: number): void {
    fs.ftruncateSync(file, size)
  }

  sync(file: number): void {
    fs.fdatasyncSync(file)
  }

  /** Not every system lets a directory be opened (Windows); there the names are on disk without it. */
  syncNames(): void {
    if (process.platform === 'win32') return
    const directory = fs.openSync(this.directory, 'r')
    try {
      fs.fsyncSync(directory)
    } finally {
      fs.closeSync(directory)
    }
  }

  close(file: number): void {
    fs.closeSync(file)
  }
}
