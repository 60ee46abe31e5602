/**
 * One paper venue: its rules, its accounts and its books. Commands and market news take effect the moment they are given
 * (latency is the exchange's business); what happens goes to PaperReports in that order.
 */
import { Liquidity } from '../../../shared/domain/execution-report.ts'
import { FeeSide, type Listing } from '../../../shared/domain/instrument.ts'
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { Venue } from '../../../shared/domain/venue.ts'
import type { InstrumentIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import type { BookSide } from '../../book/book-table.ts'
import { type ChildOrder, VenueReportKind } from '../../orders/venue-report.ts'
import type { ListingTable } from '../../plan/listing-table.ts'
import { PaperAccount } from './paper-account.ts'
import { type BookEvents, PaperBook } from './paper-book.ts'
import { PaperClearing, type PaperTerms } from './paper-clearing.ts'
import { PaperFills } from './paper-fills.ts'
import { PaperMoney } from './paper-money.ts'
import type { PaperOptions } from './paper-options.ts'
import { BOOK_MODE, NO_ORDER, PaperOrders, PaperState } from './paper-orders.ts'
import { type PaperIdentity, PaperReporter, type PaperReports } from './paper-reporter.ts'
import { listingRefusal } from './paper-rules.ts'

interface PaperMarket extends PaperTerms {
  readonly book: PaperBook
}

export class PaperVenue implements BookEvents {
  readonly #venue: Venue
  readonly #options: PaperOptions
  readonly #sink: PaperReports
  readonly #assets: readonly string[]
  /** By instrument; undefined where it is not listed. */
  readonly #markets: (PaperMarket | undefined)[] = []
  readonly #accounts: (PaperAccount | undefined)[] = []
  readonly #orders = new PaperOrders()
  readonly #fills: PaperFills
  readonly #clearing: PaperClearing
  readonly #reporter: PaperReporter
  /** Resting GTD orders. */
  readonly #timed = new Set<number>()
  /** Now in nanoseconds, now on the wall clock in microseconds, and the earliest deadline among the timed orders. */
  readonly #times = new Float64Array([0, 0, Number.POSITIVE_INFINITY])

  constructor(
    venue: Venue,
    table: ListingTable,
    listings: readonly Listing[],
    options: PaperOptions,
    sink: PaperReports,
  ) {
    this.#venue = venue
    this.#options = options
    this.#sink = sink
    this.#assets = table.assets
    this.#fills = new PaperFills(options.executionBase)
    this.#clearing = new PaperClearing(this.#orders, table.assets.length)
    this.#reporter = new PaperReporter(venue.index, this.#orders, this.#fills, sink)
    for (const listing of listings) {
      if (listing.venue === venue.index) this.#markets[listing.instrument] = this.#openMarket(listing, table)
    }
  }

  /** The book of an instrument; undefined where it is not listed. */
  book(instrument: InstrumentIndex): PaperBook | undefined {
    return this.#markets[instrument]?.book
  }

  /** Opens an account with these deposits (else those of the options); a known one stays as it is. */
  openAccount(index: number, deposits = this.#options.deposits): PaperAccount {
    const known = this.#accounts[index]
    if (known !== undefined) return known
    const units = this.#assets.map((asset) => deposits[asset] ?? deposits['*'] ?? 0n)
    for (const [asset, deposit] of units.entries()) this.#clearing.ledger.deposits[asset] += deposit
    const account = new PaperAccount(index, this.#venue, units)
    this.#accounts[index] = account
    return account
  }

  /** Deposits = accounts + fees + market, for every asset. */
  assertConserved(): void {
    this.#clearing.assertConserved(this.#accounts)
  }

  /** Everything that follows happens now, `nowUs` on the wall clock; GTD orders whose deadline has passed end. */
  advance(nowNs: MonoNs, nowUs: number): void {
    this.#times[0] = nowNs
    this.#times[1] = nowUs
    this.#reporter.setTime(nowUs)
    if (nowUs > this.#times[2]) this.#expireDue()
  }

  // What the market does.

  setLevel(instrument: InstrumentIndex, side: BookSide, price: PriceTicks, lots: QtyLots): void {
    this.book(instrument)?.setLevel(side, price, lots, this.#nowNs)
  }

  tradeBackground(instrument: InstrumentIndex, aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    this.book(instrument)?.tradeBackground(aggressor, price, lots)
  }

  endUpdate(instrument: InstrumentIndex): void {
    this.book(instrument)?.endUpdate(this.#nowNs)
  }

  clear(instrument: InstrumentIndex): void {
    this.book(instrument)?.clear()
  }

  // What accounts ask for.

  /** `selfTrade`: what happens when it meets one of its own account; by default what the venue does. */
  place(account: number, asker: number, child: ChildOrder, selfTrade: number = BOOK_MODE): void {
    const holder = this.openAccount(account)
    const market = this.#markets[child.instrument]
    market?.book.settleCrossed(this.#nowNs)
    const reason = this.#refusal(holder, child, market)
    if (reason !== RejectReason.none || market === undefined) {
      this.#reject(account, asker, child, reason)
      return
    }
    const order = this.#orders.add(account, child)
    this.#orders.selfTrade[order] = selfTrade
    this.#clearing.hold(holder, order, market, this.#clearing.needed(market, child.side, child.limitTicks, child.lots))
    this.#reporter.tell(order, VenueReportKind.accepted, child.lots, RejectReason.none)
    this.#match(order, market.book)
  }

  /**
   * A resting order gets the price and the quantity (filled lots included) of `child`, which also names it. Fewer lots at
   * the same price keep their place; all else leaves the queue and comes as if new, told as accepted once more. Nothing
   * changes when the answer is a reason.
   */
  amend(account: number, child: ChildOrder): RejectReason {
    const order = this.#orders.find(account, child.epoch, child.parentSequence, child.childSequence)
    if (order === NO_ORDER || !this.#orders.isOpen(order)) return RejectReason.unknownOrder
    const market = this.#market(order)
    market.book.settleCrossed(this.#nowNs)
    if (!this.#orders.isOpen(order)) return RejectReason.unknownOrder
    const reason = this.#amendRefusal(order, child, market)
    if (reason !== RejectReason.none) return reason
    const isShrunk = child.limitTicks === this.#orders.limit[order] && child.lots <= this.#orders.lots[order]
    if (isShrunk) market.book.shrink(order, child.lots)
    else market.book.remove(order)
    this.#rehold(order, child, market)
    this.#reporter.tell(order, VenueReportKind.accepted, child.lots, RejectReason.none)
    if (!isShrunk) this.#match(order, market.book)
    return RejectReason.none
  }

  cancel(account: number, asker: number, id: PaperIdentity): void {
    const order = this.#orders.find(account, id.epoch, id.parentSequence, id.childSequence)
    if (order !== NO_ORDER && this.#orders.isOpen(order)) {
      this.#withdraw(order, PaperState.canceled, RejectReason.userCancel)
    } else {
      this.#reporter.answer(account, asker, id, VenueReportKind.cancelRejected, RejectReason.unknownOrder)
    }
  }

  cancelAll(account: number): void {
    for (const order of this.openAccount(account).resting) {
      this.#withdraw(order, PaperState.canceled, RejectReason.userCancel)
    }
  }

  /** The order's fills again, oldest first, then its state; or notFound. */
  query(account: number, asker: number, id: PaperIdentity): void {
    const order = this.#orders.find(account, id.epoch, id.parentSequence, id.childSequence)
    if (order === NO_ORDER) {
      this.#reporter.answer(account, asker, id, VenueReportKind.notFound, RejectReason.unknownOrder)
      return
    }
    const fills = this.#fills
    const executions: number[] = []
    for (let at = this.#orders.lastExecution[order]; at >= fills.first; at = fills.previous(at)) executions.push(at)
    for (const execution of executions.reverse()) this.#reporter.repeat(account, asker, execution)
    this.#reporter.answerStatus(order, asker)
  }

  /** Every fill after `execution`, the state of every open order, every balance, reconciled. O(fills since). */
  reconcile(account: number, asker: number, execution: number): void {
    const holder = this.openAccount(account)
    const fills = this.#fills
    for (let at = Math.max(execution + 1, fills.first); at <= fills.last; at++) {
      if (fills.account(at) === account) this.#reporter.repeat(account, asker, at)
    }
    for (const order of holder.resting) this.#reporter.answerStatus(order, asker)
    for (let asset = 0; asset < this.#assets.length; asset++) {
      this.#reporter.answerBalance(account, asker, asset, holder.free(asset))
    }
    this.#reporter.answerReconciled(account, asker)
  }

  // What the books tell.

  onMakerFill(order: number, price: PriceTicks, lots: QtyLots): void {
    this.#fill(order, Liquidity.maker, price, lots)
  }

  onTakerFill(order: number, price: PriceTicks, lots: QtyLots): void {
    this.#fill(order, Liquidity.taker, price, lots)
    this.#print(order, this.#orders.side[order] as Side, price, lots)
  }

  onMakerPrevented(order: number): void {
    this.#end(order, PaperState.expired, RejectReason.selfTrade)
  }

  onCrossed(order: number, aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    this.#print(order, aggressor, price, lots)
  }

  onBookChanged(instrument: InstrumentIndex): void {
    this.#sink.onPaperBookChanged(this.#venue.index, instrument)
  }

  #openMarket(listing: Listing, table: ListingTable): PaperMarket {
    const { refillHalfLifeNs, selfTrade } = this.#options
    return {
      listing,
      money: new PaperMoney(table.instruments[listing.instrument]),
      base: table.baseAsset[listing.instrument],
      quote: table.quoteAsset[listing.instrument],
      book: new PaperBook(this.#orders, this, {
        instrument: listing.instrument,
        lotStep: listing.lotStep,
        halfLifeNs: refillHalfLifeNs,
        selfTrade,
      }),
    }
  }

  /** Why a new order is refused, in the order a venue checks. */
  #refusal(holder: PaperAccount, child: ChildOrder, market: PaperMarket | undefined): RejectReason {
    if (!holder.takeToken(this.#nowNs)) return RejectReason.rateLimited
    if (child.deadlineUs !== 0 && this.#times[1] > child.deadlineUs) return RejectReason.outsideReceiveWindow
    if (this.#orders.find(holder.index, child.epoch, child.parentSequence, child.childSequence) !== NO_ORDER) {
      return RejectReason.duplicateClientOrderId
    }
    if (market === undefined) return RejectReason.unknownSymbol
    const refused = listingRefusal(child, market.listing)
    if (refused !== RejectReason.none) return refused
    if (restsAfter(child) && holder.resting.size >= this.#options.openOrdersMax) return RejectReason.tooManyOpenOrders
    const needed = this.#clearing.needed(market, child.side, child.limitTicks, child.lots)
    if (needed > holder.free(child.side === Side.buy ? market.quote : market.base))
      return RejectReason.insufficientBalance
    if (child.postOnly && market.book.crosses(child.side, child.limitTicks, this.#nowNs)) {
      return RejectReason.postOnlyWouldTake
    }
    return RejectReason.none
  }

  #amendRefusal(order: number, child: ChildOrder, market: PaperMarket): RejectReason {
    const refused = listingRefusal(child, market.listing)
    if (refused !== RejectReason.none) return refused
    if (child.lots <= this.#orders.filled[order]) return RejectReason.minQuantity
    const holder = this.#holder(order)
    const side = this.#orders.side[order] as Side
    const left = (child.lots - this.#orders.filled[order]) as QtyLots
    const free = holder.free(side === Side.buy ? market.quote : market.base) + this.#orders.held[order]
    if (this.#clearing.needed(market, side, child.limitTicks, left) > free) return RejectReason.insufficientBalance
    const isMoved = child.limitTicks !== this.#orders.limit[order]
    if (child.postOnly && isMoved && market.book.crosses(side, child.limitTicks, this.#nowNs)) {
      return RejectReason.postOnlyWouldTake
    }
    return RejectReason.none
  }

  /** The order holds what its new price and quantity need. */
  #rehold(order: number, child: ChildOrder, market: PaperMarket): void {
    const holder = this.#holder(order)
    this.#clearing.release(holder, order, market)
    this.#orders.limit[order] = child.limitTicks
    this.#orders.lots[order] = child.lots
    const needed = this.#clearing.needed(
      market,
      this.#orders.side[order] as Side,
      child.limitTicks,
      this.#orders.left(order),
    )
    this.#clearing.hold(holder, order, market, needed)
  }

  #reject(account: number, asker: number, child: ChildOrder, reason: RejectReason): void {
    if (reason !== RejectReason.duplicateClientOrderId) {
      this.#orders.end(this.#orders.add(account, child), PaperState.rejected, reason)
    }
    this.#reporter.answer(account, asker, child, VenueReportKind.rejected, reason)
  }

  #match(order: number, book: PaperBook): void {
    const orders = this.#orders
    const timeInForce = orders.timeInForce[order]
    if (timeInForce === TimeInForce.fok && !book.canFill(order, this.#nowNs)) {
      this.#end(order, PaperState.expired, RejectReason.fokNotFillable)
      return
    }
    const isThrough = book.take(order, this.#nowNs)
    if (!orders.isOpen(order)) return
    if (!isThrough) this.#end(order, PaperState.expired, RejectReason.selfTrade)
    else if (timeInForce === TimeInForce.ioc) this.#end(order, PaperState.expired, RejectReason.iocNotFilled)
    else this.#rest(order, book)
  }

  #rest(order: number, book: PaperBook): void {
    const orders = this.#orders
    book.rest(order, this.#nowNs)
    this.#holder(order).resting.add(order)
    if (orders.timeInForce[order] !== TimeInForce.gtd || orders.deadlineUs[order] === 0) return
    this.#timed.add(order)
    this.#times[2] = Math.min(this.#times[2], orders.deadlineUs[order])
  }

  #fill(order: number, liquidity: Liquidity, price: PriceTicks, lots: QtyLots): void {
    const market = this.#market(order)
    const isFeeInBase = market.listing.feeSide === FeeSide.received && this.#orders.side[order] === Side.buy
    const fee = this.#clearing.settle(this.#holder(order), order, market, liquidity, price, lots)
    this.#reporter.tellFill(order, liquidity, price, lots, fee, isFeeInBase)
    if (this.#orders.left(order) === 0) this.#end(order, PaperState.filled, RejectReason.none)
  }

  #expireDue(): void {
    const nowUs = this.#times[1]
    this.#times[2] = Number.POSITIVE_INFINITY
    for (const order of this.#timed) {
      const deadlineUs = this.#orders.deadlineUs[order]
      if (nowUs > deadlineUs) this.#withdraw(order, PaperState.expired, RejectReason.expired)
      else this.#times[2] = Math.min(this.#times[2], deadlineUs)
    }
  }

  /** A resting order is taken out of the book. */
  #withdraw(order: number, state: PaperState, reason: RejectReason): void {
    this.#market(order).book.remove(order)
    this.#end(order, state, reason)
  }

  /** The order will not change again: its hold is freed and everybody is told; a whole order said it with its last fill. */
  #end(order: number, state: PaperState, reason: RejectReason): void {
    const holder = this.#holder(order)
    this.#clearing.release(holder, order, this.#market(order))
    holder.resting.delete(order)
    this.#timed.delete(order)
    this.#orders.end(order, state, reason)
    if (state === PaperState.filled) return
    const kind = state === PaperState.canceled ? VenueReportKind.canceled : VenueReportKind.expired
    this.#reporter.tell(order, kind, this.#orders.left(order), reason)
  }

  #print(order: number, aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    const instrument = this.#orders.instrument[order] as InstrumentIndex
    this.#sink.onPaperPrint(this.#venue.index, instrument, aggressor, price, lots)
  }

  #holder(order: number): PaperAccount {
    return this.openAccount(this.#orders.account[order])
  }

  #market(order: number): PaperMarket {
    return this.#markets[this.#orders.instrument[order]] as PaperMarket
  }

  get #nowNs(): MonoNs {
    return this.#times[0] as MonoNs
  }
}

function restsAfter(child: ChildOrder): boolean {
  return child.timeInForce === TimeInForce.gtc || child.timeInForce === TimeInForce.gtd
}
