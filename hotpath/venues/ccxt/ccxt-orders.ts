/**
 * Our orders at one ccxt venue: commands become ccxt calls, and what the venue says of them becomes reports. The host's
 * memory may be lost at any moment: everything can be found again by client id. An order is sent once; when nobody can say
 * what became of it, nothing is said, and the router asks.
 */
import type { Clock } from '../../../shared/clock.ts'
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueIndex } from '../../../shared/units/ids.ts'
import { type MonoNs, NS_PER_S, US_PER_MS } from '../../../shared/units/time.ts'
import { type ChildOrder, VenueReportKind } from '../../orders/venue-report.ts'
import { listingRefusal } from '../paper/paper-rules.ts'
import type { CcxtClient, CcxtOrder, CcxtParams } from './ccxt-client.ts'
import { CcxtOutcome, errorLine, verdictOf } from './ccxt-errors.ts'
import { CcxtFinder, type FoundOrder } from './ccxt-finder.ts'
import type { CcxtGrid } from './ccxt-grid.ts'
import { CcxtLoop, type Say } from './ccxt-loop.ts'
import { CcxtOrderTable, type CcxtTracked } from './ccxt-order-table.ts'
import { CcxtReconciler } from './ccxt-reconciler.ts'
import { type CcxtFill, type CcxtIdentity, CcxtReporter, type CcxtReports, EVERYBODY } from './ccxt-reporter.ts'
import { type ClientIdRule, formatClientId } from './client-order-id.ts'

/** Orders being sent at once: more would wait in ccxt's own queue, where their deadlines could pass. */
const SENDING_MAX = 8
/** How often an open order is asked about. */
const POLL_NS = NS_PER_S
/** After our last try to place an order, and after this process began: until then it may still arrive there. */
const SETTLE_NS = 5 * NS_PER_S
/** The venue's clock may be behind ours. */
const CLOCK_MARGIN_MS = 60_000
/** How far back orders of another life are looked for. */
export const LOOK_BACK_MS = 24 * 3_600_000

const endedWords: readonly (string | undefined)[] = ['closed', 'canceled', 'expired', 'rejected', 'failed']

export interface CcxtOrdersOptions {
  readonly client: CcxtClient
  readonly rule: ClientIdRule
  readonly venue: VenueIndex
  /** By instrument; undefined where it is not listed. */
  readonly grids: readonly (CcxtGrid | undefined)[]
  /** As the router's balance rows. */
  readonly assets: readonly string[]
  readonly reports: CcxtReports
  readonly clock: Clock
  readonly say: Say
}

interface Placement {
  readonly grid: CcxtGrid
  readonly side: 'buy' | 'sell'
  readonly amount: number
  readonly price: number
  readonly params: CcxtParams
}

export class CcxtOrders {
  readonly #options: CcxtOrdersOptions
  readonly #client: CcxtClient
  readonly #table = new CcxtOrderTable()
  readonly #finder: CcxtFinder
  readonly #reporter: CcxtReporter
  readonly #reconciler: CcxtReconciler
  readonly #poll: CcxtLoop
  readonly #startNs: MonoNs
  #sending = 0

