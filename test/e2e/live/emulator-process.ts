/** The process of the emulated venues, as the router starts it and as a test kills it; and what its exchange says itself. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exchange } from 'ccxt'
import {
  type EmulatorInfo,
  type EmulatorVenueInfo,
  readEmulatorInfo,
} from '../../../hotpath/venues/emulator/emulator-info.ts'
import { sleep } from '../../fixtures/router-process.ts'
import { openCcxt } from '../venues/ccxt-client.ts'

const HOST = fileURLToPath(new URL('../../../hotpath/venues/emulator/emulator-host.ts', import.meta.url))

export class EmulatorProcess {
  readonly infoFile: string
  readonly #venues: string
  /** Market seconds a second: slow where a price must not move away from an order on its way. */
  readonly #speed: number
  readonly #owned: string | undefined
  #process: ChildProcess | undefined

  /** `directory`: of a router that is to find it; else one of its own. */
  constructor(venues = 'binance', directory?: string, speed = 1) {
    this.#venues = venues
    this.#speed = speed
    this.#owned = directory === undefined ? mkdtempSync(path.join(tmpdir(), 'sor-emulator-')) : undefined
    this.infoFile = path.join(directory ?? this.#owned ?? '', 'emulators.json')
  }

  async start(): Promise<EmulatorInfo> {
    const flags = ['--venues', this.#venues, '--seed', '1', '--speed', String(this.#speed), '--info', this.infoFile]
    const child = spawn(process.execPath, [HOST, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] })
    this.#process = child
    for (let tries = 0; tries < 400; tries++) {
      const info = readEmulatorInfo(this.infoFile)
      if (info !== undefined && info.pid === child.pid) return info
      await sleep(25)
    }
    throw new Error('the emulators did not start')
  }

  get info(): EmulatorInfo {
    const info = readEmulatorInfo(this.infoFile)
    if (info === undefined) throw new Error(`no ${this.infoFile}`)
    return info
  }

  venue(id = 'binance'): EmulatorVenueInfo {
    const venue = this.info.venues.find((one) => one.id === id)
    if (venue === undefined) throw new Error(`no emulated ${id}`)
    return venue
  }

  /** kill -9 of whoever wrote the file. */
  async kill(): Promise<void> {
    const { pid } = this.info
    process.kill(pid, 'SIGKILL')
    await until(() => !isThere(pid), 'the emulators to be dead')
  }

  remove(): void {
    this.#process?.kill('SIGKILL')
    if (this.#owned !== undefined) rmSync(this.#owned, { recursive: true, force: true })
  }
}

/** `live.endpoints` of a configuration file. */
export function endpointsOf({ rest, publicSocket, privateSocket }: EmulatorVenueInfo, port?: number) {
  const at = (url: string) => (port === undefined ? url : url.replace(/:\d+/, `:${port}`))
  return { rest: at(rest), publicSocket: at(publicSocket), privateSocket: at(privateSocket) }
}

/** What one account did there, as the exchange itself has it: asked with unmodified ccxt and the made-up key. */
export class ExchangeTruth {
  readonly #client: Exchange

  private constructor(client: Exchange) {
    this.#client = client
  }

  static async open(venue: EmulatorVenueInfo): Promise<ExchangeTruth> {
    const options = {
      defaultType: 'spot',
      fetchMarkets: { types: ['spot'] },
      warnOnFetchOpenOrdersWithoutSymbol: false,
    }
    const client = await openCcxt(venue.id, { port: venue.port, key: venue, options })
    await client.loadMarkets()
    return new ExchangeTruth(client)
  }

  /** Base bought or sold so far, over all trades of the account. */
  async traded(symbol: string): Promise<number> {
    const trades = await this.#client.fetchMyTrades(symbol)
    return trades.reduce((sum, trade) => sum + (trade.amount ?? 0), 0)
  }

  async open(symbol: string): Promise<{ amount: number; filled: number; remaining: number; id: string }[]> {
    const orders = await this.#client.fetchOpenOrders(symbol)
    return orders.map(({ amount = 0, filled = 0, remaining = 0, clientOrderId = '' }) => ({
      amount,
      filled,
      remaining,
      id: clientOrderId,
    }))
  }

  /** Client ids of every order it ever had. */
  async ids(symbol: string): Promise<string[]> {
    const orders = await this.#client.fetchOrders(symbol)
    return orders.map(({ clientOrderId = '' }) => clientOrderId)
  }

  async balance(asset: string): Promise<number> {
    const balance = await this.#client.fetchBalance()
    return balance[asset]?.total ?? 0
  }

  async price(symbol: string): Promise<{ bid: number; ask: number }> {
    const book = await this.#client.fetchOrderBook(symbol, 5)
    return { bid: book.bids[0][0] as number, ask: book.asks[0][0] as number }
  }

  async close(): Promise<void> {
    await this.#client.close()
  }
}

/** Asks again every 60 ms (an exchange allows so many questions a minute); the complaint says what did not come. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string | (() => string),
  msMax = 12_000,
): Promise<Exclude<T, false | null | undefined>> {
  const startMs = performance.now()
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== null && found !== false) return found as Exclude<T, false | null | undefined>
    if (performance.now() - startMs > msMax)
      throw new Error(`waited ${msMax} ms for ${typeof what === 'string' ? what : what()}`)
    await sleep(60)
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
