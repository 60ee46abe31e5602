/**
 * Reading what a venue wrote without trusting it: nothing here throws, own properties only, and every amount comes out as a
 * plain decimal text or as ''.
 */

export type Words = Readonly<Record<string, unknown>>

const NOTHING: Words = Object.freeze({})
const NO_LIST: readonly unknown[] = Object.freeze([])
/** A longer amount is nobody's. */
const AMOUNT_CHARS_MAX = 60
/** 1e-30 and 1e30 are beyond every asset. */
const EXPONENT_MAX = 30

/** The parsed text, or undefined. Deep nesting and huge numbers are JSON.parse's to bear: it does not recurse. */
export function parseWords(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as an object; an empty one when it is none. */
export function wordsOf(value: unknown): Words {
  return isWords(value) ? value : NOTHING
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_LIST
}

/** An own member; undefined for what the prototype brings. */
export function member(words: Words, key: string): unknown {
  return Object.hasOwn(words, key) ? words[key] : undefined
}

/** Text or whole number as text; '' for anything else. Ids and names. */
export function textOf(words: Words, key: string): string {
  const value = member(words, key)
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? `${value}` : ''
}

/** A whole number, also written as text; 0 for anything else. Times and codes. */
export function numberOf(words: Words, key: string): number {
  const value = member(words, key)
  const number = typeof value === 'string' && value !== '' && value.length <= 20 ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : 0
}

/** An amount as plain decimal text; '' when it is none. */
export function amountOf(words: Words, key: string): string {
  return decimalWord(member(words, key))
}

/**
 * '1.5', 1.5, '1e-7' or '-0.3' as plain decimal text: optional minus, digits, optional point and digits. A number is
 * written as its shortest text (what the venue's own JSON said). '' for anything else.
 */
export function decimalWord(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return ''
  const text = `${value}`
  if (text.length > AMOUNT_CHARS_MAX) return ''
  if (/^-?\d+(\.\d+)?$/.test(text)) return text
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/.exec(text)
  if (parts === null || parts[2] + parts[3] === '') return ''
  const exponent = Number(parts[4] ?? 0)
  if (Math.abs(exponent) > EXPONENT_MAX) return ''
  const sign = parts[1] === '-' ? '-' : ''
  const digits = parts[2] + parts[3]
  const point = parts[2].length + exponent
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length)
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** Digits after the point that matter: '0.0100' has 2. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.')
  if (point < 0) return 0
  let end = text.length
  while (end > point + 1 && text.charCodeAt(end - 1) === 48) end--
  return end - point - 1
}

/** Minus, zero or plus as a whole number: which of two plain, unsigned decimal texts is larger. */
export function compareDecimals(left: string, right: string): number {
  const digits = Math.max(decimalsOf(left), decimalsOf(right))
  const difference = scaledBig(left, digits) - scaledBig(right, digits)
  return difference === 0n ? 0 : difference > 0n ? 1 : -1
}

/** A plain decimal text as an integer of 10^-digits, cut towards zero. For doors: it makes a BigInt. */
export function scaledBig(text: string, digits: number): bigint {
  const unsigned = text.startsWith('-') ? text.slice(1) : text
  const [whole, fraction = ''] = unsigned.split('.')
  const value = BigInt((whole || '0') + fraction.slice(0, digits).padEnd(digits, '0'))
  return text.startsWith('-') ? -value : value
}
