/**
 * Starts the router: paper venues, journal, core, gateway, in this order, and stops them in the reverse one. What main
 * prints and what tests and benches drive.
 */
import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Account } from '../../shared/config/account.ts'
import type { HotpathConfig } from '../../shared/config/hotpath-config.ts'
import { CHILDREN_MAX, FILLS_MAX, PARENTS_MAX } from '../../shared/limits.ts'
import { type EpochUs, US_PER_MS } from '../../shared/units/time.ts'
import { GATEWAY_PATH, GatewayServer } from '../gateway/gateway-server.ts'
import { openTransport, type SocketTransport, transportWish } from '../gateway/socket-transport.ts'
import { type Journal, openJournal } from '../journal/journal.ts'
import { lockJournal } from '../journal/journal-lock.ts'
import type { ClientReports } from '../orders/client-report.ts'
import { stateHash } from '../orders/state-hash.ts'
import { type CoreSetup, World } from '../routing/compose-core.ts'
import { keepAccountOrder } from './account-order.ts'
import { keepUrl } from './client-file.ts'
import { DutyRunner } from './duty-runner.ts'
import { takeEpoch } from './epoch-file.ts'
import { HotPath } from './hot-path.ts'
import { MachineClock } from './machine-clock.ts'
import { type OpenedVenues, openPaperVenues } from './paper-venues.ts'
import { openRealVenues } from './real-venues.ts'
import { withVenueOverrides } from './venue-overrides.ts'

const SETTLE_MS_MAX = 2_000

