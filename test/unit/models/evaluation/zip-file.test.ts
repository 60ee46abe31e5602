import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isZip, listZip, unzip, unzipHead } from '../../../../models/evaluation/zip-file.ts'

const LIMIT = 1_000_000

/** A zip as the format says it is written; `isWide` puts the sizes into the zip64 field. */
function pack(name: string, bytes: Buffer, options: { stored?: boolean; isWide?: boolean } = {}): Buffer {
  const data = options.stored ? bytes : deflateRawSync(bytes)
  const title = Buffer.from(name)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(options.stored ? 0 : 8, 8)
  local.writeUInt16LE(title.length, 26)
  const extra = Buffer.alloc(options.isWide ? 20 : 0)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(options.stored ? 0 : 8, 10)
  entry.writeUInt32LE(crc32(bytes), 16)
  entry.writeUInt32LE(options.isWide ? 0xffffffff : data.length, 20)
  entry.writeUInt32LE(options.isWide ? 0xffffffff : bytes.length, 24)
  entry.writeUInt16LE(title.length, 28)
  entry.writeUInt16LE(extra.length, 30)
  if (options.isWide) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(16, 2)
    extra.writeBigUInt64LE(BigInt(bytes.length), 4)
    extra.writeBigUInt64LE(BigInt(data.length), 12)
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(local.length + title.length + data.length, 16)
  return Buffer.concat([local, title, data, entry, title, extra, end])
}

test('what went in comes out, packed or stored, with sizes in either place', () => {
  const content = fc.uint8Array({ minLength: 1, maxLength: 400 })
  fc.assert(
    fc.property(content, fc.boolean(), fc.boolean(), (bytes, stored, isWide) => {
      const zip = pack('day.csv', Buffer.from(bytes), { stored, isWide })
      const [entry] = listZip(zip)
      expect(isZip(zip)).toBe(true)
      expect(entry.name).toBe('day.csv')
      expect(unzip(zip, entry, LIMIT)).toEqual(Buffer.from(bytes))
    }),
  )
})

test('the head of a long entry', () => {
  const text = Buffer.from(Array.from({ length: 5_000 }, (_, i) => `${i},${i * 7}\n`).join(''))
  const zip = pack('long.csv', text)
  const head = unzipHead(zip, listZip(zip)[0], 2_000)
  expect(head.length).toBeGreaterThan(100)
  expect(text.subarray(0, head.length)).toEqual(head)
})

test('damage is named', () => {
  const zip = pack('day.csv', Buffer.from('some rows\n'.repeat(50)))
  expect(() => listZip(zip.subarray(0, zip.length - 30))).toThrow('cut')
  const entry = listZip(zip)[0]
  expect(() => unzip(zip, { ...entry, crc: 1 }, LIMIT)).toThrow('checksum')
  expect(() => unzip(zip, entry, 10)).toThrow('larger')
  expect(() => unzip(zip, { ...entry, offset: 3 }, LIMIT)).toThrow('not where')
  expect(() => unzip(zip, { ...entry, method: 99 }, LIMIT)).toThrow('not read here')
  expect(isZip(Buffer.from('{"a": 1}, and a little more text'))).toBe(false)
})
