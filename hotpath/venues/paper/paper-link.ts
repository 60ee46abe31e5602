/**
 * The router's one connection to a paper exchange: adapters write frames into its buffer, `flush` sends them once per turn;
 * news comes back through VenueEvents and the market data door. It reconnects by itself, later each time, never in step
 * with others.
 */
import type { Clock } from '../../../shared/clock.ts'
import type { VenueHealth } from '../../../shared/domain/venue-health.ts'
import type { Duty } from '../../../shared/duty.ts'
import type { Prng } from '../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import { type MonoNs, NS_PER_MS } from '../../../shared/units/time.ts'
import { VenueReport } from '../../orders/venue-report.ts'
import type { VenueEvents } from '../venue-adapter.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { FrameReader, type FrameSink } from './frame-reader.ts'
import { EVERY_INSTRUMENT, writeSubscribe } from './paper-command-frame.ts'
import { FrameKind, frameKind, frameVenue, PAPER_PROTOCOL, readJson, writeJson } from './paper-frame.ts'
import { parseHealth } from './paper-health.ts'
import { type PaperHello, type PaperMarket, parseWelcome } from './paper-hello.ts'
import { isNews, readReport } from './paper-news-frame.ts'
import type { Pipe, PipeOpener } from './pipe.ts'

const KIB = 1_024
const MIB = 1_048_576
/** A welcome with every listing there can be is the longest that an exchange sends. */
const FRAME_BYTES_MAX = 32 * MIB
/** What may wait for one flush, and what may wait in the socket before orders are refused. */
const OUT_BYTES_MAX = 4 * MIB
const UNSENT_BYTES_MAX = MIB
const RETRY_FIRST_NS = 5 * NS_PER_MS
const RETRY_LAST_NS = 1_000 * NS_PER_MS

/** Where book and print frames go. False: the frame makes no sense. */
export interface MarketDataFrames {
  onBook(view: DataView, at: number): boolean
  onPrint(view: DataView, at: number): boolean
  onHealth?(health: readonly VenueHealth[]): void
  /** Nothing is told any more: every book is stale. */
  onDown(): void
}

export interface PaperLinkOptions {
  readonly open: PipeOpener
  readonly account: string
  /** Asked at each connection: a restarted exchange has another one. */
  readonly token: () => string
  /** Books are told with all their levels instead of the best ones. */
  readonly allLevels: boolean
  readonly clock: Clock
  readonly chance: Prng
}

export class PaperLink implements Duty, FrameSink {
  readonly name = 'paper-link'
  readonly #options: PaperLinkOptions
  /** What is to be sent; adapters append to it while the link is up. */
  readonly out = new FrameBuffer(64 * KIB, OUT_BYTES_MAX)
  readonly #report = new VenueReport()
  #reader = new FrameReader(FRAME_BYTES_MAX)
  #pipe: Pipe | undefined
  /** Counts connections: news of an older one is not heard. */
  #connection = 0
  #market: PaperMarket | undefined
  #marketText = ''
  #isWelcome = false
  #events: VenueEvents | undefined
  #marketData: MarketDataFrames | undefined
  #isClosed = false
  /** When to open next, and how long the last wait was; now, of the bytes being read. */
  readonly #times = new Float64Array(3)
  /** Connections lost, and those of them lost because of what came in. */
  downs = 0
  protocolErrors = 0

  constructor(options: PaperLinkOptions) {
    this.#options = options
  }

  /** Known from the first welcome on. */
  get market(): PaperMarket | undefined {
    return this.#market
  }

  /** Connected, welcome and attached: frames may be written. */
  get isUp(): boolean {
    return this.#isWelcome && this.#events !== undefined
  }

  /** When the bytes came that are being read. */
  get receivedNs(): MonoNs {
    return this.#times[2] as MonoNs
  }

  /** Is there room for an order? Otherwise it is not sent, and that is certain. */
  get isSendable(): boolean {
    return this.isUp && this.#pipe !== undefined && this.#pipe.unsentBytes < UNSENT_BYTES_MAX
  }

