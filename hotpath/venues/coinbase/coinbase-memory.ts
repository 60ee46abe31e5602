/**
 * What must be known between Coinbase's messages: which orders are open (they are canceled by its ids alone), how much of
 * each the stream has told, how much of that was told on with its fills, and the end that waits for them. Bounded.
 */
import type { RejectReason } from '../../../shared/domain/reject-reason.ts'
import { compareDecimals } from '../native/json-words.ts'

const ORDERS_MAX = 16_384

export interface HeldEnd {
  readonly how: 'canceled' | 'expired' | 'rejected'
  readonly reason: RejectReason
  readonly timeMs: number
}

export class CoinbaseOrder {
  readonly venueId: string
  clientId: string
  symbolName: string
  /** Plain decimals: what the venue says is filled, and what was told with its fills. */
  filled = '0'
  told = '0'
  isOpen = false
  isAccepted = false
  end: HeldEnd | undefined

  constructor(venueId: string, clientId: string, symbolName: string) {
    this.venueId = venueId
    this.clientId = clientId
    this.symbolName = symbolName
  }

  /** Are there fills that nobody has been told? */
  get isBehind(): boolean {
    return compareDecimals(this.filled, this.told) > 0
  }

  /** Never back: messages and answers overtake each other. */
  raiseFilled(filled: string): void {
    if (filled !== '' && compareDecimals(filled, this.filled) > 0) this.filled = filled
  }

  raiseTold(told: string): void {
    if (told !== '' && compareDecimals(told, this.told) > 0) this.told = told
  }
}

export interface PlacedOrder {
  readonly symbolName: string
  readonly sentMs: number
  /** The venue may still take it until then. */
  readonly untilMs: number
  /** The venue's id in the first answer that took it. */
  venueId: string
}

export class CoinbaseMemory {
  readonly #orders = new Map<string, CoinbaseOrder>()
  readonly #placed = new Map<string, PlacedOrder>()

  notePlaced(clientId: string, order: PlacedOrder): void {
    // The same id again: what the first answer said is what a second one is known by.
    const known = this.#placed.get(clientId)
    this.#placed.set(clientId, known === undefined ? order : { ...order, venueId: known.venueId })
    if (this.#placed.size > ORDERS_MAX) this.#placed.delete(this.#placed.keys().next().value ?? '')
  }

  placed(clientId: string): PlacedOrder | undefined {
    return this.#placed.get(clientId)
  }

  /** The order of this id, known from now on. */
  learn(venueId: string, clientId: string, symbolName: string): CoinbaseOrder {
    const known = this.#orders.get(venueId)
    if (known !== undefined) {
      known.clientId ||= clientId
      known.symbolName ||= symbolName
      return known
    }
    const order = new CoinbaseOrder(venueId, clientId, symbolName)
    this.#orders.set(venueId, order)
    if (this.#orders.size > ORDERS_MAX) this.#forgetOldest()
    return order
  }

  known(venueId: string): CoinbaseOrder | undefined {
    return this.#orders.get(venueId)
  }

  /** Ids of every open order that we heard of. */
  openIds(): readonly string[] {
    return [...this.#orders.values()].filter(({ isOpen }) => isOpen).map(({ venueId }) => venueId)
  }

  #forgetOldest(): void {
    for (const order of this.#orders.values()) {
      if (order.isOpen) continue
      this.#orders.delete(order.venueId)
      return
    }
  }
}
