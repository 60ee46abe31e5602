/**
 * `npm run frames -- DIR [DIR ...] [--json] [--venue NAME]`: recorded frames through the real decoders and books. Exit 1
 * when a frame cannot be read, a checksum does not hold, numbering breaks without a reason, or a book ends crossed.
 */
import { parseArgs } from 'node:util'
import { BookSync, bookLossNames } from '../../hotpath/marketdata/book-keeper.ts'
import { type Capture, captureFiles, readCapture } from '../../hotpath/marketdata/capture-file.ts'
import { CapturePlayer, isStrange } from '../../hotpath/marketdata/capture-player.ts'
import { eventsByVenue, type VenueEvents } from '../../hotpath/marketdata/capture-venues.ts'
import { type FrameVerdict, frameVerdictNames } from '../../hotpath/venues/feed/feed-venue.ts'
import { feedVenuesOf } from '../../hotpath/venues/feed-registry.ts'

const ExitCode = { ok: 0, failed: 1, usage: 2 } as const

interface VenueFrames {
  readonly capture: string
  readonly venue: string
  readonly frames: number
  readonly parsed: number
  readonly ignored: Readonly<Record<string, number>>
  readonly listed: number
  readonly books: number
  readonly liveBooks: number
  readonly snapshots: number
  readonly updates: number
  readonly early: number
  readonly repeated: number
  readonly gaps: number
  readonly connectionGaps: number
  readonly losses: Readonly<Record<string, number>>
  readonly checksums: number
  readonly checksumFaults: number
  readonly crossedInstants: number
  readonly leftCrossed: number
  readonly trades: number
  readonly quotes: number
  readonly states: number
  readonly badLines: number
  readonly hashes: number
  readonly hashFaults: number
  readonly faults: readonly string[]
  readonly samples: readonly string[]
}

/** Parts of one recording (same venue, same beginning) are one run of frames. */
function groups(captures: readonly Capture[]): Map<string, Capture[]> {
  const byRecording = new Map<string, Capture[]>()
  for (const capture of captures) {
    const key = `${capture.exchange} ${capture.recorded}`
    const group = byRecording.get(key)
    if (group === undefined) byRecording.set(key, [capture])
    else group.push(capture)
  }
  return byRecording
}

function playAll(captures: readonly Capture[]): readonly VenueFrames[] {
  const [{ exchange }] = captures
  const venues = feedVenuesOf(exchange)
  if (venues.length === 0) throw new Error(`no venue of ours speaks ${exchange}; see hotpath/venues/feed-registry.ts`)
  const events = captures.flatMap((capture) => capture.events)
  if (captures.length > 1) events.sort((a, b) => a.timeUs - b.timeUs)
  return eventsByVenue(events, venues).map((part) => playVenue(captures, part))
}

function playVenue(captures: readonly Capture[], { venue, events }: VenueEvents): VenueFrames {
  const losses: Record<string, number> = {}
  const player = new CapturePlayer(venue, {
    onBookLost: (_symbol, { loss }) => {
      losses[bookLossNames[loss]] = (losses[bookLossNames[loss]] ?? 0) + 1
    },
  })
  for (const event of events) player.play(event)
  return summary(player, captures[0].exchange, captures, losses)
}

function summary(
  player: CapturePlayer,
  capture: string,
  captures: readonly Capture[],
  losses: Readonly<Record<string, number>>,
): VenueFrames {
  const { counts, keeper, venue } = player
  const { books } = keeper
  const sum = (pick: (book: (typeof books)[number]) => number) => books.reduce((all, book) => all + pick(book), 0)
  const ignored: Record<string, number> = {}
  for (const [verdict, count] of counts.verdicts.entries()) {
    if (verdict > 0 && count > 0) ignored[frameVerdictNames[verdict]] = count
  }
  const seen = books.filter(({ snapshots, early }) => snapshots + early > 0)
  const one = {
    capture,
    venue: venue.id,
    frames: counts.frames,
    parsed: counts.verdicts[0],
    ignored,
    listed: player.listed.size,
    books: seen.length,
    liveBooks: player.liveBooks,
    snapshots: sum(({ snapshots }) => snapshots),
    updates: sum(({ updates }) => updates),
    early: sum(({ early }) => early),
    repeated: sum(({ repeated }) => repeated),
    gaps: sum(({ gaps }) => gaps),
    connectionGaps: keeper.connectionGaps,
    losses,
    checksums: sum(({ checksums }) => checksums),
    checksumFaults: sum(({ checksumFaults }) => checksumFaults),
    crossedInstants: sum(({ crossedInstants }) => crossedInstants),
    leftCrossed: books.filter(({ sync, depth }) => sync === BookSync.live && depth.isCrossed).length,
    trades: counts.trades,
    quotes: counts.quotes,
    states: counts.states,
    badLines: captures.reduce((all, { badLines }) => all + badLines, 0),
    hashes: counts.hashes,
    hashFaults: counts.hashFaults,
    samples: player.samples,
  }
  return { ...one, faults: faultsOf(one, counts.verdicts) }
}

