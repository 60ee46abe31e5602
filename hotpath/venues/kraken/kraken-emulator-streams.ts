/** Kraken's public channels of WebSocket v2: books with their checksum, trades and tickers, as they change. */
import { BookSide } from '../../book/book-table.ts'
import type { BookStream, TextlessLevel } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import { bookChecksum, isoText, levelsJson, lotsText, priceText, sideWord } from './kraken-emulator-words.ts'

export const bookDepths: readonly number[] = [10, 25, 100, 500, 1_000]
const TRADES_SHOWN = 50

export interface PublicListener {
  hear(text: string): void
}

interface BookChannel {
  readonly symbol: EmulatedSymbol
  readonly depth: number
  readonly stream: BookStream
  readonly listeners: Set<PublicListener>
}

interface Ticker {
  readonly symbol: EmulatedSymbol
  readonly listeners: Set<PublicListener>
  told: string
}

export class KrakenStreams {
  readonly #exchange: EmulatedExchange
  readonly #faults: EmulatorFaults
  readonly #now: () => number
  readonly #books = new Map<string, BookChannel>()
  /** By symbol name. */
  readonly #trades = new Map<string, Set<PublicListener>>()
  /** By what makes them speak and symbol name. */
  readonly #tickers = new Map<string, Ticker>()

  constructor(exchange: EmulatedExchange, faults: EmulatorFaults, now: () => number) {
    this.#exchange = exchange
    this.#faults = faults
    this.#now = now
  }

  followBook(symbol: EmulatedSymbol, depth: number, listener: PublicListener): void {
    const key = `${symbol.name} ${depth}`
    const known = this.#books.get(key)
    const channel = known ?? this.#openBook(symbol, depth)
    this.#books.set(key, channel)
    channel.listeners.add(listener)
    const { bids, asks } = channel.stream.told
    listener.hear(this.#bookText(channel, 'snapshot', bids, asks))
  }

  leaveBook(symbol: EmulatedSymbol, depth: number, listener: PublicListener): void {
    const channel = this.#books.get(`${symbol.name} ${depth}`)
    channel?.listeners.delete(listener)
    if (channel?.listeners.size !== 0) return
    channel.stream.close()
    this.#books.delete(`${symbol.name} ${depth}`)
  }

  followTrades(symbol: EmulatedSymbol, isShown: boolean, listener: PublicListener): void {
    const listeners = this.#trades.get(symbol.name) ?? new Set()
    this.#trades.set(symbol.name, listeners.add(listener))
    if (!isShown) return
    const prints = this.#exchange.tape(symbol).newest(TRADES_SHOWN)
    listener.hear(tradesText(symbol, 'snapshot', prints))
  }

  leaveTrades(symbol: EmulatedSymbol, listener: PublicListener): void {
    this.#trades.get(symbol.name)?.delete(listener)
  }

  /** `trigger`: 'trades' or 'bbo'. */
  followTicker(symbol: EmulatedSymbol, trigger: string, listener: PublicListener): void {
    const key = `${trigger} ${symbol.name}`
    const ticker = this.#tickers.get(key) ?? { symbol, listeners: new Set(), told: '' }
    this.#tickers.set(key, ticker)
    ticker.listeners.add(listener)
    listener.hear(this.#tickerText(symbol, 'snapshot'))
  }

  leaveTicker(symbol: EmulatedSymbol, listener: PublicListener): void {
    for (const trigger of ['trades', 'bbo']) this.#tickers.get(`${trigger} ${symbol.name}`)?.listeners.delete(listener)
  }

  /** Every book that changed speaks. Answers how many did. */
  work(): number {
    let spoken = 0
    for (const channel of this.#books.values()) spoken += this.#update(channel)
    for (const [key, ticker] of this.#tickers) {
      if (!key.startsWith('bbo ') || ticker.listeners.size === 0) continue
      const best = this.#best(ticker.symbol).join(' ')
      if (best === ticker.told) continue
      ticker.told = best
      this.#say(this.#tickerText(ticker.symbol, 'update'), ticker.listeners)
      spoken++
    }
    return spoken
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    const listeners = this.#trades.get(symbol.name)
    if (listeners !== undefined && listeners.size > 0) this.#say(tradesText(symbol, 'update', [print]), listeners)
    const ticker = this.#tickers.get(`trades ${symbol.name}`)
    if (ticker !== undefined && ticker.listeners.size > 0) {
      this.#say(this.#tickerText(symbol, 'update'), ticker.listeners)
    }
  }

  #openBook(symbol: EmulatedSymbol, depth: number): BookChannel {
    const stream = this.#exchange.book(symbol).stream(depth)
    stream.rebase()
    return { symbol, depth, stream, listeners: new Set() }
  }

  /** A change that a fault swallows is counted all the same: the next checksum does not fit. */
  #update(channel: BookChannel): number {
    const change = channel.stream.take()
    if (change === undefined) return 0
    const { bids, asks } = channel.stream.told
    const text = this.#bookText(
      channel,
      'update',
      withoutPushedOut(change.bids, bids, channel.depth),
      withoutPushedOut(change.asks, asks, channel.depth),
    )
    if (this.#faults.takeSkippedDiff()) return 0
    this.#say(text, channel.listeners)
    return 1
  }

  #bookText(
    { symbol, stream }: BookChannel,
    type: 'snapshot' | 'update',
    bids: readonly TextlessLevel[],
    asks: readonly TextlessLevel[],
  ): string {
    const told = stream.told
    const checksum = bookChecksum(symbol, told.bids, told.asks)
    const row =
      `{"symbol":"${symbol.name}","bids":${levelsJson(symbol, bids)},"asks":${levelsJson(symbol, asks)},` +
      `"checksum":${checksum},"timestamp":"${isoText(this.#now())}"}`
    return `{"channel":"book","type":"${type}","data":[${row}]}`
  }

