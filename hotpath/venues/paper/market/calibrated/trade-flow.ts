/**
 * Who trades at one book, and when: bursts that excite further bursts (Hawkes with one exponential, thinned after
 * Ogata 1981), sides that repeat as measured and otherwise lean to where the price is going, sizes as measured. A
 * burst walks the levels: every print is told before the level it changes.
 */
import { Side } from '../../../../../shared/domain/order.ts'
import type { Prng } from '../../../../../shared/prng.ts'
import type { PriceTicks, QtyLots } from '../../../../../shared/units/ticks.ts'
import { NS_PER_MS, NS_PER_S } from '../../../../../shared/units/time.ts'
import { type BookSide, takenSide } from '../../../../book/book-table.ts'
import type { MarketSink } from '../../market-source.ts'
import type { BookMaker } from './book-maker.ts'
import type { EfficientPrices } from './efficient-prices.ts'
import { MeasuredDraw } from './measured-curve.ts'

/** A burst takes from at most so many levels, and prints at most so often at one. */
const LEVELS_TAKEN_MAX = 6
const PRINTS_MAX = 8
/** Assumed: how strongly buyers come when the view is above the mid, at one threshold. */
const LEAN_SHARE = 0.35
/** z of 90 %: the measured p90 gives the deviation of the logarithm. */
const Z90 = 1.2816

const State = { excitement: 0, lastNs: 1, boundPerS: 2 } as const

export class TradeFlow {
  readonly #maker: BookMaker
  readonly #prices: EfficientPrices
  readonly #prng: Prng
  readonly #sizes: MeasuredDraw
  readonly #basePerS: number
  readonly #sizeShare: number
  readonly #refillLogDeviation: number
  readonly #state = new Float64Array(3)
  #lastSide: Side = Side.buy

  constructor(maker: BookMaker, prices: EfficientPrices, prng: Prng) {
    const { flow, activity, depthShare } = maker.plan
    this.#maker = maker
    this.#prices = prices
    this.#prng = prng
    this.#sizes = new MeasuredDraw(flow.burstQuoteAmount)
    this.#basePerS = flow.burstsPerS * activity * (1 - flow.branching)
    this.#sizeShare = Math.sqrt(depthShare)
    this.#refillLogDeviation = Math.log(flow.refillMsP90 / flow.refillMsMedian) / Z90
  }

  /** When to ask `arrives` next. Until then the rate only falls (a change of regime apart), so none is missed. */
  drawNextNs(nowNs: number): number {
    this.#decay(nowNs)
    const bound = this.#ratePerS()
    this.#state[State.boundPerS] = bound
    return nowNs + this.#prng.nextExponential(NS_PER_S / bound)
  }

  /** Does a burst come now? Thinning: with the share that the rate has kept of its bound. */
  arrives(nowNs: number): boolean {
    this.#decay(nowNs)
    return this.#prng.chance(this.#ratePerS() / this.#state[State.boundPerS])
  }

  /** One burst. Answers the side it took from, which will be refilled after `drawRefillNs`. */
  trade(nowNs: number, sink: MarketSink): BookSide {
    const { flow } = this.#maker.plan
    this.#decay(nowNs)
    this.#state[State.excitement] += flow.branching * flow.excitementDecayPerS
    this.#lastSide = this.#drawSide()
    const side = takenSide(this.#lastSide)
    this.#walk(side, this.#maker.toLots(this.#sizes.draw(this.#prng) * this.#sizeShare), sink)
    sink.onUpdateEnd(this.#maker.plan.venue, this.#maker.plan.instrument)
    return side
  }

  drawRefillNs(): number {
    const factor = Math.exp(this.#refillLogDeviation * this.#prng.nextNormal())
    return this.#maker.plan.flow.refillMsMedian * factor * NS_PER_MS
  }

  #ratePerS(): number {
    return this.#basePerS * this.#prices.volumeRatio + this.#state[State.excitement]
  }

  #decay(nowNs: number): void {
    const seconds = (nowNs - this.#state[State.lastNs]) / NS_PER_S
    this.#state[State.excitement] *= Math.exp(-this.#maker.plan.flow.excitementDecayPerS * seconds)
    this.#state[State.lastNs] = nowNs
  }

  #drawSide(): Side {
    if (this.#prng.chance(this.#maker.plan.flow.sideAutocorrelation)) return this.#lastSide
    const lean = Math.max(-1, Math.min(1, this.#maker.lean))
    return this.#prng.chance(0.5 + LEAN_SHARE * lean) ? Side.buy : Side.sell
  }

  /** Takes from the best level on, never the last lot of a side: makers always show something. */
  #walk(side: BookSide, wantedLots: number, sink: MarketSink): void {
    const { book, plan } = this.#maker
    let left = wantedLots
    for (let level = 0; level < LEVELS_TAKEN_MAX && left > 0; level++) {
      const shown = book.lots(side, 0)
      const taken = Math.min(left, book.count(side) > 1 ? shown : shown - plan.lotStep)
      if (taken <= 0) return
      this.#print(book.price(side, 0), taken, sink)
      if (taken === shown) book.remove(side, 0, sink)
      else book.resize(side, 0, shown - taken, sink)
      left -= taken
    }
  }

  /** One burst meets several resting orders: about as many prints as measured, of random sizes. */
  #print(price: number, lots: number, sink: MarketSink): void {
    const { plan } = this.#maker
    const goesOn = 1 - 1 / plan.flow.printsPerBurst
    let left = lots
    for (let print = 1; print < PRINTS_MAX && left > plan.lotStep && this.#prng.chance(goesOn); print++) {
      const steps = this.#prng.nextBetween(1, Math.max(1, Math.floor(left / plan.lotStep) - 1))
      sink.onTrade(plan.venue, plan.instrument, this.#lastSide, price as PriceTicks, (steps * plan.lotStep) as QtyLots)
      left -= steps * plan.lotStep
    }
    sink.onTrade(plan.venue, plan.instrument, this.#lastSide, price as PriceTicks, left as QtyLots)
  }
}
