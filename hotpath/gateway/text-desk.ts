/** JSON operations: what each one means, from the message to its answer. Every message gets one, a refusal included. */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import type { InstrumentIndex } from '../../shared/units/ids.ts'
import type { OrderRequest } from '../orders/order-request.ts'
import { NO_ROW } from '../orders/order-store.ts'
import { answerText, deniedText, instrumentsMembers, venuesMembers } from './answer-text.ts'
import { admissions, type Desk } from './desk.ts'
import { ALL_INSTRUMENTS } from './market-broadcast.ts'
import { fieldSet, isClientOrderId, type Message } from './message.ts'
import type { OrderEntry } from './order-entry.ts'
import type { Session } from './session-table.ts'

const noFields = fieldSet('')
const subscribeFields = fieldSet('channel symbol depth intervalMs')
const unsubscribeFields = fieldSet('channel symbol')

const BOOK_DEPTH_DEFAULT = 10
const BOOK_DEPTH_MAX = 50
const BOOK_INTERVAL_MS_DEFAULT = 100
const BOOK_INTERVAL_MS_MIN = 50
const BOOK_INTERVAL_MS_MAX = 60_000

type Operation = keyof typeof admissions

export class TextDesk {
  readonly #desk: Desk
  readonly #entry: OrderEntry
  /** It is the same for everybody and all day. */
  readonly #instruments: string
  /** JSON text of the id of the message being handled. */
  #id = ''
  /** Members of a refusal beyond the usual ones. */
  #more = ''

  constructor(desk: Desk, entry: OrderEntry) {
    this.#desk = desk
    this.#entry = entry
    this.#instruments = instrumentsMembers(desk.parts.listings)
  }

  /** `op` is a name of the table of admissions or not; answers why the message was refused, or none. */
  handle(session: Session, message: Message, op: string, id: string): DenyReason {
    this.#id = id
    this.#more = ''
    this.#entry.field = ''
    const reason = this.#admitted(session, message, op)
    if (reason !== DenyReason.none) this.deny(session, message, op, id, reason)
    return reason
  }

  /** A new order that was read without its text. */
  handlePlain(session: Session, request: OrderRequest, id: string): DenyReason {
    this.#id = id
    this.#more = ''
    this.#entry.field = ''
    const reason = this.#desk.admit(session, admissions.new) || this.#desk.newOrder(session, request)
    if (reason === DenyReason.none) return reason
    const clientOrderId = String.fromCharCode(...request.clientOrderId.subarray(0, request.clientOrderIdLength))
    this.deny(session, { clientOrderId }, 'new', id, reason)
    return reason
  }

  deny(session: Session, message: Message | undefined, op: string | undefined, id: string, reason: DenyReason): void {
    const clientOrderId = message?.['clientOrderId']
    const isEchoed = typeof clientOrderId === 'string' && isClientOrderId(clientOrderId)
    const denial = { id, op, reason, field: this.#entry.field, clientOrderId: isEchoed ? clientOrderId : '' }
    this.#desk.parts.outbox.send(session, deniedText(denial, this.#more))
    this.#more = ''
  }

  #admitted(session: Session, message: Message, op: string): DenyReason {
    if (!Object.hasOwn(admissions, op)) return this.#entry.deny(DenyReason.unknownOperation, 'op')
    const operation = op as Operation
    return this.#desk.admit(session, admissions[operation]) || this.#run(session, message, operation)
  }

