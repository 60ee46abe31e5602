/**
 * The whole router in a process of its own: real gateway, core and journal on disk; only the venues are simulated in
 * the same process, 32 of them with 20 levels; what left is filled once a millisecond, as if they were that far away.
 * Each turn works out the baselines of new orders before books change, as the product's does.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { GATEWAY_PATH, GatewayServer } from '../../../hotpath/gateway/gateway-server.ts'
import { openTransport } from '../../../hotpath/gateway/socket-transport.ts'
import { openJournal } from '../../../hotpath/journal/journal.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { NS_PER_MS } from '../../../shared/units/time.ts'
import { SECRET } from '../../e2e/gateway/small-market.ts'
import { BenchWorld } from '../decision/bench-world.ts'
import { benchAccounts } from './acknowledging-gateway.ts'
import { serveBench } from './host-loop.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'sor-bench-router-'))
const clock = new MachineClock()
const journal = await openJournal({ directory, clock, onRecord: () => undefined })
let gateway: GatewayServer | undefined
const bench = new BenchWorld({ venues: 32, instruments: 1, levels: 20 }, journal.sink, clock, 131_072, {
  onClientReport: (report) => gateway?.onClientReport(report),
})
const { core, turn } = bench.core
const { transport } = await openTransport('uws')
gateway = new GatewayServer({
  core,
  store: bench.world.store,
  books: bench.world.books,
  listings: bench.world.listings,
  accounts: benchAccounts,
  clock,
  market: { name: 'synthetic', simulated: true },
  transport,
})
let filledNs = 0
const venues = {
  name: 'venues',
  work: (nowNs: number) => {
    bench.core.beforeBooksChange()
    if (nowNs - filledNs < NS_PER_MS) return 0
    filledNs = nowNs
    const { count } = bench.venues
    turn.read()
    bench.venues.fillAll(bench.core)
    return count
  },
}
const port = await gateway.listen({ host: '127.0.0.1', port: 0 })
serveBench({ port, path: GATEWAY_PATH, apiKey: benchAccounts[0].apiKey, secret: SECRET }, [venues, core, gateway], () =>
  rmSync(directory, { recursive: true, force: true }),
)
