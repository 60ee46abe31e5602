/**
 * Regions, the links between them, and which way to each venue: the fastest, and a way that survives the failure of any
 * one link. Cold side: computed at boot and when a link's figures change; the failover plan keeps the result ready.
 */
import { assert } from '../../shared/assert.ts'
import { disjointPaths } from './disjoint-paths.ts'
import { shortestPath, type WeightedGraph } from './shortest-path.ts'

export const linkKinds = ['internet', 'backbone', 'fibre', 'microwave', 'local'] as const
export type LinkKind = (typeof linkKinds)[number]

/** One direction of a link; the way back is a link of its own. */
export interface NetworkLink {
  readonly from: string
  readonly to: string
  /** One way. */
  readonly p50Ns: number
  readonly p99Ns: number
  /** Share of packets lost, 0 <= loss < 1. */
  readonly loss: number
  readonly kind: LinkKind
}

/** A way through the network; the numbers are sums over its links. */
export interface NetworkRoute {
  /** Both ends included. */
  readonly regions: readonly string[]
  /** What routes are compared by: `linkCostNs` of its links. */
  readonly costNs: number
}

export interface VenueRoutes {
  readonly venue: number
  /**
   * The fastest first, then what else the lightest disjoint pair consists of. With two or more of them no failure of one
   * link takes all: a link lies on at most one route of the pair. None: the venue's region is not reached.
   */
  readonly routes: readonly NetworkRoute[]
}

/** A lost packet is sent again after at least this long (Linux TCP_RTO_MIN; RFC 6298 asks for a second). */
const RESEND_NS = 200_000_000

/**
 * Expected time over a link: the median plus what losses cost, loss / (1 - loss) resends of RESEND_NS. Medians do not add
 * up to a path's median: the sum ranks paths, it does not promise a latency.
 */
export function linkCostNs(link: NetworkLink): number {
  assert(link.p50Ns >= 0 && link.p99Ns >= link.p50Ns, 'quantiles of a link are in order')
  assert(link.loss >= 0 && link.loss < 1, 'a link that loses everything is no link')
  return link.p50Ns + (link.loss / (1 - link.loss)) * RESEND_NS
}

/** Routes from our region to each venue's. Regions are known by the links that touch them. O(venues x regions^2). */
export function venueRoutes(
  links: readonly NetworkLink[],
  from: string,
  venues: readonly { readonly venue: number; readonly region: string }[],
): VenueRoutes[] {
  const regions = [...new Set([from, ...links.flatMap((link) => [link.from, link.to])])]
  const numbers = new Map(regions.map((region, number) => [region, number]))
  const numberOf = (region: string): number => numbers.get(region) ?? -1
  const graph: WeightedGraph = {
    nodes: regions.length,
    edges: links.map((link) => [numberOf(link.from), numberOf(link.to), linkCostNs(link)] as const),
  }
  const name = (path: readonly number[]): string[] => path.map((node) => regions[node])
  return venues.map(({ venue, region }) => {
    const target = numberOf(region)
    return { venue, routes: target === -1 ? [] : routesTo(graph, 0, target, name) }
  })
}

function routesTo(
  graph: WeightedGraph,
  source: number,
  target: number,
  name: (path: readonly number[]) => string[],
): NetworkRoute[] {
  const best = shortestPath(graph, source, target)
  if (best === undefined) return []
  const routes: NetworkRoute[] = [{ regions: name(best.path), costNs: best.weight }]
  const pair = source === target ? undefined : disjointPaths(graph, source, target)
  let isBestOfPair = false
  for (const [path, costNs] of pair?.paths ?? []) {
    // Two parallel links give the same regions twice: only one of them is the fastest route itself.
    const isSame: boolean = !isBestOfPair && costNs === best.weight && path.join() === best.path.join()
    isBestOfPair ||= isSame
    if (!isSame) routes.push({ regions: name(path), costNs })
  }
  return routes
}
