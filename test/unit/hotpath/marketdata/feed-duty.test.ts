import { describe, expect, test } from 'vitest'
import { FeedDuty, type FollowedVenue } from '../../../../hotpath/marketdata/feed-duty.ts'
import { BookMessage } from '../../../../hotpath/venues/feed/feed-message.ts'
import { FrameVerdict } from '../../../../hotpath/venues/feed/feed-venue.ts'
import { ASK, BID } from '../../../../hotpath/venues/feed/level-list.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { ScriptedDoors } from './scripted-doors.ts'
import { toyVenue } from './toy-feed.ts'

/** Books in frames of { name, bid, ask }; a book is told anew when it is subscribed again. */
const spoken = toyVenue({
  id: 'toy',
  connection: {
    url: () => 'wss://toy.test/',
    subscribe: (names) => [`sub ${names.join(',')}`],
    resubscribe: (name) => [`again ${name}`],
    symbolsMax: 2,
    sendsPerSecond: 10,
    silenceMs: 60_000,
  },
  decoder: (symbols) => {
    const message = new BookMessage()
    return {
      decode: (frame, sink) => {
        const { name, bid, ask } = JSON.parse(Buffer.from(frame).toString()) as {
          name: string
          bid: number
          ask: number
        }
        message.clear()
        message.symbol = symbols.names.indexOf(name)
        message.isSnapshot = true
        message.levels.add(BID, bid, 0, 1, 0)
        message.levels.add(ASK, ask, 0, 1, 0)
        sink.onBook(message)
        return FrameVerdict.parsed
      },
    }
  },
})

function followed(venue: number, names: readonly string[], id = 'toy'): FollowedVenue {
  return {
    feed: { ...spoken, id },
    venue: venue as VenueIndex,
    symbols: names.map((name, at) => ({ name, instrument: (at + 10) as InstrumentIndex, symbol: `${name}/USDT` })),
  }
}

function world(venues: readonly FollowedVenue[]) {
  const net = new ScriptedDoors()
  const said: string[] = []
  const heard: string[] = []
  const duty = new FeedDuty(venues, {
    doors: net.doors,
    say: (line) => said.push(line),
    events: {
      onBook: (venue, instrument, book) => heard.push(`book ${venue} ${instrument} ${book.depth.bids.bestPrice}`),
      onBookLost: (venue, instrument) => heard.push(`lost ${venue} ${instrument}`),
      onTrade: () => undefined,
    },
  })
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) duty.work(net.pass(50))
  }
  return { net, said, heard, duty, pass }
}

describe('connections', () => {
  test('carry as many instruments as the venue allows, each knows its own', () => {
    const { net, heard, pass } = world([followed(3, ['A', 'B', 'C', 'D', 'E'])])
    pass(100)
    expect(net.sockets).toHaveLength(3)
    for (const socket of net.sockets) socket.events.onOpen()
    expect(net.sockets.map(({ sent }) => sent)).toEqual([['sub A,B'], ['sub C,D'], ['sub E']])
    net.sockets[1].say({ name: 'D', bid: 7, ask: 8 })
    net.sockets[2].say({ name: 'E', bid: 5, ask: 6 })
    expect(heard).toEqual(['book 3 13 7', 'book 3 14 5'])
  })

  test('a venue of nothing opens none', () => {
    const { net, duty, pass } = world([followed(0, [])])
    pass(100)
    expect(net.sockets).toEqual([])
    expect(duty.health(net.nowNs)).toMatchObject([{ venue: 'toy', books: 0, silentMs: -1 }])
  })

  test('one breaks: its books are lost, the others go on', () => {
    const { net, heard, duty, pass } = world([followed(0, ['A', 'B', 'C'])])
    pass(100)
    for (const socket of net.sockets) socket.events.onOpen()
    for (const [at, name] of [...'ABC'].entries()) net.sockets[at < 2 ? 0 : 1].say({ name, bid: 1, ask: 2 })
    heard.length = 0
    net.sockets[0].events.onClose('ECONNRESET')
    expect(heard).toEqual(['lost 0 10', 'lost 0 11'])
    expect(duty.health(net.nowNs)).toMatchObject([
      {
        state: 'open',
        trouble: 'ECONNRESET',
        books: 3,
        liveBooks: 1,
        lost: [
          { symbol: 'A/USDT', why: 'disconnected' },
          { symbol: 'B/USDT', why: 'disconnected' },
        ],
      },
    ])
  })

  test('closed they stay closed', () => {
    const { net, duty, pass } = world([followed(0, ['A'])])
    pass(100)
    net.sockets[0].events.onOpen()
    duty.close()
    net.sockets[0].events.onClose('closed 1000')
    pass(120_000)
    expect(net.sockets).toHaveLength(1)
    expect(net.sockets[0].isClosed).toBe(true)
    expect(duty.health(net.nowNs)[0].state).toBe('closed')
  })
})

