/**
 * A paper venue agrees with its slow, obvious twin on every word after random histories: over a million orders, cancels,
 * quotes and trades in all.
 */
import { describe, expect, test } from 'vitest'
import { ChildOrder, type VenueReport, VenueReportKind } from '../../../../../hotpath/orders/venue-report.ts'
import { ListingTable } from '../../../../../hotpath/plan/listing-table.ts'
import { paperDefaults, SelfTrade } from '../../../../../hotpath/venues/paper/paper-options.ts'
import { PaperVenue } from '../../../../../hotpath/venues/paper/paper-venue.ts'
import { Liquidity } from '../../../../../shared/domain/execution-report.ts'
import { FeeSide, type Instrument, type Listing } from '../../../../../shared/domain/instrument.ts'
import { Side, TimeInForce } from '../../../../../shared/domain/order.ts'
import { Prng } from '../../../../../shared/prng.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../../../shared/units/ticks.ts'
import { type MonoNs, NS_PER_MS } from '../../../../../shared/units/time.ts'
import { ASK, BID, FIRST_INSTRUMENT } from '../../../../conformance/venue-conformance-bench.ts'
import { testListing, testVenue } from './paper-world.ts'
import { TwinVenue } from './twin-venue.ts'

const ACCOUNTS = 3
/** A step is two to three operations: 1,008,529 over the eight settings, counted. */
const STEPS = 60_000
const PRICE_MIN = 90
const PRICE_MAX = 110

interface Setting {
  readonly name: string
  readonly selfTrade: SelfTrade
  readonly halfLifeMs: number
  readonly instrument: Partial<Instrument>
  readonly listing: Partial<Listing>
  /** Whole coins; little makes balances bind. */
  readonly deposit: bigint
}

const ppm = (rate: number): RatePpm => rate as RatePpm

const settings: readonly Setting[] = [
  {
    name: 'plain',
    selfTrade: SelfTrade.expireTaker,
    halfLifeMs: Number.POSITIVE_INFINITY,
    instrument: {},
    listing: {},
    deposit: 1_000n,
  },
  { name: 'refilling', selfTrade: SelfTrade.expireTaker, halfLifeMs: 5, instrument: {}, listing: {}, deposit: 1_000n },
  {
    name: 'refilling at once',
    selfTrade: SelfTrade.expireMaker,
    halfLifeMs: 0,
    instrument: {},
    listing: {},
    deposit: 1_000n,
  },
  {
    name: 'self trade allowed',
    selfTrade: SelfTrade.none,
    halfLifeMs: 50,
    instrument: {},
    listing: {},
    deposit: 1_000n,
  },
  {
    name: 'both expire, lots of 3',
    selfTrade: SelfTrade.expireBoth,
    halfLifeMs: 5,
    instrument: {},
    listing: { lotStep: 3 as QtyLots, lotsMin: 6 as QtyLots },
    deposit: 1_000n,
  },
  {
    name: 'fee received, maker rebate',
    selfTrade: SelfTrade.expireTaker,
    halfLifeMs: 5,
    instrument: {},
    listing: { feeSide: FeeSide.received, makerPpm: ppm(-150), takerPpm: ppm(777) },
    deposit: 1_000n,
  },
  {
    name: 'amounts below a unit',
    selfTrade: SelfTrade.expireTaker,
    halfLifeMs: 5,
    instrument: { priceDigits: 4, qtyDigits: 6 },
    listing: {},
    deposit: 1n,
  },
  {
    name: 'poor accounts',
    selfTrade: SelfTrade.expireMaker,
    halfLifeMs: 5,
    instrument: { priceDigits: 3, qtyDigits: 6 },
    listing: { notionalMin: 0 },
    deposit: 0n,
  },
]

/** Fast and slow side by side; every step is done to both. */
class Pair {
  readonly chance: Prng
  readonly fast: PaperVenue
  readonly slow: TwinVenue
  readonly #listing: Listing
  readonly #child = new ChildOrder()
  /** Prices with background, by side. */
  readonly #shownLevels = [new Set<PriceTicks>(), new Set<PriceTicks>()] as const
  #told: string[] = []
  #lastExecution = 0
  #parent = 0
  #nowNs = 0

