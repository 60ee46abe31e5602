import { describe, expect, test } from 'vitest'
import { CcxtExchange, feedOnlyReason } from '../../../../../hotpath/venues/ccxt/ccxt-exchange.ts'
import type { NativeListing } from '../../../../../hotpath/venues/native/venue-units.ts'
import { FrameBuffer } from '../../../../../hotpath/venues/paper/frame-buffer.ts'
import { FrameReader } from '../../../../../hotpath/venues/paper/frame-reader.ts'
import {
  EVERY_INSTRUMENT,
  writeCancelAll,
  writeIdentity,
  writePlace,
  writeReconcile,
  writeSubscribe,
} from '../../../../../hotpath/venues/paper/paper-command-frame.ts'
import { FrameKind, frameKind, PAPER_PROTOCOL, writeJson } from '../../../../../hotpath/venues/paper/paper-frame.ts'
import { readReport } from '../../../../../hotpath/venues/paper/paper-news-frame.ts'
import { VenueReport } from '../../../../../hotpath/venues/venue-adapter.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../shared/units/ids.ts'
import type { MonoNs } from '../../../../../shared/units/time.ts'
import { BUY, copyReport, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { ScriptedCcxt, settle, spot, TestClock } from './scripted-ccxt.ts'

const GATE = 0 as VenueIndex

/** An exchange with one venue, and a router's bytes in and out. */
class Bench {
  readonly client = new ScriptedCcxt()
  readonly clock = new TestClock()
  readonly exchange: CcxtExchange
  readonly session
  readonly kinds: number[] = []
  readonly reports: ReturnType<typeof copyReport>[] = []

  constructor(hasKeys: boolean, listings: readonly NativeListing[] = [spot]) {
    const venue = { index: GATE, id: 'mexc', name: 'Scripted', ordersPerSecond: 1, ordersBurst: 1 }
    const instruments = listings.map(({ instrument }) => instrument)
    const terms = { name: 'ccxt:mexc', venues: [venue], instruments, listings: listings.map(({ listing }) => listing) }
    const door = { client: this.client, listings, hasKeys }
    const options = { clock: this.clock, token: 'right', levels: 8, say: () => {} }
    this.exchange = new CcxtExchange(terms, [door], options)
    this.session = this.exchange.connect()!
  }

  async send(write: (buffer: FrameBuffer) => void): Promise<boolean> {
    const buffer = new FrameBuffer(1_024, 4_096)
    write(buffer)
    const isOpen = this.session.receive(buffer.take(), this.clock.monoNs())
    await this.pass(3)
    return isOpen
  }

  hello(token = 'right'): Promise<boolean> {
    return this.send((buffer) =>
      writeJson(buffer, FrameKind.hello, { protocol: PAPER_PROTOCOL, account: 'desk', token }),
    )
  }

  async pass(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      this.clock.ns += 1e9
      this.exchange.work(this.clock.monoNs() as MonoNs)
      await settle()
    }
    const report = new VenueReport()
    new FrameReader(1_048_576).read(this.session.take(), {
      onFrame: (view, at) => {
        this.kinds.push(frameKind(view, at))
        if (frameKind(view, at) !== FrameKind.report) return true
        readReport(view, at, report)
        this.reports.push(copyReport(report))
        return true
      },
    })
  }
}

describe('the door', () => {
  test('opens to the right token only', async () => {
    const stranger = new Bench(true)
    expect(await stranger.hello('wrong')).toBe(false)
    expect(stranger.exchange.protocolErrors).toBe(1)
    const bench = new Bench(true)
    expect(await bench.hello()).toBe(true)
    expect(bench.kinds).toEqual([FrameKind.welcome])
    expect(bench.exchange.connected).toBe(1)
  })

  test('tells a followed book from its snapshot', async () => {
    const bench = new Bench(true)
    bench.client.book = { bids: [[100, 1]], asks: [[101, 1]] }
    await bench.hello()
    await bench.send((buffer) => writeSubscribe(buffer, GATE, EVERY_INSTRUMENT, false))
    expect(bench.kinds.filter((kind) => kind === FrameKind.book).length).toBeGreaterThanOrEqual(1)
  })

  test('closes on nonsense', async () => {
    for (const nonsense of [
      (buffer: FrameBuffer) => writeCancelAll(buffer, 7 as VenueIndex),
      (buffer: FrameBuffer) => writeReconcile(buffer, GATE, -1),
      (buffer: FrameBuffer) => writeSubscribe(buffer, GATE, 9 as never, false),
      (buffer: FrameBuffer) => writePlace(buffer, GATE, Object.assign(testOrder(BUY, 1, 1), { side: 9 })),
    ]) {
      const bench = new Bench(true)
      await bench.hello()
      expect(await bench.send(nonsense)).toBe(false)
    }
  })
})

