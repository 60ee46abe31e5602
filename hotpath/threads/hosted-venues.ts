/**
 * Venues of another process (ccxt) that counts venues, instruments and grids its own way: its orders, reports and books as the
 * router counts them. Grids differ by powers of ten only; what the router sends fits, since listings came from there.
 */
import type { Instrument } from '../../shared/domain/instrument.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import { BookSide, BookState, BookTable } from '../book/book-table.ts'
import { PaperFeed } from '../marketdata/paper-feed.ts'
import { ChildOrder, type VenueReport, VenueReportKind } from '../orders/venue-report.ts'
import { ListingTable } from '../plan/listing-table.ts'
import { PaperAdapter } from '../venues/paper/paper-adapter.ts'
import { frameVenue } from '../venues/paper/paper-frame.ts'
import type { PaperMarket } from '../venues/paper/paper-hello.ts'
import type { PaperLink } from '../venues/paper/paper-link.ts'
import { newsInstrument } from '../venues/paper/paper-news-frame.ts'
import type { VenueAdapter } from '../venues/venue-adapter.ts'
import type { SideHooks } from './venue-side.ts'

/** A number of theirs as ours and back. Their grid is the finer one where what made it so is not listed here. */
class GridStep {
  readonly #up: number
  readonly #down: number

  constructor(ourDigits: number, theirDigits: number) {
    this.#up = 10 ** Math.max(0, ourDigits - theirDigits)
    this.#down = 10 ** Math.max(0, theirDigits - ourDigits)
  }

  ours(theirs: number): number {
    return (theirs * this.#up) / this.#down
  }

  theirs(ours: number): number {
    return (ours * this.#down) / this.#up
  }
}

interface Scale {
  readonly instrument: InstrumentIndex
  readonly ticks: GridStep
  readonly lots: GridStep
}

/** A door whose orders are written in the other process's numbers. */
class HostedAdapter implements VenueAdapter {
  readonly venue: VenueIndex
  readonly #door: PaperAdapter
  readonly #scales: readonly (Scale | undefined)[]
  readonly #child = new ChildOrder()

  /** `scales` by our instrument; `theirs` in them is the instrument over there. */
  constructor(venue: VenueIndex, door: PaperAdapter, scales: readonly (Scale | undefined)[]) {
    this.venue = venue
    this.#door = door
    this.#scales = scales
  }

  get isUp(): boolean {
    return this.#door.isUp
  }

  place(child: ChildOrder): boolean {
    const scale = this.#scales[child.instrument]
    if (scale === undefined) return false
    const order = this.#child
    order.instrument = scale.instrument
    order.side = child.side
    order.timeInForce = child.timeInForce
    order.postOnly = child.postOnly
    order.epoch = child.epoch
    order.parentSequence = child.parentSequence
    order.childSequence = child.childSequence
    order.lots = scale.lots.theirs(child.lots) as QtyLots
    order.limitTicks = scale.ticks.theirs(child.limitTicks) as PriceTicks
    order.deadlineUs = child.deadlineUs
    // A quantity or price between two of their steps never was one of this listing's.
    if (!Number.isInteger(order.lots) || !Number.isInteger(order.limitTicks)) return false
    return this.#door.place(order)
  }

  cancel(epoch: number, parentSequence: number, childSequence: number): boolean {
    return this.#door.cancel(epoch, parentSequence, childSequence)
  }

  replace(): boolean {
    return false
  }

  query(epoch: number, parentSequence: number, childSequence: number): boolean {
    return this.#door.query(epoch, parentSequence, childSequence)
  }

  cancelAll(): boolean {
    return this.#door.cancelAll()
  }

  reconcile(execution: number): boolean {
    return this.#door.reconcile(execution)
  }
}

export class HostedVenues {
  readonly adapters: readonly VenueAdapter[]
  readonly #link: PaperLink
  readonly #market: PaperMarket
  /** Our venue by theirs. */
  readonly #venues: readonly VenueIndex[]
  /** By their instrument. */
  readonly #scales: readonly (Scale | undefined)[]
  readonly #assets: readonly string[]

  /** `venues`: our index of each of their venues; `assets`: our names by balance row. */
  constructor(
    link: PaperLink,
    market: PaperMarket,
    parts: { venues: readonly VenueIndex[]; instruments: readonly Instrument[]; assets: readonly string[] },
  ) {
    this.#link = link
    this.#market = market
    this.#venues = parts.venues
    this.#assets = parts.assets
    const ours = new Map(parts.instruments.map((instrument) => [instrument.symbol, instrument]))
    const outward: (Scale | undefined)[] = []
    this.#scales = market.instruments.map((their) => {
      const our = ours.get(their.symbol)
      if (our === undefined) return undefined
      const ticks = new GridStep(our.priceDigits, their.priceDigits)
      const lots = new GridStep(our.qtyDigits, their.qtyDigits)
      outward[our.index] = { instrument: their.index, ticks, lots }
      return { instrument: our.index, ticks, lots }
    })
    this.adapters = market.venues.map(
      ({ index }) => new HostedAdapter(parts.venues[index], new PaperAdapter(index, link), outward),
    )
  }

