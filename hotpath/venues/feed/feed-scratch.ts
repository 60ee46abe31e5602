/** What a decoder works with: a cursor and one message of each kind, reused; and the small steps every dialect repeats. */
import { BookMessage, QuoteMessage, StateMessage, TradeMessage } from './feed-message.ts'
import { JsonCursor } from './json-cursor.ts'
import { NO_SYMBOL, type SymbolTable } from './symbol-table.ts'

export class FeedScratch {
  readonly cursor = new JsonCursor()
  readonly book = new BookMessage()
  readonly trade = new TradeMessage()
  readonly quote = new QuoteMessage()
  readonly state = new StateMessage()
  readonly symbols: SymbolTable

  constructor(symbols: SymbolTable) {
    this.symbols = symbols
  }

  /** Row of the symbol that is the next value (a text), or NO_SYMBOL. */
  readSymbol(): number {
    const { cursor } = this
    if (!cursor.text()) return NO_SYMBOL
    return this.symbols.find(cursor.bytes, cursor.textFrom, cursor.textTo)
  }

  /** Row of the symbol in a span of the frame. */
  symbolAt(from: number, to: number): number {
    return this.symbols.find(this.cursor.bytes, from, to)
  }

  readTradePrice(): void {
    const { cursor, trade } = this
    trade.price = cursor.decimal()
    trade.priceFraction = cursor.fraction
  }

  readTradeSize(): void {
    const { cursor, trade } = this
    trade.size = cursor.decimal()
    trade.sizeFraction = cursor.fraction
  }

  readBid(): void {
    const { cursor, quote } = this
    quote.wide[0] = cursor.decimal()
    quote.bidFraction = cursor.fraction
  }

  readBidSize(): void {
    const { cursor, quote } = this
    quote.wide[1] = cursor.decimal()
    quote.bidSizeFraction = cursor.fraction
  }

  readAsk(): void {
    const { cursor, quote } = this
    quote.wide[2] = cursor.decimal()
    quote.askFraction = cursor.fraction
  }

  readAskSize(): void {
    const { cursor, quote } = this
    quote.wide[3] = cursor.decimal()
    quote.askSizeFraction = cursor.fraction
  }

  /** Is the trade read so far one that can be told? */
  get isTradeWhole(): boolean {
    const { trade } = this
    return trade.symbol !== NO_SYMBOL && trade.price >= 0 && trade.size >= 0
  }
}
