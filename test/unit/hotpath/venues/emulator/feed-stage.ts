/** An emulated venue and our feed of that venue in one thread under a virtual clock: what one tells, the other must read. */
import type { KeeperEvents } from '../../../../../hotpath/marketdata/book-keeper.ts'
import { FeedConnection } from '../../../../../hotpath/marketdata/feed-connection.ts'
import { readdressed } from '../../../../../hotpath/marketdata/readdress.ts'
import { EmulatedMarket } from '../../../../../hotpath/venues/emulator/emulated-market.ts'
import type { EmulatorEntry, OpenedEmulator } from '../../../../../hotpath/venues/emulator/emulator-entry.ts'
import { EmulatorFaults } from '../../../../../hotpath/venues/emulator/emulator-faults.ts'
import type { FeedVenue } from '../../../../../hotpath/venues/feed/feed-venue.ts'
import type { VenueSymbol } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { Prng } from '../../../../../shared/prng.ts'
import { NS_PER_MS } from '../../../../../shared/units/time.ts'
import { ASK, BID } from '../../../../conformance/venue-conformance-bench.ts'
import { EmulatorDoors } from '../../../../fixtures/emulator-doors.ts'
import { ScriptedMarket, VirtualClock } from '../paper/paper-world.ts'

const STEP_NS = NS_PER_MS
const ONE_WAY_NS = 2 * NS_PER_MS
const LEVELS_MAX = 10_000

export class FeedStage {
  readonly clock = new VirtualClock()
  readonly market: ScriptedMarket
  readonly faults = new EmulatorFaults()
  readonly emulator: OpenedEmulator
  readonly connection: FeedConnection
  readonly #line: EmulatorDoors
  readonly #venue: FeedVenue

  constructor(entry: EmulatorEntry, venue: FeedVenue, events: Partial<KeeperEvents> = {}) {
    const endpoints = { rest: `https://${entry.id}.test`, publicSocket: `wss://${entry.id}.test` }
    this.#venue = venue
    this.market = new ScriptedMarket({ venue: { id: entry.id } })
    this.emulator = entry.open(
      {
        market: new EmulatedMarket(this.market),
        startEpochMs: this.clock.startUs / 1_000,
        deposits: { '*': 10_000_000_000n },
      },
      this.faults,
    )
    const routes = Object.values(endpoints).map((origin) => ({ origin, emulator: this.emulator }))
    this.#line = new EmulatorDoors(routes, ONE_WAY_NS)
    const nothing = (): void => undefined
    this.connection = new FeedConnection({
      venue,
      names: [this.emulator.exchange.symbols[0].name],
      name: `${entry.id}.1`,
      doors: { http: this.#line, sockets: this.#line, clock: this.clock, chance: new Prng(3) },
      readdress: (url) => readdressed(url, endpoints),
      events: {
        onBookChanged: nothing,
        onBookLost: nothing,
        onTrade: nothing,
        onQuote: nothing,
        onState: nothing,
        ...events,
      },
    })
  }

  pass(ms: number): void {
    const untilNs = this.clock.ns + ms * NS_PER_MS
    while (this.clock.ns < untilNs) {
      this.clock.ns += STEP_NS
      this.#line.work(this.clock.monoNs())
      this.connection.work(this.clock.monoNs())
    }
  }

  /** What our feed lists of the venue. */
  listings(): readonly VenueSymbol[] {
    return this.#venue.listingUrls().flatMap((url) => {
      const { pathname, search } = new URL(url)
      const { body } = this.emulator.request({ method: 'GET', target: pathname + search, headers: {}, body: '' })
      return this.#venue.readListings(url, body) ?? []
    })
  }

  /** The venue's own book, best first: 'price size' of each level. */
  venueBook(side: 'bids' | 'asks'): string[] {
    const { exchange } = this.emulator
    const [symbol] = exchange.symbols
    const levels = exchange.book(symbol).top(side === 'bids' ? BID : ASK, LEVELS_MAX)
    return levels.map(([price, lots]) => `${Number(symbol.priceText(price))} ${Number(symbol.lotsText(lots))}`)
  }

  /** The same of the kept book. */
  keptBook(side: 'bids' | 'asks'): string[] {
    const { depth } = this.connection.keeper.book(0)
    const { prices, sizes, count } = depth[side]
    return Array.from({ length: count }, (_, at) => {
      const price = prices[count - 1 - at] / 10 ** depth.priceDigits
      return `${price} ${sizes[count - 1 - at] / 10 ** depth.sizeDigits}`
    })
  }

  /** A walk of the venue's book that makes levels, changes them and takes them away, with trades between. */
  walk(steps: number, seed = 11): void {
    const chance = new Prng(seed)
    for (let step = 0; step < steps; step++) {
      const away = 5 * (1 + Math.floor(chance.nextFloat() * 60))
      const isBid = chance.nextFloat() < 0.5
      const lots = chance.nextFloat() < 0.3 ? 0 : 10 * (1 + Math.floor(chance.nextFloat() * 900))
      this.market.update([[isBid ? BID : ASK, isBid ? 1000 - away : 1000 + away, lots]])
      if (step % 5 === 4) this.pass(7)
    }
    this.pass(300)
  }
}
