import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import {
  LINE_BYTES_MAX,
  listFiles,
  readHead,
  readLines,
  readText,
} from '../../../../../../hotpath/venues/paper/market/recorded-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'recorded-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = []
  await readLines(path, (bytes, from, to) => lines.push(bytes.toString('utf8', from, to)))
  return lines
}

test('files of a directory and its folders, sorted by path', async () => {
  mkdirSync(join(folder, 'tree/b'), { recursive: true })
  const paths = [write('tree/b/one', ''), write('tree/a', ''), write('tree/c', '')]
  expect(await listFiles(join(folder, 'tree'))).toEqual([paths[1], paths[0], paths[2]])
  expect(await listFiles(paths[0])).toEqual([paths[0]])
})

test('lines come whole, gzipped or not, the last one without its newline too', async () => {
  const text = 'one\n\ntwo\nthree'
  expect(await linesOf(write('plain', text))).toEqual(['one', 'two', 'three'])
  expect(await linesOf(write('packed', gzipSync(text)))).toEqual(['one', 'two', 'three'])
})

test('lines across chunks are put together again', async () => {
  const lines = Array.from({ length: 3_000 }, (_, at) => `${at} ${'x'.repeat((at * 37) % 900)}`)
  expect(await linesOf(write('many', lines.join('\n')))).toEqual(lines)
})

test('a line too long is dropped and counted, the next one is read', async () => {
  const path = write('long', `a\n${'x'.repeat(LINE_BYTES_MAX + 1_000_000)}\nb\n`)
  const lines: string[] = []
  const { tooLong } = await readLines(path, (bytes, from, to) => lines.push(bytes.toString('utf8', from, to)))
  expect(lines).toEqual(['a', 'b'])
  expect(tooLong).toBe(1)
})

test('a cut gzip gives what it has and says so', async () => {
  const whole = gzipSync(Array.from({ length: 20_000 }, (_, at) => `line ${at * 7919}`).join('\n'))
  const { text, early } = await readText(write('cut', whole.subarray(0, whole.length / 2)), 1e9)
  expect(text.startsWith('line 0\nline 7919\n')).toBe(true)
  expect(early).not.toBe('')
})

test('a bomb is stopped at its bound', async () => {
  await expect(readText(write('bomb', gzipSync(Buffer.alloc(50_000_000))), 1_000_000)).rejects.toThrow(
    /more than 1000000/,
  )
})

test('our own mistakes inside a reader are not taken for a broken file', async () => {
  const path = write('mine', 'a\n')
  const mistake = (): void => {
    throw new TypeError('ours')
  }
  await expect(readLines(path, mistake)).rejects.toThrow('ours')
})

test('the head of anything is text or nothing', async () => {
  expect(await readHead(write('head', gzipSync('hello')))).toBe('hello')
  expect(await readHead(write('head', Uint8Array.of(0x1f, 0x8b, 9, 9, 9)))).toBe('')
  expect(await readHead(join(folder, 'none'))).toBe('')
})