  constructor(options: CcxtOrdersOptions) {
    const { client, rule, venue, grids, reports, clock, say } = options
    this.#options = options
    this.#client = client
    this.#finder = new CcxtFinder(
      client,
      rule,
      grids.filter((grid) => grid !== undefined),
    )
    this.#reporter = new CcxtReporter(venue, reports, () => clock.epochUs())
    this.#reconciler = new CcxtReconciler(options, this.#table, this.#finder, this.#reporter)
    this.#poll = new CcxtLoop('asking about open orders', say)
    this.#startNs = clock.monoNs()
  }

  get counters(): CcxtFinder['counters'] {
    return this.#finder.counters
  }

  place(asker: number, child: ChildOrder): void {
    const id = identityOf(child)
    const placement = this.#placement(child)
    if (typeof placement === 'number') {
      this.#refuse(asker, id, placement)
      return
    }
    const order = this.#table.track(id)
    order.grid = placement.grid
    order.lots = child.lots
    order.ticks = child.limitTicks
    order.isIoc = child.timeInForce === TimeInForce.ioc
    order.isFok = child.timeInForce === TimeInForce.fok
    order.sinceMs = this.#nowMs - CLOCK_MARGIN_MS
    order.isTried = true
    this.#sending++
    this.#inTurn(order, () => this.#send(order, placement))
  }

  cancel(id: CcxtIdentity, asker: number): void {
    const order = this.#table.track(id)
    this.#inTurn(order, () => this.#cancel(order, asker))
  }

  query(id: CcxtIdentity, asker: number): void {
    const order = this.#table.track(id)
    this.#inTurn(order, () => this.#answer(order, asker))
  }

  /** Every order of ours, known here or not; never anybody else's. */
  cancelAll(): void {
    this.#cancelAll().catch((error) => this.#options.say(`cancel all: ${errorLine(error)}`))
  }

  reconcile(asker: number): void {
    this.#reconciler.ask(asker)
  }

  /** Something happened to our orders there: ask at the next turn. */
  hurry(): void {
    this.#poll.hurry()
  }

  get hasOpen(): boolean {
    return this.#table.open.size > 0
  }

  work(nowNs: MonoNs): number {
    const asks = this.#reconciler.work(nowNs)
    if (!this.hasOpen) return asks
    return asks + (this.#poll.work(nowNs, POLL_NS, () => this.#askAll()) ? 1 : 0)
  }

  /** In its turn: of two orders under one id, what became of the first is told first. */
  #refuse(asker: number, id: CcxtIdentity, reason: RejectReason): void {
    const known = this.#table.find(id)
    const answer = (): void => this.#reporter.answer(asker, id, VenueReportKind.rejected, reason)
    if (known === undefined) answer()
    else this.#inTurn(known, async () => answer())
  }

  /** What is sent, or why nothing is. */
  #placement(child: ChildOrder): Placement | RejectReason {
    const { grids, rule } = this.#options
    const known = this.#table.find(identityOf(child))
    if (known !== undefined && (known.isTried || known.isAccepted)) return RejectReason.duplicateClientOrderId
    const grid = grids[child.instrument]
    if (grid === undefined) return RejectReason.unknownSymbol
    if (child.deadlineUs !== 0 && this.#options.clock.epochUs() > child.deadlineUs) {
      return RejectReason.outsideReceiveWindow
    }
    // By name: in ccxt's errors one class stands for all the rules.
    const broken = listingRefusal(child, grid.units.listing)
    if (broken !== RejectReason.none) return broken
    if (this.#sending >= SENDING_MAX) return RejectReason.rateLimited
    // Only the venue could end it at its deadline when this process is gone, and ccxt has no word for that.
    if (child.timeInForce === TimeInForce.gtd) return RejectReason.notSent
    const clientId = formatClientId(rule.format, {
      epoch: child.epoch,
      parent: child.parentSequence,
      sequence: child.childSequence,
    })
    if (clientId === undefined) return RejectReason.notSent
    const amount = toNumber(grid.units.quantityText(child.lots))
    const price = toNumber(grid.units.priceText(child.limitTicks))
    // ccxt cuts amounts and rounds prices to its own grid in silence.
    if (!isKept(amount, () => this.#client.amountToPrecision(grid.symbol, amount))) return RejectReason.lotSize
    if (!isKept(price, () => this.#client.priceToPrecision(grid.symbol, price))) return RejectReason.priceFilter
    const params = { [rule.param]: clientId, ...timeInForceParams(child) }
    return { grid, side: child.side === Side.buy ? 'buy' : 'sell', amount, price, params }
  }

  async #send(order: CcxtTracked, { grid, side, amount, price, params }: Placement): Promise<void> {
    let answer: CcxtOrder | undefined
    try {
      answer = await this.#client.createOrder(grid.symbol, 'limit', side, amount, price, params)
    } catch (error) {
      this.#notPlaced(order, error)
      return
    } finally {
      this.#sending--
      order.triedNs = this.#options.clock.monoNs()
    }
    const venueId = answer?.id ?? ''
    if (venueId === '') {
      // Neither yes nor no: it is asked for by our id.
      this.#options.say('an order was answered without an id')
      return
    }
    this.#table.learn(order, grid, venueId)
    this.#reporter.tell(order, VenueReportKind.accepted, order.lots, 0, RejectReason.none)
    await this.#refresh(order)
  }

  #notPlaced(order: CcxtTracked, error: unknown): void {
    const { outcome, reason } = verdictOf(error)
    this.#options.say(`place: ${errorLine(error)}`)
    if (outcome !== CcxtOutcome.refused) return
    // A duplicate may be live: it stays to be asked about.
    if (reason !== RejectReason.duplicateClientOrderId) this.#table.end(order)
    this.#reporter.tell(order, VenueReportKind.rejected, 0, 0, reason)
  }

  async #cancel(order: CcxtTracked, asker: number): Promise<void> {
    if (!order.isEnded && order.venueId === '') {
      const found = await this.#find(order)
      if (found === undefined && !this.#isSettled(order)) return
    }
    if (order.isEnded || order.venueId === '' || order.grid === undefined) {
      if (!order.isAccepted && !order.isEnded) this.#table.forget(order)
      this.#reporter.answer(asker, order, VenueReportKind.cancelRejected, RejectReason.unknownOrder)
      return
    }
    order.isCancelAsked = true
    let refusal: RejectReason = RejectReason.none
    try {
      await this.#client.cancelOrder(order.venueId, order.grid.symbol)
    } catch (error) {
      const { outcome, reason } = verdictOf(error)
      if (outcome === CcxtOutcome.unknown) throw error
      refusal = reason
      if (outcome === CcxtOutcome.refused) order.isCancelAsked = false
    }
    try {
      await this.#refresh(order)
    } finally {
      // After what was faster than the cancel.
      if (refusal !== RejectReason.none) {
        this.#reporter.answer(asker, order, VenueReportKind.cancelRejected, refusal)
      }
    }
  }

  async #cancelAll(): Promise<void> {
    for (const grid of this.#finder.grids) {
      for (const found of await this.#finder.openOrders(grid)) {
        const id = this.#finder.identityOf(found)
        if (id === undefined) continue
        const order = this.#table.track(id)
        this.#learn(order, { grid, order: found })
        this.#inTurn(order, () => this.#cancel(order, EVERYBODY))
      }
    }
  }

  /** Fills once more, then the state; or notFound, once nothing of it can be on its way any more. */
  async #answer(order: CcxtTracked, asker: number): Promise<void> {
    const found = await this.#find(order)
    if (found === undefined && !order.isAccepted) {
      if (this.#isSettled(order)) {
        this.#reporter.answer(asker, order, VenueReportKind.notFound, RejectReason.unknownOrder)
        this.#table.forget(order)
      }
      return
    }
    const grid = found?.grid ?? order.grid
    // Just accepted, and in no list yet.
    if (grid === undefined || (found === undefined && !this.#isSettled(order))) return
    const fills = await this.#finder.fillsOf(order, grid)
    this.#tellFills(order, fills, asker)
    const claimed = found === undefined ? -1 : grid.lots(found.order.filled)
    const filled = Math.max(claimed, order.toldLots)
    // Some venues forget an order once it has ended: what it traded is all that can be said.
    const isOpen = found !== undefined && !isEnded(found.order, filled, order.lots)
    if (!isOpen && !this.#isEndSaid(order, claimed, filled)) return
    if (!isOpen) this.#table.end(order)
    this.#reporter.status(asker, order, isOpen, filled)
  }

  /** Reads one order and tells what is new. */
  async #refresh(order: CcxtTracked): Promise<void> {
    if (order.isEnded) return
    const found = await this.#find(order)
    if (found === undefined && !order.isCancelAsked) return
    const grid = found?.grid ?? order.grid
    if (grid === undefined) return
    const claimed = found === undefined ? -1 : grid.lots(found.order.filled)
    if (claimed < 0 || claimed > order.toldLots) this.#tellFills(order, await this.#finder.fillsOf(order, grid))
    const filled = Math.max(claimed, order.toldLots)
    if (found === undefined || isEnded(found.order, filled, order.lots)) {
      if (this.#isEndSaid(order, claimed, filled)) this.#end(order, found?.order.status, filled)
      return
    }
    order.vagueNs = -1
    if (order.isIoc || order.isFok) await this.#cancelResting(order, grid)
  }

  /** Of an end that does not say what was filled: have its trades, which come later at most venues, had their time? */
  #isEndSaid(order: CcxtTracked, claimed: number, filled: number): boolean {
    if (claimed >= 0 || (order.lots > 0 && filled >= order.lots)) return true
    const nowNs = this.#options.clock.monoNs()
    if (order.vagueNs < 0) order.vagueNs = nowNs
    return nowNs - order.vagueNs >= SETTLE_NS
  }

  /** It was to end at once and rests: this venue's class did not hear the time in force. */
  async #cancelResting(order: CcxtTracked, grid: CcxtGrid): Promise<void> {
    if (order.isCancelAsked) return
    order.isCancelAsked = true
    try {
      await this.#client.cancelOrder(order.venueId, grid.symbol)
    } catch (error) {
      // It ended by itself meanwhile.
      if (verdictOf(error).outcome !== CcxtOutcome.notFound) throw error
    }
    await this.#refresh(order)
  }

  #end(order: CcxtTracked, word: string | undefined, filled: number): void {
    this.#table.end(order)
    if (order.lots > 0 && filled >= order.lots) {
      // The last fill said it, unless it is missing: then the claim makes the router ask.
      if (order.toldLots < filled) this.#reporter.status(EVERYBODY, order, false, filled)
      return
    }
    const [kind, reason] = endOf(order, word)
    this.#reporter.tell(order, kind, Math.max(0, order.lots - filled), filled, reason)
  }

  /** `asker`: tell that session all of them; otherwise everybody the new ones. */
  #tellFills(order: CcxtTracked, fills: readonly CcxtFill[], asker: number = EVERYBODY): void {
    let filled = 0
    for (const fill of fills) {
      filled += fill.lots
      const isNew = !order.told.has(fill.execution)
      order.told.add(fill.execution)
      if (isNew) order.toldLots += fill.lots
      if (isNew || asker !== EVERYBODY) this.#reporter.fill(isNew ? EVERYBODY : asker, order, fill, filled)
    }
  }

  async #find(order: CcxtTracked): Promise<FoundOrder | undefined> {
    const sinceMs = order.sinceMs > 0 ? order.sinceMs : this.#nowMs - LOOK_BACK_MS
    const found = await this.#finder.find(order, sinceMs)
    if (found !== undefined) this.#learn(order, found)
    return found
  }

  #learn(tracked: CcxtTracked, { grid, order }: FoundOrder): void {
    const isNews = !tracked.isAccepted && tracked.isTried
    if (tracked.lots === 0) tracked.lots = Math.max(0, grid.lots(order.amount))
    if (tracked.ticks === 0) tracked.ticks = Math.max(0, grid.ticks(order.price))
    if (tracked.sinceMs === 0) tracked.sinceMs = (order.timestamp ?? this.#nowMs - LOOK_BACK_MS) - CLOCK_MARGIN_MS
    this.#table.learn(tracked, grid, order.id ?? '')
    // It was sent, nobody could say what became of it, and here it is.
    if (isNews) this.#reporter.tell(tracked, VenueReportKind.accepted, tracked.lots, 0, RejectReason.none)
  }

  async #askAll(): Promise<void> {
    for (const order of [...this.#table.open]) {
      let failed: unknown
      this.#inTurn(order, async () => {
        try {
          await this.#refresh(order)
        } catch (error) {
          failed = error
        }
      })
      await order.turn
      if (failed !== undefined) throw failed
    }
  }

  /** Could what this process or the one before it sent still arrive? */
  #isSettled(order: CcxtTracked): boolean {
    const fromNs = order.isTried ? order.triedNs : this.#startNs
    return this.#options.clock.monoNs() - fromNs >= SETTLE_NS
  }

  /** What goes wrong is unknown to the router, who asks again; people get a line. */
  #inTurn(order: CcxtTracked, job: () => Promise<void>): void {
    order.turn = order.turn.then(job).catch((error) => this.#options.say(errorLine(error)))
  }

  get #nowMs(): number {
    return Math.floor(this.#options.clock.epochUs() / US_PER_MS)
  }
}

