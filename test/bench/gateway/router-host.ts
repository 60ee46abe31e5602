/**
 * The whole router in a process of its own: real gateway, core and journal on disk; only the venues are simulated in
 * the same process, 32 of them with 20 levels; what left is filled once a millisecond, as if they were that far away.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { GatewayServer } from '../../../hotpath/gateway/gateway-server.ts'
import { openTransport } from '../../../hotpath/gateway/socket-transport.ts'
import { openJournal } from '../../../hotpath/journal/journal.ts'
import { DutyRunner } from '../../../hotpath/threads/duty-runner.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { NS_PER_MS } from '../../../shared/units/time.ts'
import { SECRET, smallAccounts } from '../../e2e/gateway/small-market.ts'
import { BenchWorld } from '../decision/bench-world.ts'

const isSpinning = process.argv[2] === 'spinning'
const directory = mkdtempSync(path.join(tmpdir(), 'sor-bench-router-'))
const clock = new MachineClock()
const journal = await openJournal({ directory, clock, onRecord: () => undefined })
const accounts = smallAccounts({ ordersPerSecond: 10_000_000, ordersBurst: 10_000_000 }).slice(0, 1)
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
  accounts,
  clock,
  market: { name: 'synthetic', simulated: true },
  transport,
})
let filledNs = 0
const venues = {
  name: 'venues',
  work: (nowNs: number) => {
    if (nowNs - filledNs < NS_PER_MS) return 0
    filledNs = nowNs
    const { count } = bench.venues
    turn.read()
    bench.venues.fillAll(bench.core)
    return count
  },
}
const runner = new DutyRunner([venues, core, gateway], clock, { spins: isSpinning })
runner.start()
const port = await gateway.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port, apiKey: accounts[0].apiKey, secret: SECRET })
process.on('disconnect', () => {
  rmSync(directory, { recursive: true, force: true })
  process.exit(0)
})