  constructor(setting: Setting, seed: number) {
    this.chance = new Prng(seed)
    const instrument: Instrument = {
      index: FIRST_INSTRUMENT,
      symbol: 'A/B',
      base: 'A',
      quote: 'B',
      priceDigits: 2,
      qtyDigits: 4,
      ...setting.instrument,
    }
    this.#listing = {
      ...testListing,
      tickStep: 1 as PriceTicks,
      lotStep: 1 as QtyLots,
      lotsMin: 2 as QtyLots,
      notionalMin: 200,
      lotsMax: 40 as QtyLots,
      ...setting.listing,
    }
    const halfLifeNs = setting.halfLifeMs * NS_PER_MS
    // A few thousand units where the accounts are to be poor: less than a few orders need.
    const units = setting.deposit === 0n ? 30_000n : setting.deposit * 100_000_000n
    const venue = testVenue(0, { ordersPerSecond: 1e12, ordersBurst: 1e9 })
    this.fast = new PaperVenue(
      venue,
      new ListingTable({ venues: [venue], instruments: [instrument], listings: [this.#listing] }),
      [this.#listing],
      { ...paperDefaults, selfTrade: setting.selfTrade, refillHalfLifeNs: halfLifeNs, deposits: { '*': units } },
      {
        onPaperReport: (account, _asker, report) => this.#note(account, report),
        onPaperPrint: () => {},
        onPaperBookChanged: () => {},
      },
    )
    this.slow = new TwinVenue({
      instrument,
      listing: this.#listing,
      halfLifeNs,
      selfTrade: setting.selfTrade,
      deposit: { base: units, quote: units },
    })
  }

  step(): void {
    const dice = this.chance.nextBelow(100)
    if (dice < 35) this.#place()
    else if (dice < 55) this.#cancel()
    else if (dice < 80) this.#update()
    else if (dice < 92) this.#trade()
    else if (dice < 99) this.#wait()
    else this.#restart()
    // Joined first: a deep comparison of every step would take most of the time.
    if (this.#told.join() !== this.slow.told.join()) expect(this.#told).toEqual(this.slow.told)
    this.#told = []
    this.slow.told = []
  }

  /** Both show the same book and the same balances. */
  compare(): void {
    const prices = new Float64Array(64)
    const lots = new Float64Array(64)
    const book = this.fast.book(FIRST_INSTRUMENT)!
    for (const side of [BID, ASK]) {
      const count = book.copyTop(side, 64, prices, lots, this.#nowNs as MonoNs)
      const shown = Array.from({ length: count }, (_, at) => [prices[at], lots[at]])
      expect(shown.join()).toBe(this.slow.shown(side).join())
    }
    for (let account = 0; account < ACCOUNTS; account++) {
      const { base, quote } = this.slow.free(account)
      const fast = this.fast.openAccount(account)
      expect(`${fast.free(0)} ${fast.free(1)}`).toBe(`${base} ${quote}`)
      expect(base >= 0n && quote >= 0n).toBe(true)
    }
    this.fast.assertConserved()
    this.slow.orders.splice(0, this.slow.orders.length, ...this.slow.orders.filter(({ isOpen }) => isOpen))
  }

  #place(): void {
    const { chance } = this
    const child = this.#child
    const account = chance.nextBelow(ACCOUNTS)
    child.epoch = 1
    // Now and then an id that was used.
    child.parentSequence = chance.chance(0.02) ? this.#parent : ++this.#parent
    child.side = chance.chance(0.5) ? Side.buy : Side.sell
    child.timeInForce = [TimeInForce.gtc, TimeInForce.gtc, TimeInForce.ioc, TimeInForce.fok][chance.nextBelow(4)]
    child.postOnly = child.timeInForce === TimeInForce.gtc && chance.chance(0.3)
    child.lots = (chance.chance(0.1) ? chance.nextBetween(1, 42) : this.#onGrid(40)) as QtyLots
    child.limitTicks = chance.nextBetween(PRICE_MIN, PRICE_MAX) as PriceTicks
    this.slow.place(account, child)
    this.fast.place(account, account + 1, child)
  }

  #cancel(): void {
    const { chance, slow } = this
    const open = slow.orders.filter(({ isOpen }) => isOpen)
    const target = open.length > 0 && chance.chance(0.9) ? open[chance.nextBelow(open.length)] : undefined
    const account = target?.account ?? chance.nextBelow(ACCOUNTS)
    const parent = target?.parent ?? Math.max(1, this.#parent - chance.nextBelow(60))
    this.#child.epoch = 1
    this.#child.parentSequence = parent
    slow.cancel(account, parent)
    this.fast.cancel(account, account + 1, this.#child)
  }

  /** Levels around a middle that wanders, so that the background crosses resting orders now and then. */
  #update(): void {
    const { chance } = this
    const middle = chance.nextBetween(PRICE_MIN + 3, PRICE_MAX - 3)
    for (let count = chance.nextBetween(1, 5); count > 0; count--) {
      const side = chance.chance(0.5) ? BID : ASK
      const price = (side === BID ? middle - chance.nextBetween(1, 4) : middle + chance.nextBetween(0, 4)) as PriceTicks
      this.#setLevel(side, price, (chance.chance(0.3) ? 0 : this.#onGrid(40)) as QtyLots)
    }
    for (const price of this.#shownLevels[BID]) if (price >= middle) this.#setLevel(BID, price, 0 as QtyLots)
    for (const price of this.#shownLevels[ASK]) if (price < middle) this.#setLevel(ASK, price, 0 as QtyLots)
    this.#endUpdate()
  }

  #setLevel(side: typeof BID | typeof ASK, price: PriceTicks, lots: QtyLots): void {
    if (lots > 0) this.#shownLevels[side].add(price)
    else this.#shownLevels[side].delete(price)
    this.slow.setLevel(side, price, lots)
    this.fast.setLevel(FIRST_INSTRUMENT, side, price, lots)
  }

  #endUpdate(): void {
    this.slow.endUpdate()
    this.fast.endUpdate(FIRST_INSTRUMENT)
  }

  #trade(): void {
    const { chance } = this
    const aggressor = chance.chance(0.5) ? Side.buy : Side.sell
    const price = chance.nextBetween(PRICE_MIN, PRICE_MAX) as PriceTicks
    const lots = this.#onGrid(60) as QtyLots
    this.slow.trade(aggressor, price, lots)
    this.fast.tradeBackground(FIRST_INSTRUMENT, aggressor, price, lots)
    this.#endUpdate()
  }

  /** What others quote and trade is on the venue's lot grid. */
  #onGrid(lotsMax: number): number {
    const { lotStep } = this.#listing
    return lotStep * this.chance.nextBetween(1, Math.floor(lotsMax / lotStep))
  }

  #wait(): void {
    this.#nowNs += this.chance.nextBelow(10 * NS_PER_MS)
    this.slow.nowNs = this.#nowNs
    this.fast.advance(this.#nowNs as MonoNs, 0)
  }

  #restart(): void {
    this.slow.clear()
    this.fast.clear(FIRST_INSTRUMENT)
    for (const prices of this.#shownLevels) prices.clear()
    this.#update()
  }

  #note(account: number, report: VenueReport): void {
    const id = `${account}/${report.parentSequence}`
    switch (report.kind) {
      case VenueReportKind.accepted:
        this.#told.push(`${id} accepted`)
        return
      case VenueReportKind.rejected:
        this.#told.push(`${id} rejected ${report.reason}`)
        return
      case VenueReportKind.cancelRejected:
        this.#told.push(`${id} cancelRejected`)
        return
      case VenueReportKind.fill: {
        if (report.execution !== ++this.#lastExecution) this.#told.push('an execution number out of order')
        const role = report.liquidity === Liquidity.maker ? 'maker' : 'taker'
        this.#told.push(
          `${id} fill ${report.lots}@${report.priceTicks} ${role} ${report.filledLots} ${report.feeUnits}`,
        )
        return
      }
      default:
        this.#told.push(`${id} ended ${report.reason} ${report.lots}`)
    }
  }
}

describe('a paper venue and its twin', () => {
  test.each(settings)('$name', (setting) => {
    const pair = new Pair(setting, settings.indexOf(setting) + 1)
    for (let step = 0; step < STEPS; step++) {
      pair.step()
      if (step % 50 === 0) pair.compare()
    }
  })
})
