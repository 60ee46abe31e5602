import { describe, expect, test } from 'vitest'
import { FeeSide, type Listing } from '../../../../../shared/domain/instrument.ts'
import type { RatePpm } from '../../../../../shared/units/ticks.ts'
import { ASK, BID, BUY, type ReportCopy, SELL, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { PaperWorld, ScriptedMarket, type WorldTerms } from './paper-world.ts'

const WHOLE = 100_000_000n

/** No latency: what is asked is answered in the same turn. Deposits 10 BTC and 10,000 USDT. */
function open(listing: Partial<Listing> = {}, terms: WorldTerms = {}): PaperWorld {
  const market = new ScriptedMarket({ listing })
  const world = new PaperWorld({
    ...terms,
    market,
    options: { latencyScale: 0, deposits: { BTC: 10n * WHOLE, USDT: 10_000n * WHOLE }, ...terms.options },
  })
  world.pass(10)
  market.update([
    [ASK, 10_000, 1_000],
    [BID, 9_900, 1_000],
  ])
  world.pass(2)
  return world
}

function fills(world: PaperWorld): ReportCopy[] {
  return world.router.reports.filter(({ kind }) => kind === 'fill')
}

/** Free USDT and BTC. */
function balances(world: PaperWorld): { BTC: number; USDT: number } {
  const { adapters, reports } = world.router
  adapters[0].reconcile(0)
  world.pass(2)
  const told = reports.filter(({ kind }) => kind === 'balance').slice(-2)
  return { BTC: told[0].units, USDT: told[1].units }
}

describe('money', () => {
  test('a taker buy pays price and fee in quote', () => {
    const world = open()
    world.router.adapters[0].place(testOrder(BUY, 10_000, 500, { tif: 'ioc' }))
    world.pass(2)
    // 0.05 BTC at 100.00: 5 USDT and 0.1 % of it.
    expect(fills(world)[0]).toMatchObject({ fee: 500_000, feeInBase: false })
    expect(balances(world)).toEqual({ BTC: 1_005_000_000, USDT: 1_000_000_000_000 - 500_000_000 - 500_000 })
  })

  test('where the fee is taken of what comes in, a buy pays it in base and a sell in quote', () => {
    const world = open({ feeSide: FeeSide.received })
    const [adapter] = world.router.adapters
    adapter.place(testOrder(BUY, 10_000, 500, { tif: 'ioc', child: 1 }))
    adapter.place(testOrder(SELL, 9_900, 500, { tif: 'ioc', child: 2 }))
    world.pass(2)
    expect(fills(world).map(({ fee, feeInBase }) => [fee, feeInBase])).toEqual([
      [5_000, true],
      [495_000, false],
    ])
    expect(balances(world)).toEqual({ BTC: 1_000_000_000 - 5_000, USDT: 1_000_000_000_000 - 5_000_000 - 495_000 })
  })

  test('a maker rebate is paid, rounded towards the venue', () => {
    const world = open({ makerPpm: -333 as RatePpm })
    world.router.adapters[0].place(testOrder(BUY, 9_950, 510))
    world.pass(2)
    world.market.trade(SELL, 9_950, 510)
    world.pass(2)
    // 0.051 BTC at 99.50 is 5.0745 USDT; 333 millionths of it are 168,980.85 units.
    expect(fills(world)[0].fee).toBe(-168_980)
  })

  test('an order holds its limit and the dearer fee; what it got cheaper is free again', () => {
    const world = open()
    const [adapter] = world.router.adapters
    adapter.place(testOrder(BUY, 11_000, 1_500))
    world.pass(2)
    // 0.1 BTC taken at 100.00; 0.05 BTC rests at 110.00 and holds 5.5 USDT and 0.1 %.
    const spent = 1_000_000_000 + 1_000_000
    expect(balances(world).USDT).toBe(1_000_000_000_000 - spent - 550_000_000 - 550_000)
  })

  test.each([
    ['are let go where nothing is free', 0n, 1_010],
    ['are taken from what is free', 1_000_000n, 1_100],
  ])('units that fees rounded up ask for beyond the hold %s', (_what, free, feesInAll) => {
    // A lot at 1.01 costs 10,100 units and a fee of 10.1, so 11: a hundred fills ask for 90 units more than was held.
    const listing = { tickStep: 1, lotStep: 1, lotsMin: 1, notionalMin: 0, makerPpm: 1_000 } as Partial<Listing>
    const market = new ScriptedMarket({ listing })
    const world = new PaperWorld({
      market,
      options: { latencyScale: 0, deposits: { BTC: 0n, USDT: 1_010_000n + 1_010n + free } },
    })
    world.pass(10)
    world.router.adapters[0].place(testOrder(BUY, 101, 100))
    world.pass(2)
    expect(world.router.reports.map(({ kind }) => kind)).toEqual(['accepted'])
    for (let turn = 0; turn < 100; turn++) {
      market.trade(SELL, 101, 1)
      world.pass(0.5)
    }
    const fees = fills(world).map(({ fee }) => fee)
    expect(fees.length).toBe(100)
    expect(fees.every((fee) => fee === 10 || fee === 11)).toBe(true)
    expect(fees.reduce((sum, fee) => sum + fee)).toBe(feesInAll)
    expect(balances(world).USDT).toBe(Number(free) + 1_010 - feesInAll)
  })
})

describe('accounts', () => {
  test('two accounts trade with each other, price and time first; each is told its side', () => {
    const world = open()
    const other = world.addRouter({ account: 'other' })
    world.pass(10)
    world.router.adapters[0].place(testOrder(SELL, 9_950, 400))
    world.pass(2)
    other.adapters[0].place(testOrder(BUY, 10_000, 600, { tif: 'ioc' }))
    world.pass(2)
    expect(fills(world).map(({ lots, price, liquidity }) => [lots, price, liquidity])).toEqual([[400, 9_950, 1]])
    const theirs = other.reports.filter(({ kind }) => kind === 'fill')
    expect(theirs.map(({ lots, price, liquidity }) => [lots, price, liquidity])).toEqual([
      [400, 9_950, 2],
      [200, 10_000, 2],
    ])
    expect(new Set([...fills(world), ...theirs].map(({ execution }) => execution)).size).toBe(3)
  })

  test('the same id under two accounts is two orders', () => {
    const world = open()
    const other = world.addRouter({ account: 'other' })
    world.pass(10)
    for (const { adapters } of world.routers) adapters[0].place(testOrder(BUY, 9_950, 400))
    world.pass(2)
    expect(other.reports.map(({ kind }) => kind)).toEqual(['accepted'])
    other.adapters[0].cancelAll()
    world.pass(2)
    expect(other.reports.map(({ kind }) => kind)).toEqual(['accepted', 'canceled'])
    expect(world.router.reports.map(({ kind }) => kind)).toEqual(['accepted'])
  })

  test('more resting orders than the venue allows are refused; an IOC still goes', () => {
    const world = open({}, { options: { openOrdersMax: 2 } })
    const [adapter] = world.router.adapters
    for (let child = 1; child <= 3; child++) adapter.place(testOrder(BUY, 9_950, 400, { child }))
    adapter.place(testOrder(BUY, 10_000, 400, { tif: 'ioc', child: 4 }))
    world.pass(2)
    const told = world.router.reports.map(({ child, kind, reason }) => `${child} ${kind} ${reason}`)
    expect(told).toEqual([
      '1 accepted none',
      '2 accepted none',
      '3 rejected tooManyOpenOrders',
      '4 accepted none',
      '4 fill none',
    ])
  })

  test('the rate limit fills up again with time', () => {
    const market = new ScriptedMarket({ venue: { ordersPerSecond: 10, ordersBurst: 2 } })
    const world = new PaperWorld({ market, options: { latencyScale: 0 } })
    world.pass(10)
    const send = (from: number): string[] => {
      const before = world.router.reports.length
      for (let child = from; child < from + 3; child++)
        world.router.adapters[0].place(testOrder(BUY, 9_950, 400, { child }))
      world.pass(2)
      return world.router.reports.slice(before).map(({ kind }) => kind)
    }
    expect(send(1)).toEqual(['accepted', 'accepted', 'rejected'])
    world.pass(100)
    expect(send(4)).toEqual(['accepted', 'rejected', 'rejected'])
    world.pass(1_000)
    expect(send(7)).toEqual(['accepted', 'accepted', 'rejected'])
  })

  test('GTD orders end each at its own deadline; one that ended before stays as it was', () => {
    const world = open()
    const [adapter] = world.router.adapters
    const nowUs = world.clock.epochUs()
    const terms = (child: number, ms: number) => ({ tif: 'gtd', child, deadlineUs: nowUs + ms * 1_000 }) as const
    adapter.place(testOrder(BUY, 9_950, 400, terms(1, 100)))
    adapter.place(testOrder(BUY, 9_950, 400, terms(2, 300)))
    adapter.place(testOrder(BUY, 9_950, 400, terms(3, 200)))
    world.pass(50)
    adapter.cancel(1, 1, 1)
    world.pass(200)
    const told = (): string[] => world.router.reports.slice(3).map(({ child, kind }) => `${child} ${kind}`)
    expect(told()).toEqual(['1 canceled', '3 expired'])
    world.pass(200)
    expect(told()).toEqual(['1 canceled', '3 expired', '2 expired'])
  })

  test('a refused order is remembered as refused', () => {
    const world = open()
    world.router.adapters[0].place(testOrder(BUY, 9_951, 400))
    world.router.adapters[0].query(1, 1, 1)
    world.pass(2)
    expect(world.router.reports[1]).toMatchObject({ kind: 'status', isOpen: false, reason: 'priceFilter', filled: 0 })
  })
})
