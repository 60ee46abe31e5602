import { expect, test } from 'vitest'
import { BalanceTable } from '../../../../hotpath/orders/balance-table.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'

const venue = (index: number) => index as VenueIndex

test('what no venue has told is unlimited, and stays so whatever is reserved', () => {
  const balances = new BalanceTable({ venues: 2, assets: 2 })
  balances.move(venue(0), 0, -1e12)
  expect(balances.free(venue(0), 0)).toBe(Number.POSITIVE_INFINITY)
})

test("the venue's word replaces the estimate; moves are of one asset at one venue", () => {
  const balances = new BalanceTable({ venues: 2, assets: 2 })
  for (const at of [0, 1]) for (const asset of [0, 1]) balances.set(venue(at), asset, 100)
  balances.move(venue(1), 0, -30)
  balances.move(venue(1), 0, 5)
  expect([0, 1].map((at) => [0, 1].map((asset) => balances.free(venue(at), asset)))).toEqual([
    [100, 100],
    [75, 100],
  ])
  balances.set(venue(1), 0, 60)
  expect(balances.free(venue(1), 0)).toBe(60)
})
