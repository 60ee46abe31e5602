/**
 * The client of the gateway's benches: order-client.cpp, a spinning thread, where g++ is; else the same by hand on a
 * plain socket of this Node thread (three quarters of a million frames a second, so that it is rarely the limit).
 */
import { execFile, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { OrderField } from '../../../shared/wire/order-frame.ts'
import type { ServerDoor } from './bench-server.ts'
import { marketOrderFrame } from './market-order.ts'
import { NodeClient } from './node-client.ts'
import { maskedFrame, Opcode } from './raw-client.ts'

/** Microseconds. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

/** Each measurement is a connection of its own, with ids of its own; a fifth of `count` goes before and is not counted. */
export interface OrderClient {
  readonly name: string
  /** Round trips with one order in flight: from the write to the first report. */
  trips(door: ServerDoor, count: number): Promise<Spread>
  /** Orders a second with `window` of them in flight, sent a quarter of it at a time. */
  flood(door: ServerDoor, count: number, window: number): Promise<number>
  close(): void
}

export function openClient(lots: number): OrderClient {
  const directory = mkdtempSync(join(tmpdir(), 'order-client-'))
  const binary = join(directory, 'order-client')
  const source = fileURLToPath(new URL('./order-client.cpp', import.meta.url))
  const made = spawnSync('g++', ['-O2', '-std=c++17', '-o', binary, source])
  if (made.status === 0) return new NativeClient(directory, binary, lots)
  rmSync(directory, { recursive: true })
  return new NodeClient(lots)
}

/** A masked logon for binary reports, or undefined where none is asked for. */
export function logonFrame({ apiKey, secret }: ServerDoor): Buffer | undefined {
  if (apiKey === undefined || secret === undefined) return undefined
  const [timestamp, nonce] = [Date.now(), Date.now() * 1_000 + Math.floor(Math.random() * 1_000)]
  const signature = createHmac('sha256', secret).update(`logon\n${apiKey}\n${timestamp}\n${nonce}`).digest('hex')
  const logon = { op: 'logon', apiKey, timestamp, nonce, signature, reports: 'binary' }
  return maskedFrame(Opcode.text, Buffer.from(JSON.stringify(logon)))
}

class NativeClient implements OrderClient {
  readonly name = 'C++ client, one spinning thread'
  readonly #directory: string
  readonly #binary: string
  readonly #lots: number

  constructor(directory: string, binary: string, lots: number) {
    this.#directory = directory
    this.#binary = binary
    this.#lots = lots
  }

  async trips(door: ServerDoor, count: number): Promise<Spread> {
    const { p50, p99, p999 } = (await this.#run(door, 'trips', count, 1)) as Spread
    return { p50: p50 / 1_000, p99: p99 / 1_000, p999: p999 / 1_000 }
  }

  async flood(door: ServerDoor, count: number, window: number): Promise<number> {
    return ((await this.#run(door, 'flood', count, window)) as { perSecond: number }).perSecond
  }

  close(): void {
    rmSync(this.#directory, { recursive: true })
  }

  async #run(door: ServerDoor, mode: 'trips' | 'flood', count: number, window: number): Promise<unknown> {
    const logon = logonFrame(door)?.toString('hex') ?? '-'
    const order = maskedFrame(Opcode.binary, marketOrderFrame(this.#lots)).toString('hex')
    const { stdout } = await promisify(execFile)(this.#binary, [
      ...[String(door.port), door.path, mode, String(count), String(window)],
      ...[logon, order, String(OrderField.clientId), '1'],
    ])
    return JSON.parse(stdout)
  }
}
