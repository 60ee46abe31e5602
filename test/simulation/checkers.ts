/**
 * They watch from outside: the frames that leave the router, what the exchange itself says happened (through a second
 * connection without faults), what the client is told, and the order store against all of them.
 */
import type { MemoryJournal } from '../../hotpath/journal/memory-journal.ts'
import type { ClientReport, ClientReports } from '../../hotpath/orders/client-report.ts'
import { NO_ROW } from '../../hotpath/orders/order-store.ts'
import { stateHash } from '../../hotpath/orders/state-hash.ts'
import { ChildOrder, VenueReport, VenueReportKind } from '../../hotpath/orders/venue-report.ts'
import { World } from '../../hotpath/routing/compose-core.ts'
import { FrameBuffer } from '../../hotpath/venues/paper/frame-buffer.ts'
import { FrameReader } from '../../hotpath/venues/paper/frame-reader.ts'
import { readPlace } from '../../hotpath/venues/paper/paper-command-frame.ts'
import type { PaperExchange } from '../../hotpath/venues/paper/paper-exchange.ts'
import { FrameKind, frameKind, frameVenue, PAPER_PROTOCOL, writeJson } from '../../hotpath/venues/paper/paper-frame.ts'
import { readReport } from '../../hotpath/venues/paper/paper-news-frame.ts'
import type { PaperSession } from '../../hotpath/venues/paper/paper-session.ts'
import type { Clock } from '../../shared/clock.ts'
import { ExecType } from '../../shared/domain/execution-report.ts'
import { Side } from '../../shared/domain/order.ts'
import { isEnded, orderStateNames } from '../../shared/domain/order-state.ts'
import { formatChildId } from '../../shared/units/ids.ts'

interface VenueFill {
  readonly lots: number
  readonly ticks: number
  readonly feeUnits: number
  readonly feeInBase: boolean
  readonly child: string
}

export class Checkers implements ClientReports {
  readonly violations: string[] = []
  /** What the exchange says: venue:execution -> fill. */
  readonly #truth = new Map<string, VenueFill>()
  /** Child id -> what was sent. */
  readonly #sent = new Map<string, { venue: number; instrument: number; side: Side; lots: number; limit: number }>()
  readonly #observer: PaperSession
  readonly #reader = new FrameReader(2 ** 25)
  readonly #clock: Clock
  readonly #report = new VenueReport()
  readonly #child = new ChildOrder()
  /** Client's view: order sequence -> lots told filled since the last restart. */
  readonly #told = new Map<number, number>()

  constructor(exchange: PaperExchange, clock: Clock) {
    this.#clock = clock
    const observer = exchange.connect()
    if (observer === undefined) throw new Error('the exchange takes no observer')
    this.#observer = observer
    const hello = new FrameBuffer(4_096, 4_096)
    writeJson(hello, FrameKind.hello, { protocol: PAPER_PROTOCOL, account: 'simulation', token: '' })
    observer.receive(hello.take(), clock.monoNs())
  }

  get fills(): number {
    return this.#truth.size
  }

  /** Every frame that leaves the router. */
  onSent(bytes: Uint8Array, isExtra: boolean): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (isExtra || frameKind(view, 0) !== FrameKind.place) return
    if (!readPlace(view, 0, this.#child)) {
      this.#violate('a place frame that no venue could read')
      return
    }
    const { epoch, parentSequence, childSequence, instrument, side, lots, limitTicks } = this.#child
    const id = formatChildId(epoch, parentSequence, childSequence)
    if (this.#sent.has(id)) this.#violate(`child ${id} was sent twice`)
    this.#sent.set(id, { venue: frameVenue(view, 0), instrument, side, lots, limit: limitTicks })
  }

  onClientReport(report: ClientReport): void {
    if (report.execType !== ExecType.trade) return
    this.#told.set(report.parent, (this.#told.get(report.parent) ?? 0) + report.lastLots)
    if (report.lastLots <= 0) this.#violate('a trade report without quantity')
  }

  /** After every turn: what must hold at any moment. */
  afterStep(world: World | undefined): void {
    this.#observe()
    if (world === undefined) return
    const { store } = world
    if (world.lifecycle.overfills > 0) this.#violate('a child was filled past its quantity')
    for (let at = 0; at < store.parentCount; at++) {
      const row = store.parentAt(at)
      const work = store.filledLots[row] + store.workingLots[row]
      if (work > store.orderLots[row] && !this.#mayExceed(world, row)) {
        this.#violate(`order ${store.sequence[row]}: ${work} lots filled and working of ${store.orderLots[row]}`)
      }
    }
  }

  /** A replace may shrink an order below what is still working; it never shrinks below what is filled. */
  #mayExceed(world: World, row: number): boolean {
    return world.store.filledLots[row] <= world.store.orderLots[row] && world.store.replaceLots[row] > 0
  }

  onCrash(): void {
    this.#told.clear()
  }

  onRestart(world: World): void {
    if (world.unreadable > 0) this.#violate('the journal has records that cannot be read')
  }

