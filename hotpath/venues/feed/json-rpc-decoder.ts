/**
 * The envelope of venues that speak JSON-RPC notifications (Deribit, Derive): finds the channel and what it tells, in any order;
 * answers, errors and heartbeats get their verdict here.
 */
import { FeedScratch } from './feed-scratch.ts'
import { type FeedDecoder, type FeedSink, FrameVerdict } from './feed-venue.ts'
import { keyOf } from './json-cursor.ts'
import type { SymbolTable } from './symbol-table.ts'

const key = {
  params: keyOf('params'),
  channel: keyOf('channel'),
  data: keyOf('data'),
  result: keyOf('result'),
  error: keyOf('error'),
} as const

const POINT = 0x2e

export abstract class JsonRpcDecoder implements FeedDecoder {
  protected readonly scratch: FeedScratch
  /** First word of the channel, and where its text lies in the frame. */
  protected channel = 0
  protected channelFrom = 0
  protected channelTo = 0

  constructor(symbols: SymbolTable) {
    this.scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let hasParams = false
    while (cursor.nextKey()) {
      if (cursor.key === key.params) {
        if (!cursor.isObject) cursor.skip()
        else {
          hasParams = true
          const verdict = this.#notification(sink)
          if (verdict !== undefined) return verdict
        }
      } else if (cursor.key === key.result) return FrameVerdict.answer
      else if (cursor.key === key.error) return FrameVerdict.refused
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    // { method: 'heartbeat', params: { type: 'test_request' } }
    return hasParams ? FrameVerdict.heartbeat : FrameVerdict.unknownChannel
  }

  /** Reads and tells the data of `channel`: the cursor stands before it. */
  protected abstract tell(sink: FeedSink): FrameVerdict

  /** { channel, data }; undefined: it is something else, or broken. */
  #notification(sink: FeedSink): FrameVerdict | undefined {
    const { cursor } = this.scratch
    this.channel = 0
    let dataAt = -1
    cursor.enterObject()
    while (cursor.nextKey()) {
      if (cursor.key === key.channel && cursor.text()) {
        this.channelFrom = cursor.textFrom
        this.channelTo = cursor.textTo
        this.channel = cursor.wordHash(POINT)
      } else if (cursor.key === key.data) {
        cursor.peek()
        dataAt = cursor.at
        if (this.channel !== 0) return this.tell(sink)
        cursor.skip()
      } else if (cursor.key !== key.channel) cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (this.channel === 0) return undefined
    if (dataAt < 0) return FrameVerdict.malformed
    cursor.start(cursor.bytes, dataAt)
    return this.tell(sink)
  }
}
