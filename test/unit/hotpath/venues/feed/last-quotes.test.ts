import { expect, test } from 'vitest'
import { ABSENT, QuoteMessage } from '../../../../../hotpath/venues/feed/feed-message.ts'
import { LastQuotes } from '../../../../../hotpath/venues/feed/last-quotes.ts'

function quoteOf(symbol: number, values: readonly number[], fraction: number): QuoteMessage {
  const quote = new QuoteMessage()
  quote.symbol = symbol
  values.forEach((value, column) => {
    quote.wide[column] = value
  })
  quote.bidFraction = fraction
  quote.askFraction = fraction
  return quote
}

test('what is not said stays as it was, with its digits', () => {
  const quotes = new LastQuotes()
  quotes.complete(quoteOf(3, [105, 2, 106, 4], 1), true)
  const changed = quoteOf(3, [ABSENT, ABSENT, 10_655, ABSENT], 2)
  quotes.complete(changed, false)
  expect([...changed.wide].slice(0, 4)).toEqual([105, 2, 10_655, 4])
  expect([changed.bidFraction, changed.askFraction]).toEqual([1, 2])
})

test('symbols do not mix, and a whole quote forgets what it does not say', () => {
  const quotes = new LastQuotes()
  quotes.complete(quoteOf(0, [1, 1, 2, 1], 0), true)
  const other = quoteOf(900, [ABSENT, ABSENT, 7, ABSENT], 0)
  quotes.complete(other, false)
  expect([...other.wide].slice(0, 4)).toEqual([ABSENT, ABSENT, 7, ABSENT])
  quotes.complete(quoteOf(0, [5, 1, ABSENT, ABSENT], 0), true)
  const next = quoteOf(0, [ABSENT, ABSENT, ABSENT, ABSENT], 0)
  quotes.complete(next, false)
  expect([...next.wide].slice(0, 4)).toEqual([5, 1, ABSENT, ABSENT])
})
