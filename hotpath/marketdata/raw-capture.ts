/**
 * Frames kept by collectors that write `<local nanoseconds> <JSON>` a line and nothing else (hftbacktest's): read as the same
 * events as our own recordings. The folder names the market, the file the instrument.
 */
import path from 'node:path'
import type { Capture, CaptureEvent } from './capture-file.ts'

/** Folder of the collector: the name that recordings of that venue carry. */
const exchanges: ReadonlyMap<string, string> = new Map([
  ['spot', 'BINANCE'],
  ['usdm', 'BINANCE_FUTURES'],
  ['cm', 'BINANCE_DELIVERY'],
  ['hyperliquid', 'HYPERLIQUID'],
])

const SPACE = 0x20
const NEWLINE = 0x0a
const TIME_DIGITS = 19
const DIGITS_TO_US = 16
/** A book answered over HTTP: the only lines that are no frame. */
const BOOK_ANSWER = '{"lastUpdateId"'

/** Do these bytes begin as such a file? */
export function isRawCapture(bytes: Buffer): boolean {
  return /^\d{19} [{[]/.test(bytes.toString('latin1', 0, TIME_DIGITS + 2))
}

/** Undefined when the folder is none we know. O(bytes); frames are views of `bytes`. */
export function readRawCapture(file: string, bytes: Buffer): Capture | undefined {
  const exchange = exchanges.get(path.basename(path.dirname(path.resolve(file))))
  if (exchange === undefined) return undefined
  const connection = path.basename(file).replace(/\..*$/, '')
  // 'btcusdt_20240808': the instrument, and the day it was written.
  const bookUrl = `http://recorded/depth?symbol=${connection.replace(/_\d{8}$/, '').toUpperCase()}`
  const events: CaptureEvent[] = []
  let badLines = 0
  for (let from = 0; from < bytes.length; ) {
    let to = bytes.indexOf(NEWLINE, from)
    if (to < 0) to = bytes.length
    const event = to > from ? readLine(bytes.subarray(from, to), connection, bookUrl) : null
    if (event === undefined) badLines++
    else if (event !== null) events.push(event)
    from = to + 1
  }
  return { exchange, recorded: 0, file, events, badLines }
}

function readLine(line: Buffer, connection: string, bookUrl: string): CaptureEvent | undefined {
  const timeUs = Number(line.toString('latin1', 0, DIGITS_TO_US))
  if (line[TIME_DIGITS] !== SPACE || !Number.isSafeInteger(timeUs)) return undefined
  const bytes = line.subarray(TIME_DIGITS + 1)
  const isBook = bytes.subarray(0, BOOK_ANSWER.length).toString('latin1') === BOOK_ANSWER
  return { kind: isBook ? 'http' : 'recv', connection, timeUs, url: isBook ? bookUrl : '', bytes }
}
