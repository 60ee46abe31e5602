/** Puts the core together from a market and a journal: the same for production, simulation and benches. */
import { assert } from '../../shared/assert.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Instrument, Listing } from '../../shared/domain/instrument.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import { Turn } from '../../shared/turn.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import { JournalRecord, RecordType, Start } from '../../shared/wire/journal-frame.ts'
import { BookTable } from '../book/book-table.ts'
import { OrderLog } from '../execution/order-log.ts'
import { ParallelExecutor } from '../execution/parallel-executor.ts'
import type { JournalSink } from '../journal/journal-sink.ts'
import { ArrivalSpread } from '../latency/arrival-spread.ts'
import { FailoverPlan } from '../latency/failover-plan.ts'
import { ForecastFeed, type ForecastMemory, layForecastMemory } from '../latency/forecast-duty.ts'
import { LatencyBoard } from '../latency/latency-board.ts'
import { LatencyTracker } from '../latency/latency-tracker.ts'
import { LatencyWatch } from '../latency/latency-watch.ts'
import { MidVolatility } from '../latency/mid-volatility.ts'
import { NetworkView } from '../latency/network-view.ts'
import { PriceOfTime } from '../latency/price-of-time.ts'
import { QuoteDecay } from '../latency/quote-decay.ts'
import type { Region } from '../latency/regions.ts'
import { TimePrices } from '../latency/time-prices.ts'
import { BalanceTable } from '../orders/balance-table.ts'
import type { ClientReports } from '../orders/client-report.ts'
import { OrderLifecycle } from '../orders/order-lifecycle.ts'
import { NO_ROW, OrderStore } from '../orders/order-store.ts'
import { PositionTable } from '../orders/position-table.ts'
import { ListingTable } from '../plan/listing-table.ts'
import { VenueStateTable } from '../plan/venue-state-table.ts'
import { type AccountLimits, PreTradeRisk } from '../risk/pre-trade-risk.ts'
import { OrderSplitter } from '../splitting/order-splitter.ts'
import { type BenchmarkFigures, BenchmarkLog, type NotedDecision } from '../tca/benchmark-log.ts'
import { CostBuilder } from '../tca/cost-builder.ts'
import { Counters, coreCounterFacts } from '../telemetry/counters.ts'
import type { VenueAdapter } from '../venues/venue-adapter.ts'
import { DecisionBenchmark, describeBenchmark, readBenchmark, writeBenchmark } from './benchmark-record.ts'
import type { CoreConfig, CoreParts } from './core-parts.ts'
import { DecisionLog } from './decision-log.ts'
import { OpenOrders } from './open-orders.ts'
import { RouterCore } from './router-core.ts'
import { SmartOrderRouter } from './smart-order-router.ts'
import { VenueNews } from './venue-news.ts'

/** Before our own orders have told: a shown level is gone after two seconds in the mean. */
const QUOTES_GONE_PER_S = 0.5

export interface CoreSetup {
  readonly clock: Clock
  readonly market: {
    readonly name: string
    readonly simulated: boolean
    readonly venues: readonly Venue[]
    readonly instruments: readonly Instrument[]
    readonly listings: readonly Listing[]
    readonly levelsMax: number
  }
  readonly accounts: readonly AccountLimits[]
  readonly capacity: { readonly parentsMax: number; readonly childrenMax: number; readonly fillsMax: number }
  readonly decisionsKept: number
  readonly searchNodesMax: number
  readonly childDeadlineMs: number
  readonly core: CoreConfig
  /** Absent: nobody learns from round trips, and forecasts stay what they are before the first. */
  readonly forecast?: ForecastMemory
  /** Where this machine stands; absent: no distance and no floor is claimed. */
  readonly region?: Region
  /** Latency, staleness and what may be gone on arrival count as cost. */
  readonly pricesTime?: boolean
  /** A venue whose round trips spike or that loses what is sent is left out of new routes for a while. */
  readonly failsOver?: boolean
  /** Children of one route are held back up to this long so that they land together; 0 or absent: they leave at once. */
  readonly arrivalWaitUsMax?: number
  /** Of this incarnation, told by whoever knows every earlier one; absent: one above the journal's last. */
  readonly epoch?: number
}

/** The state of the world, rebuilt from the journal before anything else exists. */
export class World {
  readonly setup: CoreSetup
  readonly listings: ListingTable
  readonly store: OrderStore
  readonly positions: PositionTable
  readonly lifecycle: OrderLifecycle
  readonly benchmarks: BenchmarkLog
  readonly books: BookTable
  readonly #record = new JournalRecord()
  /** Replayed records that no version of ours could have written. */
  unreadable = 0

  constructor(setup: CoreSetup) {
    this.setup = setup
    const { market } = setup
    const size = { venues: market.venues.length, instruments: market.instruments.length }
    this.listings = new ListingTable(market)
    this.books = new BookTable({ ...size, levelsMax: market.levelsMax })
    this.store = new OrderStore(setup.capacity)
    this.positions = new PositionTable(size)
    this.lifecycle = new OrderLifecycle(this.store, this.positions)
    const benchmark = new DecisionBenchmark(this.books)
    this.benchmarks = new BenchmarkLog(
      setup.decisionsKept,
      (decision, figures) => benchmark.work(decision, figures),
      (figures) => describeBenchmark(figures, this.listings),
    )
  }

