/** A gateway on a real socket of this process, with the core double behind it and a loop that takes its turns. */
import { type GatewayParts, GatewayServer } from '../../../hotpath/gateway/gateway-server.ts'
import { openTransport, type TransportName, type TransportWish } from '../../../hotpath/gateway/socket-transport.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import type { Account } from '../../../shared/config/account.ts'
import { RelayedTransport } from '../../fixtures/relayed-transport.ts'
import { CoreDouble } from './core-double.ts'
import { smallAccounts, smallBooks, smallListings } from './small-market.ts'

export interface RealGateway {
  readonly port: number
  readonly url: string
  readonly transport: TransportName
  readonly core: CoreDouble
  readonly server: GatewayServer
  close(): Promise<void>
}

/** `relayed`: the best transport there is, with rings between it and the gateway as where the core has its own thread. */
export async function startGateway(
  wish: TransportWish | 'relayed',
  options: { accounts?: readonly Account[]; port?: number; parentsMax?: number } & Pick<GatewayParts, 'telemetry'> = {},
): Promise<RealGateway> {
  const clock = new MachineClock()
  const core = new CoreDouble(clock, options.parentsMax)
  const { transport: door } = await openTransport(wish === 'relayed' ? 'auto' : wish)
  const transport = wish === 'relayed' ? new RelayedTransport(door) : door
  const server = new GatewayServer({
    core,
    store: core.store,
    books: smallBooks(clock.monoNs()),
    listings: smallListings(),
    accounts: options.accounts ?? smallAccounts(),
    clock,
    market: { name: 'calibrated', simulated: true },
    transport,
    telemetry: options.telemetry,
  })
  core.reports = server
  const port = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  let isRunning = true
  const turn = (): void => {
    if (!isRunning) return
    server.work(clock.monoNs())
    setTimeout(turn, 1)
  }
  turn()
  const close = async (): Promise<void> => {
    isRunning = false
    await server.close()
  }
  return { port, url: `ws://127.0.0.1:${port}/v1/orders`, transport: transport.name, core, server, close }
}
