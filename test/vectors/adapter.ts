/** The shape of a topic's adapter: it maps inputs and outputs of the product's own functions, and never computes. */
import type { FeeSchedules } from './vector-file.ts'

export interface VectorContext {
  readonly schedules: FeeSchedules | undefined
}

/** Throws when the inputs cannot be mapped; answers undefined when it lacks the data to answer (not covered). */
type Mapping = (inputs: unknown, context: VectorContext) => unknown

/** Fields of this expectation that the product has no answer to, or where several answers are right. */
type LeftOut = (expected: Readonly<Record<string, unknown>>) => readonly string[]

export interface Adapter {
  readonly map: Mapping
  readonly leftOut: LeftOut
}

export type AreaAdapters = Readonly<Record<string, Adapter>>

/** Inputs are what the topic's definition says they are; a file that breaks it fails its own vectors. */
export function adapter<Inputs>(
  map: (inputs: Inputs, context: VectorContext) => unknown,
  leftOut: LeftOut = () => [],
): Adapter {
  return { map: (inputs, context) => map(inputs as Inputs, context), leftOut }
}
