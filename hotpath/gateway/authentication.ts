/**
 * Who is asking: HMAC-SHA256 over the key, the time and a nonce that only rises, so that a logon that was overheard
 * cannot be said again. Memory is one number per key: a logon from before this start is outside the window.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Account } from '../../shared/config/account.ts'
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { type EpochUs, US_PER_MS } from '../../shared/units/time.ts'

export const TIMESTAMP_WINDOW_MS = 5_000

export interface Logon {
  readonly apiKey: string
  /** Milliseconds since 1970 on the client's clock. */
  readonly timestamp: number
  readonly nonce: number
  /** Hex. */
  readonly signature: string
}

export class Authentication {
  readonly #accounts: ReadonlyMap<string, Account>
  readonly #lastNonce: Float64Array
  readonly #startedMs: number
  /** Who the last accepted logon was. */
  account: Account | undefined

  constructor(accounts: readonly Account[], startedUs: EpochUs) {
    this.#accounts = new Map(accounts.map((account) => [account.apiKey, account]))
    this.#lastNonce = new Float64Array(accounts.length).fill(-1)
    this.#startedMs = Math.floor(startedUs / US_PER_MS)
  }

  /** None: `account` is who it is. An unknown key takes as long and says the same as a wrong signature. */
  check(logon: Logon, nowUs: EpochUs): DenyReason {
    this.account = undefined
    const account = this.#accounts.get(logon.apiKey)
    const expected = sign(account?.secret.reveal() ?? 'no such key', logon)
    const given = Buffer.from(logon.signature, 'hex')
    const matches = given.length === expected.length && timingSafeEqual(given, expected)
    if (account === undefined || !matches) return DenyReason.badSignature
    const nowMs = Math.floor(nowUs / US_PER_MS)
    if (Math.abs(logon.timestamp - nowMs) > TIMESTAMP_WINDOW_MS || logon.timestamp < this.#startedMs)
      return DenyReason.timestampOutsideWindow
    if (logon.nonce <= this.#lastNonce[account.index]) return DenyReason.nonceReused
    this.#lastNonce[account.index] = logon.nonce
    this.account = account
    return DenyReason.none
  }
}

function sign(secret: string, { apiKey, timestamp, nonce }: Logon): Buffer {
  return createHmac('sha256', secret).update(`logon\n${apiKey}\n${timestamp}\n${nonce}`).digest()
}
