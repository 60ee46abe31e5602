/**
 * The gateway: one socket a client, two encodings on it. Connections, logon, who hears what, and what happens when a
 * client goes, floods or does not read. Whatever comes in gets an answer or a close code and cannot stop the process.
 *
 * A turn: the transport calls onMessage while its loop runs; `work` sends what the core said outside of those calls,
 * books that are due, and ends connections that must end. Call it after the core's own duty.
 */
import type { Clock } from '../../shared/clock.ts'
import type { Account } from '../../shared/config/account.ts'
import { DenyReason, denyReasonNames } from '../../shared/domain/deny-reason.ts'
import type { Side } from '../../shared/domain/order.ts'
import type { Duty } from '../../shared/duty.ts'
import { GATEWAY_MESSAGE_BYTES_MAX, SESSIONS_MAX } from '../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import { type EpochUs, type MonoNs, NS_PER_S } from '../../shared/units/time.ts'
import type { BookTable } from '../book/book-table.ts'
import type { ClientReport, ClientReports } from '../orders/client-report.ts'
import type { OrderStore } from '../orders/order-store.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import type { OrderCore } from '../routing/order-core.ts'
import { answerText, deniedText, logonMembers } from './answer-text.ts'
import { Authentication } from './authentication.ts'
import { Desk, type DeskParts } from './desk.ts'
import { FrameDesk } from './frame-desk.ts'
import { metricsAnswer } from './gateway-metrics.ts'
import { readLogon } from './logon.ts'
import { MarketBroadcast } from './market-broadcast.ts'
import { fieldSet, type Message, parseMessage } from './message.ts'
import { OrderEntry } from './order-entry.ts'
import { bufferedBytesMax, Outbox } from './outbox.ts'
import { PlainOrder } from './plain-order.ts'
import { RateLimiter } from './rate-limiter.ts'
import { ReportEncoder } from './report-encoder.ts'
import { ReportFanout } from './report-fanout.ts'
import { type Session, SessionTable } from './session-table.ts'
import {
  type HttpAnswer,
  IDLE_SECONDS_MAX,
  type Socket,
  type SocketEvents,
  type SocketTransport,
} from './socket-transport.ts'
import { TextDesk } from './text-desk.ts'

export const GATEWAY_PATH = '/v1/orders'

/** Why we end a connection; the numbers below 4000 are RFC 6455's. */
export const CloseCode = {
  /** We are stopping. */
  goingAway: 1001,
  /** No logon in time, or too many mistakes before one. */
  policy: 1008,
  messageTooLarge: 1009,
  /** No session is free. */
  tryLater: 1013,
  /** The client leaves more unread than it may. */
  slowReader: 4008,
} as const

/** A session that has not logged on by then is ended. */
const LOGON_SECONDS_MAX = 10
const REFUSALS_BEFORE_LOGON_MAX = 10
const SWEEP_NS = NS_PER_S
const HEARTBEAT_MS = (IDLE_SECONDS_MAX / 2) * 1_000
const ID_LENGTH_MAX = 64
const pingFields = fieldSet('')

export interface GatewayParts {
  readonly core: OrderCore
  readonly store: OrderStore
  readonly books: BookTable
  readonly listings: ListingTable
  /** In the order of their index. */
  readonly accounts: readonly Account[]
  readonly clock: Clock
  readonly market: { readonly name: string; readonly simulated: boolean }
  readonly transport: SocketTransport
  /** What is known of venues beyond their listings; absent: nothing. */
  readonly venueNow?: DeskParts['venueNow']
  /** Latencies and counters of the router; absent: only the gateway's own are told. */
  readonly telemetry?: DeskParts['telemetry']
}

