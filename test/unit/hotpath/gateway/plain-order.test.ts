/** What is read from bytes is what JSON.parse and OrderEntry would have read; what they would not take is left to them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Message, parseMessage } from '../../../../hotpath/gateway/message.ts'
import { OrderEntry } from '../../../../hotpath/gateway/order-entry.ts'
import { PlainOrder } from '../../../../hotpath/gateway/plain-order.ts'
import type { OrderRequest } from '../../../../hotpath/orders/order-request.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { fixedClock, START_US, smallListings } from '../../../e2e/gateway/small-market.ts'

const clock = fixedClock(START_US)
const entry = new OrderEntry(smallListings())
const plain = new PlainOrder(smallListings(), entry.venueMasks)
const usual = {
  op: 'new',
  id: 7,
  clientOrderId: 'a-1',
  symbol: 'BTC/USDT',
  side: 'buy',
  type: 'limit',
  quantity: '1.5',
  price: '60000.25',
  timeInForce: 'IOC',
  limits: { slippageBps: 12.5, feeBps: 3 },
  durability: 'machine',
}

function read(text: string): boolean {
  return plain.read(new TextEncoder().encode(text), clock)
}

function contents(request: OrderRequest): unknown {
  const { lots, quoteBudget, priceTicks, expireUs, orderId, clientOrderId, ...rest } = request
  return { lots, quoteBudget, priceTicks, expireUs, orderId, clientOrderId: [...clientOrderId], rest }
}

/** True when it was taken from bytes; then it is what the slow way reads. */
function agrees(text: string): boolean {
  if (!read(text)) return false
  const message = parseMessage(text) as Message
  expect(message['op']).toBe('new')
  expect(message['id']).toBe(plain.id < 0 ? undefined : plain.id)
  expect(entry.decodeNew(message, clock)).toBe(DenyReason.none)
  expect(contents(plain.request)).toEqual(contents(entry.request))
  return true
}

test('the usual orders are taken, blanks between and any order of fields included', () => {
  expect(agrees(JSON.stringify(usual))).toBe(true)
  expect(agrees(JSON.stringify(usual, undefined, 0).replaceAll(':', ' : ').replaceAll(',', ' , '))).toBe(true)
  expect(agrees(JSON.stringify(Object.fromEntries(Object.entries(usual).reverse())))).toBe(true)
  const market = { op: 'new', clientOrderId: 'm', symbol: 'ETH/BTC', side: 'sell', type: 'market', quantity: '2' }
  expect(agrees(JSON.stringify(market))).toBe(true)
  expect([plain.id, plain.request.instrument, plain.request.lots]).toEqual([-1, 1, 20_000])
})

test.each([
  ['another operation', { op: 'quote' }],
  ['an id that is a text', { id: 'seven' }],
  ['an id with a fraction', { id: 7.5 }],
  ['an unknown field', { hint: 'x' }],
  ['venues', { venues: { include: ['alpha'] } }],
  ['an escape', { clientOrderId: 'a\n' }],
  ['no client order id', { clientOrderId: undefined }],
  ['a symbol nobody knows', { symbol: 'BTC/USDC' }],
  ['a quantity finer than the grid', { quantity: '1.5000000' }],
  ['a quantity of nothing', { quantity: '0.0' }],
  ['a quantity that is a number', { quantity: 1.5 }],
  ['a negative limit', { limits: { slippageBps: -1 } }],
  ['a limit in thousandths', { limits: { slippageBps: 1.125 } }],
  ['a limit with an exponent', { limits: { feeBps: 1e-7 } }],
  ['a price on a market order', { type: 'market' }],
])('%s is left to the slow way', (_what, change) => {
  expect(read(JSON.stringify({ ...usual, ...change }))).toBe(false)
})

test('a name that is given twice, a number no JSON begins with, and what is not whole are left', () => {
  const text = JSON.stringify(usual)
  expect(read(text.replace('"side":"buy"', '"side":"buy","side":"sell"'))).toBe(false)
  expect(read(text.replace('"id":7', '"id":07'))).toBe(false)
  expect(read(text.replace('12.5', '12.'))).toBe(false)
  expect(read(`${text} x`)).toBe(false)
  expect(read(text.replace('}', ',}'))).toBe(false)
  for (let length = 0; length < text.length; length++) expect(read(text.slice(0, length))).toBe(false)
})

const words = ['new', 'buy', 'sell', 'limit', 'market', 'GTC', 'GTD', 'IOC', 'FOK', 'machine', 'BTC/USDT', 'ETH/BTC']
const decimal = fc.tuple(fc.nat(99_999), fc.nat(120)).map(([whole, part]) => `${whole}.${part}`)
const value = fc.oneof(fc.constantFrom(...words), decimal, fc.nat(), fc.double(), fc.string(), fc.constant(''))
const limits = fc.dictionary(fc.constantFrom('slippageBps', 'feeBps'), fc.oneof(fc.nat(9_999), fc.double({ min: 0 })))
const change = fc.dictionary(
  fc.constantFrom(...Object.keys(usual), 'postOnly', 'expireTime'),
  fc.oneof(value, limits),
  {
    maxKeys: 1,
  },
)

test('whatever is taken is what the slow way reads: changed fields and broken bytes', () => {
  const taken = { count: 0 }
  fc.assert(
    fc.property(
      change,
      decimal,
      fc.array(fc.tuple(fc.nat(300), fc.nat(127)), { maxLength: 1 }),
      (more, price, hits) => {
        const bytes = new TextEncoder().encode(JSON.stringify({ ...usual, price, ...more }))
        for (const [at, code] of hits) if (at < bytes.length) bytes[at] = code
        if (agrees(new TextDecoder().decode(bytes))) taken.count++
      },
    ),
    { numRuns: 3_000 },
  )
  expect(taken.count).toBeGreaterThan(300)
})
