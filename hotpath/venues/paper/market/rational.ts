/** Exact numbers written as numerator / denominator, put on a decimal grid; every rounding has a name. */

/**
 * Decimal digits that write numerator / denominator exactly, or -1 when none do (1/3). Both are positive safe
 * integers. O(log denominator).
 */
export function digitsOfRational(numerator: number, denominator: number): number {
  let rest = denominator / commonDivisor(numerator, denominator)
  let twos = 0
  let fives = 0
  for (; rest % 2 === 0; rest /= 2) twos++
  for (; rest % 5 === 0; rest /= 5) fives++
  return rest === 1 ? Math.max(twos, fives) : -1
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

/** Largest integer of 10^-digits not above numerator / denominator; exact below 2^53, beyond it only its size counts. */
export function floorRational(numerator: number, denominator: number, digits: number): number {
  return Number((BigInt(numerator) * 10n ** BigInt(digits)) / BigInt(denominator))
}

/** Smallest integer of 10^-digits not below numerator / denominator. */
export function ceilRational(numerator: number, denominator: number, digits: number): number {
  const below = BigInt(denominator)
  return Number((BigInt(numerator) * 10n ** BigInt(digits) + below - 1n) / below)
}
