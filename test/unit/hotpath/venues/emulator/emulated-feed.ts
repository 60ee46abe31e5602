/** Our feed decoder and book keeper on what an emulator says of a moving market: both must come to the same books. */
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import { EmulatedMarket } from '../../../../../hotpath/venues/emulator/emulated-market.ts'
import type { EmulatorEntry, OpenedEmulator } from '../../../../../hotpath/venues/emulator/emulator-entry.ts'
import { EmulatorFaults } from '../../../../../hotpath/venues/emulator/emulator-faults.ts'
import type { EmulatorConversation } from '../../../../../hotpath/venues/emulator/venue-emulator.ts'
import type { FeedVenue } from '../../../../../hotpath/venues/feed/feed-venue.ts'
import { type MonoNs, NS_PER_MS } from '../../../../../shared/units/time.ts'
import { HeldMarket } from '../../../../e2e/venues/emulated-venue.ts'
import { FeedBench } from '../../../../fixtures/feed-bench.ts'

const STEP_MS = 5
/** Longer than the pace of any book: the last difference is told. */
const SETTLE_MS = 1_500
const START_MS = 1_700_000_000_000

export class EmulatedFeed {
  readonly bench: FeedBench
  readonly emulator: OpenedEmulator
  readonly faults = new EmulatorFaults()
  /** Verdicts of all frames, each once. */
  readonly verdicts = new Set<string>()
  readonly #market: HeldMarket
  readonly #venue: FeedVenue
  readonly #conversation: EmulatorConversation
  #ms = 0

  constructor(entry: EmulatorEntry, venue: FeedVenue, seed = 11) {
    this.#venue = venue
    this.#market = new HeldMarket({ seed, speed: 1 })
    const market = new EmulatedMarket(this.#market)
    this.emulator = entry.open({ market, startEpochMs: START_MS, deposits: {} }, this.faults)
    this.bench = new FeedBench(venue)
    this.pass(STEP_MS)
    const conversation = this.emulator.connect(entry.paths.publicSocket, {
      send: (text) => this.verdicts.add(this.bench.hear(text)),
      sendBinary: () => undefined,
      close: () => undefined,
    })
    if (conversation === undefined) throw new Error('the emulator has a public socket')
    this.#conversation = conversation
  }

  subscribe(names: readonly string[]): void {
    for (const text of this.#venue.connection.subscribe(names)) this.#conversation.onMessage(text)
  }

  /** As the feed duty does with a book that was lost. */
  resubscribe(name: string): void {
    for (const text of this.#venue.connection.resubscribe?.(name) ?? []) this.#conversation.onMessage(text)
  }

  ping(): void {
    this.#conversation.onMessage(this.#venue.connection.ping?.(START_MS) ?? '')
  }

  pass(ms: number): void {
    const untilMs = this.#ms + ms
    while (this.#ms < untilMs) {
      this.#ms += STEP_MS
      this.emulator.work((this.#ms * NS_PER_MS) as MonoNs)
    }
  }

  /** The market stands still until everything was told. */
  settle(): void {
    this.#market.isHeld = true
    this.pass(SETTLE_MS)
    this.#market.isHeld = false
  }

  /** The emulator's own book, as FeedBench writes one. */
  shown(name: string, levels: number): string {
    const symbol = this.emulator.exchange.symbol(name)
    if (symbol === undefined) throw new Error(`${name} is listed`)
    const book = this.emulator.exchange.book(symbol)
    const sides = [BookSide.bid, BookSide.ask].map((side) =>
      book
        .top(side, levels)
        .map(([price, lots]) => `${Number(symbol.priceText(price))}x${Number(symbol.lotsText(lots))}`)
        .join(' '),
    )
    return sides.join(' | ')
  }
}
