import { expect, test } from 'vitest'
import { Change, OrderLifecycle } from '../../../../hotpath/orders/order-lifecycle.ts'
import { OrderStore, ParentFlag } from '../../../../hotpath/orders/order-store.ts'
import { PositionTable } from '../../../../hotpath/orders/position-table.ts'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { OrderState } from '../../../../shared/domain/order-state.ts'
import { RecordType } from '../../../../shared/wire/journal-frame.ts'
import { RecordWriter } from '../../../fixtures/record-writer.ts'

function working(lots = 100) {
  const store = new OrderStore({ parentsMax: 8, childrenMax: 16, fillsMax: 8_192 })
  const life = new OrderLifecycle(store, new PositionTable({ venues: 2, instruments: 1 }))
  const write = new RecordWriter()
  life.apply(write.accept(1, lots))
  life.apply(write.intent(1, 1, lots))
  const parent = store.rowOf(1)
  return { store, life, write, parent, child: store.firstChild[parent] }
}

test('an intent puts lots to work, a fill moves them to filled, the books of account and the fill list', () => {
  const { store, life, write, parent, child } = working()
  expect([store.workingLots[parent], store.openChildren[parent]]).toEqual([100, 1])
  expect(life.apply(write.fill(1, 1, 7, 60))).toBe(Change.filled)
  expect([store.filledLots[parent], store.workingLots[parent]]).toEqual([60, 40])
  expect(life.positions.lots[0]).toBe(60)
  expect(life.apply(write.fill(1, 1, 7, 60))).toBe(Change.none)
  expect(life.apply(write.fill(1, 1, 8, 40))).toBe(Change.filled)
  expect([store.childState[child], store.openChildren[parent]]).toEqual([OrderState.filled, 0])
})

test('an end that claims more than is booked keeps exactly that at work until it comes', () => {
  const { store, life, write, parent, child } = working()
  expect(life.apply(write.end(1, 1, VenueReportKind.canceled, 30))).toBe(Change.ended)
  expect([store.workingLots[parent], store.comingLots(child as never)]).toEqual([30, 30])
  life.apply(write.fill(1, 1, 1, 30))
  expect([store.workingLots[parent], store.filledLots[parent]]).toEqual([0, 30])
})

test('a claim is corrected downwards by a status only, never below what is booked', () => {
  const { store, life, write, parent } = working()
  life.apply(write.end(1, 1, VenueReportKind.canceled, 30))
  expect(life.apply(write.end(1, 1, VenueReportKind.canceled, 10))).toBe(Change.none)
  expect(life.apply(write.end(1, 1, VenueReportKind.status, 40))).toBe(Change.none)
  life.apply(write.fill(1, 1, 1, 20))
  expect(life.apply(write.end(1, 1, VenueReportKind.status, 5))).toBe(Change.ended)
  expect(store.workingLots[parent]).toBe(0)
})

test('a venue that claims more than it was asked for claims the whole', () => {
  const { store, life, write, parent } = working()
  life.apply(write.end(1, 1, VenueReportKind.canceled, 900))
  expect(store.workingLots[parent]).toBe(100)
})

test('an overfill is booked and counted', () => {
  const { store, life, write, parent } = working()
  life.apply(write.fill(1, 1, 1, 150))
  expect([life.overfills, store.filledLots[parent], store.workingLots[parent]]).toEqual([1, 150, 0])
})

test('a fill after the reject is real', () => {
  const { store, life, write, parent, child } = working()
  life.apply(write.end(1, 1, VenueReportKind.rejected, 0))
  expect(store.workingLots[parent]).toBe(0)
  expect(life.apply(write.fill(1, 1, 1, 100))).toBe(Change.filled)
  expect([store.childState[child], store.filledLots[parent]]).toEqual([OrderState.filled, 100])
})

test('replace: asked, then replaced with the new terms', () => {
  const { store, life, write, parent } = working()
  life.apply(write.replace(RecordType.replaceAsked, 1, 60))
  expect([store.parentState[parent], store.flags[parent]]).toEqual([OrderState.pendingReplace, ParentFlag.replacing])
  expect(store.orderLots[parent]).toBe(100)
  life.apply(write.replace(RecordType.replaced, 1, 60))
  expect([store.parentState[parent], store.flags[parent], store.orderLots[parent]]).toEqual([OrderState.new, 0, 60])
})

test('records of an order or child that is not kept change nothing', () => {
  const { life, write } = working()
  expect(life.apply(write.fill(9, 1, 1, 10))).toBe(Change.none)
  expect(life.apply(write.fill(1, 9, 1, 10))).toBe(Change.none)
  expect(life.apply(write.bare(RecordType.childLost, 1, 9))).toBe(Change.none)
  expect(life.positions.lots[0]).toBe(0)
})

test('a parent ends after its children, and in an end state', () => {
  const { store, life, write, parent } = working()
  expect(() => life.apply(write.parentEnd(1, OrderState.canceled))).toThrow('a parent ends after its children')
  life.apply(write.end(1, 1, VenueReportKind.canceled, 0))
  expect(() => life.apply(write.parentEnd(1, OrderState.new))).toThrow('a parent ends in an end state')
  expect(life.apply(write.parentEnd(1, OrderState.canceled))).toBe(Change.ended)
  expect(store.isOpen(parent)).toBe(false)
})
