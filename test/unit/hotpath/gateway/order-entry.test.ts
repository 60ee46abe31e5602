/** Every way a JSON order can be wrong has its reason and names its field; what is right arrives exactly. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../../../hotpath/gateway/message.ts'
import { OrderEntry } from '../../../../hotpath/gateway/order-entry.ts'
import { DenyReason, denyReasonNames } from '../../../../shared/domain/deny-reason.ts'
import { Durability, OrderType, Side, TimeInForce } from '../../../../shared/domain/order.ts'
import { formatDecimal } from '../../../../shared/units/ticks.ts'
import type { EpochUs } from '../../../../shared/units/time.ts'
import { fixedClock, START_US, smallListings } from '../../../e2e/gateway/small-market.ts'

const clock = fixedClock(START_US)
const entry = new OrderEntry(smallListings())
const NOW_MS = START_US / 1_000
const limit = {
  op: 'new',
  clientOrderId: 'c1',
  symbol: 'BTC/USDT',
  side: 'buy',
  type: 'limit',
  quantity: '1',
  price: '2',
}
const market = { op: 'new', clientOrderId: 'c1', symbol: 'BTC/USDT', side: 'sell', type: 'market', quantity: '1' }

/** Through JSON, as it comes: undefined fields are absent. */
function refusal(message: object): [string, string] {
  entry.field = ''
  const text = JSON.parse(JSON.stringify(message)) as Message
  return [denyReasonNames[entry.decodeNew(text, clock)], entry.field]
}

test('a full order arrives field by field', () => {
  const order = {
    ...limit,
    id: 1,
    quantity: '1.5',
    price: '64000.25',
    timeInForce: 'GTD',
    expireTime: NOW_MS + 1,
    postOnly: true,
    venues: { include: ['alpha', 'beta'], exclude: ['alpha'] },
    limits: { slippageBps: 12.34, feeBps: 0 },
    durability: 'machine',
  }
  expect(refusal(order)).toEqual(['none', ''])
  const { request } = entry
  expect(request).toMatchObject({
    instrument: 0,
    side: Side.buy,
    type: OrderType.limit,
    timeInForce: TimeInForce.gtd,
    postOnly: true,
    durability: Durability.machine,
    venuesLow: 0b10,
    venuesHigh: 0,
    slippageCentiBps: 1_234,
    feeCentiBps: 0,
    clientOrderIdLength: 2,
  })
  expect([request.lots, request.priceTicks, request.quoteBudget]).toEqual([150_000, 6_400_025, 0])
  expect(request.expireUs).toBe((NOW_MS + 1) * 1_000)
})

test('defaults: a market order is immediate, a limit order stays, every venue, no limits, this process', () => {
  expect(refusal(market)).toEqual(['none', ''])
  expect(entry.request.timeInForce).toBe(TimeInForce.ioc)
  expect(refusal(limit)).toEqual(['none', ''])
  expect(entry.request).toMatchObject({
    timeInForce: TimeInForce.gtc,
    venuesLow: -1,
    venuesHigh: -1,
    slippageCentiBps: -1,
    feeCentiBps: -1,
    durability: Durability.process,
  })
})

test('quote-sized orders count in ticks x lots', () => {
  expect(refusal({ ...market, quantity: undefined, quoteQuantity: '0.0000001' })).toEqual(['none', ''])
  expect(entry.request.quoteBudget).toBe(1)
})

const without = (field: string): object => ({ ...limit, [field]: undefined })

