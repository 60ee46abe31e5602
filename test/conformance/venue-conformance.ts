/**
 * What every door to a venue must do, whatever stands behind it. An implementation brings a bench: the adapter, a venue it
 * can play with, and a clock it can turn.
 */
import { describe, expect, test } from 'vitest'
import { Liquidity } from '../../shared/domain/execution-report.ts'
import type { Listing } from '../../shared/domain/instrument.ts'
import {
  ASK,
  BID,
  BUY,
  type ReportCopy,
  SELL,
  testOrder,
  type VenueBench,
  type VenueGaps,
} from './venue-conformance-bench.ts'

/** What stands behind the title of a test that an implementation cannot pass; nothing where it can. */
function skipped(reason: string | undefined): string {
  return reason === undefined ? '' : `(skipped: ${reason})`
}

export function describeVenue(
  name: string,
  open: (terms?: { burst?: number }) => VenueBench | Promise<VenueBench>,
  gaps: VenueGaps = {},
): void {
  /** A bench with a book: 100 lots at 1000, 1005 and 1010 offered, 100 bid at 990 and 985. */
  async function openWithBook(terms?: { burst?: number }): Promise<VenueBench> {
    const bench = await open(terms)
    bench.update([
      [ASK, 1000, 100],
      [ASK, 1005, 100],
      [ASK, 1010, 100],
      [BID, 990, 100],
      [BID, 985, 100],
    ])
    await bench.pass(bench.settleMs)
    return bench
  }

  function kinds(bench: VenueBench): string[] {
    return bench.reports.map(({ kind }) => kind)
  }

  function fills(bench: VenueBench): ReportCopy[] {
    return bench.reports.filter(({ kind }) => kind === 'fill')
  }

  describe(`${name}: orders`, () => {
    test('an IOC that the book covers is accepted and filled', async () => {
      const bench = await openWithBook()
      expect(bench.adapter.place(testOrder(BUY, 1000, 40, { tif: 'ioc', parent: 7, child: 3 }))).toBe(true)
      await bench.pass(bench.settleMs)
      expect(kinds(bench)).toEqual(['accepted', 'fill'])
      const [fill] = fills(bench)
      expect(fill).toMatchObject({ parent: 7, child: 3, lots: 40, price: 1000, filled: 40, liquidity: Liquidity.taker })
      expect(fill.execution).toBeGreaterThan(0)
      expect(fill.fee).toBeGreaterThan(0)
    })

    test('a fill over two levels is told level by level, cumulative, each under a number of its own', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1005, 150, { tif: 'ioc' }))
      await bench.pass(bench.settleMs)
      expect(fills(bench).map(({ lots, price, filled }) => [lots, price, filled])).toEqual([
        [100, 1000, 100],
        [50, 1005, 150],
      ])
      expect(fills(bench)[1].execution).not.toBe(fills(bench)[0].execution)
    })

    test.skipIf(gaps.growing !== undefined)(`execution numbers grow ${skipped(gaps.growing)}`, async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1005, 150, { tif: 'ioc' }))
      await bench.pass(bench.settleMs)
      expect(fills(bench)[1].execution).toBeGreaterThan(fills(bench)[0].execution)
    })

    test('what an IOC does not get expires', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1000, 150, { tif: 'ioc' }))
      await bench.pass(bench.settleMs)
      expect(kinds(bench)).toEqual(['accepted', 'fill', 'expired'])
      expect(bench.reports[2]).toMatchObject({ reason: 'iocNotFilled', lots: 50, filled: 100 })
    })

    test('a FOK is filled whole or not at all', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1005, 250, { tif: 'fok', child: 1 }))
      bench.adapter.place(testOrder(BUY, 1005, 200, { tif: 'fok', child: 2 }))
      await bench.pass(bench.settleMs)
      const first = bench.reports.filter(({ child }) => child === 1)
      expect(first[first.length - 1]).toMatchObject({ kind: 'expired', reason: 'fokNotFillable', filled: 0 })
      expect(fills(bench).map(({ child, lots }) => [child, lots])).toEqual([
        [2, 100],
        [2, 100],
      ])
    })

    test('a GTC rests, fills in parts as others trade, and is a maker', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 995, 50))
      await bench.pass(bench.settleMs)
      expect(kinds(bench)).toEqual(['accepted'])
      bench.trade(SELL, 995, 20)
      await bench.pass(bench.settleMs)
      bench.trade(SELL, 995, 100)
      await bench.pass(bench.settleMs)
      expect(fills(bench).map(({ lots, price, filled }) => [lots, price, filled])).toEqual([
        [20, 995, 20],
        [30, 995, 50],
      ])
      expect(fills(bench).every(({ liquidity }) => liquidity === Liquidity.maker)).toBe(true)
    })

    test('a resting order waits behind what was shown at its price', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 990, 50))
      await bench.pass(bench.settleMs)
      bench.trade(SELL, 990, 90)
      await bench.pass(bench.settleMs)
      expect(fills(bench)).toEqual([])
      bench.trade(SELL, 990, 30)
      await bench.pass(bench.settleMs)
      expect(fills(bench).map(({ lots }) => lots)).toEqual([20])
    })

    test('post-only rests, or ends without taking when it would take', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1000, 40, { postOnly: true, child: 1 }))
      bench.adapter.place(testOrder(BUY, 995, 40, { postOnly: true, child: 2 }))
      await bench.pass(bench.settleMs)
      expect(fills(bench)).toEqual([])
      const taker = bench.reports.filter(({ child }) => child === 1)
      expect(['rejected', 'canceled', 'expired']).toContain(taker[taker.length - 1].kind)
      expect(bench.reports.filter(({ child }) => child === 2).map(({ kind }) => kind)).toEqual(['accepted'])
    })

    const reasons = gaps.endReasons
    test.skipIf(reasons !== undefined)(`post-only that would take is refused as that ${skipped(reasons)}`, async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1000, 40, { postOnly: true, child: 1 }))
      bench.adapter.place(testOrder(BUY, 995, 40, { postOnly: true, child: 2 }))
      await bench.pass(bench.settleMs)
      expect(bench.reports.map(({ child, kind, reason }) => [child, kind, reason])).toEqual([
        [1, 'rejected', 'postOnlyWouldTake'],
        [2, 'accepted', 'none'],
      ])
    })

    test('an order stops before one of its own account', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(SELL, 995, 40, { child: 1 }))
      await bench.pass(bench.settleMs)
      bench.adapter.place(testOrder(BUY, 1000, 60, { tif: 'ioc', child: 2 }))
      await bench.pass(bench.settleMs)
      expect(bench.reports[bench.reports.length - 1]).toMatchObject({ child: 2, kind: 'expired', filled: 0 })
      expect(fills(bench)).toEqual([])
    })

    test.skipIf(reasons !== undefined)(`and says that it was a self-trade ${skipped(reasons)}`, async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(SELL, 995, 40, { child: 1 }))
      await bench.pass(bench.settleMs)
      bench.adapter.place(testOrder(BUY, 1000, 60, { tif: 'ioc', child: 2 }))
      await bench.pass(bench.settleMs)
      expect(bench.reports[bench.reports.length - 1]).toMatchObject({ child: 2, kind: 'expired', reason: 'selfTrade' })
    })

    test.skipIf(gaps.gtd !== undefined)(`a GTD ends at its deadline ${skipped(gaps.gtd)}`, async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 995, 40, { tif: 'gtd', deadlineUs: bench.nowUs() + 2_000_000 }))
      await bench.pass(1_000)
      expect(kinds(bench)).toEqual(['accepted'])
      await bench.pass(2_000)
      expect(bench.reports[1]).toMatchObject({ kind: 'expired', reason: 'expired', lots: 40, filled: 0 })
    })
  })

  describe(`${name}: cancel`, () => {
    test('ends a resting order', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 995, 40, { parent: 5, child: 6 }))
      await bench.pass(bench.settleMs)
      expect(bench.adapter.cancel(1, 5, 6)).toBe(true)
      await bench.pass(bench.settleMs)
      expect(bench.reports[1]).toMatchObject({ kind: 'canceled', parent: 5, child: 6, lots: 40, filled: 0 })
      bench.trade(SELL, 995, 100)
      await bench.pass(bench.settleMs)
      expect(fills(bench)).toEqual([])
    })

    test('of an ended or unknown order is refused', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1000, 40, { tif: 'ioc', child: 1 }))
      await bench.pass(bench.settleMs)
      bench.adapter.cancel(1, 1, 1)
      bench.adapter.cancel(1, 1, 99)
      await bench.pass(bench.settleMs)
      expect(bench.reports.slice(2).map(({ kind, child, reason }) => [kind, child, reason])).toEqual([
        ['cancelRejected', 1, 'unknownOrder'],
        ['cancelRejected', 99, 'unknownOrder'],
      ])
    })

    test('crosses a fill: the fill wins, the cancel is refused, and the lots add up', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 995, 40))
      await bench.pass(bench.settleMs)
      bench.trade(SELL, 995, 40)
      bench.adapter.cancel(1, 1, 1)
      await bench.pass(bench.settleMs)
      expect(kinds(bench)).toEqual(['accepted', 'fill', 'cancelRejected'])
      expect(bench.reports[1]).toMatchObject({ lots: 40, filled: 40 })
    })

    test('all: every open order ends, ended ones stay as they are', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 995, 40, { child: 1 }))
      bench.adapter.place(testOrder(BUY, 980, 40, { child: 2 }))
      bench.adapter.place(testOrder(BUY, 1000, 40, { tif: 'ioc', child: 3 }))
      await bench.pass(bench.settleMs)
      const before = bench.reports.length
      expect(bench.adapter.cancelAll()).toBe(true)
      await bench.pass(bench.settleMs)
      const after = bench.reports.slice(before)
      expect(after.map(({ kind }) => kind)).toEqual(['canceled', 'canceled'])
      expect(after.map(({ child }) => child).sort()).toEqual([1, 2])
    })
  })

  describe(`${name}: replace`, () => {
    test.skipIf(gaps.replace !== undefined)(
      `new price and quantity, same identity ${skipped(gaps.replace)}`,
      async () => {
        const bench = await openWithBook()
        bench.adapter.place(testOrder(BUY, 990, 50))
        await bench.pass(bench.settleMs)
        expect(bench.adapter.replace(testOrder(BUY, 995, 80))).toBe(true)
        await bench.pass(bench.settleMs)
        expect(bench.reports.slice(1)).toMatchObject([{ kind: 'replaced', price: 995, lots: 80 }])
        bench.trade(SELL, 995, 100)
        await bench.pass(bench.settleMs)
        expect(bench.reports[2]).toMatchObject({ kind: 'fill', lots: 80, filled: 80 })
      },
    )

    test.skipIf(gaps.replace !== undefined)(`of an ended order is not sent ${skipped(gaps.replace)}`, async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1000, 40, { tif: 'ioc' }))
      await bench.pass(bench.settleMs)
      expect(bench.adapter.replace(testOrder(BUY, 995, 80))).toBe(false)
    })
  })

  describe(`${name}: rules`, () => {
    const rules: readonly (readonly [string, string, (listing: Listing) => readonly [number, number]])[] = [
      ['price grid', 'priceFilter', ({ tickStep }) => [995 + tickStep - 1, 40]],
      ['lot grid', 'lotSize', ({ lotStep, lotsMin }) => [995, lotsMin + lotStep + 1]],
      ['smallest quantity', 'minQuantity', ({ lotStep, lotsMin }) => [995, lotsMin - lotStep]],
      ['largest quantity', 'maxQuantity', ({ lotStep, lotsMax }) => [995, lotsMax + lotStep]],
      ['smallest notional', 'minNotional', ({ tickStep, lotsMin }) => [tickStep, lotsMin]],
    ]
    test.each(rules)('%s: %s', async (_rule, reason, order) => {
      const bench = await openWithBook()
      const [price, lots] = order(bench.listing)
      bench.adapter.place(testOrder(BUY, price, lots))
      await bench.pass(bench.settleMs)
      expect(bench.reports.map(({ kind, reason: why }) => [kind, why])).toEqual([['rejected', reason]])
    })

    test('more than the account has: insufficientBalance', async () => {
      const bench = await openWithBook()
      // A maximal order at a price no balance covers.
      bench.adapter.place(testOrder(BUY, 2_000_000_000, bench.listing.lotsMax))
      await bench.pass(bench.settleMs)
      expect(bench.reports[0]).toMatchObject({ kind: 'rejected', reason: 'insufficientBalance' })
    })

    test('an instrument that is not listed: unknownSymbol', async () => {
      const bench = await openWithBook()
      const order = testOrder(BUY, 995, 40)
      order.instrument = 999 as typeof order.instrument
      bench.adapter.place(order)
      await bench.pass(bench.settleMs)
      expect(bench.reports[0]).toMatchObject({ kind: 'rejected', reason: 'unknownSymbol' })
    })

    test('an order that arrives after its deadline: outsideReceiveWindow', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 995, 40, { deadlineUs: bench.nowUs() - 1 }))
      await bench.pass(bench.settleMs)
      expect(bench.reports[0]).toMatchObject({ kind: 'rejected', reason: 'outsideReceiveWindow' })
    })

    test('an id that was used: the second is refused and the first goes on', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 995, 40))
      bench.adapter.place(testOrder(BUY, 990, 60))
      await bench.pass(bench.settleMs)
      expect(bench.reports.map(({ kind, reason }) => [kind, reason])).toEqual([
        ['accepted', 'none'],
        ['rejected', 'duplicateClientOrderId'],
      ])
      bench.adapter.query(1, 1, 1)
      await bench.pass(bench.settleMs)
      expect(bench.reports[2]).toMatchObject({ kind: 'status', isOpen: true, lots: 40, price: 995 })
    })

    test.skipIf(gaps.rateLimit !== undefined)(
      `too many orders at once: rateLimited ${skipped(gaps.rateLimit)}`,
      async () => {
        const bench = await openWithBook({ burst: 5 })
        for (let child = 1; child <= bench.burst + 2; child++) bench.adapter.place(testOrder(BUY, 995, 40, { child }))
        await bench.pass(bench.settleMs)
        expect(bench.reports.filter(({ kind }) => kind === 'accepted').length).toBeGreaterThanOrEqual(bench.burst)
        const last = bench.reports.filter(({ child }) => child === bench.burst + 2)
        expect(last).toMatchObject([{ kind: 'rejected', reason: 'rateLimited' }])
      },
    )
  })

  describe(`${name}: after silence`, () => {
    test('an order in flight when the link breaks is found, with its fills', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 1000, 40, { tif: 'ioc' }))
      await bench.pass(1)
      bench.cut()
      await bench.pass(bench.settleMs)
      expect(bench.adapter.isUp).toBe(false)
      expect(bench.adapter.place(testOrder(BUY, 1000, 40, { child: 2 }))).toBe(false)
      expect(bench.news[bench.news.length - 1]).toMatch(/^down/)
      bench.mend()
      await bench.pass(3_000)
      expect(bench.news[bench.news.length - 1]).toMatch(/^up/)
      const before = bench.reports.length
      bench.adapter.query(1, 1, 1)
      await bench.pass(bench.settleMs)
      expect(bench.reports.slice(before).map(({ kind, filled }) => [kind, filled])).toEqual([
        ['fill', 40],
        ['status', 40],
      ])
      expect(bench.reports[bench.reports.length - 1].isOpen).toBe(false)
    })

    test('an order that never arrived is not found, also after its deadline', async () => {
      const bench = await openWithBook()
      bench.adapter.query(1, 1, 77)
      await bench.pass(bench.settleMs)
      expect(bench.reports[0]).toMatchObject({ kind: 'notFound', parent: 1, child: 77 })
      await bench.pass(1_000)
      bench.adapter.query(1, 1, 77)
      await bench.pass(bench.settleMs)
      expect(bench.reports[1].kind).toBe('notFound')
      expect(bench.reports.length).toBe(2)
    })

    test('resting orders go on without us, and reconcile tells what happened', async () => {
      const bench = await openWithBook()
      bench.adapter.place(testOrder(BUY, 995, 40, { child: 1 }))
      bench.adapter.place(testOrder(BUY, 980, 60, { child: 2 }))
      await bench.pass(bench.settleMs)
      bench.cut()
      await bench.pass(bench.settleMs)
      bench.trade(SELL, 995, 30)
      await bench.pass(bench.settleMs)
      bench.mend()
      await bench.pass(3_000)
      const before = bench.reports.length
      expect(bench.adapter.reconcile(0)).toBe(true)
      await bench.pass(bench.settleMs)
      const told = bench.reports.slice(before)
      expect(told.filter(({ kind }) => kind === 'fill').map(({ child, lots }) => [child, lots])).toEqual([[1, 30]])
      const open = told.filter(({ kind }) => kind === 'status')
      expect(open.map(({ child, filled, isOpen }) => [child, filled, isOpen])).toEqual([
        [1, 30, true],
        [2, 0, true],
      ])
      expect(told.some(({ kind, units }) => kind === 'balance' && units > 0)).toBe(true)
      expect(told[told.length - 1].kind).toBe('reconciled')
    })

    /** Three fills, and what reconcile says again of them after the first. */
    async function repeated(bench: VenueBench): Promise<ReportCopy[]> {
      for (let child = 1; child <= 3; child++) bench.adapter.place(testOrder(BUY, 1000, 30, { tif: 'ioc', child }))
      await bench.pass(bench.settleMs)
      const before = bench.reports.length
      bench.adapter.reconcile(fills(bench)[0].execution)
      await bench.pass(bench.settleMs)
      return bench.reports.slice(before).filter(({ kind }) => kind === 'fill')
    }

    test('reconcile repeats the fills after the number, exactly as they were', async () => {
      const bench = await openWithBook()
      const again = await repeated(bench)
      const [first, second, third] = fills(bench)
      expect(again.filter(({ execution }) => execution !== first.execution)).toEqual([second, third])
    })

    test.skipIf(gaps.fillsAfter !== undefined)(`and no other fills ${skipped(gaps.fillsAfter)}`, async () => {
      const bench = await openWithBook()
      expect(await repeated(bench)).toHaveLength(2)
    })

    test('what is free shrinks by what open orders hold and comes back with their end', async () => {
      const bench = await openWithBook()
      const free = async (): Promise<number[]> => {
        const before = bench.reports.length
        bench.adapter.reconcile(0)
        await bench.pass(bench.settleMs)
        const told = bench.reports.slice(before).filter(({ kind }) => kind === 'balance')
        return told.sort((a, b) => a.asset - b.asset).map(({ units }) => units)
      }
      const start = await free()
      bench.adapter.place(testOrder(SELL, 1100, 40))
      await bench.pass(bench.settleMs)
      const during = await free()
      expect(during.filter((units, at) => units < start[at]).length).toBe(1)
      bench.adapter.cancelAll()
      await bench.pass(bench.settleMs)
      expect(await free()).toEqual(start)
    })
  })
}
