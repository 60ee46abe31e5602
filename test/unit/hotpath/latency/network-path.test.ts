import { describe, expect, test } from 'vitest'
import { linkCostNs, type NetworkLink, venueRoutes } from '../../../../hotpath/latency/network-path.ts'

const MS = 1e6
function link(from: string, to: string, ms: number, loss = 0): NetworkLink {
  return { from, to, p50Ns: ms * MS, p99Ns: 3 * ms * MS, loss, kind: 'backbone' }
}

describe('linkCostNs', () => {
  test('a lossy link costs its resends: 10 % of loss is 22 ms', () => {
    expect(linkCostNs(link('a', 'b', 1))).toBe(1 * MS)
    expect(linkCostNs(link('a', 'b', 1, 0.1))).toBeCloseTo(1 * MS + (200 * MS) / 9, 3)
  })

  test('figures that cannot be are refused', () => {
    expect(() => linkCostNs(link('a', 'b', 1, 1))).toThrow()
    expect(() => linkCostNs({ ...link('a', 'b', 1), p99Ns: 1 })).toThrow()
  })
})

describe('venueRoutes', () => {
  const links = [
    link('london', 'frankfurt', 5),
    link('frankfurt', 'tokyo', 110),
    link('london', 'newyork', 35),
    link('newyork', 'tokyo', 85),
    link('london', 'singapore', 80),
    link('singapore', 'tokyo', 34),
  ]

  test('the fastest way first, then one without a link of it', () => {
    const [tokyo] = venueRoutes(links, 'london', [{ venue: 7, region: 'tokyo' }])
    expect(tokyo).toEqual({
      venue: 7,
      routes: [
        { regions: ['london', 'singapore', 'tokyo'], costNs: 114 * MS },
        { regions: ['london', 'frankfurt', 'tokyo'], costNs: 115 * MS },
      ],
    })
  })

  test('a lossy link is left to others', () => {
    const lossy = links.map((each) => (each.to === 'singapore' ? { ...each, loss: 0.02 } : each))
    const [tokyo] = venueRoutes(lossy, 'london', [{ venue: 0, region: 'tokyo' }])
    expect(tokyo.routes[0].regions).toEqual(['london', 'frankfurt', 'tokyo'])
  })

  test('when the fastest way leaves no disjoint one, both of the pair follow it', () => {
    const trap = [link('a', 'b', 1), link('b', 'c', 1), link('c', 'd', 1), link('a', 'c', 4), link('b', 'd', 4)]
    const [venue] = venueRoutes(trap, 'a', [{ venue: 0, region: 'd' }])
    expect(venue.routes.map(({ regions }) => regions.join('-'))).toEqual(['a-b-c-d', 'a-b-d', 'a-c-d'])
  })

  test('two equal links side by side are two routes', () => {
    const [venue] = venueRoutes([link('a', 'b', 2), link('a', 'b', 2)], 'a', [{ venue: 0, region: 'b' }])
    expect(venue.routes).toHaveLength(2)
  })

  test('a venue next door is one route of cost 0; an unknown region has none', () => {
    const [here, nowhere] = venueRoutes(links, 'london', [
      { venue: 0, region: 'london' },
      { venue: 1, region: 'atlantis' },
    ])
    expect(here.routes).toEqual([{ regions: ['london'], costNs: 0 }])
    expect(nowhere.routes).toEqual([])
  })
})
