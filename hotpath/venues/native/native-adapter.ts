/**
 * The door to one real venue: the contract of venue-adapter.ts over one exchange's dialect. No I/O and no timers of its own:
 * doors bring the network, `work` brings the time. What is certain is told; what is lost, late or unreadable is never taken
 * for an answer: the core asks again, by id.
 */
import type { Clock } from '../../../shared/clock.ts'
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { Duty } from '../../../shared/duty.ts'
import type { Prng } from '../../../shared/prng.ts'
import { formatChildId, type InstrumentIndex, type VenueIndex } from '../../../shared/units/ids.ts'
import { type MonoNs, NS_PER_S } from '../../../shared/units/time.ts'
import { type ChildOrder, VenueReportKind } from '../../orders/venue-report.ts'
import { Delivery, type HttpDoor, type SocketDoor, type VenueAnswer } from '../door/venue-doors.ts'
import type { VenueAdapter, VenueEvents } from '../venue-adapter.ts'
import { DialectGuard } from './dialect-guard.ts'
import { NativeCounters } from './native-counters.ts'
import type { OrderDialect, OrderName, Outcome, VenueOrder, VenueSymbol } from './order-dialect.ts'
import { OrderFollower } from './order-follower.ts'
import { type Asked, OrderQuestions } from './order-questions.ts'
import { OrderReporter } from './order-reporter.ts'
import { type Identity, OrderTable, type TrackedOrder } from './order-table.ts'
import { PrivateSession } from './private-session.ts'
import { Reconciliation } from './reconciliation.ts'
import { heedRefusal } from './refusal-heed.ts'
import { Held, RequestDesk } from './request-desk.ts'
import { VenueTime } from './venue-time.ts'
import { type NativeListing, VenueUnits } from './venue-units.ts'

/** Fills of a day are asked for at a start: what is older was settled by asking for each open child. */
const LOOK_BACK_MS = 86_400_000
/** A venue that had an order and says for so long that it has it not has forgotten it; before, it is a copy that is behind. */
const FORGOTTEN_NS = 60 * NS_PER_S
/** Nothing on its way for so long: what the stream said of balances is the whole truth. */
const QUIET_NS = NS_PER_S

export interface NativeAdapterOptions {
  readonly venue: VenueIndex
  readonly dialect: OrderDialect
  readonly http: HttpDoor
  readonly sockets: SocketDoor
  readonly clock: Clock
  readonly chance: Prng
  readonly listings: readonly NativeListing[]
  /** All assets by balance row (ListingTable.assets). */
  readonly assets: readonly string[]
  /** Takes keys out of kept samples (Credentials.redact). */
  readonly redact: (text: string) => string
  readonly lookBackMs?: number
}

interface Refusal {
  readonly order: Identity
  readonly reason: RejectReason
}

const timesInForce = {
  [TimeInForce.gtc]: 'gtc',
  [TimeInForce.ioc]: 'ioc',
  [TimeInForce.fok]: 'fok',
  [TimeInForce.gtd]: 'gtd',
} as const

export class NativeAdapter implements VenueAdapter, Duty {
  readonly name: string
  readonly venue: VenueIndex
  readonly counters: NativeCounters
  readonly #dialect: OrderDialect
  readonly #clock: Clock
  readonly #desk: RequestDesk
  readonly #time: VenueTime
  readonly #guard: DialectGuard
  readonly #orders = new OrderTable()
  readonly #reporter: OrderReporter
  readonly #session: PrivateSession
  readonly #reconciliation: Reconciliation
  readonly #questions: OrderQuestions
  readonly #follower: OrderFollower
  readonly #symbols: readonly VenueSymbol[]
  readonly #byInstrument = new Map<InstrumentIndex, VenueUnits>()
  /** Refused here, told at the next turn: nothing is told while the core is calling. */
  #refusals: Refusal[] = []
  #events: VenueEvents | undefined

