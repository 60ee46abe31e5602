/**
 * Quotes one book as its market makers do together. They look at what they believe the price is (lagged, with an
 * opinion of their own) and requote when it has left their mid; between that they add, cancel and resize levels so
 * that the book keeps the measured depth at every distance; after a trade the level comes back when it is refilled.
 *
 * The book is kept in bands of distance behind the best price: band b holds about one level somewhere between
 * offset b-1 and offset b, with the measured money between the two.
 */
import type { Prng } from '../../../../../shared/prng.ts'
import { BookSide } from '../../../../book/book-table.ts'
import type { MarketSink } from '../../market-source.ts'
import { Asset, type EfficientPrices } from './efficient-prices.ts'
import type { BookPlan } from './listing-plan.ts'
import { MeasuredDraw } from './measured-curve.ts'
import { isBetter, QuotedBook } from './quoted-book.ts'
import { spreadLogDeviation } from './roster.ts'

/** Bands behind the best level; with it a side has this many levels and one more. */
const BANDS = 24
const NEAREST_BPS = 0.1
const FARTHEST_BPS = 100
/** A side with fewer levels is built up as soon as it is looked at. */
const LEVELS_MIN = 8
/** Assumed: opinions forget in seconds, premiums in minutes. */
const NOISE_SECONDS = 3
const PREMIUM_SECONDS = 600
/** Assumed: in wild times spreads grow and books thin with the square root of the volatility. */
const STRESS_POWER = 0.5
/** Assumed: of the looks at a filled band this many move its level instead of resizing it. */
const MOVE_SHARE = 0.3
/** A view this share of a tick off the mid is a reason to requote. */
const TICK_SHARE = 0.6
/** A best level that was taken is first shown again with this quantile of its usual size. */
const FIRST_BACK_QUANTILE = 0.25

const BPS = 1e-4

/** Numbers that change, kept in one array: a changing double in a field would be boxed. */
const State = { noise: 0, premium: 1, lastNs: 2, viewTicks: 3, targetBid: 4, targetAsk: 5 } as const

export class BookMaker {
  readonly book: QuotedBook
  readonly plan: BookPlan
  readonly #prices: EfficientPrices
  readonly #prng: Prng
  readonly #touch: MeasuredDraw
  /** Ticks behind the best level, by band; [0] is 0. */
  readonly #offsets = new Float64Array(BANDS + 1)
  /** Lots a band holds in normal times. */
  readonly #bandLots = new Float64Array(BANDS + 1)
  readonly #state = new Float64Array(6)
  readonly #ticksPerUnit: number
  readonly #lotsPerDollar: number
  /** The plan's, or most of a coarse tick: else the rounding would quote back and forth. */
  readonly #thresholdBps: number

  constructor(plan: BookPlan, prices: EfficientPrices, prng: Prng) {
    this.plan = plan
    this.book = new QuotedBook(plan.venue, plan.instrument)
    this.#prices = prices
    this.#prng = prng
    this.#touch = new MeasuredDraw(plan.flow.touchQuoteAmount)
    this.#ticksPerUnit = 10 ** plan.priceDigits
    this.#lotsPerDollar = 10 ** plan.qtyDigits / Math.exp(prices.logPrice(plan.base, Asset.USD, 0))
    const priceTicks = Math.exp(prices.logPrice(plan.base, plan.quote, 0)) * this.#ticksPerUnit
    this.#thresholdBps = Math.max(plan.thresholdBps, (TICK_SHARE * plan.tickStep) / priceTicks / BPS)
    this.#layBands(priceTicks)
    this.#state[State.noise] = plan.noiseBps * prng.nextNormal()
    this.#state[State.premium] = plan.premiumBps * prng.nextNormal()
    this.#look(0)
  }

