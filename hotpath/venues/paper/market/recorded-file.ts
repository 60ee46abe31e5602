/** Reading recorded files, gzipped or plain: their first bytes, their text, their lines. A broken file ends early. */
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, gunzipSync, constants as zlib } from 'node:zlib'
import { MarketError } from './opened-market.ts'

/** Compressed bytes that show what a file is; at most 4 MB of text come out of them. */
const HEAD_BYTES = 4_096
const CHUNK_BYTES = 262_144
/** A longer line is nothing we know: it is dropped and counted. A whole Binance book of 5,000 levels is 250 kB. */
export const LINE_BYTES_MAX = 4_194_304
const FILES_MAX = 4_096
/** DIR/spot/file is the deepest layout we know. */
const FOLDERS_DEEP_MAX = 2

/** Plain files below `path`, or the file itself, sorted by path. MarketError when there is nothing there. */
export async function listFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new MarketError(`${path}: no such file or directory; give the path of a recording`)
  if (found.isFile()) return [path]
  const files: string[] = []
  await addFiles(files, path, 0)
  return files.sort()
}

async function addFiles(files: string[], folder: string, depth: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isFile()) files.push(path)
    else if (entry.isDirectory() && depth < FOLDERS_DEEP_MAX) await addFiles(files, path, depth + 1)
    if (files.length > FILES_MAX)
      throw new MarketError(`${folder}: more than ${FILES_MAX} files; give a smaller directory`)
  }
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** The beginning of the file's text; empty when it cannot be read. */
export async function readHead(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return ''
  try {
    const bytes = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await file.read(bytes, 0, HEAD_BYTES, 0)
    const head = bytes.subarray(0, bytesRead)
    return (isGzip(head) ? gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH }) : head).toString('utf8')
  } catch {
    return ''
  } finally {
    await file.close()
  }
}

async function openBytes(path: string): Promise<{ file: Readable; isPacked: boolean }> {
  const handle = await open(path)
  const magic = Buffer.alloc(3)
  await handle.read(magic, 0, 3, 0)
  await handle.close()
  return { file: createReadStream(path, { highWaterMark: CHUNK_BYTES }), isPacked: isGzip(magic) }
}

/**
 * Feeds the file's bytes to `onBytes`, unpacked. Answers why it ended early, or '' when it was whole. What the file
 * system or zlib says has a code; anything else is a mistake of ours, or a MarketError, and is thrown on.
 */
async function readBytes(path: string, onBytes: (bytes: Buffer) => void): Promise<string> {
  try {
    const { file, isPacked } = await openBytes(path)
    const take = async (source: AsyncIterable<Buffer>): Promise<void> => {
      for await (const bytes of source) onBytes(bytes)
    }
    if (isPacked) await pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), take)
    else await pipeline(file, take)
    return ''
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.message
    throw error
  }
}

/** The whole text, up to `bytesMax`. `early` says why it ended early, '' when it is whole. */
export async function readText(path: string, bytesMax: number): Promise<{ text: string; early: string }> {
  const parts: Buffer[] = []
  let bytes = 0
  const early = await readBytes(path, (part) => {
    bytes += part.length
    if (bytes > bytesMax)
      throw new MarketError(`${path}: more than ${bytesMax} bytes of text; cut it into smaller files`)
    parts.push(part)
  })
  return { text: Buffer.concat(parts).toString('utf8'), early }
}

/** What is told about every line: where it lies in `bytes`, without its newline. The bytes are reused afterwards. */
export type OnLine = (bytes: Buffer, from: number, to: number) => void

/** Streams the file line by line. Answers why it ended early ('' when whole) and how many lines were too long. */
export async function readLines(path: string, onLine: OnLine): Promise<{ early: string; tooLong: number }> {
  const cutter = new LineCutter(onLine)
  const early = await readBytes(path, (bytes) => cutter.push(bytes))
  cutter.finish()
  return { early, tooLong: cutter.tooLong }
}

class LineCutter {
  tooLong = 0
  readonly #onLine: OnLine
  #rest: Buffer = Buffer.alloc(0)
  #isDropping = false

  constructor(onLine: OnLine) {
    this.#onLine = onLine
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
      if (this.#isDropping) this.#isDropping = false
      else if (to > from) this.#onLine(bytes, from, to)
      from = to + 1
    }
    if (bytes.length - from <= LINE_BYTES_MAX) this.#rest = Buffer.from(bytes.subarray(from))
    else {
      if (!this.#isDropping) this.tooLong++
      this.#isDropping = true
      this.#rest = Buffer.alloc(0)
    }
  }

  /** The last line may lack its newline; a torn one shows as bad JSON. */
  finish(): void {
    if (!this.#isDropping && this.#rest.length > 0) this.#onLine(this.#rest, 0, this.#rest.length)
  }
}
