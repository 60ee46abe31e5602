/**
 * The process of the paper venues: it outlives routers, as exchanges do.
 *
 *   node hotpath/venues/paper/paper-host.ts --market calibrated --seed 42 --info FILE
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { BOOK_LEVELS_MAX } from '../../../shared/limits.ts'
import { Prng } from '../../../shared/prng.ts'
import { ASSET_DIGITS, parseDecimal } from '../../../shared/units/ticks.ts'
import { NS_PER_MS, US_PER_MS } from '../../../shared/units/time.ts'
import { LiveMarket } from '../../marketdata/live-market.ts'
import { openMarket } from '../../marketdata/market-door.ts'
import { type FeedEndpoints, readdresser } from '../../marketdata/readdress.ts'
import { isAlive } from '../../threads/host-process.ts'
import { MachineClock } from '../../threads/machine-clock.ts'
import { HttpsLink } from '../door/https-link.ts'
import { WebsocketLink } from '../door/websocket-link.ts'
import { PaperExchange } from './paper-exchange.ts'
import { removePaperInfo, writePaperInfo } from './paper-info.ts'
import { paperDefaults } from './paper-options.ts'
import { PaperServer } from './paper-server.ts'

const HEALTH_MS = 1_000

const text = { type: 'string' } as const

const hostArguments = z.object({
  market: z.string().default('calibrated'),
  seed: z.coerce.number().int().nonnegative().default(42),
  info: z.string().min(1),
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Market seconds a second. */
  speed: z.coerce.number().positive().default(1),
  /** Of snapshot replays: how long an instant stands. */
  'hold-seconds': z.coerce.number().positive().optional(),
  /** Of the live market: ccxt ids (none: all) and ccxt symbols, parted by commas. */
  venues: z.string().default(''),
  symbols: z.string().default('BTC/USDT'),
  /** JSON: other addresses by venue, { "binance": { "rest": ..., "publicSocket": ... } }. */
  endpoints: z.string().default('{}'),
  /** Process that waits for a live market to be found: without it the search ends. */
  'waited-by': z.coerce.number().int().positive().optional(),
  levels: z.coerce.number().int().min(1).max(BOOK_LEVELS_MAX).default(paperDefaults.levels),
  'latency-scale': z.coerce.number().nonnegative().default(1),
  'refill-half-life-ms': z.coerce
    .number()
    .nonnegative()
    .default(paperDefaults.refillHalfLifeNs / NS_PER_MS),
  'orphan-seconds': z.coerce.number().positive().default(600),
  /** Opening balances of every account at every venue: BTC=1000, or *=5 for all that are not named. */
  deposit: z.array(z.string().regex(/^[^=]+=[0-9.]+$/)).default([]),
})
type HostArguments = z.infer<typeof hostArguments>

async function main(): Promise<void> {
  const asked = readArguments()
  const { seed, info, market } = asked
  const holdSeconds = asked['hold-seconds']
  const clock = new MachineClock()
  const source = await openMarket(
    market,
    { seed, speed: asked.speed, ...(holdSeconds === undefined ? {} : { holdSeconds }) },
    {
      venues: listOf(asked.venues),
      symbols: listOf(asked.symbols),
      doors: { http: new HttpsLink(), sockets: new WebsocketLink(), clock, chance: new Prng(process.pid) },
      readdress: readdresser(endpointsOf(asked.endpoints)),
      say: (line) => process.stderr.write(`${line}\n`),
      pause: (ms) => {
        // Nobody waits for the market any more.
        if (asked['waited-by'] !== undefined && !isAlive(asked['waited-by'])) process.exit(0)
        return new Promise((resolve) => setTimeout(resolve, ms))
      },
    },
  )
  const startEpochUs = clock.epochUs() - Math.floor(clock.monoNs() / 1_000)
  const token = randomBytes(24).toString('hex')
  const exchange = new PaperExchange(source, {
    seed,
    token,
    startEpochUs,
    // Microseconds since 1970: a host started later begins above every number of this one, up to a million fills a second.
    executionBase: startEpochUs,
    levels: asked.levels,
    latencyScale: asked['latency-scale'],
    refillHalfLifeNs: asked['refill-half-life-ms'] * NS_PER_MS,
    deposits: { ...paperDefaults.deposits, ...readDeposits(asked.deposit) },
  })
  const health = source instanceof LiveMarket ? setInterval(tellHealth, HEALTH_MS, source) : undefined
  const server = new PaperServer(exchange, clock, asked['orphan-seconds'], stop)
  const port = await server.listen(asked.port)
  const startedMs = Math.floor(startEpochUs / US_PER_MS)
  writePaperInfo(info, {
    port,
    pid: process.pid,
    market: source.name,
    notes: [...source.notes],
    seed,
    startedMs,
    token,
    asked: market === 'live' ? `${asked.venues} ${asked.symbols} ${asked.endpoints}` : '',
  })
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  function tellHealth(live: LiveMarket): void {
    exchange.tellHealth(live.health(clock.monoNs()))
  }

  function stop(): void {
    clearInterval(health)
    removePaperInfo(info, process.pid)
    server.close().then(() => process.exit(0))
  }
}

function readArguments(): HostArguments {
  const { values } = parseArgs({
    options: {
      market: text,
      seed: text,
      info: text,
      port: text,
      speed: text,
      'hold-seconds': text,
      venues: text,
      symbols: text,
      'waited-by': text,
      endpoints: text,
      levels: text,
      'latency-scale': text,
      'refill-half-life-ms': text,
      'orphan-seconds': text,
      deposit: { type: 'string', multiple: true },
    },
  })
  const asked = hostArguments.safeParse(values)
  if (asked.success) return asked.data
  const [problem] = asked.error.issues
  throw new Error(`--${problem.path.join('.')}: ${problem.message}`)
}

function endpointsOf(json: string): Record<string, FeedEndpoints> {
  const addresses = z.object({ rest: z.url(), publicSocket: z.url() })
  return z.record(z.string(), addresses).parse(JSON.parse(json))
}

function listOf(text: string): readonly string[] {
  return text.split(',').filter((part) => part !== '')
}

function readDeposits(deposits: readonly string[]): Record<string, bigint> {
  return Object.fromEntries(
    deposits.map((deposit) => {
      const [asset, amount] = deposit.split('=')
      const units = parseDecimal(amount, ASSET_DIGITS)
      if (units < 0) throw new Error(`--deposit: ${deposit} is not an amount of at most 90 million, 8 digits`)
      return [asset, BigInt(units)]
    }),
  )
}

main().catch((error: Error) => {
  process.stderr.write(`paper host: ${error.message}\n`)
  process.exit(1)
})
