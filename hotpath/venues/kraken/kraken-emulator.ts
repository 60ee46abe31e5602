/**
 * Kraken spot as a program sees it: REST under /0/public and /0/private, WebSocket v2 under /v2. Signatures, nonces, both rate
 * counters and errors as documented; the market is the paper engine's. Trades are never consolidated.
 */
import type { Instrument } from '../../../shared/domain/instrument.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import type { EmulatorEntry, OpenedEmulator } from '../emulator/emulator-entry.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { EmulatorSetting, ExchangeEvents, OrderNewsKind } from '../emulator/exchange-options.ts'
import type { EmulatorAnswer, EmulatorConversation, EmulatorPeer, EmulatorRequest } from '../emulator/venue-emulator.ts'
import { KrakenAccounts } from './kraken-emulator-accounts.ts'
import { KrakenCatalogue } from './kraken-emulator-catalogue.ts'
import { KrakenDesk } from './kraken-emulator-desk.ts'
import { KrakenLimits } from './kraken-emulator-limits.ts'
import { KrakenNews } from './kraken-emulator-news.ts'
import { KrakenRefusal, refusals } from './kraken-emulator-refusal.ts'
import { KrakenGate, readBody, readForm } from './kraken-emulator-request.ts'
import { privateRoutes, publicRoutes } from './kraken-emulator-routes.ts'
import { KrakenConversation, type SocketRooms } from './kraken-emulator-sockets.ts'
import { KrakenStreams } from './kraken-emulator-streams.ts'

const PUBLIC = '/0/public/'
const PRIVATE = '/0/private/'

export class KrakenEmulator implements OpenedEmulator, ExchangeEvents, SocketRooms {
  readonly id = 'kraken'
  readonly exchange: EmulatedExchange
  readonly faults: EmulatorFaults
  readonly limits: KrakenLimits
  readonly catalogue: KrakenCatalogue
  readonly accounts: KrakenAccounts
  readonly desk: KrakenDesk
  readonly news: KrakenNews
  readonly streams: KrakenStreams
  readonly #gate: KrakenGate
  readonly #conversations = new Set<KrakenConversation>()

  constructor(setting: EmulatorSetting, faults: EmulatorFaults) {
    const { startEpochMs, limitScale = 1 } = setting
    // A client id is looked for among open orders only.
    const terms = { id: this.id, marketVenues: ['kraken'], symbolName: nameOf, clientIdReturns: true }
    this.faults = faults
    this.exchange = new EmulatedExchange(terms, setting, this)
    this.limits = new KrakenLimits(limitScale)
    this.catalogue = new KrakenCatalogue(this.exchange, this.now)
    this.accounts = new KrakenAccounts(this.exchange, this.catalogue, startEpochMs)
    const { exchange, catalogue, limits, now } = this
    this.desk = new KrakenDesk({ exchange, catalogue, limits, now })
    this.news = new KrakenNews(this.exchange, faults)
    this.streams = new KrakenStreams(this.exchange, faults, this.now)
    this.#gate = new KrakenGate(this.exchange)
  }

  /** The venue's clock as customers see it. */
  readonly now = (): number => this.exchange.nowMs + this.faults.clockSkewMs

  request(request: EmulatorRequest): EmulatorAnswer {
    const [path, query = ''] = request.target.split('?', 2)
    return answer(path.startsWith(PRIVATE) ? this.#private(path, request) : this.#public(path, query))
  }

  connect(target: string, peer: EmulatorPeer): EmulatorConversation | undefined {
    if (target.split('?', 1)[0] !== '/v2') return undefined
    const conversation = new KrakenConversation(peer, this, () => this.#conversations.delete(conversation))
    this.#conversations.add(conversation)
    return conversation
  }

  work(nowNs: MonoNs): number {
    const done = this.exchange.work(nowNs) + this.streams.work()
    for (const conversation of this.#conversations) conversation.work()
    return done
  }

  // Of the exchange.

  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined): void {
    this.news.onOrder(order, kind, trade)
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    this.news.onBalances(account, assets)
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    this.streams.onPrint(symbol, print)
  }

  #public(path: string, query: string): object | KrakenRefusal {
    const route = path.startsWith(PUBLIC) ? publicRoutes.get(path.slice(PUBLIC.length)) : undefined
    return route === undefined ? refusals.unknownMethod : route(this.catalogue, readForm(query))
  }

  #private(path: string, request: EmulatorRequest): object | KrakenRefusal {
    const route = privateRoutes.get(path.slice(PRIVATE.length))
    if (route === undefined || request.method !== 'POST') return refusals.unknownMethod
    const words = readBody(request)
    const signer = this.#gate.signer(path, request, words)
    if (signer instanceof KrakenRefusal) return signer
    if (!this.limits.call(signer.key.apiKey, route.points, this.exchange.nowMs)) return refusals.tooManyCalls
    return route.answer(this, words, signer.account)
  }
}

/** HTTP 200 whatever it says. */
function answer(result: object | KrakenRefusal): EmulatorAnswer {
  const body = result instanceof KrakenRefusal ? { error: [result.error] } : { error: [], result }
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) }
}

function nameOf({ base, quote }: Instrument): string {
  return `${base}/${quote}`
}

export const krakenEmulator: EmulatorEntry = {
  id: 'kraken',
  open: (setting, faults) => new KrakenEmulator(setting, faults),
  makeKey: (random) => ({
    apiKey: random(42).toString('base64'),
    secret: random(64).toString('base64'),
    passphrase: '',
    publicKey: '',
  }),
  paths: { rest: '', publicSocket: '/v2', privateSocket: '/v2' },
}
