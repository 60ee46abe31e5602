/** The adapter against the emulated Binance while answers are lost, doubled and broken: nothing is lost and nothing is told twice. */
import { expect, test } from 'vitest'
import { ASK, BID, BUY, SELL, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { type BinanceWorld, openBinance } from '../binance/binance-world.ts'

function openWithBook(): BinanceWorld {
  const world = openBinance()
  world.update([
    [ASK, 1000, 100],
    [ASK, 1005, 100],
    [BID, 990, 100],
  ])
  world.pass(100)
  return world
}

function kinds(world: BinanceWorld): string[] {
  return world.reports.map(({ kind }) => kind)
}

test('the answer to an order is lost: the stream tells it all, once', () => {
  const world = openWithBook()
  world.faults.dropAnswers(1, 'POST /api/v3/order')
  world.adapter.place(testOrder(BUY, 1005, 150, { tif: 'ioc' }))
  world.pass(7_000)
  expect(kinds(world).filter((kind) => kind !== 'balance')).toEqual(['accepted', 'fill', 'fill'])
  expect(world.adapter.counters.lost).toBe(1)
})

test('a broken front end answers 502 to an order that filled: not a refusal, and the fills count', () => {
  const world = openWithBook()
  world.faults.failAnswers(1, 'POST /api/v3/order')
  world.adapter.place(testOrder(BUY, 1000, 40, { tif: 'ioc' }))
  world.pass(100)
  expect(kinds(world)).toEqual(['accepted', 'fill'])
})

test('stream messages come twice: told once', () => {
  const world = openWithBook()
  world.faults.repeatMessages(10)
  world.adapter.place(testOrder(BUY, 1005, 150, { tif: 'ioc' }))
  world.pass(100)
  expect(kinds(world)).toEqual(['accepted', 'fill', 'fill'])
})

test('sockets cut while an order fills: up again, reconciled, every fill told exactly', () => {
  const world = openWithBook()
  world.adapter.place(testOrder(BUY, 995, 50))
  world.pass(100)
  world.faults.disconnectSockets()
  world.trade(SELL, 995, 20)
  world.pass(2_000)
  expect(world.news.slice(-2)).toEqual(['down 0', 'up 0'])
  world.faults.failAnswers(1, 'GET /api/v3/myTrades')
  world.faults.dropAnswers(1, 'GET /api/v3/account')
  world.adapter.reconcile(0)
  world.pass(20_000)
  expect(world.adapter.counters.reconcileRetries).toBe(2)
  expect(kinds(world)[kinds(world).length - 1]).toBe('reconciled')
  const fills = world.reports.filter(({ kind }) => kind === 'fill')
  expect(new Set(fills.map(({ execution }) => execution)).size).toBe(1)
  expect(fills[0]).toMatchObject({ lots: 20, filled: 20, price: 995 })
})

test("the venue's clock steps: refused once, measured again, and orders go on", () => {
  const world = openWithBook()
  world.pass(3_000)
  world.faults.clockSkewMs = 10_000
  world.adapter.place(testOrder(BUY, 995, 50, { child: 1 }))
  world.pass(100)
  expect(world.reports).toMatchObject([{ kind: 'rejected', reason: 'outsideReceiveWindow' }])
  world.adapter.place(testOrder(BUY, 995, 50, { child: 2 }))
  world.pass(100)
  expect(world.reports[1]).toMatchObject({ kind: 'accepted', child: 2 })
})

test('replace: new price and quantity under the same identity', () => {
  const world = openWithBook()
  world.adapter.place(testOrder(BUY, 990, 50))
  world.pass(100)
  expect(world.adapter.replace(testOrder(BUY, 995, 80))).toBe(true)
  world.pass(100)
  expect(world.reports.slice(1)).toMatchObject([{ kind: 'replaced', price: 995, lots: 80 }])
  world.trade(SELL, 995, 100)
  world.pass(100)
  expect(world.reports[2]).toMatchObject({ kind: 'fill', lots: 80, filled: 80 })
})
