/**
 * Bybit spot as a program sees it: REST under /v5, market topics under /v5/public/spot, the account under /v5/private, orders
 * under /v5/trade. Signatures, windows, limits and codes as documented; the market is the paper engine's.
 */
import type { Instrument } from '../../../shared/domain/instrument.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
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
import { isWords, parseWords, type Words } from '../native/json-words.ts'
import { BybitAccounts } from './bybit-emulator-accounts.ts'
import { BybitCatalogue } from './bybit-emulator-catalogue.ts'
import { BybitDesk } from './bybit-emulator-desk.ts'
import { type BybitRefusal, isRefusal, refusals } from './bybit-emulator-refusal.ts'
import { type BybitRoute, bybitRoutes, tradeRoutes } from './bybit-emulator-routes.ts'
import { authenticate, logIn, windowRefusal } from './bybit-emulator-signature.ts'
import { BybitConversation, type BybitDoor, type SocketDesk, type TradeAnswer } from './bybit-emulator-sockets.ts'
import { BybitTopics } from './bybit-emulator-topics.ts'

const WINDOW_MS = 1_000
/** Of one address: five seconds. Here all customers have one. */
const ADDRESS_LIMIT = 600
const ADDRESS_WINDOW_MS = 5_000
const nobody: EmulatedAccount = { index: -1, name: '', keys: [] }

const doors: ReadonlyMap<string, BybitDoor> = new Map([
  ['/v5/public/spot', 'public'],
  ['/v5/private', 'private'],
  ['/v5/trade', 'trade'],
])

export class BybitEmulator implements OpenedEmulator, ExchangeEvents, SocketDesk {
  readonly id = 'bybit'
  readonly exchange: EmulatedExchange
  readonly faults: EmulatorFaults
  readonly desk: BybitDesk
  readonly accounts: BybitAccounts
  readonly catalogue: BybitCatalogue
  readonly #topics: BybitTopics
  readonly #address: RequestBudget
  /** By route and account. */
  readonly #budgets = new Map<string, RequestBudget>()
  readonly #limitScale: number
  #connections = 0

  constructor(setting: EmulatorSetting, faults: EmulatorFaults) {
    const terms = {
      id: this.id,
      marketVenues: ['bybit'],
      symbolName: nameOf,
      clientIdReturns: false,
      feeOnReceived: true,
      refusesLater: [RejectReason.postOnlyWouldTake],
    }
    this.faults = faults
    this.exchange = new EmulatedExchange(terms, setting, this)
    this.desk = new BybitDesk(this.exchange)
    this.accounts = new BybitAccounts(this.exchange, faults)
    this.catalogue = new BybitCatalogue(this.exchange)
    this.#topics = new BybitTopics(this.exchange, this.catalogue, faults)
    this.#limitScale = setting.limitScale ?? 1
    this.#address = new RequestBudget(ADDRESS_LIMIT * Math.max(1, this.#limitScale), ADDRESS_WINDOW_MS)
  }

  /** The venue's clock as customers see it. */
  get nowMs(): number {
    return this.exchange.nowMs + this.faults.clockSkewMs
  }

