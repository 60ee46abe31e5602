/**
 * What the fuzzer begins with, per venue: recorded frames when a folder of recordings is given, and always frames invented from
 * the words its decoder knows (read from its sources) and from the dialects of the bench, so that no venue is left out.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { captureFiles, readCapture } from '../../hotpath/marketdata/capture-file.ts'
import type { FeedVenue } from '../../hotpath/venues/feed/feed-venue.ts'
import { feedVenues } from '../../hotpath/venues/feed-registry.ts'
import { Prng } from '../../shared/prng.ts'
import { depthDialects } from '../bench/feeds/depth-dialects.ts'
import { DepthWalk } from '../bench/feeds/depth-walk.ts'
import { isPacked } from './frame-mutations.ts'

export interface FuzzCorpus {
  readonly venue: FeedVenue
  /** In the order they came; books over HTTP stand where they were asked for. */
  readonly steps: readonly FuzzStep[]
  /** So many of them, the first, are a real conversation; the others are invented. */
  readonly recorded: number
  /** Instrument lists: address and body. */
  readonly listings: readonly (readonly [url: string, body: string])[]
}

export interface FuzzStep {
  readonly bytes: Buffer
  /** Venue's symbol name of a book that came over HTTP. */
  readonly snapshotOf?: string
}

const VENUES = fileURLToPath(new URL('../../hotpath/venues/', import.meta.url))
const STEPS_MAX = 4_000
/** Larger frames are few: they are played, not multiplied. */
const STEP_BYTES_MAX = 400_000
const INVENTED = 400
const DIALECT_STEPS = 60

/** Of every registered venue; `folders`: of recordings, or of single messages by venue. Throws what the file system throws. */
export function corpora(folders: readonly string[], seed: number): FuzzCorpus[] {
  const recorded = new Map(feedVenues.map((venue): [FeedVenue, RecordedFrames] => [venue, { steps: [], listings: [] }]))
  for (const folder of folders) {
    addRecordings(folder, recorded)
    addMessages(folder, recorded)
  }
  return [...recorded].map(([venue, { steps, listings }]) => {
    const packs = steps.some(({ bytes }) => isPacked(bytes)) || venue.id.startsWith('htx')
    const told = [...steps, ...dialectSteps(venue)]
    const invented = inventedSteps(venue, new Prng(seed), packs)
    return { venue, steps: [...told, ...invented], recorded: told.length, listings }
  })
}

interface RecordedFrames {
  readonly steps: FuzzStep[]
  readonly listings: (readonly [string, string])[]
}

function addRecordings(folder: string, byVenue: ReadonlyMap<FeedVenue, RecordedFrames>): void {
  for (const file of captureFiles(folder)) {
    const capture = readCapture(file)
    if (capture === undefined) continue
    for (const [venue, { steps, listings }] of byVenue) {
      if (!venue.captures.includes(capture.exchange)) continue
      for (const { kind, url, bytes } of capture.events) {
        if (bytes.length > STEP_BYTES_MAX || steps.length >= STEPS_MAX) continue
        const step = { bytes: Buffer.from(bytes) }
        if (kind === 'recv') steps.push(step)
        if (kind !== 'http') continue
        const snapshotOf = venue.snapshotSymbol?.(url)
        if (snapshotOf !== undefined) steps.push({ ...step, snapshotOf })
        else if (venue.readListings(url, step.bytes.toString()) !== undefined)
          listings.push([url, step.bytes.toString()])
      }
    }
  }
}

/** Folders named after venues that hold single messages, one JSON file each. */
function addMessages(folder: string, byVenue: ReadonlyMap<FeedVenue, RecordedFrames>): void {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '')
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const place = path.join(folder, entry.name)
    const files = readdirSync(place).filter((name) => name.endsWith('.json'))
    const bodies = files.map((name) => readFileSync(path.join(place, name)))
    for (const [venue, { steps, listings }] of byVenue) {
      if (!plain(venue.id).startsWith(plain(entry.name))) continue
      for (const bytes of bodies) {
        if (bytes.length <= STEP_BYTES_MAX) steps.push({ bytes })
        for (const url of venue.listingUrls()) listings.push([url, bytes.toString()])
      }
    }
  }
}

function dialectSteps(venue: FeedVenue): FuzzStep[] {
  const dialect = depthDialects.find(({ id }) => id === venue.id)
  if (dialect === undefined) return []
  const walk = new DepthWalk(new Prng(17), 30)
  const whole = Buffer.from(dialect.snapshot(walk.whole(), 1))
  const steps: FuzzStep[] = [dialect.isHttp === true ? { bytes: whole, snapshotOf: dialect.symbol } : { bytes: whole }]
  for (let number = 2; number < DIALECT_STEPS; number++) {
    steps.push({ bytes: Buffer.from(dialect.update(walk.step(3), number, walk)) })
  }
  return steps
}

/** Frames made of the words in the venue's sources: names of keys, channels and events in any place. */
function inventedSteps(venue: FeedVenue, prng: Prng, packs: boolean): FuzzStep[] {
  const words = wordsOf(venue)
  return Array.from({ length: INVENTED }, () => {
    const text = JSON.stringify(invent(prng, words, 0))
    return { bytes: packs ? gzipSync(text) : Buffer.from(text) }
  })
}

function wordsOf(venue: FeedVenue): string[] {
  const words = new Set(['BTCUSDT', 'BTC-USD', 'buy', 'sell', 'snapshot', 'update', 'data', 'bids', 'asks'])
  for (const folder of readdirSync(VENUES, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue
    const place = path.join(VENUES, folder.name)
    const sources = readdirSync(place).filter((name) => name.endsWith('-feed.ts'))
    const text = sources.map((name) => readFileSync(path.join(place, name), 'utf8')).join('\n')
    if (!text.includes(`id: '${venue.id}'`)) continue
    for (const [, word] of text.matchAll(/'([^'\n]{1,40})'/g)) if (!word.includes('.ts')) words.add(word)
  }
  return [...words]
}

function invent(prng: Prng, words: readonly string[], depth: number): unknown {
  const kind = prng.nextBelow(depth > 3 ? 4 : 8)
  const word = () => words[prng.nextBelow(words.length)]
  if (kind === 0) return prng.nextBelow(1_000_000) / 10 ** prng.nextBelow(6)
  if (kind === 1) return String(prng.nextBelow(1_000_000) / 100)
  if (kind < 4) return prng.chance(0.9) ? word() : prng.chance(0.5)
  if (kind < 6) return Array.from({ length: prng.nextBelow(5) }, () => invent(prng, words, depth + 1))
  return Object.fromEntries(
    Array.from({ length: prng.nextBetween(1, 6) }, () => [word(), invent(prng, words, depth + 1)]),
  )
}
