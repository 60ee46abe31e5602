/**
 * Order in, child frames out, without a socket: from the transport's onMessage to the children's frames in the paper
 * link's buffer and the first report handed to the socket. Real gateway, core, shared-memory journal ring, adapters and
 * link; 32 venues x 20 levels. A second pair of rows has a core that only acknowledges: the gateway's own share.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatewayServer } from '../../../hotpath/gateway/gateway-server.ts'
import { openJournal } from '../../../hotpath/journal/journal.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { assert } from '../../../shared/assert.ts'
import { OrderField } from '../../../shared/wire/order-frame.ts'
import { writeInt64 } from '../../../shared/wire/wide-integer.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { acknowledgingGateway } from './acknowledging-gateway.ts'
import { BenchSocket, BenchTransport } from './bench-socket.ts'
import { bytesPerMessage } from './gateway-allocation.ts'
import { InProcessRouter } from './in-process-router.ts'
import { marketOrderFrame, writeIdDigits } from './market-order.ts'

type Encoding = 'binary' | 'json'

/** Nanoseconds, the promise of the issue and the tail it leaves room for. */
const promises = { binary: { p50: 3_000, p99: 8_000 }, json: { p50: 6_000, p99: 15_000 } } as const

export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const count = options.quick ? 30_000 : 150_000
  const rows: BenchRow[] = []
  for (const encoding of ['binary', 'json'] as const) rows.push(...(await timeRouter(encoding, count)))
  for (const encoding of ['binary', 'json'] as const) rows.push(await timeGateway(encoding, count))
  return [...rows, ...(await allocationRows())]
}

async function timeRouter(encoding: Encoding, count: number): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sor-bench-'))
  const clock = new MachineClock()
  const journal = await openJournal({ directory, clock, onRecord: () => undefined })
  try {
    const router = new InProcessRouter({ journal: journal.sink, clock, parentsMax: 16_384 })
    const socket = new BenchSocket().logOn(router.gateway, clock, encoding)
    const isOut = () => router.fillAll() > 0
    const row = percentileRow(await timeOrders(router.gateway, socket, encoding, count, isOut))
    const name = `${encoding} order in, child frames out, in process`
    return [
      {
        ...row,
        name: `${name}, p50`,
        limit: { max: promises[encoding].p50, isGate: false },
        note: 'one clock read included',
      },
      { ...row, name: `${name}, p99`, value: row.p99, limit: { max: promises[encoding].p99, isGate: false } },
    ]
  } finally {
    await journal.close()
    rmSync(directory, { recursive: true })
  }
}

async function allocationRows(): Promise<BenchRow[]> {
  const note = 'child process, 100,000 orders inside one 128 MiB semi-space, least of 4'
  return [
    {
      name: 'bytes the gateway allocates per binary order, messages in one buffer',
      unit: 'B',
      value: await bytesPerMessage('one buffer'),
      limit: { max: 1, isGate: true },
      note,
    },
    {
      name: 'bytes the gateway allocates per binary order, each in its own buffer',
      unit: 'B',
      value: await bytesPerMessage('own buffers'),
      limit: { max: 120, isGate: true },
      note: `${note}; the view that uWebSockets.js forces on whoever reads a message`,
    },
  ]
}

async function timeGateway(encoding: Encoding, count: number): Promise<BenchRow> {
  const clock = new MachineClock()
  const gateway = acknowledgingGateway(new BenchTransport(), clock)
  const socket = new BenchSocket().logOn(gateway, clock, encoding)
  const row = percentileRow(await timeOrders(gateway, socket, encoding, count, () => true))
  return { ...row, name: `${encoding} order in, report out, the gateway's own share` }
}

/** Nanoseconds of each order. `isOut` clears what the order caused, outside the timed part, and says that it was there. */
async function timeOrders(
  gateway: GatewayServer,
  socket: BenchSocket,
  encoding: Encoding,
  count: number,
  isOut: () => boolean,
): Promise<Float64Array> {
  const clock = new MachineClock()
  const took = new Float64Array(count)
  const message = encoding === 'binary' ? new FrameMessage() : new TextMessage()
  for (let i = -Math.floor(count / 3); i < count; i++) {
    const buffer = message.next(20_000 + (i & 1023) * 50)
    const told = socket.count
    const from = clock.monoNs()
    gateway.onMessage(socket, buffer, 0, buffer.byteLength, encoding === 'binary')
    const to = clock.monoNs()
    assert(socket.count > told && isOut(), 'an order is acknowledged and its children go out')
    if (i >= 0) took[i] = to - from
    if ((i & 255) === 0) await new Promise(setImmediate)
  }
  return took
}

/** A fresh buffer for each message, as a transport brings it. */
class FrameMessage {
  readonly #bytes = marketOrderFrame(1)
  readonly #view = new DataView(this.#bytes.buffer)
  #sent = 0

  next(lots: number): ArrayBuffer {
    writeInt64(this.#view, OrderField.lots, lots)
    writeIdDigits(this.#bytes, OrderField.clientId, ++this.#sent)
    return this.#bytes.buffer.slice(0)
  }
}

/** The same order in words, some 190 bytes. */
class TextMessage {
  readonly #encoder = new TextEncoder()
  #sent = 0

  next(lots: number): ArrayBuffer {
    const id = ++this.#sent
    const order = {
      op: 'new',
      id,
      clientOrderId: `strategy-7-order-${id}`,
      symbol: 'BTC/USDT',
      side: 'buy',
      type: 'market',
      quantity: `${lots / 10_000}`,
      timeInForce: 'IOC',
      durability: 'process',
    }
    return this.#encoder.encode(JSON.stringify(order)).buffer
  }
}

function percentileRow(took: Float64Array): BenchRow & { readonly p99: number } {
  const sorted = took.toSorted()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]
  return { name: '', unit: 'ns', value: at(0.5), p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}
