/** Who is asking: OKX's key, passphrase, time (ISO over REST, seconds at a login) and HMAC-SHA256 in base64. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AccountKey, EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatorRequest } from '../emulator/venue-emulator.ts'
import { type OkxRefusal, refusal, refusals } from './okx-emulator-refusal.ts'

/** A request that is this much older or newer than the venue's clock has expired. */
const WINDOW_MS = 30_000
const MS_PER_S = 1_000
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** The account, or why not; checked in OKX's order: presence, key, time, passphrase, signature. */
export function authenticate(
  exchange: EmulatedExchange,
  { method, target, headers, body }: EmulatorRequest,
  nowMs: number,
): EmulatedAccount | OkxRefusal {
  const timestamp = headers['ok-access-timestamp'] ?? ''
  const sign = headers['ok-access-sign'] ?? ''
  const apiKey = headers['ok-access-key'] ?? ''
  const passphrase = headers['ok-access-passphrase'] ?? ''
  if (apiKey === '') return refusals.noKey
  if (passphrase === '') return refusals.noPassphrase
  if (sign === '') return refusals.noSign
  if (timestamp === '') return refusals.noTimestamp
  if (!isoTime.test(timestamp)) return refusals.badTimestamp
  const found = exchange.keyOf(apiKey)
  if (found === undefined) return refusals.badKey
  if (!(Math.abs(nowMs - Date.parse(timestamp)) <= WINDOW_MS)) return refusals.expired
  if (passphrase !== found.key.passphrase) return refusals.badPassphrase
  return isSigned(found.key, timestamp + method + target + body, sign) ? found.account : refusals.badSign
}

/** Of a login on a socket. */
export function logIn(
  exchange: EmulatedExchange,
  words: Readonly<Record<string, unknown>>,
  nowMs: number,
): EmulatedAccount | OkxRefusal {
  const word = (name: string): string => (typeof words[name] === 'string' ? words[name] : '')
  const found = exchange.keyOf(word('apiKey'))
  if (found === undefined) return refusal('60005', 'Invalid apiKey')
  const timestamp = word('timestamp')
  if (!/^\d{1,12}(\.\d+)?$/.test(timestamp)) return refusal('60004', 'Invalid timestamp')
  if (!(Math.abs(nowMs - Number(timestamp) * MS_PER_S) <= WINDOW_MS))
    return refusal('60006', 'Timestamp request expired')
  if (word('passphrase') !== found.key.passphrase) return refusal('60024', 'Wrong passphrase')
  const message = `${timestamp}GET/users/self/verify`
  return isSigned(found.key, message, word('sign')) ? found.account : refusal('60007', 'Invalid sign')
}

function isSigned(key: AccountKey, message: string, sign: string): boolean {
  const expected = createHmac('sha256', key.secret).update(message).digest()
  const given = Buffer.from(sign, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
