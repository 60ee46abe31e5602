/**
 * The doors of venue-doors.ts onto emulators in the same thread: every byte takes a latency each way under the caller's
 * clock, and the line can be cut and mended. For simulation and conformance; nothing here does I/O.
 */
import { assert } from '../../../shared/assert.ts'
import { type MonoNs, NS_PER_MS } from '../../../shared/units/time.ts'
import {
  Delivery,
  type HttpDoor,
  type SocketDoor,
  type SocketEvents,
  type VenueAnswer,
  type VenueRequest,
  type VenueSocket,
} from '../door/venue-doors.ts'
import type { OpenedEmulator } from './emulator-entry.ts'
import { AnswerFate, failedAnswer } from './emulator-faults.ts'
import type { EmulatorConversation, EmulatorPeer } from './venue-emulator.ts'

export interface EmulatorRoute {
  /** 'https://api.binance.com': how the addresses of this venue begin, before the path. */
  readonly origin: string
  readonly emulator: OpenedEmulator
}

interface Due {
  readonly ns: number
  readonly run: () => void
}

class Line {
  readonly emulator: OpenedEmulator
  readonly events: SocketEvents
  conversation: EmulatorConversation | undefined
  isClosed = false

  constructor(emulator: OpenedEmulator, events: SocketEvents) {
    this.emulator = emulator
    this.events = events
  }
}

export class EmulatorDoors implements HttpDoor, SocketDoor {
  readonly #routes: readonly EmulatorRoute[]
  readonly #latencyNs: number
  /** By time; of one time in the order asked for. */
  readonly #due: Due[] = []
  readonly #lines = new Set<Line>()
  readonly #times = new Float64Array(1)
  readonly #encoder = new TextEncoder()
  #isCut = false

  /** One way, nanoseconds. */
  constructor(routes: readonly EmulatorRoute[], latencyNs: number) {
    this.#routes = routes
    this.#latencyNs = latencyNs
  }

  /** Everything up to `nowNs` arrives. Answers how much happened. */
  work(nowNs: MonoNs): number {
    let done = 0
    while (this.#due.length > 0 && this.#due[0].ns <= nowNs) {
      const next = this.#due.shift() as Due
      this.#move(Math.max(this.#times[0], next.ns))
      next.run()
      done++
    }
    return done + this.#move(Math.max(this.#times[0], nowNs))
  }

  /** Nothing passes any more: sockets break, requests under way are lost. */
  cut(): void {
    this.#isCut = true
    for (const line of [...this.#lines]) this.#break(line, 'the network is cut')
  }

  mend(): void {
    this.#isCut = false
  }

  send(request: VenueRequest, done: (answer: VenueAnswer) => void): void {
    const route = this.#routeOf(request.url)
    if (this.#isCut || route === undefined) {
      this.#after(this.#latencyNs, () => done(unanswered(Delivery.notSent, 'unreachable')))
      return
    }
    const lost = (spentNs: number): void => {
      const leftNs = Math.max(0, request.timeoutMs * NS_PER_MS - spentNs)
      this.#after(leftNs, () => done(unanswered(Delivery.lost, 'no answer in time')))
    }
    this.#after(this.#latencyNs, () => {
      if (this.#isCut) lost(this.#latencyNs)
      else this.#execute(route, request, done, lost)
    })
  }

  open(url: string, _headers: Readonly<Record<string, string>>, events: SocketEvents): VenueSocket {
    const route = this.#routeOf(url)
    if (route === undefined) {
      this.#after(this.#latencyNs, () => events.onClose('unreachable'))
      return { send: () => false, close: () => undefined }
    }
    const line = new Line(route.emulator, events)
    this.#after(this.#latencyNs * 2, () => this.#connect(line, url.slice(route.origin.length)))
    return {
      send: (text) => this.#say(line, text),
      close: () => this.#break(line, 'closed by us'),
    }
  }

  #execute(
    { origin, emulator }: EmulatorRoute,
    request: VenueRequest,
    done: (answer: VenueAnswer) => void,
    lost: (spentNs: number) => void,
  ): void {
    const asked = { ...request, target: request.url.slice(origin.length) }
    const answer = emulator.request(asked)
    const { faults } = emulator
    const fate = faults.fateOf(asked)
    const backNs = this.#latencyNs + faults.answerDelayMs * NS_PER_MS
    const isLate = this.#latencyNs + backNs > request.timeoutMs * NS_PER_MS
    if (fate === AnswerFate.dropped || isLate) {
      lost(this.#latencyNs)
      return
    }
    const told = fate === AnswerFate.failed ? failedAnswer : answer
    this.#after(backNs, () => {
      if (this.#isCut) lost(this.#latencyNs + backNs)
      else done({ delivery: Delivery.answered, status: told.status, headers: told.headers, body: told.body })
    })
  }

  #connect(line: Line, target: string): void {
    if (line.isClosed) return
    const peer: EmulatorPeer = {
      send: (text) => this.#hear(line, this.#encoder.encode(text), true),
      sendBinary: (bytes) => this.#hear(line, bytes.slice(), false),
      close: () => this.#break(line, 'closed by the venue'),
    }
    if (!this.#isCut) line.conversation = line.emulator.connect(target, peer)
    if (line.conversation === undefined) {
      this.#break(line, 'unreachable')
      return
    }
    line.emulator.faults.opened(peer)
    this.#lines.add(line)
    line.events.onOpen()
  }

  #say(line: Line, text: string): boolean {
    if (line.isClosed || line.conversation === undefined) return false
    this.#after(this.#latencyNs, () => {
      if (!line.isClosed) line.conversation?.onMessage(text)
    })
    return true
  }

  #hear(line: Line, bytes: Uint8Array, isText: boolean): void {
    this.#after(this.#latencyNs, () => {
      if (!line.isClosed) line.events.onMessage(bytes, isText)
    })
  }

  #break(line: Line, reason: string): void {
    if (line.isClosed) return
    line.isClosed = true
    this.#lines.delete(line)
    line.conversation?.onClose()
    this.#after(0, () => line.events.onClose(reason))
  }

  #routeOf(url: string): EmulatorRoute | undefined {
    return this.#routes.find(({ origin }) => url.startsWith(origin))
  }

  #after(ns: number, run: () => void): void {
    assert(ns >= 0, 'nothing arrives before it was sent')
    const due = { ns: this.#times[0] + ns, run }
    let at = this.#due.length
    while (at > 0 && this.#due[at - 1].ns > due.ns) at--
    this.#due.splice(at, 0, due)
  }

  /** Venues live at the time of what reaches them. */
  #move(ns: number): number {
    this.#times[0] = ns
    let done = 0
    for (const { emulator } of this.#routes) done += emulator.work(ns as MonoNs)
    return done
  }
}

function unanswered(delivery: Delivery, body: string): VenueAnswer {
  return { delivery, status: 0, headers: {}, body }
}
