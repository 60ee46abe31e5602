import { describe, expect, test } from 'vitest'
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import { SelfTrade } from '../../../../../hotpath/venues/paper/paper-options.ts'
import { Side, TimeInForce } from '../../../../../shared/domain/order.ts'
import { RejectReason } from '../../../../../shared/domain/reject-reason.ts'
import { EmulatorWorld, START_MS } from './emulator-world.ts'

describe('orders of an emulated exchange', () => {
  test('a resting order holds its money and frees it when canceled', () => {
    const { emulator, account, ...world } = openWorld()
    const { order } = emulator.exchange.place(account, world.ask({ clientId: 'one' }))
    expect(order).toMatchObject({ status: 'new', filledLots: 0 })
    expect(emulator.exchange.balance(account, usdt(emulator))).toEqual({ free: 999_100_000_000n, locked: 900_000_000n })
    if (order !== undefined) expect(emulator.exchange.cancel(order)).toBe(RejectReason.none)
    expect(emulator.exchange.balance(account, usdt(emulator))).toEqual({ free: 1_000_000_000_000n, locked: 0n })
    expect(emulator.exchange.orders.byClientId(account, 'one')?.status).toBe('canceled')
    emulator.exchange.assertConserved()
  })

  test('a market order walks the levels; its fee comes out of what it brings', () => {
    const { emulator, account, ask } = openWorld()
    const { order } = emulator.exchange.place(account, ask({ type: 'market', lots: 60_000, priceTicks: 0 }))
    expect(order?.trades.map(({ priceTicks, lots }) => [priceTicks, lots])).toEqual([
      [10_100, 50_000],
      [10_200, 10_000],
    ])
    expect(order).toMatchObject({ status: 'filled', notional: 607_000_000n })
    expect(order?.trades[0]).toMatchObject({ fee: 500_000n, isMaker: false })
    const ids = order?.trades.map(({ id }) => id) ?? []
    expect(
      emulator.exchange
        .tape(order?.symbol ?? ask().symbol)
        .newest(2)
        .map(({ id }) => id),
    ).toEqual(ids)
  })

  test('a market order by amount spends at most that, in whole steps', () => {
    const { emulator, account, ask } = openWorld()
    const { order } = emulator.exchange.place(account, ask({ type: 'market', lots: 0, notional: 100_000_000n }))
    expect(order).toMatchObject({ status: 'filled', lots: 9_900, notional: 99_990_000n })
  })

  test('the background fills a resting order as maker, once its turn has come', () => {
    const world = openWorld()
    const { emulator, account, ask, market } = world
    const { order } = emulator.exchange.place(account, ask({ priceTicks: 9_950 }))
    market.trade(Side.sell, 9_950, 400)
    world.pass(1)
    expect(order).toMatchObject({ status: 'partiallyFilled', filledLots: 400 })
    expect(order?.trades[0]).toMatchObject({ isMaker: true, fee: 2_000n, priceTicks: 9_950 })
  })

  test('a client id is refused while its order is open', () => {
    const { emulator, account, ask } = openWorld()
    const first = emulator.exchange.place(account, ask({ clientId: 'same' }))
    expect(emulator.exchange.place(account, ask({ clientId: 'same' })).refusal).toBe(
      RejectReason.duplicateClientOrderId,
    )
    if (first.order !== undefined) emulator.exchange.cancel(first.order)
    expect(emulator.exchange.place(account, ask({ clientId: 'same' })).refusal).toBe(RejectReason.none)
  })

  test.each([
    ['off the lot grid', { lots: 15 }, RejectReason.lotSize],
    ['too little', { lots: 10, priceTicks: 100 }, RejectReason.minNotional],
    ['too dear', { lots: 1_000_000, priceTicks: 10_090 }, RejectReason.insufficientBalance],
    ['post-only into the book', { postOnly: true, priceTicks: 10_100 }, RejectReason.postOnlyWouldTake],
  ])('refused and forgotten: %s', (_, more, reason) => {
    const { emulator, account, ask } = openWorld()
    expect(emulator.exchange.place(account, ask({ clientId: 'no', ...more })).refusal).toBe(reason)
    expect(emulator.exchange.orders.byClientId(account, 'no')).toBeUndefined()
  })

  test.each([
    [SelfTrade.expireTaker, 'new', 'expired'],
    [SelfTrade.expireMaker, 'expired', 'new'],
    [SelfTrade.expireBoth, 'expired', 'expired'],
    [SelfTrade.none, 'filled', 'filled'],
  ] as const)('self-trade mode %s of the order itself', (selfTrade, maker, taker) => {
    const { emulator, account, ask } = openWorld()
    const resting = emulator.exchange.place(account, ask({ priceTicks: 10_000 })).order
    const taking = emulator.exchange.place(account, ask({ side: Side.sell, priceTicks: 10_000, selfTrade })).order
    expect([resting?.status, taking?.status]).toEqual([maker, taker])
    emulator.exchange.assertConserved()
  })

  test('amend: fewer lots stay, another price moves, a crossing price trades', () => {
    const { emulator, account, ask } = openWorld()
    const { order } = emulator.exchange.place(account, ask({ priceTicks: 9_950 }))
    if (order === undefined) throw new Error('placed')
    expect(emulator.exchange.amend(order, { priceTicks: 9_950, lots: 600 })).toBe(RejectReason.none)
    expect(emulator.exchange.balance(account, usdt(emulator)).locked).toBe(597_000_000n)
    expect(emulator.exchange.amend(order, { priceTicks: 9_940, lots: 700 })).toBe(RejectReason.none)
    expect(emulator.exchange.book(order.symbol).top(BookSide.bid, 1)).toEqual([[9_940, 700]])
    expect(emulator.exchange.amend(order, { priceTicks: 10_090, lots: 1_000_000 })).toBe(
      RejectReason.insufficientBalance,
    )
    expect(emulator.exchange.amend(order, { priceTicks: 10_100, lots: 700 })).toBe(RejectReason.none)
    expect(order).toMatchObject({ status: 'filled', filledLots: 700 })
    expect(emulator.exchange.amend(order, { priceTicks: 9_000, lots: 800 })).toBe(RejectReason.unknownOrder)
    expect(emulator.exchange.balance(account, usdt(emulator)).locked).toBe(0n)
    emulator.exchange.assertConserved()
  })
})

