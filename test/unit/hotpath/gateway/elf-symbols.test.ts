/** The relocation, on the addon itself: exactly the C23 names change, and what is not such a file is refused whole. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { relocateToOldLibrary } from '../../../../hotpath/gateway/elf-symbols.ts'
import { findBinary } from '../../../../hotpath/gateway/uws-binary.ts'

const addon = readAddon('x64')

function readAddon(processor: string): Buffer {
  return readFileSync(findBinary(`uws_linux_${processor}_137.node`) ?? '')
}

function differences(a: Buffer, b: Buffer): number {
  let count = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++
  return count
}

test('a few bytes change, and doing it again has nothing left to do', () => {
  const copy = Buffer.from(addon)
  expect(relocateToOldLibrary(copy, 'GLIBC_2.38')).toBeUndefined()
  const changed = differences(addon, copy)
  expect(changed).toBeGreaterThan(0)
  expect(changed).toBeLessThan(40)
  const again = Buffer.from(copy)
  expect(relocateToOldLibrary(again, 'GLIBC_2.38')).toBeUndefined()
  expect(again.equals(copy)).toBe(true)
})

test('symbols that an older library does not have are named, and nothing is changed', () => {
  const copy = Buffer.from(addon)
  expect(relocateToOldLibrary(copy, 'GLIBC_2.34')).toMatch(/^it wants \w+, which an older C library does not have$/)
  expect(copy.equals(addon)).toBe(true)
})

test.each([
  ['an empty file', Buffer.alloc(0)],
  ['text', Buffer.from('#!/bin/sh\n'.repeat(20))],
  ['an addon for another processor', readAddon('arm64')],
])('%s is not relocated', (_, file) => {
  expect(relocateToOldLibrary(file, 'GLIBC_2.38')).toBe('it is not an x86-64 ELF file')
})
