import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OrderStore } from '../../../../hotpath/orders/order-store.ts'
import { OrderState } from '../../../../shared/domain/order-state.ts'

const FILLS = 4_096

function smallStore(parentsMax = 4, childrenMax = 8, fillsMax = FILLS + 8): OrderStore {
  return new OrderStore({ parentsMax, childrenMax, fillsMax })
}

function add(store: OrderStore, sequence: number): number {
  store.makeRoom(0)
  const row = store.addParent(sequence)
  store.parentState[row] = OrderState.new
  return row
}

test('the oldest ended order makes room; live ones are passed over', () => {
  const store = smallStore()
  const rows = [1, 2, 3, 4].map((sequence) => add(store, sequence))
  expect(store.hasRoom(0)).toBe(false)
  store.parentState[rows[1]] = OrderState.filled
  store.parentState[rows[2]] = OrderState.canceled
  expect(store.hasRoom(0)).toBe(true)
  add(store, 5)
  expect([1, 2, 3, 4, 5].map((sequence) => store.rowOf(sequence) !== -1)).toEqual([true, false, true, true, true])
  expect(store.parentCount).toBe(4)
})

test('an ended order with a child still open is live', () => {
  const store = smallStore(1)
  const row = add(store, 1)
  store.parentState[row] = OrderState.canceled
  store.openChildren[row] = 1
  expect(store.hasRoom(0)).toBe(false)
})

test('room is for all that is asked: one ended order may be too small', () => {
  const store = smallStore(4, 4)
  const [first, second] = [add(store, 1), add(store, 2)]
  for (const [parent, sequence] of [
    [first, 1],
    [second, 1],
    [second, 2],
    [second, 3],
  ]) {
    store.addChild(parent as never, sequence)
  }
  store.parentState[first] = OrderState.filled
  expect([store.hasRoom(1), store.hasRoom(2)]).toEqual([true, false])
  store.parentState[second] = OrderState.filled
  expect(store.hasRoom(4)).toBe(true)
})

test('what the caller is using is not forgotten', () => {
  const store = smallStore(1)
  const row = add(store, 1)
  store.parentState[row] = OrderState.filled
  store.makeRoom(0, 1, row as never)
  expect(store.rowOf(1)).toBe(row)
  store.makeRoom(0, 1)
  expect(store.rowOf(1)).toBe(-1)
})

test('a row that is used again has nothing of the order before', () => {
  const store = smallStore(1)
  const row = add(store, 1)
  const child = store.addChild(row as never, 1)
  store.fills.execution[store.fills.add(child)] = 9
  for (const column of [store.filledLots, store.workingLots, store.notional, store.feeQuoteUnits]) column[row] = 5
  for (const column of [store.childFilled, store.childClaimed, store.childAckUs, store.childFeeBase]) column[child] = 5
  store.parentState[row] = OrderState.filled
  expect(add(store, 2)).toBe(row)
  const next = store.addChild(row as never, 1)
  const kept = [store.filledLots, store.workingLots, store.notional, store.feeQuoteUnits].map((column) => column[row])
  const keptOfChild = [store.childFilled, store.childClaimed, store.childAckUs, store.childFeeBase]
  expect([...kept, ...keptOfChild.map((column) => column[next])]).toEqual(new Array(8).fill(0))
  expect(store.fills.has(next, 9)).toBe(false)
  expect(store.children[row]).toBe(1)
})

test('over random histories: rows are conserved, live orders stay, and room that was promised is there', () => {
  const step = fc.record({ children: fc.nat(3), fills: fc.nat(3), ends: fc.array(fc.nat(7), { maxLength: 3 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const store = smallStore(8, 12, FILLS + 6)
      const live = new Map<number, number>()
      steps.forEach(({ children, fills, ends }, at) => {
        const hasRoom = store.hasRoom(children)
        store.makeRoom(children)
        if (hasRoom) expect(store.childrenFree()).toBeGreaterThanOrEqual(children)
        if (hasRoom) {
          const row = store.addParent(at + 1)
          store.parentState[row] = OrderState.new
          live.set(at + 1, row)
          for (let sequence = 1; sequence <= children; sequence++) store.addChild(row, sequence)
          const child = store.firstChild[row]
          if (child !== -1) for (let fill = 0; fill < fills; fill++) store.fills.add(child as never)
        }
        for (const end of ends) {
          const [sequence, row] = [...live][end] ?? []
          if (sequence === undefined || row === undefined) continue
          store.parentState[row] = OrderState.filled
          live.delete(sequence)
        }
        for (const [sequence, row] of live) expect(store.rowOf(sequence)).toBe(row)
      })
      let kept = 0
      for (let at = 0; at < store.parentCount; at++) kept += store.children[store.parentAt(at)]
      expect(store.childrenFree()).toBe(12 - kept)
    }),
  )
})
