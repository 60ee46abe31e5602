/**
 * The process of the ccxt venues: loads their markets, follows their books, and trades where there are keys. Routers reach it
 * as they reach the paper venues, by the file it writes.
 *
 *   node hotpath/venues/ccxt/ccxt-host.ts --venues gate,bitget --symbols BTC/USDT --info FILE [--url-base gate=http://127.0.0.1:PORT]
 *
 * Keys: SOR_<VENUE>_KEY, _SECRET, _PASSPHRASE (native/credentials). A venue whose markets do not load in --start-seconds is
 * told without listings.
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Venue } from '../../../shared/domain/venue.ts'
import { BOOK_LEVELS_MAX, VENUES_MAX } from '../../../shared/limits.ts'
import type { VenueIndex } from '../../../shared/units/ids.ts'
import { NS_PER_S, US_PER_MS } from '../../../shared/units/time.ts'
import { isAlive } from '../../threads/host-process.ts'
import { MachineClock } from '../../threads/machine-clock.ts'
import { type Credentials, readCredentials } from '../native/credentials.ts'
import { decimalWord } from '../native/json-words.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'
import { venueTerms } from '../native/venue-terms.ts'
import { removePaperInfo, writePaperInfo } from '../paper/paper-info.ts'
import { PaperServer } from '../paper/paper-server.ts'
import type { CcxtClient } from './ccxt-client.ts'
import { errorLine } from './ccxt-errors.ts'
import { type CcxtDoor, CcxtExchange, feedOnlyReason } from './ccxt-exchange.ts'
import { openCcxt } from './ccxt-loader.ts'
import { venueSymbol } from './ccxt-symbols.ts'

const LOAD_AGAIN_MS = 1_000
const LOAD_AGAIN_MS_MAX = 30_000
const clock = new MachineClock()

/** What small accounts pay most places: for a venue whose class tells no rate. */
const FEE_PPM = 2_000

interface Loaded {
  readonly symbols: readonly VenueSymbol[]
  readonly prices: ReadonlyMap<string, string>
}

interface HostArguments {
  readonly venues: readonly string[]
  readonly symbols: readonly string[]
  readonly info: string
  readonly port: number
  readonly levels: number
  readonly startSeconds: number
  readonly orphanSeconds: number
  readonly urlBases: ReadonlyMap<string, string>
  /** Process that waits for the markets: without it the loading ends. */
  readonly waitedBy: number
  /** What it was started for, for the info file. */
  readonly asked: string
}

async function main(): Promise<void> {
  const asked = readArguments()
  const opened = await Promise.all(asked.venues.map((id) => openVenue(id, asked)))
  const loaded = await loadMarkets(opened, asked)
  const venues = opened.map(({ client }, index) => ({ ...ofClient(client), index: index as VenueIndex }))
  const terms = venueTerms(
    venues.map(({ index, id }) => ({
      venue: index,
      id,
      symbols: loaded[index].symbols,
      makerPpm: FEE_PPM,
      takerPpm: FEE_PPM,
    })),
    asked.symbols,
    highestPrices(loaded),
  )
  for (const { venue, symbol, why } of terms.leftOut) say(venue, `${symbol} is left out: ${why}`)
  const doors = opened.map((one, at): CcxtDoor => ({ ...one, listings: terms.natives.get(at as VenueIndex) ?? [] }))
  const name = `ccxt:${asked.venues.join(',')}`
  const token = randomBytes(24).toString('hex')
  const exchange = new CcxtExchange({ name, venues, ...terms }, doors, { clock, token, levels: asked.levels, say })
  const server = new PaperServer(exchange, clock, asked.orphanSeconds, stop)
  const port = await server.listen(asked.port)
  const startedMs = Math.floor(clock.epochUs() / US_PER_MS)
  const notes = doors.map((door) => `${door.client.id}: ${feedOnlyReason(door) || 'trades'}`)
  writePaperInfo(asked.info, {
    port,
    pid: process.pid,
    market: name,
    notes,
    seed: 0,
    startedMs,
    token,
    asked: asked.asked,
  })
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  function stop(): void {
    removePaperInfo(asked.info, process.pid)
    server.close().then(() => process.exit(0))
  }
}

/** A class of ccxt may leave a promise alone with its error: that is a line, never an end. */
process.on('unhandledRejection', (error) => say('ccxt', `left alone: ${errorLine(error)}`))

/** Keys that we have: what a venue echoes of them is not told. */
const hidden: Credentials[] = []

function say(venue: string, line: string): void {
  const clean = hidden.reduce((text, keys) => keys.redact(text), line)
  process.stderr.write(`ccxt ${venue}: ${clean}\n`)
}

function ofClient({ id, name, rateLimit }: CcxtClient): Pick<Venue, 'id' | 'name' | 'ordersPerSecond' | 'ordersBurst'> {
  const ordersPerSecond = Math.max(0.1, Math.min(50, 1_000 / Math.max(1, rateLimit)))
  return { id, name, ordersPerSecond, ordersBurst: Math.max(1, Math.ceil(ordersPerSecond)) }
}

