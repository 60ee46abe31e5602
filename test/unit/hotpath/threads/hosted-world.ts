/** A process of other venues (a paper exchange in this thread), the router's link to it, and a table the router decides on. */
import { type BookSide, BookTable } from '../../../../hotpath/book/book-table.ts'
import type { SideHooks } from '../../../../hotpath/threads/venue-side.ts'
import { PaperExchange } from '../../../../hotpath/venues/paper/paper-exchange.ts'
import { PaperLink } from '../../../../hotpath/venues/paper/paper-link.ts'
import type { PaperOptions } from '../../../../hotpath/venues/paper/paper-options.ts'
import { Prng } from '../../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { NS_PER_MS } from '../../../../shared/units/time.ts'
import { copyReport, type ReportCopy } from '../../../conformance/venue-conformance-bench.ts'
import { MemoryPipe, type ScriptedMarket, VirtualClock } from '../venues/paper/paper-world.ts'

export class HostedWorld {
  readonly clock = new VirtualClock()
  readonly market: ScriptedMarket
  readonly exchange: PaperExchange
  readonly link: PaperLink
  readonly books: BookTable
  readonly reports: ReportCopy[] = []
  readonly news: string[] = []
  /** Reports and books told from inside a change of books: the table was warned of so many. */
  warnings = 0
  /** Orders of ours by parent: their instrument. */
  readonly instruments = new Map<number, number>()
  #pipe: MemoryPipe | undefined

  constructor(
    size: { venues: number; instruments: number },
    market: ScriptedMarket,
    options: Partial<PaperOptions> = {},
  ) {
    this.market = market
    this.exchange = new PaperExchange(market, {
      startEpochUs: this.clock.startUs,
      refillHalfLifeNs: Number.POSITIVE_INFINITY,
      ...options,
    })
    this.books = new BookTable({ ...size, levelsMax: 64 })
    this.link = new PaperLink({
      account: 'desk',
      token: () => '',
      allLevels: false,
      clock: this.clock,
      chance: new Prng(1),
      open: (events) => {
        this.#pipe = new MemoryPipe(this.exchange.connect(), events, undefined)
        return this.#pipe
      },
    })
    this.pass(50)
  }

  get hooks(): SideHooks {
    return {
      events: {
        onVenueReport: (report) => this.reports.push(copyReport(report)),
        onVenueUp: (venue) => this.news.push(`up ${venue}`),
        onVenueDown: (venue) => this.news.push(`down ${venue}`),
      },
      books: this.books,
      prints: undefined,
      instrumentOf: (parent) => (this.instruments.get(parent) ?? -1) as InstrumentIndex | -1,
      beforeBooksChange: () => this.warnings++,
    }
  }

  pass(ms: number): void {
    const untilNs = this.clock.ns + ms * NS_PER_MS
    while (this.clock.ns < untilNs) {
      this.clock.ns += NS_PER_MS / 2
      this.exchange.work(this.clock.monoNs())
      this.link.work(this.clock.monoNs())
      this.#pipe?.pump(this.clock.monoNs())
    }
  }

  cut(): void {
    this.#pipe?.close()
  }

  /** Best first. */
  levels(venue: number, instrument: number, side: BookSide): [number, number][] {
    const row = this.books.row(instrument as InstrumentIndex, venue as VenueIndex)
    const end = this.books.offset(row, side) + this.books.count(row, side)
    return Array.from({ length: this.books.count(row, side) }, (_, at) => [
      this.books.prices[end - 1 - at],
      this.books.lots[end - 1 - at],
    ])
  }
}
