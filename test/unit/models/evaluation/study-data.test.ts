import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { readStudyData, StudyDataError } from '../../../../models/evaluation/study-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'study-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A zip with one stored entry. */
function storedZip(name: string, text: string): Buffer {
  const bytes = Buffer.from(text)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt32LE(crc32(bytes), 16)
  entry.writeUInt32LE(bytes.length, 20)
  entry.writeUInt32LE(bytes.length, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(local.length + name.length + bytes.length, 16)
  return Buffer.concat([local, Buffer.from(name), bytes, entry, Buffer.from(name), end])
}

const quotes = [
  '34200000,1000000,200,0,0,N,1,0',
  '34200001,1000000,100,0,0,Q,1,0',
  '34200002,0,0,1000100,300,N,1,0',
  '57299999,0,0,1000100,300,Q,1,0',
].join('\n')

const fraction = (numerator: number) => ({ numerator, denominator: 1 })
const book = (venue: string) => ({
  venue,
  base: 'ETH',
  quote: 'USD',
  bids: [{ price: fraction(100), qty: fraction(3) }],
  asks: [{ price: fraction(101), qty: fraction(3) }],
})

test('finds both layouts by content, below any folder, and says what it could not read', async () => {
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true })
  writeFileSync(join(folder, 'deep', 'er', 'day.zip'), storedZip('quotes.csv', `${quotes}\n`))
  writeFileSync(join(folder, 'deep', 'trades.zip'), storedZip('trades.csv', '34200000,1000000,283,P,20002020,0\n'))
  writeFileSync(join(folder, 'books.json'), JSON.stringify([book('kraken'), book('bitstamp')]))
  writeFileSync(join(folder, 'README.md'), 'words')
  const damaged = storedZip('quotes.csv', `${quotes}\n`)
  // In the third row: the head still looks like quotes, the checksum does not hold.
  damaged[130] ^= 1
  writeFileSync(join(folder, 'damaged.zip'), damaged)
  const progress: [number, number][] = []
  const all = await readStudyData(folder, 100, (done, total) => progress.push([done, total]))
  expect(all.map(({ name }) => name)).toEqual([
    'whole books, all venues',
    'whole books, without venues at a premium beyond fees',
    'national best quotes',
  ])
  expect(all[2].moments.length).toBeGreaterThan(0)
  expect(all[2].notes.some((note) => note.startsWith('damaged.zip: skipped'))).toBe(true)
  expect(progress.at(-1)).toEqual([3, 3])
})

test('nothing to run on is said in one line', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'empty-'))
  await expect(readStudyData(empty, 10, () => {})).rejects.toThrow(StudyDataError)
  await expect(readStudyData(join(empty, 'nowhere'), 10, () => {})).rejects.toThrow('no such directory')
  rmSync(empty, { recursive: true })
})
