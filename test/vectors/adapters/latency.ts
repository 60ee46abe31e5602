/** Topics of latency.json: distances, floors, estimators, sketches, change detection, paths. */
import { type ClockSample, clockEstimate } from '../../../hotpath/latency/clock-offset.ts'
import { disjointPaths } from '../../../hotpath/latency/disjoint-paths.ts'
import { type Coordinates, geodesic, haversineM, WGS84 } from '../../../hotpath/latency/geodesic.ts'
import { analyseHops } from '../../../hotpath/latency/hop-analysis.ts'
import { asymmetryMax, oneWayBounds } from '../../../hotpath/latency/one-way-delay.ts'
import { RetransmissionTimeout } from '../../../hotpath/latency/retransmission-timeout.ts'
import { RttGradient } from '../../../hotpath/latency/rtt-gradient.ts'
import { shortestPath } from '../../../hotpath/latency/shortest-path.ts'
import { flightTimes } from '../../../hotpath/latency/time-of-flight.ts'
import { highestEquivalent, lowestEquivalent } from '../../../hotpath/telemetry/histogram.ts'
import { Cusum } from '../../../shared/math/cusum.ts'
import { Ewma } from '../../../shared/math/ewma.ts'
import { LocalLevelKalman } from '../../../shared/math/local-level-kalman.ts'
import { PSquare } from '../../../shared/math/p-square.ts'
import { PageHinkley } from '../../../shared/math/page-hinkley.ts'
import { peakFactors } from '../../../shared/math/peak-factors.ts'
import { linearQuantile, nearestRank } from '../../../shared/math/quantile.ts'
import { type AreaAdapters, adapter } from '../adapter.ts'

interface Ends {
  readonly lat1: number
  readonly lon1: number
  readonly lat2: number
  readonly lon2: number
  /** Of the ellipsoid; WGS84 where they are not given. */
  readonly a?: number
  readonly inverseFlattening?: number
}

interface Graph {
  readonly nodes: number
  readonly edges: readonly (readonly [from: number, to: number, weight: number])[]
  readonly source: number
  readonly target: number
}

const fromOf = ({ lat1, lon1 }: Ends): Coordinates => ({ latitude: lat1, longitude: lon1 })
const toOf = ({ lat2, lon2 }: Ends): Coordinates => ({ latitude: lat2, longitude: lon2 })

const inverse = adapter((ends: Ends) => {
  const { a = WGS84.equatorialRadiusM, inverseFlattening = WGS84.inverseFlattening } = ends
  const line = geodesic(fromOf(ends), toOf(ends), { equatorialRadiusM: a, inverseFlattening })
  return { distance: line.distanceM, azimuth1: line.azimuthDeg }
})

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort()

interface Alarms {
  add(value: number): boolean
}

/** Every value through a detector: where it raised the alarm, and what it stood at after each. */
function watch<Detector extends Alarms>(x: readonly number[], detector: Detector, read: (seen: Detector) => number) {
  const alarms: number[] = []
  const trace = x.map((value, at) => {
    if (detector.add(value)) alarms.push(at)
    return read(detector)
  })
  return { alarms, trace }
}

export const latency: AreaAdapters = {
  geodesic: inverse,
  'geodesic-published': inverse,
  haversine: adapter((ends: Ends) => ({ distance: haversineM(fromOf(ends), toOf(ends)) })),
  tof: adapter(({ distance, routeFactor }: { distance: number; routeFactor: number }) => {
    const { fibreRoundTripUs, ...times } = flightTimes(distance, routeFactor)
    return { ...times, fibreRttUs: fibreRoundTripUs }
  }),
  rto: adapter(({ rtts, granularity, minRto }: { rtts: number[]; granularity: number; minRto: number }) => {
    const state = new RetransmissionTimeout(granularity, minRto)
    return {
      steps: rtts.map((rtt) => {
        state.note(rtt)
        return [state.smoothed, state.variation, state.timeout]
      }),
      columns: ['srtt', 'rttvar', 'rto'],
    }
  }),
  ewma: adapter(({ x, alpha }: { x: number[]; alpha: number }) => {
    const ewma = new Ewma(alpha)
    return {
      steps: x.map((value) => {
        ewma.add(value)
        return [ewma.mean, ewma.variance]
      }),
      columns: ['mean', 'variance'],
    }
  }),
  kalman: adapter(({ z, q, r }: { z: number[]; q: number; r: number }) => {
    const filter = new LocalLevelKalman(q, r)
    return {
      steps: z.map((value) => {
        filter.add(value)
        return [filter.mean, filter.variance]
      }),
      columns: ['mean', 'variance'],
    }
  }),
  ntp: adapter(({ samples }: { samples: ClockSample[] }) => clockEstimate(samples)),
  p2: adapter(({ x, p }: { x: number[]; p: number }) => {
    const sketch = new PSquare(p)
    for (const value of x) sketch.add(value)
    return {
      estimate: sketch.estimate,
      markers: Array.from(sketch.markers),
      exactType7: linearQuantile(ascending(x), p),
    }
  }),
  'quantile-exact': adapter(({ x, p }: { x: number[]; p: number[] }) => {
    const sample = ascending(x)
    return {
      type7: p.map((share) => linearQuantile(sample, share)),
      nearestRank: p.map((share) => nearestRank(sample, share)),
    }
  }),
  hdr: adapter(({ value }: { value: number }) => ({
    lowestEquivalent: lowestEquivalent(value),
    highestEquivalent: highestEquivalent(value),
  })),
  cusum: adapter(({ x, mu, k, h }: { x: number[]; mu: number; k: number; h: number }) =>
    watch(x, new Cusum(mu, k, h), ({ sum }) => sum),
  ),
  'page-hinkley': adapter(({ x, delta, lambda }: { x: number[]; delta: number; lambda: number }) =>
    watch(x, new PageHinkley(delta, lambda), ({ excess }) => excess),
  ),
  'rtt-gradient': adapter(({ rtts, alpha, minRtt }: { rtts: number[]; alpha: number; minRtt: number }) => {
    const state = new RttGradient(alpha)
    const gradient = rtts.map((rtt) => {
      state.note(rtt)
      return state.over(minRtt)
    })
    // the first sample makes no change yet
    return { gradient: gradient.slice(1) }
  }),
  hop: adapter(({ minRttMs }: { minRttMs: (number | null)[] }) =>
    analyseHops(minRttMs.map((minimum) => minimum ?? undefined)),
  ),
  'owd-bounds': adapter((inputs: { rttUs: number; forwardLowerBoundUs: number; reverseLowerBoundUs: number }) => {
    const bounds = oneWayBounds(inputs.rttUs, inputs.forwardLowerBoundUs, inputs.reverseLowerBoundUs)
    return { ...bounds, maxAsymmetry: asymmetryMax(bounds) }
  }),
  'shortest-path': adapter(
    (graph: Graph) => shortestPath(graph, graph.source, graph.target) ?? { weight: null, path: null },
  ),
  'disjoint-paths': adapter(
    (graph: Graph) => disjointPaths(graph, graph.source, graph.target) ?? { totalWeight: null, paths: null },
  ),
  seasonal: adapter(({ rows, buckets }: { rows: [bucket: number, value: number][]; buckets: number }) => {
    const [bucketOf, values] = [rows.map(([bucket]) => bucket), rows.map(([, value]) => value)]
    return { factors: Array.from(peakFactors(bucketOf, values, buckets)) }
  }),
}
