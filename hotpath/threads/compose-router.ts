/**
 * Puts a router together from what stands ready: its venues, a transport, a clock. Journal replayed, core, gateway, in this
 * order; ended in the reverse one. The same for every layout of threads: whoever calls gives it its turns.
 */
import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Clock } from '../../shared/clock.ts'
import type { Account } from '../../shared/config/account.ts'
import type { HotpathConfig } from '../../shared/config/hotpath-config.ts'
import type { Duty } from '../../shared/duty.ts'
import { CHILDREN_MAX, FILLS_MAX, PARENTS_MAX } from '../../shared/limits.ts'
import { type EpochUs, NS_PER_MS, US_PER_MS } from '../../shared/units/time.ts'
import { GATEWAY_PATH, GatewayServer } from '../gateway/gateway-server.ts'
import type { SocketTransport } from '../gateway/socket-transport.ts'
import { type Journal, openJournal } from '../journal/journal.ts'
import { layForecastMemory } from '../latency/forecast-duty.ts'
import { type Region, regionNames, regionOf } from '../latency/regions.ts'
import { routeNotes } from '../latency/route-notes.ts'
import type { ClientReports } from '../orders/client-report.ts'
import { stateHash } from '../orders/state-hash.ts'
import { type CoreSetup, World } from '../routing/compose-core.ts'
import { Collections } from '../telemetry/collections.ts'
import { takeEpoch } from './epoch-file.ts'
import { ForecastThread } from './forecast-thread.ts'
import { HotPath } from './hot-path.ts'
import type { OpenedVenues } from './paper-venues.ts'
import { CoreTelemetry } from './router-telemetry.ts'
import { withVenueOverrides } from './venue-overrides.ts'

const SETTLE_MS_MAX = 2_000

export interface RouterParts {
  readonly config: HotpathConfig
  readonly accounts: readonly Account[]
  readonly clock: Clock
  readonly transport: SocketTransport
  readonly venues: Pick<OpenedVenues, 'side' | 'market'>
}

/** What a start says of the router, in plain data. */
export interface RouterFacts {
  readonly url: string
  readonly port: number
  readonly journal: Pick<Journal, 'transport' | 'replayed'>
  /** Orders that were open when the last router ended. */
  readonly recovered: { readonly orders: number; readonly open: number; readonly stateHash: string }
}

/** Orders leave this machine, or reach the emulators, which is the same code. */
export function isReal({ market, trading }: Pick<HotpathConfig, 'market' | 'trading'>): boolean {
  return market === 'emulated' || (market === 'live' && trading === 'real')
}

export class ComposedRouter {
  /** In the order of a turn. */
  readonly duties: readonly Duty[]
  /** What runs beside the duties. */
  readonly #aside: { readonly collections: Collections; readonly forecasts: ForecastThread }
  readonly #hotPath: HotPath
  readonly #gateway: GatewayServer
  readonly #journal: Journal
  readonly #parts: RouterParts
  readonly #recovered: RouterFacts['recovered']

  private constructor(
    parts: RouterParts,
    hotPath: HotPath,
    gateway: GatewayServer,
    journal: Journal,
    recovered: RouterFacts['recovered'],
    aside: { collections: Collections; forecasts: ForecastThread },
  ) {
    this.#aside = aside
    this.#parts = parts
    this.#hotPath = hotPath
    this.#gateway = gateway
    this.#journal = journal
    this.#recovered = recovered
    this.duties = [hotPath, gateway]
  }

