/**
 * The whole decision: risk, candidate table, sweep, plan, journal records in the real shared-memory ring, children
 * handed to their doors, first client report. 32 venues x 20 levels; the venues fill at once, outside the timed part.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '../../../hotpath/journal/journal.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import type { BenchRow } from '../bench-row.ts'
import { CountingJournal, coreBytes } from './allocation-probe.ts'
import { BenchWorld } from './bench-world.ts'
import { contestRows } from './decision-contest.ts'
import { layoutRows } from './layout-rows.ts'

export async function run(options: { quick: boolean }): Promise<BenchRow[]> {
  const rows = await timeDecisions(options.quick ? 30_000 : 150_000)
  rows.push(await timeUnjournaled(options.quick ? 30_000 : 150_000))
  rows.push(...gridRows(options.quick ? 2_000 : 20_000))
  rows.push(...contestRows(options.quick ? 40_000 : 120_000))
  rows.push(...layoutRows(options.quick ? 500 : 3_000))
  const bytes = await coreBytes()
  rows.push(bytesRow('decision and the reports that fill it, bytes allocated per order', bytes.order))
  rows.push(bytesRow('book update, bytes allocated', bytes.update))
  return rows
}

/** The same decisions with a journal that keeps nothing: what is left is ours, the rest is the ring and its worker's core. */
async function timeUnjournaled(count: number): Promise<BenchRow> {
  const clock = new MachineClock()
  const bench = new BenchWorld({ venues: 32, instruments: 1, levels: 20 }, new CountingJournal(), clock, 16_384)
  const { decisions } = await timeOrders(bench, clock, count)
  return percentileRow('decision, whole, but for the journal', decisions)
}

async function timeDecisions(count: number): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sor-bench-'))
  const clock = new MachineClock()
  const journal = await openJournal({ directory, clock, onRecord: () => undefined })
  try {
    const bench = new BenchWorld({ venues: 32, instruments: 1, levels: 20 }, journal.sink, clock, 16_384)
    const { decisions, reports } = await timeOrders(bench, clock, count)
    return [
      ...promiseRows('decision, whole (risk to children out, journaled)', decisions, 2_000, 5_000),
      percentileRow('report of a fill folded into its parent', reports),
    ]
  } finally {
    await journal.close()
    rmSync(directory, { recursive: true })
  }
}

/** Nanoseconds of each decision, and of each fill's report by child; one clock read included. */
async function timeOrders(
  bench: BenchWorld,
  clock: MachineClock,
  count: number,
): Promise<{ decisions: Float64Array; reports: Float64Array }> {
  const decisions = new Float64Array(count)
  const reports = new Float64Array(count)
  for (let i = -count / 3; i < count; i++) {
    const request = bench.next(0, 20_000 + (i & 1023) * 50)
    bench.core.turn.read()
    const before = clock.monoNs()
    bench.core.core.newOrder(request)
    const between = clock.monoNs()
    const children = bench.venues.count
    bench.venues.fillAll(bench.core)
    const after = clock.monoNs()
    if (i >= 0) {
      decisions[i] = between - before
      reports[i] = (after - between) / Math.max(1, children)
    }
    if ((i & 255) === 0) await new Promise(setImmediate)
  }
  return { decisions, reports }
}

/** The grid ccxt publishes for its router: 60 venues x 702 symbols x 50 levels (theirs: p99 1.01 ms). */
function gridRows(count: number): BenchRow[] {
  const clock = new MachineClock()
  const before = process.memoryUsage().rss
  const bench = new BenchWorld({ venues: 60, instruments: 702, levels: 50 }, new CountingJournal(), clock, 4_096)
  const took = new Float64Array(count)
  for (let i = -count / 4; i < count; i++) {
    const request = bench.next(((i + count) * 397) % 702, 5_000 + (i & 1023) * 20)
    bench.core.turn.read()
    const from = clock.monoNs()
    bench.core.core.newOrder(request)
    if (i >= 0) took[i] = clock.monoNs() - from
    bench.venues.fillAll(bench.core)
  }
  took.sort()
  const megabytes = process.memoryUsage().rss / 2 ** 20
  const p99 = took[Math.floor(count * 0.99)]
  return [
    {
      name: 'grid 60 x 702 x 50, decision p99',
      unit: 'ns',
      value: p99,
      p50: took[count >> 1],
      p99,
      limit: { max: 20_000, isGate: false },
      note: 'without the ring; ccxt publishes p99 1.01 ms for its router on this grid (its own machine)',
    },
    {
      name: 'grid 60 x 702 x 50, resident memory of the process',
      unit: 'MB',
      value: megabytes,
      limit: { max: 500, isGate: true },
      note: `${((process.memoryUsage().rss - before) / 2 ** 20).toFixed(0)} MB of it came with the grid`,
    },
  ]
}

function promiseRows(name: string, took: Float64Array, p50Max: number, p99Max: number): BenchRow[] {
  const row = percentileRow(name, took)
  return [
    { ...row, name: `${name}, p50`, limit: { max: p50Max, isGate: false }, note: 'includes one clock read' },
    { ...row, name: `${name}, p99`, value: row.p99 ?? 0, limit: { max: p99Max, isGate: false } },
  ]
}

function percentileRow(name: string, took: Float64Array): BenchRow {
  const sorted = took.toSorted()
  const p50 = sorted[sorted.length >> 1]
  return { name, unit: 'ns', value: p50, p50, p99: sorted[Math.floor(sorted.length * 0.99)] }
}

function bytesRow(name: string, bytes: number): BenchRow {
  return {
    name,
    unit: 'B',
    value: Math.max(0, bytes),
    limit: { max: 1, isGate: true },
    note: 'child process, 100,000 operations inside one 128 MiB semi-space, least of 4',
  }
}
