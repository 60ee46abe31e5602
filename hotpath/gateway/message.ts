/** JSON messages before anybody knows what they ask: their outer form and the words in them. */
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../shared/limits.ts'

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
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 58) ||
    (code >= 65 && code <= 90) ||
    code === 45 ||
    code === 46 ||
    code === 95
  )
}

/** What every operation may have beside its own fields. */
export function fieldSet(fields: string): ReadonlySet<string> {
  return new Set(['op', 'id', ...fields.split(' ').filter((field) => field !== '')])
}
