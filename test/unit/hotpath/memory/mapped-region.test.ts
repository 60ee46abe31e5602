/** Memory that outlives the process: what a second mapping, a restart and a stranger find. */
import fs from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  hasSharedMemory,
  openFileRegion,
  openSharedRegion,
  SHARED_MEMORY_DIRECTORY,
} from '../../../../hotpath/memory/mapped-region.ts'

const BYTES = 65_536

let directory: string
let sharedPath: string

beforeEach(() => {
  directory = fs.mkdtempSync(join(os.tmpdir(), 'sor-region-'))
  sharedPath = join(SHARED_MEMORY_DIRECTORY, `sor-region-test-${process.pid}`)
})

afterEach(() => {
  fs.rmSync(directory, { recursive: true })
  fs.rmSync(sharedPath, { force: true })
})

function openShared(path = sharedPath) {
  const region = openSharedRegion(path, BYTES)
  if (region === undefined) throw new Error('shared memory is expected on this machine')
  return region
}

describe.runIf(hasSharedMemory())('shared memory (needs koffi and /dev/shm)', () => {
  test('two mappings of one path are the same memory', () => {
    const one = openShared()
    const two = openShared()
    one.bytes[5] = 77
    expect(two.bytes[5]).toBe(77)
    Atomics.store(new Int32Array(two.bytes.buffer), 100, -9)
    expect(Atomics.load(new Int32Array(one.bytes.buffer), 100)).toBe(-9)
    one.close()
    two.close()
  })

  test('is private, of the asked size, zero at first, and keeps what was stored', () => {
    const region = openShared()
    expect(region.kind).toBe('shared memory')
    expect(region.bytes.every((byte) => byte === 0)).toBe(true)
    expect(fs.statSync(sharedPath).mode & 0o777).toBe(0o600)
    expect(fs.statSync(sharedPath).size).toBe(BYTES)
    region.bytes[BYTES - 1] = 3
    region.close()
    const again = openShared()
    expect(again.bytes[BYTES - 1]).toBe(3)
    again.close()
  })

  test('a closed region is empty, not a crash; closing twice is harmless', () => {
    const region = openShared()
    region.close()
    region.close()
    expect(region.bytes.length).toBe(0)
    expect(region.bytes[0]).toBeUndefined()
  })

  test('a link put there by somebody is not followed', () => {
    const target = join(directory, 'elsewhere')
    fs.writeFileSync(target, 'precious')
    fs.symlinkSync(target, sharedPath)
    expect(() => openShared()).toThrow(/ELOOP|symbolic/)
    expect(fs.readFileSync(target, 'utf8')).toBe('precious')
  })
})

describe('file', () => {
  test('what was saved is found again, what was not is lost with the process', () => {
    const path = join(directory, 'region')
    const region = openFileRegion(path, BYTES)
    expect(region.kind).toBe('file')
    expect(region.bytes.buffer).toBeInstanceOf(SharedArrayBuffer)
    region.bytes.fill(7, 100, 200)
    region.save(100, 200)
    region.bytes[300] = 7
    region.close()
    const again = openFileRegion(path, BYTES)
    expect([...again.bytes.subarray(99, 201)]).toEqual([0, ...new Array(100).fill(7), 0])
    expect(again.bytes[300]).toBe(0)
    expect(fs.statSync(path).mode & 0o777).toBe(0o600)
    again.close()
  })

  test('another size cuts or fills up with zeros', () => {
    const path = join(directory, 'region')
    const region = openFileRegion(path, BYTES)
    region.bytes.fill(1)
    region.save(0, BYTES)
    region.close()
    const longer = openFileRegion(path, BYTES + 8)
    expect([...longer.bytes.subarray(BYTES - 1)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0])
    longer.close()
    const shorter = openFileRegion(path, 8)
    expect(fs.statSync(path).size).toBe(8)
    shorter.close()
  })
})
