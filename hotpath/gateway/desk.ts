/** What the doors of both encodings share: the core behind them, who may do what, and how often. */

import type { Clock } from '../../shared/clock.ts'
import { Permission } from '../../shared/config/account.ts'
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import type { BookTable } from '../book/book-table.ts'
import type { OrderRequest } from '../orders/order-request.ts'
import { NO_ROW, type OrderStore } from '../orders/order-store.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import type { OrderCore } from '../routing/order-core.ts'
import type { VenueNow } from './answer-text.ts'
import type { RouterTelemetry } from './gateway-metrics.ts'
import type { MarketBroadcast } from './market-broadcast.ts'
import type { Outbox } from './outbox.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { ReportEncoder } from './report-encoder.ts'
import type { ReportFanout } from './report-fanout.ts'
import type { Session } from './session-table.ts'

export interface DeskParts {
  readonly core: OrderCore
  readonly store: OrderStore
  readonly books: BookTable
  readonly listings: ListingTable
  readonly clock: Clock
  readonly outbox: Outbox
  readonly fanout: ReportFanout
  readonly encoder: ReportEncoder
  readonly broadcast: MarketBroadcast
  readonly limiter: RateLimiter
  /** Absent where nothing is known of venues beyond their listings (benches, tests). */
  readonly venueNow: Omit<VenueNow, 'nowNs'> | undefined
  /** Absent where nobody measures. */
  readonly telemetry: RouterTelemetry | undefined
}

/** Which keys may use an operation, and what it costs. */
export interface Admission {
  /** Any one of these bits is enough. */
  readonly permissions: number
  /** Refused when the key's bucket is empty. Cancels take a token and are never refused: they only make less of us. */
  readonly isLimited: boolean
  /** Asks the core, which may not be ready yet. */
  readonly needsCore: boolean
}

const { trade, read, cancel } = Permission
const anyone = trade | read | cancel

export const admissions = {
  new: { permissions: trade, isLimited: true, needsCore: true },
  replace: { permissions: trade, isLimited: true, needsCore: true },
  cancel: { permissions: trade | cancel, isLimited: false, needsCore: true },
  massCancel: { permissions: trade | cancel, isLimited: false, needsCore: true },
  status: { permissions: anyone, isLimited: true, needsCore: true },
  openOrders: { permissions: anyone, isLimited: true, needsCore: true },
  quote: { permissions: read, isLimited: true, needsCore: true },
  explain: { permissions: read, isLimited: true, needsCore: true },
  report: { permissions: read, isLimited: true, needsCore: true },
  instruments: { permissions: anyone, isLimited: true, needsCore: false },
  venues: { permissions: anyone, isLimited: true, needsCore: false },
  latency: { permissions: read, isLimited: true, needsCore: false },
  subscribe: { permissions: read, isLimited: true, needsCore: false },
  unsubscribe: { permissions: anyone, isLimited: false, needsCore: false },
} as const satisfies Readonly<Record<string, Admission>>

export class Desk {
  readonly parts: DeskParts
  /** No new orders any more. */
  isStopping = false
  /** Refusals so far, by DenyReason; told at GET /health. */
  readonly denied = new Float64Array(256)

  /** When the message being handled reached us; a column, so that the double is not boxed on its way. */
  readonly receivedNs = new Float64Array(1)

  constructor(parts: DeskParts) {
    this.parts = parts
  }

  /** May this session do that now? Takes a token if it costs one. */
  admit(session: Session, admission: Admission): DenyReason {
    const { account } = session
    if (account === undefined) return DenyReason.unauthenticated
    if ((account.permissions & admission.permissions) === 0) return DenyReason.notPermitted
    const hasToken = this.parts.limiter.take(account.index, this.receivedNs[0] as MonoNs)
    if (admission.isLimited && !hasToken) return DenyReason.rateLimited
    return admission.needsCore && !this.parts.core.isReady ? DenyReason.notReady : DenyReason.none
  }

  newOrder(session: Session, request: OrderRequest): DenyReason {
    if (this.isStopping) return DenyReason.shuttingDown
    this.#sign(session, request)
    request.cancelOnDisconnect = session.cancelOnDisconnect
    return this.parts.core.newOrder(request)
  }

  cancelOrder(session: Session, request: OrderRequest): DenyReason {
    this.#sign(session, request)
    return this.#answered(session, request, this.parts.core.cancelOrder(request))
  }

  replaceOrder(session: Session, request: OrderRequest): DenyReason {
    this.#sign(session, request)
    return this.#answered(session, request, this.parts.core.replaceOrder(request))
  }

  orderStatus(session: Session, request: OrderRequest): DenyReason {
    this.#sign(session, request)
    return this.#answered(session, request, this.parts.core.orderStatus(request))
  }

  quote(session: Session, request: OrderRequest): ReturnType<OrderCore['quote']> {
    this.#sign(session, request)
    return this.parts.core.quote(request)
  }

  /** Row of the order that the request names, or NO_ROW. */
  find(session: Session, request: OrderRequest): ReturnType<OrderCore['findOrder']> {
    this.#sign(session, request)
    return this.parts.core.findOrder(request)
  }

  countDenied(reason: DenyReason): void {
    this.denied[reason]++
  }

  #sign(session: Session, request: OrderRequest): void {
    request.account = session.account!.index
    request.session = session.number
    request.receivedNs = this.receivedNs[0]
  }

  /** Who asks always hears something: how the order stands, when what was asked made no news. */
  #answered(session: Session, request: OrderRequest, reason: DenyReason): DenyReason {
    if (reason !== DenyReason.none || this.parts.fanout.answers > 0) return reason
    const parent = this.parts.core.findOrder(request)
    if (parent === NO_ROW) return DenyReason.unknownOrder
    this.parts.fanout.sendStatus(session, parent)
    return DenyReason.none
  }
}
