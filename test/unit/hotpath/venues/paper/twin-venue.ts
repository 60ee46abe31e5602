/**
 * The slow, obvious twin of a paper venue: every price level is one literal queue of background pieces and orders, first
 * come first served; everything is found by looking at everything; money is BigInt throughout.
 */
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import type { ChildOrder } from '../../../../../hotpath/orders/venue-report.ts'
import { SelfTrade } from '../../../../../hotpath/venues/paper/paper-options.ts'
import { FeeSide, type Instrument, type Listing } from '../../../../../shared/domain/instrument.ts'
import { Side, TimeInForce } from '../../../../../shared/domain/order.ts'
import { RejectReason } from '../../../../../shared/domain/reject-reason.ts'

export interface TwinOrder {
  readonly account: number
  readonly parent: number
  readonly id: string
  readonly side: Side
  readonly price: number
  readonly lots: number
  filled: number
  isOpen: boolean
}

/** A piece of a level's queue: an order, or background when there is none. */
interface Piece {
  readonly order?: TwinOrder
  lots: number
}

interface Level {
  readonly price: number
  lots: number
  taken: number
  takenNs: number
  queue: Piece[]
}

export interface TwinTerms {
  readonly instrument: Instrument
  readonly listing: Listing
  readonly halfLifeNs: number
  readonly selfTrade: SelfTrade
  readonly deposit: { readonly base: bigint; readonly quote: bigint }
}

const MILLION = 1_000_000n

export class TwinVenue {
  readonly #terms: TwinTerms
  readonly #levels: readonly [Map<number, Level>, Map<number, Level>] = [new Map(), new Map()]
  readonly #sorted: readonly [Level[], Level[]] = [[], []]
  readonly orders: TwinOrder[] = []
  readonly #known = new Set<string>()
  readonly #balances = new Map<number, { base: bigint; quote: bigint }>()
  #isFresh = false
  nowNs = 0
  /** What the venue says, a line each. */
  told: string[] = []

  constructor(terms: TwinTerms) {
    this.#terms = terms
  }

