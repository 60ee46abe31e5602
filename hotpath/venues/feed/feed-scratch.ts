/** What a decoder works with: a cursor and one message of each kind, reused; and the small steps every dialect repeats. */
import { ABSENT, BookMessage, Quote, QuoteMessage, StateMessage, TradeMessage } from './feed-message.ts'
import { type FeedSink, FrameVerdict } from './feed-venue.ts'
import { JsonCursor } from './json-cursor.ts'
import { BID } from './level-list.ts'
import { longDecimal } from './long-decimal.ts'
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

  /** Some venues add sizes up in doubles: what has too many digits is cut. */
  readTradeSize(): void {
    const { cursor, trade } = this
    const size = longDecimal(cursor)
    trade.size = cursor.fraction < 0 ? -1 : size
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

  /** The best levels of a book message, as a quote: of venues that tell the touch in the form of a book. */
  quoteFromLevels(): void {
    const { quote } = this
    const { levels } = this.book
    quote.clear()
    quote.symbol = this.book.symbol
    quote.wide[Quote.timeUs] = this.book.timeUs
    // Best first: what is written last is the best.
    for (let at = levels.count - 1; at >= 0; at--) {
      if (levels.size[at] === 0) continue
      const isBid = levels.side[at] === BID
      quote.wide[isBid ? Quote.bid : Quote.ask] = levels.price[at]
      quote.wide[isBid ? Quote.bidSize : Quote.askSize] = levels.size[at]
      if (isBid) {
        quote.bidFraction = levels.priceFraction[at]
        quote.bidSizeFraction = levels.sizeFraction[at]
      } else {
        quote.askFraction = levels.priceFraction[at]
        quote.askSizeFraction = levels.sizeFraction[at]
      }
    }
  }

  /** Venues write 0 where there is no bid or no ask: neither is told then. Answers whether anything is left to tell. */
  dropEmptySides(): boolean {
    const { wide } = this.quote
    for (let price: number = Quote.bid; price <= Quote.ask; price += 2) {
      if (wide[price] > 0) continue
      wide[price] = ABSENT
      wide[price + 1] = ABSENT
    }
    return wide[Quote.bid] > 0 || wide[Quote.ask] > 0
  }

  /** Is the trade read so far one that can be told? */
  get isTradeWhole(): boolean {
    const { trade } = this
    return trade.symbol !== NO_SYMBOL && trade.price >= 0 && trade.size >= 0
  }

  /** Tells the book that was read. One that broke is told as broken, so that it alone is asked for anew. */
  tellBook(sink: FeedSink): FrameVerdict {
    const { cursor, book } = this
    if (cursor.isBroken) book.levels.isBroken = true
    if (book.symbol === NO_SYMBOL) return book.levels.isBroken ? FrameVerdict.malformed : FrameVerdict.unknownSymbol
    sink.onBook(book)
    return book.levels.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }
}
