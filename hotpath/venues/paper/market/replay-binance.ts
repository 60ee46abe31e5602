/**
 * Plays raw Binance captures (binance-frame.ts): every file of a directory merged by local receive time and played at
 * once, times `speed`. Everything is read at open into typed columns (12 MB a million level changes), so that a turn
 * only indexes. Best-price lines are not used: the depth stream says the same up to 100 ms later.
 *
 * Quantities are the venue's own: base asset on spot and USD-M, contracts on COIN-M (100 USD of BTC, 10 USD of
 * anything else), where one lot is one contract.
 */
import type { Instrument, Listing } from '../../../../shared/domain/instrument.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { Venue } from '../../../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../../shared/units/time.ts'
import { BookSide } from '../../../book/book-table.ts'
import type { MarketSink, VenueLatency } from '../market-source.ts'
import { BinanceCapture } from './binance-capture.ts'
import { BinanceMarket, binanceVenueIds, ccxtSymbol } from './binance-frame.ts'
import { type CapturedStream, type StreamColumns, StreamEvent } from './binance-stream.ts'
import { MarketTime } from './market-time.ts'
import { MarketError, type MarketOptions, type OpenedMarket } from './opened-market.ts'
import { recordedListing, venueLatency, venueRow } from './venue-terms.ts'

/** Level changes and trades told in one turn, the opening books apart: the bound of a turn's work. */
export const CHANGES_PER_TURN_MAX = 20_000
/** Streams begin within seconds of each other; the market opens when the last of them has its book. */
const OPENING_NS_MAX = 10_000_000_000
/** Where nothing at all was recorded for longer than this, time jumps to the next frame. */
const HOLE_NS_MAX = 10_000_000_000

/** Reads the capture; `notes` are told with its own. MarketError when no book is in it. */
export async function openBinance(
  name: string,
  paths: readonly string[],
  options: MarketOptions,
  notes: readonly string[] = [],
): Promise<OpenedMarket> {
  const capture = new BinanceCapture()
  await capture.read(paths)
  const streams = capture.streams.filter((stream) => stream.hasBook)
  if (streams.length === 0) {
    throw new MarketError(`${name}: no depth updates in it (${capture.notes()[0] ?? 'only other streams'})`)
  }
  return new BinanceReplay(name, streams, [...notes, ...capture.notes()], options)
}

/** One stream being played. */
interface Player extends StreamColumns {
  readonly venue: VenueIndex
  readonly instrument: InstrumentIndex
}

export class BinanceReplay implements OpenedMarket {
  readonly name: string
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  readonly latencies: readonly VenueLatency[]
  readonly levelsMax: number
  readonly notes: readonly string[]
  readonly endNs: number
  readonly #players: readonly Player[]
  /** Next event of each player. */
  readonly #cursors: Int32Array
  readonly #time: MarketTime
  /** [0] capture time at market time 0; it grows by every hole that is jumped. */
  readonly #startNs = new Float64Array(1)
  #isOpen = false

