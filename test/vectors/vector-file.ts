/** Reading a directory of reference vectors, schema reference-vectors/1, and the fee tables they may refer to. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FeeSchedule } from '../../hotpath/fees/fee-tiers.ts'
import type { Tolerance } from './comparison.ts'

export interface Vector {
  readonly id: string
  readonly topic: string
  readonly inputs: unknown
  readonly expected: unknown
  readonly tolerance: Tolerance
}

export interface VectorFile {
  readonly area: string
  readonly vectors: readonly Vector[]
}

/** By venue id: its markets by name. */
export type FeeSchedules = Readonly<Record<string, { readonly markets: Readonly<Record<string, FeeSchedule>> }>>

export interface VectorDirectory {
  readonly files: readonly VectorFile[]
  /** Tables of fee_schedules.json, in DIR or else where the published set lies; undefined when neither has them. */
  readonly schedules: FeeSchedules | undefined
  /** One line each: what was not read and why. */
  readonly notes: readonly string[]
}

const SCHEMA = 'reference-vectors/1'
const SCHEDULES_SCHEMA = 'fee-schedules/1'
const SCHEDULES_FILE = 'fee_schedules.json'
/** The published set beside the checkout, for directories that hold vectors only. */
const PUBLISHED = join(import.meta.dirname, '../../../shared/vectors')

export function readVectors(directory: string): VectorDirectory {
  const files: VectorFile[] = []
  const notes: string[] = []
  for (const name of readdirSync(directory).sort()) {
    if (!name.endsWith('.json')) continue
    const content = readJson(join(directory, name))
    if (isVectorFile(content)) files.push(content)
    else if (name !== SCHEDULES_FILE) notes.push(`${name}: skipped, not ${SCHEMA}`)
  }
  const schedules = readSchedules(directory) ?? readSchedules(PUBLISHED)
  return { files, schedules, notes }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function isVectorFile(content: unknown): content is VectorFile {
  if (typeof content !== 'object' || content === null) return false
  const { schema, area, vectors } = content as Record<string, unknown>
  return schema === SCHEMA && typeof area === 'string' && Array.isArray(vectors)
}

function readSchedules(directory: string): FeeSchedules | undefined {
  const content = readJson(join(directory, SCHEDULES_FILE)) as { schema?: unknown; venues?: unknown } | undefined
  return content?.schema === SCHEDULES_SCHEMA ? (content.venues as FeeSchedules) : undefined
}
