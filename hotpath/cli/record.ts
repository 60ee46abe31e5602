/**
 * `sor record`: with --venues what the exchanges send, as they send it; without, what the gateway of the running router shows.
 * `sor replay` plays both.
 */
import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Instrument, Listing } from '../../shared/domain/instrument.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { type MonoNs, NS_PER_MS } from '../../shared/units/time.ts'
import type { InstrumentInfo, OrderClient, VenueInfo } from '../client/order-client.ts'
import { formatFixed } from '../tca/figures.ts'
import type { MarketTerms } from '../venues/paper/market/opened-market.ts'
import { RecordingWriter } from '../venues/paper/market/recording-writer.ts'
import { recordedListing, venueLatency } from '../venues/paper/market/venue-terms.ts'
import type { Command, CommandCall } from './command.ts'
import { usageError } from './command.ts'
import { type Connection, withRouter } from './connection.ts'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { FeedRecorder } from './feed-recorder.ts'
import { readSymbol } from './order-arguments.ts'
import { ProgressBar } from './progress-bar.ts'
import { recordVenues } from './venue-recorder.ts'

export const record: Command = {
  name: 'record',
  summary: 'record exchanges frame by frame, or what the running router shows, for sor replay',
  usage: '--out DIR [--venues LIST] [--seconds N] [--symbols LIST] [--config FILE] [--json]',
  options: [
    { name: 'out', value: 'DIR', help: 'folder of the recording; it is made, and must be empty' },
    { name: 'venues', value: 'LIST', help: 'straight from these exchanges, every frame as it came (needs no router)' },
    { name: 'config', value: 'FILE', help: 'with --venues: live.endpoints of it, for other addresses' },
    { name: 'seconds', value: 'N', help: 'end after N seconds (default: until Ctrl-C)' },
    { name: 'symbols', value: 'LIST', help: 'only these, like BTC/USDT,ETH/USDT (default: all, at most 32)' },
  ],
  examples: [
    'record --out frames --venues binance,okx --symbols BTC/USDT --seconds 60',
    'record --out recordings/monday --seconds 3600',
    'record --out r --symbols BTC/USDT',
  ],
  run: async (call) => {
    const { options, positionals } = call
    const folder = options.text('out')
    if (positionals.length > 0 || folder === undefined) throw usageError('record needs --out DIR and nothing else')
    if (existsSync(folder) && readdirSync(folder).length > 0) throw usageError(`${folder} is not empty`)
    const seconds = options.number('seconds', 0.1, SECONDS_MAX)
    const symbols = options.list('symbols')?.map(readSymbol)
    const venues = options.list('venues')
    if (venues !== undefined) {
      const followed = symbols ?? ['BTC/USDT']
      return recordVenues(call, { folder, seconds, venues, symbols: followed, configFile: options.text('config') })
    }
    return withRouter(call, (connection) => runRecord(call, connection, { folder, seconds, symbols }))
  },
}

/** What the gateway gives one connection: the most it shows, as often as it shows it. */
const DEPTH = 50
const INTERVAL_MS = 50
const SYMBOLS_MAX = 32
const PART_BYTES_MAX = 64 * 2 ** 20
const SECONDS_MAX = 2_000_000
const TICK_MS = 200

interface RecordWish {
  readonly folder: string
  readonly seconds: number | undefined
  readonly symbols: readonly string[] | undefined
}

