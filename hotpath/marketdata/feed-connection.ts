/**
 * One socket to a venue's market data and the books it carries: opens it, subscribes within the venue's limits, answers
 * pings, notices silence, opens it again later and later, and has single books told anew when they are lost. Turns only: time,
 * chance and the network are handed in.
 */
import type { Clock } from '../../shared/clock.ts'
import type { Prng } from '../../shared/prng.ts'
import { type MonoNs, NS_PER_MS, NS_PER_S, US_PER_MS } from '../../shared/units/time.ts'
import {
  Delivery,
  type HttpDoor,
  type SocketDoor,
  type VenueAnswer,
  type VenueSocket,
} from '../venues/door/venue-doors.ts'
import { type FeedDecoder, type FeedVenue, FrameVerdict, frameVerdictNames } from '../venues/feed/feed-venue.ts'
import { SymbolTable } from '../venues/feed/symbol-table.ts'
import { BookKeeper, BookLoss, BookSync, type KeeperEvents } from './book-keeper.ts'
import { isStrange } from './capture-player.ts'
import { FrameSamples } from './frame-samples.ts'

/** First and longest wait before a connection or a book is tried again; each wait is doubled and jittered. */
const RETRY_FIRST_NS = 500 * NS_PER_MS
const RETRY_LAST_NS = 60 * NS_PER_S
/** A connection that told something for this long begins its waits anew. */
const STEADY_NS = 30 * NS_PER_S
const OPEN_NS_MAX = 15 * NS_PER_S
const ANSWER_MS_MAX = 10_000
/** Books asked for over HTTP at once, of one venue: the others wait their turn. */
const SNAPSHOTS_AT_ONCE = 2
/** A book that was asked for and has not come: asked again. */
const SNAPSHOT_NS_MAX = 15 * NS_PER_S

export interface FeedDoors {
  readonly http: HttpDoor
  readonly sockets: SocketDoor
  readonly clock: Clock
  readonly chance: Prng
}

/** Everything that passed, for recorders. */
export interface FeedTap {
  onConnect(connection: string, url: string): void
  onSend(connection: string, text: string): void
  onFrame(connection: string, bytes: Uint8Array, isText: boolean): void
  onHttp(connection: string, url: string, body: string): void
}

export interface FeedConnectionOptions {
  readonly venue: FeedVenue
  /** The venue's names of the instruments. */
  readonly names: readonly string[]
  readonly doors: FeedDoors
  readonly events: KeeperEvents
  /** Another house for the same addresses: an emulator, a proxy. */
  readonly readdress?: (url: string) => string
  readonly tap?: FeedTap
  /** Name of this connection in recordings and messages: 'binance.1'. */
  readonly name: string
}

export const LinkState = { waiting: 0, opening: 1, open: 2, closed: 3 } as const
export type LinkState = (typeof LinkState)[keyof typeof LinkState]

const Timer = { next: 0, wait: 1, opened: 2, heard: 3, pinged: 4, allowance: 5, allowedNs: 6, openedUs: 7 } as const

export class FeedConnection {
  readonly venue: FeedVenue
  readonly symbols: SymbolTable
  readonly keeper: BookKeeper
  readonly name: string
  readonly #options: FeedConnectionOptions
  #state: LinkState = LinkState.waiting
  #socket: VenueSocket | undefined
  #decoder: FeedDecoder
  /** Counts sockets: what an older one says is not heard. */
  #generation = 0
  readonly #times = new Float64Array(8)
  #toSend: string[] = []
  #snapshotsAsked = 0
  /** By symbol: when its book is to be asked for (0: not), how long the last wait was, and whether it is on its way. */
  readonly #dueNs: Float64Array
  readonly #waitNs: Float64Array
  readonly #askedNs: Float64Array
  readonly #settledNs: Float64Array
  #isAnyDue = false
  /** Why it is not open, for people; '' while it is. */
  trouble = ''
  readonly verdicts = new Float64Array(frameVerdictNames.length)
  /** Frames that were not what this venue's must be, the first few of each kind. */
  readonly samples = new FrameSamples()
  frames = 0
  opens = 0
  resyncs = 0
  /** Smoothed local minus venue time of book messages, microseconds; NaN before the first. */
  readonly #delayUs = new Float64Array([Number.NaN])

