/** Books and prints for who subscribed, and less of them for who falls behind. */
import { beforeEach, expect, test } from 'vitest'
import { Side } from '../../../../shared/domain/order.ts'
import { GATEWAY_BACKPRESSURE_BYTES_MAX } from '../../../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'
import { NS_PER_MS } from '../../../../shared/units/time.ts'
import { MemoryGateway } from '../../../e2e/gateway/memory-gateway.ts'

let gateway: MemoryGateway
beforeEach(() => {
  gateway = new MemoryGateway()
})

test('books: at once, then when they changed, not more often than asked', () => {
  const socket = gateway.logOn('viewer')
  const ask = { op: 'subscribe', channel: 'book', symbol: 'BTC/USDT', depth: 2, intervalMs: 100 }
  expect(socket.ask(ask)[0]).toEqual({
    type: 'subscribed',
    channel: 'book',
    symbol: 'BTC/USDT',
    depth: 2,
    intervalMs: 100,
  })
  gateway.turn()
  expect(socket.take()).toEqual([
    {
      type: 'book',
      symbol: 'BTC/USDT',
      timeUs: gateway.clock.epochUs(),
      venuesLive: 2,
      bids: [
        ['63999', '1.5', 'alpha'],
        ['63998', '0.5', 'alpha'],
      ],
      asks: [
        ['64000.5', '0.75', 'beta'],
        ['64001', '1', 'alpha'],
      ],
    },
  ])
  gateway.clock.advance(500 * NS_PER_MS)
  gateway.turn()
  expect(socket.sent).toHaveLength(0)
  socket.ask({ op: 'unsubscribe', channel: 'book', symbol: 'BTC/USDT' })
  gateway.clock.advance(500 * NS_PER_MS)
  gateway.turn()
  expect(socket.sent).toHaveLength(0)
})

test('prints go to who wants them, and are counted for who falls behind', () => {
  const all = gateway.logOn('viewer')
  const other = gateway.logOn('viewer')
  all.ask({ op: 'subscribe', channel: 'trades' })
  other.ask({ op: 'subscribe', channel: 'trades', symbol: 'ETH/BTC' })
  const print = (): void => {
    const [price, lots] = [6_400_000 as PriceTicks, 1_000 as QtyLots]
    gateway.server.onTrade(1 as VenueIndex, 0 as InstrumentIndex, Side.sell, price, lots, gateway.clock.epochUs())
    gateway.turn()
  }
  print()
  expect(all.take()).toEqual([
    {
      type: 'trade',
      symbol: 'BTC/USDT',
      venue: 'beta',
      side: 'sell',
      price: '64000',
      quantity: '0.01',
      timeUs: gateway.clock.epochUs(),
    },
  ])
  expect(other.sent).toHaveLength(0)
  all.bufferedBytes = GATEWAY_BACKPRESSURE_BYTES_MAX / 2
  print()
  print()
  expect(all.sent).toHaveLength(0)
  all.bufferedBytes = 0
  print()
  expect(all.take()[0]['missed']).toBe(2)
})

test('a book that changes all the time comes once an interval', () => {
  const socket = gateway.logOn('viewer')
  socket.ask({ op: 'subscribe', channel: 'book', symbol: 'BTC/USDT', depth: 1, intervalMs: 100 })
  const row = gateway.books.row(0 as InstrumentIndex, 0 as VenueIndex)
  for (let ms = 0; ms < 1_000; ms++) {
    gateway.books.finishUpdate(row, ms, gateway.clock.monoNs())
    gateway.turn()
    gateway.clock.advance(NS_PER_MS)
  }
  expect(socket.take()).toHaveLength(10)
})

test('many books share the turns, and a closed session is forgotten', () => {
  const sockets = Array.from({ length: 20 }, () => gateway.logOn('viewer'))
  for (const socket of sockets) socket.ask({ op: 'subscribe', channel: 'book', symbol: 'BTC/USDT' })
  gateway.turn()
  expect(sockets.flatMap((socket) => socket.take())).toHaveLength(8)
  sockets[19].close(1000)
  gateway.clock.advance(NS_PER_MS)
  gateway.turn()
  gateway.clock.advance(NS_PER_MS)
  gateway.turn()
  expect(sockets.flatMap((socket) => socket.take())).toHaveLength(11)
})