  request(request: EmulatorRequest): EmulatorAnswer {
    if (!this.#address.spend(1, this.exchange.nowMs)) return blocked
    const [path] = request.target.split('?', 1)
    const name = `${request.method} ${path}`
    const route = bybitRoutes.get(name)
    if (route === undefined) return this.#answer(refusals.notFound, {}, 404)
    const account = route.isPrivate ? authenticate(this.exchange, request, this.nowMs) : nobody
    if (isRefusal(account)) return this.#answer(account, {})
    const asked = readRequest(request, path)
    if (asked === undefined) return this.#answer(refusals.badJson, {})
    const budget = this.#budget(name, route, account)
    const isWithin = budget === undefined || budget.spend(1, this.exchange.nowMs)
    const filled = isWithin ? route.answer(this, asked, account) : refusals.tooMany
    return this.#answer(filled, budget === undefined ? {} : this.#limits(budget))
  }

  connect(target: string, peer: EmulatorPeer): EmulatorConversation | undefined {
    const kind = doors.get(target.split('?', 1)[0])
    if (kind === undefined) return undefined
    const connId = `emulated-${(++this.#connections).toString(36)}`
    const rooms = { desk: this, topics: this.#topics, accounts: this.accounts }
    return new BybitConversation(peer, rooms, { kind, connId })
  }

  work(nowNs: MonoNs): number {
    return this.exchange.work(nowNs) + this.#topics.work(this.exchange.nowMs)
  }

  // Of the sockets.

  logIn(args: readonly unknown[]): EmulatedAccount | BybitRefusal {
    return logIn(this.exchange, args, this.nowMs)
  }

  trade(op: string, asked: Words, header: Words, account: EmulatedAccount): TradeAnswer | undefined {
    const route = tradeRoutes.get(op)
    if (route === undefined) return undefined
    const lower = Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)]))
    const budget = this.#budget(op, route, account)
    const isWithin = budget === undefined || budget.spend(1, this.exchange.nowMs)
    const late = windowRefusal(lower, this.nowMs)
    const filled = late ?? (isWithin ? route.answer(this, asked, account) : refusals.tooMany)
    const limits = budget === undefined ? {} : this.#limits(budget)
    if (isRefusal(filled)) return { ...filled, data: {}, header: limits }
    return { retCode: 0, retMsg: 'OK', data: filled.result, header: limits }
  }

  // Of the exchange.

  onOrder(order: EmulatedOrder, _kind: OrderNewsKind, trade: EmulatedTrade | undefined): void {
    this.accounts.onOrder(order, trade)
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    this.accounts.onBalances(account, assets)
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    this.#topics.onPrint(symbol, print)
  }

  /** Making orders scarce must not make the questions about them so. */
  #budget(name: string, route: BybitRoute, account: EmulatedAccount): RequestBudget | undefined {
    if (route.limit === 0) return undefined
    const key = `${name} ${account.index}`
    const scale = route.isOrder ? this.#limitScale : Math.max(1, this.#limitScale)
    const known = this.#budgets.get(key) ?? new RequestBudget(route.limit * scale, WINDOW_MS)
    this.#budgets.set(key, known)
    return known
  }

  #limits(budget: RequestBudget): Readonly<Record<string, string>> {
    const { nowMs } = this.exchange
    const left = Math.max(0, Math.floor(budget.limit - budget.used(nowMs)))
    return {
      'X-Bapi-Limit': `${Math.floor(budget.limit)}`,
      'X-Bapi-Limit-Status': `${left}`,
      'X-Bapi-Limit-Reset-Timestamp': `${nowMs + (left > 0 ? 0 : budget.resetMs(nowMs))}`,
    }
  }

  #answer(
    filled: ReturnType<BybitRoute['answer']>,
    limits: Readonly<Record<string, string>>,
    status = 200,
  ): EmulatorAnswer {
    const headers = { 'content-type': 'application/json; charset=utf-8', ...limits }
    const words = isRefusal(filled)
      ? { retCode: filled.retCode, retMsg: filled.retMsg, result: {}, retExtInfo: {} }
      : { retCode: 0, retMsg: 'OK', ...filled }
    return { status, headers, body: JSON.stringify({ ...words, time: this.nowMs }) }
  }
}

/** What an address hears that asks too often: no JSON. */
const blocked: EmulatorAnswer = {
  status: 403,
  headers: { 'content-type': 'text/html' },
  body: '403, access too frequent',
}

/** Parameters of the query, or of the body; undefined: it is no JSON object. */
function readRequest({ method, target, body }: EmulatorRequest, path: string): Words | undefined {
  if (method === 'GET') return Object.fromEntries(new URLSearchParams(target.slice(path.length)))
  const asked = parseWords(body)
  return isWords(asked) ? asked : undefined
}

function nameOf({ base, quote }: Instrument): string {
  return `${base}${quote}`
}

export const bybitEmulator: EmulatorEntry = {
  id: 'bybit',
  open: (setting, faults) => new BybitEmulator(setting, faults),
  makeKey: (random) => ({
    apiKey: random(9).toString('hex'),
    secret: random(18).toString('hex'),
    passphrase: '',
    publicKey: '',
  }),
  paths: { rest: '', publicSocket: '/v5/public/spot', privateSocket: '/v5/private' },
}
