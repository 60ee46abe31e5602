/**
 * Writes our own recordings (recording-layout.ts): whoever sees the level changes of a market tells them here. Files
 * are NAME-0001.jsonl.gz and so on; a part beyond `bytesMax` is followed by a new one that begins with the whole books.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../../../../shared/assert.ts'
import type { Side } from '../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../../shared/units/time.ts'
import { BookSide, BookTable } from '../../../book/book-table.ts'
import type { MarketSink } from '../market-source.ts'
import type { MarketTerms } from './opened-market.ts'
import { packBlock } from './recording-block.ts'
import { BLOCK_BYTES, RECORDING_LAYOUT, RECORDING_VERSION, type RecordingHeader } from './recording-layout.ts'

export interface RecordingOptions {
  readonly folder: string
  /** Letters, digits and - _ . of the file names before the part number. */
  readonly name: string
  /** Compressed bytes behind its opening books after which a part is followed by the next. */
  readonly bytesMax: number
}

export class RecordingWriter implements MarketSink {
  /** Files written so far, in order. */
  readonly paths: string[] = []
  #lines: string[] = []
  #linesBytes = 0
  #file = -1
  #fileBytes = 0
  readonly #market: MarketTerms
  readonly #options: RecordingOptions
  readonly #books: BookTable
  /** [0] the first event's time, -1 before it; [1] time of what is told next, from there. */
  readonly #ns = new Float64Array([-1, 0])

  /** Creates the folder when it is missing; throws what the file system throws. */
  constructor(market: MarketTerms, options: RecordingOptions) {
    assert(/^[\w.-]+$/.test(options.name), 'the name of a recording fits a file name')
    const { venues, instruments, levelsMax } = market
    this.#market = market
    this.#options = options
    this.#books = new BookTable({ venues: venues.length, instruments: instruments.length, levelsMax })
    mkdirSync(options.folder, { recursive: true })
    this.#openPart()
  }

  /** What is told from now on happened at `nowNs` of the caller's clock, which does not go back. */
  setTime(nowNs: MonoNs): void {
    if (this.#ns[0] < 0) this.#ns[0] = nowNs
    this.#ns[1] = Math.max(this.#ns[1], Math.round(nowNs - this.#ns[0]))
  }

  onClear(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#books.clear(this.#books.row(instrument, venue))
    this.#line(`{"t":${this.#ns[1]},"v":${venue},"i":${instrument},"c":1}`)
  }

  onLevel(venue: VenueIndex, instrument: InstrumentIndex, side: BookSide, price: PriceTicks, lots: QtyLots): void {
    this.#books.setLevel(this.#books.row(instrument, venue), side, price, lots)
    this.#line(this.#levelLine(venue, instrument, side, price, lots))
  }

  onTrade(venue: VenueIndex, instrument: InstrumentIndex, aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    this.#line(`{"t":${this.#ns[1]},"v":${venue},"i":${instrument},"a":${aggressor},"p":${price},"q":${lots}}`)
  }

  /** A part changes only here, between updates. */
  onUpdateEnd(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#line(this.#endLine(venue, instrument))
    if (this.#fileBytes < this.#options.bytesMax) return
    this.close()
    this.#openPart()
  }

  /** Writes what is left and closes the file; nothing may be told afterwards. */
  close(): void {
    this.#writeBlock()
    closeSync(this.#file)
  }

  #line(line: string): void {
    this.#lines.push(line)
    this.#linesBytes += line.length + 1
    if (this.#linesBytes >= BLOCK_BYTES) this.#writeBlock()
  }

  #levelLine(venue: number, instrument: number, side: BookSide, price: number, lots: number): string {
    return `{"t":${this.#ns[1]},"v":${venue},"i":${instrument},"s":${side},"p":${price},"q":${lots}}`
  }

  #endLine(venue: number, instrument: number): string {
    return `{"t":${this.#ns[1]},"v":${venue},"i":${instrument},"e":1}`
  }

  #openPart(): void {
    const part = this.paths.length + 1
    const path = join(this.#options.folder, `${this.#options.name}-${String(part).padStart(4, '0')}.jsonl.gz`)
    this.paths.push(path)
    this.#file = openSync(path, 'wx')
    const opening = this.#openingLines()
    this.#lines = [JSON.stringify(this.#header(part, opening.length))]
    this.#linesBytes = this.#lines[0].length
    this.#writeBlock()
    for (const line of opening) this.#line(line)
    this.#writeBlock()
    this.#fileBytes = 0
  }

  #header(part: number, opening: number): RecordingHeader {
    const { name, venues, instruments, listings, latencies, levelsMax } = this.#market
    return {
      layout: RECORDING_LAYOUT,
      version: RECORDING_VERSION,
      part,
      opening,
      market: name,
      levelsMax,
      venues: [...venues],
      instruments: [...instruments],
      listings: [...listings],
      latencies: [...latencies],
    }
  }

  /** The whole books as lines, worst level first. */
  #openingLines(): string[] {
    const lines: string[] = []
    for (const { index: instrument } of this.#market.instruments) {
      for (const { index: venue } of this.#market.venues) {
        const row = this.#books.row(instrument, venue)
        const counts = [this.#books.count(row, BookSide.bid), this.#books.count(row, BookSide.ask)]
        if (counts[0] + counts[1] === 0) continue
        lines.push(`{"t":${this.#ns[1]},"v":${venue},"i":${instrument},"c":1}`)
        for (const side of [BookSide.bid, BookSide.ask]) {
          const from = this.#books.offset(row, side)
          for (let at = from; at < from + counts[side]; at++) {
            lines.push(this.#levelLine(venue, instrument, side, this.#books.prices[at], this.#books.lots[at]))
          }
        }
        lines.push(this.#endLine(venue, instrument))
      }
    }
    return lines
  }

  #writeBlock(): void {
    if (this.#lines.length === 0) return
    const member = packBlock(`${this.#lines.join('\n')}\n`)
    let written = 0
    while (written < member.length) written += writeSync(this.#file, member, written)
    this.#fileBytes += member.length
    this.#lines = []
    this.#linesBytes = 0
  }
}
