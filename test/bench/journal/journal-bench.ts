/** The journal's promises: what an append costs the core, and how soon a record is on disk. */
import fs from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { type Journal, openJournal } from '../../../hotpath/journal/journal.ts'
import { crc32c } from '../../../hotpath/memory/crc32c.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'

const PAYLOAD_BYTES = 200
/** A record: payload and header. */
const RECORD_BYTES = 224
/** Appends timed together: one is as short as reading the clock. */
const GROUP = 16
const WINDOWS = 5

export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const home = fs.mkdtempSync(join(os.tmpdir(), 'sor-bench-journal-'))
  try {
    const journal = await openJournal({ directory: join(home, 'state'), clock: new MachineClock(), onRecord: () => {} })
    const rows = await measureAppend(journal, options.quick ? 4_000 : 40_000)
    const bareUs = measureBareSync(join(home, 'bare'), options.quick ? 300 : 3_000)
    rows.push({
      name: 'bare write and fdatasync of a record',
      unit: 'us',
      value: percentile(bareUs, 0.5),
      p50: percentile(bareUs, 0.5),
      p99: percentile(bareUs, 0.99),
      note: 'this disk; into a file full of zeros, one record at a time',
    })
    for (const [rate, seconds] of options.quick
      ? [
          [100_000, 0.5],
          [1_000, 0.5],
        ]
      : [
          [100_000, 10],
          [1_000, 10],
        ]) {
      rows.push(...(await measureDurable(journal, rate, seconds, percentile(bareUs, 0.5))))
    }
    await journal.close()
    return rows
  } finally {
    fs.rmSync(home, { recursive: true })
  }
}

/** Appends against a CRC-32C of the same bytes, which the core does not pay; timed in turn in the same loop. */
async function measureAppend(journal: Journal, groups: number): Promise<BenchRow[]> {
  const { sink, transport } = journal
  const record = new Uint8Array(256).fill(7)
  let sum = 0
  const appendNs = new Float64Array(groups)
  const floorNs = new Float64Array(groups)
  for (let group = -2_000; group < groups; group++) {
    if (sink.room() < 2 ** 20) await journal.whenDurable(sink.lastSequence())
    const from = performance.now()
    for (let i = 0; i < GROUP; i++) sink.append(record, PAYLOAD_BYTES)
    const between = performance.now()
    for (let i = 0; i < GROUP; i++) sum ^= crc32c(record, 0, RECORD_BYTES)
    const to = performance.now()
    if (group < 0) continue
    appendNs[group] = ((between - from) * 1e6) / GROUP
    floorNs[group] = ((to - between) * 1e6) / GROUP
  }
  await journal.whenDurable(sink.lastSequence())
  appendNs.sort()
  floorNs.sort()
  const p50 = percentile(appendNs, 0.5)
  return [
    {
      name: `journal append, ${PAYLOAD_BYTES} B`,
      unit: 'ns',
      value: p50,
      p50,
      p99: percentile(appendNs, 0.99),
      p999: percentile(appendNs, 0.999),
      limit: { max: 150, isGate: false },
      note: `${transport}; mean of ${GROUP} in a row, journal worker running`,
    },
    {
      name: 'journal append / CRC-32C of the same bytes',
      unit: 'x',
      value: p50 / percentile(floorNs, 0.5),
      limit: { max: 1.5, isGate: true },
      note: `CRC p50 ${percentile(floorNs, 0.5).toFixed(0)} ns (${sum === 0 ? 'even' : 'odd'} rounds); timed in turn`,
    },
  ]
}

/**
 * Offers records at a steady rate and notes when each was seen durable. The offering thread sleeps 20 us between its
 * rounds, as the router's loop does on a small machine: spinning, it would take the disk's threads their core.
 */
async function measureDurable(journal: Journal, rate: number, seconds: number, bareUs: number): Promise<BenchRow[]> {
  const { sink } = journal
  const count = rate * seconds
  const record = new Uint8Array(256).fill(7)
  const appendedMs = new Float64Array(count)
  const delayUs = new Float64Array(count)
  const pause = new Int32Array(new SharedArrayBuffer(4))
  const first = sink.lastSequence() + 1
  const startMs = performance.now()
  let full = 0
  for (let appended = 0, durable = 0; durable < count; Atomics.wait(pause, 0, 0, 0.02)) {
    const nowMs = performance.now()
    const due = Math.min(count, Math.floor(((nowMs - startMs) * rate) / 1_000) + 1)
    while (appended < due && sink.append(record, PAYLOAD_BYTES) !== -1) appendedMs[appended++] = nowMs
    if (appended < due) full++
    const done = sink.durableSequence() - first + 1
    for (; durable < done; durable++) delayUs[durable] = (nowMs - appendedMs[durable]) * 1_000
  }
  const reached = (count / (performance.now() - startMs)) * 1_000
  const bestUs = bestMedian(delayUs)
  delayUs.sort()
  const name = `durable after append, ${rate.toLocaleString('en')}/s offered`
  return [
    {
      name,
      unit: 'us',
      value: percentile(delayUs, 0.5),
      p50: percentile(delayUs, 0.5),
      p99: percentile(delayUs, 0.99),
      p999: percentile(delayUs, 0.999),
      limit: { max: 1_000, isGate: false },
      note: `${reached.toFixed(0)}/s reached, ring full ${full} times`,
    },
    {
      name: `${name} / bare write and fdatasync`,
      unit: 'x',
      value: bestUs / bareUs,
      limit: { max: 8, isGate: true },
      note: `p50 of the best of ${WINDOWS} parts of the run, ${bestUs.toFixed(0)} us`,
    },
  ]
}

/** Least median of equal parts of the run: what other programs do to the machine is not judged. */
function bestMedian(values: Float64Array): number {
  const size = Math.floor(values.length / WINDOWS)
  let best = Number.POSITIVE_INFINITY
  for (let part = 0; part < WINDOWS; part++) {
    best = Math.min(best, percentile(values.slice(part * size, (part + 1) * size).sort(), 0.5))
  }
  return best
}

/** Sorted microseconds of one record written and synced at a time, as the journal's segments are. */
function measureBareSync(path: string, count: number): Float64Array {
  const us = new Float64Array(count)
  const record = new Uint8Array(RECORD_BYTES).fill(7)
  const file = fs.openSync(path, 'w')
  fs.writeSync(file, new Uint8Array(count * RECORD_BYTES))
  fs.fdatasyncSync(file)
  for (let i = 0; i < count; i++) {
    const from = performance.now()
    fs.writeSync(file, record, 0, RECORD_BYTES, i * RECORD_BYTES)
    fs.fdatasyncSync(file)
    us[i] = (performance.now() - from) * 1_000
  }
  fs.closeSync(file)
  return us.sort()
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))]
}
