/** Bybit's public topics: books by difference under numbers that follow each other, trades, tickers. */
import type { BookSnapshot, BookStream } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { BybitCatalogue } from './bybit-emulator-catalogue.ts'
import { levelTexts, topicTrade } from './bybit-emulator-words.ts'

/** Milliseconds between two messages, by depth. */
const bookPaces: Readonly<Record<string, number>> = { '1': 10, '50': 20, '200': 100, '1000': 200 }
const TICKER_MS = 50

/** Who listens: takes whole messages as JSON. */
export interface TopicListener {
  hearPublic(message: string): void
}

interface Channel {
  readonly topic: string
  readonly symbol: EmulatedSymbol
  /** 0: told as it happens. */
  readonly everyMs: number
  /** Of a book; undefined for the others. */
  readonly book: BookStream | undefined
  /** The best level alone comes whole every time. */
  readonly isTouch: boolean
  readonly listeners: Set<TopicListener>
  /** Number of the last message of a book. */
  update: number
  dueMs: number
  /** What was told last, where only changes are. */
  told: string
}

export class BybitTopics {
  readonly #exchange: EmulatedExchange
  readonly #catalogue: BybitCatalogue
  readonly #faults: EmulatorFaults
  readonly #channels = new Map<string, Channel>()

  constructor(exchange: EmulatedExchange, catalogue: BybitCatalogue, faults: EmulatorFaults) {
    this.#exchange = exchange
    this.#catalogue = catalogue
    this.#faults = faults
  }

  /** 'orderbook.50.BTCUSDT', 'publicTrade.BTCUSDT', 'tickers.BTCUSDT'. */
  has(topic: string): boolean {
    return readTopic(topic, this.#exchange) !== undefined
  }

  /** Only what `has`. Books and tickers begin whole. */
  follow(topic: string, listener: TopicListener): void {
    const channel = this.#channels.get(topic) ?? this.#open(topic)
    channel.listeners.add(listener)
    if (channel.book !== undefined) listener.hearPublic(this.#bookMessage(channel, 'snapshot', channel.book.told))
    else if (channel.everyMs > 0) listener.hearPublic(this.#tickerMessage(channel))
  }

  leave(topic: string, listener: TopicListener): void {
    const channel = this.#channels.get(topic)
    channel?.listeners.delete(listener)
    if (channel?.listeners.size !== 0) return
    channel.book?.close()
    this.#channels.delete(topic)
  }

  /** Every topic that is due speaks. Answers how many did. */
  work(nowMs: number): number {
    let spoken = 0
    for (const channel of this.#channels.values()) {
      if (channel.everyMs === 0 || nowMs < channel.dueMs) continue
      channel.dueMs = nowMs + channel.everyMs
      const message = channel.book === undefined ? this.#ticker(channel) : this.#difference(channel, channel.book)
      if (message === undefined) continue
      this.#say(channel, message)
      spoken++
    }
    return spoken
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    const topic = `publicTrade.${symbol.name}`
    const channel = this.#channels.get(topic)
    if (channel === undefined) return
    this.#say(channel, JSON.stringify({ topic, ts: print.timeMs, type: 'snapshot', data: [topicTrade(symbol, print)] }))
  }

  #open(topic: string): Channel {
    const read = readTopic(topic, this.#exchange)
    if (read === undefined) throw new Error('a topic is one of those we have')
    const { symbol, kind, depth } = read
    const book = depth === '' ? undefined : this.#exchange.book(symbol).stream(Number(depth))
    book?.rebase()
    const channel: Channel = {
      topic,
      symbol,
      everyMs: kind === 'orderbook' ? bookPaces[depth] : kind === 'tickers' ? TICKER_MS : 0,
      book,
      isTouch: depth === '1',
      listeners: new Set(),
      update: this.#exchange.book(symbol).sequence,
      dueMs: 0,
      told: '',
    }
    this.#channels.set(topic, channel)
    return channel
  }

  /** A difference that a fault swallows is counted all the same: the reader sees a gap. */
  #difference(channel: Channel, book: BookStream): string | undefined {
    const change = book.take()
    if (change === undefined) return undefined
    channel.update++
    if (this.#faults.takeSkippedDiff()) return undefined
    if (channel.isTouch) return this.#bookMessage(channel, 'snapshot', book.told)
    return this.#bookMessage(channel, 'delta', { ...change, sequence: change.last })
  }

  #bookMessage({ topic, symbol, update }: Channel, type: 'snapshot' | 'delta', change: BookSnapshot): string {
    const ts = this.#exchange.nowMs
    const sides = { b: levelTexts(symbol, change.bids), a: levelTexts(symbol, change.asks) }
    return JSON.stringify({
      topic,
      ts,
      type,
      data: { s: symbol.name, ...sides, u: update, seq: change.sequence },
      cts: ts,
    })
  }

  /** Told when it is other than before. */
  #ticker(channel: Channel): string | undefined {
    const told = JSON.stringify(this.#catalogue.tickerRow(channel.symbol))
    if (told === channel.told) return undefined
    channel.told = told
    return this.#tickerMessage(channel)
  }

  #tickerMessage({ topic, symbol }: Channel): string {
    const data = this.#catalogue.tickerRow(symbol)
    return JSON.stringify({ topic, ts: this.#exchange.nowMs, type: 'snapshot', cs: 0, data })
  }

  #say({ listeners }: Channel, message: string): void {
    const times = this.#faults.takeRepeats()
    for (let at = 0; at < times; at++) for (const listener of listeners) listener.hearPublic(message)
  }
}

function readTopic(
  topic: string,
  exchange: EmulatedExchange,
): { kind: string; depth: string; symbol: EmulatedSymbol } | undefined {
  const parts = topic.split('.')
  const isBook = parts[0] === 'orderbook'
  const [kind, depth] = isBook ? parts : [parts[0], '']
  const symbol = exchange.symbol(parts[parts.length - 1])
  const isKnown = isBook
    ? parts.length === 3 && Object.hasOwn(bookPaces, depth)
    : parts.length === 2 && ['publicTrade', 'tickers'].includes(kind)
  return isKnown && symbol !== undefined ? { kind, depth, symbol } : undefined
}
