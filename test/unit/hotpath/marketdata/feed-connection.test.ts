import { describe, expect, test } from 'vitest'
import { BookSync } from '../../../../hotpath/marketdata/book-keeper.ts'
import { LinkState } from '../../../../hotpath/marketdata/feed-connection.ts'
import { feedHealth } from '../../../../hotpath/marketdata/feed-health.ts'
import { FeedWorld, keptLevels, plainLevels } from './feed-world.ts'

function expectWhole(world: FeedWorld, connection: ReturnType<FeedWorld['follow']>): void {
  expect(connection.keeper.books[0].sync).toBe(BookSync.live)
  for (const side of ['bids', 'asks'] as const) {
    expect(keptLevels(connection, side)).toEqual(plainLevels(world.venueBook(side)))
  }
}

describe('a feed connection', () => {
  test('opens, subscribes, asks for the book over HTTP and follows it', () => {
    const world = new FeedWorld()
    const connection = world.follow()
    world.pass(300)
    for (let i = 0; i < 20; i++) {
      world.change()
      world.pass(120)
    }
    expect(connection.state).toBe(LinkState.open)
    expectWhole(world, connection)
    expect(connection.keeper.books[0]).toMatchObject({ gaps: 0, checksumFaults: 0 })
    expect(connection.keeper.books[0].updates).toBeGreaterThan(5)
    expect(connection.resyncs).toBe(0)
  })

  test('a gap loses the book, which is asked for anew and is whole again; the venue says nothing of it', () => {
    const world = new FeedWorld()
    const lost: number[] = []
    const connection = world.follow({ onBookLost: (_symbol, book) => lost.push(book.loss) })
    world.pass(500)
    world.faults.skipDiffs(1)
    world.change()
    world.pass(150)
    world.change()
    world.pass(150)
    expect(lost.length).toBeGreaterThan(0)
    world.pass(5_000)
    expectWhole(world, connection)
    expect(connection.keeper.books[0].gaps).toBe(1)
    expect(connection.resyncs).toBeGreaterThan(0)
  })

  test('messages that come twice change nothing', () => {
    const world = new FeedWorld()
    const connection = world.follow()
    world.pass(500)
    world.faults.repeatMessages(10)
    for (let i = 0; i < 10; i++) {
      world.change()
      world.pass(120)
    }
    expectWhole(world, connection)
    expect(connection.keeper.books[0].gaps).toBe(0)
    expect(connection.keeper.books[0].repeated).toBeGreaterThan(0)
  })

  test('a broken line is opened again, later each time, and says why meanwhile', () => {
    const world = new FeedWorld()
    const connection = world.follow()
    world.pass(500)
    world.line.cut()
    world.pass(20_000)
    expect(connection.state).not.toBe(LinkState.open)
    expect(connection.trouble).not.toBe('')
    expect(connection.keeper.books[0].sync).toBe(BookSync.waiting)
    world.line.mend()
    for (let i = 0; i < 70; i++) {
      world.change()
      world.pass(1_000)
    }
    expect(connection.opens).toBe(2)
    expect(connection.trouble).toBe('')
    expectWhole(world, connection)
  })

  test('a silent connection is dropped', () => {
    const world = new FeedWorld()
    const connection = world.follow()
    world.pass(500)
    const { opens } = connection
    world.pass(62_000)
    expect(connection.opens).toBeGreaterThan(opens)
  })

  test('a venue that does not answer for its book is asked later and later, not more often', () => {
    const world = new FeedWorld()
    world.faults.failAnswers(1_000, 'GET /api/v3/depth')
    const asked: number[] = []
    const connection = world.follow(
      {},
      {
        onConnect: () => undefined,
        onSend: () => undefined,
        onFrame: () => undefined,
        onHttp: (_connection, url) => {
          if (url.includes('/depth')) asked.push(world.clock.ns / 1e9)
        },
      },
    )
    for (let i = 0; i < 60; i++) {
      world.change()
      world.pass(1_000)
    }
    expect(connection.keeper.books[0].sync).toBe(BookSync.waiting)
    expect(connection.trouble).toContain('no book')
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.length).toBeLessThan(12)
    expect(asked[asked.length - 1] - asked[asked.length - 2]).toBeGreaterThan(asked[1] - asked[0])
  })

  test('two hundred losses later its queues are as long as after one', () => {
    const world = new FeedWorld()
    const connection = world.follow()
    world.pass(500)
    for (let i = 0; i < 200; i++) {
      connection.renew(0)
      world.change()
      world.pass(150)
    }
    for (let i = 0; i < 70; i++) {
      world.change()
      world.pass(1_000)
    }
    expectWhole(world, connection)
    expect(connection.keeper.books[0].pending.count).toBe(0)
    expect(connection.keeper.books[0].losses).toBeGreaterThan(5)
  })

  test('health says what a person looks for', () => {
    const world = new FeedWorld()
    const connection = world.follow()
    world.pass(500)
    world.change()
    world.pass(200)
    const health = feedHealth('binance', [connection], world.clock.ns)
    expect(health).toMatchObject({
      venue: 'binance',
      state: 'open',
      trouble: '',
      books: 1,
      liveBooks: 1,
      gaps: 0,
      lost: [],
    })
    expect(health.silentMs).toBeLessThan(300)
    expect(health.frames).toBeGreaterThan(0)
    world.line.cut()
    world.pass(100)
    expect(feedHealth('binance', [connection], world.clock.ns)).toMatchObject({
      state: 'connecting',
      liveBooks: 0,
      lost: [{ symbol: 'BTCUSDT', why: 'disconnected' }],
    })
  })
})
