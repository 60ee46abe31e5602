/** GET /metrics: what the gateway sees of itself, the venues and their books, and what the router tells beside it. */
import { denyReasonNames } from '../../shared/domain/deny-reason.ts'
import type { ParentRow } from '../../shared/units/ids.ts'
import type { LatencyReport, OrderSteps } from '../latency/latency-report.ts'
import { PROMETHEUS_CONTENT_TYPE, PrometheusText, type Sample } from '../telemetry/prometheus-text.ts'
import { bookStates } from './answer-text.ts'
import type { DeskParts } from './desk.ts'
import type { HttpAnswer } from './socket-transport.ts'

/** What the router knows of itself beyond the gateway. */
export interface RouterTelemetry {
  latency(): LatencyReport
  /** Undefined: not stamped, or in an earlier run. */
  stepsOf(parent: ParentRow): OrderSteps | undefined
  /** Adds its families; their names are none of the gateway's. */
  writeMetrics(text: PrometheusText): void
}

export interface GatewayFigures {
  readonly market: { readonly name: string; readonly simulated: boolean }
  readonly ready: boolean
  readonly sessions: number
  readonly messages: number
  /** By DenyReason. */
  readonly denied: ArrayLike<number>
}

type Sources = Pick<DeskParts, 'listings' | 'books' | 'venueNow' | 'telemetry'>

/** Costs milliseconds at most and no lock: once every few seconds is what it is for. */
export function metricsAnswer(figures: GatewayFigures, sources: Sources): HttpAnswer {
  const text = new PrometheusText()
  writeGateway(text, figures)
  writeVenues(text, sources)
  sources.telemetry?.writeMetrics(text)
  return { status: 200, body: text.toString(), contentType: PROMETHEUS_CONTENT_TYPE }
}

function writeGateway(text: PrometheusText, { market, ready, sessions, messages, denied }: GatewayFigures): void {
  const one = (value: number): readonly Sample[] => [{ labels: {}, value }]
  const info = { market: market.name, simulated: `${market.simulated}` }
  text.gauge('sor_market_info', 'The market that is traded; always 1.', [{ labels: info, value: 1 }])
  text.gauge('sor_ready', 'Whether orders are taken: 1 or 0.', one(ready ? 1 : 0))
  text.gauge('sor_sessions', 'Connections open now.', one(sessions))
  text.counter('sor_messages_total', 'Messages of clients.', one(messages))
  // By number, with gaps, which flatMap passes over; the first is no refusal.
  const reasons = denyReasonNames.flatMap((reason, at) =>
    at === 0 ? [] : [{ labels: { reason }, value: denied[at] ?? 0 }],
  )
  text.counter('sor_denied_total', 'What we refused, by reason.', reasons)
}

function writeVenues(text: PrometheusText, { listings, books, venueNow }: Sources): void {
  const counts = listings.venues.flatMap((venue) =>
    Object.entries(bookStates(venue, listings, books)).map(([state, value]) => ({
      labels: { venue: venue.id, state },
      value,
    })),
  )
  text.gauge('sor_books', 'Books of each venue by state; live ones are traded on.', counts)
  if (venueNow === undefined) return
  const { states } = venueNow
  const of = (column: ArrayLike<number>): readonly Sample[] =>
    listings.venues.map(({ id, index }) => ({ labels: { venue: id }, value: column[index] }))
  text.gauge('sor_venue_up', 'Whether there is a connection for orders.', of(states.isUp))
  text.gauge('sor_venue_ready', 'Whether orders may go there: connected and reconciled.', of(states.isReady))
  writeFeeds(text, venueNow.health())
}

function writeFeeds(text: PrometheusText, feeds: ReturnType<NonNullable<Sources['venueNow']>['health']>): void {
  if (feeds.length === 0) return
  const of = (figure: 'gaps' | 'resyncs' | 'checksumFaults' | 'connects'): readonly Sample[] =>
    feeds.map((feed) => ({ labels: { venue: feed.venue }, value: feed[figure] }))
  text.counter('sor_feed_gaps_total', 'Gaps in the sequence of a public feed.', of('gaps'))
  text.counter('sor_feed_resyncs_total', 'Books read anew.', of('resyncs'))
  text.counter('sor_feed_checksum_faults_total', 'Books that were not as the venue says.', of('checksumFaults'))
  text.counter('sor_feed_connects_total', 'Connections made to a public feed.', of('connects'))
}
