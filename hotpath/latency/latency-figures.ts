/** Reads a latency board for doors: figures of every stage and venue. Allocates. */
import type { VenueIndex } from '../../shared/units/ids.ts'
import { NS_PER_US } from '../../shared/units/time.ts'
import type { Histogram } from '../telemetry/histogram.ts'
import type { LatencyBoard } from './latency-board.ts'
import type { LatencyFigures, LatencyReport, VenueLatency, VenueNetwork } from './latency-report.ts'
import { type LatencyStage, stageFacts } from './latency-stage.ts'

/** `venueIds` in the order of their index; `networks` in any. */
export function latencyReport(
  board: LatencyBoard,
  venueIds: readonly string[],
  networks: readonly VenueNetwork[] = [],
): LatencyReport {
  let refused = 0
  const stages = stageFacts.map(({ name, kind, unit, meaning }, stage) => {
    const histogram = board.whole(stage as LatencyStage)
    refused += histogram.refused
    return { stage: name, kind, meaning, ...figuresOf(histogram, unit === 'ns' ? NS_PER_US : 1) }
  })
  return { stages, venues: venueIds.map((id, at) => ofVenue(board, id, at as VenueIndex, networks)), refused }
}

function ofVenue(
  board: LatencyBoard,
  venue: string,
  index: VenueIndex,
  networks: readonly VenueNetwork[],
): VenueLatency {
  const network = networks.find((one) => one.venue === venue)
  const times = { ack: figuresOf(board.ack(index), 1), fill: figuresOf(board.fill(index), 1) }
  return { venue, ...times, ...(network !== undefined && { network }) }
}

/** `perUs`: the histogram's units in a microsecond. */
export function figuresOf(histogram: Histogram, perUs: number): LatencyFigures {
  const at = (share: number): number => histogram.quantile(share) / perUs
  return {
    count: histogram.count,
    meanUs: Math.round((histogram.mean / perUs) * 1_000) / 1_000,
    p50Us: at(0.5),
    p90Us: at(0.9),
    p99Us: at(0.99),
    p999Us: at(0.999),
    maxUs: histogram.max / perUs,
  }
}