async function runRecord(call: CommandCall, { client, router }: Connection, wish: RecordWish): Promise<ExitCode> {
  const { terminal, interruption, options } = call
  const instruments = chooseInstruments(await client.instruments(), wish.symbols)
  const terms = marketTerms(router.market, instruments, await client.venues())
  const writer = new RecordingWriter(terms, { folder: wish.folder, name: 'recording', bytesMax: PART_BYTES_MAX })
  const recorder = new FeedRecorder(writer, terms.venues, terms.instruments)
  const startMs = performance.now()
  const bar = new ProgressBar(terminal, 'record', wish.seconds ?? 0, startMs)
  const detail = (): string => `${formatFixed(recorder.levels, 0)} levels, ${formatFixed(recorder.trades, 0)} trades`
  const elapsed = (): number => (performance.now() - startMs) / 1_000
  try {
    await follow(client, writer, recorder, instruments)
    while (!interruption.isAsked && elapsed() < (wish.seconds ?? Number.POSITIVE_INFINITY)) {
      const leftMs = ((wish.seconds ?? Number.POSITIVE_INFINITY) - elapsed()) * 1_000
      await interruption.pause(Math.min(TICK_MS, leftMs))
      if (client.state === 'closed') throw new CommandFailure(ExitCode.cannotConnect, 'the router is gone')
      bar.update(elapsed(), performance.now(), detail())
    }
  } finally {
    writer.close()
  }
  bar.end(elapsed(), performance.now(), detail())
  if (recorder.unknown > 0) terminal.note(`${recorder.unknown} messages named something unknown and were left out`)
  const result = {
    folder: resolve(wish.folder),
    files: writer.paths,
    seconds: elapsed(),
    symbols: instruments.map(({ symbol }) => symbol),
    levels: recorder.levels,
    trades: recorder.trades,
    leftOut: recorder.unknown,
  }
  if (options.isSet('json')) terminal.json(result)
  else terminal.line(`recorded ${result.folder}: play it with sor replay ${wish.folder}`)
  return interruption.isAsked && wish.seconds !== undefined ? ExitCode.interrupted : ExitCode.ok
}

function chooseInstruments(
  all: readonly InstrumentInfo[],
  symbols: readonly string[] | undefined,
): readonly InstrumentInfo[] {
  const unknown = symbols?.find((symbol) => !all.some((one) => one.symbol === symbol))
  if (unknown !== undefined) {
    throw usageError(`no ${unknown} here; there are ${all.map(({ symbol }) => symbol).join(' ')}`)
  }
  const chosen = symbols === undefined ? all : all.filter(({ symbol }) => symbols.includes(symbol))
  if (chosen.length > SYMBOLS_MAX)
    throw usageError(`at most ${SYMBOLS_MAX} instruments at once: name them with --symbols`)
  return chosen
}

/** Everything heard from now on goes to the recorder; books are asked for one after the other. */
async function follow(
  client: OrderClient,
  writer: RecordingWriter,
  recorder: FeedRecorder,
  instruments: readonly InstrumentInfo[],
): Promise<void> {
  const stamp = (): void => writer.setTime(Math.round(performance.now() * NS_PER_MS) as MonoNs)
  client.on('book', (book) => {
    stamp()
    recorder.onBook(book)
  })
  client.on('trade', (trade) => {
    stamp()
    recorder.onTrade(trade)
  })
  for (const { symbol } of instruments) {
    await client.subscribe({ channel: 'book', symbol, depth: DEPTH, intervalMs: INTERVAL_MS })
    await client.subscribe({ channel: 'trades', symbol })
  }
}

/**
 * The terms of the recorded market. The gateway tells grids and names; a venue's fees and latency are those we know it
 * by, and its minimums are not recorded.
 */
export function marketTerms(
  market: string,
  chosen: readonly InstrumentInfo[],
  venueInfos: readonly VenueInfo[],
): MarketTerms {
  const listing = new Set(chosen.flatMap((instrument) => instrument.venues))
  const venues: Venue[] = venueInfos
    .filter(({ id }) => listing.has(id))
    .map(({ id, name, ordersPerSecond, ordersBurst }, index) => ({
      index: index as VenueIndex,
      id,
      name,
      ordersPerSecond,
      ordersBurst,
    }))
  const instruments: Instrument[] = chosen.map(({ symbol, base, quote, priceDigits, qtyDigits }, index) => ({
    index: index as InstrumentIndex,
    symbol,
    base,
    quote,
    priceDigits,
    qtyDigits,
  }))
  const listings: Listing[] = chosen.flatMap((info, at) =>
    venues
      .filter(({ id }) => info.venues.includes(id))
      .map((venue) => recordedListing(venue.id, venue.index, instruments[at].index)),
  )
  return {
    name: `recording of ${market}`,
    venues,
    instruments,
    listings,
    latencies: venues.map(({ id }) => venueLatency(id)),
    levelsMax: DEPTH,
  }
}
