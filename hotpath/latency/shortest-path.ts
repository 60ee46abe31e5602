/** The cheapest way through a small directed graph: regions and the links between them. Cold side, a few dozen nodes. */
import { assert } from '../../shared/assert.ts'

/** An edge is [from, to, weight]; nodes are 0 .. nodes - 1; parallel edges and loops are allowed, weights never negative. */
export interface WeightedGraph {
  readonly nodes: number
  readonly edges: readonly (readonly [number, number, number])[]
}

export interface WeightedPath {
  readonly weight: number
  /** Nodes, both ends included. */
  readonly path: number[]
}

/** Distance of each node from the source (infinite: not reached) and the edge it is reached by (-1: none). */
export interface ShortestTree {
  readonly distance: Float64Array
  readonly via: Int32Array
}

/** A graph is checked once, at the door: nodes exist, weights are finite and not negative. */
export function checkGraph(graph: WeightedGraph): void {
  const isNode = (node: number): boolean => Number.isInteger(node) && node >= 0 && node < graph.nodes
  for (const [from, to, weight] of graph.edges) {
    assert(isNode(from) && isNode(to), 'an edge joins two nodes of the graph')
    assert(weight >= 0 && weight < Number.POSITIVE_INFINITY, 'a weight is finite and not negative')
  }
}

/** Edge numbers by the node they leave: of node n they are order[start[n]] .. order[start[n + 1] - 1], ascending. */
function edgesByTail(graph: WeightedGraph): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(graph.nodes + 1)
  for (const [from] of graph.edges) start[from + 1]++
  for (let node = 0; node < graph.nodes; node++) start[node + 1] += start[node]
  const next = start.slice()
  const order = new Int32Array(graph.edges.length)
  for (let edge = 0; edge < graph.edges.length; edge++) order[next[graph.edges[edge][0]]++] = edge
  return { start, order }
}

/**
 * Dijkstra 1959. O(nodes^2 + edges): on graphs this small scanning for the nearest node beats a heap. Ties go to the
 * lower node and the earlier edge, so the same graph gives the same tree.
 */
export function shortestTree(graph: WeightedGraph, source: number): ShortestTree {
  const { start, order } = edgesByTail(graph)
  const distance = new Float64Array(graph.nodes).fill(Number.POSITIVE_INFINITY)
  const via = new Int32Array(graph.nodes).fill(-1)
  const isDone = new Uint8Array(graph.nodes)
  distance[source] = 0
  for (let round = 0; round < graph.nodes; round++) {
    let near = -1
    for (let node = 0; node < graph.nodes; node++) {
      if (isDone[node] === 0 && (near === -1 || distance[node] < distance[near])) near = node
    }
    if (distance[near] === Number.POSITIVE_INFINITY) break
    isDone[near] = 1
    for (let at = start[near]; at < start[near + 1]; at++) {
      const [, to, weight] = graph.edges[order[at]]
      if (distance[near] + weight >= distance[to]) continue
      distance[to] = distance[near] + weight
      via[to] = order[at]
    }
  }
  return { distance, via }
}

/** The tree's edges from its source to `target`, in walking order; undefined when it is not reached. O(length). */
export function edgesTo(graph: WeightedGraph, tree: ShortestTree, target: number): number[] | undefined {
  if (tree.distance[target] === Number.POSITIVE_INFINITY) return undefined
  const edges: number[] = []
  for (let node = target; tree.via[node] !== -1; node = graph.edges[tree.via[node]][0]) edges.push(tree.via[node])
  return edges.reverse()
}

/**
 * The path of least total weight, or undefined when there is none; from a node to itself it is that node, weight 0.
 * Asserts a graph that checkGraph accepts. O(nodes^2 + edges).
 */
export function shortestPath(graph: WeightedGraph, source: number, target: number): WeightedPath | undefined {
  assert(source >= 0 && source < graph.nodes && target >= 0 && target < graph.nodes, 'both ends are nodes of the graph')
  checkGraph(graph)
  const tree = shortestTree(graph, source)
  const edges = edgesTo(graph, tree, target)
  if (edges === undefined) return undefined
  return { weight: tree.distance[target], path: [source, ...edges.map((edge) => graph.edges[edge][1])] }
}
