import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PendingUpdates } from '../../../../hotpath/marketdata/pending-updates.ts'
import { ABSENT, BookMessage } from '../../../../hotpath/venues/feed/feed-message.ts'
import { bookMessage } from './toy-feed.ts'

function drained(pending: PendingUpdates): unknown[] {
  const message = new BookMessage()
  const all: unknown[] = []
  pending.drain(message, () => all.push(shown(message)))
  return all
}

function shown(message: BookMessage): unknown {
  const { first, last, previous, timeUs, hasChecksum, checksum, levels } = message
  const rows = Array.from({ length: levels.count }, (_, at) => [
    levels.side[at],
    levels.price[at],
    levels.priceFraction[at],
    levels.size[at],
    levels.sizeFraction[at],
  ])
  return { first, last, previous, timeUs, checksum: hasChecksum ? checksum : undefined, rows }
}

const level = fc.tuple(
  fc.nat(10 ** 9).map((value) => value / 100),
  fc.nat(10 ** 9).map((value) => value / 1000),
)
const told = fc.record(
  {
    bids: fc.array(level, { maxLength: 4 }),
    asks: fc.array(level, { maxLength: 4 }),
    first: fc.nat(),
    last: fc.nat(),
    previous: fc.nat(),
    checksum: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  },
  { requiredKeys: [] },
)

test('gives back what was kept, in order, once', () => {
  fc.assert(
    fc.property(fc.array(told, { maxLength: 10 }), (all) => {
      const pending = new PendingUpdates()
      const messages = all.map((one) => bookMessage(0, false, one))
      for (const message of messages) pending.keep(message)
      expect(pending.count).toBe(all.length)
      expect(drained(pending)).toEqual(messages.map(shown))
      expect(pending.count).toBe(0)
      expect(drained(pending)).toEqual([])
    }),
  )
})

test('too many messages: the old are forgotten together, and it says up to where', () => {
  const pending = new PendingUpdates()
  for (let last = 1; last <= 1_024; last++) pending.keep(bookMessage(0, false, { last, bids: [[1, 1]] }))
  expect([pending.count, pending.forgotten]).toEqual([1_024, ABSENT])
  pending.keep(bookMessage(0, false, { last: 1_025 }))
  expect([pending.count, pending.forgotten]).toEqual([1, 1_024])
  expect(drained(pending)).toHaveLength(1)
  expect(pending.forgotten).toBe(ABSENT)
})

test('too many levels: the same; a message larger than all room is forgotten itself', () => {
  const pending = new PendingUpdates()
  const many = (count: number) => Array.from({ length: count }, (_, at) => [at + 1, 1] as const)
  for (let last = 1; last <= 4; last++) pending.keep(bookMessage(0, false, { last, bids: many(8_192) }))
  expect(pending.count).toBe(4)
  pending.keep(bookMessage(0, false, { last: 5, bids: many(1) }))
  expect([pending.count, pending.forgotten]).toEqual([1, 4])
  pending.keep(bookMessage(0, false, { last: 6, bids: many(32_769) }))
  expect([pending.count, pending.forgotten]).toEqual([0, 6])
  pending.clear()
  expect(pending.forgotten).toBe(ABSENT)
})
