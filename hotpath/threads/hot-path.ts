/**
 * The core joined to its venues' side: what main runs and simulation runs, word for word. The market is known and the journal
 * has been replayed into the world before this is built.
 */
import type { VenueHealth } from '../../shared/domain/venue-health.ts'
import type { Duty } from '../../shared/duty.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import { type MonoNs, NS_PER_MS } from '../../shared/units/time.ts'
import type { JournalSink } from '../journal/journal-sink.ts'
import type { ForecastDuty } from '../latency/forecast-duty.ts'
import type { PrintEvents } from '../marketdata/paper-feed.ts'
import type { ClientReports } from '../orders/client-report.ts'
import { NO_ROW } from '../orders/order-store.ts'
import { type Core, type CoreSetup, composeCore, type World } from '../routing/compose-core.ts'
import type { VenueSide } from './venue-side.ts'

/** A venue that has not reconciled by then does not keep the others from trading; it stays closed until it has. */
const READY_AFTER_NS = 2_000 * NS_PER_MS

export interface HotPathParts {
  readonly setup: CoreSetup
  readonly world: World
  readonly journal: JournalSink & { nowUs: number }
  readonly side: VenueSide
  readonly reports: ClientReports
  readonly prints?: PrintEvents
  /** Learns in the core's own turns; absent: on a thread of its own, or not at all. */
  readonly forecasts?: ForecastDuty
}

export class HotPath implements Duty {
  readonly name = 'hot-path'
  readonly core: Core
  readonly #side: VenueSide
  readonly #readyByNs: number
  readonly #forecasts: ForecastDuty | undefined
  readonly #venues: number

  constructor(parts: HotPathParts) {
    const { setup, world, journal, side, reports } = parts
    this.#venues = setup.market.venues.length
    this.core = composeCore(setup, world, journal, side.adapters, reports)
    this.#side = side
    this.#forecasts = parts.forecasts
    this.#readyByNs = this.core.turn.nowNs + READY_AFTER_NS
    this.#attach(world, parts.prints)
  }

  /** One turn: the venues, the core, and everything they wrote goes out. */
  work(nowNs: MonoNs): number {
    this.core.beforeBooksChange()
    let done = this.#side.work(nowNs)
    done += this.core.core.work(nowNs)
    this.#forecasts?.work(nowNs)
    this.core.parts.watch.work()
    if (!this.core.core.isReady) this.#openWhenReady()
    return done + this.#side.flush()
  }

  /** At the end of whatever came in: children go out now, not at the next turn. */
  flush(): void {
    this.#side.flush()
  }

  /** Of the venues that have a feed of their own. */
  health(): readonly VenueHealth[] {
    return this.#side.health(this.core.turn.nowNs)
  }

  #attach(world: World, prints: PrintEvents | undefined): void {
    const { news, turn, parts } = this.core
    news.onMiss = (parent, venue) => this.#side.renewBook(venue, parts.store.instrumentOf(parent))
    news.onReconciled = () => this.#openWhenReady()
    this.#side.attach({
      events: {
        onVenueReport: (report) => {
          turn.read()
          news.onVenueReport(report)
        },
        onVenueUp: (venue) => {
          turn.read()
          news.onVenueUp(venue)
        },
        onVenueDown: (venue) => {
          turn.read()
          news.onVenueDown(venue)
        },
      },
      books: world.books,
      prints,
      instrumentOf: (parentSequence) => {
        const parent = parts.store.rowOf(parentSequence)
        return parent === NO_ROW ? -1 : parts.store.instrumentOf(parent)
      },
      beforeBooksChange: () => this.core.beforeBooksChange(),
    })
  }

  /** Every venue that is traded has told us where it stands and every child is known again, or the wait is over. */
  #openWhenReady(): void {
    const { core, parts, turn } = this.core
    if (core.isReady) return
    const isOver = turn.nowNs >= this.#readyByNs
    for (let venue = 0 as VenueIndex; venue < this.#venues; venue++) {
      if (parts.states.isReady[venue] === 0 && this.#side.isTraded(venue) && !isOver) return
    }
    core.open()
  }
}
