/** Orders that the stream says something of and not what: asked until it is whole, again when more happens, later each time. */
import { describe, expect, test } from 'vitest'
import { OrderFollower } from '../../../../../hotpath/venues/native/order-follower.ts'
import type { Asked, OrderQuestions } from '../../../../../hotpath/venues/native/order-questions.ts'
import { OrderTable } from '../../../../../hotpath/venues/native/order-table.ts'
import type { VenueUnits } from '../../../../../hotpath/venues/native/venue-units.ts'
import { type MonoNs, NS_PER_MS } from '../../../../../shared/units/time.ts'
import { CLIENT_ID, testSymbol } from './scripted-venue.ts'

const named = { clientId: CLIENT_ID, venueId: 'v1', symbolName: testSymbol.name, timeMs: 0 }

function stage() {
  const asked: ((outcome: Asked) => void)[] = []
  const line = { isOpen: true }
  const questions = {
    listen: (_name: unknown, done: (outcome: Asked) => void) => {
      if (line.isOpen) asked.push(done)
      return line.isOpen
    },
  } as unknown as OrderQuestions
  const orders = new OrderTable()
  orders.track(CLIENT_ID, { symbol: testSymbol } as VenueUnits)
  const follower = new OrderFollower(orders, questions)
  return { follower, asked, line, work: (ms: number) => follower.work((ms * NS_PER_MS) as MonoNs) }
}

describe('following an order', () => {
  test('is over when its answer is whole', () => {
    const { follower, asked, work } = stage()
    follower.follow([named])
    expect([work(0), work(1), asked.length]).toEqual([1, 0, 1])
    asked[0]('told')
    expect([follower.count, work(10_000)]).toEqual([0, 0])
  })

  test('goes on when something happened meanwhile', () => {
    const { follower, asked, work } = stage()
    follower.follow([named])
    work(0)
    follower.follow([named])
    asked[0]('told')
    expect([work(1), asked.length]).toEqual([1, 2])
    asked[1]('told')
    expect(follower.count).toBe(0)
  })

  test('waits longer after every silence', () => {
    const { follower, asked, line, work } = stage()
    follower.follow([named])
    work(0)
    asked[0]('silent')
    expect([work(99), work(100)]).toEqual([0, 1])
    asked[1]('notFound')
    expect([work(299), work(300)]).toEqual([0, 1])
    asked[2]('silent')
    line.isOpen = false
    expect([work(700), work(1_499)]).toEqual([0, 0])
    line.isOpen = true
    expect(work(1_500)).toBe(1)
  })

  test('what is told after its fills is told then, or at once when nothing is followed, or when the stream is gone', () => {
    const { follower, asked, work } = stage()
    const told: string[] = []
    follower.after(CLIENT_ID, () => told.push('at once'))
    follower.follow([named])
    work(0)
    follower.after(CLIENT_ID, () => told.push('after'))
    expect(told).toEqual(['at once'])
    asked[0]('told')
    expect(told).toEqual(['at once', 'after'])
    follower.follow([named])
    work(10)
    follower.after(CLIENT_ID, () => told.push('gone'))
    follower.forget()
    asked[1]('silent')
    expect([told, follower.count, work(100_000)]).toEqual([['at once', 'after', 'gone'], 0, 0])
  })

  test('orders of others are left alone', () => {
    const { follower, work } = stage()
    follower.follow([{ ...named, clientId: 'web', venueId: 'v9' }])
    expect([follower.count, work(0)]).toEqual([0, 0])
  })
})