  /** How far the view is above the mid, in thresholds: what makes buyers come. */
  get lean(): number {
    const mid = (this.book.price(BookSide.bid, 0) + this.book.price(BookSide.ask, 0)) / 2
    return (this.#state[State.viewTicks] / mid - 1) / (this.#thresholdBps * BPS)
  }

  /** The whole book, for the opening. */
  open(sink: MarketSink): void {
    sink.onClear(this.plan.venue, this.plan.instrument)
    this.#requote(sink)
    for (let band = 1; band <= BANDS; band++) {
      this.#keepBand(BookSide.bid, band, sink)
      this.#keepBand(BookSide.ask, band, sink)
    }
    sink.onUpdateEnd(this.plan.venue, this.plan.instrument)
  }

  /** Looks at the world, requotes where it must, and brings back what trades took. */
  evaluate(nowNs: number, sink: MarketSink): void {
    const told = this.book.changes
    this.#look(nowNs)
    if (Math.abs(this.lean) > 1) this.#requote(sink)
    else this.#showTargets(FIRST_BACK_QUANTILE, sink)
    if (this.book.count(BookSide.bid) < LEVELS_MIN || this.book.count(BookSide.ask) < LEVELS_MIN) this.#buildUp(sink)
    if (this.book.changes !== told) sink.onUpdateEnd(this.plan.venue, this.plan.instrument)
  }

  /** One ordinary change: the best level gets a new size, or a band behind it is looked after. */
  churn(sink: MarketSink): void {
    const side = this.#prng.chance(0.5) ? BookSide.bid : BookSide.ask
    // The square makes near bands busier: measured, two changes of three are within 10 bps.
    const band = Math.floor((BANDS + 1) * this.#prng.nextFloat() ** 2)
    if (band > 0) this.#keepBand(side, band, sink)
    else this.#showTouch(side, sink)
    sink.onUpdateEnd(this.plan.venue, this.plan.instrument)
  }

  /** Some time after a trade: the best level is back at its price and has an ordinary size. */
  refill(side: BookSide, sink: MarketSink): void {
    this.#showTouch(side, sink)
    sink.onUpdateEnd(this.plan.venue, this.plan.instrument)
  }

  /** Lots of an amount of dollars, rounded down to the venue's lot, at least one. */
  toLots(dollars: number): number {
    const steps = Math.floor((dollars * this.#lotsPerDollar) / this.plan.lotStep)
    return Math.max(1, steps) * this.plan.lotStep
  }

  #layBands(priceTicks: number): void {
    const { depth, depthShare, spreadBps, tickStep } = this.plan
    const tickBps = tickStep / priceTicks / BPS
    const growth = (FARTHEST_BPS / NEAREST_BPS) ** (1 / (BANDS - 1))
    let within = depth.within(spreadBps / 2)
    for (let band = 1; band <= BANDS; band++) {
      const wanted = Math.round((NEAREST_BPS * growth ** (band - 1)) / tickBps)
      this.#offsets[band] = Math.max(wanted, this.#offsets[band - 1] + 1)
      const next = depth.within(spreadBps / 2 + this.#offsets[band] * tickBps)
      this.#bandLots[band] = (next - within) * depthShare * this.#lotsPerDollar
      within = next
    }
  }

  /** What the makers believe now, from what they heard `lag` ago. Ornstein–Uhlenbeck opinions, exact over any time. */
  #look(nowNs: number): void {
    const { base, quote, lagSteps, noiseBps, premiumBps } = this.plan
    const state = this.#state
    const seconds = (nowNs - state[State.lastNs]) / 1e9
    const kept = Math.exp(-seconds / NOISE_SECONDS)
    const keptLong = Math.exp(-seconds / PREMIUM_SECONDS)
    state[State.lastNs] = nowNs
    state[State.noise] = state[State.noise] * kept + noiseBps * Math.sqrt(1 - kept * kept) * this.#prng.nextNormal()
    state[State.premium] =
      state[State.premium] * keptLong + premiumBps * Math.sqrt(1 - keptLong * keptLong) * this.#prng.nextNormal()
    const log = this.#prices.logPrice(base, quote, lagSteps) + (state[State.noise] + state[State.premium]) * BPS
    state[State.viewTicks] = Math.exp(log) * this.#ticksPerUnit
  }

  /** New best prices around the view; what stands in their way goes first, so the book never crosses. */
  #requote(sink: MarketSink): void {
    const { tickStep, spreadBps } = this.plan
    const view = this.#state[State.viewTicks]
    const stress = this.#prices.volatilityRatio ** STRESS_POWER
    const wanted = spreadBps * stress * Math.exp(spreadLogDeviation * this.#prng.nextNormal()) * BPS * view
    const spread = Math.max(1, Math.round(wanted / tickStep)) * tickStep
    const bid = Math.max(1, Math.round((view - spread / 2) / tickStep)) * tickStep
    this.#state[State.targetBid] = bid
    this.#state[State.targetAsk] = bid + spread
    this.#showTargets(this.#prng.nextFloat(), sink)
  }

  /** Brings the best levels to their targets; a new one gets the given quantile of its size. */
  #showTargets(quantile: number, sink: MarketSink): void {
    this.book.removeBetter(BookSide.bid, this.#state[State.targetBid], sink)
    this.book.removeBetter(BookSide.ask, this.#state[State.targetAsk], sink)
    if (!this.#isAtTarget(BookSide.bid)) this.#setTarget(BookSide.bid, quantile, sink)
    if (!this.#isAtTarget(BookSide.ask)) this.#setTarget(BookSide.ask, quantile, sink)
  }

  #showTouch(side: BookSide, sink: MarketSink): void {
    if (!this.#isAtTarget(side)) this.#setTarget(side, this.#prng.nextFloat(), sink)
    else this.book.resize(side, 0, this.#touchLots(this.#prng.nextFloat()), sink)
  }

  #target(side: BookSide): number {
    return this.#state[side === BookSide.bid ? State.targetBid : State.targetAsk]
  }

  #isAtTarget(side: BookSide): boolean {
    return this.book.price(side, 0) === this.#target(side)
  }

  #setTarget(side: BookSide, quantile: number, sink: MarketSink): void {
    this.book.set(side, this.#target(side), this.#touchLots(quantile), sink)
  }

  #touchLots(quantile: number): number {
    return this.toLots(this.#touch.at(quantile) * this.plan.depthShare * this.#calmness())
  }

  #calmness(): number {
    return this.#prices.volatilityRatio ** -STRESS_POWER
  }

  #buildUp(sink: MarketSink): void {
    for (let band = 1; band <= BANDS; band += 3) {
      this.#keepBand(BookSide.bid, band, sink)
      this.#keepBand(BookSide.ask, band, sink)
    }
  }

  /** Gives a band its level: adds the missing one, takes one of several, or changes the only one. */
  #keepBand(side: BookSide, band: number, sink: MarketSink): void {
    const { tickStep } = this.plan
    const away = side === BookSide.bid ? -tickStep : tickStep
    const best = this.book.price(side, 0)
    const near = best + away * this.#offsets[band - 1]
    const far = best + away * this.#offsets[band]
    let at = 0
    while (at < this.book.count(side) && !isBetter(side, near, this.book.price(side, at))) at++
    const isThere = at < this.book.count(side) && !isBetter(side, far, this.book.price(side, at))
    const isTwice = at + 1 < this.book.count(side) && !isBetter(side, far, this.book.price(side, at + 1))
    if (isTwice) {
      this.book.remove(side, at + 1, sink)
      return
    }
    if (isThere && !this.#prng.chance(MOVE_SHARE)) {
      this.book.resize(side, at, this.#drawBandLots(band), sink)
      return
    }
    if (isThere) this.book.remove(side, at, sink)
    const ticks = this.#prng.nextBetween(this.#offsets[band - 1] + 1, this.#offsets[band])
    const price = best + away * ticks
    if (price > 0) this.book.set(side, price, this.#drawBandLots(band), sink)
  }

  /** Log-normal around the band's mean, with the measured dispersion. */
  #drawBandLots(band: number): number {
    const deviation = this.plan.flow.levelLogDeviation
    const factor = Math.exp(deviation * this.#prng.nextNormal() - (deviation * deviation) / 2)
    const steps = Math.floor((this.#bandLots[band] * factor * this.#calmness()) / this.plan.lotStep)
    return Math.max(1, steps) * this.plan.lotStep
  }
}