describe('trouble', () => {
  test('is said once, however often it is tried again, and once when it is over', () => {
    const { net, said, pass } = world([followed(0, ['A', 'B', 'C'])])
    pass(100)
    for (let tries = 0; tries < 8; tries++) {
      for (const socket of net.sockets) if (!socket.isClosed) socket.events.onClose('ENOTFOUND')
      // Long enough for another try and, unanswered, for another reason.
      pass(61_000)
    }
    expect(net.sockets.length).toBeGreaterThan(8)
    expect(said).toEqual(['toy: ENOTFOUND; trying again'])
    const opened = new Set<unknown>()
    for (let second = 0; second < 70; second++) {
      for (const socket of net.sockets) {
        if (socket.isClosed || opened.has(socket)) continue
        opened.add(socket)
        socket.events.onOpen()
      }
      pass(1_000)
    }
    expect(said).toEqual(['toy: ENOTFOUND; trying again', 'toy: connected'])
  })

  test('of one venue is not said of another', () => {
    const { net, said, pass } = world([followed(0, ['A'], 'one'), followed(1, ['A'], 'two')])
    pass(100)
    for (const socket of net.sockets) socket.events.onOpen()
    net.sockets[1].events.onClose('')
    pass(300)
    expect(said).toEqual(['two: closed by the venue; trying again'])
  })
})

describe('renew', () => {
  test('has one book told anew, on the connection that carries it', () => {
    const { net, heard, duty, pass } = world([followed(0, ['A']), followed(1, ['A', 'B', 'C'], 'two')])
    pass(100)
    for (const socket of net.sockets) socket.events.onOpen()
    const second = net.sockets[2]
    second.say({ name: 'C', bid: 1, ask: 2 })
    heard.length = 0
    expect(duty.renew(1 as VenueIndex, 12 as InstrumentIndex)).toBe(true)
    expect(heard).toEqual(['lost 1 12'])
    pass(1_000)
    expect(net.sockets.map(({ sent }) => sent.at(-1))).toEqual(['sub A', 'sub A,B', 'again C'])
    second.say({ name: 'C', bid: 3, ask: 4 })
    expect(heard.at(-1)).toBe('book 1 12 3')
  })

  test('of what is not followed is refused', () => {
    const { duty } = world([followed(0, ['A'])])
    expect(duty.renew(0 as VenueIndex, 99 as InstrumentIndex)).toBe(false)
    expect(duty.renew(7 as VenueIndex, 10 as InstrumentIndex)).toBe(false)
  })
})

test('every book that is followed can be looked at', () => {
  const { net, duty, pass } = world([followed(4, ['A', 'B', 'C'])])
  pass(100)
  for (const socket of net.sockets) socket.events.onOpen()
  const seen: string[] = []
  duty.eachBook((venue, name) => seen.push(`${venue} ${name}`))
  expect(seen).toEqual(['4 A', '4 B', '4 C'])
})
