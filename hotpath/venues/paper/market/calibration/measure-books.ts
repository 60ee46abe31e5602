/** Measures spread and depth of single books: whole recorded books of 2019, and live books of a few captured venues. */
import { BookSide } from '../../../../book/book-table.ts'
import { LEVEL_NUMBERS, type SnapshotFile } from '../snapshot-file.ts'
import type { DepthPoint, MeasuredBook } from './calibration.ts'
import { type FrameLine, jsonOf } from './frame-lines.ts'
import { mean, quantile, rounded } from './quantiles.ts'

const DEPTH_BPS = [2, 5, 10, 20, 50, 100, 200]

/** One look at a book: distance-money pairs by side. */
type Look = readonly [ReadonlyMap<number, number>, ReadonlyMap<number, number>]

function measureLooks(source: string, looks: readonly Look[]): MeasuredBook {
  const whole = looks.filter(([bids, asks]) => bids.size > 0 && asks.size > 0)
  const touches = whole.map(([bids, asks]) => ({ bid: Math.max(...bids.keys()), ask: Math.min(...asks.keys()) }))
  const mids = touches.map(({ bid, ask }) => (bid + ask) / 2)
  const spreads = touches.map(({ bid, ask }, at) => ((ask - bid) / mids[at]) * 1e4)
  const depth = DEPTH_BPS.map((bps): DepthPoint => {
    const amounts = whole.flatMap((sides, at) => sides.map((side) => amountWithin(side, mids[at], bps)))
    return [bps, rounded(mean(amounts))]
  })
  return { source, mid: rounded(mids[0]), spreadBps: rounded(quantile(spreads, 0.5)), depth: reached(depth) }
}

function amountWithin(side: ReadonlyMap<number, number>, mid: number, bps: number): number {
  let amount = 0
  for (const [price, qty] of side) if (Math.abs(price / mid - 1) * 1e4 <= bps) amount += price * qty
  return amount
}

/** Beyond the last recorded level the money no longer grows: those points say nothing. */
function reached(depth: readonly DepthPoint[]): DepthPoint[] {
  return depth.filter(([, amount], at) => at === 0 || amount > depth[at - 1][1] * 1.02)
}

export function measureFullBooks(
  file: SnapshotFile,
  source: string,
): (MeasuredBook & { venue: string; symbol: string })[] {
  return file.books.map(({ venue, base, quote, sides }) => {
    const look = sides.map((side) => {
      const levels = new Map<number, number>()
      for (let i = 0; i < side.length; i += LEVEL_NUMBERS) levels.set(side[i] / side[i + 1], side[i + 2] / side[i + 3])
      return levels
    })
    return { venue, symbol: `${base}/${quote}`, ...measureLooks(source, [[look[0], look[1]]]) }
  })
}

const NEAR_BPS = 20
const FAR_BPS = 100

/** Mean slope of log money over log distance between NEAR_BPS and FAR_BPS, over the books that reach FAR_BPS. */
export function measureFarExponent(books: readonly MeasuredBook[]): number {
  const slopes = books.flatMap(({ depth }) => {
    const near = depth.find(([bps]) => bps === NEAR_BPS)
    const far = depth.find(([bps]) => bps === FAR_BPS)
    return near && far && near[1] > 0 ? [Math.log(far[1] / near[1]) / Math.log(FAR_BPS / NEAR_BPS)] : []
  })
  return rounded(mean(slopes))
}

/** What a frame says of one book: whether it starts it anew, and its rows. */
interface BookNews {
  readonly symbol: string
  readonly isSnapshot: boolean
  readonly rows: readonly (readonly [BookSide, string, string])[]
}

type ReadNews = (frame: Record<string, unknown>) => BookNews | undefined

