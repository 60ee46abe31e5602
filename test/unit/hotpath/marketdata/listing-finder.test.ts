import { describe, expect, test } from 'vitest'
import { ListingFinder } from '../../../../hotpath/marketdata/listing-finder.ts'
import type { FeedVenue } from '../../../../hotpath/venues/feed/feed-venue.ts'
import { feedVenues } from '../../../../hotpath/venues/feed-registry.ts'
import type { VenueSymbol } from '../../../../hotpath/venues/native/order-dialect.ts'
import { listedSymbol } from './listed.ts'
import { ScriptedDoors } from './scripted-doors.ts'
import { toyVenue } from './toy-feed.ts'

function listing(id: string, urls = [`https://${id}.test/list`]): FeedVenue {
  return toyVenue({
    id,
    listingUrls: () => urls,
    readListings: (_url, body) => (body.startsWith('[') ? (JSON.parse(body) as VenueSymbol[]) : undefined),
  })
}

const symbols = JSON.stringify([listedSymbol()])

function world(venues: readonly FeedVenue[], more: { readdress?: (venue: FeedVenue, url: string) => string } = {}) {
  const net = new ScriptedDoors()
  const said: string[] = []
  const taps: string[] = []
  const finder = new ListingFinder(venues, {
    http: net,
    chance: net.chance,
    say: (line) => said.push(line),
    tap: (venue, url, body) => taps.push(`${venue.id} ${url} ${body.length}`),
    ...more,
  })
  /** Turns every 10 ms; whoever is asked meanwhile is answered so. */
  const pass = (ms: number, reply: Parameters<ScriptedDoors['answer']>[0]) => {
    for (let passed = 0; passed < ms; passed += 10) {
      finder.work(net.pass(10))
      net.answer(reply)
    }
  }
  return { net, said, taps, finder, pass }
}

describe('a venue that answers', () => {
  test('is asked once, and everything it lists is known', () => {
    const { net, finder, said, taps, pass } = world([listing('a')])
    pass(60_000, () => ({ body: symbols }))
    expect(net.asked).toEqual(['GET https://a.test/list'])
    expect(finder.answered.map(({ venue, symbols: found }) => [venue.id, found.length])).toEqual([['a', 1]])
    expect(finder.missing).toEqual([])
    expect(said).toEqual([])
    expect(taps).toEqual([`a https://a.test/list ${symbols.length}`])
  })

  test('late is still heard; the others do not wait for it', () => {
    const { net, finder, pass } = world([listing('a'), listing('b')])
    pass(5_000, ({ url }) => (url.includes('a.test') ? { body: symbols } : undefined))
    expect(finder.answered.map(({ venue }) => venue.id)).toEqual(['a'])
    expect(finder.missing).toMatchObject([{ trouble: '', failures: 0 }])
    // It was asked once: who has not answered yet is not asked again.
    expect(net.asked).toHaveLength(2)
    net.answer(() => ({ body: symbols }))
    expect(finder.answered.map(({ venue }) => venue.id)).toEqual(['a', 'b'])
  })

  test('over several addresses: all of them are read, and one that fails does not take the others away', () => {
    const both = listing('a', ['https://a.test/spot', 'https://a.test/swap'])
    const { finder, pass } = world([both])
    pass(100, () => ({ body: symbols }))
    expect(finder.answered[0].symbols).toHaveLength(2)
    const half = world([both])
    half.pass(100, ({ url }) => (url.endsWith('spot') ? { body: symbols } : { status: 503 }))
    expect(half.finder.answered[0].symbols).toHaveLength(1)
  })

  test('somewhere else is asked there; its answer is read as of its own address', () => {
    const read: string[] = []
    const venue = {
      ...listing('a', ['https://a.test/list#spot']),
      readListings: (url: string) => {
        read.push(url)
        return [listedSymbol()]
      },
    }
    const { net, taps, pass } = world([venue], { readdress: () => 'http://127.0.0.1:1/list' })
    pass(100, () => ({ body: symbols }))
    expect(net.asked).toEqual(['GET http://127.0.0.1:1/list'])
    expect(read).toEqual(['https://a.test/list#spot'])
    expect(taps).toEqual([`a https://a.test/list#spot ${symbols.length}`])
  })

  test('to a POST with a body is asked so', () => {
    const venue = {
      ...listing('a', ['https://a.test/info#meta']),
      listingBody: (url: string) => `{"type":"${url.split('#')[1]}"}`,
    }
    const { net, finder } = world([venue])
    finder.work(net.pass(1))
    expect(net.waiting).toMatchObject([
      { method: 'POST', body: '{"type":"meta"}', headers: { 'content-type': 'application/json' } },
    ])
  })
})

describe('a venue that does not', () => {
  test('is a line, once for each trouble, and is asked later and later', () => {
    const { net, finder, said, pass } = world([listing('a')])
    pass(120_000, () => ({ lost: 'ENOTFOUND' }))
    expect(said).toEqual(['a: no instruments yet: ENOTFOUND; trying again'])
    // 0.5 1 2 4 8 16 30 30 ... seconds, jittered down to half.
    expect(net.asked.length).toBeGreaterThan(6)
    expect(net.asked.length).toBeLessThan(15)
    expect(finder.missing[0]).toMatchObject({ trouble: 'ENOTFOUND', failures: net.asked.length })
    pass(60_000, () => ({ status: 503 }))
    pass(60_000, () => ({ status: 503 }))
    expect(said.slice(1)).toEqual(['a: no instruments yet: HTTP 503; trying again'])
    pass(60_000, () => ({ body: symbols }))
    expect(finder.answered).toHaveLength(1)
  })

  test('lists nothing, or what nobody can read: said so', () => {
    const { said, pass } = world([listing('a'), listing('b')])
    pass(200, ({ url }) => ({ body: url.includes('a.test') ? '[]' : '<html>' }))
    expect(said).toEqual([
      'a: no instruments yet: it lists nothing; trying again',
      'b: no instruments yet: its instrument list cannot be read; trying again',
    ])
  })
})

test('every venue that is connected live has a list to ask for', () => {
  const listless = feedVenues.filter(({ retired, listingUrls }) => retired === undefined && listingUrls().length === 0)
  expect(listless.map(({ id }) => id)).toEqual([])
})
