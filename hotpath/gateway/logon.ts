/** The fields of a logon, checked for form; who it is, authentication decides. */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import type { Logon } from './authentication.ts'
import { fieldSet, type Message } from './message.ts'

const fields = fieldSet('apiKey timestamp nonce signature cancelOnDisconnect reports')
const API_KEY_LENGTH_MAX = 64

export interface LogonAsk extends Logon {
  readonly cancelOnDisconnect: boolean
  readonly wantsBinary: boolean
}

export type LogonResult =
  | { readonly ok: true; readonly ask: LogonAsk }
  | { readonly ok: false; readonly reason: DenyReason; readonly field: string }

export function readLogon(message: Message): LogonResult {
  for (const field in message) if (!fields.has(field)) return refuse(DenyReason.unknownField, field)
  const { apiKey, timestamp, nonce, signature, cancelOnDisconnect = false, reports = 'json' } = message
  if (typeof apiKey !== 'string') return refuseType(apiKey, 'apiKey')
  if (!isCount(timestamp)) return refuseType(timestamp, 'timestamp')
  if (!isCount(nonce)) return refuseType(nonce, 'nonce')
  if (typeof signature !== 'string') return refuseType(signature, 'signature')
  if (typeof cancelOnDisconnect !== 'boolean') return refuse(DenyReason.wrongType, 'cancelOnDisconnect')
  if (reports !== 'json' && reports !== 'binary') return refuse(DenyReason.wrongType, 'reports')
  if (apiKey.length > API_KEY_LENGTH_MAX || !/^[0-9a-fA-F]{64}$/.test(signature))
    return refuse(DenyReason.badSignature, 'signature')
  const wantsBinary = reports === 'binary'
  return { ok: true, ask: { apiKey, timestamp, nonce, signature, cancelOnDisconnect, wantsBinary } }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function refuseType(value: unknown, field: string): LogonResult {
  return refuse(value === undefined ? DenyReason.missingField : DenyReason.wrongType, field)
}

function refuse(reason: DenyReason, field: string): LogonResult {
  return { ok: false, reason, field }
}
