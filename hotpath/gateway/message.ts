/** JSON messages before anybody knows what they ask: their outer form and the words in them. */
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../shared/limits.ts'

/** By byte: 1 where it may be in a client order id. */
export const idBytes: Readonly<Uint8Array> = (() => {
  const bytes = new Uint8Array(256)
  const allowed = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-'
  for (let i = 0; i < allowed.length; i++) bytes[allowed.charCodeAt(i)] = 1
  return bytes
})()

/** A JSON object whose fields nobody has looked at. Of a name given twice the last value counts, as in JSON.parse. */
export interface Message {
  readonly [field: string]: unknown
}

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined: not JSON, or not an object. */
export function parseMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMessage(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** 1 to 36 of A-Z a-z 0-9 . _ : - */
export function isClientOrderId(id: string): boolean {
  if (id.length === 0 || id.length > CLIENT_ORDER_ID_BYTES_MAX) return false
  for (let i = 0; i < id.length; i++) if (!isIdByte(id.charCodeAt(i))) return false
  return true
}

export function isIdByte(code: number): boolean {
  return idBytes[code] === 1
}

/** What every operation may have beside its own fields. */
export function fieldSet(fields: string): ReadonlySet<string> {
  return new Set(['op', 'id', ...fields.split(' ').filter((field) => field !== '')])
}
