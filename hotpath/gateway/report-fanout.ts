/**
 * Brings the core's news to every session of the account, in the encoding each asked for. News that comes while a
 * session's own message is handled is its answer and carries its id; a status is only for who asked.
 */

import type { Clock } from '../../shared/clock.ts'
import { ExecType, Liquidity } from '../../shared/domain/execution-report.ts'
import type { ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import { ClientReport, type ClientReports } from '../orders/client-report.ts'
import type { OrderStore } from '../orders/order-store.ts'
import type { Outbox } from './outbox.ts'
import type { ReportEncoder } from './report-encoder.ts'
import type { Session, SessionTable } from './session-table.ts'

export class ReportFanout implements ClientReports {
  /** Of the message being handled: its id as JSON text, '' when it came as a number only, and as a number. */
  idText = ''
  idNumber = 0
  /** Reports its sender has had for it. */
  answers = 0
  readonly #store: OrderStore
  readonly #sessions: SessionTable
  readonly #outbox: Outbox
  readonly #encoder: ReportEncoder
  readonly #clock: Clock
  readonly #status = new ClientReport()

  constructor(parts: {
    store: OrderStore
    sessions: SessionTable
    outbox: Outbox
    encoder: ReportEncoder
    clock: Clock
  }) {
    this.#store = parts.store
    this.#sessions = parts.sessions
    this.#outbox = parts.outbox
    this.#encoder = parts.encoder
    this.#clock = parts.clock
  }

  begin(idText: string, idNumber: number): void {
    this.idText = idText
    this.idNumber = idNumber
    this.answers = 0
  }

  onClientReport(report: ClientReport): void {
    const asker = this.#outbox.current
    const isForAsker = asker?.account?.index === report.account
    if (isForAsker) this.#answer(asker, report)
    if (isForAsker && report.execType === ExecType.orderStatus) return
    let text = ''
    const siblings = this.#sessions.ofAccount(report.account)
    for (let i = 0; i < siblings.length; i++) {
      const session = siblings[i]
      if (session === asker || !session.wantsReports) continue
      if (session.wantsBinary) {
        this.#outbox.send(session, this.#encoder.encode(report, 0))
        continue
      }
      if (text === '') text = this.#encoder.text(report, '')
      this.#outbox.send(session, text)
    }
  }

  /** How an order stands, to one session. */
  sendStatus(session: Session, parent: ParentRow): void {
    const report = this.#status
    report.parent = parent
    report.account = this.#store.accountOf(parent)
    report.execType = ExecType.orderStatus
    report.liquidity = Liquidity.none
    report.venue = -1 as VenueIndex
    report.feeInBase = false
    report.denied = 0
    report.rejected = 0
    report.lastLots = 0 as QtyLots
    report.lastTicks = 0 as PriceTicks
    report.feeUnits = 0 as AssetUnits
    report.execution = 0
    report.timeUs = this.#clock.epochUs()
    this.#answer(session, report)
  }

  #answer(session: Session, report: ClientReport): void {
    this.answers++
    if (session.wantsBinary) this.#outbox.send(session, this.#encoder.encode(report, this.idNumber))
    else this.#outbox.send(session, this.#encoder.text(report, this.#idText()))
  }

  /** A binary message's id becomes text only where it is told as text. */
  #idText(): string {
    return this.idText === '' && this.idNumber !== 0 ? `${this.idNumber}` : this.idText
  }
}
