/** An order and a trade as an emulated venue remembers them, and what a client may ask for. */
import type { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { SelfTrade } from '../paper/paper-options.ts'
import type { EmulatedAccount } from './emulated-account.ts'
import type { EmulatedSymbol } from './emulated-symbol.ts'

export type EmulatedStatus = 'new' | 'partiallyFilled' | 'filled' | 'canceled' | 'expired' | 'rejected'

/** What a client asks for, on the integer grid. */
export interface OrderAsk {
  readonly symbol: EmulatedSymbol
  readonly side: Side
  readonly type: 'limit' | 'market'
  /** Any text; '' for none. */
  readonly clientId: string
  /** Of a limit order; a market order takes what is there. */
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  /** 0 for a market order. */
  readonly priceTicks: number
  /** 0 when `notional` says how much. */
  readonly lots: number
  /** Of a market order: how much in ticks x lots; 0 for none. */
  readonly notional: bigint
  readonly selfTrade: SelfTrade
  /** Of GTD: wall clock, microseconds; else 0. */
  readonly deadlineUs: number
  /** The dialect's own words of this order (its type text, flags), kept beside it. */
  readonly words?: Readonly<Record<string, string>>
}

export interface EmulatedTrade {
  /** Unique at its symbol, increasing; the public tape shows the same trade under the same number. */
  readonly id: number
  readonly order: EmulatedOrder
  readonly priceTicks: number
  readonly lots: number
  /** priceTicks x lots. */
  readonly notional: bigint
  /** AssetUnits; negative for a rebate. */
  readonly fee: bigint
  /** Row of the asset. */
  readonly feeAsset: number
  readonly isMaker: boolean
  readonly timeMs: number
}

export class EmulatedOrder {
  /** Integer, unique at the venue, also over restarts; a dialect writes it as it likes. */
  readonly id: number
  readonly account: EmulatedAccount
  readonly ask: OrderAsk
  readonly createdMs: number
  updatedMs: number
  status: EmulatedStatus = 'new'
  reason: RejectReason = RejectReason.none
  priceTicks: number
  lots: number
  filledLots = 0
  /** Filled so far, ticks x lots, exact. */
  notional = 0n
  /** Is it known to the market? A refused order never is. */
  isAccepted = false
  readonly trades: EmulatedTrade[] = []

  constructor(id: number, account: EmulatedAccount, ask: OrderAsk, nowMs: number) {
    this.id = id
    this.account = account
    this.ask = ask
    this.createdMs = nowMs
    this.updatedMs = nowMs
    this.priceTicks = ask.priceTicks
    this.lots = ask.lots
  }

  get isOpen(): boolean {
    return this.status === 'new' || this.status === 'partiallyFilled'
  }

  get symbol(): EmulatedSymbol {
    return this.ask.symbol
  }
}
