/** Venues that are behind themselves: an order just placed that no list shows, an end that does not say what was filled. */
import { expect, test } from 'vitest'
import { CcxtGrid } from '../../../../../hotpath/venues/ccxt/ccxt-grid.ts'
import { CcxtOrders } from '../../../../../hotpath/venues/ccxt/ccxt-orders.ts'
import { clientIdRule } from '../../../../../hotpath/venues/ccxt/client-order-id.ts'
import type { VenueIndex } from '../../../../../shared/units/ids.ts'
import { type MonoNs, NS_PER_S } from '../../../../../shared/units/time.ts'
import { BUY, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { ReportList, ScriptedCcxt, settle, spot, TestClock } from './scripted-ccxt.ts'

const ASKER = 3
const identity = { epoch: 1, parentSequence: 1, childSequence: 1 }

class Bench {
  readonly client = new ScriptedCcxt()
  readonly reports = new ReportList()
  readonly clock = new TestClock()
  readonly orders = new CcxtOrders({
    client: this.client,
    rule: clientIdRule(this.client.id)!,
    venue: 0 as VenueIndex,
    grids: [new CcxtGrid(spot)],
    assets: ['BTC', 'USDT'],
    reports: this.reports,
    clock: this.clock,
    say: () => undefined,
  })

  async place(terms: Parameters<typeof testOrder>[3] = {}): Promise<void> {
    this.orders.place(ASKER, testOrder(BUY, 2_000_050, 100, terms))
    await settle()
  }

  async query(): Promise<void> {
    this.orders.query(identity, ASKER)
    await settle()
  }

  async pass(seconds: number): Promise<void> {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      this.clock.ns += NS_PER_S / 10
      this.orders.work(this.clock.monoNs() as MonoNs)
      await settle()
    }
  }
}

test('an order just accepted that no list shows yet has not ended', async () => {
  const bench = new Bench()
  await bench.place()
  const hidden = bench.client.orders.splice(0)
  await bench.query()
  expect(bench.reports.kinds).toEqual(['accepted'])
  bench.client.orders.push(...hidden)
  await bench.query()
  expect(bench.reports.list.at(-1)).toMatchObject({ kind: 'status', isOpen: true })
})

test('one that is forgotten later has ended with what it traded', async () => {
  const bench = new Bench()
  await bench.place()
  bench.client.fill(bench.client.orders[0], 0.003, 20_000.5)
  bench.client.orders.splice(0)
  await bench.pass(6)
  await bench.query()
  await bench.pass(6)
  await bench.query()
  expect(bench.reports.list.at(-1)).toMatchObject({ kind: 'status', isOpen: false, filled: 30 })
})

test('an end that does not say what was filled waits for the trades, which come later', async () => {
  const bench = new Bench()
  bench.client.onPlaced = (order) => {
    order.status = 'canceled'
    order.filled = undefined
  }
  await bench.place({ tif: 'ioc' })
  await bench.query()
  await bench.pass(2)
  expect(bench.reports.kinds).toEqual(['accepted'])
  const [order] = bench.client.orders
  bench.client.fill(order, 0.004, 20_000.5)
  order.filled = undefined
  await bench.pass(6)
  expect(bench.reports.kinds).toEqual(['accepted', 'fill', 'expired'])
  expect(bench.reports.list.at(-1)).toMatchObject({ lots: 60, filled: 40 })
})

test('a canceled order that the venue forgets at once: its end waits for its trades', async () => {
  const bench = new Bench()
  await bench.place()
  const [order] = bench.client.orders
  bench.client.cancelOrder = async () => bench.client.orders.splice(0)
  bench.orders.cancel(identity, ASKER)
  await settle()
  expect(bench.reports.kinds).toEqual(['accepted'])
  bench.client.fill(order, 0.004, 20_000.5)
  await bench.pass(7)
  expect(bench.reports.kinds).toEqual(['accepted', 'fill', 'canceled'])
  expect(bench.reports.list.at(-1)).toMatchObject({ lots: 60, filled: 40 })
})
