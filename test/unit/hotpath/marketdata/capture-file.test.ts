import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { captureFiles, readCapture } from '../../../../hotpath/marketdata/capture-file.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'capture-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(content: string | Uint8Array, name = 'one.jsonl'): string {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}

const header = '{"t":"header","exchange":"TOY","recorded":1700000000}'
const lineAt = (ts: number, data: string) => JSON.stringify({ t: 'recv', conn: 'a', ts, data })

test('events come by time, equal times as they stand in the file', () => {
  const lines = [
    header,
    '{"t":"connect","conn":"a","ts":3,"addr":"wss://x"}',
    lineAt(2.000001, 'late'),
    '{"t":"http","conn":"b","ts":1.5,"url":"https://x/depth","data":"{}"}',
    lineAt(1.5, 'same time'),
    '{"t":"recv","conn":"a","ts":4,"b64":"AP8="}',
    '',
  ]
  for (const content of [lines.join('\n'), gzipSync(lines.join('\r\n'))]) {
    const capture = readCapture(fileOf(content))
    expect(capture).toMatchObject({ exchange: 'TOY', recorded: 1_700_000_000, badLines: 0 })
    const told = capture?.events.map(({ kind, timeUs, url, bytes }) => [kind, timeUs, url, [...bytes].length])
    expect(told).toEqual([
      ['http', 1_500_000, 'https://x/depth', 2],
      ['recv', 1_500_000, '', 9],
      ['recv', 2_000_001, '', 4],
      ['connect', 3_000_000, 'wss://x', 0],
      ['recv', 4_000_000, '', 2],
    ])
    expect([...(capture?.events.at(-1)?.bytes ?? [])]).toEqual([0, 255])
  }
})

test('lines that are no event are counted, never believed', () => {
  const bad = [
    '{',
    'null',
    '[]',
    '5',
    '"x"',
    '{"t":"recv"}',
    '{"t":"recv","ts":1e999,"data":"x"}',
    '{"t":"recv","ts":"1","data":"x"}',
    '{"t":"recv","ts":1e15,"data":"x"}',
    '{"t":"__proto__","ts":1}',
    '{"t":"http","ts":1,"url":"/depth?symbol=X","data":""}',
    '{"__proto__":{"t":"recv","ts":1}}',
  ]
  const capture = readCapture(fileOf([header, ...bad, lineAt(1, 'good')].join('\n')))
  expect(capture?.badLines).toBe(bad.length)
  expect(capture?.events).toHaveLength(1)
})

test('a file without a header is none', () => {
  for (const content of ['', '\n\n', 'x', '{}', lineAt(1, 'x'), '{"t":"header"}', Buffer.from([0x1f])])
    expect(readCapture(fileOf(content))).toBeUndefined()
})

test('a recording that was cut short is read as far as it goes', () => {
  const lines = Array.from({ length: 400 }, (_, at) => lineAt(at, `${Math.sin(at)}`))
  const packed = gzipSync([header, ...lines].join('\n'))
  let before = -1
  for (const part of [0.3, 0.6, 0.9, 1]) {
    const capture = readCapture(fileOf(packed.subarray(0, Math.ceil(packed.length * part))))
    expect(capture?.badLines).toBeLessThanOrEqual(1)
    expect(capture?.events.length).toBeGreaterThan(before)
    before = capture?.events.length ?? 0
  }
  expect(before).toBe(400)
})

test('any text is read or counted', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.json(), fc.string())), (lines) => {
      const capture = readCapture(fileOf([header, ...lines].join('\n')))
      expect(capture?.exchange).toBe('TOY')
    }),
    { numRuns: 50 },
  )
})

test('a folder is its recordings, by name', () => {
  fileOf('x', 'b.jsonl.gz')
  fileOf('x', 'a.jsonl')
  fileOf('x', 'README.md')
  const names = captureFiles(folder).map((file) => path.basename(file))
  expect(names).toEqual(['a.jsonl', 'b.jsonl.gz', 'one.jsonl'])
  expect(captureFiles(path.join(folder, 'a.jsonl'))).toHaveLength(1)
})
