/** Coinbase's channels: books, trades and tickers of a product, orders of an account. Numbers are each connection's own. */
import { BookSide } from '../../book/book-table.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { BookStream } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import { isoText, levelRows, tradeRow, userRow } from './coinbase-emulator-words.ts'

const LEVELS_MAX = 10_000
const TRADES_SHOWN = 50
const SNAPSHOT_ORDERS = 50

export type ProductChannel = 'level2' | 'market_trades' | 'ticker'

/** One connection. */
export interface StreamListener {
  say(channel: string, events: readonly object[], times: number): void
  /** A message that is counted and never sent. */
  skip(): void
}

interface Book {
  readonly symbol: EmulatedSymbol
  readonly stream: BookStream
  readonly listeners: Set<StreamListener>
}

export class CoinbaseStreams {
  readonly #exchange: EmulatedExchange
  readonly #faults: EmulatorFaults
  readonly #now: () => number
  readonly #books = new Map<EmulatedSymbol, Book>()
  readonly #trades = new Map<EmulatedSymbol, Set<StreamListener>>()
  readonly #tickers = new Map<EmulatedSymbol, Set<StreamListener>>()
  readonly #users = new Map<StreamListener, EmulatedAccount>()

  constructor(exchange: EmulatedExchange, faults: EmulatorFaults, now: () => number) {
    this.#exchange = exchange
    this.#faults = faults
    this.#now = now
  }

  follow(channel: ProductChannel, symbol: EmulatedSymbol, listener: StreamListener): void {
    if (channel === 'level2') this.#followBook(symbol, listener)
    else if (channel === 'market_trades') {
      this.#trades.set(symbol, (this.#trades.get(symbol) ?? new Set()).add(listener))
      const prints = this.#exchange.tape(symbol).newest(TRADES_SHOWN)
      const trades = [...prints].reverse().map((print) => tradeRow(symbol, print))
      listener.say('market_trades', [{ type: 'snapshot', trades }], 1)
    } else {
      this.#tickers.set(symbol, (this.#tickers.get(symbol) ?? new Set()).add(listener))
      listener.say('ticker', [{ type: 'snapshot', tickers: [this.#ticker(symbol)] }], 1)
    }
  }

  leave(channel: ProductChannel, symbol: EmulatedSymbol, listener: StreamListener): void {
    if (channel !== 'level2') {
      const followers = channel === 'ticker' ? this.#tickers : this.#trades
      followers.get(symbol)?.delete(listener)
      return
    }
    const book = this.#books.get(symbol)
    book?.listeners.delete(listener)
    if (book?.listeners.size !== 0) return
    book.stream.close()
    this.#books.delete(symbol)
  }

  /** Begins with the account's open orders. */
  followUser(account: EmulatedAccount, listener: StreamListener): void {
    this.#users.set(listener, account)
    const open = this.#exchange.orders.open(account).reverse()
    const count = Math.max(1, Math.ceil(open.length / SNAPSHOT_ORDERS))
    const events = Array.from({ length: count }, (_, at) => ({
      type: 'snapshot',
      orders: open.slice(at * SNAPSHOT_ORDERS, (at + 1) * SNAPSHOT_ORDERS).map(userRow),
      positions: { perpetual_futures_positions: [], expiring_futures_positions: [] },
    }))
    listener.say('user', events, 1)
  }

  leaveUser(listener: StreamListener): void {
    this.#users.delete(listener)
  }

  /** Every book that changed speaks. Answers how many did. */
  work(): number {
    let spoken = 0
    for (const { symbol, stream, listeners } of this.#books.values()) {
      const change = stream.take()
      if (change === undefined) continue
      spoken++
      const isSkipped = this.#faults.takeSkippedDiff()
      const event = this.#bookEvent(symbol, 'update', change)
      const times = isSkipped ? 0 : this.#faults.takeRepeats()
      for (const listener of listeners) {
        if (isSkipped) listener.skip()
        else listener.say('l2_data', [event], times)
      }
    }
    return spoken
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    const trades = [tradeRow(symbol, print)]
    this.#say(this.#trades.get(symbol), 'market_trades', () => ({ type: 'update', trades }))
    this.#say(this.#tickers.get(symbol), 'ticker', () => ({ type: 'update', tickers: [this.#ticker(symbol)] }))
  }

  onOrder(order: EmulatedOrder): void {
    for (const [listener, account] of this.#users) {
      if (account !== order.account) continue
      listener.say('user', [{ type: 'update', orders: [userRow(order)] }], this.#faults.takeRepeats())
    }
  }

  #followBook(symbol: EmulatedSymbol, listener: StreamListener): void {
    let book = this.#books.get(symbol)
    if (book === undefined) {
      book = { symbol, stream: this.#exchange.book(symbol).stream(LEVELS_MAX), listeners: new Set() }
      book.stream.rebase()
      this.#books.set(symbol, book)
    }
    book.listeners.add(listener)
    listener.say('l2_data', [this.#bookEvent(symbol, 'snapshot', book.stream.told)], 1)
  }

  #bookEvent(
    symbol: EmulatedSymbol,
    type: 'snapshot' | 'update',
    { bids, asks }: Pick<BookStream['told'], 'bids' | 'asks'>,
  ): object {
    const time = isoText(this.#now())
    const updates = [...levelRows(symbol, bids, 'bid', time), ...levelRows(symbol, asks, 'offer', time)]
    return { type, product_id: symbol.name, updates }
  }

  #ticker(symbol: EmulatedSymbol): object {
    const tape = this.#exchange.tape(symbol)
    const book = this.#exchange.book(symbol)
    const [bid = [0, 0]] = book.top(BookSide.bid, 1)
    const [ask = [0, 0]] = book.top(BookSide.ask, 1)
    const rise = tape.openTicks === 0 ? 0 : (tape.lastTicks / tape.openTicks - 1) * 100
    return {
      type: 'ticker',
      product_id: symbol.name,
      price: symbol.priceText(tape.lastTicks),
      volume_24_h: symbol.lotsText(tape.lots),
      low_24_h: symbol.priceText(tape.lowTicks),
      high_24_h: symbol.priceText(tape.highTicks),
      low_52_w: symbol.priceText(tape.lowTicks),
      high_52_w: symbol.priceText(tape.highTicks),
      price_percent_chg_24_h: rise.toFixed(8),
      best_bid: symbol.priceText(bid[0]),
      best_bid_quantity: symbol.lotsText(bid[1]),
      best_ask: symbol.priceText(ask[0]),
      best_ask_quantity: symbol.lotsText(ask[1]),
    }
  }

  #say(listeners: ReadonlySet<StreamListener> | undefined, channel: string, event: () => object): void {
    if (listeners === undefined || listeners.size === 0) return
    const events = [event()]
    const times = this.#faults.takeRepeats()
    for (const listener of listeners) listener.say(channel, events, times)
  }
}
