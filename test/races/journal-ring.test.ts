/** The journal on real threads: a writer and a reader at full speed over a small ring; nothing lost, nothing torn. */
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openJournal } from '../../hotpath/journal/journal.ts'
import { readJournal } from '../../hotpath/journal/journal-reader.ts'
import { formatRing, JournalRing, ringRegionBytes } from '../../hotpath/journal/journal-ring.ts'
import { ringPaths } from '../../hotpath/journal/ring-region.ts'
import {
  hasSharedMemory,
  type MappedRegion,
  openFileRegion,
  openSharedRegion,
} from '../../hotpath/memory/mapped-region.ts'
import { MachineClock } from '../../hotpath/threads/machine-clock.ts'
import { fillNumbered, isNumbered, numberedLength } from '../unit/hotpath/journal/numbered-record.ts'

let home: string

beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'sor-race-')))
})

afterEach(() => {
  for (const path of Object.values(ringPaths(join(home, 'state')))) fs.rmSync(path, { force: true })
  fs.rmSync(join('/dev/shm', `sor-race-${process.pid}`), { force: true })
  fs.rmSync(home, { recursive: true })
})

const GIVE_UP_MS = 20_000
/** Tries before the thread sleeps: on a busy machine the other side may have no core. */
const SPINS = 1_000

/** Appends `records` numbered records, waiting whenever the ring is full; answers how often it was. */
function appendAll(ring: JournalRing, records: number): number {
  const record = new Uint8Array(256)
  const pause = new Int32Array(new SharedArrayBuffer(4))
  const startedMs = performance.now()
  let full = 0
  for (let sequence = 1; sequence <= records; sequence++) {
    fillNumbered(record, sequence)
    for (let tries = 1; ring.append(record, numberedLength(sequence)) === -1; tries++) {
      full++
      if (tries % SPINS === 0) Atomics.wait(pause, 0, 0, 0.02)
      if (tries % SPINS === 0 && performance.now() - startedMs > GIVE_UP_MS) throw new Error('the reader has stopped')
    }
  }
  return full
}

async function race(region: MappedRegion, records: number): Promise<{ read: number; torn: number; full: number }> {
  formatRing(region, 1, 0)
  const { buffer } = region.bytes
  const ring = buffer instanceof SharedArrayBuffer ? buffer : { path: region.path, sizeBytes: region.bytes.length }
  const reader = new Worker(new URL('./journal-reader-thread.ts', import.meta.url), { workerData: { ring, records } })
  await once(reader, 'message')
  const full = appendAll(new JournalRing(region, 0), records)
  const [answer] = (await once(reader, 'message')) as [{ read: number; torn: number }]
  region.close()
  return { ...answer, full }
}

describe('writer and reader threads', () => {
  test.runIf(hasSharedMemory())(
    'a million records, the ring often full and often empty (needs shared memory)',
    async () => {
      const region = openSharedRegion(join('/dev/shm', `sor-race-${process.pid}`), ringRegionBytes(2 ** 15))
      if (region === undefined) throw new Error('shared memory is expected on this machine')
      const { read, torn, full } = await race(region, 1_000_000)
      expect({ read, torn }).toEqual({ read: 1_000_000, torn: 0 })
      expect(full).toBeGreaterThan(0)
    },
  )

  test('over a file, a hundred thousand', async () => {
    const { read, torn } = await race(openFileRegion(join(home, 'ring'), ringRegionBytes(2 ** 15)), 100_000)
    expect({ read, torn }).toEqual({ read: 100_000, torn: 0 })
  })
})

test('writer, journal worker and disk: three hundred thousand records over a small ring and several segments', async () => {
  const records = 300_000
  const directory = join(home, 'state')
  const journal = await openJournal({
    directory,
    clock: new MachineClock(),
    onRecord: () => {},
    ringBytes: 2 ** 18,
    segmentBytes: 2 ** 23,
  })
  appendAll(journal.sink, records)
  expect(await journal.close()).toBe(true)
  let torn = 0
  const found = readJournal(directory, (sequence, _epochUs, payload) => {
    if (!isNumbered(payload, sequence)) torn++
  })
  expect(torn).toBe(0)
  expect(found).toEqual({ lastSequence: records, records, recordsFromRing: 0, tornBytes: 0 })
})