  constructor(name: string, streams: readonly CapturedStream[], notes: readonly string[], options: MarketOptions) {
    const markets = [...new Set(streams.map((stream) => stream.market))].sort()
    this.name = name
    this.venues = markets.map((market, at) => venueRow(binanceVenueIds[market], at as VenueIndex))
    this.instruments = streams.map((stream, at) => toInstrument(stream, at as InstrumentIndex))
    this.#players = streams.map((stream, at) => ({
      ...stream.columns(),
      venue: markets.indexOf(stream.market) as VenueIndex,
      instrument: at as InstrumentIndex,
    }))
    this.listings = this.#players.map(({ venue, instrument }) =>
      recordedListing(this.venues[venue].id, venue, instrument),
    )
    this.latencies = this.venues.map(({ id }) => venueLatency(id))
    this.levelsMax = Math.max(...streams.map((stream) => stream.levelsMax))
    this.notes = [...notes, ...streams.flatMap((stream) => stream.notes()), ...contractNotes(markets)]
    this.#cursors = new Int32Array(streams.length)
    this.#time = new MarketTime(options.speed)
    this.#startNs[0] = openingNs(this.#players)
    this.endNs = Math.max(...this.#players.map(({ eventNs }) => eventNs[eventNs.length - 1])) - this.#startNs[0]
  }

  /** O(streams) an event; at most CHANGES_PER_TURN_MAX level changes a turn after the opening. */
  work(nowNs: MonoNs, sink: MarketSink): number {
    const dueNs = this.#time.advance(nowNs)
    if (!this.#isOpen) return this.#open(sink)
    let told = 0
    while (told < CHANGES_PER_TURN_MAX) {
      const at = this.#nextPlayer()
      if (at < 0) break
      const ns = this.#players[at].eventNs[this.#cursors[at]]
      if (ns - this.#startNs[0] > dueNs + HOLE_NS_MAX) this.#startNs[0] = ns - dueNs - 1
      if (ns - this.#startNs[0] > dueNs) break
      told += this.#tellNext(at, sink, true)
    }
    return told
  }

  /** Everything up to the opening, without its trades: they are history. */
  #open(sink: MarketSink): number {
    this.#isOpen = true
    let told = 0
    for (let at = this.#nextPlayer(); at >= 0; at = this.#nextPlayer()) {
      if (this.#players[at].eventNs[this.#cursors[at]] > this.#startNs[0]) break
      told += this.#tellNext(at, sink, false)
    }
    return told
  }

  /** The player with the earliest event, or -1 at the end; ties go to the lower row. */
  #nextPlayer(): number {
    let best = -1
    let bestNs = Number.POSITIVE_INFINITY
    for (let at = 0; at < this.#players.length; at++) {
      const ns = this.#players[at].eventNs[this.#cursors[at]]
      if (ns < bestNs) {
        bestNs = ns
        best = at
      }
    }
    return best
  }

  #tellNext(at: number, sink: MarketSink, withTrades: boolean): number {
    const { venue, instrument, eventKind, eventEnd, prices, lots } = this.#players[at]
    const event = this.#cursors[at]++
    const from = event === 0 ? 0 : eventEnd[event - 1]
    const to = eventEnd[event]
    if (eventKind[event] === StreamEvent.clear) {
      sink.onClear(venue, instrument)
      return 1
    }
    if (eventKind[event] === StreamEvent.trade) {
      if (!withTrades || to === from) return 1
      const aggressor = prices[from] < 0 ? Side.sell : Side.buy
      sink.onTrade(venue, instrument, aggressor, Math.abs(prices[from]) as PriceTicks, lots[from] as QtyLots)
      return 1
    }
    for (let i = from; i < to; i++) {
      const side = prices[i] < 0 ? BookSide.ask : BookSide.bid
      sink.onLevel(venue, instrument, side, Math.abs(prices[i]) as PriceTicks, lots[i] as QtyLots)
    }
    sink.onUpdateEnd(venue, instrument)
    return to - from + 1
  }
}

/** When the last stream has its first book, if that is soon after the first stream; else when the first one has. */
function openingNs(players: readonly Player[]): number {
  const first = players.map(({ eventNs }) => eventNs[0])
  const soonest = Math.min(...first)
  return Math.max(...first.filter((ns) => ns <= soonest + OPENING_NS_MAX))
}

function toInstrument(stream: CapturedStream, index: InstrumentIndex): Instrument {
  const named = ccxtSymbol(stream.market, stream.symbol)
  return { index, ...named, priceDigits: stream.priceDigits, qtyDigits: stream.qtyDigits }
}

function contractNotes(markets: readonly BinanceMarket[]): string[] {
  const notes = ['the capture carries no tick, lot or minimum rules: every step of the grid is allowed, no minimums']
  if (markets.includes(BinanceMarket.coinm)) {
    notes.push('binancecoinm: quantities are contracts (BTC 100 USD, others 10 USD); one lot is one contract')
  }
  return notes
}