test.each<[string, string, object]>([
  ['unknownField', 'qty', { ...limit, qty: '1' }],
  ['unknownField', '__proto__', JSON.parse(`{"__proto__":{"side":"sell"},"clientOrderId":"x"}`)],
  ['unknownField', 'venues.only', { ...limit, venues: { only: [] } }],
  ['unknownField', 'limits.bps', { ...limit, limits: { bps: 1 } }],
  ['missingField', 'clientOrderId', without('clientOrderId')],
  ['missingField', 'symbol', without('symbol')],
  ['missingField', 'side', without('side')],
  ['missingField', 'type', without('type')],
  ['missingField', 'quantity', without('quantity')],
  ['wrongType', 'clientOrderId', { ...limit, clientOrderId: 7 }],
  ['wrongType', 'symbol', { ...limit, symbol: null }],
  ['wrongType', 'side', { ...limit, side: 1 }],
  ['wrongType', 'type', { ...limit, type: ['limit'] }],
  ['wrongType', 'quantity', { ...limit, quantity: 1 }],
  ['wrongType', 'quoteQuantity', { ...market, quantity: undefined, quoteQuantity: 5 }],
  ['wrongType', 'price', { ...limit, price: 2.5 }],
  ['wrongType', 'timeInForce', { ...limit, timeInForce: 0 }],
  ['wrongType', 'expireTime', { ...limit, expireTime: '2030' }],
  ['wrongType', 'postOnly', { ...limit, postOnly: 'true' }],
  ['wrongType', 'venues', { ...limit, venues: ['alpha'] }],
  ['wrongType', 'venues.include', { ...limit, venues: { include: 'alpha' } }],
  ['wrongType', 'venues.exclude', { ...limit, venues: { exclude: [0] } }],
  ['wrongType', 'limits', { ...limit, limits: null }],
  ['wrongType', 'limits.feeBps', { ...limit, limits: { feeBps: '5' } }],
  ['wrongType', 'durability', { ...limit, durability: 'disk' }],
  ['unknownSymbol', 'symbol', { ...limit, symbol: 'BTCUSDT' }],
  ['unknownSymbol', 'symbol', { ...limit, symbol: 'constructor' }],
  ['badClientOrderId', 'clientOrderId', { ...limit, clientOrderId: '' }],
  ['badClientOrderId', 'clientOrderId', { ...limit, clientOrderId: 'a'.repeat(37) }],
  ['badClientOrderId', 'clientOrderId', { ...limit, clientOrderId: 'a b' }],
  ['badClientOrderId', 'clientOrderId', { ...limit, clientOrderId: 'ä' }],
  ['badClientOrderId', 'clientOrderId', { ...limit, clientOrderId: '"' }],
  ['badSide', 'side', { ...limit, side: 'BUY' }],
  ['badType', 'type', { ...limit, type: 'stop' }],
  ['badTimeInForce', 'timeInForce', { ...limit, timeInForce: 'gtc' }],
  ['badTimeInForce', 'timeInForce', { ...market, timeInForce: 'GTC' }],
  ['badTimeInForce', 'timeInForce', { ...limit, timeInForce: 'IOC', postOnly: true }],
  ['badQuantity', 'quantity', { ...limit, quantity: '0' }],
  ['badQuantity', 'quantity', { ...limit, quantity: '-1' }],
  ['badQuantity', 'quantity', { ...limit, quantity: 'NaN' }],
  ['badQuantity', 'quantity', { ...limit, quantity: '1e3' }],
  ['badQuantity', 'quantity', { ...limit, quantity: '' }],
  ['badQuantity', 'quantity', { ...limit, quantity: '1.' }],
  ['badQuantity', 'quantity', { ...limit, quantity: ' 1' }],
  ['badQuantity', 'quantity', { ...limit, quantity: '0x1' }],
  ['badQuantity', 'quoteQuantity', { ...market, quantity: undefined, quoteQuantity: '0.00' }],
  ['quantityTooPrecise', 'quantity', { ...limit, quantity: '0.000001' }],
  ['quantityTooLarge', 'quantity', { ...limit, quantity: '9'.repeat(30) }],
  ['quantityTooLarge', 'quantity', { ...limit, quantity: '175921861' }],
  ['quantityTooLarge', 'quoteQuantity', { ...market, quantity: undefined, quoteQuantity: '9'.repeat(20) }],
  ['quoteQuantityNotAllowed', 'quoteQuantity', { ...market, quoteQuantity: '5' }],
  ['quoteQuantityNotAllowed', 'quoteQuantity', { ...limit, quantity: undefined, quoteQuantity: '5' }],
  [
    'quoteQuantityNotAllowed',
    'quoteQuantity',
    { ...market, quantity: undefined, quoteQuantity: '5', timeInForce: 'FOK' },
  ],
  ['badPrice', 'price', { ...limit, price: '0' }],
  ['badPrice', 'price', { ...limit, price: 'Infinity' }],
  ['priceTooPrecise', 'price', { ...limit, price: '1.001' }],
  ['priceTooLarge', 'price', { ...limit, price: '21474836.48' }],
  ['priceRequired', 'price', without('price')],
  ['priceNotAllowed', 'price', { ...market, price: '5' }],
  ['expireTimeRequired', 'expireTime', { ...limit, timeInForce: 'GTD' }],
  ['alreadyExpired', 'expireTime', { ...limit, timeInForce: 'GTD', expireTime: NOW_MS }],
  ['badExpireTime', 'expireTime', { ...limit, expireTime: NOW_MS + 1 }],
  ['badExpireTime', 'expireTime', { ...limit, timeInForce: 'GTD', expireTime: 1.5 }],
  ['badExpireTime', 'expireTime', { ...limit, timeInForce: 'GTD', expireTime: 1e300 }],
  ['badExpireTime', 'expireTime', { ...limit, timeInForce: 'GTD', expireTime: -1 }],
  ['badLimit', 'limits.slippageBps', { ...limit, limits: { slippageBps: -0.01 } }],
  ['badLimit', 'limits.slippageBps', { ...limit, limits: { slippageBps: 10_000.01 } }],
  ['badLimit', 'limits.feeBps', { ...limit, limits: { feeBps: 0.001 } }],
  ['unknownVenue', 'venues.include', { ...limit, venues: { include: ['alpha', 'gamma'] } }],
  ['noVenueLeft', 'venues', { ...limit, venues: { include: [] } }],
  ['noVenueLeft', 'venues', { ...limit, venues: { exclude: ['alpha', 'beta'] } }],
  ['noVenueLeft', 'venues', { ...limit, symbol: 'ETH/BTC', venues: { include: ['alpha'] } }],
])('%s of %s', (reason, field, message) => {
  expect(refusal(message)).toEqual([reason, field])
})

