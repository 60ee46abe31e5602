/** What a client asks, decoded and checked for form. One mutable object, reused: the core copies what it keeps. */

import { Durability, OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../shared/limits.ts'
import type { AccountIndex, InstrumentIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import type { EpochUs } from '../../shared/units/time.ts'

export class OrderRequest {
  account = 0 as AccountIndex
  /** Where the answers go while the client is connected; also who is asked about cancel on disconnect. */
  session = 0
  instrument = 0 as InstrumentIndex
  side: Side = Side.buy
  type: OrderType = OrderType.limit
  timeInForce: TimeInForce = TimeInForce.gtc
  postOnly = false
  cancelOnDisconnect = false
  durability: Durability = Durability.process
  /** Venues the order may use, bit by venue index, as two halves. */
  venuesLow = -1
  venuesHigh = -1
  /** Hard limits in hundredths of a bp; -1: none asked. */
  slippageCentiBps = -1
  feeCentiBps = -1
  /** ASCII, zero padded. */
  readonly clientOrderId = new Uint8Array(CLIENT_ORDER_ID_BYTES_MAX)
  clientOrderIdLength = 0
  readonly #wide = new Float64Array(6)
  /** Base quantity; 0 when the order is sized in quote. */
  get lots(): QtyLots {
    return this.#wide[0] as QtyLots
  }
  set lots(value: QtyLots) {
    this.#wide[0] = value
  }
  /** Quote to spend (buy, fees included) or to raise (sell, fees deducted), in ticks x lots; 0 when sized in base. */
  get quoteBudget(): number {
    return this.#wide[1]
  }
  set quoteBudget(value: number) {
    this.#wide[1] = value
  }
  /** 0 for a market order. */
  get priceTicks(): PriceTicks {
    return this.#wide[2] as PriceTicks
  }
  set priceTicks(value: PriceTicks) {
    this.#wide[2] = value
  }
  /** 0 when not GTD. */
  get expireUs(): EpochUs {
    return this.#wide[3] as EpochUs
  }
  set expireUs(value: EpochUs) {
    this.#wide[3] = value
  }
  /** For cancel, replace and status by orderId; 0 when the clientOrderId names the order. */
  get orderId(): number {
    return this.#wide[4]
  }
  set orderId(value: number) {
    this.#wide[4] = value
  }

  /** When its message reached the gateway, on the clock of the core's thread; 0: it came through no gateway. */
  get receivedNs(): number {
    return this.#wide[5]
  }
  set receivedNs(value: number) {
    this.#wide[5] = value
  }

  reset(): void {
    this.#wide.fill(0)
    this.clientOrderId.fill(0)
    this.clientOrderIdLength = 0
    this.side = Side.buy
    this.type = OrderType.limit
    this.timeInForce = TimeInForce.gtc
    this.postOnly = false
    this.cancelOnDisconnect = false
    this.durability = Durability.process
    this.venuesLow = -1
    this.venuesHigh = -1
    this.slippageCentiBps = -1
    this.feeCentiBps = -1
  }
}
