import { expect, test } from 'vitest'
import { metricsAnswer } from '../../../../hotpath/gateway/gateway-metrics.ts'
import { VenueStateTable } from '../../../../hotpath/plan/venue-state-table.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import type { VenueHealth } from '../../../../shared/domain/venue-health.ts'
import type { MonoNs } from '../../../../shared/units/time.ts'
import { MemoryGateway } from '../../../e2e/gateway/memory-gateway.ts'
import { smallBooks, smallListings } from '../../../e2e/gateway/small-market.ts'
import { MeasuredOrders } from '../../../fixtures/measured-orders.ts'
import { type Family, readMetrics } from '../telemetry/metrics-reader.ts'

const figures = { market: { name: 'calibrated', simulated: true }, ready: true, sessions: 2, messages: 70 }

const told = (families: readonly Family[], name: string, labels: Record<string, string> = {}) =>
  families
    .find((family) => family.name === name)
    ?.samples.find((sample) => Object.entries(labels).every(([label, text]) => sample.labels[label] === text))?.value

test('the gateway, its refusals by reason, the venues and their books', () => {
  const listings = smallListings()
  const states = new VenueStateTable(listings.venues)
  states.isUp[0] = 1
  states.isUp[1] = 1
  states.isReady[1] = 1
  const health = [{ venue: 'beta', gaps: 3, resyncs: 4, checksumFaults: 5, connects: 6 } as VenueHealth]
  const denied = new Float64Array(256)
  denied[DenyReason.rateLimited] = 9
  const sources = {
    listings,
    books: smallBooks(1 as MonoNs),
    venueNow: { states, health: () => health },
    telemetry: undefined,
  }
  const { status, body, contentType } = metricsAnswer({ ...figures, denied }, sources)
  expect([status, contentType]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  const families = readMetrics(body)
  expect(told(families, 'sor_market_info', { market: 'calibrated', simulated: 'true' })).toBe(1)
  expect(told(families, 'sor_ready')).toBe(1)
  expect(told(families, 'sor_sessions')).toBe(2)
  expect(told(families, 'sor_messages_total')).toBe(70)
  expect(told(families, 'sor_denied_total', { reason: 'rateLimited' })).toBe(9)
  expect(told(families, 'sor_denied_total', { reason: 'malformed' })).toBe(0)
  expect(told(families, 'sor_denied_total', { reason: 'none' })).toBeUndefined()
  expect(told(families, 'sor_books', { venue: 'alpha', state: 'live' })).toBe(1)
  expect(told(families, 'sor_books', { venue: 'beta', state: 'empty' })).toBe(1)
  expect(told(families, 'sor_venue_up', { venue: 'alpha' })).toBe(1)
  expect(told(families, 'sor_venue_ready', { venue: 'alpha' })).toBe(0)
  expect(told(families, 'sor_venue_ready', { venue: 'beta' })).toBe(1)
  expect(told(families, 'sor_feed_gaps_total', { venue: 'beta' })).toBe(3)
  expect(told(families, 'sor_feed_connects_total', { venue: 'beta' })).toBe(6)
})

test('a market without feeds, a gateway without telemetry: their families are absent', () => {
  const sources = {
    listings: smallListings(),
    books: smallBooks(1 as MonoNs),
    venueNow: undefined,
    telemetry: undefined,
  }
  const names = readMetrics(metricsAnswer({ ...figures, denied: [] }, sources).body).map(({ name }) => name)
  expect(names).toContain('sor_books')
  expect(names.filter((name) => name.startsWith('sor_venue') || name.startsWith('sor_feed'))).toEqual([])
})

test('GET /metrics counts what happens at the gateway, and says what the router adds', () => {
  const gateway = new MemoryGateway({ telemetry: new MeasuredOrders().telemetry() })
  const read = () => readMetrics(gateway.transport.get('/metrics')!.body)
  expect(told(read(), 'sor_sessions')).toBe(0)
  const socket = gateway.logOn()
  socket.ask({ op: 'cancel', clientOrderId: 'nothing' })
  const families = read()
  expect(told(families, 'sor_sessions')).toBe(1)
  expect(told(families, 'sor_messages_total')).toBe(2)
  expect(told(families, 'sor_denied_total', { reason: 'unknownOrder' })).toBe(1)
  expect(told(families, 'sor_orders_open')).toBe(2)
  gateway.server.stopOrders()
  expect(told(read(), 'sor_ready')).toBe(0)
})

test('latency of everything, of one order, and of none', () => {
  const orders = new MeasuredOrders()
  const gateway = new MemoryGateway({ telemetry: orders.telemetry() })
  const socket = gateway.logOn()
  socket.ask({
    op: 'new',
    clientOrderId: 'a-1',
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'limit',
    quantity: '1',
    price: '60000',
  })
  orders.order(0)
  expect(socket.ask({ op: 'latency', id: 4 })[0]).toMatchObject({
    type: 'latency',
    id: 4,
    latency: {
      refused: 0,
      venues: [{ venue: 'alpha' }, { venue: 'beta', ack: { count: 1 }, network: { floorUs: 8_800 } }],
    },
  })
  expect(socket.ask({ op: 'latency', clientOrderId: 'a-1' })[0]).toMatchObject({
    type: 'latency',
    order: { totalUs: 3.44 },
  })
  expect(socket.ask({ op: 'latency', orderId: '7' })[0]['reason']).toBe('unknownOrder')
  expect(socket.ask({ op: 'latency', venue: 'beta' })[0]).toMatchObject({ reason: 'unknownField', field: 'venue' })
  expect(gateway.logOn('stopper').ask({ op: 'latency' })[0]['reason']).toBe('notPermitted')
})

test('an order of an earlier run has no stamps, a gateway that measures nothing no such operation', () => {
  const measured = new MemoryGateway({ telemetry: new MeasuredOrders().telemetry() }).logOn()
  const order = {
    op: 'new',
    clientOrderId: 'a-1',
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'limit',
    quantity: '1',
    price: '60000',
  }
  measured.ask(order)
  expect(measured.ask({ op: 'latency', clientOrderId: 'a-1' })[0]['reason']).toBe('unknownOrder')
  expect(new MemoryGateway().logOn().ask({ op: 'latency' })[0]['reason']).toBe('unknownOperation')
})
