/** How an output is held against a reference: exact, or within abs + rel x the larger of the two; by field, all the way down. */

export interface Tolerance {
  readonly exact?: boolean
  readonly abs?: number
  readonly rel?: number
  /** Another tolerance for single fields, by name; words are a rule for people that this comparison cannot apply. */
  readonly exceptions?: Readonly<Record<string, Tolerance | string>>
}

/** Where and how the two differ, one line each; none when they agree. Extra fields of `actual` are ignored. */
export function differences(actual: unknown, expected: unknown, tolerance: Tolerance): string[] {
  const found: string[] = []
  compare(actual, expected, tolerance, '', found)
  return found
}

function compare(actual: unknown, expected: unknown, tolerance: Tolerance, path: string, found: string[]): void {
  if (Array.isArray(expected)) compareLists(actual, expected, tolerance, path, found)
  else if (typeof expected === 'object' && expected !== null) compareFields(actual, expected, tolerance, path, found)
  else if (!isEqual(actual, expected, tolerance))
    found.push(`${path || 'value'}: ${show(actual)}, not ${show(expected)}`)
}

function compareLists(actual: unknown, expected: unknown[], tolerance: Tolerance, path: string, found: string[]): void {
  if (!Array.isArray(actual) || actual.length !== expected.length) {
    found.push(`${path || 'value'}: ${show(actual)}, not a list of ${expected.length}`)
    return
  }
  for (const [i, item] of expected.entries()) compare(actual[i], item, tolerance, `${path}[${i}]`, found)
}

function compareFields(actual: unknown, expected: object, tolerance: Tolerance, path: string, found: string[]): void {
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) {
    found.push(`${path || 'value'}: ${show(actual)}, not an object`)
    return
  }
  const fields = actual as Readonly<Record<string, unknown>>
  for (const [name, item] of Object.entries(expected)) {
    const exception = tolerance.exceptions?.[name]
    const where = path === '' ? name : `${path}.${name}`
    if (typeof exception === 'string') found.push(`${where}: its rule is in words (${exception})`)
    else compare(fields[name], item, exception ?? tolerance, where, found)
  }
}

function isEqual(actual: unknown, expected: unknown, tolerance: Tolerance): boolean {
  if (typeof expected !== 'number' || typeof actual !== 'number' || tolerance.exact === true) return actual === expected
  const { abs = 0, rel = 0 } = tolerance
  return Math.abs(actual - expected) <= abs + rel * Math.max(Math.abs(actual), Math.abs(expected))
}

const SHOWN_MAX = 80

function show(value: unknown): string {
  const text = value === undefined ? 'absent' : (JSON.stringify(value) ?? typeof value)
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}
