/**
 * What the gateway adds to a round trip, and how many orders go through it. The measure is a bare uWebSockets.js echo
 * of 64 bytes with the same hand-written client, the same loop mode and the same run: rounds of both alternate, so
 * that a busy machine slows both.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { OrderFlow, type RouterDoor } from './order-flow.ts'
import { maskedFrame, Opcode, RawClient } from './raw-client.ts'

export interface Router extends RouterDoor {
  /** Its loop never sleeps: the echo gets the same. */
  readonly isSpinning: boolean
  /** Lots of instrument 0 that a market order may ask for. */
  readonly lots: number
  close(): Promise<void>
}

const ECHO_BYTES = 64
const WINDOW = 256

/** `startRouter` brings up what is measured; its key must be free of rate and order limits. */
export async function runGatewayBench(
  options: BenchOptions,
  what: string,
  startRouter: () => Promise<Router>,
): Promise<BenchRow[]> {
  const sizes = options.quick
    ? { rounds: 3, trips: 5_000, orders: 60_000 }
    : { rounds: 7, trips: 10_000, orders: 300_000 }
  const router = await startRouter()
  const echo = await startHost('echo-host.ts', router.isSpinning)
  try {
    const flow = await OrderFlow.open(router, router.lots)
    const echoClient = await RawClient.connect(echo.door.port, '/echo')
    const rounds = await alternate(flow, echoClient, sizes)
    const perSecond: number[] = []
    for (let i = 0; i < 3; i++) perSecond.push(await flow.measureThroughput(sizes.orders, WINDOW))
    flow.close()
    echoClient.close()
    return rowsOf(what, router.isSpinning, rounds, Math.max(...perSecond))
  } finally {
    echo.process.kill()
    await router.close()
  }
}

/** The gateway alone, in front of a core that only acknowledges. */
export function run(options: BenchOptions): Promise<BenchRow[]> {
  return runGatewayBench(options, 'gateway alone', startDouble)
}

async function startDouble(): Promise<Router> {
  // Two spinning servers and a client want three cores.
  const isSpinning = availableParallelism() > 2
  const { process: child, door } = await startHost('gateway-host.ts', isSpinning)
  const close = async (): Promise<void> => {
    child.kill()
  }
  return { ...door, isSpinning, lots: 100, close }
}

interface Round {
  readonly echo: Float64Array
  readonly order: Float64Array
}

async function alternate(
  flow: OrderFlow,
  echo: RawClient,
  sizes: { readonly rounds: number; readonly trips: number },
): Promise<Round[]> {
  const rounds: Round[] = []
  // The first round warms both up and is not counted.
  for (let i = 0; i <= sizes.rounds; i++) {
    const round = { echo: await echoTrips(echo, sizes.trips), order: await flow.measureRoundTrips(sizes.trips) }
    if (i > 0) rounds.push({ echo: round.echo.sort(), order: round.order.sort() })
  }
  return rounds
}

/** Microseconds, one message in flight. */
function echoTrips(client: RawClient, count: number): Promise<Float64Array> {
  const trips = new Float64Array(count)
  const frame = maskedFrame(Opcode.binary, new Uint8Array(ECHO_BYTES))
  return new Promise((resolve) => {
    let at = 0
    let startMs = 0
    client.onMessage = () => {
      trips[at++] = (performance.now() - startMs) * 1_000
      if (at === count) resolve(trips)
      else send()
    }
    const send = (): void => {
      startMs = performance.now()
      client.socket.write(frame)
    }
    send()
  })
}

function rowsOf(what: string, isSpinning: boolean, rounds: readonly Round[], perSecond: number): BenchRow[] {
  const loop = `${isSpinning ? 'spinning' : 'sleeping'} server loop, ${rounds.length} alternating rounds, raw client`
  const ratio = median(rounds.map(({ echo, order }) => at(order, 0.5) / at(echo, 0.5)))
  const tail = median(rounds.map(({ echo, order }) => at(order, 0.99) / at(echo, 0.99)))
  return [
    { name: 'bare echo, 64 bytes, round trip', ...spread(rounds.map(({ echo }) => echo)), note: loop },
    { name: `${what}: order in, first report out`, ...spread(rounds.map(({ order }) => order)), note: 'binary' },
    {
      name: `${what}: round trip over bare echo, p50`,
      unit: 'x',
      value: ratio,
      limit: { max: 3, isGate: true },
      note: `median over rounds; p99 over p99 ${tail.toFixed(2)}`,
    },
    {
      name: `${what}: orders through one gateway`,
      unit: 'orders/s',
      value: Math.round(perSecond),
      limit: { min: 100_000, isGate: false },
      note: `${WINDOW} in flight, best of 3; the client is one Node thread`,
    },
  ]
}

/** The quietest round: the others say more about the machine. */
function spread(rounds: readonly Float64Array[]): Pick<BenchRow, 'unit' | 'value' | 'p50' | 'p99' | 'p999'> {
  const best = rounds.reduce((least, round) => (at(round, 0.5) < at(least, 0.5) ? round : least))
  return { unit: 'us', value: at(best, 0.5), p50: at(best, 0.5), p99: at(best, 0.99), p999: at(best, 0.999) }
}

function at(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

export async function startHost(
  file: string,
  isSpinning: boolean,
): Promise<{ process: ChildProcess; door: RouterDoor }> {
  const path = fileURLToPath(new URL(`./${file}`, import.meta.url))
  const child = fork(path, [isSpinning ? 'spinning' : 'sleeping'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it listened`)
  })
  const [door] = (await Promise.race([once(child, 'message'), ended])) as [RouterDoor]
  ended.catch(() => {})
  return { process: child, door }
}