export class GatewayServer implements Duty, ClientReports, SocketEvents {
  readonly name = 'gateway'
  readonly #parts: GatewayParts
  readonly #sessions: SessionTable
  readonly #outbox = new Outbox()
  readonly #fanout: ReportFanout
  readonly #broadcast: MarketBroadcast
  readonly #authentication: Authentication
  readonly #desk: Desk
  readonly #texts: TextDesk
  readonly #frames: FrameDesk
  readonly #entry: OrderEntry
  readonly #plain: PlainOrder
  readonly #sweptNs = new Float64Array(1)
  #messages = 0
  /** Of the last message. */
  #keptBuffer: ArrayBuffer | undefined
  #kept = new Uint8Array(0)

  constructor(parts: GatewayParts) {
    const { core, store, books, listings, accounts, clock } = parts
    const outbox = this.#outbox
    const sessions = new SessionTable({ sessionsMax: SESSIONS_MAX, accounts: accounts.length })
    const encoder = new ReportEncoder(store, listings)
    const fanout = new ReportFanout({ store, sessions, outbox, encoder, clock })
    const broadcast = new MarketBroadcast({ books, listings, sessions, outbox, clock })
    const limiter = new RateLimiter(accounts, clock.monoNs())
    this.#parts = parts
    this.#sessions = sessions
    this.#fanout = fanout
    this.#broadcast = broadcast
    this.#authentication = new Authentication(accounts, clock.epochUs())
    this.#entry = new OrderEntry(listings)
    this.#plain = new PlainOrder(listings, this.#entry.venueMasks)
    const { venueNow, telemetry } = parts
    const own = { outbox, fanout, encoder, broadcast, limiter, venueNow, telemetry }
    this.#desk = new Desk({ core, store, books, listings, clock, ...own })
    this.#texts = new TextDesk(this.#desk, this.#entry)
    this.#frames = new FrameDesk(this.#desk, this.#entry.venueMasks)
  }