describe('the next life of an emulated exchange', () => {
  test('fills, balances and numbers are remembered; what was open is canceled', () => {
    const first = openWorld()
    const taken = first.emulator.exchange.place(
      first.account,
      first.ask({ priceTicks: 10_100, lots: 2_000, clientId: 'taken', timeInForce: TimeInForce.ioc }),
    ).order
    const resting = first.emulator.exchange.place(first.account, first.ask({ clientId: 'resting' })).order
    const before = first.emulator.exchange.balance(first.account, usdt(first.emulator))
    const second = new EmulatorWorld({ lines: first.lines, startMs: START_MS + 60_000 })
    const { orders } = second.emulator.exchange
    expect(orders.byClientId(second.account, 'taken')).toMatchObject({
      id: taken?.id,
      status: 'filled',
      filledLots: 2_000,
    })
    expect(orders.byClientId(second.account, 'resting')).toMatchObject({ id: resting?.id, status: 'canceled' })
    expect(orders.trades(second.account).map(({ id, fee }) => [id, fee])).toEqual([[taken?.trades[0].id, 20_000n]])
    const after = second.emulator.exchange.balance(second.account, usdt(second.emulator))
    expect(after).toEqual({ free: before.free + before.locked, locked: 0n })
    const next = second.emulator.exchange.place(second.account, second.ask({ priceTicks: 10_100 })).order
    expect(next?.id).toBeGreaterThan(resting?.id ?? 0)
    expect(next?.trades[0].id).toBeGreaterThan(taken?.trades[0].id ?? 0)
    second.emulator.exchange.assertConserved()
  })

  test('a line that a crash cut is dropped', () => {
    const first = openWorld()
    first.emulator.exchange.place(first.account, first.ask({ clientId: 'whole' }))
    const second = new EmulatorWorld({ lines: [...first.lines, '{"kind":"order","id":99'] })
    expect(second.emulator.exchange.orders.all(second.account).map(({ ask }) => ask.clientId)).toEqual(['whole'])
  })
})

function openWorld() {
  const world = new EmulatorWorld()
  const { emulator, account, market, lines } = world
  return { emulator, account, market, lines, ask: world.ask.bind(world), pass: world.pass.bind(world) }
}

function usdt({ exchange }: EmulatorWorld['emulator']): number {
  return exchange.assets.indexOf('USDT')
}
