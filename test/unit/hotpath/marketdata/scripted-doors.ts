/** Doors whose other side a test plays: requests wait for their answers, sockets for what they are told. Time is the test's. */
import {
  Delivery,
  type HttpDoor,
  type SocketDoor,
  type SocketEvents,
  type VenueAnswer,
  type VenueRequest,
  type VenueSocket,
} from '../../../../hotpath/venues/door/venue-doors.ts'
import { Prng } from '../../../../shared/prng.ts'
import { type MonoNs, NS_PER_MS } from '../../../../shared/units/time.ts'
import { VirtualClock } from '../venues/paper/paper-world.ts'

export class ScriptedSocket implements VenueSocket {
  readonly url: string
  readonly events: SocketEvents
  readonly sent: string[] = []
  isClosed = false

  constructor(url: string, events: SocketEvents) {
    this.url = url
    this.events = events
  }

  send(text: string): boolean {
    this.sent.push(text)
    return true
  }

  close(): void {
    this.isClosed = true
  }

  say(message: object): void {
    this.events.onMessage(Buffer.from(JSON.stringify(message)), true)
  }
}

interface Asked {
  readonly request: VenueRequest
  readonly done: (answer: VenueAnswer) => void
}

export class ScriptedDoors implements HttpDoor, SocketDoor {
  readonly clock = new VirtualClock()
  readonly chance = new Prng(5)
  readonly sockets: ScriptedSocket[] = []
  /** Requests so far, 'GET https://...'. */
  readonly asked: string[] = []
  readonly #waiting: Asked[] = []

  get doors() {
    return { http: this, sockets: this, clock: this.clock, chance: this.chance }
  }

  get nowNs(): MonoNs {
    return this.clock.monoNs()
  }

  pass(ms: number): MonoNs {
    this.clock.ns += ms * NS_PER_MS
    return this.nowNs
  }

  send(request: VenueRequest, done: (answer: VenueAnswer) => void): void {
    this.asked.push(`${request.method} ${request.url}`)
    this.#waiting.push({ request, done })
  }

  open(url: string, _headers: Readonly<Record<string, string>>, events: SocketEvents): VenueSocket {
    const socket = new ScriptedSocket(url, events)
    this.sockets.push(socket)
    return socket
  }

  /** Requests that wait for an answer. */
  get waiting(): readonly VenueRequest[] {
    return this.#waiting.map(({ request }) => request)
  }

  /** Answers everything that waits; undefined goes on waiting. */
  answer(reply: (request: VenueRequest) => { status?: number; body?: string; lost?: string } | undefined): void {
    for (const asked of this.#waiting.splice(0)) {
      const told = reply(asked.request)
      if (told === undefined) this.#waiting.push(asked)
      else if (told.lost !== undefined) asked.done({ delivery: Delivery.lost, status: 0, headers: {}, body: told.lost })
      else {
        const { status = 200, body = '' } = told
        asked.done({ delivery: Delivery.answered, status, headers: {}, body })
      }
    }
  }
}
