import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isEnded,
  isExpected,
  nextState,
  OrderEvent,
  OrderState,
  orderStateNames,
} from '../../../../shared/domain/order-state.ts'

const { pendingNew, new: live, partiallyFilled, filled, pendingCancel, canceled, rejected, unknown } = OrderState

test('a fill before the acknowledgement, and after a cancel was asked, are in the table', () => {
  expect(nextState(pendingNew, OrderEvent.filledInPart)).toBe(partiallyFilled)
  expect(nextState(partiallyFilled, OrderEvent.acknowledged)).toBe(partiallyFilled)
  expect(nextState(pendingCancel, OrderEvent.filledInPart)).toBe(pendingCancel)
  expect(nextState(pendingCancel, OrderEvent.filledInFull)).toBe(filled)
})

test('silence makes an order unknown, any word brings it back', () => {
  expect(nextState(pendingNew, OrderEvent.lost)).toBe(unknown)
  expect(nextState(unknown, OrderEvent.acknowledged)).toBe(live)
  expect(nextState(unknown, OrderEvent.filledInFull)).toBe(filled)
  expect(nextState(unknown, OrderEvent.rejected)).toBe(rejected)
})

test('a refused cancel goes back to new; an ended order is not cancelled again', () => {
  expect(nextState(pendingCancel, OrderEvent.cancelRefused)).toBe(live)
  expect(nextState(canceled, OrderEvent.cancelAsked)).toBe(canceled)
  expect(isExpected(canceled, OrderEvent.cancelAsked)).toBe(false)
})

const anyEvent = fc.constantFrom(...Object.values(OrderEvent))

test('property: ended stays ended, but for the real fill that turns up late', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      let state: OrderState = pendingNew
      for (const event of events) {
        const next = nextState(state, event)
        if (isEnded(state)) expect(next === state || next === filled).toBe(true)
        if (state === filled) expect(next).toBe(filled)
        expect(orderStateNames[next]).toBeDefined()
        state = next
      }
    }),
  )
})