  constructor(options: FeedConnectionOptions) {
    const { venue, names } = options
    this.#options = options
    this.venue = venue
    this.name = options.name
    this.symbols = new SymbolTable(names)
    this.#decoder = venue.decoder(this.symbols)
    this.#dueNs = new Float64Array(names.length)
    this.#waitNs = new Float64Array(names.length)
    this.#askedNs = new Float64Array(names.length)
    this.#settledNs = new Float64Array(names.length)
    this.keeper = new BookKeeper(venue, {
      onBookChanged: (symbol, book, isAnew) => {
        if (isAnew) this.#settled(symbol)
        this.#noteDelay(book.timeUs)
        options.events.onBookChanged(symbol, book, isAnew)
      },
      onBookLost: (symbol, book) => {
        if (this.#state === LinkState.open && book.loss !== BookLoss.disconnected) this.#ask(symbol)
        options.events.onBookLost(symbol, book)
      },
      onTrade: (message) => options.events.onTrade(message),
      onQuote: (message) => options.events.onQuote(message),
      onState: (message) => options.events.onState(message),
    })
  }

  get state(): LinkState {
    return this.#state
  }

  get delayUs(): number {
    return this.#delayUs[0]
  }

  /** Nanoseconds of our clock when anything came last; 0: never. */
  get heardNs(): number {
    return this.#times[Timer.heard]
  }

  /** Opens what is due, speaks, listens for silence. Answers how much was done. */
  work(nowNs: MonoNs): number {
    switch (this.#state) {
      case LinkState.waiting:
        return nowNs >= this.#times[Timer.next] ? this.#open(nowNs) : 0
      case LinkState.opening:
        return nowNs - this.#times[Timer.opened] > OPEN_NS_MAX ? this.#drop('no answer to the connection', nowNs) : 0
      case LinkState.open:
        return this.#keep(nowNs)
      default:
        return 0
    }
  }

  /** For good. */
  close(): void {
    this.#generation++
    this.#state = LinkState.closed
    this.#socket?.close()
    this.#socket = undefined
  }

  /** This book is not to be believed: have it told anew. */
  renew(symbol: number): void {
    if (this.keeper.book(symbol).sync === BookSync.live) this.keeper.lose(symbol, BookLoss.stale)
  }

  #open(nowNs: MonoNs): number {
    const { ticket } = this.venue.connection
    this.#state = LinkState.opening
    this.#times[Timer.opened] = nowNs
    const generation = ++this.#generation
    if (ticket === undefined) {
      this.#connect(this.venue.connection.url(this.#options.names), generation)
      return 1
    }
    const url = this.#readdress(ticket.url)
    this.#request(url, ticket.method, (answer) => {
      if (generation !== this.#generation) return
      const address = answer.delivery === Delivery.answered ? ticket.read(answer.body) : undefined
      if (address !== undefined) this.#connect(address, generation)
      else this.#drop(`no ticket: ${answer.status === 0 ? answer.body : `HTTP ${answer.status}`}`, this.#nowNs)
    })
    return 1
  }

  #connect(address: string, generation: number): void {
    const url = this.#readdress(address)
    const isOurs = () => generation === this.#generation
    this.#socket = this.#options.doors.sockets.open(
      url,
      {},
      {
        onOpen: () => {
          if (isOurs()) this.#opened(url)
        },
        onMessage: (bytes, isText) => {
          if (isOurs()) this.#frame(bytes, isText)
        },
        onClose: (reason) => {
          if (isOurs()) this.#drop(reason, this.#nowNs)
        },
      },
    )
  }

  #opened(url: string): void {
    const { names, tap } = this.#options
    const nowNs = this.#nowNs
    this.#state = LinkState.open
    this.trouble = ''
    this.opens++
    this.#decoder = this.venue.decoder(this.symbols)
    this.#times[Timer.opened] = nowNs
    this.#times[Timer.heard] = nowNs
    this.#times[Timer.pinged] = nowNs
    this.#times[Timer.allowance] = 1
    this.#times[Timer.allowedNs] = nowNs
    tap?.onConnect(this.name, url)
    this.#waitNs.fill(0)
    this.#toSend = [...this.venue.connection.subscribe(names)]
    for (let symbol = 0; symbol < names.length; symbol++) {
      this.keeper.book(symbol)
      if (this.venue.snapshotUrl !== undefined) this.#ask(symbol)
    }
    this.#say(nowNs)
  }

  #frame(bytes: Uint8Array, isText: boolean): void {
    const { tap } = this.#options
    const nowNs = this.#nowNs
    this.frames++
    this.#times[Timer.heard] = nowNs
    tap?.onFrame(this.name, bytes, isText)
    const reply = this.venue.connection.pong?.(bytes)
    if (reply !== undefined) {
      this.#send(reply)
      this.verdicts[FrameVerdict.heartbeat]++
      return
    }
    this.keeper.setTime(nowNs)
    const verdict = this.#decoder.decode(bytes, this.keeper)
    this.verdicts[verdict]++
    if (isStrange(verdict)) this.samples.keep(frameVerdictNames[verdict], bytes)
    if (verdict === FrameVerdict.malformed) this.keeper.onMalformed()
  }

  #keep(nowNs: MonoNs): number {
    const { pingMs, ping, silenceMs } = this.venue.connection
    if (nowNs - this.#times[Timer.heard] > silenceMs * NS_PER_MS)
      return this.#drop(`silent for ${silenceMs / 1_000} s`, nowNs)
    let done = this.#say(nowNs)
    if (ping !== undefined && pingMs !== undefined && nowNs - this.#times[Timer.pinged] >= pingMs * NS_PER_MS) {
      this.#times[Timer.pinged] = nowNs
      this.#send(ping(Math.floor(this.#options.doors.clock.epochUs() / US_PER_MS)))
      done++
    }
    if (nowNs - this.#times[Timer.opened] > STEADY_NS) this.#times[Timer.wait] = 0
    return done + this.#renewDue(nowNs)
  }

  /** What waits to be said, as fast as the venue allows. */
  #say(nowNs: number): number {
    const { sendsPerSecond } = this.venue.connection
    const gained = ((nowNs - this.#times[Timer.allowedNs]) / NS_PER_S) * sendsPerSecond
    this.#times[Timer.allowedNs] = nowNs
    this.#times[Timer.allowance] = Math.min(sendsPerSecond, this.#times[Timer.allowance] + gained)
    let said = 0
    while (this.#toSend.length > 0 && this.#times[Timer.allowance] >= 1) {
      this.#times[Timer.allowance] -= 1
      this.#send(this.#toSend.shift() as string)
      said++
    }
    return said
  }

  #send(text: string): void {
    this.#options.tap?.onSend(this.name, text)
    this.#socket?.send(text)
  }

  /** Has a book told anew, later each time it did not help. */
  #ask(symbol: number): void {
    if (this.venue.isSnapshotOnly === true) return
    if (this.#dueNs[symbol] !== 0 && this.#askedNs[symbol] === 0) return
    const nowNs = this.#nowNs
    const held = this.#settledNs[symbol] !== 0 && nowNs - this.#settledNs[symbol] > STEADY_NS
    const wait = held ? 0 : this.#waitNs[symbol]
    this.#waitNs[symbol] = Math.min(RETRY_LAST_NS, wait === 0 ? RETRY_FIRST_NS : wait * 2)
    const jitter = 0.5 + this.#options.doors.chance.nextFloat() / 2
    this.#dueNs[symbol] = nowNs + Math.round(wait * jitter) + 1
    this.#askedNs[symbol] = 0
    this.#settledNs[symbol] = 0
    this.#isAnyDue = true
  }

  #renewDue(nowNs: number): number {
    if (!this.#isAnyDue) return 0
    let done = 0
    let isAnyDue = false
    for (let symbol = 0; symbol < this.#dueNs.length; symbol++) {
      if (this.#dueNs[symbol] === 0) continue
      isAnyDue = true
      if (this.#askedNs[symbol] !== 0) {
        if (nowNs - this.#askedNs[symbol] > SNAPSHOT_NS_MAX) this.#ask(symbol)
      } else if (nowNs >= this.#dueNs[symbol]) done += this.#askNow(symbol, nowNs)
    }
    this.#isAnyDue = isAnyDue
    return done
  }

  #askNow(symbol: number, nowNs: number): number {
    const { venue } = this
    const name = this.symbols.names[symbol]
    if (venue.snapshotUrl !== undefined) {
      if (this.#snapshotsAsked >= SNAPSHOTS_AT_ONCE) return 0
      this.#askedNs[symbol] = nowNs
      this.#askOverHttp(symbol, this.#readdress(venue.snapshotUrl(name)))
      return 1
    }
    this.#askedNs[symbol] = nowNs
    this.resyncs++
    const { resubscribe } = venue.connection
    if (resubscribe === undefined) return this.#drop('one book must be told anew', nowNs)
    this.#toSend.push(...resubscribe(name))
    return 1
  }

  #askOverHttp(symbol: number, url: string): void {
    const generation = this.#generation
    if (this.keeper.book(symbol).snapshots > 0) this.resyncs++
    this.#snapshotsAsked++
    this.#request(url, 'GET', (answer) => {
      this.#snapshotsAsked--
      if (generation !== this.#generation) return
      const isAnswered = answer.delivery === Delivery.answered && answer.status === 200
      if (!isAnswered) {
        this.trouble = `no book: ${answer.status === 0 ? answer.body : `HTTP ${answer.status}`}`
        this.#ask(symbol)
        return
      }
      this.keeper.setTime(this.#nowNs)
      const verdict = this.#decoder.decodeSnapshot?.(Buffer.from(answer.body), symbol, this.keeper)
      if (verdict !== FrameVerdict.parsed) this.#ask(symbol)
    })
  }

  #request(url: string, method: 'GET' | 'POST', done: (answer: VenueAnswer) => void): void {
    const { doors, tap } = this.#options
    doors.http.send({ method, url, headers: {}, body: '', timeoutMs: ANSWER_MS_MAX }, (answer) => {
      if (answer.delivery === Delivery.answered) tap?.onHttp(this.name, url, answer.body)
      done(answer)
    })
  }

  /** The book has been told anew: nothing is due; if it holds for a while, its next loss begins with a short wait. */
  #settled(symbol: number): void {
    this.#dueNs[symbol] = 0
    this.#askedNs[symbol] = 0
    if (this.#settledNs[symbol] === 0) this.#settledNs[symbol] = this.#nowNs
    this.trouble = ''
  }

  #drop(reason: string, nowNs: number): number {
    this.#generation++
    this.#socket?.close()
    this.#socket = undefined
    this.#state = LinkState.waiting
    this.trouble = reason === '' ? 'closed by the venue' : reason
    this.#toSend = []
    this.#dueNs.fill(0)
    this.#askedNs.fill(0)
    const wait = this.#times[Timer.wait]
    this.#times[Timer.wait] = Math.min(RETRY_LAST_NS, wait === 0 ? RETRY_FIRST_NS : wait * 2)
    const jitter = 0.5 + this.#options.doors.chance.nextFloat() / 2
    this.#times[Timer.next] = nowNs + Math.round(this.#times[Timer.wait] * jitter)
    this.keeper.loseAll(BookLoss.disconnected)
    return 1
  }

  #noteDelay(timeUs: number): void {
    if (timeUs <= 0) return
    const delay = this.#options.doors.clock.epochUs() - timeUs
    const before = this.#delayUs[0]
    this.#delayUs[0] = Number.isNaN(before) ? delay : before + (delay - before) / 16
  }

  #readdress(url: string): string {
    return this.#options.readdress?.(url) ?? url
  }

  get #nowNs(): MonoNs {
    return this.#options.doors.clock.monoNs()
  }
}
