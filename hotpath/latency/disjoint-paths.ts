/**
 * Two ways that share no link, cheapest together: the primary and the backup that survives any one link's failure. The
 * shortest path and the best of what it leaves is not always such a pair; Suurballe's is.
 */
import { assert } from '../../shared/assert.ts'
import { checkGraph, edgesTo, shortestTree, type WeightedGraph } from './shortest-path.ts'

export interface DisjointPaths {
  readonly totalWeight: number
  /** Nodes and weight of each, the lighter first. */
  readonly paths: [number[], number][]
}

/**
 * The pair of edge-disjoint directed paths with the least total weight, or undefined when no such pair exists. Nodes may
 * be shared, links never; two parallel edges are two links. Where the pair's links can be walked in several ways the
 * first path is the lightest of them. From a node to itself: twice that node, weight 0. Asserts a graph that checkGraph
 * accepts. Suurballe 1974 in the form of Suurballe and Tarjan 1984: a shortest path under reduced weights in the graph
 * with the first path turned round; links walked both ways cancel. O(nodes^2 + edges).
 */
export function disjointPaths(graph: WeightedGraph, source: number, target: number): DisjointPaths | undefined {
  assert(source >= 0 && source < graph.nodes && target >= 0 && target < graph.nodes, 'both ends are nodes of the graph')
  checkGraph(graph)
  const used = linksOfPair(graph, source, target)
  if (used === undefined) return undefined
  const first = takePath(graph, used, source, target)
  const second = takePath(graph, used, source, target)
  const paths: [number[], number][] = first[1] <= second[1] ? [first, second] : [second, first]
  return { totalWeight: first[1] + second[1], paths }
}

/** The links two disjoint paths of least total weight are made of, by edge number. */
function linksOfPair(graph: WeightedGraph, source: number, target: number): Set<number> | undefined {
  const { edges, nodes } = graph
  const tree = shortestTree(graph, source)
  const first = edgesTo(graph, tree, target)
  if (first === undefined) return undefined
  const used = new Set(first)
  const { distance } = tree
  // Reduced weight w + d(from) - d(to) is never negative; subtraction may round it below 0.
  const numbers = [...edges.keys()].filter((edge) => distance[edges[edge][0]] < Number.POSITIVE_INFINITY)
  const turned = numbers.map((edge): [number, number, number] => {
    const [from, to, weight] = edges[edge]
    return used.has(edge) ? [to, from, 0] : [from, to, Math.max(0, weight + distance[from] - distance[to])]
  })
  const residual = { nodes, edges: turned }
  const second = edgesTo(residual, shortestTree(residual, source), target)
  if (second === undefined) return undefined
  for (const at of second) {
    if (!used.delete(numbers[at])) used.add(numbers[at])
  }
  return used
}

/** The lightest path of the links left; its links are used up. */
function takePath(graph: WeightedGraph, used: Set<number>, source: number, target: number): [number[], number] {
  const numbers = [...used]
  const left = { nodes: graph.nodes, edges: numbers.map((edge) => graph.edges[edge]) }
  const tree = shortestTree(left, source)
  const path = edgesTo(left, tree, target)
  assert(path !== undefined, 'the links of a pair hold two paths')
  for (const at of path) used.delete(numbers[at])
  return [[source, ...path.map((at) => left.edges[at][1])], tree.distance[target]]
}
