/**
 * `npm run bench -- [--json] [--quick] [NAME...]`: the promises, measured. Prints on what machine, every row with its
 * limit and verdict, and exits 1 when a gate (a ratio inside one run) does not hold or a bench breaks.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatFixed } from '../../hotpath/tca/figures.ts'
import { renderTable, type TextColumn } from '../../hotpath/tca/text-table.ts'
import { readBenchHeader, renderBenchHeader } from './bench-header.ts'
import type { BenchAnswer } from './bench-process.ts'
import { type BenchRow, type Verdict, verdictOf } from './bench-row.ts'
import { benchTable } from './bench-table.ts'

interface Result {
  readonly bench: string
  readonly seconds: number
  readonly rows: readonly (BenchRow & { readonly verdict: Verdict })[]
  readonly error?: string
}

const PROCESS = fileURLToPath(new URL('./bench-process.ts', import.meta.url))

function runBench(bench: string, quick: boolean): Promise<Result> {
  const startMs = performance.now()
  // What a bench prints goes to stderr: stdout is the answer.
  const child = fork(PROCESS, [bench, quick ? 'quick' : 'full'], { stdio: ['ignore', 2, 'inherit', 'ipc'] })
  return new Promise((resolve) => {
    let answer: BenchAnswer = { error: 'the bench ended without an answer' }
    child.on('message', (message) => {
      answer = message as BenchAnswer
    })
    child.on('error', (error) => {
      answer = { error: error.message }
    })
    child.on('close', () => {
      const seconds = (performance.now() - startMs) / 1_000
      if ('error' in answer) resolve({ bench, seconds, rows: [], error: answer.error })
      else resolve({ bench, seconds, rows: answer.rows.map((row) => ({ ...row, verdict: verdictOf(row) })) })
    })
  })
}

const columns: readonly TextColumn[] = [
  { head: 'bench', align: 'left' },
  { head: 'what', align: 'left' },
  { head: 'value', align: 'right' },
  { head: 'unit', align: 'left' },
  { head: 'p50', align: 'right' },
  { head: 'p99', align: 'right' },
  { head: 'p99.9', align: 'right' },
  { head: 'limit', align: 'left' },
  { head: 'verdict', align: 'left' },
]

/** Enough digits for small figures, no noise on large ones. */
function figure(value: number | undefined): string {
  if (value === undefined) return '-'
  const size = Math.abs(value)
  return formatFixed(value, size >= 1_000 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4)
}

function limitText(row: BenchRow): string {
  const { limit } = row
  if (limit === undefined) return '-'
  const bounds = [
    limit.min === undefined ? '' : `>= ${figure(limit.min)}`,
    limit.max === undefined ? '' : `<= ${figure(limit.max)}`,
  ]
  return `${bounds.filter((bound) => bound !== '').join(', ')}${limit.isGate ? ' (gate)' : ''}`
}

function renderResults(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.rows.map((row) => [
      result.bench,
      row.name,
      figure(row.value),
      row.unit,
      figure(row.p50),
      figure(row.p99),
      figure(row.p999),
      limitText(row),
      row.verdict,
    ]),
  )
  const notes = results.flatMap((result) =>
    result.rows.filter((row) => row.note !== undefined).map((row) => `  ${result.bench}, ${row.name}: ${row.note}`),
  )
  const errors = results.flatMap((result) =>
    result.error === undefined ? [] : [`${result.bench} broke: ${result.error}`],
  )
  return [...renderTable(columns, rows), ...(notes.length > 0 ? ['', 'notes', ...notes] : []), '', ...errors].join('\n')
}

function isBad(result: Result): boolean {
  return result.error !== undefined || result.rows.some((row) => row.verdict === 'failed')
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => benchTable[name] === undefined)
if (values.help === true || unknown.length > 0) {
  const list = Object.entries(benchTable).map(([name, entry]) => `  ${name.padEnd(16)} ${entry.what}`)
  if (unknown.length > 0) console.error(`no such bench: ${unknown.join(', ')}`)
  console.error(['usage: npm run bench -- [--json] [--quick] [NAME...]', ...list].join('\n'))
  process.exit(unknown.length > 0 ? 2 : 0)
}

const header = readBenchHeader(values.quick === true ? 'quick' : 'full')
if (values.json !== true) console.log(`${renderBenchHeader(header)}\n`)
const names = positionals.length > 0 ? positionals : Object.keys(benchTable)
const results: Result[] = []
for (const [index, name] of names.entries()) {
  process.stderr.write(`bench ${index + 1} of ${names.length}: ${name} ...`)
  const result = await runBench(name, values.quick === true)
  process.stderr.write(` ${result.seconds.toFixed(1)} s\n`)
  results.push(result)
}
const failed = results.filter(isBad).map((result) => result.bench)
if (values.json === true) console.log(JSON.stringify({ header, results, ok: failed.length === 0 }, undefined, 2))
else {
  console.log(`\n${renderResults(results)}`)
  console.log(failed.length === 0 ? 'every gate holds' : `does not hold: ${failed.join(', ')}`)
}
process.exitCode = failed.length === 0 ? 0 : 1
