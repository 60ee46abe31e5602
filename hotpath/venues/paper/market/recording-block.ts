/** One block of a recording as a gzip member with its length in the header (recording-layout.ts draws it). */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { assert } from '../../../../shared/assert.ts'
import { BLOCK_BYTES_MAX, MEMBER_HEADER_BYTES, MEMBER_LENGTH_AT, MEMBER_TRAILER_BYTES } from './recording-layout.ts'

const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 8, 0, 0x53, 0x4f, 4, 0)

/** Packs whole lines into one member. */
export function packBlock(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  assert(bytes.length <= BLOCK_BYTES_MAX, 'a block stays within its bound')
  const packed = deflateRawSync(bytes, { level: 4 })
  const member = Buffer.alloc(MEMBER_HEADER_BYTES + packed.length + MEMBER_TRAILER_BYTES)
  member.set(HEADER)
  member.writeUInt32LE(member.length, MEMBER_LENGTH_AT)
  member.set(packed, MEMBER_HEADER_BYTES)
  member.writeUInt32LE(crc32(bytes), member.length - 8)
  member.writeUInt32LE(bytes.length, member.length - 4)
  return member
}

/** Length of the member that begins with these bytes, or -1 when they are not the beginning of one of ours. */
export function memberLength(header: Uint8Array): number {
  if (header.length < MEMBER_HEADER_BYTES || HEADER.some((byte, at) => header[at] !== byte)) return -1
  const length = Buffer.from(header.buffer, header.byteOffset).readUInt32LE(MEMBER_LENGTH_AT)
  return length > MEMBER_HEADER_BYTES + MEMBER_TRAILER_BYTES && length <= BLOCK_BYTES_MAX ? length : -1
}

/** The lines of a whole member, or undefined when it is damaged. */
export function unpackBlock(member: Buffer): string | undefined {
  try {
    const packed = member.subarray(MEMBER_HEADER_BYTES, member.length - MEMBER_TRAILER_BYTES)
    const bytes = inflateRawSync(packed, { maxOutputLength: BLOCK_BYTES_MAX })
    if (crc32(bytes) !== member.readUInt32LE(member.length - 8)) return undefined
    return bytes.length === member.readUInt32LE(member.length - 4) ? bytes.toString('utf8') : undefined
  } catch {
    return undefined
  }
}
