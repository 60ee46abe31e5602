/** Who may trade here, as the configuration says it, with the secret resolved. */
import type { AccountIndex } from '../units/ids.ts'

export const Permission = { trade: 1, read: 2, cancel: 4 } as const
export type Permission = (typeof Permission)[keyof typeof Permission]
export const permissionNames = Object.keys(Permission) as (keyof typeof Permission)[]

export interface Account {
  /** Row of every per-account table; in the journal, so accounts keep their order and new ones come last. */
  readonly index: AccountIndex
  readonly name: string
  readonly apiKey: string
  readonly secret: Secret
  /** Bits of Permission. */
  readonly permissions: number
  readonly ordersPerSecond: number
  readonly ordersBurst: number
  readonly openOrdersMax: number
  /** Decimal text, in the quote asset of the order's instrument. */
  readonly orderNotionalMax: string
}

/** Text that does not print: a log line, a report or JSON shows that there is one and not what it is. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** For the one place that computes with it. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return '(secret)'
  }

  toJSON(): string {
    return '(secret)'
  }
}
