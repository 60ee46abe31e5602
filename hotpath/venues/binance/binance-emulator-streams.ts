/** Binance's public streams: books by difference and in part, best quotes, trades; one channel a stream name. */
import { Side } from '../../../shared/domain/order.ts'
import { BookSide } from '../../book/book-table.ts'
import type { BookStream } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import { aggregateTrade, fixed, levelTexts } from './binance-emulator-words.ts'

const LEVELS_MAX = 5_000
const SLOW_MS = 1_000
const FAST_MS = 100

/** Who listens: takes the stream's name and its payload as JSON. */
export interface StreamListener {
  hear(stream: string, payload: string): void
}

interface Channel {
  readonly name: string
  readonly symbol: EmulatedSymbol
  readonly kind: 'difference' | 'partial' | 'bookTicker'
  readonly levels: number
  readonly everyMs: number
  readonly listeners: Set<StreamListener>
  readonly book: BookStream
  dueMs: number
  /** What was told last, where only changes are. */
  told: string
}

export class BinanceStreams {
  readonly #exchange: EmulatedExchange
  readonly #faults: EmulatorFaults
  readonly #channels = new Map<string, Channel>()
  /** Listeners of trades by stream name; prints are told as they happen. */
  readonly #tapes = new Map<string, Set<StreamListener>>()

  constructor(exchange: EmulatedExchange, faults: EmulatorFaults) {
    this.#exchange = exchange
    this.#faults = faults
  }

  /** Names nobody knows are accepted and stay silent, as at Binance. */
  follow(stream: string, listener: StreamListener): void {
    const [name, kind] = stream.split('@')
    const symbol = this.#exchange.symbol(name.toUpperCase())
    if (symbol === undefined) return
    if (kind === 'trade' || kind === 'aggTrade') {
      const tape = this.#tapes.get(stream) ?? new Set()
      this.#tapes.set(stream, tape.add(listener))
      return
    }
    const channel = this.#channels.get(stream) ?? this.#openChannel(stream, symbol)
    channel?.listeners.add(listener)
  }

  leave(stream: string, listener: StreamListener): void {
    this.#tapes.get(stream)?.delete(listener)
    const channel = this.#channels.get(stream)
    channel?.listeners.delete(listener)
    if (channel?.listeners.size !== 0) return
    channel.book.close()
    this.#channels.delete(stream)
  }

  /** Every channel that is due speaks. Answers how many did. */
  work(nowMs: number): number {
    let spoken = 0
    for (const channel of this.#channels.values()) {
      if (nowMs < channel.dueMs) continue
      channel.dueMs = nowMs + channel.everyMs
      const payload = this.#payload(channel, nowMs)
      if (payload === undefined) continue
      this.#say(channel.name, payload, channel.listeners)
      spoken++
    }
    return spoken
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    const name = symbol.name.toLowerCase()
    const trade = this.#tapes.get(`${name}@trade`)
    if (trade !== undefined) this.#say(`${name}@trade`, JSON.stringify(tradeEvent(symbol, print)), trade)
    const aggregate = this.#tapes.get(`${name}@aggTrade`)
    if (aggregate === undefined) return
    const event = { e: 'aggTrade', E: print.timeMs, s: symbol.name, ...aggregateTrade(symbol, print) }
    this.#say(`${name}@aggTrade`, JSON.stringify(event), aggregate)
  }

  #openChannel(name: string, symbol: EmulatedSymbol): Channel | undefined {
    const [, kind, pace] = name.split('@')
    const part = /^depth(5|10|20)?$/.exec(kind)
    if (part === null && kind !== 'bookTicker') return undefined
    const levels = part?.[1] === undefined ? LEVELS_MAX : Number(part[1])
    const channel: Channel = {
      name,
      symbol,
      kind: part === null ? 'bookTicker' : part[1] === undefined ? 'difference' : 'partial',
      levels,
      everyMs: part === null ? 0 : pace === '100ms' ? FAST_MS : SLOW_MS,
      listeners: new Set(),
      book: this.#exchange.book(symbol).stream(levels),
      dueMs: 0,
      told: '',
    }
    channel.book.rebase()
    this.#channels.set(name, channel)
    return channel
  }

  #payload(channel: Channel, nowMs: number): string | undefined {
    switch (channel.kind) {
      case 'difference':
        return this.#difference(channel, nowMs)
      case 'partial': {
        const { sequence, bids, asks } = this.#exchange.book(channel.symbol).snapshot(channel.levels)
        const { symbol } = channel
        return JSON.stringify({
          lastUpdateId: sequence,
          bids: levelTexts(symbol, bids),
          asks: levelTexts(symbol, asks),
        })
      }
      default:
        return this.#bestQuote(channel)
    }
  }

  /** A difference that a fault swallows is counted all the same: the reader sees a gap. */
  #difference({ book, symbol }: Channel, nowMs: number): string | undefined {
    const change = book.take()
    if (change === undefined || this.#faults.takeSkippedDiff()) return undefined
    return JSON.stringify({
      e: 'depthUpdate',
      E: nowMs,
      s: symbol.name,
      U: change.first,
      u: change.last,
      b: levelTexts(symbol, change.bids),
      a: levelTexts(symbol, change.asks),
    })
  }

  #bestQuote(channel: Channel): string | undefined {
    const { symbol } = channel
    const book = this.#exchange.book(symbol)
    const [bid] = levelTexts(symbol, book.top(BookSide.bid, 1))
    const [ask] = levelTexts(symbol, book.top(BookSide.ask, 1))
    if (bid === undefined || ask === undefined) return undefined
    const told = `${bid} ${ask}`
    if (told === channel.told) return undefined
    channel.told = told
    return JSON.stringify({ u: book.sequence, s: symbol.name, b: bid[0], B: bid[1], a: ask[0], A: ask[1] })
  }

  #say(stream: string, payload: string, listeners: ReadonlySet<StreamListener>): void {
    const times = this.#faults.takeRepeats()
    for (let at = 0; at < times; at++) for (const listener of listeners) listener.hear(stream, payload)
  }
}

function tradeEvent(symbol: EmulatedSymbol, print: EmulatedPrint): object {
  return {
    e: 'trade',
    E: print.timeMs,
    s: symbol.name,
    t: print.id,
    p: fixed(symbol.priceText(print.priceTicks)),
    q: fixed(symbol.lotsText(print.lots)),
    T: print.timeMs,
    m: print.aggressor === Side.sell,
    M: true,
  }
}
