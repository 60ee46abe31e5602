/**
 * The process of emulated venues: it outlives routers, as exchanges do, and comes back with its ports, keys, orders and
 * balances when it is started again on the same info file.
 *
 *   node hotpath/venues/emulator/emulator-host.ts --venues binance --market calibrated --seed 42 --info FILE
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ASSET_DIGITS, parseDecimal } from '../../../shared/units/ticks.ts'
import { NS_PER_MS, US_PER_MS } from '../../../shared/units/time.ts'
import { MachineClock } from '../../threads/machine-clock.ts'
import { openMarketSource } from '../paper/market/open-market.ts'
import { paperDefaults } from '../paper/paper-options.ts'
import { EmulatedMarket } from './emulated-market.ts'
import { EmulatorFaults } from './emulator-faults.ts'
import { type EmulatorVenueInfo, readEmulatorInfo, writeEmulatorInfo } from './emulator-info.ts'
import { EmulatorServer } from './emulator-server.ts'
import { EmulatorStateFile } from './emulator-state-file.ts'
import { emulators } from './emulators.ts'

const text = { type: 'string' } as const
const ACCOUNT = 'main'

const hostArguments = z.object({
  venues: z.string().default([...emulators.keys()].join(',')),
  market: z.string().default('calibrated'),
  seed: z.coerce.number().int().nonnegative().default(42),
  info: z.string().min(1),
  /** Of the first venue; the others follow. 0: the system chooses, or what the info file has. */
  port: z.coerce.number().int().min(0).max(65_000).default(0),
  /** Market seconds a second. */
  speed: z.coerce.number().positive().default(1),
  /** Opening balances of every new account: BTC=1000, or *=5 for all that are not named. */
  deposit: z.array(z.string().regex(/^[^=]+=[0-9.]+$/)).default([]),
})
type HostArguments = z.infer<typeof hostArguments>

async function main(): Promise<void> {
  const asked = readArguments()
  const { seed, info, speed } = asked
  const source = await openMarketSource(asked.market, { seed, speed })
  const market = new EmulatedMarket(source)
  const clock = new MachineClock()
  const startEpochMs = clock.epochUs() / US_PER_MS - clock.monoNs() / NS_PER_MS
  const deposits = { ...paperDefaults.deposits, ...readDeposits(asked.deposit) }
  const before = readEmulatorInfo(info)
  const server = new EmulatorServer(clock)
  const files: EmulatorStateFile[] = []
  // All are open before the first turn: the market tells its opening books once.
  const opened = asked.venues.split(',').map((id) => {
    const entry = emulators.get(id)
    if (entry === undefined) throw new Error(`--venues: ${id} is not one of ${[...emulators.keys()].join(', ')}`)
    const known = before?.venues.find((venue) => venue.id === id)
    const file = new EmulatorStateFile(`${info}.${id}.state`)
    files.push(file)
    const { lines } = file
    const log = (more: string): void => file.append(more)
    const emulator = entry.open({ market, startEpochMs, deposits, lines, log }, new EmulatorFaults())
    const { apiKey, secret, passphrase, publicKey } = known ?? entry.makeKey(randomBytes)
    const key = { apiKey, secret, passphrase, publicKey }
    emulator.exchange.openAccount(ACCOUNT, [key])
    return { entry, emulator, key, knownPort: known?.port ?? 0 }
  })
  const venues: EmulatorVenueInfo[] = []
  for (const [at, { entry, emulator, key, knownPort }] of opened.entries()) {
    const port = await server.listen(emulator, asked.port === 0 ? knownPort : asked.port + at)
    const { rest, publicSocket, privateSocket } = entry.paths
    venues.push({
      id: entry.id,
      port,
      rest: `http://127.0.0.1:${port}${rest}`,
      publicSocket: `ws://127.0.0.1:${port}${publicSocket}`,
      privateSocket: `ws://127.0.0.1:${port}${privateSocket}`,
      ...key,
    })
  }
  writeEmulatorInfo(info, { pid: process.pid, market: source.name, seed, startedMs: Math.floor(startEpochMs), venues })
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  function stop(): void {
    server.close().then(() => {
      for (const file of files) file.close()
      process.exit(0)
    })
  }
}

function readArguments(): HostArguments {
  const { values } = parseArgs({
    options: {
      venues: text,
      market: text,
      seed: text,
      info: text,
      port: text,
      speed: text,
      deposit: { type: 'string', multiple: true },
    },
  })
  const asked = hostArguments.safeParse(values)
  if (asked.success) return asked.data
  const [problem] = asked.error.issues
  throw new Error(`--${problem.path.join('.')}: ${problem.message}`)
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
  process.stderr.write(`emulator host: ${error.message}\n`)
  process.exit(1)
})
