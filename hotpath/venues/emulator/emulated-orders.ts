/** Every order an emulated venue remembers: by its number, by client id, and the trades they made. Bounded. */
import type { EmulatedAccount } from './emulated-account.ts'
import type { EmulatedOrder, EmulatedTrade } from './emulated-order.ts'

export const ORDERS_KEPT = 50_000
export const TRADES_KEPT = 100_000

export class EmulatedOrders {
  /** Oldest first. */
  readonly #byId = new Map<number, EmulatedOrder>()
  /** The newest order under a client id. */
  readonly #byClientId = new Map<string, EmulatedOrder>()
  readonly #open = new Set<EmulatedOrder>()
  #trades: EmulatedTrade[] = []

  add(order: EmulatedOrder): void {
    this.#byId.set(order.id, order)
    if (order.ask.clientId !== '') this.#byClientId.set(clientKey(order.account, order.ask.clientId), order)
    if (order.isOpen) this.#open.add(order)
    if (this.#byId.size > ORDERS_KEPT) this.#forgetOldest()
  }

  /** It was refused: it never was. */
  drop(order: EmulatedOrder): void {
    this.#byId.delete(order.id)
    this.#open.delete(order)
    const key = clientKey(order.account, order.ask.clientId)
    if (this.#byClientId.get(key) === order) this.#byClientId.delete(key)
  }

  ended(order: EmulatedOrder): void {
    this.#open.delete(order)
  }

  addTrade(trade: EmulatedTrade): void {
    trade.order.trades.push(trade)
    this.#trades.push(trade)
    if (this.#trades.length > TRADES_KEPT * 2) this.#trades = this.#trades.slice(-TRADES_KEPT)
  }

  byId(id: number): EmulatedOrder | undefined {
    return this.#byId.get(id)
  }

  byClientId(account: EmulatedAccount, clientId: string): EmulatedOrder | undefined {
    return this.#byClientId.get(clientKey(account, clientId))
  }

  /** Oldest first. */
  open(account: EmulatedAccount): EmulatedOrder[] {
    return [...this.#open].filter((order) => order.account === account)
  }

  /** Oldest first; O(all orders remembered). */
  all(account: EmulatedAccount): EmulatedOrder[] {
    return [...this.#byId.values()].filter((order) => order.account === account)
  }

  /** Oldest first; O(all trades remembered). */
  trades(account: EmulatedAccount): EmulatedTrade[] {
    return this.#trades.filter((trade) => trade.order.account === account)
  }

  #forgetOldest(): void {
    for (const order of this.#byId.values()) {
      if (order.isOpen) continue
      this.drop(order)
      return
    }
  }
}

function clientKey(account: EmulatedAccount, clientId: string): string {
  return `${account.index} ${clientId}`
}
