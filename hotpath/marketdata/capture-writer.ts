/**
 * Writes what passes on a venue's connections as it came: one JSON object a line, a header first, gzip, a new part when one is
 * full. The layout that capture-file reads; binary frames are base64. Parts of one recording share `recorded`.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Clock } from '../../shared/clock.ts'
import type { FeedTap } from './feed-connection.ts'

/** Text that is compressed and written together: each is a gzip member of its own, so a torn file loses the last only. */
const BLOCK_BYTES = 262_144

export interface CaptureWriterOptions {
  readonly folder: string
  /** Name in the header and of the files: 'BINANCE'. */
  readonly exchange: string
  /** What was asked for, for readers: channel to symbols. */
  readonly config: Readonly<Record<string, readonly string[]>>
  readonly clock: Clock
  /** Bytes of text of one part. */
  readonly partBytesMax: number
}

export class CaptureWriter implements FeedTap {
  readonly #options: CaptureWriterOptions
  readonly #recorded: number
  readonly #paths: string[] = []
  #file = -1
  #block: string[] = []
  #blockBytes = 0
  #partBytes = 0
  lines = 0

  constructor(options: CaptureWriterOptions) {
    this.#options = options
    this.#recorded = options.clock.epochUs() / 1e6
    this.#openPart()
  }

  get paths(): readonly string[] {
    return this.#paths
  }

  onConnect(connection: string, url: string): void {
    this.#write({ t: 'connect', conn: connection, ts: this.#now, addr: withoutQuery(url) })
  }

  onSend(connection: string, text: string): void {
    this.#write({ t: 'send', conn: connection, ts: this.#now, data: text })
  }

  onFrame(connection: string, bytes: Uint8Array, isText: boolean): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const payload = isText ? { data: buffer.toString() } : { b64: buffer.toString('base64') }
    this.#write({ t: 'recv', conn: connection, ts: this.#now, ...payload })
  }

  onHttp(connection: string, url: string, body: string): void {
    this.#write({ t: 'http', conn: connection, ts: this.#now, url, data: body })
  }

  /** What the books are now, by the venue's names (depth-hash): a replay must come to the same. */
  onBooks(hashes: Readonly<Record<string, string>>): void {
    this.#write({ t: 'books', conn: '', ts: this.#now, data: JSON.stringify(hashes) })
  }

  /** Writes what is held back; nothing may be written afterwards. */
  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  get #now(): number {
    return this.#options.clock.epochUs() / 1e6
  }

  #openPart(): void {
    const { folder, exchange, config } = this.#options
    const part = this.#paths.length + 1
    const file = path.join(folder, part === 1 ? `${exchange}.jsonl.gz` : `${exchange}.part${part}.jsonl.gz`)
    this.#file = openSync(file, 'wx')
    this.#paths.push(file)
    this.#partBytes = 0
    const header = { t: 'header', format: 2, exchange, config, recorded: this.#recorded, part: String(part) }
    this.#block.push(JSON.stringify(header))
  }

  #write(event: object): void {
    const line = JSON.stringify(event)
    this.lines++
    this.#block.push(line)
    this.#blockBytes += line.length
    if (this.#blockBytes < BLOCK_BYTES) return
    this.#flush()
    if (this.#partBytes < this.#options.partBytesMax) return
    closeSync(this.#file)
    this.#openPart()
  }

  #flush(): void {
    if (this.#block.length === 0) return
    const packed = gzipSync(`${this.#block.join('\n')}\n`)
    writeSync(this.#file, packed)
    this.#partBytes += this.#blockBytes
    this.#block = []
    this.#blockBytes = 0
  }
}

/** An address may carry a ticket. */
function withoutQuery(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? url : url.slice(0, at)
}
