/**
 * Which hop of a route costs the time: increments from the smallest round trip seen per hop (TTL), and the text that
 * traceroute, tracepath and mtr print read into those. Opinions in milliseconds; the text comes from outside.
 */

export interface HopAnalysis {
  /** Per hop, what it adds one way, ms; 0 where it did not answer or a later hop is seen to be nearer. Sums to half the largest minimum. */
  readonly oneWayIncrementsMs: readonly number[]
  /** Positions of hops that answered faster than a hop before them: routers that answer slowly, or a way back of their own. */
  readonly nonMonotone: readonly number[]
  /** Position of the hop that adds most; undefined when none adds anything. */
  readonly slowest: number | undefined
}

/** `minRttMs`: by hop from the first on, undefined where none answered. O(hops). */
export function analyseHops(minRttMs: readonly (number | undefined)[]): HopAnalysis {
  const oneWayIncrementsMs: number[] = []
  const nonMonotone: number[] = []
  let farthest = 0
  let slowest: number | undefined
  for (const [at, minimum] of minRttMs.entries()) {
    const increment = minimum === undefined ? 0 : Math.max(0, (minimum - farthest) / 2)
    oneWayIncrementsMs.push(increment)
    if (minimum !== undefined && minimum < farthest) nonMonotone.push(at)
    if (increment > (slowest === undefined ? 0 : oneWayIncrementsMs[slowest])) slowest = at
    farthest = Math.max(farthest, minimum ?? 0)
  }
  return { oneWayIncrementsMs, nonMonotone, slowest }
}

export interface Hop {
  /** 1 to 255. */
  readonly ttl: number
  /** Names or addresses that answered, in the order seen; none for a silent hop. */
  readonly hosts: readonly string[]
  /** Of all probes; undefined when none was answered. */
  readonly minRttMs: number | undefined
  /** Round trips that the text shows; of mtr, the answers it counts. */
  readonly answers: number
}

const TEXT_CHARS_MAX = 65_536
const LINE_CHARS_MAX = 1_024
const TTL_MAX = 255
const HOSTS_PER_HOP_MAX = 16
/** A minute: nothing in a network answers later; a larger number is no round trip. */
const RTT_MS_MAX = 60_000

/**
 * Hops by rising TTL out of what `traceroute`, `tracepath` or `mtr --report` (Linux) printed; a hop that is not in the text
 * is not in the answer. Lines that mean nothing are passed over and no text throws: at most 64 Ki characters are read,
 * and names that could steer a terminal are left out. O(text).
 */
export function parseTraceroute(text: string): readonly Hop[] {
  const hops = new Map<number, HopRow>()
  let columns = mtrColumns
  for (const whole of text.slice(0, TEXT_CHARS_MAX).split(/\r\n|\r|\n/)) {
    const line = whole.slice(0, LINE_CHARS_MAX)
    const header = /^HOST: \S+\s+(.+)$/.exec(line)
    if (header !== null) columns = words(header[1])
    else readLine(line, columns, hops)
  }
  return [...hops.values()].sort((a, b) => a.ttl - b.ttl)
}

class HopRow implements Hop {
  readonly ttl: number
  readonly hosts: string[] = []
  minRttMs: number | undefined
  answers = 0

  constructor(ttl: number) {
    this.ttl = ttl
  }

  noteHost(text: string): void {
    if (!/^[\w.:%-]{1,255}$/.test(text) || this.hosts.includes(text) || this.hosts.length === HOSTS_PER_HOP_MAX) return
    this.hosts.push(text)
  }

  noteRtt(text: string, answers = 1): void {
    const rttMs = Number(text)
    if (!(rttMs >= 0 && rttMs <= RTT_MS_MAX)) return
    this.answers += answers
    this.minRttMs = Math.min(rttMs, this.minRttMs ?? rttMs)
  }
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

function readLine(line: string, columns: readonly string[], hops: Map<number, HopRow>): void {
  const start = /^\s{0,8}(\d{1,3})(\.\|--\s|\?:\s|:\s|\s)(.*)$/.exec(line)
  if (start === null) return
  const ttl = Number(start[1])
  if (ttl < 1 || ttl > TTL_MAX) return
  const row = hops.get(ttl) ?? new HopRow(ttl)
  if (readers[start[2].trim()](start[3], row, columns)) hops.set(ttl, row)
}

/** Does this rest of a line say anything about the hop? */
type Reader = (rest: string, row: HopRow, columns: readonly string[]) => boolean

const readers: Readonly<Record<string, Reader>> = {
  '.|--': readMtr,
  ':': readTracepath,
  // "1?: [LOCALHOST] pmtu 1500" is about ourselves
  '?:': () => false,
  '': readTraceroute,
}

/** "gw (192.0.2.1)  0.41 ms  0.39 ms 192.0.2.9 (192.0.2.9)  0.5 ms !X", "* * *"; -n leaves the brackets out. */
function readTraceroute(rest: string, row: HopRow): boolean {
  const parts = words(rest)
  let isHop = false
  for (const [at, part] of parts.entries()) {
    if (part === '*') isHop = true
    else if (part === 'ms' && at > 0 && /^\d{1,6}(\.\d{1,6})?$/.test(parts[at - 1])) {
      isHop = true
      row.noteRtt(parts[at - 1])
    } else if (isAddress(part) || parts[at + 1]?.startsWith('(') === true) row.noteHost(part)
  }
  return isHop
}

/** An address by its looks, not a time, a flag (!X) or a network number ([AS64496]). */
function isAddress(part: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(part) || /^[\da-f]*:[\da-f:.]*$/i.test(part)
}

/** "gw  0.533ms", "gw  8.4ms asymm  4", "no reply". */
function readTracepath(rest: string, row: HopRow): boolean {
  if (/^\s*no reply/.test(rest)) return true
  const [host, ...after] = words(rest)
  const rtt = after.map((part) => /^(\d{1,6}(?:\.\d{1,6})?)ms$/.exec(part)).find((found) => found !== null)
  if (rtt === undefined || rtt === null) return false
  row.noteHost(host)
  row.noteRtt(rtt[1])
  return true
}

const mtrColumns: readonly string[] = ['Loss%', 'Snt', 'Last', 'Avg', 'Best', 'Wrst', 'StDev']

/** "gw  0.0%  10  0.4  0.5  0.4  0.8  0.1" under the columns of the header; a hop that lost everything shows zeros. */
function readMtr(rest: string, row: HopRow, columns: readonly string[]): boolean {
  const parts = words(rest)
  const figures = parts.slice(-columns.length)
  if (parts.length <= columns.length) return false
  const figure = (name: string): string => figures[columns.indexOf(name)] ?? ''
  const lostShare = Number.parseFloat(figure('Loss%')) / 100
  const sent = Number(figure('Snt') || 1)
  if (Number.isNaN(lostShare) || !Number.isSafeInteger(sent) || sent < 0) return false
  const answers = Math.round(sent * (1 - lostShare))
  if (answers > 0 && /^\d{1,6}(\.\d{1,3})?$/.test(figure('Best'))) {
    row.noteHost(parts[parts.length - columns.length - 1])
    row.noteRtt(figure('Best'), answers)
  }
  return true
}
