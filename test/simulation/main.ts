/**
 * `npm run sim -- --seeds N [--seed K] [--orders M] [--json]`: the whole hot path under a virtual clock, faults included.
 * A line per failing seed; a failing seed replays exactly. Exit 1 when any check failed.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ProgressBar } from '../../hotpath/cli/progress-bar.ts'
import { Terminal } from '../../hotpath/cli/terminal.ts'
import { type SimulationResult, simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    orders: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
})

/** Seeds that failed once; they run first, always. */
function keptSeeds(): number[] {
  const text = readFileSync(fileURLToPath(new URL('./seeds.txt', import.meta.url)), 'utf8')
  return text.split('\n').flatMap((line) => (/^\d+/.test(line) ? [Number.parseInt(line, 10)] : []))
}

function run(seed: number, orders: number): SimulationResult & { error?: string } {
  try {
    return simulate({ seed, orders })
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { ...nothing(seed, orders), violations: [text.split('\n').slice(0, 4).join(' | ')] }
  }
}

function nothing(seed: number, orders: number): SimulationResult {
  const counts = { accepted: 0, denied: 0, fills: 0, crashes: 0, disconnects: 0, records: 0, virtualMs: 0 }
  return { seed, orders, ...counts, violations: [], hash: '', booksOfAccount: '' }
}

const orders = Number(values.orders)
const count = Number(values.seeds)
const seeds =
  values.seed !== undefined
    ? [Number(values.seed)]
    : [...new Set([...keptSeeds(), ...Array.from({ length: count }, (_, at) => at + 1)])]
const bar = new ProgressBar(
  new Terminal(process.stdout, process.stderr, process.env),
  'sim',
  seeds.length,
  performance.now(),
)
const results: SimulationResult[] = []
for (const seed of seeds) {
  const result = run(seed, orders)
  results.push(result)
  if (result.violations.length > 0 && !values.json) {
    process.stdout.write(`seed ${seed} FAILED: ${result.violations.join('; ')}\n`)
  }
  bar.update(results.length, performance.now())
}
bar.end(results.length, performance.now())

const sum = (of: (one: SimulationResult) => number) => results.reduce((total, one) => total + of(one), 0)
const failed = results.filter(({ violations }) => violations.length > 0)
const totals = {
  seeds: seeds.length,
  failed: failed.map(({ seed }) => seed),
  orders: sum((one) => one.accepted + one.denied),
  accepted: sum((one) => one.accepted),
  fills: sum((one) => one.fills),
  crashes: sum((one) => one.crashes),
  disconnects: sum((one) => one.disconnects),
  journalRecords: sum((one) => one.records),
  virtualSeconds: Math.round(sum((one) => one.virtualMs) / 1_000),
}
if (values.json) process.stdout.write(`${JSON.stringify({ ...totals, results }, undefined, 1)}\n`)
else {
  const { accepted, fills, crashes, disconnects, journalRecords, virtualSeconds } = totals
  process.stdout.write(
    `${seeds.length} seeds, ${failed.length} failed: ${totals.orders} orders (${accepted} accepted), ${fills} fills, ` +
      `${crashes} crashes, ${disconnects} lost connections, ${journalRecords} journal records, ${virtualSeconds} virtual seconds\n`,
  )
}
process.exitCode = failed.length > 0 ? 1 : 0
