import { expect, test } from 'vitest'
import { LatencyBoard } from '../../../../hotpath/latency/latency-board.ts'
import { figuresOf, latencyReport } from '../../../../hotpath/latency/latency-figures.ts'
import { LatencyStage } from '../../../../hotpath/latency/latency-stage.ts'
import { Histogram } from '../../../../hotpath/telemetry/histogram.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'

test('figures are microseconds, whatever the histogram counts', () => {
  const histogram = new Histogram(3)
  for (const ns of [1_000, 2_000, 3_001]) histogram.record(ns)
  expect(figuresOf(histogram, 1_000)).toEqual({
    count: 3,
    meanUs: 2,
    p50Us: 2,
    p90Us: 3.001,
    p99Us: 3.001,
    p999Us: 3.001,
    maxUs: 3.001,
  })
  expect(figuresOf(new Histogram(2), 1)).toMatchObject({ count: 0, meanUs: 0, p999Us: 0, maxUs: 0 })
})

test('a report has every stage and venue, and what the network is known to be', () => {
  const board = new LatencyBoard(2)
  board.stage(LatencyStage.decision).record(1_500)
  board.stage(LatencyStage.decision).record(-1)
  board.ack(1 as VenueIndex).record(4_000)
  const network = { venue: 'beta', distanceKm: 900, floorUs: 8_800 }
  const { stages, venues, refused } = latencyReport(board, ['alpha', 'beta'], [network])
  expect(stages.map(({ stage }) => stage)).toEqual(Object.keys(LatencyStage))
  expect(stages[LatencyStage.decision]).toMatchObject({ kind: 'step', count: 1, p50Us: 1.5 })
  expect(stages[LatencyStage.venueAck]).toMatchObject({ kind: 'roundTrip', count: 1, maxUs: 4_000 })
  expect(refused).toBe(1)
  expect(venues[0]).toMatchObject({ venue: 'alpha', ack: { count: 0 } })
  expect(venues[0]).not.toHaveProperty('network')
  expect(venues[1]).toMatchObject({ venue: 'beta', ack: { count: 1, p99Us: 4_000 }, network })
})