  #run(session: Session, message: Message, operation: Operation): DenyReason {
    switch (operation) {
      case 'new':
        return this.#new(session, message)
      case 'cancel':
        return this.#entry.decodeReference(message) || this.#desk.cancelOrder(session, this.#entry.request)
      case 'replace':
        return this.#replace(session, message)
      case 'status':
        return this.#entry.decodeReference(message) || this.#desk.orderStatus(session, this.#entry.request)
      case 'massCancel':
        return this.#massCancel(session, message)
      case 'openOrders':
        return this.#openOrders(session, message)
      case 'quote':
        return this.#quote(session, message)
      case 'explain':
        return this.#explain(session, message)
      case 'report':
        return this.#report(session, message)
      case 'instruments':
        return this.#entry.checkFields(message, noFields) || this.#answer(session, operation, this.#instruments)
      case 'venues':
        return this.#venues(session, message)
      case 'latency':
        return this.#latency(session, message)
      case 'subscribe':
        return this.#subscribe(session, message)
      case 'unsubscribe':
        return this.#unsubscribe(session, message)
    }
  }

  #answer(session: Session, type: string, members: string): DenyReason {
    this.#desk.parts.outbox.send(session, answerText(type, this.#id, members))
    return DenyReason.none
  }

  #new(session: Session, message: Message): DenyReason {
    const reason = this.#entry.decodeNew(message, this.#desk.parts.clock)
    return reason === DenyReason.none ? this.#desk.newOrder(session, this.#entry.request) : reason
  }

  /** The amounts are on the grid of the order's own instrument. */
  #replace(session: Session, message: Message): DenyReason {
    const entry = this.#entry
    const reason = entry.decodeReplace(message)
    if (reason !== DenyReason.none) return reason
    const parent = this.#desk.find(session, entry.request)
    if (parent === NO_ROW) return DenyReason.unknownOrder
    const instrument = this.#desk.parts.store.instrumentOf(parent)
    return entry.decodeReplaceAmounts(message, instrument) || this.#desk.replaceOrder(session, entry.request)
  }

  #massCancel(session: Session, message: Message): DenyReason {
    const reason = this.#entry.decodeMassCancel(message)
    if (reason !== DenyReason.none) return reason
    const { core } = this.#desk.parts
    const count = core.massCancel(session.account!.index, this.#entry.request.instrument)
    return this.#answer(session, 'massCancel', `"count":${count}`)
  }

  #openOrders(session: Session, message: Message): DenyReason {
    const reason = this.#entry.checkFields(message, noFields)
    if (reason !== DenyReason.none) return reason
    const { core, fanout } = this.#desk.parts
    const count = core.openOrders(session.account!.index, (parent) => fanout.sendStatus(session, parent))
    return this.#answer(session, 'openOrders', `"count":${count}`)
  }

  #quote(session: Session, message: Message): DenyReason {
    const refused = this.#entry.decodeQuote(message, this.#desk.parts.clock)
    if (refused !== DenyReason.none) return refused
    const { reason, explanation } = this.#desk.quote(session, this.#entry.request)
    const member = explanation === undefined ? '' : `"explanation":${JSON.stringify(explanation)}`
    if (reason === DenyReason.none) return this.#answer(session, 'quote', member)
    this.#more = member === '' ? '' : `,${member}`
    return reason
  }

  #explain(session: Session, message: Message): DenyReason {
    const refused = this.#entry.decodeReference(message)
    if (refused !== DenyReason.none) return refused
    const parent = this.#desk.find(session, this.#entry.request)
    const explanation = parent === NO_ROW ? undefined : this.#desk.parts.core.explain(parent)
    if (explanation === undefined) return DenyReason.unknownOrder
    return this.#answer(session, 'explain', `"explanation":${JSON.stringify(explanation)}`)
  }

  #report(session: Session, message: Message): DenyReason {
    const refused = this.#entry.decodeReference(message)
    if (refused !== DenyReason.none) return refused
    const parent = this.#desk.find(session, this.#entry.request)
    if (parent === NO_ROW) return DenyReason.unknownOrder
    return this.#answer(session, 'report', `"report":${JSON.stringify(this.#desk.parts.core.costReport(parent))}`)
  }

  #venues(session: Session, message: Message): DenyReason {
    const { listings, books, venueNow, clock } = this.#desk.parts
    const reason = this.#entry.checkFields(message, noFields)
    if (reason !== DenyReason.none) return reason
    const now = venueNow === undefined ? undefined : { ...venueNow, nowNs: clock.monoNs() }
    return this.#answer(session, 'venues', venuesMembers(listings, books, now))
  }

  /** Of the router since its start, or with an order's id where the time of that order went. */
  #latency(session: Session, message: Message): DenyReason {
    const { telemetry } = this.#desk.parts
    const isOfOrder = message['orderId'] !== undefined || message['clientOrderId'] !== undefined
    const refused = isOfOrder ? this.#entry.decodeReference(message) : this.#entry.checkFields(message, noFields)
    if (refused !== DenyReason.none) return refused
    if (telemetry === undefined) return DenyReason.unknownOperation
    if (!isOfOrder) return this.#answer(session, 'latency', `"latency":${JSON.stringify(telemetry.latency())}`)
    const parent = this.#desk.find(session, this.#entry.request)
    const steps = parent === NO_ROW ? undefined : telemetry.stepsOf(parent)
    if (steps === undefined) return DenyReason.unknownOrder
    return this.#answer(session, 'latency', `"order":${JSON.stringify(steps)}`)
  }

  #subscribe(session: Session, message: Message): DenyReason {
    const entry = this.#entry
    const reason = entry.checkFields(message, subscribeFields)
    if (reason !== DenyReason.none) return reason
    switch (message['channel']) {
      case 'orders':
        session.wantsReports = true
        return this.#answer(session, 'subscribed', '"channel":"orders"')
      case 'trades':
        return this.#subscribeTrades(session, message)
      case 'book':
        return this.#subscribeBook(session, message)
      default:
        return this.#badChannel(message)
    }
  }

  #subscribeTrades(session: Session, message: Message): DenyReason {
    const reason = this.#readOptionalSymbol(message)
    if (reason !== DenyReason.none) return reason
    this.#desk.parts.broadcast.subscribeTrades(session, this.#instrument)
    return this.#answer(session, 'subscribed', `"channel":"trades"${this.#symbolMember()}`)
  }

  #subscribeBook(session: Session, message: Message): DenyReason {
    const entry = this.#entry
    const { depth = BOOK_DEPTH_DEFAULT, intervalMs = BOOK_INTERVAL_MS_DEFAULT } = message
    const reason = entry.readSymbol(message)
    if (reason !== DenyReason.none) return reason
    if (!isWholeBetween(depth, 1, BOOK_DEPTH_MAX)) return entry.deny(DenyReason.wrongType, 'depth')
    if (!isWholeBetween(intervalMs, BOOK_INTERVAL_MS_MIN, BOOK_INTERVAL_MS_MAX))
      return entry.deny(DenyReason.wrongType, 'intervalMs')
    this.#instrument = entry.request.instrument
    const hasRoom = this.#desk.parts.broadcast.subscribeBook(session, entry.request.instrument, depth, intervalMs)
    if (!hasRoom) return entry.deny(DenyReason.rateLimited, 'symbol')
    const members = `"channel":"book"${this.#symbolMember()},"depth":${depth},"intervalMs":${intervalMs}`
    return this.#answer(session, 'subscribed', members)
  }

  #unsubscribe(session: Session, message: Message): DenyReason {
    const entry = this.#entry
    const { broadcast } = this.#desk.parts
    const reason = entry.checkFields(message, unsubscribeFields)
    if (reason !== DenyReason.none) return reason
    const { channel } = message
    if (channel !== 'orders' && channel !== 'trades' && channel !== 'book') return this.#badChannel(message)
    const symbol = channel === 'book' ? entry.readSymbol(message) : this.#readOptionalSymbol(message)
    if (symbol !== DenyReason.none) return symbol
    if (channel === 'book') this.#instrument = entry.request.instrument
    if (channel === 'orders') session.wantsReports = false
    else if (channel === 'trades') broadcast.unsubscribeTrades(session, this.#instrument)
    else broadcast.unsubscribeBook(session, entry.request.instrument)
    return this.#answer(session, 'unsubscribed', `"channel":"${channel}"${this.#symbolMember()}`)
  }

  /** Of the subscription being handled. */
  #instrument = ALL_INSTRUMENTS

  #readOptionalSymbol(message: Message): DenyReason {
    this.#instrument = ALL_INSTRUMENTS
    if (message['symbol'] === undefined) return DenyReason.none
    const reason = this.#entry.readSymbol(message)
    if (reason === DenyReason.none) this.#instrument = this.#entry.request.instrument
    return reason
  }

  #symbolMember(): string {
    if (this.#instrument === ALL_INSTRUMENTS) return ''
    const { symbol } = this.#desk.parts.listings.instruments[this.#instrument as InstrumentIndex]
    return `,"symbol":${JSON.stringify(symbol)}`
  }

  #badChannel(message: Message): DenyReason {
    const reason = message['channel'] === undefined ? DenyReason.missingField : DenyReason.wrongType
    return this.#entry.deny(reason, 'channel')
  }
}

function isWholeBetween(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
}
