/** Times that venues write as text: ISO 8601 in UTC, to microseconds since 1970. */

const POINT = 0x2e

/** Of the text in these bytes ('2026-08-09T21:05:48.228568804Z', also with a blank for the T); 0 when it is none. What is finer is cut. */
export function isoTimeUs(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 19) return 0
  const year = digits(bytes, from, 4)
  const month = digits(bytes, from + 5, 2)
  const day = digits(bytes, from + 8, 2)
  const hours = digits(bytes, from + 11, 2)
  const seconds = hours * 3600 + digits(bytes, from + 14, 2) * 60 + digits(bytes, from + 17, 2)
  // Not a number when any of them is none.
  if (!(year + month + day + seconds > 0)) return 0
  let micros = 0
  if (to - from > 19 && bytes[from + 19] === POINT) {
    let unit = 100_000
    for (let at = from + 20; at < to && bytes[at] >= 48 && bytes[at] <= 57 && unit >= 1; at++) {
      micros += (bytes[at] - 48) * unit
      unit = Math.floor(unit / 10)
    }
  }
  return (daysFromCivil(year, month, day) * 86_400 + seconds) * 1_000_000 + micros
}

/** So many digits as a number; NaN when one is none. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) {
    const digit = bytes[at] - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Days since 1970-01-01 of a date of our calendar (H. Hinnant, days_from_civil). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}
