/** Amounts as decimal text, fast: the same text as formatDecimal without its BigInt. */
import { formatDecimal, formatDecimalBig } from './ticks.ts'

/** Powers of ten below 2^53. */
const powers = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)
const zeros = '0000000000000000'

/** An integer of 10^-digits, of either sign; exact, without trailing zeros. Beyond the safe integers (budgets) slower. */
export function decimalText(value: number, digits: number): string {
  if (digits >= powers.length) return formatDecimal(value, digits)
  if (!Number.isSafeInteger(value)) return formatDecimalBig(BigInt(value), digits)
  if (value < 0) return `-${decimalText(-value, digits)}`
  const power = powers[digits]
  // Exact: below 2^53 the quotient is off by less than 1 / power, so it cannot round up to the next integer.
  const whole = Math.floor(value / power)
  const rest = value - whole * power
  if (rest === 0) return `${whole}`
  const fraction = `${rest}`
  let end = fraction.length
  while (fraction.charCodeAt(end - 1) === 48) end--
  return `${whole}.${zeros.slice(0, digits - fraction.length)}${fraction.slice(0, end)}`
}

/** An average price is told this much finer than the instrument's ticks: below 2^31 ticks, so still a safe integer. */
const AVERAGE_DIGITS_MORE = 6

/** Price as text of a notional in ticks x lots over its lots; rounded to nearest, finer than the ticks. */
export function averagePriceText(notional: number, lots: number, priceDigits: number): string {
  const fine = Math.round((notional / lots) * 10 ** AVERAGE_DIGITS_MORE)
  return decimalText(fine, priceDigits + AVERAGE_DIGITS_MORE)
}
