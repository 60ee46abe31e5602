/** The front door on a real directory, a real ring and a real thread. */
import fs from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journal, openJournal } from '../../../../hotpath/journal/journal.ts'
import { JournalLocked } from '../../../../hotpath/journal/journal-lock.ts'
import { JournalDamaged, readJournal } from '../../../../hotpath/journal/journal-reader.ts'
import { segmentName } from '../../../../hotpath/journal/journal-segment.ts'
import { ringPaths } from '../../../../hotpath/journal/ring-region.ts'
import { hasSharedMemory, type RegionKind } from '../../../../hotpath/memory/mapped-region.ts'
import type { Clock } from '../../../../shared/clock.ts'
import type { EpochUs, MonoNs } from '../../../../shared/units/time.ts'
import { payloadOf } from './memory-rig.ts'

const clock: Clock = { monoNs: () => 0 as MonoNs, epochUs: () => 1_700_000_000_000_000 as EpochUs }
const kinds: RegionKind[] = hasSharedMemory() ? ['shared memory', 'file'] : ['file']

let directory: string

beforeEach(() => {
  directory = join(fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'sor-journal-'))), 'state')
})

afterEach(() => {
  for (const path of Object.values(ringPaths(directory))) fs.rmSync(path, { force: true })
  fs.rmSync(join(directory, '..'), { recursive: true })
})

interface Opened {
  journal: Journal
  heard: number[]
}

async function open(transport?: RegionKind): Promise<Opened> {
  const heard: number[] = []
  const journal = await openJournal({
    directory,
    clock,
    ringBytes: 2 ** 16,
    segmentBytes: 2 ** 17,
    ...(transport === undefined ? {} : { transport }),
    onRecord: (sequence, epochUs, payload) => {
      expect(epochUs).toBe(1_700_000_000_000_000)
      expect(Buffer.compare(payload, payloadOf(sequence, 200))).toBe(0)
      heard.push(sequence)
    },
  })
  return { journal, heard }
}

async function append(journal: Journal, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const sequence = journal.sink.lastSequence() + 1
    if (journal.sink.append(payloadOf(sequence, 200), 200) === sequence) continue
    await journal.whenDurable(sequence - 1)
    expect(journal.sink.append(payloadOf(sequence, 200), 200)).toBe(sequence)
  }
}

describe.each(kinds)('over %s', (kind) => {
  test('opens, appends, closes, and goes on with the next sequence', async () => {
    const first = await open(kind)
    expect(first.journal.transport).toBe(kind)
    expect(first.journal.replayed).toEqual({ lastSequence: 0, records: 0, recordsFromRing: 0, tornBytes: 0 })
    await append(first.journal, 1_000)
    expect(await first.journal.close()).toBe(true)
    expect(fs.existsSync(ringPaths(directory)[kind])).toBe(false)

    const second = await open(kind)
    expect(second.heard.length).toBe(1_000)
    expect(second.journal.replayed.recordsFromRing).toBe(0)
    await append(second.journal, 10)
    await second.journal.close()
    expect(readJournal(directory, () => {}).lastSequence).toBe(1_010)
  })

  test('files are private', async () => {
    const { journal } = await open(kind)
    await append(journal, 1)
    expect(fs.statSync(directory).mode & 0o777).toBe(0o700)
    expect(fs.statSync(ringPaths(directory)[kind]).mode & 0o777).toBe(0o600)
    for (const name of fs.readdirSync(directory)) {
      expect(fs.statSync(join(directory, name)).mode & 0o777).toBe(0o600)
    }
    await journal.close()
  })

  test('a record is durable soon, and says so', async () => {
    const { journal } = await open(kind)
    await append(journal, 3)
    await journal.whenDurable(3)
    expect(journal.sink.durableSequence()).toBe(3)
    expect(journal.problem).toBeUndefined()
    const last = journal.whenDurable(4)
    await append(journal, 1)
    await journal.close()
    await last
    await expect(journal.whenDurable(5)).rejects.toThrow('closed')
  })

  test('a closed journal takes no record', async () => {
    const { journal } = await open(kind)
    await journal.close()
    expect(() => journal.sink.append(new Uint8Array(8), 8)).toThrow()
  })
})

test('a machine that lost shared memory goes on with a file, and back', async () => {
  for (const kind of [...kinds, ...kinds]) {
    const { journal } = await open(kind)
    await append(journal, 50)
    await journal.close()
  }
  expect(readJournal(directory, () => {}).records).toBe(50 * 2 * kinds.length)
})

test('two routers never share a journal', async () => {
  const { journal } = await open()
  await expect(open()).rejects.toThrow(JournalLocked)
  await journal.close()
  const again = await open()
  await again.journal.close()
  expect(await again.journal.close()).toBe(true)
})

test('a torn tail is cut, told, and written over', async () => {
  const { journal } = await open()
  await append(journal, 20)
  await journal.close()
  const path = join(directory, segmentName(1))
  fs.truncateSync(path, endOfContent(path) - 24 - 100)
  const torn = await open()
  expect(torn.journal.replayed.lastSequence).toBe(19)
  expect(torn.journal.replayed.tornBytes).toBeGreaterThan(0)
  expect(torn.journal.replayed.tornReason).toContain('record 20')
  await append(torn.journal, 5)
  await torn.journal.close()
  const after = readJournal(directory, () => {})
  expect(after).toEqual({ lastSequence: 24, records: 24, recordsFromRing: 0, tornBytes: 0 })
})

test('a segment begun without a whole header is begun again', async () => {
  const { journal } = await open()
  await append(journal, 20)
  await journal.close()
  fs.writeFileSync(join(directory, segmentName(2)), 'SORJ')
  const torn = await open()
  expect(torn.journal.replayed.lastSequence).toBe(20)
  expect(torn.journal.replayed.tornBytes).toBe(4)
  await append(torn.journal, 1_000)
  await torn.journal.close()
  expect(readJournal(directory, () => {}).lastSequence).toBe(1_020)
})

test('damage refuses to start, changes nothing and leaves no lock', async () => {
  const { journal } = await open()
  await append(journal, 20)
  await journal.close()
  const path = join(directory, segmentName(1))
  const bytes = fs.readFileSync(path)
  bytes[1_000] ^= 1
  fs.writeFileSync(path, bytes)
  await expect(openJournal({ directory, clock, onRecord: () => {} })).rejects.toThrow(JournalDamaged)
  expect(Buffer.compare(fs.readFileSync(path), bytes)).toBe(0)
  bytes[1_000] ^= 1
  fs.writeFileSync(path, bytes)
  const healed = await open()
  expect(healed.heard.length).toBe(20)
  await healed.journal.close()
})

/** Offset behind the closing mark: its last eight bytes are zeros. */
function endOfContent(path: string): number {
  const bytes = fs.readFileSync(path)
  return ((bytes.findLastIndex((byte) => byte !== 0) + 8) & ~7) + 8
}
