/**
 * The whole decision against its twin in C++ (decision-twin.cpp, g++ -O3 -march=native, compiled here): the same market,
 * the same orders, the same tables and records; both are timed order by order, clock reads included. A digest of all
 * children, limits and planned costs must agree, so that neither leaves work out. What counts is the ratio of medians.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BookSide } from '../../../hotpath/book/book-table.ts'
import { NO_ROW } from '../../../hotpath/orders/order-store.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { assert } from '../../../shared/assert.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { BenchRow } from '../bench-row.ts'
import { compileTwin } from '../native-twin.ts'
import { CountingJournal } from './allocation-probe.ts'
import { BenchWorld } from './bench-world.ts'

const MARKET = { venues: 32, instruments: 1, levels: 20 } as const
const PARENT_ROWS = 16_384
const ROUNDS = 5

interface Timing {
  readonly digest: number
  readonly p50: number
  readonly p99: number
}

export function orderLots(at: number): number {
  return 20_000 + (at & 1023) * 50
}

export function contestRows(count: number): BenchRow[] {
  const twin = compileTwin(fileURLToPath(new URL('./decision-twin.cpp', import.meta.url)))
  if (typeof twin === 'string') return [{ name: 'decision, whole, against C++', unit: 'x', value: 0, note: twin }]
  const directory = mkdtempSync(join(tmpdir(), 'decision-'))
  try {
    const input = join(directory, 'market.bin')
    writeFileSync(input, problem(count))
    const rounds = Array.from({ length: ROUNDS }, () => ({
      native: JSON.parse(execFileSync(twin.path, [input], { encoding: 'utf8' })) as Timing,
      ours: timeOurs(count),
    }))
    for (const { native, ours } of rounds) {
      assert(Math.abs(native.digest - ours.digest) <= 1e-9 * ours.digest, 'both languages send the same children')
    }
    const ours = quietest(rounds.map((round) => round.ours))
    const native = quietest(rounds.map((round) => round.native))
    const note = `C++ p50 ${native.p50} ns, p99 ${native.p99} ns; ours ${ours.p50} and ${ours.p99} without the ring's cost`
    const name = 'decision, whole, against C++'
    return [
      { name: `${name} (told)`, unit: 'x', value: ours.p50 / native.p50, limit: { max: 2, isGate: false }, note },
      { name, unit: 'x', value: ours.p50 / native.p50, limit: { max: 5, isGate: true } },
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
    twin.remove()
  }
}

/** The file that the twin reads: see its head. */
function problem(count: number): Float64Array {
  const { world } = new BenchWorld(MARKET, new CountingJournal(), new MachineClock(), 64)
  const { books, listings } = world
  const market = [MARKET.venues, MARKET.levels, count, PARENT_ROWS]
  for (let venue = 0; venue < MARKET.venues; venue++) market.push(listings.takerPpm(venue))
  for (let venue = 0; venue < MARKET.venues; venue++) {
    const row = books.row(0 as InstrumentIndex, venue as VenueIndex)
    for (const side of [0, 1] as BookSide[]) {
      const from = books.offset(row, side)
      market.push(books.count(row, side))
      for (const column of [books.prices, books.lots]) market.push(...column.subarray(from, from + MARKET.levels))
    }
  }
  for (let at = 0; at < count; at++) market.push(orderLots(at))
  return new Float64Array(market)
}

function timeOurs(count: number): Timing {
  const clock = new MachineClock()
  const bench = new BenchWorld(MARKET, new CountingJournal(), clock, PARENT_ROWS)
  const took = new Float64Array(count)
  let digest = 0
  for (let at = 0; at < count; at++) {
    const request = bench.next(0, orderLots(at))
    const before = clock.monoNs()
    bench.core.core.newOrder(request)
    took[at] = clock.monoNs() - before
    digest += digestOf(bench)
    bench.venues.fillAll(bench.core)
  }
  const steady = took.subarray(count >> 2).toSorted()
  return { digest, p50: steady[steady.length >> 1], p99: steady[Math.floor(steady.length * 0.99)] }
}

/** Of the children that are out. */
function digestOf(bench: BenchWorld): number {
  const { store } = bench.core.parts
  const { parent } = bench.core.parts.log.lifecycle
  let digest = 0
  for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
    digest += (store.childVenue[child] + 1) * store.childLots[child] + store.childTicks[child]
    digest += store.childPlanCost[child] / 1e9
  }
  return digest
}

/** The round that neighbours on the machine disturbed least. */
function quietest(rounds: readonly Timing[]): Timing {
  return rounds.reduce((best, round) => (round.p50 < best.p50 ? round : best))
}
