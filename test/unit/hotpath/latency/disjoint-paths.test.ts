import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { disjointPaths } from '../../../../hotpath/latency/disjoint-paths.ts'
import { shortestPath, type WeightedGraph } from '../../../../hotpath/latency/shortest-path.ts'
import { graphs, leastPairWeight } from './small-graphs.ts'

/** Links of both paths must exist as often as they are used: parallel links count apart. */
function linksSuffice(graph: WeightedGraph, paths: readonly (readonly number[])[]): boolean {
  const left = new Map<string, number>()
  for (const [from, to] of graph.edges) left.set(`${from} ${to}`, (left.get(`${from} ${to}`) ?? 0) + 1)
  for (const path of paths) {
    for (let at = 1; at < path.length; at++) {
      const link = `${path[at - 1]} ${path[at]}`
      const count = left.get(link) ?? 0
      if (count === 0) return false
      left.set(link, count - 1)
    }
  }
  return true
}

describe('disjointPaths', () => {
  test('gives up the shortest path when no pair holds it', () => {
    // 0-1-2-3 costs 3 and uses the link both ways round need.
    const graph: WeightedGraph = {
      nodes: 4,
      edges: [
        [0, 1, 1],
        [1, 2, 1],
        [2, 3, 1],
        [0, 2, 4],
        [1, 3, 4],
      ],
    }
    expect(shortestPath(graph, 0, 3)?.path).toEqual([0, 1, 2, 3])
    expect(disjointPaths(graph, 0, 3)).toEqual({
      totalWeight: 10,
      paths: [
        [[0, 1, 3], 5],
        [[0, 2, 3], 5],
      ],
    })
  })

  test('two parallel links are two ways, the lighter first', () => {
    const graph: WeightedGraph = {
      nodes: 2,
      edges: [
        [0, 1, 3],
        [0, 1, 2],
      ],
    }
    expect(disjointPaths(graph, 0, 1)).toEqual({
      totalWeight: 5,
      paths: [
        [[0, 1], 2],
        [[0, 1], 3],
      ],
    })
  })

  test('a bridge that both would need: none', () => {
    const graph: WeightedGraph = {
      nodes: 3,
      edges: [
        [0, 1, 1],
        [0, 1, 1],
        [1, 2, 1],
      ],
    }
    expect(disjointPaths(graph, 0, 2)).toBeUndefined()
    expect(disjointPaths({ nodes: 2, edges: [] }, 0, 1)).toBeUndefined()
  })

  test('from a node to itself it is that node, twice', () => {
    expect(disjointPaths({ nodes: 1, edges: [] }, 0, 0)).toEqual({
      totalWeight: 0,
      paths: [
        [[0], 0],
        [[0], 0],
      ],
    })
  })

  test('a negative weight is refused', () => {
    expect(() => disjointPaths({ nodes: 2, edges: [[0, 1, -1]] }, 0, 1)).toThrow()
  })

  test('property: no pair of disjoint paths is lighter, and the pair exists', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const target = graph.nodes - 1
        const best = leastPairWeight(graph, 0, target)
        const found = disjointPaths(graph, 0, target)
        expect(found === undefined).toBe(best === Number.POSITIVE_INFINITY)
        if (found === undefined) return
        const [[first, firstWeight], [second, secondWeight]] = found.paths
        expect(found.totalWeight).toBe(best)
        expect(firstWeight + secondWeight).toBe(best)
        expect(firstWeight).toBeLessThanOrEqual(secondWeight)
        for (const path of [first, second]) {
          expect([path.at(0), path.at(-1)]).toEqual([0, target])
          expect(new Set(path).size).toBe(path.length)
        }
        expect(linksSuffice(graph, [first, second])).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
