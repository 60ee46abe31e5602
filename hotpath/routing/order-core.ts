/** The door to the core for the gateway, the command line and the simulation. Synchronous; nothing here waits. */
import type { DenyReason } from '../../shared/domain/deny-reason.ts'
import type { AccountIndex, InstrumentIndex, ParentRow } from '../../shared/units/ids.ts'
import type { OrderRequest } from '../orders/order-request.ts'
import type { CostReport } from '../tca/cost-report.ts'
import type { PlanExplanation } from './plan-explanation.ts'

export interface OrderCore {
  /**
   * A new order: journaled, routed and its children sent before this returns. Anything but none: nothing happened.
   * A clientOrderId that is known answers with an orderStatus report of the first order and changes nothing.
   */
  newOrder(request: OrderRequest): DenyReason
  /** By orderId or clientOrderId. A repeated cancel of an order being canceled is none. */
  cancelOrder(request: OrderRequest): DenyReason
  /** New quantity (lots, 0: keep) and/or price (priceTicks, 0: keep) of an open GTC or GTD order. */
  replaceOrder(request: OrderRequest): DenyReason
  /** Sends an orderStatus report. */
  orderStatus(request: OrderRequest): DenyReason
  /** Asks to cancel every open order of the account, of one instrument or all (-1); answers how many. */
  massCancel(account: AccountIndex, instrument: InstrumentIndex | -1): number
  /** Cancels what this session asked to be cancelled on disconnect; answers how many. */
  onSessionClosed(session: number): number
  /** Rows of the account's open orders, oldest first. */
  openOrders(account: AccountIndex, visit: (parent: ParentRow) => void): number
  /** Row of an order of this account by id, or -1. */
  findOrder(request: OrderRequest): ParentRow
  /** What the order would do now, without doing it. */
  quote(request: OrderRequest): { reason: DenyReason; explanation: PlanExplanation | undefined }
  /** The decision as it was made; undefined when it is no longer kept. */
  explain(parent: ParentRow): PlanExplanation | undefined
  /** What the order cost; also for an order still open (so far). */
  costReport(parent: ParentRow): CostReport
  /** False while replaying or reconciling. */
  readonly isReady: boolean
}
