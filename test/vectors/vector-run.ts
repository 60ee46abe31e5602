/** Every vector through its adapter: what passed, what failed and how, what no product function covers yet. */
import type { Adapter, AreaAdapters, VectorContext } from './adapter.ts'
import { differences } from './comparison.ts'
import type { Vector, VectorFile } from './vector-file.ts'

export interface TopicResult {
  readonly area: string
  readonly topic: string
  passed: number
  failed: number
  notCovered: number
  /** Fields that were not compared in some vector of the topic. */
  readonly leftOut: Set<string>
}

export interface VectorFailure {
  readonly id: string
  readonly topic: string
  readonly differences: readonly string[]
}

export interface VectorRun {
  readonly passed: number
  readonly failed: number
  readonly notCovered: number
  readonly topics: readonly TopicResult[]
  readonly failures: readonly VectorFailure[]
}

/** undefined when the vector is not covered; otherwise its differences, none for a pass. */
function check(
  vector: Vector,
  adapter: Adapter | undefined,
  context: VectorContext,
  leftOut: Set<string>,
): readonly string[] | undefined {
  if (adapter === undefined) return undefined
  try {
    const actual = adapter.map(vector.inputs, context)
    if (actual === undefined) return undefined
    const expected = { ...(vector.expected as Readonly<Record<string, unknown>>) }
    for (const field of adapter.leftOut(expected)) {
      delete expected[field]
      leftOut.add(field)
    }
    return differences(actual, expected, vector.tolerance)
  } catch (error) {
    return [`stopped: ${error instanceof Error ? error.message : String(error)}`]
  }
}

export function runVectors(
  files: readonly VectorFile[],
  areas: Readonly<Record<string, AreaAdapters>>,
  context: VectorContext,
  onProgress: (done: number, total: number) => void,
): VectorRun {
  const topics = new Map<string, TopicResult>()
  const failures: VectorFailure[] = []
  const total = files.reduce((sum, file) => sum + file.vectors.length, 0)
  let done = 0
  for (const { area, vectors } of files) {
    for (const vector of vectors) {
      const key = `${area}/${vector.topic}`
      const result = topics.get(key) ?? {
        area,
        topic: vector.topic,
        passed: 0,
        failed: 0,
        notCovered: 0,
        leftOut: new Set<string>(),
      }
      topics.set(key, result)
      const found = check(vector, areas[area]?.[vector.topic], context, result.leftOut)
      if (found === undefined) result.notCovered++
      else if (found.length === 0) result.passed++
      else {
        result.failed++
        failures.push({ id: vector.id, topic: vector.topic, differences: found })
      }
      onProgress(++done, total)
    }
  }
  const all = [...topics.values()]
  const sum = (count: (result: TopicResult) => number): number =>
    all.reduce((found, result) => found + count(result), 0)
  return {
    passed: sum((result) => result.passed),
    failed: sum((result) => result.failed),
    notCovered: sum((result) => result.notCovered),
    topics: all,
    failures,
  }
}
