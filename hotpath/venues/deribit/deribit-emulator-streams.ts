/** Deribit's public channels: books by linked changes or grouped, quotes, tickers, trades. */
import type { BookStream, TextlessLevel } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { DeribitCatalogue } from './deribit-emulator-catalogue.ts'
import { amount, levelNumbers, price, printRow } from './deribit-emulator-words.ts'

const LEVELS_MAX = 5_000
const intervals: Readonly<Record<string, number>> = { raw: 0, '100ms': 100, agg2: 1_000 }
const depths: readonly string[] = ['1', '10', '20']

export interface ChannelListener {
  /** `data` is JSON. */
  hear(channel: string, data: string): void
}

interface Channel {
  readonly name: string
  readonly symbol: EmulatedSymbol
  readonly kind: 'changes' | 'grouped' | 'ticker' | 'quote' | 'trades'
  readonly levels: number
  readonly everyMs: number
  readonly listeners: Set<ChannelListener>
  readonly book: BookStream | undefined
  /** Trades since the last message. */
  readonly prints: EmulatedPrint[]
  dueMs: number
  /** What was told last, where only changes are. */
  told: string
}

export class DeribitStreams {
  readonly #exchange: EmulatedExchange
  readonly #catalogue: DeribitCatalogue
  readonly #faults: EmulatorFaults
  readonly #channels = new Map<string, Channel>()

  constructor(exchange: EmulatedExchange, catalogue: DeribitCatalogue, faults: EmulatorFaults) {
    this.#exchange = exchange
    this.#catalogue = catalogue
    this.#faults = faults
  }

  isKnown(name: string): boolean {
    const [head, instrument, ...rest] = name.split('.')
    return this.#exchange.symbol(instrument ?? '') !== undefined && kindOf(head, rest) !== undefined
  }

  /** False: no such channel. A book's listener is told first what its channel has told so far. */
  follow(name: string, listener: ChannelListener): boolean {
    const channel = this.#channels.get(name) ?? this.#open(name)
    if (channel === undefined) return false
    if (channel.listeners.has(listener)) return true
    channel.listeners.add(listener)
    if (channel.book !== undefined && channel.kind === 'changes')
      listener.hear(name, snapshotOf(channel, channel.book, this.#exchange.nowMs))
    return true
  }

  leave(name: string, listener: ChannelListener): boolean {
    const channel = this.#channels.get(name)
    if (channel?.listeners.delete(listener) !== true) return false
    if (channel.listeners.size > 0) return true
    channel.book?.close()
    this.#channels.delete(name)
    return true
  }

  /** Every channel that is due speaks. Answers how many did. */
  work(nowMs: number): number {
    let spoken = 0
    for (const channel of this.#channels.values()) {
      if (nowMs < channel.dueMs) continue
      channel.dueMs = nowMs + channel.everyMs
      const data = this.#data(channel, nowMs)
      if (data === undefined) continue
      const times = this.#faults.takeRepeats()
      for (let at = 0; at < times; at++) for (const listener of channel.listeners) listener.hear(channel.name, data)
      spoken++
    }
    return spoken
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    for (const channel of this.#channels.values()) {
      if (channel.kind === 'trades' && channel.symbol === symbol) channel.prints.push(print)
    }
  }

  #open(name: string): Channel | undefined {
    const [head, instrument, ...rest] = name.split('.')
    const symbol = this.#exchange.symbol(instrument ?? '')
    const kind = kindOf(head, rest)
    if (symbol === undefined || kind === undefined) return undefined
    const everyMs = kind === 'quote' ? 0 : intervals[rest[rest.length - 1]]
    const levels = kind === 'grouped' ? Number(rest[1]) : LEVELS_MAX
    const book = kind === 'changes' ? this.#exchange.book(symbol).stream(LEVELS_MAX) : undefined
    book?.rebase()
    const channel = {
      name,
      symbol,
      kind,
      levels,
      everyMs,
      listeners: new Set<ChannelListener>(),
      book,
      prints: [],
      dueMs: 0,
      told: '',
    }
    this.#channels.set(name, channel)
    return channel
  }

  #data(channel: Channel, nowMs: number): string | undefined {
    const { symbol } = channel
    switch (channel.kind) {
      case 'changes':
        return this.#changes(channel, nowMs)
      case 'trades': {
        const prints = channel.prints.splice(0)
        return prints.length === 0 ? undefined : JSON.stringify(prints.map((print) => printRow(symbol, print)))
      }
      case 'grouped': {
        const { sequence, bids, asks } = this.#exchange.book(symbol).snapshot(channel.levels)
        const book = { bids: levelNumbers(symbol, bids), asks: levelNumbers(symbol, asks) }
        return this.#ifNew(channel, book, { timestamp: nowMs, instrument_name: symbol.name, change_id: sequence })
      }
      case 'ticker':
      case 'quote': {
        const { timestamp, ...words } = this.#catalogue.quote(symbol)
        const more = channel.kind === 'ticker' ? this.#catalogue.ticker(symbol) : {}
        return this.#ifNew(channel, words, { ...more, timestamp })
      }
    }
  }

  /** A change that a fault swallows is counted all the same: the reader sees a gap. */
  #changes({ book, symbol }: Channel, nowMs: number): string | undefined {
    if (book === undefined) return undefined
    const before = book.told
    const change = book.take()
    if (change === undefined || this.#faults.takeSkippedDiff()) return undefined
    return JSON.stringify({
      type: 'change',
      timestamp: nowMs,
      instrument_name: symbol.name,
      change_id: change.last,
      prev_change_id: before.sequence,
      bids: actions(symbol, change.bids, before.bids),
      asks: actions(symbol, change.asks, before.asks),
    })
  }

  #ifNew(channel: Channel, words: object, more: object): string | undefined {
    const told = JSON.stringify(words)
    if (told === channel.told) return undefined
    channel.told = told
    return JSON.stringify({ ...more, ...words })
  }
}

function kindOf(head: string, rest: readonly string[]): Channel['kind'] | undefined {
  if (head === 'quote') return rest.length === 0 ? 'quote' : undefined
  const interval = rest[rest.length - 1] ?? ''
  if (!Object.hasOwn(intervals, interval)) return undefined
  if (head === 'book' && rest.length === 3) return depths.includes(rest[1]) ? 'grouped' : undefined
  if (rest.length !== 1) return undefined
  if (head === 'book') return 'changes'
  return head === 'ticker' || head === 'trades' ? head : undefined
}

/** What the channel has told so far: its next change goes on from here. */
function snapshotOf({ symbol }: Channel, book: BookStream, nowMs: number): string {
  const { sequence, bids, asks } = book.told
  return JSON.stringify({
    type: 'snapshot',
    timestamp: nowMs,
    instrument_name: symbol.name,
    change_id: sequence,
    bids: actions(symbol, bids, []),
    asks: actions(symbol, asks, []),
  })
}

function actions(
  symbol: EmulatedSymbol,
  levels: readonly TextlessLevel[],
  before: readonly TextlessLevel[],
): [string, number, number][] {
  const known = new Set(before.map(([ticks]) => ticks))
  return levels.map(([ticks, lots]) => {
    const action = lots === 0 ? 'delete' : known.has(ticks) ? 'change' : 'new'
    return [action, price(symbol, ticks), amount(symbol, lots)]
  })
}