  setLevel(side: BookSide, price: number, lots: number): void {
    const level = this.#level(side, price)
    if (lots === 0 || level.lots === 0) level.taken = 0
    else if (level.taken > 0) {
      level.taken = Math.min(this.#decayed(level), lots)
      level.takenNs = this.nowNs
    }
    level.lots = lots
    if (!this.#isFresh) this.#sync(level)
  }

  clear(): void {
    this.#isFresh = true
    for (const side of this.#levels) {
      for (const level of side.values()) {
        level.lots = 0
        level.taken = 0
      }
    }
  }

  trade(aggressor: Side, price: number, lots: number): void {
    const side = aggressor === Side.buy ? BookSide.ask : BookSide.bid
    for (const level of this.#levels[side].values()) if (this.#isBetter(side, level.price, price)) level.taken = 0
    let left = lots
    for (const level of this.#bestFirst(side)) {
      if (this.#isBetter(side, price, level.price)) break
      for (const piece of [...level.queue]) {
        if (piece.order === undefined && level.price !== price) continue
        const traded = Math.min(left, piece.lots)
        left -= traded
        if (traded > 0) this.#consume(level, piece, traded)
        if (traded > 0 && piece.order !== undefined) this.#fill(piece.order, true, level.price, traded)
      }
    }
  }

  endUpdate(): void {
    this.#isFresh = false
    for (const side of this.#levels) for (const level of side.values()) this.#sync(level)
    this.#settleCrossed()
  }

  place(account: number, child: ChildOrder): void {
    this.#settleCrossed()
    const id = `${account}/${child.parentSequence}`
    const reason = this.#refusal(account, id, child)
    if (reason !== RejectReason.duplicateClientOrderId) this.#known.add(id)
    if (reason !== RejectReason.none) {
      this.told.push(`${id} rejected ${reason}`)
      return
    }
    const { side, lots, limitTicks: price } = child
    const order: TwinOrder = { account, parent: child.parentSequence, id, side, price, lots, filled: 0, isOpen: true }
    this.orders.push(order)
    this.told.push(`${id} accepted`)
    if (child.timeInForce === TimeInForce.fok && this.#reach(order) < lots) {
      this.#end(order, RejectReason.fokNotFillable)
      return
    }
    const wasStopped = this.#take(order)
    if (order.filled === lots) return
    if (wasStopped) this.#end(order, RejectReason.selfTrade)
    else if (child.timeInForce === TimeInForce.ioc) this.#end(order, RejectReason.iocNotFilled)
    else {
      const level = this.#level(side === Side.buy ? BookSide.bid : BookSide.ask, price)
      this.#sync(level)
      level.queue.push({ order, lots: lots - order.filled })
    }
  }

  cancel(account: number, parent: number): void {
    const order = this.orders.find((one) => one.isOpen && one.id === `${account}/${parent}`)
    if (order === undefined) this.told.push(`${account}/${parent} cancelRejected`)
    else this.#end(order, RejectReason.userCancel)
  }

  free(account: number): { base: bigint; quote: bigint } {
    const { base, quote } = this.#balance(account)
    const held = { base: 0n, quote: 0n }
    for (const order of this.orders) {
      if (!order.isOpen || order.account !== account) continue
      held[order.side === Side.buy ? 'quote' : 'base'] += this.#needed(
        order.side,
        order.price,
        order.lots - order.filled,
      )
    }
    return { base: base - held.base, quote: quote - held.quote }
  }

  /** What everybody sees: [price, lots], best first. */
  shown(side: BookSide): [number, number][] {
    const levels: [number, number][] = []
    for (const level of this.#bestFirst(side)) {
      this.#sync(level)
      const lots = level.queue.reduce((sum, piece) => sum + piece.lots, 0)
      if (lots > 0) levels.push([level.price, lots])
    }
    return levels
  }

  #refusal(account: number, id: string, child: ChildOrder): RejectReason {
    const { listing } = this.#terms
    const { lots, limitTicks: price, side } = child
    if (this.#known.has(id)) return RejectReason.duplicateClientOrderId
    if (price % listing.tickStep !== 0) return RejectReason.priceFilter
    if (lots % listing.lotStep !== 0) return RejectReason.lotSize
    if (lots < listing.lotsMin) return RejectReason.minQuantity
    if (lots > listing.lotsMax) return RejectReason.maxQuantity
    if (price * lots < listing.notionalMin) return RejectReason.minNotional
    const free = this.free(account)
    if (this.#needed(side, price, lots) > (side === Side.buy ? free.quote : free.base))
      return RejectReason.insufficientBalance
    const opposite = side === Side.buy ? BookSide.ask : BookSide.bid
    const best = this.shown(opposite)[0]
    if (child.postOnly && best !== undefined && !this.#isBetter(opposite, price, best[0]))
      return RejectReason.postOnlyWouldTake
    return RejectReason.none
  }

  /** True: it stopped before one of its own account. */
  #take(taker: TwinOrder): boolean {
    const { selfTrade } = this.#terms
    const side = taker.side === Side.buy ? BookSide.ask : BookSide.bid
    for (const level of this.#bestFirst(side)) {
      if (this.#isBetter(side, taker.price, level.price)) return false
      this.#sync(level)
      for (const piece of [...level.queue]) {
        const lots = Math.min(piece.lots, taker.lots - taker.filled)
        if (lots === 0) continue
        if (piece.order === undefined) {
          level.taken = this.#decayed(level) + lots
          level.takenNs = this.nowNs
        } else if (selfTrade !== SelfTrade.none && piece.order.account === taker.account) {
          if (selfTrade !== SelfTrade.expireTaker) this.#end(piece.order, RejectReason.selfTrade)
          if (selfTrade !== SelfTrade.expireMaker) return true
          continue
        }
        this.#consume(level, piece, lots)
        if (piece.order !== undefined) this.#fill(piece.order, true, level.price, lots)
        this.#fill(taker, false, level.price, lots)
      }
    }
    return false
  }

  /** Lots the order could take now. */
  #reach(taker: TwinOrder): number {
    const { selfTrade } = this.#terms
    const side = taker.side === Side.buy ? BookSide.ask : BookSide.bid
    let lots = 0
    for (const level of this.#bestFirst(side)) {
      if (this.#isBetter(side, taker.price, level.price)) break
      this.#sync(level)
      for (const piece of level.queue) {
        const isOwn = selfTrade !== SelfTrade.none && piece.order?.account === taker.account
        if (isOwn && selfTrade !== SelfTrade.expireMaker) return lots
        if (!isOwn) lots += piece.lots
      }
    }
    return lots
  }

  #settleCrossed(): void {
    for (const side of [BookSide.bid, BookSide.ask] as const) {
      const other = side === BookSide.bid ? BookSide.ask : BookSide.bid
      for (const opposite of this.#bestFirst(other)) {
        if (this.#available(opposite) === 0) continue
        for (const level of this.#bestFirst(side)) {
          if (this.#isBetter(side, opposite.price, level.price)) break
          for (const piece of [...level.queue]) {
            const lots = piece.order === undefined ? 0 : Math.min(piece.lots, this.#available(opposite))
            if (lots === 0 || piece.order === undefined) continue
            opposite.taken = this.#decayed(opposite) + lots
            opposite.takenNs = this.nowNs
            this.#consume(level, piece, lots)
            this.#fill(piece.order, true, level.price, lots)
          }
        }
      }
    }
  }

  #consume(level: Level, piece: Piece, lots: number): void {
    piece.lots -= lots
    if (piece.lots === 0) level.queue = level.queue.filter((one) => one !== piece)
  }

  #fill(order: TwinOrder, isMaker: boolean, price: number, lots: number): void {
    const { listing } = this.#terms
    order.filled += lots
    if (order.filled === order.lots) order.isOpen = false
    const isBuy = order.side === Side.buy
    const inBase = isBuy && listing.feeSide === FeeSide.received
    const base = this.#baseUnits(lots)
    const quote = this.#quoteUnits(price, lots, false)
    let fee = feeOf(inBase ? base : quote, BigInt(isMaker ? listing.makerPpm : listing.takerPpm))
    const balance = this.#balance(order.account)
    balance.base += isBuy ? base : -base
    balance.quote += isBuy ? -quote : quote
    if (inBase) balance.base -= fee
    else {
      const free = this.free(order.account).quote
      if (isBuy && fee > free) fee = free
      balance.quote -= fee
    }
    this.told.push(`${order.id} fill ${lots}@${price} ${isMaker ? 'maker' : 'taker'} ${order.filled} ${fee}`)
  }

  #end(order: TwinOrder, reason: RejectReason): void {
    order.isOpen = false
    for (const side of this.#levels) {
      for (const level of side.values()) level.queue = level.queue.filter((piece) => piece.order !== order)
    }
    this.told.push(`${order.id} ended ${reason} ${order.lots - order.filled}`)
  }

  /** Background that came joins the end of the queue; background that left leaves from the end. */
  #sync(level: Level): void {
    let missing = this.#available(level)
    for (const piece of level.queue) if (piece.order === undefined) missing -= piece.lots
    if (missing > 0) level.queue.push({ lots: missing })
    joinNeighbours(level.queue)
    if (missing >= 0) return
    for (let at = level.queue.length - 1; at >= 0 && missing < 0; at--) {
      const piece = level.queue[at]
      if (piece.order !== undefined) continue
      const left = Math.min(piece.lots, -missing)
      piece.lots -= left
      missing += left
    }
    level.queue = level.queue.filter(({ lots }) => lots > 0)
  }

  #available(level: Level): number {
    const left = Math.max(0, level.lots - Math.round(this.#decayed(level)))
    return left - (left % this.#terms.listing.lotStep)
  }

  #decayed(level: Level): number {
    const age = this.nowNs - level.takenNs
    return age === 0 ? level.taken : level.taken * 2 ** (-age / this.#terms.halfLifeNs)
  }

  #level(side: BookSide, price: number): Level {
    const known = this.#levels[side].get(price)
    if (known !== undefined) return known
    const level: Level = { price, lots: 0, taken: 0, takenNs: 0, queue: [] }
    this.#levels[side].set(price, level)
    this.#sorted[side].push(level)
    this.#sorted[side].sort((a, b) => (side === BookSide.bid ? b.price - a.price : a.price - b.price))
    return level
  }

  /** Every price that ever was, empty ones too. */
  #bestFirst(side: BookSide): readonly Level[] {
    return this.#sorted[side]
  }

  #isBetter(side: BookSide, price: number, than: number): boolean {
    return side === BookSide.bid ? price > than : price < than
  }

  #needed(side: Side, price: number, lots: number): bigint {
    const { listing } = this.#terms
    if (side === Side.sell) return this.#baseUnits(lots)
    if (lots === 0) return 0n
    const cost = this.#quoteUnits(price, lots, true)
    if (listing.feeSide === FeeSide.received) return cost
    return cost + feeOf(cost, BigInt(Math.max(0, listing.makerPpm, listing.takerPpm)))
  }

  #baseUnits(lots: number): bigint {
    return BigInt(lots) * 10n ** BigInt(8 - this.#terms.instrument.qtyDigits)
  }

  #quoteUnits(price: number, lots: number, up: boolean): bigint {
    const { priceDigits, qtyDigits } = this.#terms.instrument
    const grid = 10n ** BigInt(priceDigits + qtyDigits)
    const exact = BigInt(price) * BigInt(lots) * 10n ** 8n
    return (exact + (up ? grid - 1n : 0n)) / grid
  }

  #balance(account: number): { base: bigint; quote: bigint } {
    const known = this.#balances.get(account)
    if (known !== undefined) return known
    const balance = { ...this.#terms.deposit }
    this.#balances.set(account, balance)
    return balance
  }
}

/** Background with no order in between is one piece. */
function joinNeighbours(queue: Piece[]): void {
  for (let at = queue.length - 1; at > 0; at--) {
    if (queue[at].order !== undefined || queue[at - 1].order !== undefined) continue
    queue[at - 1].lots += queue[at].lots
    queue.splice(at, 1)
  }
}

function feeOf(amount: bigint, ppm: bigint): bigint {
  const product = amount * ppm
  return product > 0n ? (product + MILLION - 1n) / MILLION : product / MILLION
}
