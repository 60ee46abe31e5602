/** Who is asking: Binance's API key, time window and signature (HMAC-SHA256 in hex, or Ed25519 in base64). */
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import type { AccountKey, EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import { type BinanceRefusal, missing, refusals } from './binance-emulator-refusal.ts'

const WINDOW_MS_DEFAULT = 5_000
const WINDOW_MS_MAX = 60_000
const AHEAD_MS_MAX = 1_000

export interface SignedCall {
  readonly apiKey: string
  readonly params: URLSearchParams
  /** What was signed: query and body joined, or the sorted parameters of the WebSocket API, without the signature. */
  readonly payload: string
  readonly nowMs: number
}

/** The account, or why not; checked in Binance's order: parameters, key, time, signature. */
export function authenticate(exchange: EmulatedExchange, call: SignedCall): EmulatedAccount | BinanceRefusal {
  const { params } = call
  for (const name of ['timestamp', 'signature']) if ((params.get(name) ?? '') === '') return missing(name)
  const found = holderOf(exchange, call.apiKey)
  if (!('account' in found)) return found
  return timeRefusal(params, call.nowMs) ?? (isSigned(found.key, call) ? found.account : refusals.badSignature)
}

/** Of requests that need a key and no signature. */
export function holderOf(
  exchange: EmulatedExchange,
  apiKey: string,
): { account: EmulatedAccount; key: AccountKey } | BinanceRefusal {
  if (!/^[A-Za-z0-9]{16,128}$/.test(apiKey)) return refusals.malformedKey
  return exchange.keyOf(apiKey) ?? refusals.unknownKey
}

/** Query and body of a REST request as they were signed: joined, less the signature. */
export function restPayload(query: string, body: string): string {
  return [query, body].map((part) => part.replace(/(^|&)signature=[^&]*/, '')).join('')
}

/** Parameters of the WebSocket API as they are signed: sorted by name, not escaped, less the signature. */
export function socketPayload(params: URLSearchParams): string {
  const pairs = [...params].filter(([name]) => name !== 'signature').sort(([a], [b]) => (a < b ? -1 : 1))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

function timeRefusal(params: URLSearchParams, nowMs: number): BinanceRefusal | undefined {
  const timestamp = Number(params.get('timestamp'))
  const windowMs = Number(params.get('recvWindow') ?? WINDOW_MS_DEFAULT)
  if (!Number.isFinite(timestamp)) return missing('timestamp')
  if (!(windowMs >= 0 && windowMs <= WINDOW_MS_MAX)) return refusals.windowTooLong
  if (timestamp > nowMs + AHEAD_MS_MAX) return refusals.tooEarly
  return nowMs - timestamp > windowMs ? refusals.tooLate : undefined
}

function isSigned(key: AccountKey, { params, payload }: SignedCall): boolean {
  const signature = params.get('signature') ?? ''
  if (key.publicKey !== '') {
    return verify(null, Buffer.from(payload), createPublicKey(key.publicKey), Buffer.from(signature, 'base64'))
  }
  const expected = createHmac('sha256', key.secret).update(payload).digest()
  const given = Buffer.from(signature, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
