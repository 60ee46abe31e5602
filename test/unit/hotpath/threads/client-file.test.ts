/** The file that tells the command line where the router is. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  clientFilePath,
  keepUrl,
  readClientFile,
  readOrMakeClientFile,
} from '../../../../hotpath/threads/client-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sor-client-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('made once, found again, and told where the router listens', () => {
  expect(readClientFile(folder)).toBeUndefined()
  const made = readOrMakeClientFile(folder)
  expect(made.secret).toMatch(/^[0-9a-f]{64}$/)
  expect(readOrMakeClientFile(folder)).toEqual(made)
  keepUrl(folder, 'ws://127.0.0.1:7001/v1/orders')
  expect(readClientFile(folder)).toEqual({ ...made, url: 'ws://127.0.0.1:7001/v1/orders' })
  expect(statSync(clientFilePath(folder)).mode & 0o777).toBe(0o600)
})

test('two folders have two keys', () => {
  const other = path.join(folder, 'other')
  expect(readOrMakeClientFile(other).secret).not.toBe(readOrMakeClientFile(folder).secret)
})

test('a damaged file is said and left alone', () => {
  writeFileSync(clientFilePath(folder), '{"url":"","account":"default","apiKey":"k"', { mode: 0o600 })
  expect(() => readOrMakeClientFile(folder)).toThrow('damaged')
})