test('every amount on the grid arrives as itself', () => {
  const amounts = fc.record({
    lots: fc.integer({ min: 1, max: 2 ** 44 - 1 }),
    ticks: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  })
  fc.assert(
    fc.property(amounts, ({ lots, ticks }) => {
      const order = { ...limit, quantity: formatDecimal(lots, 5), price: formatDecimal(ticks, 2) }
      expect(refusal(order)[0]).toBe('none')
      expect([entry.request.lots, entry.request.priceTicks]).toEqual([lots, ticks])
    }),
  )
})

test('any JSON object gets a known reason, the same one twice, and never a throw', () => {
  const field = fc.constantFrom('id', 'op', 'price', 'venues', 'limits', ...Object.keys(limit))
  const message = fc.dictionary(field, fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(limit))))
  fc.assert(
    fc.property(message, (fields) => {
      const first = refusal({ ...limit, ...fields })
      expect(first[0]).toBeDefined()
      expect(refusal({ ...limit, ...fields })).toEqual(first)
    }),
    { numRuns: 2_000 },
  )
})

test('a quote is a market order, or a limit one when it has a price', () => {
  const quote = { op: 'quote', symbol: 'BTC/USDT', side: 'buy', quantity: '1' }
  expect(entry.decodeQuote(quote, clock)).toBe(DenyReason.none)
  expect(entry.request).toMatchObject({ type: OrderType.market, timeInForce: TimeInForce.ioc })
  expect(entry.decodeQuote({ ...quote, price: '3' }, clock)).toBe(DenyReason.none)
  expect(entry.request.type).toBe(OrderType.limit)
  expect(entry.decodeQuote({ ...quote, clientOrderId: 'x' }, clock)).toBe(DenyReason.unknownField)
})

test.each<[string, object]>([
  ['none', { clientOrderId: 'x' }],
  ['none', { orderId: '12' }],
  ['missingField', {}],
  ['unknownField', { orderId: '12', clientOrderId: 'x' }],
  ['wrongType', { orderId: 12 }],
  ['unknownOrder', { orderId: '0' }],
  ['unknownOrder', { orderId: '-1' }],
  ['unknownOrder', { orderId: '1.5' }],
  ['unknownOrder', { orderId: '9'.repeat(40) }],
])('an order is named by one id: %s for %j', (reason, message) => {
  expect(denyReasonNames[entry.decodeReference(message as Message)]).toBe(reason)
})

test('time is judged by the clock that is handed in', () => {
  const order = { ...limit, timeInForce: 'GTD', expireTime: 1_000 } as Message
  expect(entry.decodeNew(order, fixedClock(999_999 as EpochUs))).toBe(DenyReason.none)
  expect(entry.decodeNew(order, fixedClock(1_000_000 as EpochUs))).toBe(DenyReason.alreadyExpired)
})
