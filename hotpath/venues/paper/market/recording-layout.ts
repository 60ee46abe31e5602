/**
 * Our own recordings, version 1: gzip of JSON lines, readable with `zcat`.
 *
 *   {"layout":"sor-recording","version":1,"part":1,"opening":812,"market":"calibrated","venues":[…],…}   header
 *   {"t":0,"v":0,"i":3,"c":1}                       the book starts anew
 *   {"t":0,"v":0,"i":3,"s":0,"p":6180012,"q":250}   level: side 0 bid 1 ask, price ticks, lots (0 removes it)
 *   {"t":0,"v":0,"i":3,"e":1}                       end of one update of one book
 *   {"t":9,"v":0,"i":3,"a":2,"p":6180011,"q":10}    trade: aggressor 1 buys 2 sells
 *
 * t counts nanoseconds from the beginning of part 1. A part begins with the whole books (`opening` lines after the
 * header), so that it plays alone; whoever comes from the part before skips them.
 *
 * The file is a chain of gzip members of one block of lines each. A member's header tells its length in an extra
 * field, so a reader holds one block at a time, and a file cut anywhere loses its last block and nothing else:
 *
 *   | 1f 8b 08 04 | mtime 0 | xfl os | xlen 8 | 'S' 'O' 4 0 | member bytes u32 | deflate … | crc32 | bytes |
 *   0             4         8        10       12            16                 20          -8       -4
 */
import { z } from 'zod'

export const RECORDING_LAYOUT = 'sor-recording'
export const RECORDING_VERSION = 1
/** Text of one block; the reader inflates and parses one block in a turn, about half a millisecond. */
export const BLOCK_BYTES = 32_768
/** A block ends with a whole line, so it may be a header longer than BLOCK_BYTES; anything beyond is damage. */
export const BLOCK_BYTES_MAX = 16_777_216
export const MEMBER_HEADER_BYTES = 20
export const MEMBER_TRAILER_BYTES = 8
export const MEMBER_LENGTH_AT = 16

const count = z.number().int().nonnegative()
const name = z.string().min(1).max(64)

const Venue = z.strictObject({
  index: count,
  id: name,
  name,
  ordersPerSecond: z.number().positive(),
  ordersBurst: z.number().positive(),
})

const Instrument = z.strictObject({
  index: count,
  symbol: name,
  base: name,
  quote: name,
  priceDigits: count.max(18),
  qtyDigits: count.max(18),
})

const Listing = z.strictObject({
  venue: count,
  instrument: count,
  tickStep: count.positive(),
  lotStep: count.positive(),
  lotsMin: count,
  lotsMax: count,
  notionalMin: z.number().nonnegative(),
  takerPpm: z.number().int(),
  makerPpm: z.number().int(),
  feeSide: z.union([z.literal(0), z.literal(1)]),
  childCost: z.number().nonnegative(),
})

const Latency = z.strictObject({ medianNs: z.number().nonnegative(), p99Ns: z.number().nonnegative() })

/** The first line of every part. */
export const RecordingHeader = z
  .strictObject({
    layout: z.literal(RECORDING_LAYOUT),
    version: z.literal(RECORDING_VERSION),
    part: count.positive(),
    opening: count,
    market: z.string().min(1).max(4_096),
    levelsMax: count.positive(),
    venues: z.array(Venue).min(1),
    instruments: z.array(Instrument).min(1),
    listings: z.array(Listing),
    latencies: z.array(Latency),
  })
  .check((ctx) => {
    const { venues, instruments, listings, latencies } = ctx.value
    const isDense = [venues, instruments].every((rows) => rows.every((row, at) => row.index === at))
    const areKnown = listings.every((row) => row.venue < venues.length && row.instrument < instruments.length)
    if (!isDense || !areKnown || latencies.length !== venues.length) {
      ctx.issues.push({ code: 'custom', message: 'rows do not agree', input: ctx.value })
    }
  })
export type RecordingHeader = z.infer<typeof RecordingHeader>

export function isRecordingHead(head: string): boolean {
  return head.startsWith('{') && head.slice(0, 200).includes(`"layout":"${RECORDING_LAYOUT}"`)
}