export interface RouterOptions {
  readonly config: HotpathConfig
  readonly accounts: readonly Account[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly spins: boolean
  /** Of snapshot replays. */
  readonly holdSeconds?: number
  /** One line for people about a venue that is lost, found or left out. */
  readonly say: (line: string) => void
}

export interface Router {
  readonly url: string
  readonly port: number
  readonly market: OpenedVenues['market']
  readonly notes: readonly string[]
  readonly transport: { readonly name: string; readonly note: string }
  readonly journal: Journal
  readonly venuesWereRunning: boolean
  readonly hotPath: HotPath
  /** Orders that were open when the last router ended. */
  readonly recovered: { readonly orders: number; readonly open: number; readonly stateHash: string }
  /** No new orders, immediate ones finish, everything is written. `keepVenues`: the paper venues go on. */
  stop(options: { keepVenues: boolean }): Promise<void>
}

export async function startRouter(options: RouterOptions): Promise<Router> {
  const { config, accounts } = options
  keepAccountOrder(config.stateDirectory, accounts)
  // Each market has its own journal and that its own lock; two markets at once would end each other's venues and orders.
  const lock = lockJournal(config.stateDirectory)
  const clock = new MachineClock()
  const { transport, note } = await openTransport(transportWish(options.environment))
  const venues = isReal(config) ? await openRealVenues(options, clock) : await openPaperVenues(options, clock)
  const { market } = venues
  const setup = coreSetup(config, accounts, market, clock)
  const world = new World(setup)
  const journal = await openJournal({
    directory: path.join(config.stateDirectory, 'journal', marketKey(setup)),
    clock,
    ringBytes: config.journal.ringBytes,
    segmentBytes: config.journal.segmentBytes,
    onRecord: (_sequence, _epochUs, payload) => world.replay(payload),
  })
  const recoveredHash = stateHash(world.store, world.positions)
  let gateway: GatewayServer | undefined
  const reports: ClientReports = { onClientReport: (report) => gateway?.onClientReport(report) }
  const epoch = isReal(config) ? takeEpoch(config.stateDirectory, world.lifecycle.epoch, clock.epochUs()) : undefined
  const hotPath = new HotPath({
    setup: { ...setup, ...(epoch !== undefined && { epoch }) },
    world,
    journal: journal.sink,
    side: venues.side,
    reports,
    prints: {
      onPrint: ({ venue, instrument, aggressor, price, lots, timeUs }) =>
        gateway?.onTrade(venue, instrument, aggressor, price, lots, timeUs as EpochUs),
    },
  })
  const { core, parts } = hotPath.core
  const recovered = { orders: world.store.parentCount, open: parts.open.count, stateHash: recoveredHash }
  gateway = openGateway(hotPath, world, accounts, setup, transport, clock)
  const runner = new DutyRunner([hotPath, gateway], clock, { spins: options.spins })
  parts.executor.onSent = () => runner.wake()
  runner.start()
  await ready(core)
  const port = await gateway.listen(config.gateway)
  const url = `ws://${config.gateway.host}:${port}${GATEWAY_PATH}`
  keepUrl(config.stateDirectory, url)
  const stop = async ({ keepVenues }: { keepVenues: boolean }) => {
    core.shuttingDown = true
    gateway?.stopOrders()
    await settle(parts.open)
    await gateway?.close()
    runner.stop()
    hotPath.flush()
    venues.side.close()
    await journal.close()
    if (!keepVenues) venues.stop()
    lock.release()
  }
  return {
    url,
    port,
    market,
    notes: venues.notes,
    transport: { name: transport.name, note },
    journal,
    venuesWereRunning: venues.wereRunning,
    hotPath,
    recovered,
    stop,
  }
}

/** Orders leave this machine, or reach the emulators, which is the same code. */
function isReal({ market, trading }: HotpathConfig): boolean {
  return market === 'emulated' || (market === 'live' && trading === 'real')
}

/**
 * The journal counts venues, instruments and accounts by place, so each market has its own: name, listed venues,
 * instruments and grids make the key, and whether orders are real. Another market on the same state directory leaves this
 * one's orders alone.
 */
function marketKey({ market }: CoreSetup): string {
  const identity = JSON.stringify([market.name, market.venues.map(({ id }) => id), market.instruments])
  // Simulated orders on live prices must never be taken for real ones: they would be sent.
  const kind = market.simulated ? market.name.split(':')[0] : `${market.name}-real`
  return `${kind}-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`
}

function coreSetup(
  config: HotpathConfig,
  accounts: readonly Account[],
  market: OpenedVenues['market'],
  clock: MachineClock,
): CoreSetup {
  const { routing } = config
  return {
    clock,
    market: { ...market, ...withVenueOverrides(market, config.venues) },
    accounts: accounts.map(({ openOrdersMax, orderNotionalMax }) => ({
      openOrdersMax,
      orderNotionalMax: Number(orderNotionalMax),
    })),
    capacity: { parentsMax: PARENTS_MAX, childrenMax: CHILDREN_MAX, fillsMax: FILLS_MAX },
    decisionsKept: 512,
    searchNodesMax: routing.searchNodesMax,
    childDeadlineMs: routing.childDeadlineMs,
    core: {
      childrenMax: routing.childrenMax,
      slippageCentiBps: Math.round(routing.slippageBpsDefault * 100),
      routesMax: routing.reroutesMax,
      rerouteWaitUs: 20 * US_PER_MS,
      immediateLifeUs: 5_000 * US_PER_MS,
      silenceUs: 500 * US_PER_MS,
      auditUs: 10_000 * US_PER_MS,
    },
  }
}

function openGateway(
  hotPath: HotPath,
  world: World,
  accounts: readonly Account[],
  setup: CoreSetup,
  transport: SocketTransport,
  clock: MachineClock,
): GatewayServer {
  const { store, books, listings } = world
  const { name, simulated } = setup.market
  return new GatewayServer({
    core: hotPath.core.core,
    store,
    books,
    listings,
    accounts,
    clock,
    market: { name, simulated },
    transport,
    venueNow: { states: hotPath.core.parts.states, health: () => hotPath.health() },
  })
}

/** Until the venues have told where they stand; HotPath bounds the wait. */
async function ready(core: HotPath['core']['core']): Promise<void> {
  while (!core.isReady) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Immediate orders end by themselves; what rests stays in the journal and at its venue. */
async function settle(open: HotPath['core']['parts']['open']): Promise<void> {
  for (let waited = 0; waited < SETTLE_MS_MAX && open.count > 0; waited += 10) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
