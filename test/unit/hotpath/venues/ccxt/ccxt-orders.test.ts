import { describe, expect, test } from 'vitest'
import { CcxtGrid } from '../../../../../hotpath/venues/ccxt/ccxt-grid.ts'
import { CcxtOrders } from '../../../../../hotpath/venues/ccxt/ccxt-orders.ts'
import { clientIdRule } from '../../../../../hotpath/venues/ccxt/client-order-id.ts'
import type { NativeListing } from '../../../../../hotpath/venues/native/venue-units.ts'
import { Liquidity } from '../../../../../shared/domain/execution-report.ts'
import type { Listing } from '../../../../../shared/domain/instrument.ts'
import type { VenueIndex } from '../../../../../shared/units/ids.ts'
import { type MonoNs, NS_PER_S } from '../../../../../shared/units/time.ts'
import { BUY, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { ccxtError, ReportList, ScriptedCcxt, START_MS, settle, spot, TestClock } from './scripted-ccxt.ts'

const ID = 's00010000001001'
const ASKER = 3
const identity = { epoch: 1, parentSequence: 1, childSequence: 1 }

class Bench {
  readonly client: ScriptedCcxt
  readonly reports = new ReportList()
  readonly clock = new TestClock()
  readonly lines: string[] = []
  readonly #listed: NativeListing
  orders: CcxtOrders

  constructor(client = new ScriptedCcxt(), terms: { readonly [Rule in keyof Listing]?: number } = {}) {
    this.client = client
    this.#listed = { ...spot, listing: { ...spot.listing, ...(terms as Partial<Listing>) } }
    this.orders = this.restart()
  }

  /** As after kill -9: nothing is remembered. */
  restart(): CcxtOrders {
    this.orders = new CcxtOrders({
      client: this.client,
      rule: clientIdRule(this.client.id)!,
      venue: 0 as VenueIndex,
      grids: [new CcxtGrid(this.#listed)],
      assets: ['BTC', 'USDT'],
      reports: this.reports,
      clock: this.clock,
      say: (line) => this.lines.push(line),
    })
    return this.orders
  }

  async pass(seconds: number): Promise<void> {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      this.clock.ns += NS_PER_S / 10
      this.orders.work(this.clock.monoNs() as MonoNs)
      await settle()
    }
  }

  async place(terms: Parameters<typeof testOrder>[3] = {}, lots = 100): Promise<void> {
    this.orders.place(ASKER, testOrder(BUY, 2_000_050, lots, terms))
    await settle()
  }

  get last() {
    return this.reports.list.at(-1)
  }
}

describe('placing', () => {
  test('sends price, amount, our id and the time in force; the answer is accepted', async () => {
    const bench = new Bench()
    await bench.place()
    expect(bench.client.placed).toEqual([{ clientOrderId: ID }])
    expect(bench.reports.list).toMatchObject([{ kind: 'accepted', parent: 1, child: 1, lots: 100 }])
  })

  test('an IOC that fills in part is accepted, filled and expires', async () => {
    const bench = new Bench()
    bench.client.onPlaced = (order) => {
      bench.client.fill(order, 0.004, 20_000.5)
      order.status = 'canceled'
    }
    await bench.place({ tif: 'ioc' })
    expect(bench.client.placed[0]).toEqual({ clientOrderId: ID, timeInForce: 'IOC' })
    expect(bench.reports.kinds).toEqual(['accepted', 'fill', 'expired'])
    expect(bench.reports.list[1]).toMatchObject({
      execution: 5_000,
      lots: 40,
      price: 2_000_050,
      filled: 40,
      fee: 8_000_200,
      feeInBase: false,
      liquidity: Liquidity.taker,
    })
    expect(bench.last).toMatchObject({ reason: 'iocNotFilled', lots: 60, filled: 40 })
  })

  test('a whole fill is said by the fill alone', async () => {
    const bench = new Bench()
    bench.client.onPlaced = (order) => bench.client.fill(order, 0.01, 20_000.5)
    await bench.place({ tif: 'ioc' })
    await bench.pass(3)
    expect(bench.reports.kinds).toEqual(['accepted', 'fill'])
  })

  test('a FOK or IOC that rests anyway is canceled at once', async () => {
    const bench = new Bench()
    await bench.place({ tif: 'fok' })
    expect(bench.client.calls).toContain('cancelOrder')
    expect(bench.last).toMatchObject({ kind: 'expired', reason: 'fokNotFillable', filled: 0 })
  })

  test.each([
    ['InsufficientFunds', 'insufficientBalance'],
    ['RateLimitExceeded', 'rateLimited'],
    ['DuplicateOrderId', 'duplicateClientOrderId'],
    ['InvalidOrder', 'unknown'],
    ['AuthenticationError', 'unknown'],
  ])('%s is a refusal: %s', async (name, reason) => {
    const bench = new Bench()
    bench.client.errors.set('createOrder', ccxtError(name))
    await bench.place()
    expect(bench.reports.list).toMatchObject([{ kind: 'rejected', reason }])
  })

  test.each([
    'NetworkError',
    'RequestTimeout',
    'ExchangeNotAvailable',
    'ExchangeError',
    'OrderNotFound',
    'TypeError',
  ])('%s says nothing, sends nothing twice, and the question finds what became of it', async (name) => {
    for (const isDone of [true, false]) {
      const bench = new Bench()
      bench.client.errors.set(isDone ? 'createOrder!' : 'createOrder', ccxtError(name))
      await bench.place()
      await bench.pass(6)
      expect(bench.reports.list).toEqual([])
      bench.orders.query(identity, ASKER)
      await settle()
      expect(bench.reports.kinds).toEqual(isDone ? ['accepted', 'status'] : ['notFound'])
      expect(bench.client.calls.filter((call) => call === 'createOrder')).toHaveLength(1)
    }
  })

  test('what would not arrive as it was meant is not sent', async () => {
    const bench = new Bench()
    bench.client.amountToPrecision = () => '0.0099'
    await bench.place()
    expect(bench.last).toMatchObject({ kind: 'rejected', reason: 'lotSize', asker: ASKER })
    bench.client.amountToPrecision = (_symbol, amount) => String(amount)
    bench.client.priceToPrecision = () => '20000.5000001'
    await bench.place()
    expect(bench.last).toMatchObject({ reason: 'priceFilter' })
    bench.client.priceToPrecision = () => {
      throw ccxtError('InvalidOrder')
    }
    await bench.place()
    expect(bench.last).toMatchObject({ reason: 'priceFilter' })
    expect(bench.client.calls).toEqual([])
  })

  test('late, GTD, unlisted and repeated orders are not sent', async () => {
    const bench = new Bench()
    await bench.place({ deadlineUs: START_MS * 1_000 - 1 })
    await bench.place({ tif: 'gtd' })
    const elsewhere = testOrder(BUY, 1, 1)
    elsewhere.instrument = 9 as never
    bench.orders.place(ASKER, elsewhere)
    expect(bench.reports.list.map(({ reason }) => reason)).toEqual(['outsideReceiveWindow', 'notSent', 'unknownSymbol'])
    await bench.place()
    await bench.place()
    expect(bench.last).toMatchObject({ kind: 'rejected', reason: 'duplicateClientOrderId' })
    expect(bench.client.orders).toHaveLength(1)
  })

  test('of two under one id the second is refused after the first was told', async () => {
    const bench = new Bench()
    bench.orders.place(ASKER, testOrder(BUY, 2_000_050, 100))
    bench.orders.place(ASKER, testOrder(BUY, 2_000_000, 60))
    await settle()
    expect(bench.reports.list.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['accepted', 'none'],
      ['rejected', 'duplicateClientOrderId'],
    ])
  })

  test('what breaks the rules of the listing is refused by their names, unsent', async () => {
    const bench = new Bench(new ScriptedCcxt(), {
      tickStep: 5,
      lotStep: 10,
      lotsMin: 20,
      lotsMax: 1_000,
      notionalMin: 30_000,
    })
    const orders: [number, number, string][] = [
      [2_000_051, 100, 'priceFilter'],
      [2_000_050, 101, 'lotSize'],
      [2_000_050, 10, 'minQuantity'],
      [2_000_050, 1_010, 'maxQuantity'],
      [1_000, 20, 'minNotional'],
    ]
    for (const [price, lots, reason] of orders) {
      bench.orders.place(ASKER, testOrder(BUY, price, lots))
      expect(bench.last).toMatchObject({ kind: 'rejected', reason })
    }
    await settle()
    expect(bench.client.calls).toEqual([])
  })

  test('more at once than the queue may hold are refused', async () => {
    const bench = new Bench()
    bench.client.hang.add('createOrder')
    for (let child = 1; child <= 9; child++) await bench.place({ child })
    expect(bench.reports.list).toMatchObject([{ child: 9, kind: 'rejected', reason: 'rateLimited' }])
  })
})

describe('fills', () => {
  test('of a resting order come by asking, each once; its end is canceled', async () => {
    const bench = new Bench()
    await bench.place()
    bench.client.fill(bench.client.orders[0], 0.003, 20_000.5, { takerOrMaker: 'maker' })
    await bench.pass(2)
    bench.client.fill(bench.client.orders[0], 0.002, 20_000.5)
    await bench.pass(3)
    expect(bench.reports.list.map(({ kind, lots, filled }) => [kind, lots, filled])).toEqual([
      ['accepted', 100, 0],
      ['fill', 30, 30],
      ['fill', 20, 50],
    ])
    bench.orders.cancel(identity, ASKER)
    await settle()
    expect(bench.last).toMatchObject({ kind: 'canceled', reason: 'userCancel', lots: 50, filled: 50 })
  })

  test('fees: base, rebates, finer than ours, third assets and untold', async () => {
    const bench = new Bench()
    await bench.place({}, 50)
    const [order] = bench.client.orders
    const fees = [
      { cost: 0.0000011, currency: 'BTC' },
      { cost: -0.01, currency: 'USDT' },
      { cost: 0.000000011, currency: 'USDT' },
      { cost: 0.5, currency: 'MX' },
      undefined,
    ]
    for (const fee of fees) bench.client.fill(order, 0.001, 20_000, { fee })
    await bench.pass(2)
    // 0.001 x 20,000 at 0.1 % is 0.02 USDT where the venue's own fee cannot be said.
    expect(bench.reports.list.slice(1).map(({ fee, feeInBase }) => [fee, feeInBase])).toEqual([
      [110, true],
      [-1_000_000, false],
      [2, false],
      [2_000_000, false],
      [2_000_000, false],
    ])
  })

  test('a trade that is not on the grid is not told; the claim makes the router ask', async () => {
    const bench = new Bench()
    await bench.place()
    bench.client.fill(bench.client.orders[0], 0.01, 20_000.123)
    await bench.pass(2)
    expect(bench.last).toMatchObject({ kind: 'status', isOpen: false, lots: 100, price: 2_000_050, filled: 100 })
    expect(bench.orders.counters.unreadable).toBeGreaterThan(0)
  })
})

describe('cancel', () => {
  test('of what has ended or never was is refused as unknown', async () => {
    const bench = new Bench()
    await bench.pass(6)
    bench.orders.cancel(identity, ASKER)
    await settle()
    expect(bench.last).toMatchObject({ kind: 'cancelRejected', reason: 'unknownOrder', asker: ASKER })
    await bench.place()
    bench.client.fill(bench.client.orders[0], 0.01, 20_000.5)
    bench.orders.cancel(identity, ASKER)
    await settle()
    expect(bench.reports.kinds.slice(1)).toEqual(['accepted', 'fill', 'cancelRejected'])
  })

  test('a refusal is told also when nobody can say what the order did meanwhile', async () => {
    const bench = new Bench()
    await bench.place()
    bench.client.fill(bench.client.orders[0], 0.01, 20_000.5)
    bench.client.errors.set('fetchMyTrades', ccxtError('NetworkError'))
    bench.orders.cancel(identity, ASKER)
    await settle()
    expect(bench.reports.kinds).toEqual(['accepted', 'cancelRejected'])
    await bench.pass(2)
    expect(bench.reports.kinds).toEqual(['accepted', 'cancelRejected', 'fill'])
  })

  test('an answer that is lost says nothing; the poll sees the end', async () => {
    const bench = new Bench()
    await bench.place()
    bench.client.errors.set('cancelOrder!', ccxtError('RequestTimeout'))
    bench.orders.cancel(identity, ASKER)
    await settle()
    expect(bench.reports.kinds).toEqual(['accepted'])
    await bench.pass(2)
    expect(bench.reports.kinds).toEqual(['accepted', 'canceled'])
  })

  test('an order of another life is found first; cancelAll takes ours and nobody else’s', async () => {
    const bench = new Bench()
    await bench.place()
    bench.client.orders.push({ id: 'x', clientOrderId: 'web-1', status: 'open', amount: 1, filled: 0 })
    bench.restart()
    bench.orders.cancelAll()
    await settle()
    expect(bench.client.orders.map(({ status }) => status)).toEqual(['canceled', 'open'])
    expect(bench.last).toMatchObject({ kind: 'canceled', parent: 1, lots: 100 })
  })
})

describe('after a restart', () => {
  test('query repeats the fills under the same numbers, then the state', async () => {
    const bench = new Bench()
    await bench.place()
    bench.client.fill(bench.client.orders[0], 0.003, 20_000.5)
    await bench.pass(2)
    const before = bench.last?.execution
    bench.restart()
    bench.orders.query(identity, ASKER)
    await settle()
    expect(bench.reports.list.slice(2)).toMatchObject([
      { kind: 'fill', execution: before, lots: 30 },
      { kind: 'status', isOpen: true, lots: 100, price: 2_000_050, filled: 30 },
    ])
  })

  test('where no client id can be asked for, open and ended orders are searched', async () => {
    const bench = new Bench(new ScriptedCcxt('whitebit'))
    await bench.place()
    bench.restart()
    bench.orders.query(identity, ASKER)
    await settle()
    expect(bench.last).toMatchObject({ kind: 'status', isOpen: true })
    bench.client.orders[0].status = 'canceled'
    bench.restart()
    bench.orders.query(identity, ASKER)
    await settle()
    expect(bench.last).toMatchObject({ kind: 'status', isOpen: false })
  })

  test('not found is said only when nothing can be on its way, and never when asking failed', async () => {
    const bench = new Bench()
    bench.orders.query(identity, ASKER)
    await settle()
    expect(bench.reports.list).toEqual([])
    await bench.pass(6)
    bench.client.errors.set('fetchOpenOrders', ccxtError('NetworkError'))
    bench.orders.query(identity, ASKER)
    await settle()
    expect(bench.reports.list).toEqual([])
    bench.orders.query(identity, ASKER)
    await settle()
    expect(bench.reports.list).toMatchObject([{ kind: 'notFound', parent: 1 }])
  })

  test('an empty answer made into an order is no order', async () => {
    const bench = new Bench()
    await bench.pass(6)
    bench.client.fetchOrder = async () => ({ id: undefined, clientOrderId: undefined, status: undefined, filled: 0 })
    bench.orders.query(identity, ASKER)
    await settle()
    expect(bench.reports.kinds).toEqual(['notFound'])
  })

  test('reconcile: fills, open orders, balances, reconciled; begun again until it is whole', async () => {
    const bench = new Bench()
    await bench.place({ child: 1 })
    await bench.place({ child: 2 })
    const [open, ended] = bench.client.orders
    bench.client.fill(open, 0.003, 20_000.5)
    bench.client.fill(ended, 0.01, 20_000.5)
    bench.client.trades.push({ ...bench.client.trades[0], id: '9', order: 'stranger' })
    bench.client.free = { USDT: 12.345678901, DOGE: 7 }
    bench.restart()
    const from = bench.reports.list.length
    bench.client.errors.set('fetchBalance', ccxtError('ExchangeNotAvailable'))
    bench.orders.reconcile(ASKER)
    await bench.pass(0.5)
    expect(bench.reports.kinds.slice(from)).toEqual(['fill', 'fill'])
    await bench.pass(2)
    const told = bench.reports.list.slice(from + 2).filter(({ asker }) => asker === ASKER)
    expect(told.map(({ kind, child, filled, units }) => [kind, child, filled, units])).toEqual([
      ['fill', 1, 30, 0],
      ['fill', 2, 100, 0],
      ['status', 1, 30, 0],
      ['balance', 0, 0, 0],
      ['balance', 0, 0, 1_234_567_890],
      ['reconciled', 0, 0, 0],
    ])
    expect(bench.lines.filter((line) => line.startsWith('reconciling'))).toHaveLength(2)
  })

  test('nobody is told when the asker is gone', async () => {
    const bench = new Bench()
    bench.reports.isHere = false
    bench.orders.reconcile(ASKER)
    await bench.pass(1)
    expect(bench.client.calls).toEqual([])
  })
})