function faultsOf(one: Omit<VenueFrames, 'faults'>, verdicts: readonly number[]): string[] {
  const faults: string[] = []
  for (const [verdict, count] of verdicts.entries()) {
    if (count > 0 && isStrange(verdict as FrameVerdict)) faults.push(`${count} ${frameVerdictNames[verdict]}`)
  }
  if (one.gaps + one.connectionGaps > 0) faults.push(`${one.gaps + one.connectionGaps} gaps`)
  if (one.checksumFaults > 0) faults.push(`${one.checksumFaults} checksums do not hold`)
  if (one.leftCrossed > 0) faults.push(`${one.leftCrossed} books end crossed`)
  if (one.hashFaults > 0) faults.push(`${one.hashFaults} of ${one.hashes} books are not what the recorder had`)
  if (one.badLines > 0) faults.push(`${one.badLines} lines are no event`)
  for (const [why, count] of Object.entries(one.losses)) {
    // A connection that broke while it was recorded is no fault of ours; gaps are counted above.
    if (why !== 'gap' && why !== 'disconnected') faults.push(`${count} books lost: ${why}`)
  }
  return faults
}

const columns = [
  ['recording', (one: VenueFrames) => one.capture],
  ['venue', (one: VenueFrames) => one.venue],
  ['frames', (one: VenueFrames) => one.frames],
  ['parsed', (one: VenueFrames) => one.parsed],
  ['ignored', (one: VenueFrames) => one.frames - one.parsed],
  ['listed', (one: VenueFrames) => one.listed],
  ['books', (one: VenueFrames) => `${one.liveBooks}/${one.books}`],
  ['updates', (one: VenueFrames) => one.snapshots + one.updates],
  ['early', (one: VenueFrames) => one.early],
  ['gaps', (one: VenueFrames) => one.gaps + one.connectionGaps],
  [
    'checksums',
    (one: VenueFrames) => (one.checksums === 0 ? '-' : `${one.checksums - one.checksumFaults}/${one.checksums}`),
  ],
  ['crossed', (one: VenueFrames) => one.crossedInstants],
  ['trades', (one: VenueFrames) => one.trades],
  ['quotes', (one: VenueFrames) => one.quotes],
] as const

function printTable(all: readonly VenueFrames[]): void {
  const rows = [
    columns.map(([name]) => String(name)),
    ...all.map((one) => columns.map(([, cell]) => String(cell(one)))),
  ]
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at].length)))
  for (const row of rows) {
    say(row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  '))
  }
  say('')
  for (const one of all) {
    const reasons = Object.entries(one.ignored).map(([reason, count]) => `${count} ${reason}`)
    if (reasons.length > 0) say(`${one.capture}: ignored ${reasons.join(', ')}`)
    for (const fault of one.faults) say(`${one.capture}: FAULT ${fault}`)
    if (one.faults.length > 0) for (const sample of one.samples) say(`    ${sample}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function fail(line: string, code: number): never {
  process.stderr.write(`${line}\n`)
  process.exit(code)
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, venue: { type: 'string' } },
  })
  if (positionals.length === 0) fail('which recordings? npm run frames -- DIR [--json] [--venue NAME]', ExitCode.usage)
  const all: VenueFrames[] = []
  const left: string[] = []
  const byFile = positionals.flatMap((place) => captureFiles(place))
  const files = byFile.filter((file) => values.venue === undefined || file.includes(values.venue))
  const captures: Capture[] = []
  for (const [at, file] of files.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kreading ${at + 1} of ${files.length}: ${file}`)
    const capture = readCapture(file)
    if (capture === undefined) left.push(file)
    else captures.push(capture)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  for (const group of groups(captures).values()) all.push(...playAll(group))
  if (values.json) say(JSON.stringify({ venues: all, left }, null, 2))
  else {
    printTable(all)
    for (const file of left) say(`${file}: no recording, left out`)
    const faulty = all.filter(({ faults }) => faults.length > 0).length
    const frames = all.reduce((total, one) => total + one.frames, 0)
    say(`${groups(captures).size} recordings, ${frames} frames, ${faulty} with faults`)
  }
  if (all.length === 0 || all.some(({ faults }) => faults.length > 0)) process.exitCode = ExitCode.failed
}

try {
  main()
} catch (error) {
  fail(error instanceof Error ? error.message : String(error), ExitCode.failed)
}
