/**
 * Spoiled frames through the real decoders and books. After every frame: nothing was thrown, it took bounded time, books that
 * it did not speak of are as they were, books that live are sorted, exact and not crossed, and counters fit each other.
 */

import type { DepthSide } from '../../hotpath/book/depth-book.ts'
import { BookKeeper, BookSync, type KeptBook } from '../../hotpath/marketdata/book-keeper.ts'
import type { BookMessage } from '../../hotpath/venues/feed/feed-message.ts'
import { type FeedDecoder, FrameVerdict, frameVerdictNames } from '../../hotpath/venues/feed/feed-venue.ts'
import { SymbolTable } from '../../hotpath/venues/feed/symbol-table.ts'
import type { VenueSymbol } from '../../hotpath/venues/native/order-dialect.ts'
import { Prng } from '../../shared/prng.ts'
import { corpora, type FuzzCorpus, type FuzzStep } from './frame-corpus.ts'
import { isPacked, mutated, mutatedPacked } from './frame-mutations.ts'

/** A frame that takes longer is a finding, whatever is in it. */
const FRAME_MS_MAX = 2_000
/** Every so many frames all books are summed in full, not only those that were spoken of. */
const FULL_EVERY = 64
/** A connection of the fuzzer hears the beginning of its recording clean, then so many spoiled frames; then all begins anew. */
const LIFE = 300
const CLEAN_MAX = 1_500
/** Frames larger than this are played clean but for one in so many. */
const LARGE_BYTES = 20_000
const LARGE_ONE_IN = 100
const PONG_BYTES_MAX = 4_096

export interface Finding {
  readonly venue: string
  readonly what: string
  /** The beginning of the frame, printable, and all of it in base64 when it is short. */
  readonly frame: string
  readonly number: number
}

export interface FuzzResult {
  readonly frames: number
  readonly listings: number
  readonly venues: number
  readonly verdicts: Readonly<Record<string, number>>
  /** Books lost and snapshots taken on the way: the fuzzing reached the healing. */
  readonly losses: number
  readonly snapshots: number
  readonly slowestMs: number
  readonly findings: readonly Finding[]
}

export interface FuzzOptions {
  readonly frames: number
  readonly seed: number
  /** Of recordings and messages. */
  readonly folders?: readonly string[]
  /** Instead of those of every registered venue. */
  readonly corpora?: readonly FuzzCorpus[]
  /** Only this venue. */
  readonly venue?: string
  readonly onProgress?: (frames: number) => void
}

const FINDINGS_MAX = 20

export async function fuzzFrames(options: FuzzOptions): Promise<FuzzResult> {
  const all = (options.corpora ?? corpora(options.folders ?? [], options.seed)).filter(
    ({ venue }) => options.venue === undefined || venue.id === options.venue,
  )
  const run = new FuzzRun(options)
  const share = Math.ceil(options.frames / all.length)
  for (const [at, corpus] of all.entries()) {
    await new VenueFuzz(corpus, run, new Prng(options.seed * 1_000 + at)).play(share)
    options.onProgress?.(run.frames)
    if (run.findings.length >= FINDINGS_MAX) break
  }
  return { ...run.result(), venues: all.length }
}

class FuzzRun {
  frames = 0
  listings = 0
  losses = 0
  snapshots = 0
  slowestMs = 0
  readonly verdicts = frameVerdictNames.map(() => 0)
  readonly findings: Finding[] = []
  readonly seed: number

  constructor(options: FuzzOptions) {
    this.seed = options.seed
  }

  find(venue: string, what: string, bytes: Uint8Array): void {
    if (this.findings.length >= FINDINGS_MAX) return
    const text = Buffer.from(bytes.subarray(0, 400)).toString().replace(/\p{C}/gu, '?')
    const whole = bytes.length <= 3_000 ? ` base64 ${Buffer.from(bytes).toString('base64')}` : ''
    this.findings.push({ venue, what, frame: `${bytes.length} bytes: ${text}${whole}`, number: this.frames })
  }

