/** Figures as people read them: opinions (doubles) rounded for the eye. Exact decimals are text already and pass unchanged. */

/** Fixed digits with thousands separators; never '-0.00', and a dash for what is not finite or absent. */
export function formatFixed(value: number | undefined, digits: number): string {
  if (value === undefined || !Number.isFinite(value)) return '-'
  const text = Math.abs(value).toFixed(digits)
  const [whole, fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const sign = value < 0 && Number(text) !== 0 ? '-' : ''
  return fraction === undefined ? sign + grouped : `${sign}${grouped}.${fraction}`
}

export function formatBps(value: number | undefined): string {
  return formatFixed(value, 2)
}

/** A bps figure that says its sign: '+1.20'. */
export function formatSignedBps(value: number | undefined): string {
  const text = formatBps(value)
  return text.startsWith('-') || Number(text) === 0 ? text : `+${text}`
}

/** An amount of quote currency: two digits, more when it is small. */
export function formatQuote(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-'
  const size = Math.abs(value)
  return formatFixed(value, size < 0.000_000_005 || size >= 0.1 ? 2 : size >= 0.01 ? 4 : 8)
}

/** A price that was computed: eight significant digits, so that 64,123.457 and 0.033112345 both say enough. */
export function formatPrice(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-'
  if (value === 0) return '0'
  const digits = Math.min(10, Math.max(2, 7 - Math.floor(Math.log10(Math.abs(value)))))
  return formatFixed(value, digits).replace(/(\.\d\d\d*?)0+$/, '$1')
}

/** A gap in bps: '0' only when it is nought to the last digit shown. */
export function formatGap(value: number): string {
  if (!Number.isFinite(value)) return 'unknown'
  const size = Math.abs(value)
  if (size < 1e-9) return '0'
  return size < 0.0001 ? '< 0.0001' : size.toFixed(4).replace(/0+$/, '').replace(/\.$/, '')
}

/** Microseconds as the largest fitting unit: '850 us', '12.3 ms', '4.2 s', '3 min 5 s'. */
export function formatDuration(us: number): string {
  if (!Number.isFinite(us)) return '-'
  if (us < 1_000) return `${Math.round(us)} us`
  if (us < 1_000_000) return `${(us / 1_000).toFixed(1)} ms`
  const seconds = us / 1_000_000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`
}

/** 2024-08-05 13:30:00.123 UTC, from microseconds since 1970. */
export function formatTime(epochUs: number): string {
  const days = Math.floor(epochUs / DAY_US)
  const [year, month, day] = civilDate(days)
  const ms = Math.floor((epochUs - days * DAY_US) / 1_000)
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60]
    .map((part) => pad(Math.floor(part), 2))
    .join(':')
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)} ${clock}.${pad(ms % 1_000, 3)} UTC`
}

const DAY_US = 86_400_000_000

/** Days since 1970 to the Gregorian date (Hinnant 2013, civil_from_days): arithmetic, so that no clock is touched. */
function civilDate(days: number): [number, number, number] {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1]
}

function pad(value: number, width: number): string {
  return value.toString().padStart(width, '0')
}
