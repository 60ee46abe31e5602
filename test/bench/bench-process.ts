/**
 * Runs one bench in a process of its own, so that the heap and the compiled code of one cannot move the figures of
 * another. Started by main.ts with the bench's name; answers with the rows, or with the error, as one message.
 */
import { assert } from '../../shared/assert.ts'
import type { BenchModule, BenchRow } from './bench-row.ts'
import { benchTable } from './bench-table.ts'

export type BenchAnswer = { readonly rows: readonly BenchRow[] } | { readonly error: string }

const [name, mode] = process.argv.slice(2)
const entry = benchTable[name]
assert(entry !== undefined, 'the bench is in the table')
assert(process.send !== undefined, 'started by test/bench/main.ts')

let answer: BenchAnswer
try {
  const module = (await import(entry.path)) as BenchModule
  answer = { rows: await module.run({ quick: mode === 'quick' }) }
} catch (error) {
  answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
process.send(answer, () => process.exit(0))
