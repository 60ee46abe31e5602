/** Who is asking: Bybit's key, window and HMAC-SHA256 in hex, over REST and at the login of a socket. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AccountKey, EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatorRequest } from '../emulator/venue-emulator.ts'
import { type BybitRefusal, outsideWindow, refusal, refusals } from './bybit-emulator-refusal.ts'

const WINDOW_DEFAULT = '5000'
const AHEAD_MS_MAX = 1_000

/** The account, or why not; checked in Bybit's order: presence, time, key, signature. */
export function authenticate(
  exchange: EmulatedExchange,
  { method, target, headers, body }: EmulatorRequest,
  nowMs: number,
): EmulatedAccount | BybitRefusal {
  const apiKey = headers['x-bapi-api-key'] ?? ''
  const sign = headers['x-bapi-sign'] ?? ''
  const timestamp = headers['x-bapi-timestamp'] ?? ''
  if (apiKey === '' || sign === '' || timestamp === '') return refusals.unsigned
  const late = windowRefusal(headers, nowMs)
  if (late !== undefined) return late
  const found = exchange.keyOf(apiKey)
  if (found === undefined) return refusals.badKey
  const payload = method === 'GET' ? (target.split('?', 2)[1] ?? '') : body
  const message = timestamp + apiKey + (headers['x-bapi-recv-window'] ?? '') + payload
  return isSigned(found.key, message, sign) ? found.account : refusals.badSign
}

/** server time - window <= timestamp < server time + 1 s. */
export function windowRefusal(headers: Readonly<Record<string, string>>, nowMs: number): BybitRefusal | undefined {
  const timestamp = headers['x-bapi-timestamp'] ?? ''
  const windowMs = headers['x-bapi-recv-window'] ?? WINDOW_DEFAULT
  const [sent, window] = [Number(timestamp), Number(windowMs)]
  const isInside = sent >= nowMs - window && sent < nowMs + AHEAD_MS_MAX
  return timestamp !== '' && isInside ? undefined : outsideWindow(timestamp, nowMs, windowMs)
}

/** Of a socket: key, until when, signature. */
export function logIn(
  exchange: EmulatedExchange,
  [apiKey, expires, sign]: readonly unknown[],
  nowMs: number,
): EmulatedAccount | BybitRefusal {
  const found = exchange.keyOf(String(apiKey))
  if (found === undefined) return refusal(10003, 'Invalid apikey')
  if (!(Number(expires) > nowMs)) return refusal(10004, 'Params Error: expires is over')
  return isSigned(found.key, `GET/realtime${expires}`, String(sign)) ? found.account : refusal(10004, 'Invalid sign')
}

function isSigned(key: AccountKey, message: string, sign: string): boolean {
  const expected = createHmac('sha256', key.secret).update(message).digest()
  const given = Buffer.from(sign, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
