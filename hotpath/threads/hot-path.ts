/**
 * The core joined to its venues' link and feed: what main runs and simulation runs, word for word. The market is known
 * (the link is welcome) and the journal has been replayed into the world before this is built.
 */
import type { Duty } from '../../shared/duty.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import { type MonoNs, NS_PER_MS } from '../../shared/units/time.ts'
import type { JournalSink } from '../journal/journal-sink.ts'
import { PaperFeed, type PrintEvents } from '../marketdata/paper-feed.ts'
import type { ClientReports } from '../orders/client-report.ts'
import { type Core, type CoreSetup, composeCore, type World } from '../routing/compose-core.ts'
import { PaperAdapter } from '../venues/paper/paper-adapter.ts'
import type { PaperLink } from '../venues/paper/paper-link.ts'

/** A venue that has not reconciled by then does not keep the others from trading; it stays closed until it has. */
const READY_AFTER_NS = 2_000 * NS_PER_MS

export interface HotPathParts {
  readonly setup: CoreSetup
  readonly world: World
  readonly journal: JournalSink & { nowUs: number }
  readonly link: PaperLink
  readonly reports: ClientReports
  readonly prints?: PrintEvents
}

export class HotPath implements Duty {
  readonly name = 'hot-path'
  readonly core: Core
  readonly feed: PaperFeed
  readonly #link: PaperLink
  readonly #readyByNs: number
  readonly #venues: number

  constructor(parts: HotPathParts) {
    const { setup, world, journal, link, reports } = parts
    const { venues, levelsMax } = setup.market
    this.#venues = venues.length
    const adapters = venues.map(({ index }) => new PaperAdapter(index, link))
    this.core = composeCore(setup, world, journal, adapters, reports)
    this.feed = new PaperFeed(world.books, levelsMax, link, parts.prints)
    this.#link = link
    this.#readyByNs = this.core.turn.nowNs + READY_AFTER_NS
    this.#attach()
  }

  /** One turn: the link, the core, and everything they wrote goes out. */
  work(nowNs: MonoNs): number {
    this.core.beforeBooksChange()
    let done = this.#link.work(nowNs)
    done += this.core.core.work(nowNs)
    if (!this.core.core.isReady) this.#openWhenReady()
    return done + this.#link.flush()
  }

  /** At the end of whatever came in: children go out now, not at the next turn. */
  flush(): void {
    this.#link.flush()
  }

  #attach(): void {
    const { news, turn, parts } = this.core
    news.onMiss = (parent, venue) => this.#link.subscribe(venue, parts.store.instrumentOf(parent))
    news.onReconciled = () => this.#openWhenReady()
    this.#link.attach(
      {
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
      {
        onBook: (view, at, nowNs) => {
          this.core.beforeBooksChange()
          return this.feed.onBook(view, at, nowNs)
        },
        onPrint: (view, at) => this.feed.onPrint(view, at),
        onDown: () => this.feed.onDown(),
      },
    )
  }

  /** Every venue has told us where it stands and every child is known again, or the wait is over. */
  #openWhenReady(): void {
    const { core, parts, turn } = this.core
    if (core.isReady) return
    for (let venue = 0; venue < this.#venues; venue++) {
      if (parts.states.isReady[venue as VenueIndex] === 0 && turn.nowNs < this.#readyByNs) return
    }
    core.open()
  }
}
