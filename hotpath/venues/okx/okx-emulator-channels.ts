/** OKX's public channels: the book by difference with its CRC-32 and linked numbers, best levels, trades, tickers. */
import { crc32 } from 'node:zlib'
import { BookSide } from '../../book/book-table.ts'
import type { BookSnapshot, BookStream } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { OkxCatalogue } from './okx-emulator-catalogue.ts'
import { levelRows, publicTrade } from './okx-emulator-words.ts'

const BOOK_LEVELS = 400
const CHECKED_LEVELS = 25
/** A book that did not change says so after this long. */
const QUIET_MS = 60_000
const NO_NUMBER = -1

const paces: Readonly<Record<string, number>> = { books: 100, books5: 100, 'bbo-tbt': 10, tickers: 100 }
const TRADES = 'trades'

/** Who listens: takes what follows `"arg":{...}` of a message, as JSON members. */
export interface ChannelListener {
  hear(key: string, members: string): void
}

interface Channel {
  readonly key: string
  readonly name: string
  readonly symbol: EmulatedSymbol
  readonly everyMs: number
  readonly listeners: Set<ChannelListener>
  /** Only of `books`. */
  readonly book: BookStream | undefined
  dueMs: number
  saidMs: number
  /** What was told last, where only changes are. */
  told: string
}

export class OkxChannels {
  readonly #exchange: EmulatedExchange
  readonly #catalogue: OkxCatalogue
  readonly #faults: EmulatorFaults
  readonly #channels = new Map<string, Channel>()

  constructor(exchange: EmulatedExchange, catalogue: OkxCatalogue, faults: EmulatorFaults) {
    this.#exchange = exchange
    this.#catalogue = catalogue
    this.#faults = faults
  }

  /** Is there such a channel? */
  has(name: string, symbolName: string): boolean {
    return (Object.hasOwn(paces, name) || name === TRADES) && this.#exchange.symbol(symbolName) !== undefined
  }

  /** Only what `has`. A book begins with the whole of it. */
  follow(name: string, symbolName: string, listener: ChannelListener): void {
    const key = keyOf(name, symbolName)
    const channel = this.#channels.get(key) ?? this.#open(name, symbolName)
    channel.listeners.add(listener)
    if (channel.book === undefined) return
    const { told } = channel.book
    listener.hear(key, this.#bookMembers(channel, 'snapshot', told, told, NO_NUMBER))
  }

  leave(key: string, listener: ChannelListener): void {
    const channel = this.#channels.get(key)
    channel?.listeners.delete(listener)
    if (channel?.listeners.size !== 0) return
    channel.book?.close()
    this.#channels.delete(key)
  }

  /** Every channel that is due speaks. Answers how many did. */
  work(nowMs: number): number {
    let spoken = 0
    for (const channel of this.#channels.values()) {
      if (channel.everyMs === 0 || nowMs < channel.dueMs) continue
      channel.dueMs = nowMs + channel.everyMs
      const members = channel.book === undefined ? this.#whole(channel) : this.#difference(channel, channel.book, nowMs)
      if (members === undefined) continue
      channel.saidMs = nowMs
      this.#say(channel, members)
      spoken++
    }
    return spoken
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    const channel = this.#channels.get(keyOf(TRADES, symbol.name))
    if (channel === undefined) return
    const row = { ...publicTrade(symbol, print), count: '1', seqId: print.id }
    this.#say(channel, `"data":${JSON.stringify([row])}`)
  }

  #open(name: string, symbolName: string): Channel {
    const symbol = this.#exchange.symbol(symbolName)
    if (symbol === undefined) throw new Error('a channel is of a symbol that is listed')
    const book = name === 'books' ? this.#exchange.book(symbol).stream(BOOK_LEVELS) : undefined
    book?.rebase()
    const channel: Channel = {
      key: keyOf(name, symbolName),
      name,
      symbol,
      everyMs: paces[name] ?? 0,
      listeners: new Set(),
      book,
      dueMs: 0,
      saidMs: this.#exchange.nowMs,
      told: '',
    }
    this.#channels.set(channel.key, channel)
    return channel
  }

  /** A difference that a fault swallows is counted all the same: the reader sees a gap. */
  #difference(channel: Channel, book: BookStream, nowMs: number): string | undefined {
    const before = book.told.sequence
    const change = book.take()
    if (change !== undefined) {
      if (this.#faults.takeSkippedDiff()) return undefined
      return this.#bookMembers(channel, 'update', change, book.told, before)
    }
    if (nowMs - channel.saidMs < QUIET_MS) return undefined
    return this.#bookMembers(channel, 'update', { bids: [], asks: [] }, book.told, before)
  }

  #bookMembers(
    { symbol }: Channel,
    action: 'snapshot' | 'update',
    { bids, asks }: Pick<BookSnapshot, 'bids' | 'asks'>,
    told: BookSnapshot,
    prevSeqId: number,
  ): string {
    const row = {
      asks: levelRows(symbol, asks),
      bids: levelRows(symbol, bids),
      ts: `${this.#exchange.nowMs}`,
      checksum: checksumOf(symbol, told),
      prevSeqId,
      seqId: told.sequence,
    }
    return `"action":"${action}","data":${JSON.stringify([row])}`
  }

  /** Told when it is other than before. */
  #whole(channel: Channel): string | undefined {
    const { name, symbol } = channel
    const row = name === 'tickers' ? this.#catalogue.tickerRow(symbol) : this.#levels(symbol, name === 'books5' ? 5 : 1)
    const { ts, seqId, ...content } = row as Record<string, unknown>
    const told = JSON.stringify(content)
    if (told === channel.told) return undefined
    channel.told = told
    return `"data":${JSON.stringify([row])}`
  }

  #levels(symbol: EmulatedSymbol, levels: number): object {
    const book = this.#exchange.book(symbol)
    const side = (which: BookSide): string[][] => levelRows(symbol, book.top(which, levels))
    const sides = { asks: side(BookSide.ask), bids: side(BookSide.bid) }
    return { ...sides, instId: symbol.name, ts: `${this.#exchange.nowMs}`, seqId: book.sequence }
  }

  #say({ key, listeners }: Channel, members: string): void {
    const times = this.#faults.takeRepeats()
    for (let at = 0; at < times; at++) for (const listener of listeners) listener.hear(key, members)
  }
}

export function keyOf(name: string, symbolName: string): string {
  return `${name} ${symbolName}`
}

/** Bid, ask, bid, ask...: price and size of the best 25 levels, joined by colons, as a signed CRC-32. */
function checksumOf(symbol: EmulatedSymbol, { bids, asks }: BookSnapshot): number {
  const parts: string[] = []
  for (let level = 0; level < CHECKED_LEVELS; level++) {
    for (const side of [bids, asks]) {
      if (level < side.length) parts.push(symbol.priceText(side[level][0]), symbol.lotsText(side[level][1]))
    }
  }
  return crc32(parts.join(':')) | 0
}
