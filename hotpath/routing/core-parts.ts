/** What the core is put together from; composition (main, simulation, benches) builds it once. */

import type { Turn } from '../../shared/turn.ts'
import type { BookTable } from '../book/book-table.ts'
import type { OrderLog } from '../execution/order-log.ts'
import type { ParallelExecutor } from '../execution/parallel-executor.ts'
import type { LatencyTracker } from '../latency/latency-tracker.ts'
import type { LatencyWatch } from '../latency/latency-watch.ts'
import type { BalanceTable } from '../orders/balance-table.ts'
import type { ClientReports } from '../orders/client-report.ts'
import type { OrderStore } from '../orders/order-store.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import type { VenueStateTable } from '../plan/venue-state-table.ts'
import type { PreTradeRisk } from '../risk/pre-trade-risk.ts'
import type { BenchmarkLog } from '../tca/benchmark-log.ts'
import type { CostBuilder } from '../tca/cost-builder.ts'
import type { Counters } from '../telemetry/counters.ts'
import type { DecisionLog } from './decision-log.ts'
import type { OpenOrders } from './open-orders.ts'
import type { SmartOrderRouter } from './smart-order-router.ts'

export interface CoreConfig {
  /** Children of one route at most; 0: no maximum. */
  readonly childrenMax: number
  /** Hard slippage stop of a market order that names none, hundredths of a bp. */
  readonly slippageCentiBps: number
  /** Routes of one order at most; then what is left ends (or rests). */
  readonly routesMax: number
  /** Wait before routing a remainder again when nothing could be done now. */
  readonly rerouteWaitUs: number
  /** How long an immediate order may look for liquidity after its arrival. */
  readonly immediateLifeUs: number
  /** A child that is silent this long after its deadline is unknown, and is asked about. */
  readonly silenceUs: number
  /** How often a resting child is compared with its venue. */
  readonly auditUs: number
}

export interface CoreParts {
  readonly books: BookTable
  readonly listings: ListingTable
  readonly balances: BalanceTable
  readonly states: VenueStateTable
  readonly store: OrderStore
  readonly open: OpenOrders
  readonly log: OrderLog
  readonly risk: PreTradeRisk
  readonly router: SmartOrderRouter
  readonly executor: ParallelExecutor
  readonly decisions: DecisionLog
  readonly costs: CostBuilder
  readonly benchmarks: BenchmarkLog
  readonly reports: ClientReports
  readonly turn: Turn
  readonly latency: LatencyTracker
  readonly watch: LatencyWatch
  readonly counters: Counters
  readonly config: CoreConfig
}
