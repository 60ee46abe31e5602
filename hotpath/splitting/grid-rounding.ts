/** Decimal text onto a venue's grid, exactly: binary floats get 0.3 / 0.1 and 0.29 / 0.01 wrong. Cold side. */
import { Side } from '../../shared/domain/order.ts'
import { formatDecimalBig } from '../../shared/units/ticks.ts'

/** Passive never pays more than asked (buy floor, sell ceil); aggressive never misses by rounding (the other way). */
export type RoundingMode = 'passive' | 'aggressive'

/** A price on the tick grid; all decimal text, positive. Throws RangeError on what is not a decimal. */
export function roundPrice(price: string, tick: string, side: Side, mode: RoundingMode): string {
  const roundsUp = (side === Side.buy) === (mode === 'aggressive')
  return onGrid(price, tick, roundsUp)
}

/** A quantity on the lot grid: always down, so that no more is sent than was asked. */
export function roundQuantity(quantity: string, lot: string): string {
  return onGrid(quantity, lot, false)
}

function onGrid(text: string, stepText: string, roundsUp: boolean): string {
  const digits = Math.max(digitsOf(text), digitsOf(stepText))
  const value = scaled(text, digits)
  const step = scaled(stepText, digits)
  if (step === 0n) throw new RangeError('a grid step is above zero')
  const steps = value / step + (roundsUp && value % step !== 0n ? 1n : 0n)
  return formatDecimalBig(steps * step, digits)
}

function digitsOf(text: string): number {
  const point = text.indexOf('.')
  return point === -1 ? 0 : text.length - point - 1
}

function scaled(text: string, digits: number): bigint {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError('a decimal is digits, with or without a point')
  return BigInt(text.replace('.', '')) * 10n ** BigInt(digits - digitsOf(text))
}
