/** Records that tell their own number, cheap enough to write and check by the million. */
export const NOTE_BYTES = 4096

/** 32 to 231 bytes. */
export function numberedLength(sequence: number): number {
  return 32 + (sequence % 200)
}

/** The number in the first and the last eight bytes, and bytes made of it between. */
export function fillNumbered(record: Uint8Array, sequence: number): void {
  const length = numberedLength(sequence)
  writeNumber(record, 0, sequence)
  record[8] = sequence % 256
  record[length >> 1] = 255 - (sequence % 256)
  writeNumber(record, length - 8, sequence)
}

export function isNumbered(payload: Uint8Array, sequence: number): boolean {
  const length = numberedLength(sequence)
  return (
    payload.length === length &&
    hasNumber(payload, length - 8, sequence) &&
    hasNumber(payload, 0, sequence) &&
    payload[8] === sequence % 256 &&
    payload[length >> 1] === 255 - (sequence % 256)
  )
}

function writeNumber(record: Uint8Array, at: number, value: number): void {
  let rest = value
  for (let i = 0; i < 8; i++) {
    record[at + i] = rest
    rest = Math.floor(rest / 256)
  }
}

function hasNumber(record: Uint8Array, at: number, value: number): boolean {
  let rest = value
  for (let i = 0; i < 8; i++) {
    if (record[at + i] !== rest % 256) return false
    rest = Math.floor(rest / 256)
  }
  return true
}