  /** Once the market is known and everything is built on it: from now on news is delivered. */
  attach(events: VenueEvents, marketData: MarketDataFrames): void {
    this.#events = events
    this.#marketData = marketData
    if (this.#isWelcome) this.#goUp()
  }

  /** Asks for one book from its snapshot on. */
  subscribe(venue: VenueIndex, instrument: InstrumentIndex): boolean {
    return this.isUp && writeSubscribe(this.out, venue, instrument, this.#options.allLevels)
  }

  /** Opens what is due to open and sends what is to be sent. */
  work(nowNs: MonoNs): number {
    if (this.#pipe === undefined && !this.#isClosed && nowNs >= this.#times[0]) this.#open(nowNs)
    return this.flush()
  }

  /** Sends everything written since the last flush. Answers bytes. */
  flush(): number {
    const bytes = this.out.length
    if (bytes === 0 || this.#pipe === undefined) return bytes
    if (this.#pipe.write === undefined) {
      this.#pipe.send(this.out.take())
      return bytes
    }
    this.#pipe.write(this.out.bytes, bytes)
    this.out.clear()
    return bytes
  }

  /** For good. */
  close(): void {
    this.flush()
    this.#isClosed = true
    this.#pipe?.close()
  }

  onFrame(view: DataView, at: number): boolean {
    switch (frameKind(view, at)) {
      case FrameKind.welcome:
        return this.#welcome(view, at)
      case FrameKind.report:
        return this.#isKnown(view, at) && this.#deliver(view, at)
      case FrameKind.book:
        return this.#isKnown(view, at) && this.#marketData!.onBook(view, at)
      case FrameKind.print:
        return this.#isKnown(view, at) && this.#marketData!.onPrint(view, at)
      case FrameKind.health:
        return this.#health(view, at)
      default:
        return false
    }
  }

  #open(nowNs: MonoNs): void {
    const { account, chance, open, token } = this.#options
    const waitNs = Math.min(RETRY_LAST_NS, Math.max(RETRY_FIRST_NS, this.#times[1] * 2))
    this.#times[1] = waitNs
    this.#times[0] = nowNs + Math.round((waitNs * (1 + chance.nextFloat())) / 2)
    const connection = ++this.#connection
    this.#reader = new FrameReader(FRAME_BYTES_MAX)
    this.out.clear()
    this.#pipe = open({
      onOpen: () => {
        const hello: PaperHello = { protocol: PAPER_PROTOCOL, account, token: token() }
        if (connection === this.#connection) writeJson(this.out, FrameKind.hello, hello)
      },
      onBytes: (bytes, length = bytes.length) => {
        if (connection === this.#connection) this.#receive(bytes, length)
      },
      onClose: () => {
        if (connection === this.#connection) this.#goDown()
      },
    })
  }

  #receive(bytes: Uint8Array, length: number): void {
    this.#times[2] = this.#options.clock.monoNs()
    if (this.#reader.read(bytes, this, length)) return
    this.protocolErrors++
    this.#pipe?.close()
    this.#goDown()
  }

  #welcome(view: DataView, at: number): boolean {
    const market = parseMarket(view, at)
    if (market === undefined || this.#isWelcome) return false
    const text = JSON.stringify(market)
    // Everything here is built on the first market: another one behind the same door is not ours.
    if (this.#market !== undefined && text !== this.#marketText) return false
    this.#market = market
    this.#marketText = text
    this.#isWelcome = true
    this.#times[1] = 0
    if (this.#events !== undefined) this.#goUp()
    return true
  }

  #health(view: DataView, at: number): boolean {
    const health = readHealth(view, at)
    if (health !== undefined && this.isUp) this.#marketData!.onHealth?.(health)
    return health !== undefined
  }

  #goUp(): void {
    for (const { index } of this.#market!.venues) {
      writeSubscribe(this.out, index, EVERY_INSTRUMENT, this.#options.allLevels)
    }
    for (const { index } of this.#market!.venues) this.#events!.onVenueUp(index)
  }

  #goDown(): void {
    const wasUp = this.isUp
    this.#connection++
    this.#pipe = undefined
    this.#isWelcome = false
    this.out.clear()
    this.downs++
    if (!wasUp) return
    this.#marketData!.onDown()
    for (const { index } of this.#market!.venues) this.#events!.onVenueDown(index)
  }

  /** News of a venue we know, after the welcome, of the right length. */
  #isKnown(view: DataView, at: number): boolean {
    return this.isUp && isNews(view, at) && frameVenue(view, at) < this.#market!.venues.length
  }

  #deliver(view: DataView, at: number): boolean {
    readReport(view, at, this.#report)
    this.#events!.onVenueReport(this.#report)
    return true
  }
}

function parseMarket(view: DataView, at: number): PaperMarket | undefined {
  try {
    return parseWelcome(readJson(view, at))
  } catch {
    return undefined
  }
}

function readHealth(view: DataView, at: number): readonly VenueHealth[] | undefined {
  try {
    return parseHealth(readJson(view, at))
  } catch {
    return undefined
  }
}
