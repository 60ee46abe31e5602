/** Reads the files of a raw Binance capture into one stream a symbol, on one local clock; counts what it could not use. */
import {
  type BinanceFrame,
  type BinanceMarket,
  isBookTicker,
  type LocalTime,
  parseFrame,
  readLocalTime,
  Skipped,
  type SnapshotFrame,
} from './binance-frame.ts'
import { CapturedStream } from './binance-stream.ts'
import { MarketError } from './opened-market.ts'
import { readHead, readLines } from './recorded-file.ts'

/** Level changes held in memory: 40 million take about 1 GB while reading and half of it after. */
export const CHANGES_MAX = 40_000_000

export class BinanceCapture {
  readonly streams: CapturedStream[] = []
  readonly #byName = new Map<string, CapturedStream>()
  readonly #time: LocalTime = { seconds: 0, nanos: 0 }
  readonly #fileNotes: string[] = []
  /** Seconds of the first line of all: local times are kept relative to it. */
  #originSeconds = -1
  #bad = 0
  #ofNoStream = 0

  /** Reads the files in the order of their first lines: a later file of the same symbol goes on where one ended. */
  async read(paths: readonly string[]): Promise<void> {
    for (const path of await byFirstTime(paths)) await this.#readFile(path)
    for (const stream of this.streams) if (stream.book.isWaiting) stream.grow()
  }

  notes(): string[] {
    const notes = [...this.#fileNotes]
    if (this.#bad > 0) notes.push(`${this.#bad} lines skipped that are not frames`)
    if (this.#ofNoStream > 0) notes.push(`${this.#ofNoStream} snapshots skipped: unclear which symbol they are of`)
    return notes
  }

  async #readFile(path: string): Promise<void> {
    const file = new CaptureFile()
    const { early, tooLong } = await readLines(path, (bytes, from, to) => {
      if (!isBookTicker(bytes, from, to)) this.#takeLine(file, bytes, from, to)
    })
    if (early !== '') this.#fileNotes.push(`${path}: played up to where it is cut or damaged (${early})`)
    if (file.pending !== undefined) this.#ofNoStream++
    this.#bad += tooLong
  }

  #takeLine(file: CaptureFile, bytes: Buffer, from: number, to: number): void {
    const json = readLocalTime(bytes, from, to, this.#time)
    const frame = json < 0 ? Skipped.bad : parseFrame(bytes.toString('latin1', json, to))
    if (frame === Skipped.bad) this.#bad++
    else if (typeof frame !== 'string') this.#takeFrame(file, frame, this.#localNs())
  }

  #takeFrame(file: CaptureFile, frame: BinanceFrame, ns: number): void {
    if (frame.kind === 'snapshot') {
      if (file.stream !== undefined && file.isOneSymbol) file.stream.takeSnapshot(frame, ns)
      else if (file.stream === undefined && file.pending === undefined) file.pending = frame
      else this.#ofNoStream++
      return
    }
    const stream = this.#streamOf(frame.market, frame.symbol, ns)
    file.see(stream)
    if (file.pending !== undefined) {
      stream.takeSnapshot(file.pending, ns)
      file.pending = undefined
    }
    if (frame.kind === 'depth') stream.takeDepth(frame, ns)
    else stream.takeTrade(frame, ns)
    if (this.streams.reduce((sum, { size }) => sum + size, 0) > CHANGES_MAX) {
      throw new MarketError(`more than ${CHANGES_MAX} level changes; give fewer files, or record it and replay that`)
    }
  }

  #streamOf(market: BinanceMarket, symbol: string, ns: number): CapturedStream {
    const name = `${market} ${symbol}`
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const stream = new CapturedStream(market, symbol, ns)
    this.#byName.set(name, stream)
    this.streams.push(stream)
    return stream
  }

  /** Nanoseconds since the first line's second: exact for 104 days. */
  #localNs(): number {
    const { seconds, nanos } = this.#time
    if (this.#originSeconds < 0) this.#originSeconds = seconds
    return (seconds - this.#originSeconds) * 1e9 + nanos
  }
}

/** What is known of the file being read. */
class CaptureFile {
  stream: CapturedStream | undefined
  isOneSymbol = true
  /** A snapshot that came before the first line that names a symbol. */
  pending: SnapshotFrame | undefined

  see(stream: CapturedStream): void {
    this.stream ??= stream
    if (this.stream !== stream) this.isOneSymbol = false
  }
}

async function byFirstTime(paths: readonly string[]): Promise<string[]> {
  const timed: { path: string; first: string }[] = []
  for (const path of paths) timed.push({ path, first: (await readHead(path)).slice(0, 19) })
  return timed.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0)).map(({ path }) => path)
}
