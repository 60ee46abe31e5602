/** What a router tells of itself at GET /metrics and to `sor latency`: latencies, counters, journal, threads, network. */
import type { ParentRow } from '../../shared/units/ids.ts'
import type { RouterTelemetry } from '../gateway/gateway-metrics.ts'
import { figuresOf, latencyReport } from '../latency/latency-figures.ts'
import type { LatencyReport, OrderSteps, VenueNetwork } from '../latency/latency-report.ts'
import { type LatencyStage, OWN_STAGES, stageFacts } from '../latency/latency-stage.ts'
import type { LatencyTracker } from '../latency/latency-tracker.ts'
import type { Core } from '../routing/compose-core.ts'
import { CoreCounter, type Counters } from '../telemetry/counters.ts'
import { decadeBounds, type HistogramSeries, type PrometheusText } from '../telemetry/prometheus-text.ts'

/** 100 ns to 5 s, and 10 us to 50 s. */
const ownBounds = decadeBounds(-7, 0)
const venueBounds = decadeBounds(-5, 1)
const perSecondOf = { ns: 1e9, us: 1e6 } as const

export interface TelemetryThread {
  readonly name: string
  readonly counters: Counters
  /** Brings its gauges up to date, where that can be done from here. */
  look?(): void
}

/** How the journal stands; its ring is one. */
export interface JournalFigures {
  lastSequence(): number
  durableSequence(): number
  /** Bytes free in the ring. */
  room(): number
  /** Bytes journaled in this run, where they are counted. */
  appendedBytes?(): number
}

export interface TelemetryParts {
  readonly tracker: LatencyTracker
  /** With the table of CoreCounter. */
  readonly counters: Counters
  readonly core: Pick<Core, 'core' | 'news' | 'parts'>
  readonly journal: JournalFigures
  readonly threads: readonly TelemetryThread[]
  /** What is known of the ways to the venues. */
  readonly network?: () => readonly VenueNetwork[]
}

export class CoreTelemetry implements RouterTelemetry {
  readonly #parts: TelemetryParts
  readonly #venueIds: readonly string[]

  constructor(parts: TelemetryParts) {
    this.#parts = parts
    this.#venueIds = parts.core.parts.listings.venues.map(({ id }) => id)
  }

  latency(): LatencyReport {
    const { tracker, network, core } = this.#parts
    const report = latencyReport(tracker.board, this.#venueIds, network?.())
    const { histogram } = core.parts.watch.parts.spread
    const meaning = 'between the first and the last child of one route landing at its venue'
    const spread = { stage: 'arrivalSpread', kind: 'total', meaning, ...figuresOf(histogram, 1) } as const
    return { ...report, stages: [...report.stages, spread] }
  }

  stepsOf(parent: ParentRow): OrderSteps | undefined {
    return this.#parts.tracker.stepsOf(parent)
  }

  writeMetrics(text: PrometheusText): void {
    const { counters, threads, network } = this.#parts
    this.#gather()
    text.counters([{ labels: {}, counters }])
    this.#writeJournal(text)
    this.#writeLatencies(text)
    if (network !== undefined) writeNetwork(text, network())
    for (const thread of threads) thread.look?.()
    text.counters(threads.map((thread) => ({ labels: { thread: thread.name }, counters: thread.counters })))
  }

  /** What the core keeps elsewhere, looked up when somebody asks. */
  #gather(): void {
    const { counters, core } = this.#parts
    const { open, store, executor } = core.parts
    const { reports, repeated, foreign, nonsense } = core.news.counters
    counters.set(CoreCounter.ordersAccepted, store.lastSequence)
    counters.set(CoreCounter.ordersOpen, open.count)
    counters.set(CoreCounter.childrenWaiting, executor.waiting)
    counters.set(CoreCounter.lateFills, core.core.progress.lateFills)
    counters.set(CoreCounter.venueReports, reports)
    counters.set(CoreCounter.reportsRepeated, repeated)
    counters.set(CoreCounter.reportsForeign, foreign)
    counters.set(CoreCounter.reportsNonsense, nonsense)
  }

  #writeJournal(text: PrometheusText): void {
    const { journal } = this.#parts
    const one = (value: number) => [{ labels: {}, value }]
    const last = journal.lastSequence()
    const durable = journal.durableSequence()
    text.counter('sor_journal_records_total', 'Records of the journal, over all its runs.', one(last))
    text.counter('sor_journal_durable_records_total', 'Records of the journal that are on disk.', one(durable))
    text.gauge('sor_journal_lag_records', 'Records that are not on disk yet.', one(last - durable))
    text.gauge('sor_journal_room_bytes', 'Room between the core and the disk.', one(journal.room()))
    const bytes = journal.appendedBytes?.()
    if (bytes !== undefined) text.counter('sor_journal_bytes_total', 'Bytes journaled in this run.', one(bytes))
  }

  /** Venues that no order ever went to have no times, and no lines. */
  #writeLatencies(text: PrometheusText): void {
    const { board } = this.#parts.tracker
    const own = stageFacts.slice(0, OWN_STAGES).map(({ name, unit }, stage) => ({
      labels: { stage: name },
      histogram: board.stage(stage as LatencyStage),
      perSecond: perSecondOf[unit],
    }))
    text.histogram('sor_stage_latency_seconds', 'Where the time of an order goes in the router.', ownBounds, own)
    const { venues } = this.#parts.core.parts.listings
    const ofVenues = venues.flatMap(({ id, index }): HistogramSeries[] => [
      { labels: { venue: id, event: 'ack' }, histogram: board.ack(index), perSecond: perSecondOf.us },
      { labels: { venue: id, event: 'fill' }, histogram: board.fill(index), perSecond: perSecondOf.us },
    ])
    const heard = ofVenues.filter(({ histogram }) => histogram.count > 0)
    const help = 'From a child order leaving to its first acknowledgement or fill being heard.'
    text.histogram('sor_venue_latency_seconds', help, venueBounds, heard)
    const refused = [...own, ...ofVenues].reduce((sum, { histogram }) => sum + histogram.refused, 0)
    const meaning = 'Times that came out negative and are in no latency.'
    text.counter('sor_latency_refused_total', meaning, [{ labels: {}, value: refused }])
  }
}

function writeNetwork(text: PrometheusText, networks: readonly VenueNetwork[]): void {
  const write = (name: string, help: string, us: (network: VenueNetwork) => number | undefined): void => {
    const samples = networks.flatMap((network) => {
      const value = us(network)
      return value === undefined ? [] : [{ labels: { venue: network.venue }, value: value / perSecondOf.us }]
    })
    if (samples.length > 0) text.gauge(name, help, samples)
  }
  write('sor_venue_round_trip_floor_seconds', 'No round trip can be shorter: distance in glass.', (one) => one.floorUs)
  write('sor_venue_clock_offset_seconds', 'Clock of the venue minus ours.', (one) => one.offsetUs)
  write('sor_venue_clock_offset_bound_seconds', 'How far off that may be.', (one) => one.offsetBoundUs)
}
