import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shortestPath } from '../../../../hotpath/latency/shortest-path.ts'
import { allPaths, graphs } from './small-graphs.ts'

describe('shortestPath', () => {
  test('takes the detour when it is cheaper', () => {
    const graph = {
      nodes: 4,
      edges: [
        [0, 3, 10],
        [0, 1, 2],
        [1, 2, 3],
        [2, 3, 4],
      ],
    } as const
    expect(shortestPath(graph, 0, 3)).toEqual({ weight: 9, path: [0, 1, 2, 3] })
  })

  test('links have a direction', () => {
    expect(shortestPath({ nodes: 2, edges: [[1, 0, 1]] }, 0, 1)).toBeUndefined()
  })

  test('from a node to itself costs nothing, a loop or not', () => {
    expect(shortestPath({ nodes: 1, edges: [[0, 0, 5]] }, 0, 0)).toEqual({ weight: 0, path: [0] })
  })

  test('the cheaper of two parallel links counts, and a weight may be 0', () => {
    const graph = {
      nodes: 3,
      edges: [
        [0, 1, 7],
        [0, 1, 0],
        [1, 2, 0],
      ],
    } as const
    expect(shortestPath(graph, 0, 2)).toEqual({ weight: 0, path: [0, 1, 2] })
  })

  test.each([
    ['a negative weight', [0, 1, -1]],
    ['a weight that is no number', [0, 1, Number.NaN]],
    ['an infinite weight', [0, 1, Number.POSITIVE_INFINITY]],
    ['a node that does not exist', [0, 2, 1]],
    ['half a node', [0.5, 1, 1]],
  ] as const)('%s is refused', (_, edge) => {
    expect(() => shortestPath({ nodes: 2, edges: [edge] }, 0, 1)).toThrow()
  })

  test('an end outside the graph is refused', () => {
    expect(() => shortestPath({ nodes: 2, edges: [] }, 0, 2)).toThrow()
  })

  test('property: as light as the lightest of all paths, and made of links of the graph', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const target = graph.nodes - 1
        const best = Math.min(...allPaths(graph, 0, target).map(({ weight }) => weight))
        const found = shortestPath(graph, 0, target)
        expect(found === undefined).toBe(best === Number.POSITIVE_INFINITY)
        if (found === undefined) return
        expect(found.weight).toBe(best)
        expect(found.path.at(0)).toBe(0)
        expect(found.path.at(-1)).toBe(target)
        for (let at = 1; at < found.path.length; at++) {
          const [from, to] = [found.path[at - 1], found.path[at]]
          expect(graph.edges.some((edge) => edge[0] === from && edge[1] === to)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
