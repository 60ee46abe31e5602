/**
 * Orders of ours that may be open at OKX. It has no request that cancels all spot orders, only batches of named ones: so
 * every order we send is remembered by its id until its end was told. Bounded; the oldest is forgotten first.
 */
import { parseChildId } from '../../../shared/units/ids.ts'

/** OKX allows 4,000 pending orders an account. */
const ORDERS_MAX = 4_096

export class OkxOpenOrders {
  /** By client id: the symbol's name. */
  readonly #symbols = new Map<string, string>()

  get size(): number {
    return this.#symbols.size
  }

  /** Ids that are not ours are left alone. */
  note(clientId: string, symbolName: string): void {
    if (parseChildId(clientId) === undefined || symbolName === '') return
    this.#symbols.set(clientId, symbolName)
    if (this.#symbols.size <= ORDERS_MAX) return
    for (const oldest of this.#symbols.keys()) {
      this.#symbols.delete(oldest)
      break
    }
  }

  forget(clientId: string): void {
    this.#symbols.delete(clientId)
  }

  /** Client ids and symbol names, at these symbols. O(remembered). */
  at(symbolNames: ReadonlySet<string>): readonly (readonly [clientId: string, symbolName: string])[] {
    return [...this.#symbols].filter(([, name]) => symbolNames.has(name))
  }
}
