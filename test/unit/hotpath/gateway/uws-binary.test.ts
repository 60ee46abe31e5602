/** The addon is loaded when it is the one we know; the copy is written whole, once, where nobody else writes. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBinary, keepCopy, uwsSha256 } from '../../../../hotpath/gateway/uws-binary.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'sor-uws-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

test('the installed binaries are the ones of the list', () => {
  for (const [file, sha256] of Object.entries(uwsSha256))
    expect(
      createHash('sha256')
        .update(readFileSync(findBinary(file) ?? ''))
        .digest('hex'),
      file,
    ).toBe(sha256)
})

test('a copy is kept under the hash of its source, and found again', async () => {
  const folder = path.join(root, 'cache')
  const file = await keepCopy(Buffer.from('bytes'), 'abc', [folder])
  expect(file).toBe(path.join(folder, 'abc.node'))
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  const { ino } = statSync(file)
  await keepCopy(Buffer.from('bytes'), 'abc', [folder])
  expect(statSync(file).ino).toBe(ino)
  expect(readdirSync(folder)).toEqual(['abc.node'])
})

test('a copy that was cut or changed is written again', async () => {
  const file = await keepCopy(Buffer.from('bytes'), 'abc', [root])
  writeFileSync(file, 'byt')
  await keepCopy(Buffer.from('bytes'), 'abc', [root])
  expect(readFileSync(file, 'utf8')).toBe('bytes')
})

test('a folder that others write in, or a link, is passed over', async () => {
  const open = path.join(root, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  const link = path.join(root, 'link')
  symlinkSync(open, link)
  const own = path.join(root, 'own')
  expect(await keepCopy(Buffer.from('x'), 'abc', [open, link, own])).toBe(path.join(own, 'abc.node'))
  await expect(keepCopy(Buffer.from('x'), 'abc', [open, link])).rejects.toThrow('no folder of our own')
})
