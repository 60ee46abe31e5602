/**
 * What goes to a venue and what comes back, in our units: the child order as it leaves us and the venue's news of it.
 * The kinds are in the journal; append only.
 */
import type { Liquidity } from '../../shared/domain/execution-report.ts'
import type { Side, TimeInForce } from '../../shared/domain/order.ts'
import type { RejectReason } from '../../shared/domain/reject-reason.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../shared/units/ticks.ts'

/** A child order as it leaves us. One mutable object, reused: adapters copy what they keep. */
export class ChildOrder {
  instrument = 0 as InstrumentIndex
  side: Side = 1
  timeInForce: TimeInForce = 3
  postOnly = false
  /** Of the identity: epoch, parent sequence, child sequence (shared/units/ids). */
  epoch = 0
  childSequence = 0
  readonly #wide = new Float64Array(4)
  get parentSequence(): number {
    return this.#wide[0]
  }
  set parentSequence(value: number) {
    this.#wide[0] = value
  }
  get lots(): QtyLots {
    return this.#wide[1] as QtyLots
  }
  set lots(value: QtyLots) {
    this.#wide[1] = value
  }
  get limitTicks(): PriceTicks {
    return this.#wide[2] as PriceTicks
  }
  set limitTicks(value: PriceTicks) {
    this.#wide[2] = value
  }
  /** Wall clock, microseconds: a venue refuses the order when it arrives later (Binance recvWindow, Kraken deadline). */
  get deadlineUs(): number {
    return this.#wide[3]
  }
  set deadlineUs(value: number) {
    this.#wide[3] = value
  }
}

export const VenueReportKind = {
  /** The order is in the book (or about to be matched). */
  accepted: 0,
  /** One execution; `execution` is unique at the venue. */
  fill: 1,
  canceled: 2,
  expired: 3,
  rejected: 4,
  /** A cancel was refused: the reason says why (unknownOrder: it had already ended). */
  cancelRejected: 5,
  /** Answer to `query`: the order's state there, cumulative. Its fills follow as `fill` if they were asked for. */
  status: 6,
  /** Answer to `query`: the venue has never seen this id; after its deadline it never will. */
  notFound: 7,
  /** End of the answer to `reconcile`: everything before it has been reported. */
  reconciled: 8,
  /** A balance: asset named by `asset`, free amount in `units`. */
  balance: 9,
  /** The order has a new limit (`priceTicks`) and whole quantity (`lots`), same identity. */
  replaced: 10,
  /** It stays as it was; the reason says why. */
  replaceRejected: 11,
} as const
export type VenueReportKind = (typeof VenueReportKind)[keyof typeof VenueReportKind]

/** One mutable object, reused by the adapter: the receiver copies what it keeps. */
export class VenueReport {
  venue = 0 as VenueIndex
  kind: VenueReportKind = 0
  epoch = 0
  childSequence = 0
  reason: RejectReason = 0
  liquidity: Liquidity = 0
  /** Fee taken in the base asset instead of the quote. */
  feeInBase = false
  /** Of a status: the order is still open there. */
  isOpen = false
  /** Of a balance: row of the asset. */
  asset = 0
  readonly #wide = new Float64Array(8)
  get parentSequence(): number {
    return this.#wide[0]
  }
  set parentSequence(value: number) {
    this.#wide[0] = value
  }
  /** Execution number: unique and increasing at one venue; 0 when there is none. */
  get execution(): number {
    return this.#wide[1]
  }
  set execution(value: number) {
    this.#wide[1] = value
  }
  get lots(): QtyLots {
    return this.#wide[2] as QtyLots
  }
  set lots(value: QtyLots) {
    this.#wide[2] = value
  }
  get priceTicks(): PriceTicks {
    return this.#wide[3] as PriceTicks
  }
  set priceTicks(value: PriceTicks) {
    this.#wide[3] = value
  }
  /** Filled so far at the venue, this report included. */
  get filledLots(): QtyLots {
    return this.#wide[4] as QtyLots
  }
  set filledLots(value: QtyLots) {
    this.#wide[4] = value
  }
  /** Fee of this fill; negative for a rebate. */
  get feeUnits(): AssetUnits {
    return this.#wide[5] as AssetUnits
  }
  set feeUnits(value: AssetUnits) {
    this.#wide[5] = value
  }
  /** The venue's wall clock, microseconds. */
  get venueTimeUs(): number {
    return this.#wide[6]
  }
  set venueTimeUs(value: number) {
    this.#wide[6] = value
  }
  /** Of a balance. */
  get units(): AssetUnits {
    return this.#wide[7] as AssetUnits
  }
  set units(value: AssetUnits) {
    this.#wide[7] = value
  }
}