  attach(hooks: SideHooks): void {
    const { events } = hooks
    const { levels, venues, instruments } = this.#market
    const table = new BookTable({ venues: venues.length, instruments: instruments.length, levelsMax: levels })
    const feed = new PaperFeed(table, levels, this.#link)
    const assets = new ListingTable(this.#market).assets.map((asset) => this.#assets.indexOf(asset))
    this.#link.attach(
      {
        onVenueReport: (report) => {
          if (this.#translate(report, hooks, assets)) events.onVenueReport(report)
        },
        onVenueUp: (venue) => events.onVenueUp(this.#venues[venue]),
        onVenueDown: (venue) => events.onVenueDown(this.#venues[venue]),
      },
      {
        onBook: (view, at) => {
          const isSound = feed.onBook(view, at)
          const { receivedNs } = this.#link
          if (isSound) this.#copyBook(table, frameVenue(view, at), newsInstrument(view, at), hooks, receivedNs)
          return isSound
        },
        onPrint: () => true,
        onDown: () => {
          feed.onDown()
          hooks.beforeBooksChange()
          for (const { index } of venues) {
            for (const scale of this.#scales) {
              if (scale === undefined) continue
              hooks.books.setState(hooks.books.row(scale.instrument, this.#venues[index]), BookState.stale)
            }
          }
        },
      },
    )
  }

  work(nowNs: MonoNs): number {
    return this.#link.work(nowNs)
  }

  flush(): number {
    return this.#link.flush()
  }

  /** False: not a venue of this process. */
  renewBook(venue: VenueIndex, instrument: InstrumentIndex): boolean {
    const at = this.#venues.indexOf(venue)
    const their = this.#scales.findIndex((scale) => scale?.instrument === instrument)
    if (at < 0 || their < 0) return false
    return this.#link.subscribe(at as VenueIndex, their as InstrumentIndex)
  }

  close(): void {
    this.#link.close()
  }

  /** In place, to our venue, assets, ticks and lots; false: an asset nobody here trades. */
  #translate(report: VenueReport, hooks: SideHooks, assets: readonly number[]): boolean {
    report.venue = this.#venues[report.venue]
    if (report.kind === VenueReportKind.balance) {
      const asset = assets[report.asset] ?? -1
      report.asset = asset
      return asset >= 0
    }
    const instrument = hooks.instrumentOf(report.parentSequence)
    const scale = this.#scales.find((one) => one?.instrument === instrument)
    if (scale === undefined) return true
    report.lots = scale.lots.ours(report.lots) as QtyLots
    report.filledLots = scale.lots.ours(report.filledLots) as QtyLots
    report.priceTicks = scale.ticks.ours(report.priceTicks) as PriceTicks
    return true
  }

  #copyBook(
    from: BookTable,
    venue: VenueIndex,
    instrument: InstrumentIndex,
    { books, beforeBooksChange }: SideHooks,
    nowNs: MonoNs,
  ): void {
    const scale = this.#scales[instrument]
    if (scale === undefined) return
    const theirs = from.row(instrument, venue)
    const ours = books.row(scale.instrument, this.#venues[venue])
    beforeBooksChange()
    if (from.state(theirs) === BookState.recovering) {
      books.setState(ours, BookState.recovering)
      return
    }
    for (const side of [BookSide.bid, BookSide.ask]) {
      books.clearSide(ours, side)
      const offset = from.offset(theirs, side)
      for (let at = offset; at < offset + from.count(theirs, side); at++) {
        const price = scale.ticks.ours(from.prices[at])
        const lots = Math.floor(scale.lots.ours(from.lots[at]))
        // A price between two of our ticks is of a venue that is not listed here.
        if (Number.isInteger(price) && lots > 0) books.setLevel(ours, side, price as PriceTicks, lots as QtyLots)
      }
    }
    books.finishUpdate(ours, from.sequence(theirs), nowNs)
  }
}
