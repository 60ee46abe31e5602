import { expect, test } from 'vitest'
import { OrderRequest } from '../../../../hotpath/orders/order-request.ts'
import { PreTradeRisk } from '../../../../hotpath/risk/pre-trade-risk.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { OrderType, Side, TimeInForce } from '../../../../shared/domain/order.ts'
import { Turn } from '../../../../shared/turn.ts'
import type { AccountIndex } from '../../../../shared/units/ids.ts'
import { ManualClock, START_US } from '../../../fixtures/scripted-world.ts'

const touch = Float64Array.of(99_00, 101_00)
/** Cents and lots of 0.0001. */
const unit = Float64Array.of(1e-6)
const turn = new Turn(new ManualClock(), { nowUs: 0 })

function risk(orderNotionalMax = Number.POSITIVE_INFINITY): PreTradeRisk {
  return new PreTradeRisk([{ openOrdersMax: 2, orderNotionalMax }])
}

function order(fields: Partial<Record<keyof OrderRequest, number>>): OrderRequest {
  return Object.assign(new OrderRequest(), { lots: 10_000, type: OrderType.market, ...fields })
}

const check = (limits: PreTradeRisk, fields: Partial<Record<keyof OrderRequest, number>>) =>
  limits.check(order(fields), touch, unit, turn)

test('the most a lot can be worth counts: ask, bid, limit of a buy, better of bid and limit of a sell', () => {
  const limit = { type: OrderType.limit }
  const cases: readonly [Partial<Record<keyof OrderRequest, number>>, number][] = [
    [{ side: Side.buy }, 101],
    [{ side: Side.sell }, 99],
    [{ side: Side.buy, ...limit, priceTicks: 98_00 }, 98],
    [{ side: Side.sell, ...limit, priceTicks: 120_00 }, 120],
    [{ side: Side.sell, ...limit, priceTicks: 1 }, 99],
    [{ side: Side.buy, lots: 0, quoteBudget: 55_000_000 }, 55],
  ]
  for (const [fields, worth] of cases) {
    expect(check(risk(worth), fields)).toBe(DenyReason.none)
    expect(check(risk(worth - 0.01), fields)).toBe(DenyReason.orderNotionalLimit)
  }
})

test('halted, open orders, size and expiry', () => {
  const limits = risk()
  expect(check(limits, { lots: 2 ** 44 })).toBe(DenyReason.quantityTooLarge)
  expect(check(limits, { timeInForce: TimeInForce.gtd, expireUs: START_US })).toBe(DenyReason.alreadyExpired)
  expect(check(limits, { timeInForce: TimeInForce.gtd, expireUs: START_US + 1e7 })).toBe(DenyReason.none)
  limits.openOrders[0] = 2
  expect(check(limits, {})).toBe(DenyReason.openOrdersLimit)
  limits.halted = true
  expect(check(limits, {})).toBe(DenyReason.halted)
})

test('a replace needs no further open order, but the same size', () => {
  const limits = risk(100)
  limits.openOrders[0] = 2
  const replace = (side: Side, lots: number, ticks: number) =>
    limits.checkReplace(0 as AccountIndex, side, lots, ticks, touch, 1e-6)
  expect(replace(Side.buy, 10_000, 100_00)).toBe(DenyReason.none)
  expect(replace(Side.buy, 10_000, 100_01)).toBe(DenyReason.orderNotionalLimit)
  expect(replace(Side.sell, 20_000, 1)).toBe(DenyReason.orderNotionalLimit)
  expect(replace(Side.sell, 2 ** 44, 1)).toBe(DenyReason.quantityTooLarge)
})
