/** Where a journal's ring lives: found again after kill -9 from the directory alone. */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { join } from 'node:path'
import {
  type MappedRegion,
  openFileRegion,
  openSharedRegion,
  type RegionKind,
  SHARED_MEMORY_DIRECTORY,
} from '../memory/mapped-region.ts'
import { ringRegionBytes } from './journal-ring.ts'

/** The two places there are; `directory` is absolute and free of links. The ring in use is one of them. */
export function ringPaths(directory: string): Record<RegionKind, string> {
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 20)
  return {
    'shared memory': join(SHARED_MEMORY_DIRECTORY, `sor-journal-${name}`),
    file: join(directory, 'journal.ring'),
  }
}

/** What a ring holds, read like a file: needs no mapping. Undefined where there is none. */
export function readRingBytes(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(fs.readFileSync(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Shared memory if this machine has it, else (or when asked) the file. The other place is cleared. */
export function openRingRegion(directory: string, ringBytes: number, kind?: RegionKind): MappedRegion {
  const paths = ringPaths(directory)
  const bytes = ringRegionBytes(ringBytes)
  const shared = kind === 'file' ? undefined : openSharedRegion(paths['shared memory'], bytes)
  if (shared === undefined && kind === 'shared memory')
    throw new Error('shared memory is not to be had on this machine')
  const region = shared ?? openFileRegion(paths.file, bytes)
  fs.rmSync(region.kind === 'file' ? paths['shared memory'] : paths.file, { force: true })
  return region
}
