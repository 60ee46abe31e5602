import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stateHash } from '../../../../hotpath/orders/state-hash.ts'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

const hashOf = (world: ScriptedWorld) => stateHash(world.store, world.world.positions)

function market(journal?: ScriptedWorld['journal']): ScriptedWorld {
  const capacity = { parentsMax: 8, childrenMax: 32, fillsMax: 4_096 + 16 }
  const world = new ScriptedWorld({ capacity, ...(journal && { journal }) })
  world.book(0, [[99_00, 50]], [[100_00, 50]])
  world.book(1, [[99_00, 50]], [[100_50, 50]])
  world.book(2, [[98_00, 50]], [[101_00, 500]])
  return world
}

test('every order, its client id and its fills count', () => {
  const hashes = ['a', 'b'].flatMap((id) => {
    const world = market()
    expect(world.core.core.newOrder(world.order({ id, lots: 10 }))).toBe(DenyReason.none)
    const before = hashOf(world)
    world.fill(world.sent()[0], 10, 100_00, 10)
    return [before, hashOf(world)]
  })
  expect(new Set([...hashes, hashOf(market())]).size).toBe(5)
  expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/)
})

const action = fc.oneof(
  fc.record({ do: fc.constant('new'), lots: fc.integer({ min: 1, max: 200 }), isLimit: fc.boolean() }),
  fc.record({ do: fc.constantFrom('accept', 'fill', 'overfill', 'cancelRejected'), pick: fc.nat() }),
  fc.record({
    do: fc.constantFrom('canceled', 'expired', 'rejected', 'status', 'notFound'),
    pick: fc.nat(),
    part: fc.nat(4),
  }),
  fc.record({ do: fc.constantFrom('cancel', 'replace'), pick: fc.nat() }),
  fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 20, 600, 1_300, 6_000) }),
)
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

let serial = 0
function act(world: ScriptedWorld, one: Action): void {
  if ('lots' in one) {
    const price = one.isLimit ? { price: 99_50 } : {}
    world.core.core.newOrder(world.order({ id: `o${++serial}`, lots: one.lots, ...price }))
    return
  }
  if ('ms' in one) {
    world.pass(one.ms)
    return
  }
  const sent = world.sent()
  const child = sent[one.pick % Math.max(1, sent.length)]
  if (child === undefined) return
  if ('part' in one) {
    const kind = VenueReportKind[one.do as 'canceled']
    world.end(child, kind, Math.floor((child.lots * one.part) / 4))
  } else if (one.do === 'accept') world.accept(child)
  else if (one.do === 'cancelRejected') world.end(child, VenueReportKind.cancelRejected, 0, 13)
  else if (one.do.endsWith('fill')) {
    const lots = one.do === 'fill' ? Math.ceil(child.lots / 2) : child.lots + 1
    world.fill(child, lots, child.limitTicks, lots)
  } else {
    const request = world.order({ id: 'x', lots: 20, price: 98_00 })
    request.clientOrderIdLength = 0
    request.orderId = child.parentSequence
    if (one.do === 'cancel') world.core.core.cancelOrder(request)
    else world.core.core.replaceOrder(request)
  }
}

test('a journal replayed gives the same hash, whatever venues and clients did, small stores and recycled rows included', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 5, maxLength: 60 }), (actions) => {
      const world = market()
      for (const one of actions) act(world, one)
      const before = hashOf(world)
      expect(hashOf(market(world.journal))).toBe(before)
    }),
    { numRuns: 150 },
  )
})