  result(): Omit<FuzzResult, 'venues'> {
    const { frames, listings, losses, snapshots, slowestMs, findings } = this
    const verdicts: Record<string, number> = {}
    for (const [at, name] of frameVerdictNames.entries()) if (this.verdicts[at] > 0) verdicts[name] = this.verdicts[at]
    return { frames, listings, losses, snapshots, slowestMs, findings, verdicts }
  }
}

/** What a frame spoke of, as the sink heard it. */
class Listener extends BookKeeper {
  readonly touched = new Set<number>()
  isAll = false

  override onBook(message: BookMessage): void {
    if (message.symbol >= 0) this.touched.add(message.symbol)
    super.onBook(message)
  }

  override onConnectionGap(): void {
    this.isAll = true
    super.onConnectionGap()
  }

  override onMalformed(): void {
    this.isAll = true
    super.onMalformed()
  }

  forget(): void {
    this.touched.clear()
    this.isAll = false
  }
}

class VenueFuzz {
  readonly #corpus: FuzzCorpus
  readonly #run: FuzzRun
  readonly #prng: Prng
  readonly #names: readonly string[]
  /** Every clean frame names its symbol: then a spoiled one must, too. */
  readonly #isNamed: boolean
  #keeper!: Listener
  #symbols!: SymbolTable
  #decoder!: FeedDecoder
  #http!: FeedDecoder
  #sums: number[] = []
  #quick: number[] = []

  constructor(corpus: FuzzCorpus, run: FuzzRun, prng: Prng) {
    this.#corpus = corpus
    this.#run = run
    this.#prng = prng
    this.#symbols = new SymbolTable([], { isOpen: true })
    this.#connect()
    this.#isNamed = this.#hearClean()
    this.#names = this.#symbols.names.slice(0, 40)
  }

  async play(frames: number): Promise<void> {
    const { steps, listings } = this.#corpus
    const prng = this.#prng
    const end = this.#run.frames + frames
    let endOfLife = 0
    let at = 0
    while (this.#run.frames < end && this.#run.findings.length < FINDINGS_MAX) {
      if (this.#run.frames >= endOfLife) {
        endOfLife = this.#run.frames + LIFE
        // As in a process that lives: zlib gives back what a broken stream held when the turn ends.
        await new Promise(setImmediate)
        at = this.#beginLife()
      }
      const step = steps[at]
      // Frames come doubled, out of order and not at all.
      at = (prng.chance(0.03) ? prng.nextBelow(steps.length) : prng.chance(0.03) ? at : at + 1) % steps.length
      const isLarge = step.bytes.length > LARGE_BYTES
      if (prng.chance(isLarge ? 1 / LARGE_ONE_IN : 0.75)) {
        this.#run.frames++
        this.#hear({ ...step, bytes: this.#spoil(step.bytes, steps[prng.nextBelow(steps.length)].bytes) })
      } else this.#hear(step)
      if (listings.length > 0 && prng.chance(1 / 3_000)) this.#list(...listings[prng.nextBelow(listings.length)])
      if (prng.chance(1 / 300)) this.#list('', '')
    }
    this.#count()
  }

