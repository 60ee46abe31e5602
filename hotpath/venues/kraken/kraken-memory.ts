/**
 * What Kraken says once and then takes for known: news of an order after the first leaves out its symbol and may leave out
 * our id, and a canceled order does not say that it was immediate-or-cancel. Bounded; what is forgotten is asked for.
 */

const ORDERS_MAX = 16_384

export interface RememberedOrder {
  readonly clientId: string
  readonly symbolName: string
  /** 'gtc', 'ioc', 'fok', 'gtd' or '' when nobody said. */
  readonly timeInForce: string
}

export interface PlacedOrder extends RememberedOrder {
  readonly sentMs: number
  /** The venue may still take it until then. */
  readonly untilMs: number
}

export class KrakenMemory {
  readonly #placed = new Map<string, PlacedOrder>()
  readonly #known = new Map<string, RememberedOrder>()

  notePlaced(order: PlacedOrder): void {
    remember(this.#placed, order.clientId, order)
  }

  placed(clientId: string): PlacedOrder | undefined {
    return this.#placed.get(clientId)
  }

  /** Kraken said something of this order: what is '' is filled from what is known. */
  learn(venueId: string, clientId: string, symbolName: string, timeInForce: string): RememberedOrder {
    const known = this.#known.get(venueId)
    const ours = this.#placed.get(clientId || (known?.clientId ?? ''))
    const order = {
      clientId: clientId || (known?.clientId ?? ''),
      symbolName: symbolName || known?.symbolName || ours?.symbolName || '',
      timeInForce: timeInForce.toLowerCase() || known?.timeInForce || ours?.timeInForce || '',
    }
    if (venueId !== '') remember(this.#known, venueId, order)
    return order
  }

  known(venueId: string): RememberedOrder | undefined {
    return this.#known.get(venueId)
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value)
  if (map.size <= ORDERS_MAX) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