  /** Faults have stopped and everything had time: the books must agree to the last lot. */
  atEnd(world: World, journal: MemoryJournal): void {
    this.#observe()
    const { store } = world
    for (let at = 0; at < store.parentCount; at++) {
      const row = store.parentAt(at)
      if (!isEnded(store.stateOf(row))) {
        this.#violate(`order ${store.sequence[row]} is still ${orderStateNames[store.stateOf(row)]}`)
      }
      for (let child = store.firstChild[row]; child !== NO_ROW; child = store.childNext[child]) {
        if (!isEnded(store.childStateOf(child as never))) {
          const name = orderStateNames[store.childStateOf(child as never)]
          this.#violate(`child ${store.childSequence[child]} of order ${store.sequence[row]} is still ${name}`)
        }
      }
    }
    this.#compareFills(world)
    this.#compareReplay(world, journal)
  }

  /** Totals by venue, instrument and side from what the exchange says, without the fees: they round per fill. */
  booksOfAccount(): string {
    const totals = new Map<string, { lots: number; notional: bigint }>()
    for (const [key, fill] of this.#truth) {
      const sent = this.#sent.get(fill.child)
      const book = `${key.split(':')[0]}/${sent?.instrument}/${sent?.side}/${fill.feeInBase ? 'base' : 'quote'}`
      const total = totals.get(book) ?? { lots: 0, notional: 0n }
      total.lots += fill.lots
      total.notional += BigInt(fill.lots) * BigInt(fill.ticks)
      totals.set(book, total)
    }
    const rows = [...totals].sort(([a], [b]) => (a < b ? -1 : 1))
    return rows.map(([book, { lots, notional }]) => `${book}:${lots}@${notional}`).join(' ')
  }

  /** All fees, in units of 1e-8 of whatever asset they were taken in. */
  feeUnits(): number {
    let sum = 0
    for (const { feeUnits } of this.#truth.values()) sum += feeUnits
    return sum
  }

  #observe(): void {
    this.#reader.read(this.#observer.take(), {
      onFrame: (view, at) => {
        if (frameKind(view, at) === FrameKind.report) this.#see(view, at)
        return true
      },
    })
    if (!this.#observer.isOpen) this.#violate(`the observer's connection ended at ${this.#clock.monoNs()}`)
  }

  #see(view: DataView, at: number): void {
    const report = this.#report
    readReport(view, at, report)
    if (report.kind !== VenueReportKind.fill) return
    const child = formatChildId(report.epoch, report.parentSequence, report.childSequence)
    const key = `${report.venue}:${report.execution}`
    const { lots, priceTicks: ticks, feeUnits, feeInBase } = report
    const before = this.#truth.get(key)
    if (before !== undefined && before.child !== child) this.#violate(`execution ${key} names two orders`)
    this.#truth.set(key, { lots, ticks, feeUnits, feeInBase, child })
    this.#checkPrice(child, ticks)
  }

  #checkPrice(child: string, ticks: number): void {
    const sent = this.#sent.get(child)
    if (sent === undefined) {
      this.#violate(`a fill of ${child}, which was never sent`)
      return
    }
    if (sent.side === Side.buy ? ticks > sent.limit : ticks < sent.limit) {
      this.#violate(`${child} filled at ${ticks}, limit ${sent.limit}`)
    }
  }

  #compareFills(world: World): void {
    const { store } = world
    const booked = new Map<string, { lots: number; child: string }>()
    for (let at = 0; at < store.parentCount; at++) {
      const row = store.parentAt(at)
      for (let child = store.firstChild[row]; child !== NO_ROW; child = store.childNext[child]) {
        const id = formatChildId(store.childEpoch[child], store.sequence[row], store.childSequence[child])
        for (let fill = store.fills.first[child]; fill !== NO_ROW; fill = store.fills.next[fill]) {
          const key = `${store.childVenue[child]}:${store.fills.execution[fill]}`
          if (booked.has(key)) this.#violate(`execution ${key} was booked twice`)
          booked.set(key, { lots: store.fills.lots[fill], child: id })
        }
      }
    }
    for (const [key, fill] of this.#truth) {
      const mine = booked.get(key)
      if (mine === undefined) this.#violate(`execution ${key} of ${fill.child} was never booked`)
      else if (mine.lots !== fill.lots || mine.child !== fill.child) this.#violate(`execution ${key} was booked wrong`)
    }
    for (const key of booked.keys()) if (!this.#truth.has(key)) this.#violate(`execution ${key} never happened`)
  }

  #compareReplay(world: World, journal: MemoryJournal): void {
    const again = new World(world.setup)
    journal.replay((_sequence, _epochUs, payload) => again.replay(payload))
    if (stateHash(again.store, again.positions) !== stateHash(world.store, world.positions)) {
      this.#violate('the journal replayed gives another state')
    }
  }

  #violate(what: string): void {
    if (this.violations.length < 20 && !this.violations.includes(what)) this.violations.push(what)
  }
}