function identityOf({ epoch, parentSequence, childSequence }: ChildOrder): CcxtIdentity {
  return { epoch, parentSequence, childSequence }
}

function timeInForceParams(child: ChildOrder): CcxtParams {
  if (child.timeInForce === TimeInForce.ioc) return { timeInForce: 'IOC' }
  if (child.timeInForce === TimeInForce.fok) return { timeInForce: 'FOK' }
  return child.postOnly ? { postOnly: true } : {}
}

function isEnded(order: CcxtOrder, filled: number, lots: number): boolean {
  return endedWords.includes(order.status) || (lots > 0 && filled >= lots)
}

function endOf(order: CcxtTracked, word: string | undefined): [VenueReportKind, RejectReason] {
  if (word === 'rejected') return [VenueReportKind.rejected, RejectReason.unknown]
  if (order.isCancelAsked && !order.isFok && !order.isIoc) return [VenueReportKind.canceled, RejectReason.userCancel]
  if (order.isFok) return [VenueReportKind.expired, RejectReason.fokNotFillable]
  if (order.isIoc) return [VenueReportKind.expired, RejectReason.iocNotFilled]
  return word === 'expired'
    ? [VenueReportKind.expired, RejectReason.expired]
    : [VenueReportKind.canceled, RejectReason.unknown]
}

/** '' and what no double holds exactly are not numbers here. */
function toNumber(text: string): number {
  return text === '' ? Number.NaN : Number(text)
}

function isKept(value: number, asSent: () => string | undefined): boolean {
  if (!(value > 0)) return false
  try {
    return Number(asSent()) === value
  } catch {
    return false
  }
}
