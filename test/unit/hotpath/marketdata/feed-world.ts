/** A Binance emulator over a scripted market and a way to it, in one thread under a virtual clock, for feeds to follow. */

import type { KeeperEvents } from '../../../../hotpath/marketdata/book-keeper.ts'
import { FeedConnection, type FeedDoors, type FeedTap } from '../../../../hotpath/marketdata/feed-connection.ts'
import { readdressed } from '../../../../hotpath/marketdata/readdress.ts'
import { binanceEmulator } from '../../../../hotpath/venues/binance/binance-emulator.ts'
import { binance } from '../../../../hotpath/venues/binance/binance-feed.ts'
import { EmulatedMarket } from '../../../../hotpath/venues/emulator/emulated-market.ts'
import type { OpenedEmulator } from '../../../../hotpath/venues/emulator/emulator-entry.ts'
import { EmulatorFaults } from '../../../../hotpath/venues/emulator/emulator-faults.ts'
import { Prng } from '../../../../shared/prng.ts'
import { type MonoNs, NS_PER_MS } from '../../../../shared/units/time.ts'
import { ASK, BID } from '../../../conformance/venue-conformance-bench.ts'
import { EmulatorDoors } from '../../../fixtures/emulator-doors.ts'
import { ScriptedMarket, VirtualClock } from '../venues/paper/paper-world.ts'

const ORIGINS = ['https://binance.test', 'wss://binance.test']
const ENDPOINTS = { rest: ORIGINS[0], publicSocket: ORIGINS[1] }
const STEP_NS = NS_PER_MS

export class FeedWorld {
  readonly clock = new VirtualClock()
  readonly market = new ScriptedMarket({ venue: { id: 'binance' } })
  readonly faults = new EmulatorFaults()
  readonly emulator: OpenedEmulator
  readonly line: EmulatorDoors
  readonly doors: FeedDoors
  /** What has turns beside the emulator. */
  readonly duties: { work(nowNs: MonoNs): number }[] = []
  #price = 0

  constructor() {
    const setting = {
      market: new EmulatedMarket(this.market),
      startEpochMs: this.clock.startUs / 1_000,
      deposits: { '*': 10_000_000_000n },
    }
    this.emulator = binanceEmulator.open(setting, this.faults)
    this.line = new EmulatorDoors(
      ORIGINS.map((origin) => ({ origin, emulator: this.emulator })),
      2 * NS_PER_MS,
    )
    this.doors = { http: this.line, sockets: this.line, clock: this.clock, chance: new Prng(3) }
    this.market.update([
      [ASK, 1000, 100],
      [ASK, 1005, 200],
      [BID, 990, 100],
      [BID, 985, 50],
    ])
  }

  follow(events: Partial<KeeperEvents> = {}, tap?: FeedTap): FeedConnection {
    const nothing = (): void => undefined
    const connection = new FeedConnection({
      venue: binance,
      names: ['BTCUSDT'],
      name: 'binance.1',
      doors: this.doors,
      readdress: (url) => readdressed(url, ENDPOINTS),
      ...(tap !== undefined && { tap }),
      events: {
        onBookChanged: nothing,
        onBookLost: nothing,
        onTrade: nothing,
        onQuote: nothing,
        onState: nothing,
        ...events,
      },
    })
    this.duties.push(connection)
    return connection
  }

  pass(ms: number): void {
    const untilNs = this.clock.ns + ms * NS_PER_MS
    while (this.clock.ns < untilNs) {
      this.clock.ns += STEP_NS
      this.line.work(this.clock.monoNs())
      for (const duty of this.duties) duty.work(this.clock.monoNs())
    }
  }

  /** One change of the venue's book that a feed must be told. */
  change(): void {
    this.#price = (this.#price + 1) % 50
    this.market.update([[BID, 900 + this.#price, 10 + this.#price]])
  }

  /** The venue's own book, best first, as the feed should have it: price and lots of each level. */
  venueBook(side: 'bids' | 'asks'): string[] {
    const { exchange } = this.emulator
    const symbol = exchange.symbols[0]
    const levels = exchange.book(symbol).top(side === 'bids' ? BID : ASK, 1_000)
    return levels.map(([price, lots]) => `${symbol.priceText(price)} ${symbol.lotsText(lots)}`)
  }
}

/** The same of a kept book. */
export function keptLevels(connection: FeedConnection, side: 'bids' | 'asks'): string[] {
  const { depth } = connection.keeper.books[0]
  const { prices, sizes, count } = depth[side]
  return Array.from({ length: count }, (_, at) => {
    const price = prices[count - 1 - at] / 10 ** depth.priceDigits
    const size = sizes[count - 1 - at] / 10 ** depth.sizeDigits
    return `${price} ${size}`
  })
}

export function plainLevels(levels: readonly string[]): string[] {
  return levels.map((level) => level.split(' ').map(Number).join(' '))
}
