/**
 * Records of the journal: fixed offsets, little endian, versioned. The same bytes are applied to the order store when
 * they are written and when they are replayed, so that a restart cannot come to another state.
 *
 *   every record   0 u8 type · 1 u8 version · 2 u16 bits · 4 u32 childSequence · 8 f64 parentSequence · 16 f64 atUs
 *   then fields at the offsets below; a record is as long as its RECORD_BYTES entry says (accept: plus the client id)
 */
import { assert } from '../assert.ts'
import { CLIENT_ORDER_ID_BYTES_MAX, JOURNAL_RECORD_BYTES_MAX } from '../limits.ts'
import type { Turn } from '../turn.ts'

export const JOURNAL_VERSION = 1

/** Append only. */
export const RecordType = {
  /** A router incarnation begins: its epoch. */
  start: 1,
  accept: 2,
  route: 3,
  intent: 4,
  childReport: 5,
  childLost: 6,
  cancelAsked: 7,
  replaceAsked: 8,
  replaced: 9,
  parentEnd: 10,
  benchmark: 11,
} as const
export type RecordType = (typeof RecordType)[keyof typeof RecordType]
export const recordTypeNames: readonly string[] = (() => {
  const names: string[] = []
  for (const [name, code] of Object.entries(RecordType)) names[code] = name
  return names
})()

/** Offsets of every record. */
export const Head = { type: 0, version: 1, bits: 2, childSequence: 4, parentSequence: 8, atUs: 16, end: 24 } as const

export const Start = { epoch: 24, end: 32 } as const

export const Accept = {
  account: 24,
  instrument: 26,
  side: 28,
  orderType: 29,
  timeInForce: 30,
  clientIdLength: 31,
  venuesLow: 32,
  venuesHigh: 36,
  slippageCentiBps: 40,
  feeCentiBps: 44,
  lots: 48,
  quoteBudget: 56,
  priceTicks: 64,
  expireUs: 72,
  arrivalMid: 80,
  /** Best bid and ask over all live venues when the order arrived, ticks; 0 when that side was empty. */
  arrivalBid: 88,
  arrivalAsk: 96,
  clientId: 104,
} as const

export const Route = {
  route: 24,
  proof: 26,
  slices: 27,
  nodes: 28,
  targetLots: 32,
  plannedLots: 40,
  objective: 48,
  dualBound: 56,
  gapBps: 64,
  marginal: 72,
  mid: 80,
  end: 88,
} as const

export const Intent = {
  venue: 24,
  timeInForce: 25,
  postOnly: 26,
  epoch: 28,
  lots: 32,
  limitTicks: 40,
  deadlineUs: 48,
  planNotional: 56,
  planCost: 64,
  end: 72,
} as const

export const ChildReport = {
  kind: 24,
  reason: 25,
  liquidity: 26,
  feeInBase: 27,
  isOpen: 28,
  execution: 32,
  lots: 40,
  priceTicks: 48,
  filledLots: 56,
  feeUnits: 64,
  venueTimeUs: 72,
  end: 80,
} as const

export const Replace = { lots: 24, priceTicks: 32, end: 40 } as const

export const ParentEnd = { state: 24, reason: 25, end: 32 } as const

/** Four baselines on the books of the first decision, bps of the mid: all-in, slippage, fee; venue of the single one. */
export const Benchmark = {
  rows: 24,
  rowBytes: 32,
  rowsMax: 4,
  planBps: 152,
  gapBps: 160,
  proof: 168,
  end: 176,
} as const

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const First = Head
const VERSION = JOURNAL_VERSION
const BYTES_MAX = JOURNAL_RECORD_BYTES_MAX

/** One record under construction, or being read: set `type` first. Reused; allocates nothing. */
export class JournalRecord {
  readonly bytes = new Uint8Array(BYTES_MAX)
  readonly view = new DataView(this.bytes.buffer)
  length = 0

  /** The turn comes whole: its time as an argument would be boxed. */
  begin(type: RecordType, length: number, parentSequence: number, childSequence: number, turn: Turn): DataView {
    assert(length <= BYTES_MAX, 'a record fits its bound')
    const { view } = this
    this.length = length
    view.setUint8(First.type, type)
    view.setUint8(First.version, VERSION)
    view.setUint16(First.bits, 0, true)
    view.setUint32(First.childSequence, childSequence, true)
    view.setFloat64(First.parentSequence, parentSequence, true)
    view.setFloat64(First.atUs, turn.nowUs, true)
    return view
  }

  /** Takes a record from outside (replay). False: not a record of a version we know, or too short for its type. */
  load(payload: Uint8Array): boolean {
    if (payload.length < First.end || payload.length > BYTES_MAX) return false
    this.bytes.set(payload)
    this.length = payload.length
    if (this.view.getUint8(First.version) !== VERSION) return false
    const type = this.view.getUint8(First.type)
    const least = recordBytesMin[type]
    if (least === undefined || payload.length < least) return false
    return type !== RecordType.accept || this.#holdsClientId()
  }

  #holdsClientId(): boolean {
    const bytes = this.view.getUint8(Accept.clientIdLength)
    return bytes <= CLIENT_ORDER_ID_BYTES_MAX && this.length >= Accept.clientId + bytes
  }

  get type(): RecordType {
    return this.view.getUint8(First.type) as RecordType
  }
}

const recordBytesMin: readonly number[] = (() => {
  const bytes: number[] = []
  bytes[RecordType.start] = Start.end
  bytes[RecordType.accept] = Accept.clientId
  bytes[RecordType.route] = Route.end
  bytes[RecordType.intent] = Intent.end
  bytes[RecordType.childReport] = ChildReport.end
  bytes[RecordType.childLost] = Head.end
  bytes[RecordType.cancelAsked] = Head.end
  bytes[RecordType.replaceAsked] = Replace.end
  bytes[RecordType.replaced] = Replace.end
  bytes[RecordType.parentEnd] = ParentEnd.end
  bytes[RecordType.benchmark] = Benchmark.end
  return bytes
})()

export const ACCEPT_BYTES_MAX = Accept.clientId + CLIENT_ORDER_ID_BYTES_MAX
