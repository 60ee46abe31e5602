import fs from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { hasSharedMemory, SHARED_MEMORY_DIRECTORY } from '../../../../hotpath/memory/mapped-region.ts'
import { type SharedLayout, ZeroCopyEngine } from '../../../../hotpath/memory/zero-copy-engine.ts'

function sealed(): ZeroCopyEngine {
  const engine = new ZeroCopyEngine('threads')
  engine.claim('orders', 1_000, 'gateway')
  engine.claim('scores', 128, 'inference')
  engine.claim('reports', 1, 'core')
  engine.seal()
  return engine
}

test('regions lie one after the other, each at a multiple of 128, with the size asked for', () => {
  const engine = sealed()
  expect(engine.describe()).toEqual([
    { name: 'orders', writer: 'gateway', offset: 0, bytes: 1_000 },
    { name: 'scores', writer: 'inference', offset: 1_024, bytes: 128 },
    { name: 'reports', writer: 'core', offset: 1_152, bytes: 1 },
  ])
  expect(engine.bytes('orders')).toHaveLength(1_000)
  expect(engine.bytes('orders').byteOffset).toBe(0)
  expect(engine.bytes('reports').byteOffset).toBe(1_152)
  expect(engine.layout().sizeBytes).toBe(65_536)
})

test('nothing is there before it is sealed, nothing is added afterwards', () => {
  const engine = new ZeroCopyEngine('threads')
  expect(() => engine.seal()).toThrow('something to seal')
  engine.claim('orders', 64, 'gateway')
  expect(engine.isSealed).toBe(false)
  expect(() => engine.bytes('orders')).toThrow('the memory is sealed')
  expect(() => engine.layout()).toThrow('the memory is sealed')
  engine.seal()
  expect(engine.isSealed).toBe(true)
  expect(() => engine.claim('late', 64, 'core')).toThrow('nothing is added')
  expect(() => engine.seal()).toThrow('sealed once')
})

test('claims without name, writer or bytes, twice, or beyond 4 GiB are our own mistake', () => {
  const engine = new ZeroCopyEngine('threads')
  engine.claim('orders', 64, 'gateway')
  expect(() => engine.claim('orders', 64, 'core')).toThrow('claimed once')
  expect(() => engine.claim('', 64, 'core')).toThrow('have names')
  expect(() => engine.claim('nobody', 64, '')).toThrow('have names')
  for (const bytes of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => engine.claim('odd', bytes, 'core')).toThrow('a region has bytes')
  }
  expect(() => engine.claim('huge', 2 ** 32, 'core')).toThrow('less than 4 GiB')
})

test('a region that was not claimed is not handed out', () => {
  expect(() => sealed().bytes('orderz')).toThrow('was claimed')
})

test('what another thread attaches is the same memory', () => {
  const engine = sealed()
  const other = ZeroCopyEngine.attach(structuredClone(engine.layout()))
  engine.bytes('scores')[5] = 42
  expect(other.bytes('scores')[5]).toBe(42)
  expect(other.describe()).toEqual(engine.describe())
  expect(other.isSealed).toBe(true)
})

test('a layout that does not fit its memory is not attached', () => {
  const layout = sealed().layout()
  const moved = layout.regions.map((region) => ({ ...region, offset: region.offset + 128 }))
  const broken: SharedLayout[] = [
    { ...layout, regions: moved },
    { ...layout, sizeBytes: 128 },
    { ...layout, memory: new SharedArrayBuffer(128) },
    { ...layout, regions: [...layout.regions, { name: 'more', writer: 'x', offset: 1_280, bytes: 100_000 }] },
  ]
  for (const one of broken) expect(() => ZeroCopyEngine.attach(one)).toThrow()
})

test('memory between processes has a file, no other has', () => {
  const Loose = ZeroCopyEngine as unknown as new (between: string, path?: string) => ZeroCopyEngine
  expect(() => new Loose('processes')).toThrow('has a file')
  expect(() => new Loose('threads', '/dev/shm/x')).toThrow('has a file')
})

test('regions never overlap and are zeros, whatever is asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      const engine = new ZeroCopyEngine('threads')
      for (const [row, bytes] of sizes.entries()) engine.claim(`region ${row}`, bytes, 'test')
      engine.seal()
      for (const row of sizes.keys()) expect(engine.bytes(`region ${row}`).every((byte) => byte === 0)).toBe(true)
      for (const row of sizes.keys()) engine.bytes(`region ${row}`).fill(row + 1)
      for (const [row, bytes] of sizes.entries()) {
        const region = engine.bytes(`region ${row}`)
        expect(region).toHaveLength(bytes)
        expect(region.byteOffset % 128).toBe(0)
        expect(region.every((byte) => byte === row + 1)).toBe(true)
      }
    }),
    { numRuns: 30 },
  )
})

describe('between processes (needs shared memory)', () => {
  const path = join(SHARED_MEMORY_DIRECTORY, `sor-engine-test-${process.pid}`)
  const engine = (): ZeroCopyEngine => {
    const made = new ZeroCopyEngine('processes', path)
    made.claim('orders', 1_000, 'gateway')
    made.claim('reports', 1_000, 'core')
    made.seal()
    return made
  }

  afterEach(() => fs.rmSync(path, { force: true }))

  test.runIf(hasSharedMemory())(
    'a second mapping sees the same bytes; the owner takes the file away (needs shared memory)',
    () => {
      const owner = engine()
      const guest = ZeroCopyEngine.attach(JSON.parse(JSON.stringify(owner.layout())) as SharedLayout)
      owner.bytes('reports')[999] = 7
      expect(guest.bytes('reports')[999]).toBe(7)
      guest.close({ isOwner: false })
      expect(fs.existsSync(path)).toBe(true)
      owner.close({ isOwner: true })
      expect(fs.existsSync(path)).toBe(false)
    },
  )

  test.runIf(hasSharedMemory())(
    'an earlier run’s bytes are not found again, nor disturbed (needs shared memory)',
    () => {
      const old = engine()
      old.bytes('orders').fill(9)
      const next = engine()
      expect(next.bytes('orders').every((byte) => byte === 0)).toBe(true)
      expect(old.bytes('orders').every((byte) => byte === 9)).toBe(true)
      old.close({ isOwner: false })
      next.close({ isOwner: true })
    },
  )

  test.runIf(hasSharedMemory())('a file that is gone or of another size is not attached (needs shared memory)', () => {
    const owner = engine()
    const layout = owner.layout()
    fs.truncateSync(path, 4_096)
    expect(() => ZeroCopyEngine.attach(layout)).toThrow('not the memory that was laid out')
    owner.close({ isOwner: true })
    expect(() => ZeroCopyEngine.attach(layout)).toThrow('ENOENT')
    expect(fs.existsSync(path)).toBe(false)
  })
})
