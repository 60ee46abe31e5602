import { expect, test } from 'vitest'
import { ArrivalSpread } from '../../../../hotpath/latency/arrival-spread.ts'
import { Turn } from '../../../../shared/turn.ts'
import type { ParentRow } from '../../../../shared/units/ids.ts'
import type { EpochUs, MonoNs } from '../../../../shared/units/time.ts'

function rig() {
  const turn = new Turn({ monoNs: () => 0 as MonoNs, epochUs: () => 0 as EpochUs }, { nowUs: 0 })
  const spread = new ArrivalSpread(4, turn)
  const sentNs = new Float64Array(4)
  const land = (child: number, sent: number, heard: number) => {
    sentNs[child] = sent
    turn.start(heard as MonoNs)
    spread.landed(1 as ParentRow, sentNs, child)
  }
  return { spread, land }
}

test('is the distance between the first and the last of all children of a route', () => {
  const { spread, land } = rig()
  spread.begin(1 as ParentRow, 3)
  land(0, 0, 2_000_000)
  land(1, 0, 9_000_000)
  expect(spread.ofParent(1 as ParentRow)).toBeUndefined()
  land(2, 1_000_000, 4_000_000)
  expect(spread.ofParent(1 as ParentRow)).toBe(3_500)
  expect(spread.histogram.count).toBe(1)
})

test('a route of one child has none, and a child that never went makes none', () => {
  const { spread, land } = rig()
  spread.begin(1 as ParentRow, 1)
  land(0, 0, 2_000_000)
  spread.begin(1 as ParentRow, 2)
  land(0, 0, 2_000_000)
  spread.lost(1 as ParentRow)
  land(1, 0, 5_000_000)
  expect(spread.ofParent(1 as ParentRow)).toBeUndefined()
  expect(spread.histogram.count).toBe(0)
})

test('the newest route counts', () => {
  const { spread, land } = rig()
  spread.begin(1 as ParentRow, 2)
  land(0, 0, 2_000_000)
  spread.begin(1 as ParentRow, 2)
  land(2, 10_000_000, 12_000_000)
  land(3, 10_000_000, 12_000_000)
  expect(spread.ofParent(1 as ParentRow)).toBe(0)
})
