/** Public trades as most venues send them: an array of objects, told apart only by the names of their keys. */
import { Side } from '../../../shared/domain/order.ts'
import type { FeedScratch } from './feed-scratch.ts'
import { type FeedSink, FrameVerdict } from './feed-venue.ts'
import { keyOf } from './json-cursor.ts'
import { NO_SYMBOL } from './symbol-table.ts'

/** The time is an ISO 8601 text instead of a count. */
export const ISO_CLOCK = 99

export interface TradeKeys {
  readonly price: number
  readonly size: number
  readonly side: number
  readonly time: number
  /** Keys under which each trade names its instrument; none: the message does. */
  readonly symbols: readonly number[]
  /** Digits that make the time microseconds (3 from milliseconds), or ISO_CLOCK. */
  readonly clock: number
  /** Microseconds by which the venue's clock runs before UTC. */
  readonly zoneUs: number
  /** What stands for an aggressor that bought, and that sold. */
  readonly buy: number
  readonly sell: number
}

export interface TradeWords {
  readonly price: string
  readonly size: string
  readonly side: string
  readonly time: string
  readonly symbols?: readonly string[]
  readonly clock: number
  readonly zoneHours?: number
  readonly buy: string
  readonly sell: string
}

export function tradeKeys(words: TradeWords): TradeKeys {
  const { price, size, side, time, symbols = [], clock, zoneHours = 0, buy, sell } = words
  return {
    price: keyOf(price),
    size: keyOf(size),
    side: keyOf(side),
    time: keyOf(time),
    symbols: symbols.map(keyOf),
    clock,
    zoneUs: zoneHours * 3_600_000_000,
    buy: keyOf(buy),
    sell: keyOf(sell),
  }
}

/**
 * Reads [{...}, ...] and tells each trade. One without an aggressor (an auction's) is left out: it cannot be said. Stops at
 * the first that is no trade. O(bytes).
 */
export function readTrades(
  scratch: FeedScratch,
  symbol: number,
  keys: TradeKeys,
  sink: FeedSink,
  isHistory = false,
): FrameVerdict {
  const { cursor, trade } = scratch
  if (!cursor.enterArray()) return FrameVerdict.malformed
  let verdict: FrameVerdict = FrameVerdict.parsed
  while (cursor.nextItem()) {
    if (!cursor.enterObject()) return FrameVerdict.malformed
    trade.clear()
    trade.symbol = symbol
    trade.isHistory = isHistory
    const side = readTrade(scratch, keys)
    if (cursor.isBroken || trade.price < 0 || trade.size < 0) return FrameVerdict.malformed
    if (trade.symbol === NO_SYMBOL) verdict = FrameVerdict.unknownSymbol
    else if (side === keys.buy || side === keys.sell) {
      trade.aggressor = side === keys.buy ? Side.buy : Side.sell
      sink.onTrade(trade)
    }
  }
  return cursor.isBroken ? FrameVerdict.malformed : verdict
}

/** The rest of the object we are in; answers the word of its side. */
function readTrade(scratch: FeedScratch, keys: TradeKeys): number {
  const { cursor, trade } = scratch
  let side = 0
  while (cursor.nextKey()) {
    const { key } = cursor
    if (key === keys.price) {
      scratch.readTradePrice()
      if (cursor.isNegative) trade.price = -1
    } else if (key === keys.size) {
      scratch.readTradeSize()
      if (cursor.isNegative) trade.size = -1
    } else if (key === keys.side) side = cursor.token() ? cursor.textHash() : 0
    else if (key === keys.time) {
      trade.timeUs = (keys.clock === ISO_CLOCK ? cursor.isoTimeUs() : cursor.timeUs(keys.clock)) - keys.zoneUs
    } else if (keys.symbols.includes(key)) trade.symbol = scratch.readSymbol()
    else cursor.skip()
  }
  return side
}
