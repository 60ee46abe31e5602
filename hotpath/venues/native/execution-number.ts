/** A venue's execution id as the number our books know it by: positive, below 2^53, the same every time. */
import { hash } from 'node:crypto'

const NUMERIC = /^[1-9]\d{0,15}$/
const HASH_DIGITS = 13

/**
 * Numeric ids as they are. Any other text: the first 52 bits of SHA-256(symbol, id), never 0. Fills are told apart within
 * one child, so two of its n executions look the same with a chance below n^2 / 2^53: 1.2e-10 at a thousand fills.
 */
export function executionNumber(symbolName: string, id: string): number {
  if (NUMERIC.test(id)) {
    const number = Number(id)
    if (Number.isSafeInteger(number)) return number
  }
  return Number.parseInt(hash('sha256', `${symbolName}\n${id}`, 'hex').slice(0, HASH_DIGITS), 16) || 1
}
