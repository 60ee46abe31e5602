/**
 * One book of a paper venue: the background as the market source tells it, what our fills took of it, and the resting
 * orders of our accounts with their place in the queue. Price first, then time; between the background and us, time is
 * `queueAhead`: the background lots that were shown at the price when the order came, less what traded or left since.
 */
import { Side } from '../../../shared/domain/order.ts'
import type { InstrumentIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import { BookSide, takenSide } from '../../book/book-table.ts'
import { SelfTrade } from './paper-options.ts'
import { BOOK_MODE, NO_ORDER, type PaperOrders } from './paper-orders.ts'
import { PaperQueue, type QueueLevel } from './paper-queue.ts'
import { PaperSide } from './paper-side.ts'

const NO_KEY = Number.NEGATIVE_INFINITY

/** What a book tells its venue while it matches. `filled` is counted and the order out of its queue before the call. */
export interface BookEvents {
  onMakerFill(order: number, price: PriceTicks, lots: QtyLots): void
  onTakerFill(order: number, price: PriceTicks, lots: QtyLots): void
  /** A resting order ended because its own account came to take it. */
  onMakerPrevented(order: number): void
  /** The background came through one of our orders: a trade that the market source does not know of. */
  onCrossed(order: number, aggressor: Side, price: PriceTicks, lots: QtyLots): void
  /** The book differs from what was told of it; said once until `markTold`. */
  onBookChanged(instrument: InstrumentIndex): void
}

export interface BookTerms {
  readonly instrument: InstrumentIndex
  readonly lotStep: number
  readonly halfLifeNs: number
  readonly selfTrade: SelfTrade
}

export class PaperBook {
  readonly #orders: PaperOrders
  readonly #events: BookEvents
  readonly #selfTrade: SelfTrade
  /** By BookSide. */
  readonly #background: readonly [PaperSide, PaperSide]
  readonly #resting: readonly [PaperQueue, PaperQueue]
  /** The background started anew: queues are measured again once it is told. */
  #isFresh = false
  #isChanged = false
  #hasTaken = false
  readonly instrument: InstrumentIndex

  constructor(orders: PaperOrders, events: BookEvents, terms: BookTerms) {
    this.#orders = orders
    this.#events = events
    this.instrument = terms.instrument
    this.#selfTrade = terms.selfTrade
    this.#background = [
      new PaperSide(BookSide.bid, terms.lotStep, terms.halfLifeNs),
      new PaperSide(BookSide.ask, terms.lotStep, terms.halfLifeNs),
    ]
    this.#resting = [new PaperQueue(orders, BookSide.bid), new PaperQueue(orders, BookSide.ask)]
  }

  /** The background quantity of a level is now `lots`: who waited behind more moves up. */
  setLevel(side: BookSide, price: PriceTicks, lots: QtyLots, nowNs: MonoNs): void {
    this.#change()
    this.#background[side].set(price, lots, nowNs)
    if (this.#resting[side].count > 0 && !this.#isFresh) this.#capQueue(side, price, nowNs)
  }

  /** Somebody else took `lots` at `price`: what is better there is ours to give first, then the queue at the price. */
  tradeBackground(aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    this.#change()
    const side = takenSide(aggressor)
    this.#background[side].forgetTakenBetterThan(price)
    const key = this.#background[side].keyOf(price)
    const queue = this.#resting[side]
    let left = lots
    while (left > 0) {
      const level = queue.best
      if (level === undefined || level.key < key) return
      const order = level.first
      const ahead = level.key === key ? Math.min(left, this.#orders.queueAhead[order]) : 0
      if (ahead > 0) {
        queue.advance(level, ahead as QtyLots)
        left = (left - ahead) as QtyLots
      } else {
        left = (left - this.#fillMaker(order, left)) as QtyLots
      }
    }
  }

  clear(): void {
    this.#change()
    this.#isFresh = true
    this.#background[BookSide.bid].clear()
    this.#background[BookSide.ask].clear()
  }

  /** All levels of an update are told: orders of ours that the background now crosses trade. */
  endUpdate(nowNs: MonoNs): void {
    if (this.#isFresh) this.#capQueues(nowNs)
    this.#isFresh = false
    this.settleCrossed(nowNs)
  }

  /** Resting orders trade with opposite background at or through their price, at their own price. */
  settleCrossed(nowNs: MonoNs): void {
    this.#settleSide(BookSide.bid, nowNs)
    this.#settleSide(BookSide.ask, nowNs)
  }

  get isChanged(): boolean {
    return this.#isChanged
  }

  /** Some of the background is taken by our fills. */
  get hasTaken(): boolean {
    return this.#hasTaken
  }

  markTold(): void {
    this.#isChanged = false
  }

  /** Does background come back that our fills took? Then the book changes by itself. O(levels) while it does. */
  isRefilling(nowNs: MonoNs): boolean {
    if (!this.#hasTaken) return false
    const bids = this.#background[BookSide.bid].isRefilling(nowNs)
    this.#hasTaken = this.#background[BookSide.ask].isRefilling(nowNs) || bids
    return this.#hasTaken
  }

  /** Takes what the order's limit allows. False: stopped before one of its own account. O(levels and orders taken). */
  take(taker: number, nowNs: MonoNs): boolean {
    const orders = this.#orders
    const side = takenSide(orders.side[taker] as Side)
    const background = this.#background[side]
    const queue = this.#resting[side]
    const limitKey = background.keyOf(orders.limit[taker] as PriceTicks)
    let at = background.count - 1
    while (orders.left(taker) > 0) {
      while (at >= 0 && background.key(at) >= limitKey && background.available(at, nowNs) === 0) at--
      const level = queue.best
      const backgroundKey = at >= 0 ? background.key(at) : NO_KEY
      const key = Math.max(backgroundKey, level === undefined ? NO_KEY : level.key)
      if (key < limitKey) return true
      const shown = backgroundKey === key ? background.available(at, nowNs) : 0
      if (level === undefined || level.key < key) {
        this.#takeBackground(taker, background, at, shown, nowNs)
        continue
      }
      const ahead = Math.min(orders.queueAhead[level.first], shown)
      if (ahead > 0) queue.advance(level, this.#takeBackground(taker, background, at, ahead, nowNs))
      else if (!this.#meetMaker(taker, level.first)) return false
    }
    return true
  }

  /** Would an order at this price take anything? */
  crosses(side: Side, price: PriceTicks, nowNs: MonoNs): boolean {
    const opposite = takenSide(side)
    const background = this.#background[opposite]
    const limitKey = background.keyOf(price)
    const best = this.#resting[opposite].best
    if (best !== undefined && best.key >= limitKey) return true
    for (let at = background.count - 1; at >= 0 && background.key(at) >= limitKey; at--) {
      if (background.available(at, nowNs) > 0) return true
    }
    return false
  }

  /** Could this order be filled whole at once? Changes nothing. O(levels and orders within the limit). */
  canFill(taker: number, nowNs: MonoNs): boolean {
    const orders = this.#orders
    const side = takenSide(orders.side[taker] as Side)
    const background = this.#background[side]
    const queue = this.#resting[side]
    const limitKey = background.keyOf(orders.limit[taker] as PriceTicks)
    let at = background.count - 1
    let own = queue.count - 1
    let missing = orders.left(taker) as number
    while (missing > 0) {
      const backgroundKey = at >= 0 ? background.key(at) : NO_KEY
      const key = Math.max(backgroundKey, own >= 0 ? queue.level(own).key : NO_KEY)
      if (key < limitKey) return false
      const shown = backgroundKey === key ? background.available(at--, nowNs) : 0
      if (own < 0 || queue.level(own).key < key) {
        missing -= shown
        continue
      }
      const level = queue.level(own--)
      const stop = this.#stopperIn(level, taker)
      missing -= this.#fillableBefore(level, stop, taker)
      missing -= stop === NO_ORDER ? shown : Math.min(shown, orders.queueAhead[stop])
      if (stop !== NO_ORDER) return missing <= 0
    }
    return true
  }

  /** Joins the queue at its price, behind everything shown there now. */
  rest(order: number, nowNs: MonoNs): void {
    const side = this.#orders.side[order] === Side.buy ? BookSide.bid : BookSide.ask
    this.#change()
    this.#orders.queueAhead[order] = this.#background[side].availableAt(this.#orders.limit[order] as PriceTicks, nowNs)
    this.#resting[side].add(order)
  }

  /** Fewer lots at the same price: its place in the queue stays. */
  shrink(order: number, lots: QtyLots): void {
    this.#change()
    this.#orders.lots[order] = lots
  }

  /** Leaves its queue. */
  remove(order: number): void {
    this.#change()
    this.#resting[this.#orders.side[order] === Side.buy ? BookSide.bid : BookSide.ask].remove(order)
  }

  /**
   * The best `levels` of a side as everybody sees them, best first: what is left of the background and our resting orders.
   * Answers how many there are. O(levels).
   */
  copyTop(side: BookSide, levels: number, prices: Float64Array, lots: Float64Array, nowNs: MonoNs): number {
    const background = this.#background[side]
    const queue = this.#resting[side]
    if (queue.count === 0) return background.copyTop(levels, prices, lots, nowNs)
    let at = background.count - 1
    let own = queue.count - 1
    let count = 0
    while (count < levels && (at >= 0 || own >= 0)) {
      const backgroundKey = at >= 0 ? background.key(at) : NO_KEY
      const ownKey = own >= 0 ? queue.level(own).key : NO_KEY
      let shown = 0
      prices[count] = backgroundKey >= ownKey ? background.price(at) : queue.level(own).price
      if (backgroundKey >= ownKey) shown += background.available(at--, nowNs)
      if (ownKey >= backgroundKey) shown += queue.lots(queue.level(own--))
      lots[count] = shown
      if (shown > 0) count++
    }
    return count
  }

  #takeBackground(taker: number, background: PaperSide, at: number, shown: number, nowNs: MonoNs): QtyLots {
    const lots = Math.min(this.#orders.left(taker), shown) as QtyLots
    this.#change()
    this.#hasTaken = true
    background.take(at, lots, nowNs)
    this.#orders.filled[taker] += lots
    this.#events.onTakerFill(taker, background.price(at), lots)
    return lots
  }

  /** The taker has come to this resting order. False: it must stop. */
  #meetMaker(taker: number, maker: number): boolean {
    const orders = this.#orders
    const mode = this.#modeOf(taker)
    if (mode !== SelfTrade.none && orders.account[taker] === orders.account[maker]) {
      if (mode !== SelfTrade.expireTaker) {
        this.remove(maker)
        this.#events.onMakerPrevented(maker)
      }
      return mode === SelfTrade.expireMaker
    }
    const price = orders.limit[maker] as PriceTicks
    const lots = this.#fillMaker(maker, orders.left(taker))
    orders.filled[taker] += lots
    this.#events.onTakerFill(taker, price, lots)
    return true
  }

  /** A resting order trades up to `lots` at its own price. Answers how many. */
  #fillMaker(maker: number, lots: QtyLots): QtyLots {
    const orders = this.#orders
    const filled = Math.min(lots, orders.left(maker)) as QtyLots
    this.#change()
    orders.filled[maker] += filled
    if (orders.left(maker) === 0) this.remove(maker)
    this.#events.onMakerFill(maker, orders.limit[maker] as PriceTicks, filled)
    return filled
  }

  #settleSide(side: BookSide, nowNs: MonoNs): void {
    const queue = this.#resting[side]
    if (queue.count === 0) return
    const opposite = this.#background[side === BookSide.bid ? BookSide.ask : BookSide.bid]
    for (let at = opposite.count - 1; at >= 0; at--) {
      for (;;) {
        const level = queue.best
        // The opposite level's key is minus its price in our terms: a bid at 101 crosses an ask at 100.
        if (level === undefined || level.key < -opposite.key(at)) return
        const shown = opposite.available(at, nowNs)
        if (shown === 0) break
        const order = level.first
        const filled = this.#fillMaker(order, shown)
        this.#hasTaken = true
        opposite.take(at, filled, nowNs)
        this.#events.onCrossed(order, side === BookSide.bid ? Side.sell : Side.buy, level.price, filled)
      }
    }
  }

  #change(): void {
    if (this.#isChanged) return
    this.#isChanged = true
    this.#events.onBookChanged(this.instrument)
  }

  #capQueue(side: BookSide, price: PriceTicks, nowNs: MonoNs): void {
    const level = this.#resting[side].find(price)
    if (level !== undefined) this.#resting[side].cap(level, this.#background[side].availableAt(price, nowNs))
  }

  #capQueues(nowNs: MonoNs): void {
    for (const side of [BookSide.bid, BookSide.ask]) {
      const queue = this.#resting[side]
      for (let at = 0; at < queue.count; at++) this.#capQueue(side, queue.level(at).price, nowNs)
    }
  }

  /** First order of a level that this taker may not pass, or NO_ORDER. */
  #stopperIn(level: QueueLevel, taker: number): number {
    const mode = this.#modeOf(taker)
    if (mode === SelfTrade.none || mode === SelfTrade.expireMaker) return NO_ORDER
    const { account, next } = this.#orders
    let order = level.first
    while (order !== NO_ORDER && account[order] !== account[taker]) order = next[order]
    return order
  }

  /** What the taker brought, else the book's. */
  #modeOf(taker: number): SelfTrade {
    const own = this.#orders.selfTrade[taker]
    return own === BOOK_MODE ? this.#selfTrade : (own as SelfTrade)
  }

  #fillableBefore(level: QueueLevel, stop: number, taker: number): number {
    const orders = this.#orders
    const mode = this.#modeOf(taker)
    let lots = 0
    for (let order = level.first; order !== stop && order !== NO_ORDER; order = orders.next[order]) {
      const isSkipped = mode !== SelfTrade.none && orders.account[order] === orders.account[taker]
      if (!isSkipped) lots += orders.left(order)
    }
    return lots
  }
}
