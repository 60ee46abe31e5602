import { expect, test } from 'vitest'
import { LatencyBoard, latencyBoardBytes } from '../../../../hotpath/latency/latency-board.ts'
import { LatencyStage, OWN_STAGES, stageFacts } from '../../../../hotpath/latency/latency-stage.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'

const venueAt = (index: number) => index as VenueIndex

test('the memory of 32 venues is what the comment says', () => {
  expect(latencyBoardBytes(32)).toBe(8 * 188_480 + 64 * 26_688)
})

test('every histogram has its own place; another board on the same memory reads it', () => {
  const memory = new SharedArrayBuffer(64 + latencyBoardBytes(3))
  const board = new LatencyBoard(3, memory, 64)
  for (let stage = 0; stage < OWN_STAGES; stage++) board.stage(stage as LatencyStage).record(100 + stage)
  for (let venue = 0; venue < 3; venue++) {
    board.ack(venueAt(venue)).record(10 + venue)
    board.fill(venueAt(venue)).record(20 + venue)
  }
  const reader = new LatencyBoard(3, memory, 64)
  for (let stage = 0; stage < OWN_STAGES; stage++) {
    expect(reader.stage(stage as LatencyStage)).toMatchObject({ count: 1, max: 100 + stage })
  }
  for (let venue = 0; venue < 3; venue++) {
    expect(reader.ack(venueAt(venue))).toMatchObject({ count: 1, max: 10 + venue })
    expect(reader.fill(venueAt(venue))).toMatchObject({ count: 1, max: 20 + venue })
  }
  expect(new Uint8Array(memory, 0, 64).every((byte) => byte === 0)).toBe(true)
})

test('a stage over all venues is their merger, not the mean of their quantiles', () => {
  const board = new LatencyBoard(2)
  for (let i = 0; i < 99; i++) board.ack(venueAt(0)).record(100)
  board.ack(venueAt(1)).record(100_000)
  const all = board.whole(LatencyStage.venueAck)
  expect(all).toMatchObject({ count: 100, min: 100, max: 100_000 })
  expect(all.quantile(0.99)).toBe(100)
  expect(board.whole(LatencyStage.fill).count).toBe(0)
  expect(board.whole(LatencyStage.risk)).toBe(board.stage(LatencyStage.risk))
})

test('stages are told in their own order, those of venues last', () => {
  expect(stageFacts.map(({ name }) => LatencyStage[name])).toEqual(stageFacts.map((_, at) => at))
  expect(stageFacts.flatMap(({ kind }, at) => (kind === 'roundTrip' ? [at] : []))).toEqual([8, 9])
  expect(OWN_STAGES).toBe(LatencyStage.venueAck)
})
