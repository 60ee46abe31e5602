/**
 * Thread entry of the core: the whole router but for its sockets, which stay on the main thread behind rings. Blocks its
 * thread in a loop; an error ends the thread and with it the process.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Secret } from '../../shared/config/account.ts'
import { NS_PER_MS, NS_PER_S } from '../../shared/units/time.ts'
import { RingTransport } from '../gateway/ring-transport.ts'
import { RingPipes } from '../venues/paper/ring-pipe.ts'
import { pinThread } from './affinity.ts'
import { ComposedRouter } from './compose-router.ts'
import { CoreGauge } from './core-gauge.ts'
import { CoreLoop } from './core-loop.ts'
import { type CoreMemory, openCoreMemory } from './core-memory.ts'
import type { CoreThreadData, CoreThreadMessage } from './core-thread-data.ts'
import { MachineClock } from './machine-clock.ts'
import { joinPaperVenues } from './paper-venues.ts'

/** While something else is awaited (boot, end), promises want the event loop often; in service nothing does. */
const BUSY_SLICE_NS = NS_PER_MS
const SLICE_NS = NS_PER_S

async function run(data: CoreThreadData): Promise<void> {
  if (data.cpu >= 0) pinThread(data.cpu)
  const clock = new MachineClock()
  const memory = openCoreMemory(data.memory)
  const transport = new RingTransport(memory.gateway, data.transport, memory.mainBell)
  const pipes = new RingPipes(memory.venues, memory.mainBell)
  const venues = await joinPaperVenues(data.venues, clock, {
    opener: (port) => pipes.opener(port),
    turn: () => pipes.work(),
  })
  const { config } = data
  const accounts = data.accounts.map((account) => ({ ...account, secret: new Secret(account.secret) }))
  const router = await ComposedRouter.open({ config, accounts, clock, transport, venues })
  const loop = new CoreLoop({
    rings: [pipes, transport],
    flush: () => router.flush(),
    duties: router.duties,
    clock,
    bell: memory.coreBell,
    spins: data.spins,
  })
  await loop.run(() => router.isReady, BUSY_SLICE_NS)
  const facts = await during(loop, router.listen())
  tell({ kind: 'up', facts, market: venues.market })
  await serve(loop, memory)
  await during(loop, router.finish())
  await router.close()
  tell({ kind: 'end' })
}

/** Until the main thread says stop. */
async function serve(loop: CoreLoop, { stop, gauges }: CoreMemory): Promise<void> {
  const gauge = new CoreGauge(gauges)
  gauge.begin()
  await loop.run(
    () => Atomics.load(stop, 0) !== 0,
    SLICE_NS,
    () => gauge.read(loop.turns, loop.sleeps),
  )
  gauge.close()
}

/** Takes turns while something is awaited. */
async function during<T>(loop: CoreLoop, awaited: Promise<T>): Promise<T> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  awaited.then(over, over)
  await loop.run(() => isOver, BUSY_SLICE_NS)
  return awaited
}

function tell(message: CoreThreadMessage): void {
  parentPort?.postMessage(message)
}

await run(workerData as CoreThreadData)