  /** Rejects with what the journal throws. */
  static async open(parts: RouterParts): Promise<ComposedRouter> {
    const { config, accounts, clock, transport, venues } = parts
    const setup = coreSetup(config, accounts, venues.market, clock)
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
    const forecast = layForecastMemory(setup.market.venues.length, true)
    const forecasts = new ForecastThread(forecast)
    const hotPath = new HotPath({
      setup: { ...setup, forecast, ...(epoch !== undefined && { epoch }) },
      world,
      journal: journal.sink,
      side: venues.side,
      reports,
      prints: {
        onPrint: ({ venue, instrument, aggressor, price, lots, timeUs }) =>
          gateway?.onTrade(venue, instrument, aggressor, price, lots, timeUs as EpochUs),
      },
    })
    const orders = world.store.parentCount
    const recovered = { orders, open: hotPath.core.parts.open.count, stateHash: recoveredHash }
    const collections = new Collections()
    const { latency: tracker, counters, watch } = hotPath.core.parts
    const threads = [{ name: 'core', counters: collections.counters, look: () => collections.look() }]
    const { network } = watch.parts
    const ways = waysIn(config, setup.market.venues)
    const telemetry = new CoreTelemetry({
      tracker,
      counters,
      core: hotPath.core,
      journal: journal.sink,
      threads,
      network: () => network.rows(clock.epochUs()).map((row, at) => withWay(row, ways[at])),
    })
    gateway = openGateway(hotPath, world, accounts, setup, transport, clock, telemetry)
    return new ComposedRouter(parts, hotPath, gateway, journal, recovered, { collections, forecasts })
  }

  /** The venues have told where they stand, or the wait is over. Becomes true while turns are taken. */
  get isReady(): boolean {
    return this.#hotPath.core.core.isReady
  }

  /** Children that were written go out now, not at the next turn. */
  flush(): void {
    this.#hotPath.flush()
  }

  /** Called when children were sent outside of a turn: they leave with the next. */
  set onSent(wake: () => void) {
    this.#hotPath.core.parts.executor.onSent = wake
  }

  /** Opens the door for clients. Rejects when the address cannot be had. */
  async listen(): Promise<RouterFacts> {
    const { gateway } = this.#parts.config
    const port = await this.#gateway.listen(gateway)
    const { transport, replayed } = this.#journal
    const url = `ws://${gateway.host}:${port}${GATEWAY_PATH}`
    return { url, port, journal: { transport, replayed }, recovered: this.#recovered }
  }

  /** No new orders, immediate ones finish, clients hear goodbye. Turns must go on meanwhile. */
  async finish(): Promise<void> {
    const { core, parts } = this.#hotPath.core
    core.shuttingDown = true
    this.#gateway.stopOrders()
    await settle(parts.open)
    await this.#gateway.close()
  }

  /** After the last turn: everything is written. */
  async close(): Promise<void> {
    this.#aside.collections.stop()
    await this.#aside.forecasts.close()
    this.#hotPath.flush()
    this.#parts.venues.side.close()
    await this.#journal.close()
  }
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
  clock: Clock,
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
    // Between its instants a replay stands still: nothing is gone on arrival.
    pricesTime: routing.priceOfTime && !config.market.startsWith('replay:'),
    failsOver: routing.failover,
    arrivalWaitUsMax: routing.arrivalWaitUsMax,
    ...regionIn(config),
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

/** The ways over the configured links, in words by venue. */
function waysIn({ region, links }: HotpathConfig, venues: CoreSetup['market']['venues']): string[] {
  if (region === undefined || links.length === 0) return []
  const ids = venues.map(({ id }) => id)
  const inNs = links.map(({ p50Ms, p99Ms, ...link }) => ({
    ...link,
    p50Ns: p50Ms * NS_PER_MS,
    p99Ns: p99Ms * NS_PER_MS,
  }))
  return routeNotes(ids, region, inNs)
}

function withWay<Row extends { readonly note?: string | undefined }>(row: Row, way: string | undefined): Row {
  return way === undefined || way === '' ? row : { ...row, note: [row.note, way].filter(Boolean).join('; ') }
}

/** Delays of paper venues are drawn: measured against the distance to a real place they would only look impossible. */
function regionIn({ region, market, trading }: HotpathConfig): { region?: Region } {
  if (region === undefined) return {}
  const known = regionOf(region)
  if (known === undefined) throw new Error(`no region is called ${region}; there are: ${regionNames.join(' ')}`)
  return market === 'live' && trading === 'real' ? { region: known } : {}
}

function openGateway(
  hotPath: HotPath,
  world: World,
  accounts: readonly Account[],
  setup: CoreSetup,
  transport: SocketTransport,
  clock: Clock,
  telemetry: CoreTelemetry,
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
    telemetry,
  })
}

/** Immediate orders end by themselves; what rests stays in the journal and at its venue. */
async function settle(open: HotPath['core']['parts']['open']): Promise<void> {
  for (let waited = 0; waited < SETTLE_MS_MAX && open.count > 0; waited += 10) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