  /** One journal payload, in order. */
  replay(payload: Uint8Array): void {
    const record = this.#record
    if (!record.load(payload)) {
      this.unreadable++
      return
    }
    this.lifecycle.apply(record)
    if (record.type === RecordType.benchmark) readBenchmark(record.view, this.benchmarks)
  }
}

export interface Core {
  readonly core: RouterCore
  readonly news: VenueNews
  readonly parts: CoreParts
  readonly turn: Turn
  /** Works out the baselines of the newest orders: call before books change and once a turn. */
  beforeBooksChange(): void
}

/** `journal` continues where the replay ended; the new incarnation's start record is its first. */
export function composeCore(
  setup: CoreSetup,
  world: World,
  journal: JournalSink & { nowUs: number },
  adapters: readonly VenueAdapter[],
  reports: ClientReports,
): Core {
  const { listings, store, books, benchmarks } = world
  const turn = new Turn(setup.clock, journal)
  const states = new VenueStateTable(listings.venues)
  const balances = new BalanceTable({ venues: listings.venues.length, assets: listings.assets.length })
  const log = new OrderLog(journal, world.lifecycle)
  const board = new LatencyBoard(listings.venues.length)
  const { parentsMax, childrenMax } = store
  const latency = new LatencyTracker({ board, clock: setup.clock, turn, parentsMax, childrenMax })
  const counters = new Counters(coreCounterFacts)
  const watch = watchLatencies(setup, world, latency, states, turn)
  const executor = new ParallelExecutor(
    { log, store, books, listings, balances, states, turn, watch, counters, adapters },
    { childDeadlineMs: setup.childDeadlineMs, arrivalWaitUsMax: setup.arrivalWaitUsMax ?? 0 },
  )
  const splitter = new OrderSplitter(books)
  const router = new SmartOrderRouter(
    { books, listings, balances, states, splitter, timePrices: watch.parts.prices },
    { searchNodesMax: setup.searchNodesMax },
  )
  const costs = new CostBuilder({ store, listings, benchmarks, market: setup.market })
  const parts: CoreParts = {
    books,
    listings,
    balances,
    states,
    store,
    open: new OpenOrders(store.parentsMax),
    log,
    risk: new PreTradeRisk(setup.accounts),
    router,
    executor,
    decisions: new DecisionLog(setup.decisionsKept, { books, listings }),
    costs,
    benchmarks,
    reports,
    turn,
    latency,
    watch,
    counters,
    config: setup.core,
  }
  beginEpoch(log, turn, setup.epoch ?? world.lifecycle.epoch + 1)
  const core = new RouterCore(parts)
  resume(parts, core)
  const news = new VenueNews(parts, core.progress, adapters)
  const keepBenchmark = (decision: NotedDecision, figures: BenchmarkFigures) => {
    if (log.hasReserve) writeBenchmark(log, turn, decision, figures)
  }
  const beforeBooksChange = () => {
    if (benchmarks.pendingCount > 0) benchmarks.run(keepBenchmark)
  }
  return { core, news, parts, turn, beforeBooksChange }
}

function watchLatencies(
  setup: CoreSetup,
  { listings, books, store }: World,
  tracker: LatencyTracker,
  states: VenueStateTable,
  turn: Turn,
): LatencyWatch {
  const venues = listings.venues.length
  const forecast = new ForecastFeed(setup.forecast ?? layForecastMemory(venues, false))
  const decay = new QuoteDecay(venues, QUOTES_GONE_PER_S)
  const volatility = new MidVolatility(listings.instruments.length)
  const price = new PriceOfTime(volatility, decay)
  const prices =
    setup.pricesTime === true
      ? new TimePrices({ books, listings, price, volatility, latencyNs: forecast.p50Ns })
      : undefined
  const links = listings.venues.map(() => ({ links: ['main'] }))
  const failover = setup.failsOver === true ? new FailoverPlan(links, { onLinkSwitch: () => undefined }) : undefined
  const ids = listings.venues.map(({ id }) => id)
  const network = new NetworkView(ids, setup.region)
  const spread = new ArrivalSpread(store.parentsMax, turn)
  const { childrenMax } = store
  return new LatencyWatch({
    tracker,
    network,
    forecast,
    failover,
    decay,
    spread,
    prices,
    books,
    states,
    turn,
    childrenMax,
  })
}

function beginEpoch(log: OrderLog, turn: Turn, epoch: number): void {
  assert(epoch > log.lifecycle.epoch, 'an incarnation is newer than the last one')
  const view = log.record.begin(RecordType.start, Start.end, 0, 0, turn)
  view.setFloat64(Start.epoch, epoch, true)
  log.commit()
}

/** What a restarted router must know again that is not in the journal's state: who is open, where each venue stood. */
function resume(parts: CoreParts, core: RouterCore): void {
  const { store, states } = parts
  for (let at = 0; at < store.parentCount; at++) {
    const parent = store.parentAt(at)
    if (store.isOpen(parent)) core.progress.opened(parent)
    for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
      const venue = store.childVenue[child] as VenueIndex
      const { fills } = store
      for (let fill = fills.first[child]; fill !== NO_ROW; fill = fills.next[fill]) {
        if (fills.execution[fill] > states.lastExecution[venue]) states.lastExecution[venue] = fills.execution[fill]
      }
    }
  }
}
