import { expect, test } from 'vitest'
import type { NetworkLink } from '../../../../hotpath/latency/network-path.ts'
import { routeNotes } from '../../../../hotpath/latency/route-notes.ts'
import { placeOf } from '../../../../hotpath/latency/venue-places.ts'

const link = (from: string, to: string, ms: number): NetworkLink => ({
  from,
  to,
  p50Ns: ms * 1e6,
  p99Ns: ms * 2e6,
  loss: 0,
  kind: 'backbone',
})

test('says the fastest way and the one that shares no link with it', () => {
  const there = placeOf('deribit').region?.name ?? ''
  expect(there).not.toBe('')
  const links = [link('here', there, 5), link('here', 'hub', 3), link('hub', there, 4)]
  const [deribit, unknown] = routeNotes(['deribit', 'nobody'], 'here', links)
  expect(deribit).toBe(`way here > ${there} 5.0 ms, backup here > hub > ${there} 7.0 ms`)
  expect(unknown).toBe('')
})

test('a venue with one way has no backup, and one that no link reaches has no words', () => {
  const there = placeOf('deribit').region?.name ?? ''
  expect(routeNotes(['deribit'], 'here', [link('here', there, 5)])[0]).toBe(`way here > ${there} 5.0 ms, no backup`)
  expect(routeNotes(['deribit'], 'here', [])[0]).toBe('')
})