  /** A new connection that has heard some clean frames; answers where it goes on. */
  #beginLife(): number {
    const { steps, recorded } = this.#corpus
    const prng = this.#prng
    this.#symbols = new SymbolTable(this.#names)
    this.#connect()
    if (prng.chance(0.1)) return prng.nextBelow(steps.length)
    const clean = prng.nextBelow(Math.min(recorded, CLEAN_MAX) + 1)
    for (const step of steps.slice(0, clean)) this.#hear(step)
    return clean % steps.length
  }

  #spoil(bytes: Buffer, next: Buffer): Buffer {
    const isGzip = isPacked(bytes) && isPacked(next)
    return isGzip ? mutatedPacked(bytes, next, this.#prng) : mutated(bytes, next, this.#prng)
  }

  #connect(): void {
    if (this.#keeper !== undefined) this.#count()
    const { venue } = this.#corpus
    const nothing = () => {}
    this.#keeper = new Listener(venue, {
      onBookChanged: nothing,
      onBookLost: nothing,
      onTrade: nothing,
      onQuote: nothing,
      onState: nothing,
    })
    this.#decoder = venue.decoder(this.#symbols)
    this.#http = venue.decoder(this.#symbols)
    this.#sums = []
    this.#quick = []
  }

  #count(): void {
    for (const book of this.#keeper.books) {
      this.#run.losses += book.losses
      this.#run.snapshots += book.snapshots
    }
  }

  /** Once through the clean frames with an open table: the names of the venue's symbols, and whether frames say them. */
  #hearClean(): boolean {
    let isNamed = true
    for (const { bytes, snapshotOf } of this.#corpus.steps) {
      this.#keeper.forget()
      if (snapshotOf === undefined) this.#decoder.decode(bytes, this.#keeper)
      else this.#http.decodeSnapshot?.(bytes, this.#symbols.add(snapshotOf), this.#keeper)
      const isTold = [...this.#keeper.touched].every((symbol) => bytes.includes(this.#symbols.names[symbol]))
      if (!isTold && snapshotOf === undefined) isNamed = false
    }
    return isNamed
  }

  #hear({ bytes, snapshotOf }: FuzzStep): void {
    const { venue } = this.#corpus
    const keeper = this.#keeper
    keeper.forget()
    const symbol = snapshotOf === undefined ? -1 : this.#symbols.add(snapshotOf)
    const startMs = performance.now()
    try {
      const verdict =
        snapshotOf === undefined
          ? this.#decoder.decode(bytes, keeper)
          : symbol < 0
            ? FrameVerdict.unknownSymbol
            : (this.#http.decodeSnapshot?.(bytes, symbol, keeper) ?? FrameVerdict.unknownChannel)
      if (frameVerdictNames[verdict] === undefined) this.#find(`verdict ${verdict}`, bytes)
      else this.#run.verdicts[verdict]++
      if (verdict === FrameVerdict.malformed && snapshotOf === undefined) keeper.onMalformed()
      const pong = venue.connection.pong?.(bytes)
      if (pong !== undefined && pong.length > PONG_BYTES_MAX) this.#find(`a pong of ${pong.length} bytes`, bytes)
    } catch (error) {
      this.#find(`thrown: ${error instanceof Error ? error.stack?.split('\n').slice(0, 3).join(' | ') : error}`, bytes)
    }
    const tookMs = performance.now() - startMs
    if (tookMs > this.#run.slowestMs) this.#run.slowestMs = tookMs
    if (tookMs > FRAME_MS_MAX) this.#find(`${Math.round(tookMs)} ms`, bytes)
    this.#look(bytes, symbol)
  }

  #look(bytes: Buffer, asked: number): void {
    const { books, touched, isAll } = this.#keeper
    const isFull = this.#run.frames % FULL_EVERY === 0
    for (const [symbol, book] of books.entries()) {
      const isTouched = touched.has(symbol)
      if (isTouched || isAll) {
        const wrong = faultOf(book)
        if (wrong !== undefined) this.#find(`book ${this.#symbols.names[symbol]}: ${wrong}`, bytes)
        this.#quick[symbol] = quickSum(book)
        this.#sums[symbol] = Number.NaN
        if (isTouched && this.#isNamed && symbol !== asked && !isPacked(bytes)) this.#checkName(symbol, bytes)
        continue
      }
      const quick = quickSum(book)
      if (this.#quick[symbol] !== undefined && !Object.is(this.#quick[symbol], quick))
        this.#find(`book ${this.#symbols.names[symbol]} changed unheard`, bytes)
      this.#quick[symbol] = quick
      if (!isFull) continue
      const sum = fullSum(book)
      const before = this.#sums[symbol]
      if (before !== undefined && !Number.isNaN(before) && before !== sum)
        this.#find(`book ${this.#symbols.names[symbol]} changed unheard, somewhere in ${FULL_EVERY} frames`, bytes)
      this.#sums[symbol] = sum
    }
  }

  #checkName(symbol: number, bytes: Buffer): void {
    const name = this.#symbols.names[symbol]
    if (!bytes.includes(name)) this.#find(`book ${name} changed by a frame that does not name it`, bytes)
  }

  #list(url: string, body: string): void {
    const { venue } = this.#corpus
    const urls = venue.listingUrls()
    const address = url === '' ? (urls[this.#prng.nextBelow(urls.length)] ?? '') : url
    const clean =
      body === '' ? this.#corpus.steps[this.#prng.nextBelow(this.#corpus.steps.length)].bytes : Buffer.from(body)
    const spoiled = mutated(clean, clean, this.#prng).toString()
    this.#run.listings++
    try {
      for (const symbol of venue.readListings(address, spoiled) ?? []) {
        const wrong = listingFault(symbol)
        if (wrong !== undefined) this.#find(`listing: ${wrong} ${JSON.stringify(symbol)}`, Buffer.from(spoiled))
      }
      venue.connection.ticket?.read(spoiled)
    } catch (error) {
      const what = error instanceof Error ? error.stack?.split('\n').slice(0, 3).join(' | ') : String(error)
      this.#find(`listing of ${address} thrown: ${what}`, Buffer.from(spoiled))
    }
  }

  #find(what: string, bytes: Uint8Array): void {
    this.#run.find(this.#corpus.venue.id, what, bytes)
  }
}

const decimal = /^[0-9]+(\.[0-9]+)?$/

function listingFault(symbol: VenueSymbol): string | undefined {
  const { name, symbol: unified, base, quote, tickSize, lotSize, contractSize } = symbol
  for (const text of [name, unified, base, quote]) if (typeof text !== 'string' || text === '') return 'no name'
  for (const text of [tickSize, lotSize, contractSize]) {
    if (typeof text !== 'string' || !decimal.test(text) || !/[1-9]/.test(text)) return 'no step'
  }
  return undefined
}

/** What is wrong with a book; undefined: nothing. */
function faultOf(book: KeptBook): string | undefined {
  const { depth, sync } = book
  if (sync !== BookSync.live && depth.bids.count + depth.asks.count > 0) return 'lost and not empty'
  if (sync === BookSync.live && book.loss !== 0) return 'live and lost'
  if (book.losses > book.snapshots || book.gaps > book.losses) return 'more losses than lives'
  if (book.checksumFaults > book.checksums) return 'more checksum faults than checksums'
  return sideFault(depth.bids, 1) ?? sideFault(depth.asks, -1)
}

function sideFault(side: DepthSide, sign: number): string | undefined {
  const { prices, sizes, count } = side
  for (let at = 0; at < count; at++) {
    if (!Number.isSafeInteger(prices[at]) || prices[at] < 0) return `price ${prices[at]}`
    if (!Number.isSafeInteger(sizes[at]) || sizes[at] <= 0) return `size ${sizes[at]}`
    if (at > 0 && sign * prices[at] <= sign * prices[at - 1]) return `not sorted at ${at} of ${count}`
  }
  return undefined
}

/** Counts, ends and numbers of a book: cheap enough for every book and frame. */
function quickSum({ depth, sync, known, snapshots, updates, repeated, losses }: KeptBook): number {
  const { bids, asks } = depth
  return (
    bids.count * 3 +
    asks.count * 5 +
    bids.bestPrice * 7 +
    asks.bestPrice * 11 +
    bids.bestSize * 13 +
    asks.bestSize * 17 +
    known * 19 +
    snapshots * 23 +
    updates * 29 +
    repeated * 31 +
    losses * 37 +
    sync
  )
}

/** Every level of a book (FNV-1a of its 64-bit words, folded). */
function fullSum({ depth }: KeptBook): number {
  let sum = 0x811c9dc5
  for (const side of [depth.bids, depth.asks]) {
    for (const column of [side.prices, side.sizes]) {
      const words = new Uint32Array(column.buffer, column.byteOffset, side.count * 2)
      for (let at = 0; at < words.length; at++) sum = Math.imul(sum ^ words[at], 0x01000193)
    }
  }
  return sum >>> 0
}