test('with keys, commands are carried out', async () => {
  const bench = new Bench(true)
  await bench.hello()
  await bench.send((buffer) => writePlace(buffer, GATE, testOrder(BUY, 2_000_050, 100)))
  await bench.send((buffer) => writeIdentity(buffer, FrameKind.query, GATE, 1, 1, 1))
  await bench.send((buffer) => writeCancelAll(buffer, GATE))
  await bench.send((buffer) => writeReconcile(buffer, GATE, 0))
  expect(bench.reports.map(({ kind }) => kind)).toEqual([
    'accepted',
    'status',
    'canceled',
    'balance',
    'balance',
    'reconciled',
  ])
})

test('without keys there is no money, orders are refused, and a question stays unanswered', async () => {
  const bench = new Bench(false)
  await bench.hello()
  await bench.send((buffer) => writeReconcile(buffer, GATE, 0))
  await bench.send((buffer) => writePlace(buffer, GATE, testOrder(BUY, 2_000_050, 100)))
  await bench.send((buffer) => writeIdentity(buffer, FrameKind.cancel, GATE, 1, 1, 1))
  await bench.send((buffer) => writeIdentity(buffer, FrameKind.query, GATE, 1, 1, 1))
  expect(bench.reports.map(({ kind, reason, units }) => [kind, reason, units])).toEqual([
    ['balance', 'none', 0],
    ['balance', 'none', 0],
    ['reconciled', 'none', 0],
    ['rejected', 'notSent', 0],
    ['cancelRejected', 'unknownOrder', 0],
  ])
  expect(bench.client.calls.filter((call) => call !== 'fetchOrderBook')).toEqual([])
})

describe('a venue is feed only', () => {
  test.each([
    ['without keys', {}, false, /keys/],
    ['without a way to its fills', { fetchMyTrades: false }, true, /fills/],
    ['without cancel', { cancelOrder: false }, true, /cancelOrder/],
    ['without a way back to ended orders', { fetchOrder: false, fetchClosedOrders: false }, true, /found again/],
  ])('%s', (_, has, hasKeys, reason) => {
    const client = new ScriptedCcxt()
    expect(feedOnlyReason({ client, hasKeys: true })).toBe('')
    Object.assign(client.has, has)
    expect(feedOnlyReason({ client, hasKeys })).toMatch(reason)
  })

  test('when its class is not in the table', () => {
    expect(feedOnlyReason({ client: new ScriptedCcxt('backpack'), hasKeys: true })).toMatch(/order ids/)
  })
})

test('streams of orders are waited for one a symbol: a quiet one does not pile up beside a busy one', async () => {
  const other = {
    ...spot,
    instrument: { ...spot.instrument, index: 1 as InstrumentIndex, symbol: 'ETH/USDT', base: 'ETH' },
    listing: { ...spot.listing, instrument: 1 as InstrumentIndex },
    symbol: { ...spot.symbol, name: 'ETH/USDT', symbol: 'ETH/USDT', base: 'ETH' },
  }
  const bench = new Bench(true, [spot, other])
  bench.client.has = { ...bench.client.has, watchOrders: true }
  const waiting = new Map<string, number>()
  bench.client.watchOrders = (symbol = '') => {
    waiting.set(symbol, (waiting.get(symbol) ?? 0) + 1)
    return symbol === 'ETH/USDT' ? new Promise(() => undefined) : Promise.resolve()
  }
  await bench.hello()
  await bench.send((buffer) => writePlace(buffer, GATE, testOrder(BUY, 2_000_050, 100)))
  await bench.pass(50)
  expect(waiting.get('BTC/USDT')).toBeGreaterThan(10)
  expect(waiting.get('ETH/USDT')).toBe(1)
})