/** Replays the book frames of the connections whose address contains `address`; a look every frame after the first. */
export function measureLiveBooks(
  source: string,
  lines: readonly FrameLine[],
  address: string,
  read: ReadNews,
): Record<string, MeasuredBook> {
  const connections = new Set(
    lines.filter(({ t, addr }) => t === 'connect' && addr?.includes(address)).map(({ conn }) => conn),
  )
  const books = new Map<string, [Map<number, number>, Map<number, number>]>()
  const looks = new Map<string, Look[]>()
  for (const line of lines) {
    const frame = line.t === 'recv' && connections.has(line.conn) ? jsonOf(line.data) : undefined
    const news = typeof frame === 'object' && frame !== null ? read(frame as Record<string, unknown>) : undefined
    if (news === undefined) continue
    const book = books.get(news.symbol) ?? [new Map<number, number>(), new Map<number, number>()]
    books.set(news.symbol, book)
    if (news.isSnapshot) for (const side of book) side.clear()
    for (const [side, price, qty] of news.rows) {
      if (Number(qty) === 0) book[side].delete(Number(price))
      else book[side].set(Number(price), Number(qty))
    }
    const seen = looks.get(news.symbol) ?? []
    looks.set(news.symbol, seen)
    if (seen.length < 200) seen.push([new Map(book[0]), new Map(book[1])])
  }
  return Object.fromEntries([...looks].map(([symbol, seen]) => [symbol, measureLooks(source, seen)]))
}

type Rows = readonly (readonly [string, string])[]

function bothSides(bids: Rows, asks: Rows): BookNews['rows'] {
  return [
    ...bids.map(([price, qty]) => [BookSide.bid, price, qty] as const),
    ...asks.map(([price, qty]) => [BookSide.ask, price, qty] as const),
  ]
}

/** 'BTCUSDT' -> 'BTC/USDT'. */
function splitSymbol(text: string): string {
  return text.replace(/^(BTC|ETH|SOL)[-_]?(USDT|USDC|USD)$/, '$1/$2')
}

export const bookReaders: Readonly<Record<string, ReadNews>> = {
  bybit: (frame) => {
    if (!String(frame['topic']).startsWith('orderbook.')) return undefined
    const data = frame['data'] as { s: string; b: Rows; a: Rows }
    return { symbol: splitSymbol(data.s), isSnapshot: frame['type'] === 'snapshot', rows: bothSides(data.b, data.a) }
  },
  okx: (frame) => {
    const { arg, action, data } = frame as {
      arg?: { channel: string; instId: string }
      action?: string
      data?: { bids: Rows; asks: Rows }[]
    }
    if (arg?.channel !== 'books' || data === undefined || !/^(BTC|ETH|SOL)-USD[TC]?$/.test(arg.instId)) return undefined
    return {
      symbol: splitSymbol(arg.instId),
      isSnapshot: action === 'snapshot',
      rows: bothSides(data[0].bids, data[0].asks),
    }
  },
  coinbase: (frame) => {
    if (frame['channel'] !== 'l2_data') return undefined
    const [event] = frame['events'] as {
      type: string
      product_id: string
      updates: { side: string; price_level: string; new_quantity: string }[]
    }[]
    const rows = event.updates.map(
      ({ side, price_level, new_quantity }) =>
        [side === 'bid' ? BookSide.bid : BookSide.ask, price_level, new_quantity] as const,
    )
    return { symbol: splitSymbol(event.product_id), isSnapshot: event.type === 'snapshot', rows }
  },
  gemini: (frame) => {
    const { type, symbol, changes } = frame as { type?: string; symbol: string; changes: [string, string, string][] }
    if (type !== 'l2_updates' || !/^(BTC|ETH|SOL)(USDT|USDC|USD)$/.test(symbol)) return undefined
    const rows = changes.map(
      ([side, price, qty]) => [side === 'buy' ? BookSide.bid : BookSide.ask, price, qty] as const,
    )
    return { symbol: splitSymbol(symbol), isSnapshot: 'trades' in frame, rows }
  },
}
