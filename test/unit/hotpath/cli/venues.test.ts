import { expect, test } from 'vitest'
import { renderVenues } from '../../../../hotpath/cli/venues.ts'
import type { VenueInfo } from '../../../../hotpath/client/order-types.ts'
import { plain } from '../../../../hotpath/tca/text-table.ts'

const feed = {
  venue: 'okx',
  state: 'open',
  trouble: '',
  books: 3,
  liveBooks: 2,
  silentMs: 40,
  delayMs: 12,
  frames: 900,
  malformed: 0,
  connects: 2,
  gaps: 1,
  resyncs: 4,
  checksumFaults: 5,
  crossed: 0,
  lost: [{ symbol: 'BTC/USDT', why: 'gap' }],
} as const

function venue(facts: Partial<VenueInfo>): VenueInfo {
  return { index: 0, id: 'okx', name: 'OKX', ordersPerSecond: 10, ordersBurst: 10, books: { live: 3 }, ...facts }
}

const cells = (line: string) => line.trim().split(/\s{2,}/)

test('a line a venue: orders, latency, books, age, feed and its trouble', () => {
  const lines = renderVenues(
    [
      venue({ up: true, ready: true, latencyUs: 25_720, bookAgeMs: 7, books: { live: 2, recovering: 1 }, feed }),
      venue({ id: 'kraken', up: true, ready: false, latencyUs: 0, bookAgeMs: 0 }),
      venue({
        id: 'gate',
        up: false,
        ready: false,
        bookAgeMs: -1,
        books: {},
        feed: { ...feed, state: 'connecting', trouble: 'ENOTFOUND' },
      }),
    ],
    'live',
    plain,
  )
  expect(lines[0]).toBe('3 venues (market live)')
  expect(cells(lines[1])).toEqual([
    'venue',
    'orders',
    'latency',
    'books',
    'age ms',
    'feed',
    'delay ms',
    'gaps',
    'resyncs',
    'checksum',
    'trouble',
  ])
  expect(cells(lines[2])).toEqual(['okx', 'ready', '25.7 ms', '2 live, 1 recovering', '7', 'open', '12', '1', '4', '5'])
  expect(cells(lines[3])).toEqual(['kraken', 'reconciling', '-', '3 live', '0', '-', '-', '-', '-', '-'])
  expect(cells(lines[4])).toEqual(['gate', 'down', '-', '-', 'connecting', '12', '1', '4', '5', 'ENOTFOUND'])
})

test('a market without feeds of its own has no numbers of them', () => {
  expect(cells(renderVenues([venue({})], 'calibrated', plain)[2])).toEqual([
    'okx',
    'down',
    '-',
    '3 live',
    '-',
    '-',
    '-',
    '-',
    '-',
    '-',
  ])
})

test('what is wrong is coloured; what a venue said cannot move the cursor', () => {
  const marked = { ...plain, good: (text: string) => `<${text}>`, bad: (text: string) => `!${text}!` }
  const [, , ready, down] = renderVenues(
    [
      venue({ up: true, ready: true, books: { live: 1, stale: 2 } }),
      venue({ up: false, feed: { ...feed, trouble: 'bad\u001b[2Jnews\n' } }),
    ],
    'live',
    marked,
  )
  expect(ready).toContain('<ready>')
  expect(ready).toContain('1 live, !2 stale!')
  expect(down).toContain('!down!')
  expect(down).not.toContain('\u001b')
  expect(down).not.toContain('\n')
})
