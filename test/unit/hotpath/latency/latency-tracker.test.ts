import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { LatencyBoard } from '../../../../hotpath/latency/latency-board.ts'
import { type CoreStep, LatencyStage } from '../../../../hotpath/latency/latency-stage.ts'
import { LatencyTracker } from '../../../../hotpath/latency/latency-tracker.ts'
import { Turn } from '../../../../shared/turn.ts'
import type { ChildRow, ParentRow, VenueIndex } from '../../../../shared/units/ids.ts'
import { HandClock } from '../../../e2e/gateway/small-market.ts'

const parent = 3 as ParentRow
const child = 5 as ChildRow
const venue = 1 as VenueIndex
const { risk, decision, journal, wireOut, gatewayIn, orderOut, reportOut, durable } = LatencyStage

let clock: HandClock
let turn: Turn
let board: LatencyBoard
let tracker: LatencyTracker

beforeEach(() => track(1))

function track(every: number): void {
  clock = new HandClock()
  turn = new Turn(clock, { nowUs: 0 })
  board = new LatencyBoard(2)
  tracker = new LatencyTracker({ board, clock, turn, parentsMax: 8, childrenMax: 16 }, every)
}

/** The core begins a turn, `ns` after what was before. */
function turnAfter(ns: number): void {
  clock.advance(ns)
  turn.read()
}

function markAfter(ns: number, step: CoreStep): void {
  clock.advance(ns)
  tracker.mark(step)
}

function begin(receivedNs = 0): void {
  tracker.begin({ receivedNs })
}

const valuesOf = (stage: LatencyStage) => {
  const { count, sum, min, max } = board.stage(stage)
  return { count, sum, min, max }
}
const once = (ns: number) => ({ count: 1, sum: ns, min: ns, max: ns })

test('the steps of an order share its time without a rest, in the order it took them', () => {
  const receivedNs = clock.monoNs()
  turnAfter(700)
  begin(receivedNs)
  markAfter(1_500, decision)
  markAfter(40, risk)
  markAfter(300, journal)
  tracker.accepted(parent)
  tracker.sent(child, false)
  clock.advance(900)
  tracker.wired(parent)
  expect([gatewayIn, decision, risk, journal, wireOut].map(valuesOf)).toEqual([700, 1_500, 40, 300, 900].map(once))
  expect(valuesOf(orderOut)).toEqual(once(3_440))
  expect(tracker.stepsOf(parent)).toEqual({
    totalUs: 3.44,
    steps: [
      { stage: 'gatewayIn', us: 0.7 },
      { stage: 'decision', us: 1.5 },
      { stage: 'risk', us: 0.04 },
      { stage: 'journal', us: 0.3 },
      { stage: 'wireOut', us: 0.9 },
    ],
  })
})

test('an order that came through no socket begins in the core', () => {
  turnAfter(100)
  begin()
  markAfter(50, decision)
  expect(board.stage(gatewayIn).count).toBe(0)
  expect(valuesOf(decision)).toEqual(once(50))
})

test('what is denied leaves nothing behind for the next order', () => {
  turnAfter(1)
  begin()
  markAfter(10, decision)
  turnAfter(5_000)
  begin()
  markAfter(20, decision)
  tracker.accepted(parent)
  expect(valuesOf(decision)).toEqual({ count: 2, sum: 30, min: 10, max: 20 })
  expect(tracker.stepsOf(parent)).toEqual({ totalUs: 0.02, steps: [{ stage: 'decision', us: 0.02 }] })
})

test('an order without a child is not on the wire', () => {
  turnAfter(1)
  begin()
  tracker.accepted(parent)
  tracker.wired(parent)
  expect([valuesOf(wireOut).count, valuesOf(orderOut).count]).toEqual([0, 0])
})

test('a second route of the same turn is not a second way out', () => {
  turnAfter(1)
  begin()
  tracker.accepted(parent)
  tracker.sent(child, false)
  tracker.wired(parent)
  tracker.sent((child + 1) as ChildRow, false)
  tracker.wired(parent)
  expect(board.stage(orderOut).count).toBe(1)
})

test('round trips: from the last boundary before the child left to the turn that heard of it', () => {
  turnAfter(1_000)
  begin()
  markAfter(2_000, journal)
  tracker.sent(child, false)
  turnAfter(5_000_000)
  tracker.acknowledged(child, venue)
  turnAfter(1_000_000)
  tracker.filled(child, venue)
  turnAfter(1_000_000)
  tracker.filled(child, venue)
  tracker.acknowledged(child, venue)
  expect(board.ack(venue)).toMatchObject({ count: 1, max: 5_000 })
  expect(board.fill(venue)).toMatchObject({ count: 1, max: 6_000 })
  expect(board.ack(0 as VenueIndex).count).toBe(0)
})

