/**
 * The ring's promises: messages a second between threads and processes, one hop, no allocation; and what each choice of
 * its layout is worth, measured against its alternative in the same run. Two threads at a time, both spinning.
 */

import { hasSharedMemory } from '../../../hotpath/memory/mapped-region.ts'
import { formatRing, RingReader, RingWriter, ringBytes } from '../../../hotpath/memory/ring.ts'
import { formatSeqlock, SeqlockTable } from '../../../hotpath/memory/seqlock.ts'
import type { SharedBetween } from '../../../hotpath/memory/zero-copy-engine.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { ringAllocation } from './ring-allocation.ts'
import { RingPair } from './ring-pair.ts'
import type { RingVariant } from './ring-variant.ts'

/** Rounds are short, some 20 ms, and many: on a busy machine one of them has both cores to itself. */
interface Effort {
  readonly rounds: number
  readonly messages: number
  readonly posted: number
  readonly pings: number
}

export async function run({ quick }: BenchOptions): Promise<BenchRow[]> {
  const effort: Effort = quick
    ? { rounds: 5, messages: 200_000, posted: 5_000, pings: 10_000 }
    : { rounds: 25, messages: 400_000, posted: 20_000, pings: 50_000 }
  const places: readonly SharedBetween[] = hasSharedMemory() ? ['threads', 'processes'] : ['threads']
  const rows = await measureThroughput(places, effort)
  for (const between of places) rows.push(await measureHop(between, effort))
  if (!quick) rows.push(...(await measureLayouts(effort)))
  rows.push(...measureAlone(effort), ...(await measureAllocation()))
  return rows
}

/** Messages a second of each pair: the best of rounds that go round the pairs, so that a busy moment hits one of each. */
async function bestRates(
  pairs: readonly { readonly pair: RingPair; readonly messages: number }[],
  rounds: number,
): Promise<number[]> {
  const best = pairs.map(() => 0)
  for (let round = -1; round < rounds; round++) {
    for (const [row, { pair, messages }] of pairs.entries()) {
      const { seconds = Number.NaN } = await pair.round(messages)
      if (round >= 0) best[row] = Math.max(best[row], messages / seconds)
    }
  }
  return best
}

async function measureThroughput(places: readonly SharedBetween[], effort: Effort): Promise<BenchRow[]> {
  const { rounds, messages, posted } = effort
  const cases = places.flatMap((between) => [1, 64].map((batch) => ({ between, batch })))
  const pairs: { pair: RingPair; messages: number }[] = []
  try {
    for (const { between, batch } of cases) {
      pairs.push({ pair: await RingPair.open(between, ['send', 'receive'], { batch }), messages })
    }
    pairs.push({ pair: await RingPair.open('threads', ['post', 'count']), messages: posted })
    const rates = await bestRates(pairs, rounds)
    const posts = rates[cases.length]
    return [
      ...cases.map(({ between, batch }, row) => ({
        name: `ring between ${between}, batch ${batch}`,
        unit: 'messages/s',
        value: rates[row],
        limit: { min: 5_000_000, isGate: false },
        note: '64-byte slots, all of them written and read, both sides spin; best round',
      })),
      {
        name: 'ring between threads / MessagePort',
        unit: 'x',
        value: Math.max(rates[0], rates[1]) / posts,
        limit: { min: 5, isGate: true },
        note: `the better of the two batches; MessagePort carried ${Math.round(posts).toLocaleString('en')} messages of 64 bytes a second`,
      },
    ]
  } finally {
    for (const { pair } of pairs) pair.close()
  }
}

/** A message there and one back over two rings, halved; the percentiles of the quietest round. */
async function measureHop(between: SharedBetween, { rounds, pings }: Effort): Promise<BenchRow> {
  const pair = await RingPair.open(between, ['echo', 'ping'])
  try {
    let [p50, p99, p999] = [Number.POSITIVE_INFINITY, 0, 0]
    for (let round = 0; round < rounds; round++) {
      const { roundTripNs } = await pair.round(pings)
      if (roundTripNs === undefined || roundTripNs.p50 / 2_000 >= p50) continue
      p50 = roundTripNs.p50 / 2_000
      p99 = roundTripNs.p99 / 2_000
      p999 = roundTripNs.p999 / 2_000
    }
    return {
      name: `hop between ${between}`,
      unit: 'us',
      value: p50,
      p50,
      p99,
      p999,
      limit: { max: 1, isGate: false },
      note: 'half of a spinning round trip of 64 bytes, half a reading of the clock in it; quietest round',
    }
  } finally {
    pair.close()
  }
}

const base: RingVariant = { slots: 4_096, slotBytes: 64, apartBytes: 128, isCached: true, skewBytes: 0 }

