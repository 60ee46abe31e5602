/** An exchange behind a socket on this machine: reads, turns, writes. Routers come and go; the exchange stays. */
import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../../../shared/clock.ts'
import type { Duty } from '../../../shared/duty.ts'
import { type MonoNs, NS_PER_S } from '../../../shared/units/time.ts'
import type { PaperSession } from './paper-session.ts'

/** What is served: the paper venues, or real ones that speak as they do. */
export interface ServedExchange extends Duty {
  /** Sessions that have said hello and are open. */
  readonly connected: number
  /** A new connection, or undefined when no more are taken. */
  connect(): PaperSession | undefined
  setWallClock(nowNs: MonoNs, nowUs: number): void
}

const TURN_MS = 1
/** Who does not say hello by then is not a router. */
const HELLO_NS_MAX = 5 * NS_PER_S

interface Connection {
  readonly socket: Socket
  readonly session: PaperSession
  readonly openedNs: number
}

export class PaperServer {
  readonly #exchange: ServedExchange
  readonly #clock: Clock
  readonly #orphanNs: number
  readonly #onOrphan: () => void
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  #timer: NodeJS.Timeout | undefined
  /** When a router was last connected. */
  readonly #times = new Float64Array(1)

  /** `onOrphan` is called once when no router has been connected for `orphanSeconds`. */
  constructor(exchange: ServedExchange, clock: Clock, orphanSeconds: number, onOrphan: () => void) {
    this.#exchange = exchange
    this.#clock = clock
    this.#orphanNs = orphanSeconds * NS_PER_S
    this.#onOrphan = onOrphan
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
  }

  /** Listens on 127.0.0.1 and starts the turns; answers the port (0 lets the system choose one). */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
    this.#times[0] = this.#clock.monoNs()
    this.#timer = setInterval(() => this.turn(), TURN_MS)
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : port
  }

  /** Closes every connection and stops. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const { socket } of this.#connections) socket.destroy()
    await closed
  }

  turn(): void {
    const nowNs = this.#clock.monoNs()
    this.#exchange.setWallClock(nowNs, this.#clock.epochUs())
    this.#exchange.work(nowNs)
    for (const connection of this.#connections) this.#write(connection, nowNs)
    if (this.#exchange.connected > 0) this.#times[0] = nowNs
    if (nowNs - this.#times[0] < this.#orphanNs) return
    this.#times[0] = Number.POSITIVE_INFINITY
    this.#onOrphan()
  }

  #accept(socket: Socket): void {
    const session = this.#exchange.connect()
    if (session === undefined) {
      socket.destroy()
      return
    }
    const connection = { socket, session, openedNs: this.#clock.monoNs() }
    this.#connections.add(connection)
    socket.on('data', (bytes) => {
      if (!session.receive(bytes, this.#clock.monoNs())) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      session.close()
      this.#connections.delete(connection)
    })
  }

  #write({ socket, session, openedNs }: Connection, nowNs: number): void {
    if (!session.isOpen || (!session.hasHello && nowNs - openedNs > HELLO_NS_MAX)) {
      socket.destroy()
      return
    }
    if (session.outbox.length > 0) socket.write(session.take())
    session.backlogBytes = socket.writableLength
  }
}
