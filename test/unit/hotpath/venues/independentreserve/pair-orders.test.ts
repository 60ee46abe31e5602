import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LevelList } from '../../../../../hotpath/venues/feed/level-list.ts'
import { type ListedOrder, PairOrders } from '../../../../../hotpath/venues/independentreserve/pair-orders.ts'

/** A history of an order book: what happens to which order. */
const act = fc.record({
  id: fc.integer({ min: 0, max: 12 }),
  kind: fc.constantFrom('put', 'change', 'end'),
  side: fc.constantFrom(0 as const, 1 as const),
  price: fc.integer({ min: 1, max: 5 }),
  volume: fc.integer({ min: 1, max: 9 }),
})

type Orders = Map<string, ListedOrder>

function totals(orders: Iterable<ListedOrder>): unknown[] {
  const sums = new Map<string, number>()
  for (const { side, price, volume } of orders) {
    sums.set(`${side} ${price}`, (sums.get(`${side} ${price}`) ?? 0) + volume)
  }
  return [...sums].sort()
}

function levelsOf(pair: PairOrders): unknown[] {
  const levels = new LevelList()
  pair.tellAll(levels)
  const told = Array.from({ length: levels.count }, (_, at) => ({
    side: levels.side[at] as 0 | 1,
    price: levels.price[at] * 10 ** (8 - levels.priceFraction[at]),
    volume: levels.size[at] * 10 ** (8 - levels.sizeFraction[at]),
  }))
  return totals(told)
}

test('wherever the list was made and laid between the events, the levels are those of the true book', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60)), (acts, points) => {
      const [heardFrom, madeAt, laidAt] = points.map((point) => Math.min(point, acts.length)).sort((a, b) => a - b)
      const truth: Orders = new Map()
      let list: Orders = new Map()
      const pair = new PairOrders()
      for (let at = 0; at <= acts.length; at++) {
        if (at === madeAt) list = new Map(truth)
        if (at === laidAt) pair.load(list, 1_000 + madeAt)
        if (at === acts.length) break
        const { id: number, kind, side, price, volume } = acts[at]
        const id = String(number)
        const known = truth.get(id)
        const isHeard = at >= heardFrom
        if (kind === 'put' && known === undefined) {
          truth.set(id, { side, price, volume })
          if (isHeard) pair.put(id, side, price, volume, 1_000 + at)
        } else if (kind === 'change' && known !== undefined) {
          truth.set(id, { ...known, volume })
          if (isHeard) pair.change(id, known.side, volume, 1_000 + at)
        } else if (kind === 'end' && known !== undefined) {
          truth.delete(id)
          if (isHeard) pair.end(id, 1_000 + at)
        }
      }
      expect(levelsOf(pair)).toEqual(totals(truth.values()))
    }),
  )
})
