import { expect, test } from 'vitest'
import { LatencyBoard } from '../../../../hotpath/latency/latency-board.ts'
import { LatencyStage } from '../../../../hotpath/latency/latency-stage.ts'
import { LatencyTracker } from '../../../../hotpath/latency/latency-tracker.ts'
import { ThreadCounter, threadCounterFacts } from '../../../../hotpath/telemetry/collections.ts'
import { CoreCounter, Counters, coreCounterFacts } from '../../../../hotpath/telemetry/counters.ts'
import { PrometheusText } from '../../../../hotpath/telemetry/prometheus-text.ts'
import { CoreTelemetry, type TelemetryParts } from '../../../../hotpath/threads/router-telemetry.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { ChildRow, ParentRow, VenueIndex } from '../../../../shared/units/ids.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'
import { type Family, readMetrics } from '../telemetry/metrics-reader.ts'

const journal = { lastSequence: () => 120, durableSequence: () => 100, room: () => 4_096 }

function telemetryOf(world: ScriptedWorld, more: Partial<TelemetryParts> = {}) {
  const board = new LatencyBoard(world.venues.length)
  const { turn } = world.core
  const tracker = new LatencyTracker({ board, clock: world.clock, turn, parentsMax: 256, childrenMax: 1024 })
  const counters = new Counters(coreCounterFacts)
  const telemetry = new CoreTelemetry({ tracker, counters, core: world.core, journal, threads: [], ...more })
  return { board, tracker, counters, telemetry }
}

function read(telemetry: CoreTelemetry): readonly Family[] {
  const text = new PrometheusText()
  telemetry.writeMetrics(text)
  return readMetrics(text.toString())
}

const samplesOf = (families: readonly Family[], name: string) =>
  families.find((family) => family.name === name)?.samples ?? []
const told = (families: readonly Family[], name: string) => samplesOf(families, name)[0]?.value

test('what the core keeps elsewhere is looked up, what it counts is as it counted', () => {
  const world = new ScriptedWorld()
  world.book(0, [], [[100, 50]])
  const { telemetry, counters } = telemetryOf(world)
  world.core.core.newOrder(world.order({ id: 'a', side: Side.buy, lots: 10 }))
  const [child] = world.sent()
  world.accept(child)
  world.accept(child)
  counters.count(CoreCounter.childrenSent)
  const families = read(telemetry)
  expect(told(families, 'sor_orders_accepted_total')).toBe(1)
  expect(told(families, 'sor_orders_open')).toBe(1)
  expect(told(families, 'sor_children_sent_total')).toBe(1)
  expect(told(families, 'sor_venue_reports_total')).toBe(world.core.news.counters.reports)
  expect(told(families, 'sor_venue_reports_repeated_total')).toBe(1)
  world.fill(child, 10, 100, 10)
  world.end(child, 3, 10)
  expect(told(read(telemetry), 'sor_orders_open')).toBe(0)
})

test('the journal: records, what is on disk, the lag, the room; bytes where they are counted', () => {
  const { telemetry } = telemetryOf(new ScriptedWorld())
  const families = read(telemetry)
  expect(told(families, 'sor_journal_records_total')).toBe(120)
  expect(told(families, 'sor_journal_durable_records_total')).toBe(100)
  expect(told(families, 'sor_journal_lag_records')).toBe(20)
  expect(told(families, 'sor_journal_room_bytes')).toBe(4_096)
  expect(told(families, 'sor_journal_bytes_total')).toBeUndefined()
  const counting = telemetryOf(new ScriptedWorld(), { journal: { ...journal, appendedBytes: () => 77 } })
  expect(told(read(counting.telemetry), 'sor_journal_bytes_total')).toBe(77)
})

test('latencies in seconds: every stage, the venues that orders went to', () => {
  const { telemetry, board } = telemetryOf(new ScriptedWorld())
  board.stage(LatencyStage.decision).record(1_500)
  board.stage(LatencyStage.durable).record(800)
  board.stage(LatencyStage.durable).record(-5)
  board.ack(2 as VenueIndex).record(4_000)
  const families = read(telemetry)
  const sums = samplesOf(families, 'sor_stage_latency_seconds').filter(({ name }) => name.endsWith('_sum'))
  expect(sums.map(({ labels }) => labels['stage'])).toEqual(Object.keys(LatencyStage).slice(0, 8))
  expect(sums[LatencyStage.decision].value).toBeCloseTo(1.5e-6, 15)
  expect(sums[LatencyStage.durable].value).toBeCloseTo(8e-4, 12)
  const ofVenues = samplesOf(families, 'sor_venue_latency_seconds')
  expect(new Set(ofVenues.map(({ labels }) => `${labels['venue']} ${labels['event']}`))).toEqual(
    new Set(['venue2 ack']),
  )
  const bucket = (le: string) => ofVenues.find(({ labels }) => labels['le'] === le)?.value
  expect([bucket('0.0025'), bucket('0.005'), bucket('+Inf')]).toEqual([0, 1, 1])
  expect(told(families, 'sor_latency_refused_total')).toBe(1)
})

test('threads are looked at when somebody asks, and told apart', () => {
  const [core, gateway] = [new Counters(threadCounterFacts), new Counters(threadCounterFacts)]
  gateway.set(ThreadCounter.collectionsMinor, 3)
  const look = () => core.set(ThreadCounter.heapUsedBytes, 5_000)
  const threads = [
    { name: 'core', counters: core, look },
    { name: 'gateway', counters: gateway },
  ]
  const families = read(telemetryOf(new ScriptedWorld(), { threads }).telemetry)
  const heap = samplesOf(families, 'sor_heap_used_bytes').map(({ labels, value }) => [labels['thread'], value])
  expect(heap).toEqual([
    ['core', 5_000],
    ['gateway', 0],
  ])
  const minor = samplesOf(families, 'sor_gc_collections_total').filter(({ labels }) => labels['kind'] === 'minor')
  expect(minor.map(({ value }) => value)).toEqual([0, 3])
})

test('the network: what is known of each venue, families nobody knows anything for are absent', () => {
  const network = () => [{ venue: 'venue0', floorUs: 2_000, offsetUs: -500 }, { venue: 'venue1' }]
  const { telemetry } = telemetryOf(new ScriptedWorld(), { network })
  const families = read(telemetry)
  expect(samplesOf(families, 'sor_venue_round_trip_floor_seconds')).toMatchObject([
    { labels: { venue: 'venue0' }, value: 0.002 },
  ])
  expect(samplesOf(families, 'sor_venue_clock_offset_seconds')).toMatchObject([{ value: -0.0005 }])
  expect(families.some(({ name }) => name.endsWith('bound_seconds'))).toBe(false)
  expect(telemetry.latency().venues[0].network).toMatchObject({ floorUs: 2_000 })
})

test('an order is asked for by its row', () => {
  const world = new ScriptedWorld()
  const { telemetry, tracker } = telemetryOf(world)
  tracker.begin({ receivedNs: 0 })
  tracker.accepted(4 as ParentRow)
  tracker.sent(1 as ChildRow, false)
  expect(telemetry.stepsOf(4 as ParentRow)).toEqual({ totalUs: 0, steps: [] })
  expect(telemetry.stepsOf(5 as ParentRow)).toBeUndefined()
})
