/**
 * The split layout with its real thread, rings, gateway, core and journal, between a client and venues that live in this
 * process: everything but sockets. The journal's finished segments are removed as they come: ten minutes would be 40 GB.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { TransportRelay } from '../../hotpath/gateway/transport-relay.ts'
import { type CoreMemory, Gauge, layCoreMemory, openCoreMemory } from '../../hotpath/threads/core-memory.ts'
import { CoreWorker } from '../../hotpath/threads/core-worker.ts'
import { DutyRunner } from '../../hotpath/threads/duty-runner.ts'
import { MachineClock } from '../../hotpath/threads/machine-clock.ts'
import { PipeRelay } from '../../hotpath/venues/paper/pipe-relay.ts'
import { Permission } from '../../shared/config/account.ts'
import { hotpathConfig } from '../../shared/config/hotpath-config.ts'
import type { AccountIndex } from '../../shared/units/ids.ts'
import { SoakClient, SoakTransport } from './soak-client.ts'
import { SoakExchange } from './soak-exchange.ts'
import { soakMarket } from './soak-market.ts'

const VENUES = 32
const INSTRUMENTS = 4
/** Book changes for each order: 16,000 a second at 50,000 orders. */
const BOOKS_PER_ORDER = 0.32
const API_KEY = 'key-of-the-soak'
const SECRET = 'a secret of thirty-two characters'
const SEGMENT_BYTES = 2 ** 28
/** A disk that stands still for a second does not end the soak. */
const RING_BYTES = 2 ** 26

export class SoakRouter {
  readonly client: SoakClient
  readonly memory: CoreMemory
  readonly directory: string
  readonly #runner: DutyRunner
  readonly #core: CoreWorker
  readonly #clock = new MachineClock()
  #exchange: SoakExchange | undefined
  #removedBytes = 0
  readonly #removed = new Set<string>()
  #booksDue = 0

  constructor(options: { spins: boolean }) {
    this.directory = mkdtempSync(path.join(tmpdir(), 'sor-soak-'))
    const layout = layCoreMemory()
    const memory = openCoreMemory(layout)
    const client = new SoakClient(INSTRUMENTS)
    const market = soakMarket(VENUES, INSTRUMENTS)
    const relay = new TransportRelay(new SoakTransport(client), memory.gateway, memory.coreBell, () => {})
    const open = (_port: number, events: ConstructorParameters<typeof SoakExchange>[1]): SoakExchange => {
      this.#exchange = new SoakExchange(market, events)
      return this.#exchange
    }
    const pipes = new PipeRelay(open, memory.venues, memory.coreBell)
    const venues = { name: 'venues', work: () => this.#exchange?.work() ?? 0 }
    this.client = client
    this.memory = memory
    this.#runner = new DutyRunner([client, relay, pipes, venues, this.#books()], this.#clock, {
      spins: false,
      bell: memory.mainBell,
    })
    this.#runner.start()
    this.#core = new CoreWorker(memory, {
      config: hotpathConfig.parse({
        stateDirectory: this.directory,
        journal: { segmentBytes: SEGMENT_BYTES, ringBytes: RING_BYTES },
      }),
      accounts: [account()],
      memory: layout,
      transport: 'ws',
      venues: { infoFile: path.join(this.directory, 'none.json'), info: info() },
      spins: options.spins,
      cpu: -1,
    })
  }

  /** Up, logged on, and sending `rate` orders a second. */
  async start(rate: number): Promise<void> {
    await this.#core.up
    this.client.logOn(API_KEY, SECRET)
    while (!this.client.isLoggedOn) await new Promise((resolve) => setTimeout(resolve, 1))
    this.client.begin(rate, this.#clock.monoNs())
    this.#runner.wake()
  }

  get children(): number {
    return this.#exchange?.children ?? 0
  }

  get books(): number {
    return this.#exchange?.books ?? 0
  }

  gauge(which: keyof typeof Gauge): number {
    return this.memory.gauges[Gauge[which]]
  }

  /** Written so far. Removes every segment but the newest three: the one in use, the one before and the prepared one. */
  journalBytes(): number {
    const folder = path.join(this.directory, 'journal')
    const [market] = readdirSync(folder)
    const segments = readdirSync(path.join(folder, market))
      .filter((name) => name.endsWith('.sor'))
      .sort()
      .map((name) => path.join(folder, market, name))
    for (const segment of segments.slice(0, -3)) {
      if (this.#removed.has(segment)) continue
      this.#removed.add(segment)
      this.#removedBytes += statSync(segment).size
      // Not in this thread: a busy disk takes its time, and meanwhile nobody would read what the core says.
      void rm(segment)
    }
    return this.#removedBytes + Math.max(0, Math.min(3, segments.length) - 1) * SEGMENT_BYTES
  }

  /** In good order; the directory goes. */
  async stop(): Promise<void> {
    this.client.begin(0, this.#clock.monoNs())
    await this.#core.stop()
    this.#runner.stop()
    rmSync(this.directory, { recursive: true, force: true })
  }

  #books() {
    return {
      name: 'books',
      work: (): number => {
        const count = Math.floor(this.client.sent * BOOKS_PER_ORDER - this.#booksDue)
        this.#booksDue += count
        this.#exchange?.moveBooks(count)
        return count
      },
    }
  }
}

function account() {
  return {
    index: 0 as AccountIndex,
    name: 'soak',
    apiKey: API_KEY,
    secret: SECRET,
    permissions: Permission.trade | Permission.read | Permission.cancel,
    ordersPerSecond: 10_000_000,
    ordersBurst: 10_000_000,
    openOrdersMax: 100_000,
    orderNotionalMax: '100000000000000',
  }
}

/** What a paper host would say of itself. */
function info() {
  return { port: 1, pid: process.pid, market: 'soak', notes: [], seed: 0, startedMs: 0, token: 'soak' }
}
