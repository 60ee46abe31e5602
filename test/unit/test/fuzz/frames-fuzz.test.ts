import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { BookMessage } from '../../../../hotpath/venues/feed/feed-message.ts'
import { FeedScratch } from '../../../../hotpath/venues/feed/feed-scratch.ts'
import { type FeedSink, type FeedVenue, FrameVerdict } from '../../../../hotpath/venues/feed/feed-venue.ts'
import { feedVenues } from '../../../../hotpath/venues/feed-registry.ts'
import type { FuzzCorpus } from '../../../fuzz/frame-corpus.ts'
import { fuzzFrames } from '../../../fuzz/frames-fuzz.ts'
import { toyVenue } from '../../hotpath/marketdata/toy-feed.ts'

const recordings = path.resolve(process.env['SOR_DATA'] ?? '../shared/data', 'exchange-frames')

test('spoiled frames of every venue are survived, without recordings', async () => {
  const result = await fuzzFrames({ frames: 60_000, seed: 5 })
  expect(result.findings).toEqual([])
  expect(result.frames).toBeGreaterThanOrEqual(60_000)
  expect(result.venues).toBe(feedVenues.length)
  expect(result.losses).toBeGreaterThan(20)
  expect(result.listings).toBeGreaterThan(50)
})

test.skipIf(!existsSync(recordings))('and of recordings (needs SOR_DATA)', { timeout: 60_000 }, async () => {
  const result = await fuzzFrames({ frames: 60_000, seed: 6, folders: [recordings] })
  expect(result.findings).toEqual([])
  expect(result.losses).toBeGreaterThan(500)
  expect(result.verdicts['parsed']).toBeGreaterThan(20_000)
})

/** A venue of two books, 'A' and 'B', whose decoder does wrong when a frame has a certain byte. */
function faulty(wrong: (scratch: FeedScratch, sink: FeedSink, frame: Uint8Array) => void): FuzzCorpus {
  const tell = (book: BookMessage, symbol: number, sink: FeedSink) => {
    book.clear()
    book.symbol = symbol
    book.isSnapshot = true
    for (const [at, side] of ([0, 1] as const).entries()) book.levels.add(side, 10 + at, 0, 5, 0)
    sink.onBook(book)
  }
  const venue: FeedVenue = toyVenue({
    decoder: (symbols) => {
      const scratch = new FeedScratch(symbols)
      return {
        decode: (frame, sink) => {
          const symbol = symbols.find(frame, 1, 2)
          if (symbol < 0) return FrameVerdict.unknownSymbol
          tell(scratch.book, symbol, sink)
          if (frame.includes(0x21)) wrong(scratch, sink, frame)
          return FrameVerdict.parsed
        },
      }
    },
  })
  const steps = ['"A"', '"B"'].map((text) => ({ bytes: Buffer.from(text) }))
  return { venue, steps, recorded: 2, listings: [] }
}

async function found(corpus: FuzzCorpus): Promise<string[]> {
  const { findings } = await fuzzFrames({ frames: 30_000, seed: 1, corpora: [corpus] })
  return findings.map(({ what }) => what)
}

test('the fuzzer itself sees what is wrong', async () => {
  expect(await found(faulty(() => {}))).toEqual([])
  const thrown = await found(
    faulty(() => {
      throw new Error('oh no')
    }),
  )
  expect(thrown[0]).toContain('thrown: Error: oh no')
  const stranger = faulty(({ book }, sink) => {
    book.clear()
    book.symbol = 1
    book.isSnapshot = true
    book.levels.add(0, 7, 0, 1, 0)
    sink.onBook(book)
  })
  expect(await found(stranger)).toContain('book B changed by a frame that does not name it')
})
