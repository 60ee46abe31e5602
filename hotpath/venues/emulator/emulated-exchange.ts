/**
 * The state of one emulated venue, for dialects: accounts, orders, trades, balances, public books and tapes over the paper
 * matching engine. Speaks integers; texts are the dialect's (EmulatedSymbol parses and writes them). No I/O, no clock.
 */
import { assert } from '../../../shared/assert.ts'
import { FeeSide, type Listing } from '../../../shared/domain/instrument.ts'
import { type Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { Venue } from '../../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { type MonoNs, NS_PER_MS, US_PER_MS } from '../../../shared/units/time.ts'
import { type BookSide, takenSide } from '../../book/book-table.ts'
import { ChildOrder, type VenueReport, VenueReportKind } from '../../orders/venue-report.ts'
import { ListingTable } from '../../plan/listing-table.ts'
import { paperDefaults } from '../paper/paper-options.ts'
import type { PaperReports } from '../paper/paper-reporter.ts'
import { PaperVenue } from '../paper/paper-venue.ts'
import type { AccountKey, EmulatedAccount } from './emulated-account.ts'
import { EmulatedBook } from './emulated-book.ts'
import { balanceLine, orderLine, readLines, tradeLine } from './emulated-log.ts'
import type { MarketFollower } from './emulated-market.ts'
import { EmulatedOrder, type EmulatedTrade, type OrderAsk } from './emulated-order.ts'
import { EmulatedOrders } from './emulated-orders.ts'
import { EmulatedSymbol } from './emulated-symbol.ts'
import { EmulatedTape } from './emulated-tape.ts'
import type { EmulatorSetting, ExchangeEvents, ExchangeTerms, OrderNewsKind } from './exchange-options.ts'
import { walkBook } from './market-walk.ts'
import { restoreOrders } from './restored-orders.ts'

/** Client identities are ours alone inside the engine: one epoch, the order's number as parent, one child. */
const EPOCH = 1
const FIRST_ORDER_ID = 1_000_000
const ASKER = 1

/** What became of a request: the order, or why there is none. */
export type Placed =
  | { readonly order: EmulatedOrder; readonly refusal: typeof RejectReason.none }
  | { readonly order: undefined; readonly refusal: RejectReason }

export class EmulatedExchange implements MarketFollower, PaperReports {
  readonly id: string
  /** Names of all assets; an asset is a row here. */
  readonly assets: readonly string[]
  readonly symbols: readonly EmulatedSymbol[]
  readonly orders = new EmulatedOrders()
  readonly #terms: ExchangeTerms
  readonly #setting: EmulatorSetting
  readonly #events: ExchangeEvents
  readonly #venue: VenueIndex
  readonly #engine: PaperVenue
  readonly #byName = new Map<string, EmulatedSymbol>()
  /** By instrument of the market. */
  readonly #byInstrument: (EmulatedSymbol | undefined)[] = []
  readonly #books: EmulatedBook[] = []
  readonly #tapes: EmulatedTape[] = []
  readonly #accounts: EmulatedAccount[] = []
  readonly #keys = new Map<string, { account: EmulatedAccount; key: AccountKey }>()
  readonly #logged: ReturnType<typeof readLines>
  readonly #dirty = new Map<EmulatedAccount, Set<number>>()
  /** Log lines of the call under way. */
  readonly #lines: string[] = []
  readonly #child = new ChildOrder()
  readonly #times = new Float64Array(1)
  #lastOrderId: number
  /** The order a call is about: its reports come before it is known to anybody else. */
  #current: EmulatedOrder | undefined

  constructor(terms: ExchangeTerms, setting: EmulatorSetting, events: ExchangeEvents) {
    const { source } = setting.market
    const found = terms.marketVenues.map((id) => source.venues.find((venue) => venue.id === id))
    const row = found.find((venue) => venue !== undefined)
    if (row === undefined) throw new Error(`${terms.id}: the market has no books of ${terms.marketVenues.join(' or ')}`)
    this.id = terms.id
    this.#terms = terms
    this.#setting = setting
    this.#events = events
    this.#venue = row.index
    this.#logged = readLines(setting.lines ?? [])
    this.#lastOrderId = Math.max(FIRST_ORDER_ID, ...this.#logged.orders.keys())
    const table = new ListingTable(source)
    this.assets = table.assets
    const listings = source.listings.map((listing) => listedAs(listing, terms))
    this.#engine = new PaperVenue(unhurried(row), table, listings, paperDefaults, this)
    this.symbols = this.#openSymbols(listings)
    setting.market.follow(row.index, this)
  }

  // Time.

  get nowMs(): number {
    return Math.floor(this.#setting.startEpochMs + this.#times[0] / NS_PER_MS)
  }

  work(nowNs: MonoNs): number {
    return this.#setting.market.work(nowNs)
  }

  advance(nowNs: MonoNs): void {
    this.#times[0] = nowNs
    for (const book of this.#books) book?.advance(nowNs)
    this.#engine.advance(nowNs, this.nowMs * US_PER_MS)
  }

  settle(): void {
    this.#flush()
  }

  // Accounts.

  /** Opens an account; with the name of an earlier life it has what it had then, and its orders of then. */
  openAccount(name: string, keys: readonly AccountKey[]): EmulatedAccount {
    const known = this.#logged.balances.get(name)?.totals
    const account = { index: this.#accounts.length, name, keys }
    this.#accounts.push(account)
    for (const key of keys) this.#keys.set(key.apiKey, { account, key })
    const deposits =
      known === undefined
        ? this.#setting.deposits
        : Object.fromEntries(Object.entries(known).map(([asset, units]) => [asset, BigInt(units)]))
    this.#engine.openAccount(account.index, deposits)
    restoreOrders(account, this.#logged, this)
    this.#lines.push(this.#balanceLine(account))
    this.#writeLog()
    return account
  }

  keyOf(apiKey: string): { account: EmulatedAccount; key: AccountKey } | undefined {
    return this.#keys.get(apiKey)
  }

  /** AssetUnits of an asset row. */
  balance(account: EmulatedAccount, asset: number): { free: bigint; locked: bigint } {
    const holder = this.#engine.openAccount(account.index)
    const free = holder.free(asset)
    return { free, locked: holder.total(asset) - free }
  }

  /** Deposits = accounts + fees + market, for every asset. */
  assertConserved(): void {
    this.#engine.assertConserved()
  }

  // Public data.

  symbol(name: string): EmulatedSymbol | undefined {
    return this.#byName.get(name)
  }

  /** By instrument of the market; undefined: not listed here. */
  symbolOf(ccxtSymbol: string): EmulatedSymbol | undefined {
    return this.symbols.find(({ instrument }) => instrument.symbol === ccxtSymbol)
  }

  book(symbol: EmulatedSymbol): EmulatedBook {
    return this.#books[symbol.instrument.index]
  }

  tape(symbol: EmulatedSymbol): EmulatedTape {
    return this.#tapes[symbol.instrument.index]
  }

  // What customers ask for.

  /** The order may be filled or ended when this returns; a refused one is not remembered. */
  place(account: EmulatedAccount, ask: OrderAsk): Placed {
    if (ask.clientId !== '') {
      const twin = this.orders.byClientId(account, ask.clientId)
      if (twin !== undefined && (twin.isOpen || !this.#terms.clientIdReturns)) {
        return { order: undefined, refusal: RejectReason.duplicateClientOrderId }
      }
    }
    const order = new EmulatedOrder(++this.#lastOrderId, account, ask, this.nowMs)
    if (ask.type === 'market') this.#priceMarketOrder(order)
    if (ask.type === 'market' && order.priceTicks === 0) return this.#expireUnfillable(order)
    this.orders.add(order)
    this.#current = order
    this.#engine.place(account.index, ASKER, this.#childOf(order), ask.selfTrade)
    this.#current = undefined
    if (order.status === 'rejected') {
      if (this.#terms.refusesLater?.includes(order.reason) === true) return this.#refuseLater(order)
      this.orders.drop(order)
      return { order: undefined, refusal: order.reason }
    }
    this.#flush()
    return { order, refusal: RejectReason.none }
  }

  /** Why not, or none. */
  cancel(order: EmulatedOrder): RejectReason {
    if (!order.isOpen) return RejectReason.unknownOrder
    this.#engine.cancel(order.account.index, ASKER, this.#childOf(order))
    this.#flush()
    return RejectReason.none
  }

  /** Open orders of an account, at one symbol or everywhere, oldest first. Answers those it canceled. */
  cancelAll(account: EmulatedAccount, symbol?: EmulatedSymbol): EmulatedOrder[] {
    const asked = this.orders.open(account).filter((order) => symbol === undefined || order.symbol === symbol)
    return asked.filter((order) => this.cancel(order) === RejectReason.none)
  }

  /** New price and quantity (filled lots included) in place; fewer lots at the same price keep their place in the queue. */
  amend(order: EmulatedOrder, change: { priceTicks: number; lots: number }): RejectReason {
    const child = this.#childOf(order)
    child.limitTicks = change.priceTicks as PriceTicks
    child.lots = change.lots as QtyLots
    const refusal = this.#engine.amend(order.account.index, child)
    this.#flush()
    return refusal
  }

  /** An order of an earlier life: what was open then has been canceled by the restart. */
  adopt(order: EmulatedOrder): void {
    if (order.isOpen) {
      order.status = 'canceled'
      order.reason = RejectReason.venueDown
      order.updatedMs = this.nowMs
      this.#lines.push(orderLine(order))
    }
    order.isAccepted = true
    this.orders.add(order)
  }

  // Of the market.

  onLevel(_venue: VenueIndex, instrument: InstrumentIndex, side: BookSide, price: PriceTicks, lots: QtyLots): void {
    this.#engine.setLevel(instrument, side, price, lots)
  }

  onTrade(venue: VenueIndex, instrument: InstrumentIndex, aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    this.onPaperPrint(venue, instrument, aggressor, price, lots)
    this.#engine.tradeBackground(instrument, aggressor, price, lots)
    this.#tapes[instrument]?.forgetPending()
  }

  onUpdateEnd(_venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#engine.endUpdate(instrument)
  }

  onClear(_venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#engine.clear(instrument)
  }

  // Of the engine.

  onPaperReport(_account: number, _asker: number, report: VenueReport): void {
    const order = this.#current?.id === report.parentSequence ? this.#current : this.orders.byId(report.parentSequence)
    assert(order !== undefined, 'the engine only tells of orders we gave it')
    order.updatedMs = this.nowMs
    switch (report.kind) {
      case VenueReportKind.accepted:
        this.#accept(order, report)
        break
      case VenueReportKind.fill:
        this.#fill(order, report)
        break
      case VenueReportKind.canceled:
      case VenueReportKind.expired:
        this.#end(order, report.kind === VenueReportKind.canceled ? 'canceled' : 'expired', report.reason)
        break
      case VenueReportKind.rejected:
        order.status = 'rejected'
        order.reason = report.reason
        break
      default:
    }
  }

  onPaperPrint(
    _venue: VenueIndex,
    instrument: InstrumentIndex,
    aggressor: Side,
    price: PriceTicks,
    lots: QtyLots,
  ): void {
    const symbol = this.#byInstrument[instrument]
    if (symbol === undefined) return
    this.#events.onPrint(symbol, this.tape(symbol).print(aggressor, price, lots, this.nowMs))
  }

  onPaperBookChanged(_venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#books[instrument]?.touch()
    // Told at once, so that the next change is news again.
    this.#engine.book(instrument)?.markTold()
  }

  #openSymbols(listings: readonly Listing[]): EmulatedSymbol[] {
    const { source } = this.#setting.market
    const symbols: EmulatedSymbol[] = []
    for (const listing of listings) {
      if (listing.venue !== this.#venue) continue
      const instrument = source.instruments[listing.instrument]
      const name = this.#terms.symbolName(instrument)
      const book = this.#engine.book(listing.instrument)
      if (name === undefined || book === undefined) continue
      const symbol = new EmulatedSymbol(name, instrument, listing, this.assets)
      symbols.push(symbol)
      this.#byName.set(name, symbol)
      this.#byInstrument[instrument.index] = symbol
      this.#books[instrument.index] = new EmulatedBook(book, Math.floor(this.#setting.startEpochMs))
      // Trade numbers go on above those of an earlier life: no life makes a thousand prints a millisecond.
      this.#tapes[instrument.index] = new EmulatedTape(Math.floor(this.#setting.startEpochMs))
    }
    return symbols
  }

  /** A market order is an immediate-or-cancel order at the last price it needs, in a book that cannot move meanwhile. */
  #priceMarketOrder(order: EmulatedOrder): void {
    const { symbol, side, notional } = order.ask
    const levels = this.book(symbol).top(takenSide(side), Number.MAX_SAFE_INTEGER)
    const walk = walkBook(levels, { lots: order.lots, notional, lotStep: symbol.listing.lotStep })
    order.priceTicks = walk.priceTicks
    if (notional > 0n) order.lots = walk.lots
  }

  /** Nothing to trade with: the market order ends as it came. */
  #expireUnfillable(order: EmulatedOrder): Placed {
    order.isAccepted = true
    this.orders.add(order)
    this.#tell(order, 'new', undefined)
    this.#end(order, 'expired', RejectReason.iocNotFilled)
    this.#flush()
    return { order, refusal: RejectReason.none }
  }

  /** Taken, and ended before it was new. */
  #refuseLater(order: EmulatedOrder): Placed {
    order.isAccepted = true
    this.#end(order, 'canceled', order.reason)
    this.#flush()
    return { order, refusal: RejectReason.none }
  }

  #childOf(order: EmulatedOrder): ChildOrder {
    const child = this.#child
    const { ask } = order
    child.instrument = ask.symbol.instrument.index
    child.side = ask.side
    child.timeInForce = ask.type === 'market' && ask.timeInForce !== TimeInForce.fok ? TimeInForce.ioc : ask.timeInForce
    child.postOnly = ask.postOnly
    child.epoch = EPOCH
    child.parentSequence = order.id
    child.childSequence = 0
    child.lots = order.lots as QtyLots
    child.limitTicks = order.priceTicks as PriceTicks
    child.deadlineUs = ask.deadlineUs
    return child
  }

  #accept(order: EmulatedOrder, report: VenueReport): void {
    const kind = order.isAccepted ? 'replaced' : 'new'
    order.isAccepted = true
    order.priceTicks = report.priceTicks
    order.lots = report.lots
    this.#tell(order, kind, undefined)
  }

  #fill(order: EmulatedOrder, report: VenueReport): void {
    const { symbol } = order
    const isMaker = report.liquidity === 1
    const notional = BigInt(report.priceTicks) * BigInt(report.lots)
    const trade: EmulatedTrade = {
      id: this.tape(symbol).numberFill(isMaker),
      order,
      priceTicks: report.priceTicks,
      lots: report.lots,
      notional,
      fee: BigInt(report.feeUnits),
      feeAsset: report.feeInBase ? symbol.baseAsset : symbol.quoteAsset,
      isMaker,
      timeMs: this.nowMs,
    }
    order.filledLots = report.filledLots
    order.notional += notional
    order.status = order.filledLots === order.lots ? 'filled' : 'partiallyFilled'
    this.orders.addTrade(trade)
    if (!order.isOpen) this.orders.ended(order)
    this.#lines.push(tradeLine(trade, this.assets))
    this.#tell(order, 'trade', trade)
  }

  #end(order: EmulatedOrder, status: 'canceled' | 'expired', reason: RejectReason): void {
    order.status = status
    order.reason = reason
    this.orders.ended(order)
    this.#tell(order, status, undefined)
  }

  #tell(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined): void {
    const dirty = this.#dirty.get(order.account) ?? new Set()
    this.#dirty.set(order.account, dirty.add(order.symbol.baseAsset).add(order.symbol.quoteAsset))
    this.#lines.push(orderLine(order))
    this.#events.onOrder(order, kind, trade)
  }

  /** The engine is at rest: balances are whole and may be told. What a call changed is logged in one piece. */
  #flush(): void {
    if (this.#dirty.size === 0) return
    const dirty = [...this.#dirty]
    this.#dirty.clear()
    for (const [account] of dirty) this.#lines.push(this.#balanceLine(account))
    this.#writeLog()
    for (const [account, assets] of dirty) this.#events.onBalances(account, assets)
  }

  #writeLog(): void {
    this.#setting.log?.(this.#lines.join('\n'))
    this.#lines.length = 0
  }

  #balanceLine(account: EmulatedAccount): string {
    const holder = this.#engine.openAccount(account.index)
    return balanceLine(account.name, new Map(this.assets.map((asset, row) => [asset, holder.total(row)])))
  }
}

function listedAs(listing: Listing, { feeOnReceived }: ExchangeTerms): Listing {
  return feeOnReceived === true ? { ...listing, feeSide: FeeSide.received } : listing
}

/** The dialect counts requests by its venue's own rules; the engine's bucket must not count them once more. */
function unhurried(venue: Venue): Venue {
  return { ...venue, ordersPerSecond: 1e9, ordersBurst: 1e9 }
}
