/**
 * Amendments on their way. Bybit's answer to one only says that it was taken, and the order topic does not say which of its
 * rows is about it: the row whose terms are those we asked for is, and so is the end of the order.
 */
import { compareDecimals } from '../native/json-words.ts'

const AMENDMENTS_MAX = 1_024
const UNSIGNED = /^\d+(\.\d+)?$/

interface Terms {
  readonly price: string
  readonly quantity: string
}

export class BybitAmendments {
  /** By client id. */
  readonly #asked = new Map<string, Terms>()

  ask(clientId: string, terms: Terms): void {
    this.#asked.set(clientId, terms)
    if (this.#asked.size <= AMENDMENTS_MAX) return
    for (const oldest of this.#asked.keys()) {
      this.#asked.delete(oldest)
      break
    }
  }

  forget(clientId: string): void {
    this.#asked.delete(clientId)
  }

  /** Does this row settle the amendment of its order? Then it is forgotten. */
  settles(clientId: string, now: Terms, isOpen: boolean): boolean {
    const asked = this.#asked.get(clientId)
    if (asked === undefined) return false
    if (isOpen && !(isSame(asked.price, now.price) && isSame(asked.quantity, now.quantity))) return false
    this.#asked.delete(clientId)
    return true
  }
}

function isSame(left: string, right: string): boolean {
  return UNSIGNED.test(left) && UNSIGNED.test(right) && compareDecimals(left, right) === 0
}
