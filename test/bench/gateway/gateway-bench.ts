/**
 * What the gateway adds to a round trip, and how many orders go through it. The measure is a bare uWebSockets.js server
 * that answers the same 112 bytes with 192 from a buffer that is always the same: same client, same loop, same run.
 * Rounds of both alternate and whoever is not measured takes no turns, so that on two cores the client and one server
 * are all that is busy; figures are medians over rounds.
 */
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { BenchServer } from './bench-server.ts'
import type { LoopMode } from './host-loop.ts'
import { type OrderClient, openClient, type Spread } from './order-client.ts'

const WINDOW = 256

interface Sizes {
  readonly rounds: number
  readonly trips: number
  readonly orders: number
}

/** What the issue asks of the gateway alone; the whole router is held to the looser gate only. */
interface Promises {
  readonly perSecondMin: number
  readonly shareMin?: number
}

/** The gateway in front of a core that only acknowledges. */
export function run(options: BenchOptions): Promise<BenchRow[]> {
  return runGatewayBench(options, 'gateway alone', 'gateway-host', { perSecondMin: 250_000, shareMin: 0.6 })
}

export async function runGatewayBench(
  options: BenchOptions,
  what: string,
  host: string,
  promises: Promises,
): Promise<BenchRow[]> {
  const sizes = options.quick
    ? { rounds: 3, trips: 10_000, orders: 100_000 }
    : { rounds: 7, trips: 40_000, orders: 500_000 }
  const client = openClient(100)
  const servers: BenchServer[] = []
  const start = async (...arguments_: [string, ...string[]]) => {
    const server = await BenchServer.start(...arguments_)
    servers.push(server)
    return server
  }
  try {
    const bare = await start('answer-host', 'uws')
    const ours = await start(host)
    const pair = { client, bare, ours, sizes }
    return [
      ...tripRows(what, client, 'spinning', await alternateTrips(pair, 'spinning')),
      ...tripRows(what, client, 'sleeping', await alternateTrips(pair, 'sleeping')),
      ...floodRows(what, client, promises, await alternateFloods(pair)),
      ...(promises.shareMin === undefined ? [] : await contestRows(client, await start('answer-host', 'ws'), sizes)),
    ]
  } finally {
    client.close()
    for (const server of servers) await server.close()
  }
}

interface Pair {
  readonly client: OrderClient
  readonly bare: BenchServer
  readonly ours: BenchServer
  readonly sizes: Sizes
}

interface Round<Figure> {
  readonly bare: Figure
  readonly ours: Figure
}

async function inMode<Figure>(server: BenchServer, mode: LoopMode, measure: () => Promise<Figure>): Promise<Figure> {
  await server.setLoop(mode)
  const figure = await measure()
  await server.setLoop('paused')
  return figure
}

/** The first round warms both up and is not counted. */
async function alternate<Figure>(rounds: number, measure: () => Promise<Round<Figure>>): Promise<Round<Figure>[]> {
  const counted: Round<Figure>[] = []
  for (let i = 0; i <= rounds; i++) {
    const round = await measure()
    if (i > 0) counted.push(round)
  }
  return counted
}

function alternateTrips({ client, bare, ours, sizes }: Pair, mode: LoopMode): Promise<Round<Spread>[]> {
  const trips = (server: BenchServer) => inMode(server, mode, () => client.trips(server.door, sizes.trips))
  return alternate(sizes.rounds, async () => ({ bare: await trips(bare), ours: await trips(ours) }))
}

function alternateFloods({ client, bare, ours, sizes }: Pair): Promise<Round<number>[]> {
  const flood = (server: BenchServer) =>
    inMode(server, 'sleeping', () => client.flood(server.door, sizes.orders, WINDOW))
  return alternate(sizes.rounds, async () => ({ bare: await flood(bare), ours: await flood(ours) }))
}

function tripRows(what: string, client: OrderClient, mode: LoopMode, rounds: readonly Round<Spread>[]): BenchRow[] {
  const note = `${mode} server loop; ${client.name}; medians of ${rounds.length} alternating rounds`
  const bare = medianSpread(rounds.map((round) => round.bare))
  const ours = medianSpread(rounds.map((round) => round.ours))
  const times: BenchRow[] = [
    { name: `bare answer, round trip, ${mode}`, unit: 'us', value: bare.p50, ...bare, note },
    { name: `${what}: order in, first report out, ${mode}`, unit: 'us', value: ours.p50, ...ours, note },
  ]
  const p50 = median(rounds.map((round) => round.ours.p50 / round.bare.p50))
  const p99 = median(rounds.map((round) => round.ours.p99 / round.bare.p99))
  const name = `${what}: round trip over bare answer, ${mode}`
  // A loop that sleeps is as deep asleep as its last turn left it: that ratio says more of the machine than of us.
  if (mode === 'sleeping')
    return [...times, { name, unit: 'x', value: p50, note: `p50 over p50; p99 over p99 ${p99.toFixed(2)}` }]
  return [
    ...times,
    { name: `${name}, p50`, unit: 'x', value: p50, limit: { max: 1.5, isGate: false } },
    { name: `${name}, p99`, unit: 'x', value: p99, limit: { max: 2, isGate: false } },
    { name: `${name}, p50, at most`, unit: 'x', value: p50, limit: { max: 3, isGate: true } },
  ]
}

function floodRows(
  what: string,
  client: OrderClient,
  promises: Promises,
  rounds: readonly Round<number>[],
): BenchRow[] {
  const note = `${WINDOW} in flight; ${client.name}; median of ${rounds.length} alternating rounds`
  const bare = median(rounds.map((round) => round.bare))
  const ours = median(rounds.map((round) => round.ours))
  const share = median(rounds.map((round) => round.ours / round.bare))
  const { perSecondMin, shareMin } = promises
  return [
    { name: 'bare answers through one server', unit: 'orders/s', value: Math.round(bare), note },
    {
      name: `${what}: orders through one gateway`,
      unit: 'orders/s',
      value: Math.round(ours),
      limit: { min: perSecondMin, isGate: false },
      note,
    },
    {
      name: `${what}: orders through it over bare answers`,
      unit: 'x',
      value: share,
      ...(shareMin !== undefined && { limit: { min: shareMin, isGate: false } }),
    },
  ]
}

/** `ws` as the server, for whoever wonders what uWebSockets.js is for. */
async function contestRows(client: OrderClient, server: BenchServer, sizes: Sizes): Promise<BenchRow[]> {
  const spreads: Spread[] = []
  const floods: number[] = []
  for (let i = 0; i < 3; i++) {
    spreads.push(await inMode(server, 'spinning', () => client.trips(server.door, sizes.trips)))
    floods.push(await inMode(server, 'sleeping', () => client.flood(server.door, sizes.orders / 4, WINDOW)))
  }
  const spread = medianSpread(spreads)
  return [
    {
      name: '`ws` as the bare server, round trip, spinning',
      unit: 'us',
      value: spread.p50,
      ...spread,
      note: 'contest',
    },
    { name: '`ws` as the bare server, answers', unit: 'orders/s', value: Math.round(median(floods)), note: 'contest' },
  ]
}

function medianSpread(spreads: readonly Spread[]): Spread {
  return {
    p50: median(spreads.map(({ p50 }) => p50)),
    p99: median(spreads.map(({ p99 }) => p99)),
    p999: median(spreads.map(({ p999 }) => p999)),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
