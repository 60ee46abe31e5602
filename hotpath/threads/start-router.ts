/**
 * Starts the router: locks, venues, transport, and the composition on one thread or with the core on its own; stops it in
 * the reverse order. What main prints and what tests and benches drive.
 */
import type { Account } from '../../shared/config/account.ts'
import type { HotpathConfig } from '../../shared/config/hotpath-config.ts'
import { openTransport, type SocketTransport, transportWish } from '../gateway/socket-transport.ts'
import { lockJournal } from '../journal/journal-lock.ts'
import { keepAccountOrder } from './account-order.ts'
import { keepUrl } from './client-file.ts'
import { ComposedRouter, isReal, type RouterFacts } from './compose-router.ts'
import { DutyRunner } from './duty-runner.ts'
import { MachineClock } from './machine-clock.ts'
import { type OpenedVenues, openPaperVenues } from './paper-venues.ts'
import { openRealVenues } from './real-venues.ts'
import { startSplit } from './split-router.ts'
import type { Topology } from './topology.ts'

export interface RouterOptions {
  readonly config: HotpathConfig
  readonly accounts: readonly Account[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Real venues run on one thread whatever it says: their adapters have sockets of their own. */
  readonly topology: Pick<Topology, 'layout' | 'spins' | 'cpus'>
  /** Of snapshot replays. */
  readonly holdSeconds?: number
  /** One line for people about a venue that is lost, found or left out. */
  readonly say: (line: string) => void
}

export interface Router extends RouterFacts {
  readonly market: OpenedVenues['market']
  readonly notes: readonly string[]
  readonly transport: { readonly name: string; readonly note: string }
  readonly venuesWereRunning: boolean
  /** No new orders, immediate ones finish, everything is written. `keepVenues`: the paper venues go on. */
  stop(options: { keepVenues: boolean }): Promise<void>
}

/** A router on its threads: what is left to say of it and how it ends, but for the venues' processes. */
export interface RunningRouter {
  readonly facts: RouterFacts
  readonly venues: Omit<OpenedVenues, 'side'>
  stop(): Promise<void>
}

export async function startRouter(options: RouterOptions): Promise<Router> {
  const { config, accounts, topology } = options
  keepAccountOrder(config.stateDirectory, accounts)
  // Each market has its own journal and that its own lock; two markets at once would end each other's venues and orders.
  const lock = lockJournal(config.stateDirectory)
  const { transport, note } = await openTransport(transportWish(options.environment))
  const isSplit = topology.layout === 'split' && !isReal(config)
  const running = isSplit ? await startSplit(options, transport) : await startOne(options, transport)
  const { facts, venues } = running
  keepUrl(config.stateDirectory, facts.url)
  const stop = async ({ keepVenues }: { keepVenues: boolean }) => {
    await running.stop()
    if (!keepVenues) venues.stop()
    lock.release()
  }
  return {
    ...facts,
    market: venues.market,
    notes: venues.notes,
    transport: { name: transport.name, note },
    venuesWereRunning: venues.wereRunning,
    stop,
  }
}

/** Everything on the main thread. */
async function startOne(options: RouterOptions, transport: SocketTransport): Promise<RunningRouter> {
  const { config, accounts, topology } = options
  const clock = new MachineClock()
  const venues = isReal(config) ? await openRealVenues(options, clock) : await openPaperVenues(options, clock)
  const router = await ComposedRouter.open({ config, accounts, clock, transport, venues })
  const runner = new DutyRunner(router.duties, clock, { spins: topology.spins })
  router.onSent = () => runner.wake()
  runner.start()
  while (!router.isReady) await new Promise((resolve) => setTimeout(resolve, 1))
  const facts = await router.listen()
  const stop = async () => {
    await router.finish()
    runner.stop()
    await router.close()
  }
  return { facts, venues, stop }
}
