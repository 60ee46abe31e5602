/**
 * `npm start`: reads the configuration, starts everything and says where to connect.
 *
 *   npm start -- [--market calibrated|live|emulated|replay:DIR] [--venues LIST] [--symbols LIST] [--trading paper|real]
 *                [--ccxt LIST] [--seed N] [--speed X] [--port N] [--state DIR] [--config FILE] [--hold-seconds N]
 *                [--threads auto|one|split] [--spin] [--pin] [--print-config]
 */
import { parseArgs } from 'node:util'
import { dumpConfig, type HotpathConfig, type HotpathConfigInput } from '../shared/config/hotpath-config.ts'
import { isReal } from './threads/compose-router.ts'
import { loadConfig } from './threads/config-file.ts'
import { endStarted } from './threads/host-process.ts'
import { readMachineLayout } from './threads/machine-layout.ts'
import { type Router, startRouter } from './threads/start-router.ts'
import { chooseTopology, type Topology } from './threads/topology.ts'

const NODE_MAJOR_MIN = 24
const STATE_DEFAULT = '.sor'

const ExitCode = { ok: 0, failed: 1, usage: 2 } as const

function readFlags() {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      market: text,
      seed: text,
      speed: text,
      port: text,
      state: text,
      config: text,
      venues: text,
      symbols: text,
      ccxt: text,
      trading: text,
      'hold-seconds': text,
      threads: text,
      spin: { type: 'boolean', default: false },
      pin: { type: 'boolean', default: false },
      'print-config': { type: 'boolean', default: false },
    },
  })
  const live = {
    ...(values.venues !== undefined && { venues: listOf(values.venues) }),
    ...(values.symbols !== undefined && { symbols: listOf(values.symbols) }),
    ...(values.ccxt !== undefined && { ccxt: listOf(values.ccxt) }),
  }
  const flags: HotpathConfigInput = {
    ...(Object.keys(live).length > 0 && { live }),
    // The schema says what may be written there.
    ...(values.trading !== undefined && { trading: values.trading as 'paper' | 'real' }),
    ...(values.threads !== undefined && { threads: values.threads as 'auto' | 'one' | 'split' }),
    ...(values.market !== undefined && { market: values.market }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values.speed !== undefined && { speed: Number(values.speed) }),
    ...(values.state !== undefined && { stateDirectory: values.state }),
    ...(values.port !== undefined && { gateway: { port: Number(values.port) } }),
  }
  return { flags, values }
}

function listOf(text: string): string[] {
  return text.split(',').filter((part) => part !== '')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function fail(lines: readonly string[], code: number): never {
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exit(code)
}

/** Which of the three it is: invented, real prices under simulated fills, or real orders. */
function whatFills(name: string, isSimulated: boolean): string {
  if (name === 'emulated') return 'emulated exchanges on this machine, their real dialects, simulated fills'
  if (name !== 'live') return 'paper venues, simulated fills, nothing leaves this machine'
  return isSimulated ? 'public feeds of the exchanges, paper venues, simulated fills' : 'REAL ORDERS at real exchanges'
}

function announce(router: Router, startedMs: number, topology: readonly string[], stateDirectory: string): void {
  const { market, journal, recovered } = router
  const listed = `${market.venues.length} venues, ${market.instruments.length} instruments`
  say(`smart-order-router on ${market.name}: ${whatFills(market.name, market.simulated)}`)
  say(`  market      ${listed}: ${market.instruments.map(({ symbol }) => symbol).join(' ')}`)
  for (const note of router.notes) say(`              ${note}`)
  say(`  connect     ${router.url}`)
  say(`  transport   ${router.transport.name} (${router.transport.note})`)
  topology.forEach((line, at) => {
    say(`  ${at === 0 ? 'threads  ' : '         '}   ${line}`)
  })
  const { records, tornBytes } = journal.replayed
  const torn = tornBytes > 0 ? `, a torn tail of ${tornBytes} bytes was cut` : ''
  say(`  journal     ${journal.transport}; ${records} records replayed${torn}, state ${recovered.stateHash}`)
  if (recovered.open > 0) {
    say(
      `  recovered   ${recovered.open} open of ${recovered.orders} orders; venues ${router.venuesWereRunning ? 'still running' : 'started anew'}, reconciled`,
    )
  }
  const state = stateDirectory === STATE_DEFAULT ? '' : ` --state ${stateDirectory}`
  const hint = `npx sor order buy 2.5 ${market.instruments[0].symbol}${state}`
  say(`ready after ${Math.round(performance.now() - startedMs)} ms. Try: ${hint}`)
}

/** The adapters of real venues are JavaScript with sockets of their own: they stay with the core on the main thread. */
function planThreads(config: HotpathConfig, { spin, pin }: { spin: boolean; pin: boolean }): Topology {
  const machine = readMachineLayout()
  if (!isReal(config)) return chooseTopology({ threads: config.threads, spin, pin }, machine)
  const topology = chooseTopology({ threads: 'one', spin, pin }, machine)
  if (config.threads !== 'split') return topology
  return { ...topology, lines: [...topology.lines, 'not split: the adapters of real venues run beside the core'] }
}

async function main(): Promise<void> {
  const startedMs = performance.now()
  const { flags, values } = readFlags()
  const { config: file } = values
  const loaded = loadConfig({ flags, environment: process.env, ...(file !== undefined && { file }) })
  if (!loaded.ok) fail(loaded.errors, ExitCode.usage)
  if (values['print-config']) {
    process.stdout.write(dumpConfig(loaded.config))
    return
  }
  const topology = planThreads(loaded.config, values)
  const hold = values['hold-seconds']
  // Until it is up there is nothing to finish; what was started for it must not stay behind.
  const giveUp = (signal: string): void => {
    say(`${signal}: not up yet, nothing was ordered`)
    endStarted()
    process.exit(ExitCode.ok)
  }
  process.on('SIGINT', giveUp)
  process.on('SIGTERM', giveUp)
  const router = await startRouter({
    config: loaded.config,
    accounts: loaded.accounts,
    environment: process.env,
    topology,
    say: (line) => say(`  ${line}`),
    ...(hold !== undefined && { holdSeconds: Number(hold) }),
  })
  announce(router, startedMs, topology.lines, loaded.config.stateDirectory)
  const stop = (signal: string) => {
    say(`${signal}: no new orders, finishing what is under way`)
    router.stop({ keepVenues: false }).then(
      () => process.exit(ExitCode.ok),
      (error: Error) => fail([error.message], ExitCode.failed),
    )
  }
  process.off('SIGINT', giveUp)
  process.off('SIGTERM', giveUp)
  process.once('SIGINT', () => stop('SIGINT'))
  process.once('SIGTERM', () => stop('SIGTERM'))
}

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  fail([`Node ${NODE_MAJOR_MIN} is needed, this is ${process.versions.node}; npm start brings its own`], ExitCode.usage)
}
main().catch((error: Error) => {
  endStarted()
  fail([`cannot start: ${error.message}`], ExitCode.failed)
})
