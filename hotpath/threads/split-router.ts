/**
 * The split layout seen from the main thread: sockets and the venues' pipe stay here, the router lives on the core's thread,
 * rings in between. When that thread fails the process ends: what it knew is in the journal.
 */
import type { SocketTransport } from '../gateway/socket-transport.ts'
import { TransportRelay } from '../gateway/transport-relay.ts'
import { PipeRelay } from '../venues/paper/pipe-relay.ts'
import { SocketPipe } from '../venues/paper/socket-pipe.ts'
import { pinThread } from './affinity.ts'
import { type CoreMemory, layCoreMemory, openCoreMemory } from './core-memory.ts'
import { CoreWorker } from './core-worker.ts'
import { DutyRunner } from './duty-runner.ts'
import { MachineClock } from './machine-clock.ts'
import { notesOf, startPaperVenues } from './paper-venues.ts'
import type { RouterOptions, RunningRouter } from './start-router.ts'

export async function startSplit(options: RouterOptions, transport: SocketTransport): Promise<RunningRouter> {
  const { config, accounts, topology } = options
  const venues = await startPaperVenues(options)
  const layout = layCoreMemory()
  const memory = openCoreMemory(layout)
  const runner = relays(memory, transport, topology.cpus.gateway)
  const thread = new CoreWorker(memory, {
    config,
    accounts: accounts.map((account) => ({ ...account, secret: account.secret.reveal() })),
    memory: layout,
    transport: transport.name,
    venues: { infoFile: venues.infoFile, info: venues.info },
    spins: topology.spins,
    cpu: topology.cpus.core,
  })
  const { facts, market } = await thread.up
  const stop = async () => {
    await thread.stop()
    runner.stop()
  }
  return { facts, venues: { market, ...notesOf(venues) }, stop }
}

/** Both ends of the rings on this thread, and their turns: at once when the core rings, when a socket says something. */
function relays(memory: CoreMemory, transport: SocketTransport, cpu: number): DutyRunner {
  const bell = memory.mainBell
  const wake = () => runner.wake()
  const gateway = new TransportRelay(transport, memory.gateway, memory.coreBell, wake)
  const venues = new PipeRelay((port, events) => new SocketPipe(port, events), memory.venues, memory.coreBell)
  const clock = new MachineClock()
  const runner: DutyRunner = new DutyRunner([gateway, venues], clock, { spins: false, bell })
  runner.start()
  if (cpu >= 0) pinThread(cpu)
  return runner
}
