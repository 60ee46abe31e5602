/**
 * Binance spot as a program sees it: REST under /api/v3 and /sapi/v1, market streams under /ws and /stream, the WebSocket
 * API under /ws-api/v3. Weights, windows, filters and error codes as documented; the market is the paper engine's.
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
import { RequestBudget } from '../emulator/request-budget.ts'
import type { EmulatorAnswer, EmulatorConversation, EmulatorPeer, EmulatorRequest } from '../emulator/venue-emulator.ts'
import { BinanceAccounts } from './binance-emulator-accounts.ts'
import { BinanceCatalogue } from './binance-emulator-catalogue.ts'
import { BinanceDesk } from './binance-emulator-desk.ts'
import { type BinanceRefusal, isRefusal, refusals, tooManyOrders, tooMuchWeight } from './binance-emulator-refusal.ts'
import { type BinanceRoute, binanceRoutes, socketRoutes } from './binance-emulator-routes.ts'
import { authenticate, holderOf, restPayload, socketPayload } from './binance-emulator-signature.ts'
import { ApiConversation, type SocketDesk, StreamConversation } from './binance-emulator-sockets.ts'
import { BinanceStreams } from './binance-emulator-streams.ts'

const WEIGHT_LIMIT = 6_000
const ORDERS_LIMIT = 100
const MINUTE_MS = 60_000
const TEN_SECONDS_MS = 10_000

export class BinanceEmulator implements OpenedEmulator, ExchangeEvents, SocketDesk {
  readonly id = 'binance'
  readonly exchange: EmulatedExchange
  readonly faults: EmulatorFaults
  readonly desk: BinanceDesk
  readonly accounts: BinanceAccounts
  readonly catalogue: BinanceCatalogue
  readonly #streams: BinanceStreams
  readonly #weight: RequestBudget
  /** Of each account: orders in ten seconds. */
  readonly #orders = new Map<EmulatedAccount, RequestBudget>()
  readonly #ordersLimit: number

  constructor(setting: EmulatorSetting, faults: EmulatorFaults) {
    const { startEpochMs, limitScale = 1 } = setting
    const terms = { id: this.id, marketVenues: ['binance'], symbolName: nameOf, clientIdReturns: true }
    this.faults = faults
    this.exchange = new EmulatedExchange(terms, setting, this)
    this.desk = new BinanceDesk(this.exchange, startEpochMs)
    this.accounts = new BinanceAccounts(this.exchange, faults, startEpochMs)
    this.#streams = new BinanceStreams(this.exchange, faults)
    this.#weight = new RequestBudget(WEIGHT_LIMIT * limitScale, MINUTE_MS)
    this.#ordersLimit = ORDERS_LIMIT * limitScale
    this.catalogue = new BinanceCatalogue(this.exchange, limitRows(this.#weight.limit, this.#ordersLimit))
  }

  /** The venue's clock as customers see it. */
  get nowMs(): number {
    return this.exchange.nowMs + this.faults.clockSkewMs
  }

  request(request: EmulatorRequest): EmulatorAnswer {
    const [path, query = ''] = request.target.split('?', 2)
    const route = binanceRoutes.get(`${request.method} ${path}`)
    if (route === undefined) return this.#answer(refusals.notFound, undefined)
    const isWithin = this.#weight.spend(route.weight, this.exchange.nowMs)
    if (!isWithin) return this.#answer(tooMuchWeight(this.#weight.limit), undefined)
    const params = new URLSearchParams([query, request.body].filter((part) => part !== '').join('&'))
    const apiKey = request.headers['x-mbx-apikey'] ?? ''
    const account = this.#caller(route, apiKey, params, restPayload(query, request.body))
    if (account !== undefined && isRefusal(account)) return this.#answer(account, undefined)
    return this.#answer(this.#run(route, params, account), route.isOrder ? account : undefined)
  }

  connect(target: string, peer: EmulatorPeer): EmulatorConversation | undefined {
    const [path, query = ''] = target.split('?', 2)
    if (path === '/ws-api/v3') return new ApiConversation(peer, this, this.accounts)
    const isCombined = path === '/stream' || path.startsWith('/stream/')
    if (!isCombined && path !== '/ws' && !path.startsWith('/ws/')) return undefined
    const doors = { streams: this.#streams, accounts: this.accounts }
    const conversation = new StreamConversation(peer, doors, isCombined)
    const named = isCombined ? (new URLSearchParams(query).get('streams') ?? '') : path.slice('/ws/'.length)
    for (const stream of named.split('/')) if (stream !== '') conversation.follow(stream)
    return conversation
  }

  work(nowNs: MonoNs): number {
    return this.exchange.work(nowNs) + this.#streams.work(this.exchange.nowMs)
  }

  // Of the WebSocket API.

  signer(params: URLSearchParams): EmulatedAccount | BinanceRefusal {
    const apiKey = params.get('apiKey') ?? ''
    return authenticate(this.exchange, { apiKey, params, payload: socketPayload(params), nowMs: this.nowMs })
  }

  call(method: string, params: URLSearchParams, account: EmulatedAccount | undefined): object | BinanceRefusal {
    const route = socketRoutes.get(method)
    if (route === undefined) return refusals.notFound
    if (!this.#weight.spend(route.weight, this.exchange.nowMs)) return tooMuchWeight(this.#weight.limit)
    const holder = route.needs === 'nothing' ? undefined : (account ?? this.signer(params))
    return holder !== undefined && isRefusal(holder) ? holder : this.#run(route, params, holder)
  }

  rateLimits(): readonly object[] {
    const used = this.#weight.used(this.exchange.nowMs)
    return [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: this.#weight.limit, count: used },
    ]
  }

  // Of the exchange.

  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined): void {
    this.accounts.onOrder(order, kind, trade, this.desk.cancelName)
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    this.accounts.onBalances(account, assets)
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    this.#streams.onPrint(symbol, print)
  }

  #caller(
    route: BinanceRoute,
    apiKey: string,
    params: URLSearchParams,
    payload: string,
  ): EmulatedAccount | BinanceRefusal | undefined {
    if (route.needs === 'nothing') return undefined
    if (route.needs === 'signature') {
      return authenticate(this.exchange, { apiKey, params, payload, nowMs: this.nowMs })
    }
    const found = holderOf(this.exchange, apiKey)
    return isRefusal(found) ? found : found.account
  }

  #run(route: BinanceRoute, params: URLSearchParams, account: EmulatedAccount | undefined): object | BinanceRefusal {
    if (account === undefined) return route.answer(this, params, nobody)
    if (route.isOrder && !this.#budget(account).spend(1, this.exchange.nowMs)) return tooManyOrders(this.#ordersLimit)
    return route.answer(this, params, account)
  }

  #budget(account: EmulatedAccount): RequestBudget {
    const known = this.#orders.get(account) ?? new RequestBudget(this.#ordersLimit, TEN_SECONDS_MS)
    this.#orders.set(account, known)
    return known
  }

  /** `orderer`: of an order, whose count the headers tell. */
  #answer(answer: object | BinanceRefusal, orderer: EmulatedAccount | undefined): EmulatorAnswer {
    const nowMs = this.exchange.nowMs
    const used = this.#weight.used(nowMs).toString()
    const headers: Record<string, string> = {
      'content-type': 'application/json;charset=UTF-8',
      'x-mbx-used-weight': used,
      'x-mbx-used-weight-1m': used,
    }
    if (orderer !== undefined) headers['x-mbx-order-count-10s'] = this.#budget(orderer).used(nowMs).toString()
    if (!isRefusal(answer)) return { status: 200, headers, body: JSON.stringify(answer) }
    const { status, ...words } = answer
    if (status === 429) headers['retry-after'] = Math.ceil(this.#weight.resetMs(nowMs) / 1_000).toString()
    return { status, headers, body: JSON.stringify(words) }
  }
}

const nobody: EmulatedAccount = { index: -1, name: '', keys: [] }

function nameOf({ base, quote }: Instrument): string {
  return `${base}${quote}`
}

function limitRows(weight: number, orders: number): object[] {
  return [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: weight },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: orders },
  ]
}

export const binanceEmulator: EmulatorEntry = {
  id: 'binance',
  open: (setting, faults) => new BinanceEmulator(setting, faults),
  makeKey: (random) => ({
    apiKey: random(32).toString('hex'),
    secret: random(32).toString('hex'),
    passphrase: '',
    publicKey: '',
  }),
  paths: { rest: '', publicSocket: '', privateSocket: '/ws-api/v3' },
}
