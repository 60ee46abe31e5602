import { expect, test } from 'vitest'
import type { CaptureEvent, CaptureKind } from '../../../../hotpath/marketdata/capture-file.ts'
import { CapturePlayer, isStrange } from '../../../../hotpath/marketdata/capture-player.ts'
import { binance } from '../../../../hotpath/venues/binance/binance-feed.ts'
import { FrameVerdict } from '../../../../hotpath/venues/feed/feed-venue.ts'

function event(kind: CaptureKind, text: string, url = ''): CaptureEvent {
  return { kind, connection: 'a', timeUs: 7_000_000, url, bytes: Buffer.from(text) }
}

const update = (first: number, last: number) =>
  JSON.stringify({ e: 'depthUpdate', s: 'BTCUSDT', U: first, u: last, b: [['99', '1']], a: [['101', '2']] })

test('a recording becomes books, as it came', () => {
  const changed: boolean[] = []
  const player = new CapturePlayer(binance, { onBookChanged: (_symbol, _book, isAnew) => changed.push(isAnew) })
  player.play(event('connect', '', 'wss://x'))
  player.play(event('recv', update(10, 11)))
  player.play(event('recv', update(12, 14)))
  const book = '{"lastUpdateId":11,"bids":[["98","3"]],"asks":[["102","4"]]}'
  player.play(event('http', book, 'https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000'))
  player.play(event('recv', update(15, 15)))
  expect(player.liveBooks).toBe(1)
  expect(player.counts).toMatchObject({ frames: 3, books: 3, snapshots: 1, trades: 0 })
  expect(changed).toEqual([false, true, false])
  expect(player.keeper.book(0)).toMatchObject({ known: 15, early: 2, repeated: 1, updates: 2, atNs: 7_000_000_000 })
})

test('strange frames are counted by verdict, the first of them kept', () => {
  const player = new CapturePlayer(binance)
  for (let at = 0; at < 50; at++) player.play(event('recv', `[${at}]`))
  player.play(event('recv', '{"result":null,"id":1}'))
  player.play(event('http', 'no json', 'https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000'))
  player.play(event('http', 'no json', 'https://api.binance.com/api/v3/exchangeInfo'))
  expect(player.counts.verdicts[FrameVerdict.malformed]).toBe(50)
  expect(player.counts.verdicts[FrameVerdict.answer]).toBe(1)
  expect(player.counts.otherHttp).toBe(1)
  expect(player.samples).toEqual(['malformed: [0]', 'malformed: [1]', 'malformed: [2]', 'snapshot: no json'])
  expect(isStrange(FrameVerdict.heartbeat)).toBe(false)
})
