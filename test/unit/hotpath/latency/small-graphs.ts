/** Random small graphs and all their paths, the slow and obvious way: what the path finders are checked against. */
import * as fc from 'fast-check'
import type { WeightedGraph } from '../../../../hotpath/latency/shortest-path.ts'

/** 2 to 6 nodes, up to 12 links with whole weights from 0: loops, parallel links and unreachable nodes included. */
export const graphs: fc.Arbitrary<WeightedGraph> = fc.integer({ min: 2, max: 6 }).chain((nodes) => {
  const node = fc.integer({ min: 0, max: nodes - 1 })
  const edge = fc.tuple(node, node, fc.integer({ min: 0, max: 20 }))
  return fc.array(edge, { minLength: nodes, maxLength: 14 }).map((edges) => ({ nodes, edges }))
})

export interface ListedPath {
  readonly links: readonly number[]
  readonly weight: number
}

/** Every path that visits no node twice, as link numbers. */
export function allPaths(graph: WeightedGraph, source: number, target: number): ListedPath[] {
  const found: ListedPath[] = []
  const walk = (node: number, links: readonly number[], weight: number, seen: ReadonlySet<number>): void => {
    if (node === target) {
      found.push({ links, weight })
      return
    }
    graph.edges.forEach(([from, to, cost], link) => {
      if (from === node && !seen.has(to)) walk(to, [...links, link], weight + cost, new Set([...seen, to]))
    })
  }
  walk(source, [], 0, new Set([source]))
  return found
}

/** Least total weight of two paths without a common link; infinite when there is no such pair. */
export function leastPairWeight(graph: WeightedGraph, source: number, target: number): number {
  const paths = allPaths(graph, source, target)
  let best = Number.POSITIVE_INFINITY
  for (const [at, a] of paths.entries()) {
    for (const b of paths.slice(at + 1)) {
      const total = a.weight + b.weight
      if (total < best && !a.links.some((link) => b.links.includes(link))) best = total
    }
  }
  return best
}
