/**
 * Reads zip archives that fit in memory: stored and deflated entries, found through the central directory (APPNOTE 4.3),
 * sizes also from the zip64 field of an entry. No encryption, no split archives: those throw, with the reason.
 */
import { crc32, inflateRawSync, constants as zlib } from 'node:zlib'

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const COMMENT_BYTES_MAX = 65_535
/** A size or offset that says: see the zip64 field. */
const ZIP64 = 0xffffffff
const ZIP64_FIELD = 1
const STORED = 0
const DEFLATED = 8

export interface ZipEntry {
  readonly name: string
  readonly packedBytes: number
  readonly bytes: number
  readonly method: number
  readonly crc: number
  /** Of the local header. */
  readonly offset: number
}

export class ZipError extends Error {
  override readonly name = 'ZipError'
}

function check(fact: boolean, message: string): asserts fact {
  if (!fact) throw new ZipError(message)
}

export function isZip(bytes: Buffer): boolean {
  return bytes.length >= END_BYTES && bytes.readUInt32LE(0) === LOCAL_SIGNATURE
}

/** The entries in the order of the directory. O(entries). */
export function listZip(zip: Buffer): ZipEntry[] {
  let end = zip.length - END_BYTES
  const endMin = Math.max(0, end - COMMENT_BYTES_MAX)
  while (end >= endMin && zip.readUInt32LE(end) !== END_SIGNATURE) end--
  check(end >= endMin, 'no zip directory: the file is cut or is not a zip')
  const entries: ZipEntry[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    check(at + ENTRY_BYTES <= end && zip.readUInt32LE(at) === ENTRY_SIGNATURE, 'the zip directory is damaged')
    const nameBytes = zip.readUInt16LE(at + 28)
    const extraAt = at + ENTRY_BYTES + nameBytes
    const extra = zip.subarray(extraAt, extraAt + zip.readUInt16LE(at + 30))
    const [bytes, packedBytes, offset] = wideNumbers(
      extra,
      [24, 20, 42].map((field) => zip.readUInt32LE(at + field)),
    )
    entries.push({
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      packedBytes,
      bytes,
      offset,
      name: zip.toString('utf8', at + ENTRY_BYTES, extraAt),
    })
    at = extraAt + extra.length + zip.readUInt16LE(at + 32)
  }
  return entries
}

/** Replaces those numbers that say ZIP64 by the next 64-bit numbers of the zip64 field (APPNOTE 4.5.3). */
function wideNumbers(extra: Buffer, numbers: readonly number[]): number[] {
  let at = 0
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== ZIP64_FIELD) at += 4 + extra.readUInt16LE(at + 2)
  at += 4
  return numbers.map((number) => {
    if (number !== ZIP64) return number
    check(at + 8 <= extra.length, 'a zip64 size is missing')
    const wide = Number(extra.readBigUInt64LE(at))
    at += 8
    return wide
  })
}

function packed(zip: Buffer, entry: ZipEntry): Buffer {
  const { offset, packedBytes } = entry
  check(
    offset + LOCAL_BYTES <= zip.length && zip.readUInt32LE(offset) === LOCAL_SIGNATURE,
    'an entry is not where the zip says',
  )
  const start = offset + LOCAL_BYTES + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28)
  check(start + packedBytes <= zip.length, 'an entry is cut')
  return zip.subarray(start, start + packedBytes)
}

/** The whole entry; its length and checksum are checked. At most `bytesMax`. */
export function unzip(zip: Buffer, entry: ZipEntry, bytesMax: number): Buffer {
  check(entry.bytes <= bytesMax, 'an entry is larger than is read here')
  const data = packed(zip, entry)
  check(entry.method === STORED || entry.method === DEFLATED, 'an entry is packed in a way that is not read here')
  const bytes = entry.method === STORED ? data : inflateRawSync(data, { maxOutputLength: bytesMax })
  check(bytes.length === entry.bytes && crc32(bytes) === entry.crc, 'an entry fails its checksum')
  return bytes
}

/** What the first `packedBytes` of an entry unpack to: enough to see what it is. */
export function unzipHead(zip: Buffer, entry: ZipEntry, packedBytes: number): Buffer {
  const data = packed(zip, entry).subarray(0, packedBytes)
  return entry.method === DEFLATED ? inflateRawSync(data, { finishFlush: zlib.Z_SYNC_FLUSH }) : data
}
