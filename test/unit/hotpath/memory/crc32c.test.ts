/** Known answers of RFC 3720, a bit-by-bit twin, and the property a journal needs: no single change goes unseen. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CRC32C_START, crc32c, crc32cUpdate } from '../../../../hotpath/memory/crc32c.ts'

/** The definition, one bit at a time. */
function slowCrc32c(bytes: Uint8Array): number {
  let register = -1
  for (const byte of bytes) {
    register ^= byte
    for (let bit = 0; bit < 8; bit++) {
      register = (register & 1) === 1 ? (register >>> 1) ^ 0x82f63b78 : register >>> 1
    }
  }
  return ~register
}

function checksum(bytes: Uint8Array): number {
  return crc32c(bytes, 0, bytes.length) >>> 0
}

test('the check value of the polynomial', () => {
  expect(checksum(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
})

test('the examples of RFC 3720 B.4', () => {
  expect(checksum(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(checksum(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  expect(checksum(Uint8Array.from({ length: 32 }, (_, at) => at))).toBe(0x46dd794e)
  expect(checksum(Uint8Array.from({ length: 32 }, (_, at) => 31 - at))).toBe(0x113fdb5c)
})

test('nothing has the checksum zero', () => {
  expect(checksum(new Uint8Array(0))).toBe(0)
})

test('equals the definition on any range of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100), (bytes, a, b) => {
      const from = Math.min(a, b, bytes.length)
      const to = Math.min(Math.max(a, b), bytes.length)
      expect(crc32c(bytes, from, to)).toBe(slowCrc32c(bytes.slice(from, to)))
    }),
  )
})

test('goes on where it stopped', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, cut) => {
      const at = Math.min(cut, bytes.length)
      const half = crc32cUpdate(CRC32C_START, bytes, 0, at)
      expect(~crc32cUpdate(half, bytes, at, bytes.length)).toBe(crc32c(bytes, 0, bytes.length))
    }),
  )
})

test('every flipped bit changes it', () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, at) => at * 37)
  const right = crc32c(bytes, 0, bytes.length)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >> 3] ^= 1 << (bit & 7)
    expect(crc32c(bytes, 0, bytes.length)).not.toBe(right)
    bytes[bit >> 3] ^= 1 << (bit & 7)
  }
})
