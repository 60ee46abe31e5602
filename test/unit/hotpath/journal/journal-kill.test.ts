/** kill -9 of a real process that writes at full speed, again and again on the same journal. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readJournal } from '../../../../hotpath/journal/journal-reader.ts'
import { ringPaths } from '../../../../hotpath/journal/ring-region.ts'
import { hasSharedMemory, type RegionKind, SHARED_MEMORY_DIRECTORY } from '../../../../hotpath/memory/mapped-region.ts'
import { isNumbered } from './numbered-record.ts'

const childPath = fileURLToPath(new URL('./journal-writer-child.ts', import.meta.url))

let home: string
let notePath: string

beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'sor-kill-')))
  notePath = hasSharedMemory() ? join(SHARED_MEMORY_DIRECTORY, `sor-kill-test-${process.pid}`) : join(home, 'note')
})

afterEach(() => {
  for (const path of Object.values(ringPaths(join(home, 'state')))) fs.rmSync(path, { force: true })
  fs.rmSync(notePath, { force: true })
  fs.rmSync(home, { recursive: true })
})

function acknowledged(): number {
  const bytes = fs.existsSync(notePath) ? fs.readFileSync(notePath) : Buffer.alloc(0)
  return bytes.length < 8 ? 0 : bytes.readDoubleLE(0)
}

/** Lets a process write for a while after its first record, or kills it while it still starts. */
async function writeAndDie(kind: RegionKind, afterMs: number, isStarting: boolean): Promise<void> {
  const before = acknowledged()
  const child = spawn(process.execPath, [childPath, join(home, 'state'), kind, notePath], { stdio: 'inherit' })
  const exit = once(child, 'exit')
  while (!isStarting && acknowledged() === before && child.exitCode === null) await sleep(5)
  await sleep(afterMs)
  child.kill('SIGKILL')
  expect((await exit)[1]).toBe('SIGKILL')
}

function expectAllAcknowledged(): void {
  const noted = acknowledged()
  let damaged = 0
  const found = readJournal(join(home, 'state'), (sequence, _epochUs, payload) => {
    if (!isNumbered(payload, sequence)) damaged++
  })
  expect(damaged).toBe(0)
  expect(found.lastSequence).toBeGreaterThanOrEqual(noted)
  expect(found.lastSequence).toBeLessThanOrEqual(noted + 1)
  expect(found.records).toBe(found.lastSequence)
}

test.runIf(hasSharedMemory())(
  'over shared memory no acknowledged record is lost (needs koffi and /dev/shm)',
  async () => {
    for (const afterMs of [3, 40, 11, 90]) {
      await writeAndDie('shared memory', afterMs, false)
      expectAllAcknowledged()
    }
    for (const afterMs of [60, 110, 150, 200]) {
      await writeAndDie('shared memory', afterMs, true)
      expectAllAcknowledged()
    }
    expect(acknowledged()).toBeGreaterThan(10_000)
  },
)

test('over a file no acknowledged record is lost', async () => {
  for (const afterMs of [3, 40, 90]) {
    await writeAndDie('file', afterMs, false)
    expectAllAcknowledged()
  }
  expect(acknowledged()).toBeGreaterThan(1_000)
})
