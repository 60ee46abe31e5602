/** The front door: opens a market by its name, 'calibrated' or 'replay:PATH'. What a file is, its content says. */
import { basename } from 'node:path'
import { isBinanceHead } from './binance-frame.ts'
import { CalibratedMarket } from './calibrated-market.ts'
import { MarketError, type MarketOptions, type OpenedMarket } from './opened-market.ts'
import { listFiles, readHead } from './recorded-file.ts'
import { isRecordingHead } from './recording-layout.ts'
import { openBinance } from './replay-binance.ts'
import { openRecording } from './replay-recording.ts'
import { openSnapshots } from './replay-snapshots.ts'
import { isSnapshotHead } from './snapshot-file.ts'

export { MarketError, type MarketOptions, type OpenedMarket } from './opened-market.ts'
export { RecordingWriter } from './recording-writer.ts'

const REPLAY = 'replay:'
/** Faster than this nothing could follow. */
const SPEED_MAX = 1_000
const SKIPPED_NAMES_MAX = 3

type Open = (name: string, paths: readonly string[], options: MarketOptions, notes: string[]) => Promise<OpenedMarket>

/** What we can play: how it begins, and who plays it. */
const layouts: readonly { what: string; isHead: (head: string) => boolean; open: Open }[] = [
  { what: 'a list of simultaneous books', isHead: isSnapshotHead, open: openSnapshots },
  { what: 'a raw Binance capture', isHead: isBinanceHead, open: openBinance },
  { what: 'a recording of ours', isHead: isRecordingHead, open: openRecording },
]

/**
 * Opens the market called `name`. MarketError, with one line that says what to do, when there is no such market, the
 * path holds nothing we can play, or an option is out of its range.
 */
export async function openMarketSource(name: string, options: MarketOptions): Promise<OpenedMarket> {
  checkOptions(options)
  if (name === 'calibrated') return new CalibratedMarket(options)
  if (!name.startsWith(REPLAY)) {
    throw new MarketError(`no market is called '${name}'; use calibrated or replay:PATH`)
  }
  const path = name.slice(REPLAY.length)
  if (path === '') throw new MarketError('replay: needs a path, as in replay:../recordings')
  return openReplay(name, path, options)
}

function checkOptions({ seed, speed, holdSeconds }: MarketOptions): void {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new MarketError('seed must be a whole number from 0 on')
  if (!(speed > 0 && speed <= SPEED_MAX)) throw new MarketError(`speed must be above 0 and at most ${SPEED_MAX}`)
  if (holdSeconds !== undefined && !(holdSeconds > 0)) throw new MarketError('holdSeconds must be above 0')
}

async function openReplay(name: string, path: string, options: MarketOptions): Promise<OpenedMarket> {
  const byLayout = layouts.map(() => [] as string[])
  const skipped: string[] = []
  for (const file of await listFiles(path)) {
    const head = await readHead(file)
    const layout = layouts.findIndex(({ isHead }) => isHead(head))
    if (layout >= 0) byLayout[layout].push(file)
    else skipped.push(basename(file))
  }
  const found = layouts.filter((_, at) => byLayout[at].length > 0)
  if (found.length === 0) throw new MarketError(`${path}: nothing we can play in it; known are ${knownLayouts()}`)
  if (found.length > 1) {
    throw new MarketError(`${path}: holds ${found.map(({ what }) => what).join(' and ')}; give the path of one of them`)
  }
  const notes = skipped.length === 0 ? [] : [skippedNote(skipped)]
  return found[0].open(name, byLayout[layouts.indexOf(found[0])], options, notes)
}

function knownLayouts(): string {
  return layouts.map(({ what }) => what).join(', ')
}

function skippedNote(names: readonly string[]): string {
  const shown = names.slice(0, SKIPPED_NAMES_MAX).join(', ')
  return `skipped, of no layout we play (${names.length}): ${shown}${names.length > SKIPPED_NAMES_MAX ? ', …' : ''}`
}