async function openVenue(id: string, asked: HostArguments): Promise<{ client: CcxtClient; hasKeys: boolean }> {
  const keys = readCredentials(id, process.env)
  if (keys !== undefined) hidden.push(keys)
  const isSpot = asked.symbols.every((symbol) => !symbol.includes(':'))
  const client = await openCcxt(id, { keys, urlBase: asked.urlBases.get(id), isSpot })
  return { client, hasKeys: keys !== undefined }
}

/** Until all have loaded, or the time is up and at least one has. By venue. */
async function loadMarkets(opened: readonly { client: CcxtClient }[], asked: HostArguments): Promise<Loaded[]> {
  const loaded: Loaded[] = opened.map(() => ({ symbols: [], prices: new Map() }))
  const missing = new Set(opened.keys())
  const deadlineNs = clock.monoNs() + asked.startSeconds * NS_PER_S
  let isOver = false
  async function load(client: CcxtClient, at: number): Promise<void> {
    for (let waitMs = LOAD_AGAIN_MS; !isOver; waitMs = Math.min(LOAD_AGAIN_MS_MAX, waitMs * 2)) {
      try {
        const found = await loadMarket(client, asked.symbols)
        // What loads later comes too late: the market is what routers were told.
        if (!isOver) loaded[at] = found
        missing.delete(at)
        return
      } catch (error) {
        if (waitMs === LOAD_AGAIN_MS) say(client.id, `markets do not load, trying again: ${errorLine(error)}`)
        await pause(waitMs)
      }
    }
  }
  for (const [at, { client }] of opened.entries()) void load(client, at)
  const isEnough = (): boolean => missing.size < opened.length && clock.monoNs() > deadlineNs
  while (missing.size > 0 && !isEnough()) {
    if (asked.waitedBy > 0 && !isAlive(asked.waitedBy)) process.exit(0)
    await pause(20)
  }
  isOver = true
  for (const at of missing) say(opened[at].client.id, 'is left out until the next start')
  return loaded
}

async function loadMarket(client: CcxtClient, symbols: readonly string[]): Promise<Loaded> {
  const markets = await client.loadMarkets()
  const found: VenueSymbol[] = []
  const prices = new Map<string, string>()
  for (const symbol of symbols) {
    if (!Object.hasOwn(markets, symbol)) continue
    const answer = venueSymbol(client, markets[symbol])
    if (!('symbol' in answer)) {
      say(client.id, `${symbol} ${answer.refusal}`)
      continue
    }
    found.push(answer.symbol)
    // Where the price is not to be had now, its grid is taken on trust.
    const book = await client.fetchOrderBook(symbol).catch(() => undefined)
    const price = decimalWord(book?.asks[0]?.[0])
    if (price !== '') prices.set(symbol, price)
  }
  return { symbols: found, prices }
}

/** By symbol, over the venues. */
function highestPrices(loaded: readonly Loaded[]): ReadonlyMap<string, string> {
  const highest = new Map<string, string>()
  for (const { prices } of loaded) {
    for (const [symbol, price] of prices) {
      if (Number(price) > Number(highest.get(symbol) ?? 0)) highest.set(symbol, price)
    }
  }
  return highest
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function readArguments(): HostArguments {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      venues: text,
      symbols: text,
      info: text,
      port: text,
      levels: text,
      'start-seconds': text,
      'orphan-seconds': text,
      'url-base': { type: 'string', multiple: true },
      'waited-by': text,
      asked: text,
    },
  })
  const { venues, symbols, info } = values
  if (!venues || !symbols || !info) throw new Error('--venues, --symbols and --info must be given')
  const ids = [...new Set(venues.split(','))]
  if (ids.length > VENUES_MAX) throw new Error(`--venues: more than ${VENUES_MAX}`)
  return {
    venues: ids,
    symbols: [...new Set(symbols.split(','))],
    info,
    port: wholeNumber('port', values.port, 0, 0, 65_535),
    levels: wholeNumber('levels', values.levels, 32, 1, BOOK_LEVELS_MAX),
    startSeconds: wholeNumber('start-seconds', values['start-seconds'], 20, 0, 3_600),
    orphanSeconds: wholeNumber('orphan-seconds', values['orphan-seconds'], 600, 1, 1_000_000),
    urlBases: new Map((values['url-base'] ?? []).map(readUrlBase)),
    waitedBy: wholeNumber('waited-by', values['waited-by'], 0, 0, Number.MAX_SAFE_INTEGER),
    asked: values.asked ?? '',
  }
}

function readUrlBase(given: string): [string, string] {
  const found = /^([a-z0-9]+)=(https?:\/\/[^/]+\/?)$/.exec(given)
  if (found === null) throw new Error(`--url-base: ${given} is not venue=http://host:port`)
  return [found[1], found[2]]
}

function wholeNumber(name: string, given: string | undefined, normal: number, least: number, most: number): number {
  const value = given === undefined ? normal : Number(given)
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`--${name}: ${least} to ${most}`)
  return value
}

main().catch((error: unknown) => {
  say('host', errorLine(error))
  process.exit(1)
})
