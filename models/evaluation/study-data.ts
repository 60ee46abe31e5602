/** Finds what the study can run on below a directory, by content: whole books at one instant, and national-best quotes. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readHead } from '../../hotpath/venues/paper/market/recorded-file.ts'
import { isSnapshotHead } from '../../hotpath/venues/paper/market/snapshot-file.ts'
import { QUOTE_MULTIPLES, QUOTE_SCENARIOS, quoteMoments, quoteNotes } from './quote-moments.ts'
import { isQuoteHead } from './quote-stream.ts'
import { readSnapshotMoments } from './snapshot-moments.ts'
import type { StudyData, StudyMoment } from './study-moment.ts'
import { isZip, listZip, unzip, unzipHead, type ZipEntry, ZipError } from './zip-file.ts'

const CSV_BYTES_MAX = 1_073_741_824
const HEAD_BYTES = 4_096

/** Nothing to run on: one line that says what to do. */
export class StudyDataError extends Error {
  override readonly name = 'StudyDataError'
}

interface QuoteFile {
  readonly path: string
  readonly name: string
}

/** Every file below, sorted; a data set is at most a few thousand files. */
function filesBelow(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new StudyDataError(`${path}: no such directory; give a directory of recordings`)
  if (found.isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** The quote rows of a zip, if that is what it holds. */
function quoteEntry(zip: Buffer): ZipEntry | undefined {
  return listZip(zip).find((entry) => isQuoteHead(unzipHead(zip, entry, HEAD_BYTES).toString('latin1')))
}

function isQuoteZip(path: string): boolean {
  if (!path.endsWith('.zip')) return false
  const zip = readFileSync(path)
  try {
    return isZip(zip) && quoteEntry(zip) !== undefined
  } catch {
    return false
  }
}

function readQuoteDay(path: string): Buffer {
  const zip = readFileSync(path)
  const entry = quoteEntry(zip)
  if (entry === undefined) throw new ZipError('no quote rows in it')
  return unzip(zip, entry, CSV_BYTES_MAX)
}

function readQuoteData(files: readonly QuoteFile[], orders: number, onFile: () => void): StudyData {
  const groups = files.length * 2 * QUOTE_MULTIPLES.length
  const times = Math.max(1, Math.round(orders / groups))
  const moments: StudyMoment[] = []
  const notes = [...quoteNotes]
  let blocks = 0
  for (const { path, name } of files) {
    try {
      const day = quoteMoments(readQuoteDay(path), name, times, blocks)
      moments.push(...day.moments)
      notes.push(...day.notes)
      blocks += day.blocks
    } catch (error) {
      if (!(error instanceof ZipError)) throw error
      notes.push(`${name}: skipped, ${error.message}`)
    }
    onFile()
  }
  return {
    name: 'national best quotes',
    scenarios: QUOTE_SCENARIOS,
    multiples: QUOTE_MULTIPLES,
    moments,
    repeats: 1,
    notes,
  }
}

/** `orders` is how many to draw for each data set and fee scenario. Throws StudyDataError when nothing is found. */
export async function readStudyData(
  path: string,
  orders: number,
  onProgress: (done: number, total: number) => void,
): Promise<StudyData[]> {
  const snapshots: string[] = []
  const quotes: QuoteFile[] = []
  for (const file of filesBelow(path)) {
    if (isQuoteZip(file)) quotes.push({ path: file, name: relative(path, file) })
    else if (isSnapshotHead(await readHead(file))) snapshots.push(file)
  }
  if (snapshots.length + quotes.length === 0) {
    throw new StudyDataError(`${path}: no simultaneous books and no national-best quotes in it`)
  }
  const total = snapshots.length + quotes.length
  let done = 0
  const all: StudyData[] = []
  if (snapshots.length > 0) all.push(...(await readSnapshotMoments(snapshots, orders)))
  done += snapshots.length
  onProgress(done, total)
  if (quotes.length > 0) all.push(readQuoteData(quotes, orders, () => onProgress(++done, total)))
  return all.filter((data) => data.moments.length > 0)
}
