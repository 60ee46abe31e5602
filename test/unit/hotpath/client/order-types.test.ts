/** Orders that make no sense do not compile: `npm run check` is what runs this file's real test. */
import { expect, expectTypeOf, test } from 'vitest'
import { isEndedStatus, type NewOrder, type OrderReference } from '../../../../hotpath/client/order-types.ts'

const base = { symbol: 'BTC/USDT', side: 'buy' } as const

test('what is allowed is allowed', () => {
  const orders: NewOrder[] = [
    { ...base, type: 'market', quantity: '1' },
    { ...base, type: 'market', quoteQuantity: '1', timeInForce: 'IOC' },
    { ...base, type: 'limit', price: '1', quantity: '1', postOnly: true },
    { ...base, type: 'limit', price: '1', quoteQuantity: '1', timeInForce: 'IOC' },
    { ...base, type: 'limit', price: '1', quantity: '1', timeInForce: 'GTD', expireTime: 1 },
  ]
  expect(orders).toHaveLength(5)
})

test('what is not allowed is an error of the compiler', () => {
  // @ts-expect-error a market order has no price
  const priced: NewOrder = { ...base, type: 'market', quantity: '1', price: '1' }
  // @ts-expect-error a market order does not rest
  const resting: NewOrder = { ...base, type: 'market', quantity: '1', timeInForce: 'GTC' }
  // @ts-expect-error a limit order has a price
  const unpriced: NewOrder = { ...base, type: 'limit', quantity: '1' }
  // @ts-expect-error one size
  const twice: NewOrder = { ...base, type: 'market', quantity: '1', quoteQuantity: '1' }
  // @ts-expect-error a size
  const sizeless: NewOrder = { ...base, type: 'market' }
  // @ts-expect-error GTD has its time
  const endless: NewOrder = { ...base, type: 'limit', price: '1', quantity: '1', timeInForce: 'GTD' }
  // @ts-expect-error what is immediate cannot be post-only
  const confused: NewOrder = { ...base, type: 'limit', price: '1', quantity: '1', timeInForce: 'IOC', postOnly: true }
  // @ts-expect-error quote-sized orders are immediate
  const budget: NewOrder = { ...base, type: 'limit', price: '1', quoteQuantity: '1' }
  // @ts-expect-error decimals are text
  const number: NewOrder = { ...base, type: 'market', quantity: 1 }
  // @ts-expect-error one id
  const both: OrderReference = { clientOrderId: 'a', orderId: '1' }
  expect([priced, resting, unpriced, twice, sizeless, endless, confused, budget, number, both]).toHaveLength(10)
  expectTypeOf<NewOrder['side']>().toEqualTypeOf<'buy' | 'sell'>()
})

test('four states are the end', () => {
  expect((['filled', 'canceled', 'expired', 'rejected'] as const).every(isEndedStatus)).toBe(true)
  expect(
    (['pendingNew', 'new', 'partiallyFilled', 'pendingCancel', 'pendingReplace', 'unknown'] as const).some(
      isEndedStatus,
    ),
  ).toBe(false)
})
