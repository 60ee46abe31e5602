/**
 * `npm run vectors -- DIR [--json]`: every reference vector of DIR through the product's own functions. Exit code 0 when
 * none fails, 1 when one does, 2 when there is nothing to run.
 */
import type { AreaAdapters } from './adapter.ts'
import { fees } from './adapters/fees.ts'
import { latency } from './adapters/latency.ts'
import { metrics } from './adapters/metrics.ts'
import { splitting } from './adapters/splitting.ts'
import { readVectors, type VectorDirectory } from './vector-file.ts'
import { runVectors, type TopicResult, type VectorRun } from './vector-run.ts'

const areas: Readonly<Record<string, AreaAdapters>> = { fees, latency, metrics, splitting }

const DIFFERENCES_SHOWN_MAX = 5
const PROGRESS_STEP = 25

function statusOf({ passed, failed, notCovered }: TopicResult): string {
  if (failed > 0) return 'FAILED'
  if (notCovered === 0) return 'passed'
  return passed === 0 ? 'not covered' : 'partly covered'
}

function toText(directory: VectorDirectory, run: VectorRun): string {
  const width = Math.max(...run.topics.map(({ area, topic }) => area.length + topic.length + 1))
  const rows = run.topics.map((result) => {
    const name = `${result.area}/${result.topic}`.padEnd(width)
    const counts = [result.passed, result.failed, result.notCovered].map((count) => String(count).padStart(7)).join('')
    const leftOut = result.leftOut.size > 0 ? ` (not compared: ${[...result.leftOut].join(', ')})` : ''
    return `${name}${counts}  ${statusOf(result)}${leftOut}`
  })
  const failures = run.failures.flatMap(({ id, differences }) => [
    `${id}`,
    ...differences.slice(0, DIFFERENCES_SHOWN_MAX).map((line) => `  ${line}`),
    ...(differences.length > DIFFERENCES_SHOWN_MAX ? [`  and ${differences.length - DIFFERENCES_SHOWN_MAX} more`] : []),
  ])
  return [
    `${'topic'.padEnd(width)} passed failed  not covered`,
    ...rows,
    ...(failures.length > 0 ? ['', ...failures] : []),
    ...directory.notes.map((note) => `note: ${note}`),
    '',
    `${run.passed} passed, ${run.failed} failed, ${run.notCovered} not covered (no product function yet)`,
  ].join('\n')
}

function toJson({ notes }: VectorDirectory, run: VectorRun): string {
  const topics = run.topics.map((topic) => ({ ...topic, leftOut: [...topic.leftOut] }))
  return JSON.stringify({ ...run, topics, notes }, null, 2)
}

function showProgress(done: number, total: number): void {
  if (process.stderr.isTTY !== true || (done % PROGRESS_STEP !== 0 && done !== total)) return
  process.stderr.write(done === total ? '\r\x1b[2K' : `\rvectors ${done} of ${total}`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\nusage: npm run vectors -- DIR [--json]\n`)
  process.exit(2)
}

function open(path: string): VectorDirectory {
  try {
    const directory = readVectors(path)
    return directory.files.length > 0 ? directory : fail(`${path}: no file of schema reference-vectors/1`)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function main(words: readonly string[]): void {
  const options = words.filter((word) => word.startsWith('-'))
  const directories = words.filter((word) => !word.startsWith('-'))
  if (options.some((option) => option !== '--json')) fail(`unknown option ${options.join(' ')}`)
  if (directories.length !== 1) fail('give one directory of vectors')
  const directory = open(directories[0])
  const run = runVectors(directory.files, areas, directory, showProgress)
  const isJson = options.length > 0
  process.stdout.write(`${isJson ? toJson(directory, run) : toText(directory, run)}\n`)
  process.exitCode = run.failed > 0 ? 1 : 0
}

main(process.argv.slice(2))