test('a child of a later turn leaves then, not at the last boundary of an order long ago', () => {
  turnAfter(1_000)
  begin()
  turnAfter(9_000_000)
  tracker.sent(child, false)
  turnAfter(2_000_000)
  tracker.acknowledged(child, venue)
  expect(board.ack(venue).max).toBe(2_000)
})

test('a fill that comes first has acknowledged; what may rest has no fill time', () => {
  turnAfter(1)
  tracker.sent(child, false)
  tracker.sent((child + 1) as ChildRow, true)
  turnAfter(3_000_000)
  tracker.filled(child, venue)
  tracker.filled((child + 1) as ChildRow, venue)
  expect([board.ack(venue).count, board.fill(venue).count]).toEqual([2, 1])
})

test('news of a child that another run of the router sent is no round trip', () => {
  turnAfter(1_000)
  tracker.acknowledged(child, venue)
  tracker.filled(child, venue)
  tracker.onDisk(parent)
  expect([board.ack(venue).count, board.fill(venue).count, board.stage(durable).count]).toEqual([0, 0, 0])
  expect(tracker.stepsOf(parent)).toBeUndefined()
})

test('a row that is used again starts anew', () => {
  turnAfter(1)
  tracker.sent(child, false)
  turnAfter(1_000_000)
  tracker.filled(child, venue)
  turnAfter(1_000_000)
  tracker.sent(child, false)
  turnAfter(4_000_000)
  tracker.filled(child, venue)
  expect(board.fill(venue)).toMatchObject({ count: 2, min: 1_000, max: 4_000 })
})

test('on disk: from the message to the turn that saw it; a report: from its turn to now', () => {
  const receivedNs = clock.monoNs()
  turnAfter(1_000)
  begin(receivedNs)
  tracker.accepted(parent)
  turnAfter(799_000)
  tracker.onDisk(parent)
  turnAfter(1)
  clock.advance(450)
  tracker.reported()
  expect(valuesOf(durable)).toEqual(once(800))
  expect(valuesOf(reportOut)).toEqual(once(450))
})

test('a message from a clock that cannot be compared is refused, not believed', () => {
  turnAfter(1_000)
  begin(clock.monoNs() + 500)
  expect(board.stage(gatewayIn)).toMatchObject({ count: 0, refused: 1 })
})

test.each([
  [1, 12],
  [4, 3],
  [5, 3],
  [0, 0],
])('every %i: %i of twelve orders and reports are stamped, round trips always', (every, stamped) => {
  track(every)
  for (let i = 0; i < 12; i++) {
    turnAfter(100)
    begin()
    tracker.accepted(parent)
    tracker.sent(child, false)
    tracker.wired(parent)
    turnAfter(1_000)
    tracker.filled(child, venue)
    tracker.reported()
    expect(tracker.stepsOf(parent) !== undefined).toBe(every > 0 && i % every === 0)
  }
  expect([board.stage(orderOut).count, board.stage(reportOut).count]).toEqual([stamped, stamped])
  expect(board.fill(venue).count).toBe(12)
})

test('any way through the core: the steps sum to the total', () => {
  const step = fc.tuple(fc.nat(5_000), fc.constantFrom<CoreStep>(risk, decision, journal))
  fc.assert(
    fc.property(fc.nat(3_000), fc.array(step, { maxLength: 6 }), fc.nat(5_000), (queuedNs, steps, outNs) => {
      track(1)
      const receivedNs = clock.monoNs()
      turnAfter(queuedNs)
      begin(receivedNs)
      for (const [ns, name] of steps) markAfter(ns, name)
      tracker.accepted(parent)
      tracker.sent(child, false)
      clock.advance(outNs)
      tracker.wired(parent)
      const sum = [gatewayIn, risk, decision, journal, wireOut].reduce<number>(
        (all, at) => all + board.stage(at).sum,
        0,
      )
      expect(board.stage(orderOut).sum).toBe(sum)
      const told = tracker.stepsOf(parent)!
      expect(told.steps.reduce((all, { us }) => all + us, 0)).toBeCloseTo(told.totalUs, 9)
    }),
  )
})
