/** Plays our own recordings (recording-layout.ts), part after part, at the pace they were recorded times `speed`. */
import type { Instrument, Listing } from '../../../../shared/domain/instrument.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { Venue } from '../../../../shared/domain/venue.ts'
import {
  BOOK_LEVELS_MAX,
  INSTRUMENTS_MAX,
  PRICE_TICKS_MAX,
  QTY_LOTS_MAX,
  VENUES_MAX,
} from '../../../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../../shared/units/time.ts'
import { BookSide } from '../../../book/book-table.ts'
import type { MarketSink, VenueLatency } from '../market-source.ts'
import { MarketTime } from './market-time.ts'
import { MarketError, type MarketOptions, type OpenedMarket } from './opened-market.ts'
import { RecordingHeader } from './recording-layout.ts'
import { type BlockReader, openBlocks } from './recording-reader.ts'

/** Lines told in one turn after the opening: the bound of a turn's work. */
export const LINES_PER_TURN_MAX = 10_000

/** One file: its header is read, its lines are not. */
interface Part {
  readonly path: string
  readonly header: RecordingHeader
  readonly blocks: BlockReader
  /** Lines of the first block after the header. */
  readonly first: readonly string[]
}

/** Opens the parts in their order; `notes` are told with its own. MarketError when none can be read, or when they are of different recordings. */
export async function openRecording(
  name: string,
  paths: readonly string[],
  options: MarketOptions,
  notes: readonly string[] = [],
): Promise<OpenedMarket> {
  const parts: Part[] = []
  const skipped: string[] = []
  for (const path of paths) {
    const part = await openPart(path)
    if (typeof part === 'string') skipped.push(part)
    else parts.push(part)
  }
  if (parts.length === 0) throw new MarketError(skipped[0] ?? `${name}: no recording in it; give another path`)
  parts.sort((a, b) => a.header.part - b.header.part)
  const terms = termsOf(parts[0].header)
  if (
    parts.some(({ header }, at) => at > 0 && (termsOf(header) !== terms || header.part === parts[at - 1].header.part))
  ) {
    throw new MarketError(`${name}: more than one recording in it; give the file or directory of one`)
  }
  return new RecordingReplay(name, parts, [...notes, ...skipped], options)
}

async function openPart(path: string): Promise<Part | string> {
  const blocks = await openBlocks(path)
  const [first, ...rest] = linesOf(blocks.next())
  const parsed = RecordingHeader.safeParse(jsonOf(first))
  if (!parsed.success) return `${path}: skipped, its first line is not a version 1 header`
  const { venues, instruments, levelsMax } = parsed.data
  if (venues.length > VENUES_MAX || instruments.length > INSTRUMENTS_MAX || levelsMax > BOOK_LEVELS_MAX) {
    return `${path}: skipped, larger than ${VENUES_MAX} venues, ${INSTRUMENTS_MAX} instruments or ${BOOK_LEVELS_MAX} levels`
  }
  return { path, header: parsed.data, blocks, first: rest }
}

/** Everything of a header that its parts share. */
function termsOf(header: RecordingHeader): string {
  return JSON.stringify({ ...header, part: 0, opening: 0 })
}

function linesOf(block: string | undefined): string[] {
  return (block ?? '').split('\n').filter((line) => line !== '')
}

function jsonOf(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '')
  } catch {
    return undefined
  }
}

/** A line's fields; what is missing or of the wrong type is -1. */
interface RecordedLine {
  t?: unknown
  v?: unknown
  i?: unknown
  c?: unknown
  e?: unknown
  s?: unknown
  a?: unknown
  p?: unknown
  q?: unknown
}

export class RecordingReplay implements OpenedMarket {
  readonly name: string
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  readonly latencies: readonly VenueLatency[]
  readonly levelsMax: number
  /** Its length shows only when it has been played. */
  readonly endNs = Number.POSITIVE_INFINITY
  readonly #notes: string[]
  readonly #parts: readonly Part[]
  readonly #time: MarketTime
  /** [0] recording time at market time 0; [1] time of the pending line. */
  readonly #ns = new Float64Array([-1, 0])
  #part = 0
  #lines: readonly string[]
  #line = 0
  /** Opening lines of the part still to skip. */
  #skip = 0
  #pending: RecordedLine | undefined
  #badLines = 0
  #isEnded = false

