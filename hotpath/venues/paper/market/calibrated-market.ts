/**
 * The calibrated market: 32 venues, 10 instruments, one seed. Prices, books and trades are generated with the numbers
 * of calibration.json; the same seed tells the same events in the same order, however the turns are cut.
 */
import type { Instrument, Listing } from '../../../../shared/domain/instrument.ts'
import type { Venue } from '../../../../shared/domain/venue.ts'
import { Prng } from '../../../../shared/prng.ts'
import { type MonoNs, NS_PER_S } from '../../../../shared/units/time.ts'
import { BookSide } from '../../../book/book-table.ts'
import type { MarketSink, VenueLatency } from '../market-source.ts'
import { BookMaker } from './calibrated/book-maker.ts'
import { EfficientPrices, STEP_NS } from './calibrated/efficient-prices.ts'
import { EventHeap } from './calibrated/event-heap.ts'
import { planMarket } from './calibrated/listing-plan.ts'
import { LEVELS_MAX } from './calibrated/quoted-book.ts'
import { TradeFlow } from './calibrated/trade-flow.ts'
import { MarketTime } from './market-time.ts'
import type { MarketOptions, OpenedMarket } from './opened-market.ts'
import { venueLatency } from './venue-terms.ts'

/** Model events of one turn: a turn that is late by more goes on in the next one. About 5 ms of work. */
export const EVENTS_PER_TURN_MAX = 5_000
/**
 * Assumed: share of the measured level changes that is told. A level of ours stands for a band of real ones, so it
 * needs fewer changes, and the whole market fits into a fraction of a core.
 */
const CHURN_SHARE = 0.1

/** Events: 0 is the step of the prices; every book has these after it. */
const BookEvent = { evaluate: 0, churn: 1, trade: 2, refillBid: 3, refillAsk: 4 } as const
const EVENTS_PER_BOOK = 5

export class CalibratedMarket implements OpenedMarket {
  readonly name = 'calibrated'
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  readonly latencies: readonly VenueLatency[]
  readonly levelsMax = LEVELS_MAX
  readonly endNs = Number.POSITIVE_INFINITY
  readonly notes: readonly string[] = [
    'generated: prices, books and trades are invented from measured numbers; see the calibration note for what is assumed',
  ]
  readonly #prices: EfficientPrices
  readonly #makers: readonly BookMaker[]
  readonly #flows: readonly TradeFlow[]
  readonly #prngs: readonly Prng[]
  readonly #heap: EventHeap
  readonly #time: MarketTime
  #isOpen = false

  constructor(options: MarketOptions) {
    const plan = planMarket()
    const root = new Prng(options.seed)
    this.venues = plan.venues
    this.instruments = plan.instruments
    this.listings = plan.listings
    this.latencies = plan.venues.map(({ id }) => venueLatency(id))
    this.#prices = new EfficientPrices(root.fork(0))
    this.#prngs = plan.books.map((_, at) => root.fork(at + 1))
    this.#makers = plan.books.map((book, at) => new BookMaker(book, this.#prices, this.#prngs[at]))
    this.#flows = this.#makers.map((maker, at) => new TradeFlow(maker, this.#prices, this.#prngs[at]))
    this.#heap = new EventHeap(1 + EVENTS_PER_BOOK * plan.books.length)
    this.#time = new MarketTime(options.speed)
  }

  /** O(log books) an event, at most EVENTS_PER_TURN_MAX of them after the opening. */
  work(nowNs: MonoNs, sink: MarketSink): number {
    const dueNs = this.#time.advance(nowNs)
    if (!this.#isOpen) return this.#open(sink)
    let told = 0
    while (told < EVENTS_PER_TURN_MAX && this.#heap.nextTime <= dueNs) {
      this.#happen(this.#heap.next, this.#heap.nextTime, sink)
      told++
    }
    return told
  }

  #open(sink: MarketSink): number {
    this.#isOpen = true
    this.#heap.set(0, STEP_NS)
    for (let book = 0; book < this.#makers.length; book++) {
      this.#makers[book].open(sink)
      this.#plan(book, BookEvent.evaluate, this.#drawEvaluateNs(book, 0))
      this.#plan(book, BookEvent.churn, this.#drawChurnNs(book, 0))
      this.#plan(book, BookEvent.trade, this.#flows[book].drawNextNs(0))
    }
    return this.#makers.length
  }

  #happen(event: number, ns: number, sink: MarketSink): void {
    if (event === 0) {
      this.#prices.advance()
      this.#heap.set(0, ns + STEP_NS)
      return
    }
    const book = Math.floor((event - 1) / EVENTS_PER_BOOK)
    const kind = (event - 1) % EVENTS_PER_BOOK
    if (kind === BookEvent.evaluate) {
      this.#makers[book].evaluate(ns, sink)
      this.#heap.set(event, this.#drawEvaluateNs(book, ns))
    } else if (kind === BookEvent.churn) {
      this.#makers[book].churn(sink)
      this.#heap.set(event, this.#drawChurnNs(book, ns))
    } else if (kind === BookEvent.trade) {
      if (this.#flows[book].arrives(ns)) this.#trade(book, ns, sink)
      this.#heap.set(event, this.#flows[book].drawNextNs(ns))
    } else {
      this.#makers[book].refill(kind === BookEvent.refillBid ? BookSide.bid : BookSide.ask, sink)
      this.#heap.set(event, Number.POSITIVE_INFINITY)
    }
  }

  /** A refill that is already on its way is not put off by the next trade. */
  #trade(book: number, ns: number, sink: MarketSink): void {
    const side = this.#flows[book].trade(ns, sink)
    const kind = side === BookSide.bid ? BookEvent.refillBid : BookEvent.refillAsk
    const refillNs = ns + this.#flows[book].drawRefillNs()
    if (refillNs < this.#heap.timeOf(1 + book * EVENTS_PER_BOOK + kind)) this.#plan(book, kind, refillNs)
  }

  #plan(book: number, kind: number, ns: number): void {
    this.#heap.set(1 + book * EVENTS_PER_BOOK + kind, ns)
  }

  /** Looks come a fifth earlier or later, so that venues do not march in step. */
  #drawEvaluateNs(book: number, ns: number): number {
    return ns + this.#makers[book].plan.evaluateNs * (0.8 + 0.4 * this.#prngs[book].nextFloat())
  }

  #drawChurnNs(book: number, ns: number): number {
    const { flow, activity } = this.#makers[book].plan
    const perS = flow.levelChangesNearPerS * activity * CHURN_SHARE * this.#prices.volumeRatio
    return ns + this.#prngs[book].nextExponential(NS_PER_S / perS)
  }
}
