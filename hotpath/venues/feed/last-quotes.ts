/** Best quotes of venues that tell only what changed of them (Bybit): the rest is what was told before. Grows with the rows. */
import { ABSENT, Quote, type QuoteMessage } from './feed-message.ts'

const ROWS_FIRST = 64
/** Bid, bid size, ask, ask size. */
const COLUMNS = 4

export class LastQuotes {
  #values = new Float64Array(ROWS_FIRST * COLUMNS).fill(ABSENT)
  #fractions = new Uint8Array(ROWS_FIRST * COLUMNS)

  /** Fills what `quote` does not say from what was said before (nothing of that when it is whole), and remembers it. O(1). */
  complete(quote: QuoteMessage, isWhole: boolean): void {
    const from = quote.symbol * COLUMNS
    while (from >= this.#values.length) this.#grow()
    quote.bidFraction = this.#take(quote, Quote.bid, from, isWhole, quote.bidFraction)
    quote.bidSizeFraction = this.#take(quote, Quote.bidSize, from, isWhole, quote.bidSizeFraction)
    quote.askFraction = this.#take(quote, Quote.ask, from, isWhole, quote.askFraction)
    quote.askSizeFraction = this.#take(quote, Quote.askSize, from, isWhole, quote.askSizeFraction)
  }

  /** Digits behind the point of the value that stands now. */
  #take(quote: QuoteMessage, column: number, from: number, isWhole: boolean, fraction: number): number {
    const at = from + column
    if (isWhole || quote.wide[column] !== ABSENT) {
      this.#values[at] = quote.wide[column]
      this.#fractions[at] = fraction
    } else quote.wide[column] = this.#values[at]
    return this.#fractions[at]
  }

  #grow(): void {
    const values = new Float64Array(this.#values.length * 2).fill(ABSENT)
    const fractions = new Uint8Array(values.length)
    values.set(this.#values)
    fractions.set(this.#fractions)
    this.#values = values
    this.#fractions = fractions
  }
}
