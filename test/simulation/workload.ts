/** A client that invents orders and never forgets one: what was not answered is sent again under the same id. */

import { OrderRequest } from '../../hotpath/orders/order-request.ts'
import type { Instrument } from '../../shared/domain/instrument.ts'
import { Durability, OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import type { Prng } from '../../shared/prng.ts'
import type { InstrumentIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import type { EpochUs } from '../../shared/units/time.ts'

const MID = 50_000

export function nameOrder(request: OrderRequest, id: string): OrderRequest {
  request.clientOrderId.set(new TextEncoder().encode(id))
  request.clientOrderIdLength = id.length
  return request
}

export class Workload {
  readonly #chance: Prng
  readonly #instruments: readonly Instrument[]

  constructor(chance: Prng, instruments: readonly Instrument[]) {
    this.#chance = chance
    this.#instruments = instruments
  }

  /** Any order a client may send; sizes from a lot to more than all venues show. */
  invent(serial: number, nowUs: EpochUs): OrderRequest {
    const chance = this.#chance
    const request = nameOrder(new OrderRequest(), `o${serial}`)
    request.instrument = chance.nextBelow(this.#instruments.length) as InstrumentIndex
    request.side = chance.chance(0.5) ? Side.buy : Side.sell
    request.type = chance.chance(0.4) ? OrderType.market : OrderType.limit
    request.durability = chance.chance(0.2) ? Durability.machine : Durability.process
    const lots = Math.max(1, Math.round(10 ** (0.5 + chance.nextFloat() * 4.2)))
    if (request.type === OrderType.market) {
      request.timeInForce = chance.chance(0.2) ? TimeInForce.fok : TimeInForce.ioc
      if (request.timeInForce === TimeInForce.ioc && chance.chance(0.2)) request.quoteBudget = lots * MID
    } else {
      const away = chance.nextBetween(-40, 25)
      request.priceTicks = (request.side === Side.buy ? MID + away : MID - away) as PriceTicks
      request.timeInForce = [TimeInForce.gtc, TimeInForce.ioc, TimeInForce.fok, TimeInForce.gtd][chance.nextBelow(4)]
      if (request.timeInForce === TimeInForce.gtd) {
        request.expireUs = (nowUs + chance.nextBetween(1_000, 500_000)) as EpochUs
      }
      if (request.timeInForce === TimeInForce.gtc) request.postOnly = chance.chance(0.3)
    }
    if (request.quoteBudget === 0) request.lots = lots as QtyLots
    request.cancelOnDisconnect = chance.chance(0.1)
    return request
  }

  /** New terms for an order, in a request of its own. */
  change(id: string): OrderRequest {
    const request = nameOrder(new OrderRequest(), id)
    if (this.#chance.chance(0.7)) request.lots = this.#chance.nextBetween(1, 20_000) as QtyLots
    if (this.#chance.chance(0.5)) request.priceTicks = (MID + this.#chance.nextBetween(-30, 30)) as PriceTicks
    return request
  }
}
