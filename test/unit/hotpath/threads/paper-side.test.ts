import { describe, expect, test } from 'vitest'
import { BookSide, BookState } from '../../../../hotpath/book/book-table.ts'
import { PaperSide } from '../../../../hotpath/threads/paper-side.ts'
import type { VenueHealth } from '../../../../shared/domain/venue-health.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { ASK, BID } from '../../../conformance/venue-conformance-bench.ts'
import { ScriptedMarket } from '../venues/paper/paper-world.ts'
import { HostedWorld } from './hosted-world.ts'

const BTC = 0 as InstrumentIndex

function health(venue: string, lost: VenueHealth['lost']): VenueHealth {
  const nothing = { frames: 0, malformed: 0, connects: 1, gaps: 0, resyncs: 0, checksumFaults: 0, crossed: 0 }
  return {
    venue,
    state: 'open',
    trouble: '',
    books: 1,
    liveBooks: lost.length === 0 ? 1 : 0,
    silentMs: 5,
    ...nothing,
    lost,
  }
}

function world() {
  const hosted = new HostedWorld({ venues: 2, instruments: 1 }, new ScriptedMarket({ venues: 2 }))
  const side = new PaperSide(hosted.link, hosted.link.market!, 64)
  side.attach(hosted.hooks)
  const state = (venue: number) => hosted.books.state(hosted.books.row(BTC, venue as VenueIndex))
  return { hosted, side, state }
}

const levels = [
  [ASK, 1_000, 100],
  [BID, 995, 100],
] as const

describe('health of the feeds under paper venues', () => {
  test('is what their process told last, and nothing once it is gone', () => {
    const { hosted, side } = world()
    expect(side.health()).toEqual([])
    hosted.exchange.tellHealth([health('venue0', [])])
    hosted.pass(10)
    expect(side.health()).toEqual([health('venue0', [])])
    hosted.cut()
    hosted.pass(1)
    expect(side.health()).toEqual([])
  })

  test('an empty book that is being told anew says so, alone, until it is there', () => {
    const { hosted, state } = world()
    hosted.market.update(levels)
    hosted.pass(20)
    expect([state(0), state(1)]).toEqual([BookState.live, BookState.empty])
    hosted.market.clear()
    hosted.pass(20)
    expect(state(0)).toBe(BookState.empty)
    hosted.exchange.tellHealth([health('venue0', [{ symbol: 'BTC/USDT', why: 'gap' }])])
    hosted.pass(10)
    expect([state(0), state(1)]).toEqual([BookState.recovering, BookState.empty])
    hosted.market.update(levels)
    hosted.pass(20)
    expect(state(0)).toBe(BookState.live)
  })

  test('old health does not take a book away that is live again; strangers are nobody', () => {
    const { hosted, state } = world()
    hosted.market.update(levels)
    hosted.pass(20)
    hosted.exchange.tellHealth([
      health('venue0', [
        { symbol: 'BTC/USDT', why: 'gap' },
        { symbol: 'NO/NE', why: 'gap' },
      ]),
      health('nobody', [{ symbol: 'BTC/USDT', why: 'gap' }]),
    ])
    hosted.pass(10)
    expect(state(0)).toBe(BookState.live)
  })
})

test('one adapter a venue; all of them trade', () => {
  const { hosted, side } = world()
  expect(side.adapters.map(({ venue }) => venue)).toEqual([0, 1])
  expect(side.isTraded()).toBe(true)
  hosted.market.update(levels, 1 as VenueIndex)
  hosted.pass(20)
  expect(hosted.levels(1, 0, BookSide.ask)).toEqual([[1_000, 100]])
})
