/**
 * The account's stream at one venue, in turns: time, ticket, socket, login, subscriptions, ready; pings while it lives, and
 * after every end a longer wait with jitter. What is said on it goes to the reporter.
 */
import type { Clock } from '../../../shared/clock.ts'
import type { Prng } from '../../../shared/prng.ts'
import { type MonoNs, NS_PER_MS, NS_PER_S } from '../../../shared/units/time.ts'
import { Delivery, type SocketDoor, type VenueSocket } from '../door/venue-doors.ts'
import type { DialectGuard } from './dialect-guard.ts'
import type { NativeCounters } from './native-counters.ts'
import type { NamedOrder, OrderNews, PrivateStream, VenueSymbol } from './order-dialect.ts'
import type { RequestDesk } from './request-desk.ts'
import type { VenueTime } from './venue-time.ts'

const RETRY_FIRST_NS = 100 * NS_PER_MS
const RETRY_LAST_NS = 30 * NS_PER_S
/** A stream that lived this long was not refused: the next wait starts short again. */
const HEALTHY_NS = 10 * NS_PER_S
/** From the first request to 'ready'. */
const OPEN_NS = 15 * NS_PER_S
/** Unheard for this many pings: dead. */
const SILENT_PINGS = 3
const MESSAGE_BYTES_MAX = 4 * 1_048_576

const Stage = { waiting: 0, opening: 1, ready: 2, closed: 3 } as const
type Stage = (typeof Stage)[keyof typeof Stage]

const Slot = { openNs: 0, waitNs: 1, startedNs: 2, heardNs: 3, pingNs: 4, keepNs: 5, readyNs: 6, count: 7 } as const

export interface SessionParts {
  readonly stream: PrivateStream
  readonly sockets: SocketDoor
  readonly desk: RequestDesk
  readonly time: VenueTime
  readonly clock: Clock
  readonly chance: Prng
  readonly symbols: readonly VenueSymbol[]
  readonly news: OrderNews
  readonly counters: NativeCounters
  readonly guard: DialectGuard
  readonly onUp: () => void
  readonly onDown: () => void
  /** The stream says that something happened to these orders, and not what. */
  readonly onAsk: (orders: readonly NamedOrder[]) => void
}

export class PrivateSession {
  readonly #parts: SessionParts
  readonly #times = new Float64Array(Slot.count)
  #stage: Stage = Stage.waiting
  /** Counts attempts: news of an older one is not heard. */
  #attempt = 0
  #socket: VenueSocket | undefined
  #ticket = ''

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  get isReady(): boolean {
    return this.#stage === Stage.ready
  }

  work(nowNs: MonoNs): number {
    if (this.#stage === Stage.waiting && nowNs >= this.#times[Slot.openNs]) {
      this.#start(nowNs)
      return 1
    }
    if (this.#stage === Stage.opening && nowNs - this.#times[Slot.startedNs] > OPEN_NS) {
      this.#fail()
      return 1
    }
    return this.#stage === Stage.ready ? this.#keepAlive(nowNs) : 0
  }