  constructor(name: string, parts: readonly Part[], notes: readonly string[], options: MarketOptions) {
    const { header, first } = parts[0]
    this.name = `${name} (${header.market})`
    this.venues = header.venues as unknown as readonly Venue[]
    this.instruments = header.instruments as unknown as readonly Instrument[]
    this.listings = header.listings as unknown as readonly Listing[]
    this.latencies = header.latencies
    this.levelsMax = header.levelsMax
    this.#notes = [...notes]
    this.#parts = parts
    this.#lines = first
    this.#time = new MarketTime(options.speed)
  }

  get notes(): readonly string[] {
    return this.#badLines === 0 ? this.#notes : [...this.#notes, `${this.#badLines} lines skipped that are not events`]
  }

  /** O(1) a line; the opening books whole, after them at most LINES_PER_TURN_MAX lines a turn. */
  work(nowNs: MonoNs, sink: MarketSink): number {
    const dueNs = this.#time.advance(nowNs)
    const linesMax = this.#ns[0] < 0 ? Number.POSITIVE_INFINITY : LINES_PER_TURN_MAX
    let told = 0
    for (let read = 0; read < linesMax; read++) {
      if (this.#pending === undefined && !this.#readLine()) break
      if (this.#pending === undefined) continue
      if (this.#ns[0] < 0) this.#ns[0] = this.#ns[1]
      if (this.#ns[1] - this.#ns[0] > dueNs) break
      this.#tell(this.#pending, sink)
      this.#pending = undefined
      told++
    }
    return told
  }

  /** Reads one line, which is pending when it is good, or moves on by one block. False at the end of everything. */
  #readLine(): boolean {
    if (this.#line === this.#lines.length) return this.#nextBlock()
    const text = this.#lines[this.#line++]
    if (this.#skip > 0) {
      this.#skip--
      return true
    }
    const line = jsonOf(text) as RecordedLine | undefined
    if (this.#isEvent(line)) {
      this.#ns[1] = Math.max(this.#ns[1], line.t as number)
      this.#pending = line
    } else this.#badLines++
    return true
  }

  /** At the end of a part the next one follows, whose opening books we have already told. */
  #nextBlock(): boolean {
    const { blocks, path, header } = this.#parts[this.#part]
    const block = blocks.next()
    this.#line = 0
    this.#lines = linesOf(block)
    if (block !== undefined) return true
    if (blocks.early !== '' && !this.#isEnded) this.#notes.push(`${path}: played up to where it is ${blocks.early}`)
    this.#isEnded = this.#part + 1 === this.#parts.length
    if (this.#isEnded) return false
    const next = this.#parts[++this.#part]
    const isSeamless = blocks.early === '' && next.header.part === header.part + 1
    this.#skip = isSeamless ? next.header.opening : 0
    this.#lines = next.first
    return true
  }

  #isEvent(line: RecordedLine | undefined): line is RecordedLine {
    if (typeof line !== 'object' || line === null) return false
    const { t, v, i, c, e, s, a, p, q } = line
    if (!isCount(t, Number.MAX_SAFE_INTEGER) || !isCount(v, this.venues.length - 1)) return false
    if (!isCount(i, this.instruments.length - 1)) return false
    if (c === 1 || e === 1) return true
    if (!isCount(p, PRICE_TICKS_MAX) || p === 0 || !isCount(q, QTY_LOTS_MAX)) return false
    return s === BookSide.bid || s === BookSide.ask || ((a === Side.buy || a === Side.sell) && q !== 0)
  }

  #tell({ v, i, c, e, s, a, p, q }: RecordedLine, sink: MarketSink): void {
    const venue = v as VenueIndex
    const instrument = i as InstrumentIndex
    if (c === 1) sink.onClear(venue, instrument)
    else if (e === 1) sink.onUpdateEnd(venue, instrument)
    else if (s !== undefined) sink.onLevel(venue, instrument, s as BookSide, p as PriceTicks, q as QtyLots)
    else sink.onTrade(venue, instrument, a as Side, p as PriceTicks, q as QtyLots)
  }
}

function isCount(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max
}
