import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailoverCause, FailoverPlan, type FailoverVenue, LINK_OUT } from '../../../../hotpath/latency/failover-plan.ts'
import { type MonoNs, NS_PER_S } from '../../../../shared/units/time.ts'

const limits = { holdNs: 2 * NS_PER_S, holdNsMax: 10 * NS_PER_S }
const at = (seconds: number): MonoNs => (seconds * NS_PER_S) as MonoNs

function plan(venues: readonly FailoverVenue[]): { plan: FailoverPlan; told: string[] } {
  const told: string[] = []
  const names = Object.keys(FailoverCause)
  const events = {
    onLinkSwitch: (venue: number, link: number, cause: FailoverCause) => {
      told.push(`${venue} to ${link}: ${names[cause]}`)
    },
  }
  return { plan: new FailoverPlan(venues, events, limits), told }
}

const one = { links: ['main'] }
const two = { links: ['main', 'second'] }

describe('FailoverPlan', () => {
  test('nothing happens while nothing is wrong', () => {
    const { plan: quiet, told } = plan([one, two])
    expect(quiet.work(at(1))).toBe(0)
    expect([quiet.isUsable(0), quiet.linkOf(1), told.length]).toEqual([true, 0, 0])
  })

  test('a spike moves a venue with two doors to its second within one turn; it stays usable', () => {
    const { plan: moved, told } = plan([one, two])
    moved.onSpike(1)
    expect(moved.linkOf(1)).toBe(0)
    expect(moved.work(at(1))).toBe(1)
    expect([moved.isUsable(1), moved.linkOf(1)]).toEqual([true, 1])
    expect(told).toEqual(['1 to 1: spike'])
  })

  test('a venue with one door leaves new routes, and its stand-in is the best that is left', () => {
    const { plan: failed } = plan([{ ...one, standIns: [2, 1] }, one, one])
    expect(failed.standInOf(0)).toBe(2)
    failed.onLoss(0)
    failed.onLoss(2)
    expect(failed.work(at(1))).toBe(2)
    expect([failed.isUsable(0), failed.linkOf(0)]).toEqual([false, LINK_OUT])
    expect(failed.standInOf(0)).toBe(1)
  })

  test('back to the first door only after a quiet time, counted from the last trouble', () => {
    const { plan: held, told } = plan([one, two])
    held.onSpike(1)
    held.work(at(1))
    held.onSpike(0)
    held.work(at(2))
    held.onSpike(0)
    held.work(at(3.5))
    expect([held.linkOf(1), held.isUsable(0)]).toEqual([0, false])
    held.work(at(5.4))
    expect(held.isUsable(0)).toBe(false)
    held.work(at(5.5))
    expect(held.isUsable(0)).toBe(true)
    expect(told).toEqual(['1 to 1: spike', '0 to -1: spike', '1 to 0: quiet', '0 to 0: quiet'])
  })

  test('one that relapses must be quiet for twice as long each time, up to the bound', () => {
    const { plan: flapping } = plan([one, one])
    const awayS: number[] = []
    let nowS = 100
    for (let round = 0; round < 5; round++) {
      flapping.onSpike(0)
      flapping.work(at(nowS))
      const failedS = nowS
      while (!flapping.isUsable(0)) flapping.work(at(++nowS))
      awayS.push(nowS - failedS)
    }
    expect(awayS).toEqual([2, 4, 8, 10, 10])
    // A long quiet time forgives.
    nowS += 100
    flapping.onSpike(0)
    flapping.work(at(nowS))
    flapping.work(at(nowS + 2))
    expect(flapping.isUsable(0)).toBe(true)
  })

  test('a spike never takes the last venue out, a loss does', () => {
    const { plan: last } = plan([one, one])
    last.onLoss(1)
    last.work(at(1))
    last.onSpike(0)
    expect(last.work(at(1.1))).toBe(0)
    expect([last.isUsable(0), last.keptCount]).toEqual([true, 1])
    last.onLoss(0)
    last.work(at(1.2))
    expect(last.isUsable(0)).toBe(false)
    expect(last.standInOf(0)).toBe(LINK_OUT)
  })

  test('a loss in the same turn is graver than a spike; both make one switch', () => {
    const { plan: grave } = plan([two, one])
    grave.onLoss(0)
    grave.onSpike(0)
    expect(grave.work(at(1))).toBe(1)
    expect(grave.count(FailoverCause.loss)).toBe(1)
    expect(grave.count(FailoverCause.spike)).toBe(0)
  })

  test('every switch is kept and can be explained', () => {
    const { plan: told } = plan([one, two])
    told.onLoss(1)
    told.work(at(1))
    told.onSpike(1)
    told.work(at(1.5))
    expect(told.switches().map((change) => told.explain(change))).toEqual([
      '1000.000 ms  venue 1  loss: main -> second',
      '1500.000 ms  venue 1  spike: second -> out of new routes',
    ])
    for (let round = 0; round < 1_000; round++) {
      told.onSpike(0)
      told.work(at(100 + 100 * round))
      told.work(at(150 + 100 * round))
    }
    expect(told.switches()).toHaveLength(256)
    expect(told.switches().at(-1)?.atNs).toBe(at(150 + 100 * 999))
  })

  test('plans that make no sense are refused', () => {
    expect(() => plan([])).toThrow()
    expect(() => plan([{ links: [] }])).toThrow()
    expect(() => plan([{ links: ['main'], standIns: [3] }])).toThrow()
  })

  test('property: what is told equals what is read, switches are counted once, and quiet mends everything', () => {
    const event = fc.record({
      venue: fc.integer({ min: 0, max: 3 }),
      kind: fc.constantFrom('spike', 'loss', 'turn', 'turn'),
      passedS: fc.integer({ min: 0, max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const links = new Map<number, number>()
        const record = { onLinkSwitch: (venue: number, link: number) => links.set(venue, link) }
        const failover = new FailoverPlan([one, two, { links: ['a', 'b', 'c'] }, one], record, limits)
        let nowS = 0
        let switched = 0
        for (const { venue, kind, passedS } of events) {
          nowS += passedS
          if (kind === 'spike') failover.onSpike(venue)
          else if (kind === 'loss') failover.onLoss(venue)
          else switched += failover.work(at(nowS))
        }
        const counted = Object.values(FailoverCause).reduce<number>((sum, cause) => sum + failover.count(cause), 0)
        expect(counted).toBe(switched)
        for (let venue = 0; venue < 4; venue++) expect(failover.linkOf(venue)).toBe(links.get(venue) ?? 0)
        failover.work(at(nowS + 1))
        failover.work(at(nowS + 60))
        for (let venue = 0; venue < 4; venue++) expect(failover.linkOf(venue)).toBe(0)
      }),
    )
  })
})
