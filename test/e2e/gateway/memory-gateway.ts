/** A gateway with no network: clock by hand, core double, messages in by call. */
import { type GatewayParts, GatewayServer } from '../../../hotpath/gateway/gateway-server.ts'
import { assert } from '../../../shared/assert.ts'
import type { Account } from '../../../shared/config/account.ts'
import { US_PER_MS } from '../../../shared/units/time.ts'
import { CoreDouble } from './core-double.ts'
import { type MemorySocket, MemoryTransport } from './memory-transport.ts'
import { HandClock, signedLogon, smallAccounts, smallBooks, smallListings } from './small-market.ts'

export class MemoryGateway {
  readonly clock = new HandClock()
  readonly transport = new MemoryTransport()
  readonly books = smallBooks(this.clock.monoNs())
  readonly core: CoreDouble
  readonly server: GatewayServer
  #nonce = 0

  constructor(
    options: { accounts?: readonly Account[]; parentsMax?: number } & Pick<GatewayParts, 'telemetry' | 'venueNow'> = {},
  ) {
    const { clock, transport } = this
    this.core = new CoreDouble(clock, options.parentsMax)
    this.server = new GatewayServer({
      core: this.core,
      store: this.core.store,
      books: this.books,
      listings: smallListings(),
      accounts: options.accounts ?? smallAccounts(),
      clock,
      market: { name: 'calibrated', simulated: true },
      transport,
      telemetry: options.telemetry,
      venueNow: options.venueNow,
    })
    this.core.reports = this.server
    void this.server.listen({ host: '127.0.0.1', port: 7001 })
  }

  get nowMs(): number {
    return Math.floor(this.clock.epochUs() / US_PER_MS)
  }

  /** A logon that has not been said before, by a clock that is off by this much. */
  logon(name = 'main', offMs = 0): Record<string, unknown> {
    return signedLogon(name, this.nowMs + offMs, ++this.#nonce)
  }

  connect(): MemorySocket {
    return this.transport.connect()
  }

  logOn(name = 'main', more: object = {}): MemorySocket {
    const socket = this.connect()
    const [answer] = socket.ask({ ...this.logon(name), ...more })
    assert(answer['type'] === 'logon', 'the gateway lets us in')
    return socket
  }

  /** One turn of the gateway. */
  turn(): void {
    this.server.work(this.clock.monoNs())
  }
}
