/**
 * A router's link and adapter, the ccxt exchange, the unmodified ccxt class of HitBTC and a simulated venue of its dialect, in
 * one thread under a virtual clock. Only the class's `fetch` is another one: a line with a delay instead of a socket.
 */
import type { CcxtClient, CcxtMarket } from '../../../../../hotpath/venues/ccxt/ccxt-client.ts'
import { CcxtExchange } from '../../../../../hotpath/venues/ccxt/ccxt-exchange.ts'
import { openCcxt } from '../../../../../hotpath/venues/ccxt/ccxt-loader.ts'
import { venueSymbol } from '../../../../../hotpath/venues/ccxt/ccxt-symbols.ts'
import { NS_PER_MS } from '../../../../../shared/units/time.ts'
import type { VenueBench } from '../../../../conformance/venue-conformance-bench.ts'
import { type HitbtcAnswer, SimulatedHitbtc } from '../../../../fixtures/simulated-hitbtc.ts'
import { FIRST_VENUE, RouterSide, testInstrument, testListing, testVenue, VirtualClock } from '../paper/paper-world.ts'

const KEYS = { key: 'k'.repeat(32), secret: 's'.repeat(32), passphrase: '', privateKey: '' }
const ONE_WAY_NS = 10 * NS_PER_MS
const STEP_NS = 5 * NS_PER_MS
/** One poll of open orders, and the questions it asks. */
const SETTLE_MS = 2_000
/** From then on an order nobody has seen is not on its way any more. */
const SETTLED_MS = 5_500
/** Orders under way at once: more are refused before they are sent. */
const SENDING_MAX = 8

/** What of a ccxt class the line takes the place of, or turns off. */
interface Wired extends CcxtClient {
  has: Record<string, unknown>
  enableRateLimit: boolean
  milliseconds(): number
  fetch(url: string, method: string, headers: Record<string, string>, body?: string): Promise<unknown>
  handleRestResponse(response: unknown, url: string, method: string, headers: unknown, body: unknown): Promise<unknown>
}

/** Requests on their way there, answers on their way back; each arrives in a turn of its own. */
class Line {
  readonly #clock: VirtualClock
  readonly #due: { atNs: number; arrive: () => void }[] = []

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  ask(serve: () => HitbtcAnswer): Promise<HitbtcAnswer> {
    return new Promise((resolve) => {
      this.#send(() => {
        const answer = serve()
        this.#send(() => resolve(answer))
      })
    })
  }

  async deliver(): Promise<void> {
    while (this.#due.length > 0 && this.#due[0].atNs <= this.#clock.ns) {
      this.#due.shift()!.arrive()
      await settled()
    }
  }

  /** Every way takes as long: what was sent first is first in the row. */
  #send(arrive: () => void): void {
    this.#due.push({ atNs: this.#clock.ns + ONE_WAY_NS, arrive })
  }
}

export async function openHitbtc(): Promise<VenueBench> {
  const clock = new VirtualClock()
  const venue = new SimulatedHitbtc(KEYS, { instrument: testInstrument, listing: testListing, clock })
  const line = new Line(clock)
  const client = await openWired(clock, line, venue)
  const loading = client.loadMarkets()
  await pass(100, () => {})
  const symbol = venueSymbol(client, withLimits((await loading)['BTC/USDT']))
  if (!('symbol' in symbol)) throw new Error(symbol.refusal)
  const terms = {
    name: 'ccxt:hitbtc',
    venues: [testVenue(0, { id: client.id, name: client.name })],
    instruments: [testInstrument],
    listings: [testListing],
  }
  const listings = [{ instrument: testInstrument, listing: testListing, symbol: symbol.symbol }]
  const doors = [{ client, listings, hasKeys: true }]
  const exchange = new CcxtExchange(terms, doors, { clock, token: '', levels: 32, say: () => {} })
  const router = new RouterSide({ clock, exchange }, {}, 0)

  async function pass(ms: number, turn: () => void): Promise<void> {
    const untilNs = clock.ns + ms * NS_PER_MS
    while (clock.ns < untilNs) {
      clock.ns = Math.min(untilNs, clock.ns + STEP_NS)
      await line.deliver()
      turn()
      await settled()
    }
  }

  function turn(): void {
    exchange.work(clock.monoNs())
    router.turn(clock.monoNs())
  }

  await pass(SETTLED_MS, turn)
  return {
    adapter: router.adapters[FIRST_VENUE],
    listing: testListing,
    reports: router.reports,
    news: router.news,
    pass: (ms) => pass(ms, turn),
    settleMs: SETTLE_MS,
    nowUs: () => clock.epochUs(),
    update: (levels) => venue.update(levels),
    trade: (aggressor, price, lots) => venue.trade(aggressor, price, lots),
    cut: () => router.cut(),
    mend: () => router.mend(),
    burst: SENDING_MAX,
  }
}

async function openWired(clock: VirtualClock, line: Line, venue: SimulatedHitbtc): Promise<Wired> {
  const client = (await openCcxt('hitbtc', { keys: KEYS, urlBase: undefined, isSpot: true })) as Wired
  // Streams need sockets, and the class's own waiting needs real time: books and orders are asked for instead.
  client.has = { ...client.has, watchOrderBook: false, watchTrades: false, watchOrders: false }
  client.enableRateLimit = false
  client.milliseconds = () => Math.floor(clock.epochUs() / 1_000)
  client.fetch = async (url, method, headers, body) => {
    const { pathname, search } = new URL(url)
    const authorization = headers['Authorization'] ?? ''
    const request = { method, url: pathname + search, authorization, body: body ?? '' }
    const answer = await line.ask(() => venue.serve(request))
    const response = { status: answer.status, statusText: '', headers: new Headers(), text: async () => answer.body }
    return client.handleRestResponse(response, url, method, headers, body)
  }
  return client
}

/** HitBTC's class tells no largest quantity and only the steps as minimums; classes of other venues tell theirs. */
function withLimits(market: CcxtMarket): CcxtMarket {
  return { ...market, limits: { amount: { min: 0.002, max: 10 }, cost: { min: 0.03 } } }
}

/** Everything that needs no time has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