  /** For good. */
  close(): void {
    if (this.#stage === Stage.closed) return
    this.#fail()
    this.#stage = Stage.closed
  }

  #start(nowNs: MonoNs): void {
    const attempt = ++this.#attempt
    this.#stage = Stage.opening
    this.#times[Slot.startedNs] = nowNs
    this.#parts.time.measure((isKnown) => {
      if (attempt !== this.#attempt) return
      if (isKnown) this.#askTicket(attempt)
      else this.#fail()
    })
  }

  #askTicket(attempt: number): void {
    const { stream, desk, time, guard } = this.#parts
    if (stream.ticket === undefined || stream.onTicket === undefined) {
      this.#open(attempt, '')
      return
    }
    const isSent = desk.send(stream.ticket(time.nowMs()), (answer, isLate) => {
      if (isLate || attempt !== this.#attempt) return
      // No sample is kept of it: a ticket opens the stream.
      const ticket =
        answer.delivery === Delivery.answered ? guard.read('a ticket', () => stream.onTicket?.(answer)) : undefined
      if (ticket === undefined) this.#fail()
      else this.#open(attempt, ticket)
    })
    if (!isSent) this.#fail()
  }

  #open(attempt: number, ticket: string): void {
    const { stream, sockets, counters } = this.#parts
    this.#ticket = ticket
    counters.connects++
    this.#socket = sockets.open(
      stream.url(ticket),
      {},
      {
        onOpen: () => {
          if (attempt === this.#attempt) this.#greet()
        },
        onMessage: (bytes, isText) => {
          if (attempt === this.#attempt) this.#hear(bytes, isText)
        },
        onClose: () => {
          if (attempt === this.#attempt) this.#fail()
        },
      },
    )
  }

  #greet(): void {
    const words = this.#parts.stream.hello(this.#parts.time.nowMs())
    if (words.length === 0) this.#subscribe()
    else this.#say(words)
  }

  #subscribe(): void {
    const { stream, symbols, time } = this.#parts
    this.#say(stream.subscribe(symbols, time.nowMs(), this.#ticket))
  }

  #say(words: readonly string[]): void {
    for (const text of words) {
      if (this.#socket?.send(text) === false) {
        this.#fail()
        return
      }
    }
  }

  #hear(bytes: Uint8Array, isText: boolean): void {
    const { stream, news, time, counters, clock, guard } = this.#parts
    this.#times[Slot.heardNs] = clock.monoNs()
    if (!isText || bytes.length > MESSAGE_BYTES_MAX) {
      counters.noteNonsense('a message that is not text, or too long')
      return
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    const said = guard.read(text, () => stream.onMessage(text, news, time.nowMs()))
    if (said === undefined) return
    if (typeof said === 'object') {
      if ('reply' in said) this.#say([said.reply])
      else this.#parts.onAsk(said.ask)
    } else if (said === 'loggedIn') this.#subscribe()
    else if (said === 'ready') this.#becomeReady()
    else if (said === 'refused') this.#fail()
    else if (said === 'nonsense') counters.noteNonsense(text)
  }

  #becomeReady(): void {
    if (this.#stage !== Stage.opening) return
    const nowNs = this.#parts.clock.monoNs()
    this.#stage = Stage.ready
    this.#times[Slot.readyNs] = nowNs
    this.#times[Slot.heardNs] = nowNs
    this.#times[Slot.pingNs] = nowNs
    this.#times[Slot.keepNs] = nowNs
    this.#parts.onUp()
  }

  #keepAlive(nowNs: MonoNs): number {
    const { stream, time } = this.#parts
    const pingNs = (stream.pingMs ?? 0) * NS_PER_MS
    if (pingNs > 0 && nowNs - this.#times[Slot.heardNs] > pingNs * SILENT_PINGS) {
      this.#fail()
      return 1
    }
    let done = 0
    if (pingNs > 0 && stream.ping !== undefined && nowNs - this.#times[Slot.pingNs] >= pingNs) {
      this.#times[Slot.pingNs] = nowNs
      this.#say([stream.ping(time.nowMs())])
      done++
    }
    if (stream.keep !== undefined && nowNs - this.#times[Slot.keepNs] >= (stream.keepMs ?? 0) * NS_PER_MS) {
      this.#times[Slot.keepNs] = nowNs
      this.#renew()
      done++
    }
    return done
  }

  /** A ticket that the venue does not renew is no ticket: a new stream gets a new one. */
  #renew(): void {
    const { stream, desk, time } = this.#parts
    const attempt = this.#attempt
    if (stream.keep === undefined) return
    desk.send(stream.keep(this.#ticket, time.nowMs()), (answer, isLate) => {
      if (isLate || attempt !== this.#attempt || answer.delivery !== Delivery.answered) return
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) this.#fail()
    })
  }

  /** This attempt is over; the next one comes later, each time later, never in step with others. */
  #fail(): void {
    const { counters, chance, clock, desk } = this.#parts
    const wasReady = this.#stage === Stage.ready
    const nowNs = clock.monoNs()
    this.#attempt++
    this.#stage = Stage.waiting
    const wasHealthy = wasReady && nowNs - this.#times[Slot.readyNs] >= HEALTHY_NS
    const before = wasHealthy ? 0 : this.#times[Slot.waitNs]
    const waitNs = Math.min(RETRY_LAST_NS, Math.max(RETRY_FIRST_NS, before * 2))
    this.#times[Slot.waitNs] = waitNs
    const openNs = nowNs + Math.round((waitNs * (1 + chance.nextFloat())) / 2)
    this.#times[Slot.openNs] = Math.max(openNs, desk.heldUntilNs)
    this.#socket?.close()
    this.#socket = undefined
    this.#ticket = ''
    if (!wasReady) return
    counters.disconnects++
    this.#parts.onDown()
  }
}