const variants: readonly { readonly name: string; readonly batch: number; readonly variant: RingVariant }[] = [
  { name: 'as built: indices 128 B apart, cached, 64-byte slots at lines, batch 1', batch: 1, variant: base },
  { name: 'indices 64 B apart', batch: 1, variant: { ...base, apartBytes: 64 } },
  { name: 'indices in one line', batch: 1, variant: { ...base, apartBytes: 8 } },
  { name: 'other side’s index not cached', batch: 1, variant: { ...base, isCached: false } },
  { name: 'not cached, indices 64 B apart', batch: 1, variant: { ...base, isCached: false, apartBytes: 64 } },
  { name: 'not cached, indices in one line', batch: 1, variant: { ...base, isCached: false, apartBytes: 8 } },
  { name: '128-byte slots', batch: 1, variant: { ...base, slotBytes: 128 } },
  { name: 'slots 16 B past a line', batch: 1, variant: { ...base, skewBytes: 16 } },
  { name: 'batch 16', batch: 16, variant: base },
  { name: 'batch 64', batch: 64, variant: base },
  { name: 'batch 64, indices in one line', batch: 64, variant: { ...base, apartBytes: 8 } },
  { name: 'batch 64, 128-byte slots', batch: 64, variant: { ...base, slotBytes: 128 } },
  { name: 'batch 64, slots 16 B past a line', batch: 64, variant: { ...base, skewBytes: 16 } },
]

async function measureLayouts({ rounds, messages }: Effort): Promise<BenchRow[]> {
  const pairs: { pair: RingPair; messages: number }[] = []
  try {
    for (const { batch, variant } of variants) {
      pairs.push({ pair: await RingPair.open('threads', ['send', 'receive'], { batch, variant }), messages })
    }
    const rates = await bestRates(pairs, rounds)
    return variants.map(({ name }, row) => ({
      name: `layout: ${name}`,
      unit: 'messages/s',
      value: rates[row],
      ...(row > 0 && { note: `${(rates[row] / rates[0]).toFixed(2)} x as built` }),
    }))
  } finally {
    for (const { pair } of pairs) pair.close()
  }
}

/** Both sides in turn on one thread: what the calls cost without anybody else. */
function measureAlone({ rounds }: Effort): BenchRow[] {
  return [1, 16]
    .map((batch): BenchRow => {
      const ns = bestNs(rounds, ringTurn(batch))
      return { name: `ring alone: write, publish, read, release, batch ${batch}`, unit: 'ns', value: ns }
    })
    .concat([
      { name: 'seqlock alone: 15 doubles written', unit: 'ns', value: bestNs(rounds, seqlockTurn('write')) },
      { name: 'seqlock alone: 15 doubles read', unit: 'ns', value: bestNs(rounds, seqlockTurn('read')) },
    ])
}

const TURNS = 160_000

/** Nanoseconds a turn, the least of the rounds. */
function bestNs(rounds: number, turns: (count: number) => void): number {
  turns(TURNS)
  turns(TURNS)
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const fromMs = performance.now()
    turns(TURNS)
    best = Math.min(best, ((performance.now() - fromMs) * 1e6) / TURNS)
  }
  return best
}

function ringTurn(batch: number): (count: number) => void {
  const shape = { slots: 256, slotBytes: 64 }
  const bytes = new Uint8Array(new SharedArrayBuffer(ringBytes(shape)))
  formatRing(bytes, shape)
  const [writer, reader] = [new RingWriter(bytes), new RingReader(bytes)]
  const sum = new Float64Array(1)
  return (count) => {
    for (let done = 0; done < count; done += batch) {
      for (let i = 0; i < batch; i++) {
        const at = writer.claim() >> 3
        for (let word = 0; word < 8; word++) writer.doubles[at + word] = i
      }
      writer.publish()
      for (let i = 0; i < batch; i++) {
        const at = reader.poll() >> 3
        for (let word = 0; word < 8; word++) sum[0] += reader.doubles[at + word]
      }
      reader.release()
    }
  }
}

function seqlockTurn(what: 'write' | 'read'): (count: number) => void {
  const bytes = new Uint8Array(new SharedArrayBuffer(SeqlockTable.bytes(32, 15)))
  formatSeqlock(bytes, { blocks: 32, doublesPerBlock: 15 })
  const table = new SeqlockTable(bytes)
  const values = new Float64Array(15)
  if (what === 'read') {
    return (count) => {
      for (let i = 0; i < count; i++) table.read(i & 31, values)
    }
  }
  return (count) => {
    for (let i = 0; i < count; i++) {
      values[0] = i
      table.write(i & 31, values)
    }
  }
}

async function measureAllocation(): Promise<BenchRow[]> {
  const { ring, fanIn, seqlock } = await ringAllocation()
  const limit = { max: 1, isGate: true } as const
  return [
    { name: 'allocated: ring, a message', unit: 'B', value: ring, limit },
    { name: 'allocated: fan-in of 3 rings, a message', unit: 'B', value: fanIn, limit },
    { name: 'allocated: seqlock, a write and a read', unit: 'B', value: seqlock, limit },
  ]
}