  /** Answers the port. Rejects when the address cannot be had. */
  listen(address: { readonly host: string; readonly port: number }): Promise<number> {
    const openOrdersMax = Math.max(0, ...this.#parts.accounts.map((account) => account.openOrdersMax))
    const limits = { path: GATEWAY_PATH, bufferedBytesMax: bufferedBytesMax(openOrdersMax) }
    return this.#parts.transport.listen({ ...address, ...limits }, this)
  }

  /** From now on new orders are denied; everything else goes on. */
  stopOrders(): void {
    this.#desk.isStopping = true
  }

  /** Ends every session (and what it asked to cancel then), and frees the port. */
  async close(): Promise<void> {
    this.stopOrders()
    this.#outbox.flush()
    for (let row = 0; row < this.#sessions.rows; row++) {
      const session = this.#sessions.at(row)
      if (session !== undefined) this.#end(session, CloseCode.goingAway, 'the router is stopping')
    }
    await this.#parts.transport.close()
  }

  work(nowNs: MonoNs): number {
    const done = this.#broadcast.work(nowNs) + this.#outbox.flush()
    this.#endSlowReaders()
    if (nowNs - this.#sweptNs[0] >= SWEEP_NS) {
      this.#sweptNs[0] = nowNs
      this.#endIdleStrangers(nowNs)
    }
    return done
  }

  onClientReport(report: ClientReport): void {
    this.#fanout.onClientReport(report)
  }

  /** A public print; told to whoever subscribed. */
  onTrade(
    venue: VenueIndex,
    instrument: InstrumentIndex,
    aggressor: Side,
    price: PriceTicks,
    lots: QtyLots,
    timeUs: EpochUs,
  ): void {
    this.#broadcast.onTrade(venue, instrument, aggressor, price, lots, timeUs)
  }

  onOpen(socket: Socket): void {
    const session = this.#sessions.open(socket, this.#parts.clock.monoNs())
    if (session !== undefined) return
    socket.send(deniedText({ id: '', op: undefined, reason: DenyReason.tooManySessions, field: '', clientOrderId: '' }))
    socket.close(CloseCode.tryLater, denyReasonNames[DenyReason.tooManySessions])
  }

  onMessage(socket: Socket, buffer: ArrayBuffer, offset: number, length: number, isBinary: boolean): void {
    const session = this.#sessions.of(socket)
    if (session === undefined) return
    this.#messages++
    this.#outbox.enter(session)
    this.#fanout.begin('', 0)
    const reason = this.#handle(session, buffer, offset, length, isBinary)
    this.#outbox.leave()
    if (reason !== DenyReason.none) this.#afterRefusal(session, reason)
    this.#endSlowReaders()
  }

  onClose(socket: Socket): void {
    const session = this.#sessions.of(socket)
    if (session !== undefined) this.#forget(session)
  }

  onHttpGet(path: string): HttpAnswer | undefined {
    const { core, market, transport } = this.#parts
    if (path === '/health') {
      const denied = denyReasonNames
        .map((name, reason) => [name, this.#desk.denied[reason]] as const)
        .filter(([, count]) => count > 0)
      const counts = { sessions: this.#sessions.count, messages: this.#messages, denied: Object.fromEntries(denied) }
      const body = {
        status: 'up',
        market: market.name,
        simulated: market.simulated,
        transport: transport.name,
        ...counts,
      }
      return { status: 200, body: JSON.stringify(body) }
    }
    const ready = core.isReady && !this.#desk.isStopping
    if (path === '/metrics') {
      const { denied, parts } = this.#desk
      const figures = { market, ready, sessions: this.#sessions.count, messages: this.#messages, denied }
      return metricsAnswer(figures, parts)
    }
    if (path !== '/ready') return undefined
    return { status: ready ? 200 : 503, body: JSON.stringify({ ready }) }
  }

  #handle(session: Session, buffer: ArrayBuffer, offset: number, length: number, isBinary: boolean): DenyReason {
    this.#desk.receivedNs[0] = this.#parts.clock.monoNs()
    const isTooLarge = length > GATEWAY_MESSAGE_BYTES_MAX
    if (isBinary) {
      if (!isTooLarge) return this.#frames.handle(session, this.#bytesOf(buffer, offset, length))
      this.#frames.refuse(session, DenyReason.messageTooLarge)
      return DenyReason.messageTooLarge
    }
    this.#entry.field = ''
    if (isTooLarge) return this.#denyText(session, undefined, undefined, '', DenyReason.messageTooLarge)
    if (this.#plain.read(this.#bytesOf(buffer, offset, length), this.#parts.clock)) return this.#handlePlain(session)
    const message = parseMessage(Buffer.from(buffer, offset, length).toString())
    if (message === undefined) return this.#denyText(session, undefined, undefined, '', DenyReason.malformed)
    return this.#handleText(session, message)
  }

  /** A view costs 100 bytes; a transport that brings every message in the same buffer makes do with one. */
  #bytesOf(buffer: ArrayBuffer, offset: number, length: number): Uint8Array<ArrayBuffer> {
    const kept = this.#kept
    if (this.#keptBuffer === buffer && kept.byteOffset === offset && kept.length === length) return kept
    this.#keptBuffer = buffer
    this.#kept = new Uint8Array(buffer, offset, length)
    return this.#kept
  }

  #handlePlain(session: Session): DenyReason {
    const { id, request } = this.#plain
    const text = id < 0 ? '' : `${id}`
    this.#fanout.begin(text, frameId(id))
    return this.#texts.handlePlain(session, request, text)
  }

  #handleText(session: Session, message: Message): DenyReason {
    const { op } = message
    const name = typeof op === 'string' ? op : undefined
    const id = idText(message['id'])
    if (id === undefined) {
      this.#entry.field = 'id'
      return this.#denyText(session, message, name, '', DenyReason.wrongType)
    }
    if (name === undefined) {
      this.#entry.field = 'op'
      return this.#denyText(
        session,
        message,
        name,
        id,
        op === undefined ? DenyReason.missingField : DenyReason.wrongType,
      )
    }
    this.#fanout.begin(id, frameId(message['id']))
    if (name === 'logon') return this.#logOn(session, message, id)
    if (name !== 'ping') return this.#texts.handle(session, message, name, id)
    const reason = this.#entry.checkFields(message, pingFields)
    if (reason !== DenyReason.none) return this.#denyText(session, message, name, id, reason)
    this.#outbox.send(session, answerText('pong', id))
    return reason
  }

  #denyText(
    session: Session,
    message: Message | undefined,
    op: string | undefined,
    id: string,
    reason: DenyReason,
  ): DenyReason {
    this.#texts.deny(session, message, op, id, reason)
    return reason
  }

  #logOn(session: Session, message: Message, id: string): DenyReason {
    const { core, clock, market } = this.#parts
    const read = readLogon(message)
    if (!read.ok) {
      this.#entry.field = read.field
      return this.#denyText(session, message, 'logon', id, read.reason)
    }
    const reason = this.#mayLogOn(session) || this.#authentication.check(read.ask, clock.epochUs()) || ready(core)
    const { account } = this.#authentication
    if (reason !== DenyReason.none || account === undefined)
      return this.#denyText(session, message, 'logon', id, reason)
    this.#sessions.logOn(session, account)
    session.cancelOnDisconnect = read.ask.cancelOnDisconnect
    session.wantsBinary = read.ask.wantsBinary
    this.#outbox.send(session, answerText('logon', id, logonMembers(account, market, HEARTBEAT_MS)))
    return DenyReason.none
  }