  #tickerText(symbol: EmulatedSymbol, type: 'snapshot' | 'update'): string {
    const tape = this.#exchange.tape(symbol)
    const price = (ticks: number): number => Number(priceText(symbol, ticks))
    const [bid, bidQty, ask, askQty] = this.#best(symbol)
    const rise = tape.lastTicks - tape.openTicks
    const row = {
      symbol: symbol.name,
      bid,
      bid_qty: bidQty,
      ask,
      ask_qty: askQty,
      last: price(tape.lastTicks),
      volume: Number(lotsText(symbol, tape.lots)),
      vwap: Number(symbol.averageText(tape.notional, tape.lots, 8)),
      low: price(tape.lowTicks),
      high: price(tape.highTicks),
      change: rise < 0 ? -price(-rise) : price(rise),
      change_pct: tape.openTicks === 0 ? 0 : Number(((rise / tape.openTicks) * 100).toFixed(2)),
      timestamp: isoText(this.#now()),
    }
    return JSON.stringify({ channel: 'ticker', type, data: [row] })
  }

  #best(symbol: EmulatedSymbol): readonly [number, number, number, number] {
    const book = this.#exchange.book(symbol)
    const [bid = [0, 0]] = book.top(BookSide.bid, 1)
    const [ask = [0, 0]] = book.top(BookSide.ask, 1)
    const price = (ticks: number): number => Number(priceText(symbol, ticks))
    const size = (lots: number): number => Number(lotsText(symbol, lots))
    return [price(bid[0]), size(bid[1]), price(ask[0]), size(ask[1])]
  }

  #say(text: string, listeners: ReadonlySet<PublicListener>): void {
    const times = this.#faults.takeRepeats()
    for (let at = 0; at < times; at++) for (const listener of listeners) listener.hear(text)
  }
}

/** A level that better ones pushed out of the depth is not told to be gone: readers cut their books themselves. */
function withoutPushedOut(
  changed: readonly TextlessLevel[],
  told: readonly TextlessLevel[],
  depth: number,
): readonly TextlessLevel[] {
  const worst = told[told.length - 1]
  if (told.length < depth || worst === undefined) return changed
  const isBid = told.length > 1 && told[0][0] > worst[0]
  return changed.filter(([price, lots]) => lots > 0 || (isBid ? price > worst[0] : price < worst[0]))
}

function tradesText(symbol: EmulatedSymbol, type: 'snapshot' | 'update', prints: readonly EmulatedPrint[]): string {
  const data = prints.map((print) => ({
    symbol: symbol.name,
    side: sideWord(print.aggressor),
    price: Number(priceText(symbol, print.priceTicks)),
    qty: Number(lotsText(symbol, print.lots)),
    ord_type: 'limit',
    trade_id: print.id,
    timestamp: isoText(print.timeMs),
  }))
  return JSON.stringify({ channel: 'trade', type, data })
}
