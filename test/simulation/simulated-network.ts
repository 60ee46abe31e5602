/**
 * The network between router and paper exchange: frames late, lost, twice, out of order, and connections that break.
 * Faults hit single frames, as on links of many connections; the greeting always gets through.
 */
import { FrameReader } from '../../hotpath/venues/paper/frame-reader.ts'
import type { PaperExchange } from '../../hotpath/venues/paper/paper-exchange.ts'
import { FrameKind, frameBytes, frameKind } from '../../hotpath/venues/paper/paper-frame.ts'
import type { PaperSession } from '../../hotpath/venues/paper/paper-session.ts'
import type { Pipe, PipeEvents } from '../../hotpath/venues/paper/pipe.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Prng } from '../../shared/prng.ts'
import type { Faults } from './faults.ts'

const FRAME_BYTES_MAX = 2 ** 25
const HEARD_ANYWAY: readonly number[] = [FrameKind.hello, FrameKind.welcome, FrameKind.subscribe, FrameKind.reconcile]

interface Packet {
  readonly atNs: number
  readonly serial: number
  readonly bytes: Uint8Array
}

/** One direction: whole frames, each with its own fate. */
class Wire {
  readonly #network: SimulatedNetwork
  readonly #packets: Packet[] = []
  readonly #reader = new FrameReader(FRAME_BYTES_MAX)
  readonly #tap: ((bytes: Uint8Array, isExtra: boolean) => void) | undefined
  #lastNs = 0
  #serial = 0

  constructor(network: SimulatedNetwork, tap?: (bytes: Uint8Array, isExtra: boolean) => void) {
    this.#network = network
    this.#tap = tap
  }

  send(bytes: Uint8Array): void {
    this.#reader.read(bytes, {
      onFrame: (view, at) => {
        const size = frameBytes(view, at)
        this.#sendFrame(new Uint8Array(view.buffer, view.byteOffset + at, size).slice(), frameKind(view, at))
        return true
      },
    })
  }

  /** Everything due, in order of arrival. */
  receive(nowNs: number): Uint8Array[] {
    const due = this.#packets.filter(({ atNs }) => atNs <= nowNs).sort((a, b) => a.atNs - b.atNs || a.serial - b.serial)
    for (const packet of due) this.#packets.splice(this.#packets.indexOf(packet), 1)
    return due.map(({ bytes }) => bytes)
  }

  #sendFrame(bytes: Uint8Array, kind: number): void {
    const { faults, chance } = this.#network
    this.#tap?.(bytes, false)
    if (!faults.active || HEARD_ANYWAY.includes(kind)) {
      this.#push(bytes, this.#inOrder(faults.active ? chance.nextExponential(faults.delayNs) : 1_000))
      return
    }
    if (chance.chance(faults.drop)) return
    const delayNs = chance.nextExponential(faults.delayNs)
    this.#push(bytes, chance.chance(faults.reorder) ? this.#network.nowNs + delayNs : this.#inOrder(delayNs))
    if (!chance.chance(faults.duplicate)) return
    this.#tap?.(bytes, true)
    this.#push(bytes, this.#network.nowNs + chance.nextExponential(faults.delayNs * 4))
  }

  #inOrder(delayNs: number): number {
    this.#lastNs = Math.max(this.#lastNs, this.#network.nowNs + delayNs)
    return this.#lastNs
  }

  #push(bytes: Uint8Array, atNs: number): void {
    this.#packets.push({ atNs, serial: this.#serial++, bytes })
  }
}

class Connection implements Pipe {
  readonly unsentBytes = 0
  readonly #events: PipeEvents
  readonly #session: PaperSession | undefined
  readonly #clock: Clock
  readonly #up: Wire
  readonly #down: Wire
  #isOpen = false
  isDead = false

  constructor(network: SimulatedNetwork, events: PipeEvents, session: PaperSession | undefined, clock: Clock) {
    this.#events = events
    this.#session = session
    this.#clock = clock
    this.#up = new Wire(network, network.onSent)
    this.#down = new Wire(network)
  }

  send(bytes: Uint8Array): void {
    if (!this.isDead) this.#up.send(bytes)
  }

  close(): void {
    this.break()
  }

  /** What is under way towards the exchange may still arrive; nothing comes back. */
  break(): void {
    if (this.isDead) return
    this.isDead = true
    this.#session?.close()
    this.#events.onClose()
  }

  /** The process at the router's end is gone: no event is heard. */
  abandon(): void {
    this.isDead = true
    this.#session?.close()
  }

  turn(nowNs: number): void {
    if (this.isDead) return
    if (this.#session === undefined) {
      this.break()
      return
    }
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#events.onOpen()
    }
    for (const bytes of this.#up.receive(nowNs)) this.#session.receive(bytes, this.#clock.monoNs())
    const out = this.#session.take()
    if (out.length > 0) this.#down.send(out)
    if (!this.#session.isOpen) {
      this.break()
      return
    }
    for (const bytes of this.#down.receive(nowNs)) if (!this.isDead) this.#events.onBytes(bytes)
  }
}

export class SimulatedNetwork {
  readonly faults: Faults
  readonly chance: Prng
  readonly #exchange: PaperExchange
  readonly #clock: Clock
  readonly #connections: Connection[] = []
  /** Every frame towards the exchange; true: a copy that the network made. */
  onSent: (bytes: Uint8Array, isExtra: boolean) => void = () => undefined

  constructor(exchange: PaperExchange, faults: Faults, chance: Prng, clock: Clock) {
    this.#exchange = exchange
    this.faults = faults
    this.chance = chance
    this.#clock = clock
  }

  get nowNs(): number {
    return this.#clock.monoNs()
  }

  open(events: PipeEvents): Pipe {
    const refused = this.faults.active && this.chance.chance(this.faults.refuse)
    const session = refused ? undefined : this.#exchange.connect()
    const connection = new Connection(this, events, session, this.#clock)
    this.#connections.push(connection)
    return connection
  }

  /** One turn: maybe a break, then everything due. */
  work(nowNs: number): void {
    const { faults, chance } = this
    for (const connection of [...this.#connections]) {
      if (faults.active && chance.chance(faults.disconnect)) connection.break()
      connection.turn(nowNs)
      if (connection.isDead) this.#connections.splice(this.#connections.indexOf(connection), 1)
    }
  }

  /** The router's process died. */
  abandonAll(): void {
    for (const connection of this.#connections) connection.abandon()
    this.#connections.length = 0
  }
}