  constructor(options: NativeAdapterOptions) {
    const { venue, dialect, clock, chance, listings, assets } = options
    this.name = `native-${dialect.id}`
    this.venue = venue
    this.#dialect = dialect
    this.#clock = clock
    this.#symbols = listings.map(({ symbol }) => symbol)
    this.counters = new NativeCounters(options.redact)
    const { counters } = this
    const units = new Map<string, VenueUnits>()
    for (const listing of listings) {
      const made = new VenueUnits(listing)
      units.set(listing.symbol.name, made)
      this.#byInstrument.set(listing.instrument.index, made)
    }
    const guard = new DialectGuard(counters, (report) => this.#events?.onVenueReport(report))
    this.#guard = guard
    const desk = new RequestDesk(options.http, clock, counters)
    this.#desk = desk
    const time = new VenueTime(dialect, desk, clock)
    this.#time = time
    const reporter = new OrderReporter({
      venue,
      orders: this.#orders,
      units,
      assets,
      counters,
      tell: (report) => guard.tell(report),
    })
    this.#reporter = reporter
    this.#questions = new OrderQuestions({ dialect, desk, time, guard, reporter, counters })
    this.#follower = new OrderFollower(this.#orders, this.#questions)
    this.#session = new PrivateSession({
      stream: dialect.stream,
      sockets: options.sockets,
      desk,
      time,
      clock,
      chance,
      symbols: this.#symbols,
      news: reporter,
      counters,
      guard,
      onUp: () => this.#events?.onVenueUp(venue),
      onAsk: (orders) => this.#follower.follow(orders),
      onDown: () => {
        this.#reconciliation.stop()
        this.#follower.forget()
        this.#events?.onVenueDown(venue)
      },
    })
    this.#reconciliation = new Reconciliation({
      dialect,
      desk,
      time,
      reporter,
      guard,
      counters,
      chance,
      symbols: this.#symbols,
      balanceRows: balanceRows(listings, assets),
      lookBackMs: options.lookBackMs ?? LOOK_BACK_MS,
      nameStranger: ({ symbolName, venueId }, done) => {
        const name = { symbol: units.get(symbolName)!.symbol, clientId: '', venueId }
        const told = (outcome: Asked): void => done(outcome === 'told' || outcome === 'notFound')
        if (!this.#questions.ask([name], told, true)) done(false)
      },
    })
  }

  get isUp(): boolean {
    return this.#session.isReady
  }

  /** Orders remembered, ended ones included. */
  get tracked(): number {
    return this.#orders.size
  }

  /** From now on it connects and tells. */
  attach(events: VenueEvents): void {
    this.#events = events
  }

  /** Answers how much was done. */
  work(nowNs: MonoNs): number {
    if (this.#events === undefined) return 0
    let done = this.#tellRefusals() + this.#desk.work(nowNs) + this.#session.work(nowNs)
    done += this.#time.work(nowNs) + this.#reconciliation.work(nowNs) + this.#follower.work(nowNs)
    if (this.#desk.quietNs(nowNs) > QUIET_NS) done += this.#reporter.tellBalances()
    return done
  }

  /** For good; orders stay where they are. */
  close(): void {
    this.#session.close()
  }

  place(child: ChildOrder): boolean {
    if (!this.#canSend(Held.orders) || (child.timeInForce === TimeInForce.gtd && !this.#dialect.hasGtd)) return false
    const units = this.#byInstrument.get(child.instrument)
    if (units === undefined) return this.#refuse(child, RejectReason.unknownSymbol)
    const order = this.#write(child, units)
    if (order.quantity === '') return this.#refuse(child, RejectReason.lotSize)
    const nowMs = this.#time.nowMs()
    if (child.deadlineUs > 0 && order.deadlineMs <= nowMs) return this.#refuse(child, RejectReason.outsideReceiveWindow)
    // Most venues take an id again once its order has ended: whether it was said is ours to know.
    if (this.#orders.ofClientId(order.clientId) !== undefined)
      return this.#refuse(child, RejectReason.duplicateClientOrderId)
    const tracked = this.#orders.track(order.clientId, units)!
    tracked.lots = child.lots
    tracked.ticks = child.limitTicks
    tracked.isPlacing = true
    const request = this.#dialect.place(order, nowMs)
    return this.#desk.send(request, (answer) => this.#onPlaced(answer, order, tracked), Held.orders)
  }

  cancel(epoch: number, parentSequence: number, childSequence: number): boolean {
    const identity = { epoch, parentSequence, childSequence }
    return this.#canSend(Held.all) && this.#cancelAt(identity, this.#namesOf(identity), 0)
  }

  replace(child: ChildOrder): boolean {
    const { replace } = this.#dialect
    const tracked = this.#orders.ofIdentity(child.epoch, child.parentSequence, child.childSequence)
    if (replace === undefined || tracked === undefined || tracked.isEnded || tracked.isReplacing) return false
    const order = this.#write(child, tracked.units)
    if (!this.#canSend(Held.orders) || order.quantity === '' || child.lots <= tracked.filledLots) return false
    const nowMs = this.#time.nowMs()
    if (child.deadlineUs > 0 && order.deadlineMs <= nowMs) return false
    tracked.isReplacing = true
    const request = replace.call(this.#dialect, order, tracked.venueId, nowMs)
    return this.#desk.send(request, (answer) => this.#onReplaced(answer, order, tracked), Held.orders)
  }

  query(epoch: number, parentSequence: number, childSequence: number): boolean {
    const identity = { epoch, parentSequence, childSequence }
    const clientId = formatChildId(epoch, parentSequence, childSequence)
    if (!this.#canSend(Held.questions)) return false
    return this.#questions.ask(this.#namesOf(identity), (outcome) => {
      const order = this.#orders.ofClientId(clientId)
      if (order !== undefined && outcome === 'told') order.missingNs = 0
      if (outcome !== 'notFound') return
      if (order !== undefined && this.#mayBeThere(order))
        this.counters.noteUnknown('an order not found that may be there')
      else {
        if (order !== undefined) this.#orders.fade(order)
        this.#reporter.tellAnswer(VenueReportKind.notFound, identity, RejectReason.none, this.#time.nowMs())
      }
    })
  }

  /** Not found, and yet: it is on its way, or the venue had it, and what answered is a copy of its books that is behind. */
  #mayBeThere(order: TrackedOrder): boolean {
    if (order.isPlacing) return true
    if (!order.isKnownThere) return false
    const nowNs = this.#clock.monoNs()
    if (order.missingNs === 0) order.missingNs = nowNs
    return nowNs - order.missingNs < FORGOTTEN_NS
  }

  cancelAll(): boolean {
    if (!this.isUp) return false
    let isSent = true
    for (const request of this.#dialect.cancelAll(this.#symbols, this.#time.nowMs())) {
      const answered = (answer: VenueAnswer): void => {
        if (isReadable(answer)) this.#read(answer, () => this.#dialect.onAllCanceled(answer, this.#reporter))
      }
      isSent = this.#desk.send(request, answered, Held.all) && isSent
    }
    return isSent
  }

  reconcile(execution: number): boolean {
    if (!this.isUp) return false
    this.#reconciliation.start(execution)
    return true
  }

  #canSend(what: Held): boolean {
    return this.isUp && !this.#desk.isFull && !this.#desk.isHeld(what)
  }

  #write(child: ChildOrder, units: VenueUnits): VenueOrder {
    return {
      symbol: units.symbol,
      clientId: formatChildId(child.epoch, child.parentSequence, child.childSequence),
      side: child.side === Side.buy ? 'buy' : 'sell',
      timeInForce: timesInForce[child.timeInForce],
      postOnly: child.postOnly,
      price: units.priceText(child.limitTicks),
      quantity: units.quantityText(child.lots),
      deadlineMs: child.deadlineUs > 0 ? this.#time.ofOurs(child.deadlineUs) : 0,
    }
  }

  #refuse({ epoch, parentSequence, childSequence }: ChildOrder, reason: RejectReason): true {
    this.#refusals.push({ order: { epoch, parentSequence, childSequence }, reason })
    return true
  }

  #tellRefusals(): number {
    if (this.#refusals.length === 0) return 0
    // Of an id that is on its way: after the answer to the first.
    const isEarly = ({ order }: Refusal): boolean => {
      return this.#orders.ofIdentity(order.epoch, order.parentSequence, order.childSequence)?.isPlacing === true
    }
    const due = this.#refusals.filter((refusal) => !isEarly(refusal))
    this.#refusals = this.#refusals.filter(isEarly)
    for (const { order, reason } of due) {
      this.#reporter.tellAnswer(VenueReportKind.rejected, order, reason, this.#time.nowMs())
    }
    return due.length
  }

  /** Where an order may be: at its symbol, or, when an earlier life placed it, at any. */
  #namesOf({ epoch, parentSequence, childSequence }: Identity): readonly OrderName[] {
    const order = this.#orders.ofIdentity(epoch, parentSequence, childSequence)
    if (order !== undefined) return [{ symbol: order.units.symbol, clientId: order.clientId, venueId: order.venueId }]
    const clientId = formatChildId(epoch, parentSequence, childSequence)
    const symbols = this.#dialect.findsWithoutSymbol ? this.#symbols.slice(0, 1) : this.#symbols
    return symbols.map((symbol) => ({ symbol, clientId, venueId: '' }))
  }

  #onPlaced(answer: VenueAnswer, order: VenueOrder, tracked: TrackedOrder): void {
    tracked.isPlacing = false
    if (answer.delivery === Delivery.notSent) {
      this.#reporter.tellRefused(tracked, RejectReason.notSent, this.#time.nowMs())
      return
    }
    const read = (): Outcome => this.#dialect.onPlaced(answer, order, this.#reporter)
    const outcome = this.#outcomeOf(answer, read, Held.orders)
    if (outcome?.kind === 'refused') this.#reporter.tellRefused(tracked, outcome.reason, this.#time.nowMs())
    else if (outcome?.kind === 'notFound') this.counters.noteUnknown(answer.body)
  }

  /** At the first of `names`, and at the next one where the venue knows it not. */
  #cancelAt(identity: Identity, names: readonly OrderName[], at: number): boolean {
    if (at >= names.length) return false
    const name = names[at]
    const nowMs = this.#time.nowMs()
    const answered = (answer: VenueAnswer): void => {
      if (answer.delivery === Delivery.notSent) this.#cancelRejected(identity, RejectReason.notSent)
      const outcome = this.#outcomeOf(answer, () => this.#dialect.onCanceled(answer, name, this.#reporter), Held.all)
      if (outcome === undefined || outcome.kind === 'done' || outcome.kind === 'unknown') return
      const reason = outcome.kind === 'refused' ? outcome.reason : RejectReason.unknownOrder
      const goesOn = reason === RejectReason.unknownOrder || reason === RejectReason.unknownSymbol
      if (goesOn && at + 1 < names.length) this.#cancelAt(identity, names, at + 1)
      else this.#follower.after(name.clientId, () => this.#cancelRejected(identity, reason))
    }
    return this.#desk.send(this.#dialect.cancel(name, nowMs), answered, Held.all)
  }

  #cancelRejected(identity: Identity, reason: RejectReason): void {
    this.#reporter.tellAnswer(VenueReportKind.cancelRejected, identity, reason, this.#time.nowMs())
  }

  #onReplaced(answer: VenueAnswer, order: VenueOrder, tracked: TrackedOrder): void {
    const nowMs = this.#time.nowMs()
    if (answer.delivery === Delivery.notSent) {
      this.#reporter.tellReplaceRefused(tracked, RejectReason.notSent, nowMs)
      return
    }
    const { onReplaced } = this.#dialect
    const read = (): Outcome =>
      onReplaced?.call(this.#dialect, answer, order, this.#reporter) ?? { kind: 'unknown', why: 'no reader' }
    const outcome = this.#outcomeOf(answer, read, Held.orders)
    if (outcome?.kind === 'done') return
    if (outcome?.kind === 'refused') this.#reporter.tellReplaceRefused(tracked, outcome.reason, nowMs)
    else if (outcome?.kind === 'notFound') this.#reporter.tellReplaceRefused(tracked, RejectReason.unknownOrder, nowMs)
    else this.query(tracked.epoch, tracked.parentSequence, tracked.childSequence)
  }

  /** Undefined: nothing is known. An unanswered request, a server's error and an unreadable answer are all that. */
  #outcomeOf(answer: VenueAnswer, read: () => Outcome, what: Held): Outcome | undefined {
    if (answer.delivery !== Delivery.answered) return undefined
    if (!isReadable(answer)) {
      this.counters.noteUnknown(answer.body)
      return undefined
    }
    const outcome = this.#read(answer, read)
    if (outcome?.kind === 'unknown') this.counters.noteUnknown(`${outcome.why}: ${answer.body}`)
    heedRefusal(outcome, this.#desk, this.#time, what)
    return outcome
  }

  #read(answer: VenueAnswer, read: () => Outcome): Outcome | undefined {
    return this.#guard.read(answer.body, read)
  }
}

function isReadable({ delivery, status }: VenueAnswer): boolean {
  return delivery === Delivery.answered && status < 500
}

/** Assets that a full answer to `balances` must speak of: of contracts only what they are settled in. */
function balanceRows(listings: readonly NativeListing[], assets: readonly string[]): readonly number[] {
  const names = new Set<string>()
  for (const { instrument } of listings) {
    const settle = instrument.symbol.split(':')[1]?.split('-')[0]
    if (settle === undefined) names.add(instrument.base).add(instrument.quote)
    else names.add(settle)
  }
  return [...names].map((name) => assets.indexOf(name)).filter((row) => row >= 0)
}
