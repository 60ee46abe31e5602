/** News of a parent order for its client: what happened; how the order stands is read from the order store. */
import type { ExecType, Liquidity } from '../../shared/domain/execution-report.ts'
import type { AccountIndex, ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../shared/units/ticks.ts'

/** One mutable object, reused by the core: the receiver encodes it at once. */
export class ClientReport {
  parent = 0 as ParentRow
  account = 0 as AccountIndex
  execType: ExecType = 0
  liquidity: Liquidity = 0
  /** -1 when the news is not of one venue. */
  venue = -1 as VenueIndex
  feeInBase = false
  /** DenyReason when we ended or refused it. */
  denied = 0
  /** RejectReason when a venue did. */
  rejected = 0
  readonly #wide = new Float64Array(5)
  get lastLots(): QtyLots {
    return this.#wide[0] as QtyLots
  }
  set lastLots(value: QtyLots) {
    this.#wide[0] = value
  }
  get lastTicks(): PriceTicks {
    return this.#wide[1] as PriceTicks
  }
  set lastTicks(value: PriceTicks) {
    this.#wide[1] = value
  }
  get feeUnits(): AssetUnits {
    return this.#wide[2] as AssetUnits
  }
  set feeUnits(value: AssetUnits) {
    this.#wide[2] = value
  }
  /** Journal sequence of this news: unique, rising, the same after a restart. The client knows it as execId. */
  get execution(): number {
    return this.#wide[3]
  }
  set execution(value: number) {
    this.#wide[3] = value
  }
  get timeUs(): number {
    return this.#wide[4]
  }
  set timeUs(value: number) {
    this.#wide[4] = value
  }
}

export interface ClientReports {
  onClientReport(report: ClientReport): void
}