  /** Once a session. */
  #mayLogOn(session: Session): DenyReason {
    if (this.#desk.isStopping) return DenyReason.shuttingDown
    return session.account === undefined ? DenyReason.none : DenyReason.notPermitted
  }

  #afterRefusal(session: Session, reason: DenyReason): void {
    this.#desk.countDenied(reason)
    if (reason === DenyReason.messageTooLarge) {
      this.#end(session, CloseCode.messageTooLarge, denyReasonNames[reason])
      return
    }
    if (session.account !== undefined) return
    session.refusals++
    if (session.refusals >= REFUSALS_BEFORE_LOGON_MAX) this.#end(session, CloseCode.policy, denyReasonNames[reason])
  }

  #endSlowReaders(): void {
    const { slow } = this.#outbox
    if (slow.length === 0) return
    for (const session of slow.splice(0)) this.#end(session, CloseCode.slowReader, 'too much left unread')
  }

  #endIdleStrangers(nowNs: MonoNs): void {
    for (let row = 0; row < this.#sessions.rows; row++) {
      const session = this.#sessions.at(row)
      if (session === undefined || session.account !== undefined) continue
      if (nowNs - session.openedNs > LOGON_SECONDS_MAX * NS_PER_S) this.#end(session, CloseCode.policy, 'no logon')
    }
  }

  #end(session: Session, code: number, reason: string): void {
    if (this.#sessions.at(session.row) !== session) return
    this.#forget(session)
    session.socket.close(code, reason)
  }

  /** Never inside a call of the core: it is told. */
  #forget(session: Session): void {
    this.#broadcast.forget(session)
    this.#sessions.close(session)
    session.pending.length = 0
    if (session.account !== undefined) this.#parts.core.onSessionClosed(session.number)
  }
}

function ready(core: OrderCore): DenyReason {
  return core.isReady ? DenyReason.none : DenyReason.notReady
}

/** JSON text of an id, '' for none, undefined for what is not an id. */
function idText(id: unknown): string | undefined {
  if (id === undefined) return ''
  if (typeof id === 'number') return Number.isFinite(id) ? `${id}` : undefined
  return typeof id === 'string' && id.length <= ID_LENGTH_MAX ? JSON.stringify(id) : undefined
}

/** The same id where reports are binary: a whole number of 32 bits, or 0. */
function frameId(id: unknown): number {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= 0xffffffff ? id : 0
}
