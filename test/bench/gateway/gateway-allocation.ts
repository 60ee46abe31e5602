/**
 * Bytes a binary order allocates in the gateway: a child process whose semi-space is larger than all that is measured, so
 * that no collection can hide anything; heap before and after 100,000 orders, least of four. Messages come in one buffer
 * all day, as from a ring, or each in its own, as from uWebSockets.js; that buffer itself is not counted.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import v8 from 'node:v8'
import type { Clock } from '../../../shared/clock.ts'
import type { EpochUs, MonoNs } from '../../../shared/units/time.ts'
import { OrderField } from '../../../shared/wire/order-frame.ts'
import { acknowledgingGateway } from './acknowledging-gateway.ts'
import { BenchSocket, BenchTransport } from './bench-socket.ts'
import { marketOrderFrame, writeIdDigits } from './market-order.ts'

const FLAGS = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']
const ORDERS = 100_000
const BUFFERS = 1_000

export type Bring = 'one buffer' | 'own buffers'

export async function bytesPerMessage(bring: Bring): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, fileURLToPath(import.meta.url), bring])
  return Number(stdout)
}

/** It answers the same number objects all day: what a clock's doubles cost is not the gateway's. */
const clock: Clock = { monoNs: () => 1_000 as MonoNs, epochUs: () => 1_000_000 as EpochUs }

function probe(bring: Bring): number {
  const gateway = acknowledgingGateway(new BenchTransport(), clock)
  const socket = new BenchSocket().logOn(gateway, clock, 'binary')
  const bytes = marketOrderFrame(100)
  // Two buffers in turn are never the last one again: each message needs a view of its own.
  const buffers = Array.from({ length: bring === 'one buffer' ? 1 : BUFFERS }, () => bytes.buffer.slice(0))
  const views = buffers.map((buffer) => new Uint8Array(buffer))
  let id = 0
  const orders = (count: number) => {
    for (let i = 0; i < count; i++) {
      const at = i % buffers.length
      writeIdDigits(views[at], OrderField.clientId, ++id)
      gateway.onMessage(socket, buffers[at], 0, buffers[at].byteLength, true)
    }
  }
  orders(300_000)
  orders(300_000)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    // A collection throws optimised code away: what V8 compiles anew is not the order's.
    orders(20_000)
    const before = v8.getHeapStatistics().used_heap_size
    orders(ORDERS)
    least = Math.min(least, (v8.getHeapStatistics().used_heap_size - before) / ORDERS)
  }
  return least
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(String(probe(process.argv[2] as Bring)))
