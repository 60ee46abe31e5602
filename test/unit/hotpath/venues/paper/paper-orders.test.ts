import { describe, expect, test } from 'vitest'
import { VenueReport, VenueReportKind } from '../../../../../hotpath/orders/venue-report.ts'
import { FILLS_KEPT, PaperFills } from '../../../../../hotpath/venues/paper/paper-fills.ts'
import {
  ENDED_ORDERS_KEPT,
  NO_ORDER,
  PaperOrders,
  PaperState,
} from '../../../../../hotpath/venues/paper/paper-orders.ts'
import { RejectReason } from '../../../../../shared/domain/reject-reason.ts'
import { Prng } from '../../../../../shared/prng.ts'
import { EPOCH_MAX, PARENT_SEQUENCE_MAX } from '../../../../../shared/units/ids.ts'
import type { QtyLots } from '../../../../../shared/units/ticks.ts'
import { BUY, testOrder } from '../../../../conformance/venue-conformance-bench.ts'

describe('the orders of a venue', () => {
  test('are found by account and identity', () => {
    const orders = new PaperOrders()
    const first = orders.add(3, testOrder(BUY, 100, 10, { parent: 7, child: 9 }))
    expect(orders.find(3, 1, 7, 9)).toBe(first)
    expect(orders.find(4, 1, 7, 9)).toBe(NO_ORDER)
    expect(orders.find(3, 2, 7, 9)).toBe(NO_ORDER)
    expect(orders.find(3, 1, 8, 9)).toBe(NO_ORDER)
    expect(orders.find(3, 1, 7, 8)).toBe(NO_ORDER)
  })

  test('remember at least 100,000 ended ones, then forget the oldest and nothing else', () => {
    expect(ENDED_ORDERS_KEPT).toBeGreaterThanOrEqual(100_000)
    const orders = new PaperOrders()
    const open = orders.add(0, testOrder(BUY, 100, 10, { parent: 1 }))
    const extra = 1_000
    const last = 1 + ENDED_ORDERS_KEPT + extra
    for (let parent = 2; parent <= last; parent++) {
      orders.end(orders.add(0, testOrder(BUY, 100, 10, { parent })), PaperState.canceled, RejectReason.userCancel)
    }
    expect(orders.find(0, 1, 1, 1)).toBe(open)
    expect(orders.isOpen(open)).toBe(true)
    expect(orders.find(0, 1, last, 1)).not.toBe(NO_ORDER)
    expect(orders.find(0, 1, last - ENDED_ORDERS_KEPT + 1, 1)).not.toBe(NO_ORDER)
    expect(orders.find(0, 1, 2, 1)).toBe(NO_ORDER)
  })

  test('agree with a map after a long random history of identities', () => {
    const chance = new Prng(11)
    const orders = new PaperOrders()
    const map = new Map<string, number>()
    const ended: string[] = []
    let forgotten = 0
    for (let step = 0; step < 200_000; step++) {
      const order = testOrder(BUY, 100, 10)
      order.epoch = chance.nextBelow(3) === 0 ? EPOCH_MAX : chance.nextBelow(3)
      order.parentSequence = chance.chance(0.1)
        ? PARENT_SEQUENCE_MAX - chance.nextBelow(100)
        : chance.nextBelow(100_000)
      order.childSequence = chance.nextBelow(4)
      const account = chance.nextBelow(3)
      const key = `${account}/${order.epoch}/${order.parentSequence}/${order.childSequence}`
      const found = orders.find(account, order.epoch, order.parentSequence, order.childSequence)
      if (found !== (map.get(key) ?? NO_ORDER)) expect(key).toBe(`found in row ${found}`)
      if (found !== NO_ORDER) continue
      const row = orders.add(account, order)
      // The oldest ended order made room for this one.
      if (ended.length - forgotten > ENDED_ORDERS_KEPT) map.delete(ended[forgotten++])
      map.set(key, row)
      orders.end(row, PaperState.filled, RejectReason.none)
      ended.push(key)
    }
  })
})

describe('the fills of a venue', () => {
  function fill(fills: PaperFills, orders: PaperOrders, row: number, lots: number): VenueReport {
    const report = new VenueReport()
    report.kind = VenueReportKind.fill
    report.lots = lots as QtyLots
    fills.add(orders, row, report)
    return report
  }

  test('are numbered above the base and chained by order', () => {
    const orders = new PaperOrders()
    const [a, b] = [1, 2].map((parent) => orders.add(0, testOrder(BUY, 100, 10, { parent })))
    const fills = new PaperFills(1_000)
    expect([a, b, a].map((row) => fill(fills, orders, row, 1).execution)).toEqual([1_001, 1_002, 1_003])
    expect(fills.previous(1_003)).toBe(1_001)
    expect(fills.previous(1_001)).toBe(0)
  })

  test('are kept up to the bound; the oldest go first', () => {
    const orders = new PaperOrders()
    const row = orders.add(0, testOrder(BUY, 100, 10))
    const fills = new PaperFills(0)
    for (let lots = 1; lots <= FILLS_KEPT + 5; lots++) fill(fills, orders, row, lots)
    expect(fills.first).toBe(6)
    expect(fills.last).toBe(FILLS_KEPT + 5)
    const report = new VenueReport()
    for (const execution of [6, 7, FILLS_KEPT + 5]) {
      fills.read(execution, report)
      expect(report.lots).toBe(execution)
    }
  })
})
