import { describe, expect, test } from 'vitest'
import { BookState, bookStateNames } from '../../../../../hotpath/book/book-table.ts'
import { ASK, BUY, FIRST_INSTRUMENT, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { FIRST_VENUE, PaperWorld, ScriptedMarket } from './paper-world.ts'

describe('a link', () => {
  test('knows its market, then says that every venue is up', () => {
    const world = new PaperWorld({ market: new ScriptedMarket({ venues: 3 }) })
    world.pass(20)
    const { link, news } = world.router
    expect(link.market?.market).toBe('scripted')
    expect(link.market?.listings.length).toBe(3)
    expect(news).toEqual(['up 0', 'up 1', 'up 2'])
  })

  test('tries again ever later, up to a second, never at the same pace', () => {
    const world = new PaperWorld()
    const { router } = world
    router.cut()
    world.pass(20_000)
    const waits = router.triesMs.slice(1).map((ms, at) => ms - router.triesMs[at])
    expect(waits[0]).toBeLessThan(15)
    const late = waits.slice(-10)
    expect(Math.max(...late)).toBeLessThanOrEqual(1_000.5)
    expect(Math.min(...late)).toBeGreaterThanOrEqual(499)
    expect(new Set(late).size).toBeGreaterThan(5)
    router.mend()
    world.pass(1_200)
    expect(router.link.isUp).toBe(true)
  })

  test('when it breaks: venues are down, books stale, orders refused; afterwards all is live again', () => {
    const world = new PaperWorld({ market: new ScriptedMarket({ venues: 2 }) })
    world.market.update([[ASK, 1_000, 100]])
    world.pass(100)
    const { adapters, books, link, news } = world.router
    const state = (): string => bookStateNames[books!.state(books!.row(FIRST_INSTRUMENT, FIRST_VENUE))]
    expect(state()).toBe('live')
    world.router.cut()
    world.pass(5)
    expect(news.slice(2)).toEqual(['down 0', 'down 1'])
    expect(state()).toBe('stale')
    const order = testOrder(BUY, 1_000, 40)
    expect([adapters[0].place(order), adapters[0].cancel(1, 1, 1), adapters[0].query(1, 1, 1)]).toEqual([
      false,
      false,
      false,
    ])
    expect([adapters[0].cancelAll(), adapters[0].reconcile(0), link.isUp]).toEqual([false, false, false])
    world.market.update([[ASK, 1_005, 100]])
    world.router.mend()
    world.pass(2_000)
    expect(news.slice(4)).toEqual(['up 0', 'up 1'])
    expect(state()).toBe('live')
    expect(world.router.levels(ASK)).toEqual([
      [1_000, 100],
      [1_005, 100],
    ])
    expect(books!.state(books!.row(FIRST_INSTRUMENT, FIRST_VENUE))).toBe(BookState.live)
  })

  test('takes no orders while its socket does not send', () => {
    const world = new PaperWorld()
    world.pass(50)
    const { adapters, link, pipe } = world.router
    pipe!.unsentBytes = 2 ** 21
    expect(adapters[0].place(testOrder(BUY, 1_000, 40))).toBe(false)
    expect(link.isUp).toBe(true)
    pipe!.unsentBytes = 0
    expect(adapters[0].place(testOrder(BUY, 1_000, 40))).toBe(true)
  })

  test('a wrong token never gets up', () => {
    const world = new PaperWorld({ options: { token: 'right' }, token: 'wrong' })
    world.pass(500)
    expect(world.router.link.market).toBeUndefined()
    expect(world.exchange.protocolErrors).toBeGreaterThan(1)
    expect(world.exchange.connected).toBe(0)
  })
})
