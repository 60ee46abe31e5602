/**
 * Deribit as a program sees it: JSON-RPC 2.0 under /api/v2 (GET and POST) and /ws/api/v2. Signatures, credits, error codes and channels as
 * documented; spot over the paper engine, with the books of another venue where the market has none of Deribit.
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
import { DeribitAccounts } from './deribit-emulator-accounts.ts'
import { type CallParams, type DeribitCall, restCall } from './deribit-emulator-call.ts'
import { DeribitCatalogue } from './deribit-emulator-catalogue.ts'
import { DeribitCredits } from './deribit-emulator-credits.ts'
import { DeribitDesk } from './deribit-emulator-desk.ts'
import { DeribitRefusal, refusals } from './deribit-emulator-refusal.ts'
import { deribitRoutes } from './deribit-emulator-routes.ts'
import { DeribitSignatures } from './deribit-emulator-signature.ts'
import { DeribitConversation, type SocketDesk } from './deribit-emulator-sockets.ts'
import { DeribitStreams } from './deribit-emulator-streams.ts'

/** Requests a second and at once: of the default tier, and of the matching engine for the busiest tier. */
const PLAIN_RATE = 20
const PLAIN_BURST = 100
const ENGINE_RATE = 30
const ENGINE_BURST = 100
/** Whose books are borrowed, where the market has none of Deribit's own. */
const MARKET_VENUES = ['deribit', 'bybit', 'okx', 'binance', 'kraken']
const SOCKET_PATH = '/ws/api/v2'
const connectionMethods = /^(public|private)\/(auth|subscribe|unsubscribe|set_heartbeat|disable_heartbeat)$/

interface Pools {
  readonly plain: DeribitCredits
  readonly engine: DeribitCredits
}

export class DeribitEmulator implements OpenedEmulator, ExchangeEvents, SocketDesk {
  readonly id = 'deribit'
  readonly exchange: EmulatedExchange
  readonly faults: EmulatorFaults
  readonly desk: DeribitDesk
  readonly accounts: DeribitAccounts
  readonly catalogue: DeribitCatalogue
  readonly #streams: DeribitStreams
  readonly #signatures: DeribitSignatures
  readonly #limitScale: number
  readonly #publicPools: Pools
  readonly #pools = new Map<EmulatedAccount, Pools>()
  readonly #conversations = new Set<DeribitConversation>()

  constructor(setting: EmulatorSetting, faults: EmulatorFaults) {
    const terms = { id: this.id, marketVenues: MARKET_VENUES, symbolName: nameOf, clientIdReturns: true }
    this.faults = faults
    this.exchange = new EmulatedExchange(terms, setting, this)
    this.desk = new DeribitDesk(this.exchange)
    this.accounts = new DeribitAccounts(this.exchange, this.desk, faults)
    this.catalogue = new DeribitCatalogue(this.exchange, this.desk)
    this.#streams = new DeribitStreams(this.exchange, this.catalogue, faults)
    this.#signatures = new DeribitSignatures(this.exchange)
    this.#limitScale = setting.limitScale ?? 1
    this.#publicPools = this.#openPools()
  }

  /** The venue's clock as customers see it. */
  get nowMs(): number {
    return this.exchange.nowMs + this.faults.clockSkewMs
  }

  request(request: EmulatorRequest): EmulatorAnswer {
    const call = restCall(request)
    if (call === undefined || call === 'unreadable') {
      return this.#answer(undefined, call === undefined ? refusals.methodNotFound : refusals.parseError)
    }
    if (connectionMethods.test(call.method)) return this.#answer(call.id, refusals.needsWebSocket)
    const isPrivate = call.method.startsWith('private/')
    const account = isPrivate ? this.#signatures.ofRequest(request, this.nowMs) : undefined
    return this.#answer(call.id, account instanceof DeribitRefusal ? account : this.call(call, account))
  }

  connect(target: string, peer: EmulatorPeer): EmulatorConversation | undefined {
    if (target.split('?', 1)[0] !== SOCKET_PATH) return undefined
    const conversation = new DeribitConversation(peer, {
      desk: this,
      streams: this.#streams,
      accounts: this.accounts,
      onClose: (closed) => this.#conversations.delete(closed),
    })
    this.#conversations.add(conversation)
    return conversation
  }

  work(nowNs: MonoNs): number {
    let done = this.exchange.work(nowNs) + this.#streams.work(this.exchange.nowMs)
    for (const conversation of [...this.#conversations]) done += conversation.work(this.nowMs)
    return done
  }

  // Of sockets.

  login(params: CallParams): EmulatedAccount | DeribitRefusal {
    return this.#signatures.ofLogin(params, this.nowMs)
  }

  /** A result or a DeribitRefusal. `account`: who signed, or who logged in on this connection. */
  call({ method, params }: DeribitCall, account: EmulatedAccount | undefined): unknown {
    const route = deribitRoutes.get(method)
    if (route === undefined) return refusals.methodNotFound
    const isPrivate = method.startsWith('private/')
    if (isPrivate && account === undefined) return refusals.unauthorized
    const pools = isPrivate && account !== undefined ? this.#poolsOf(account) : this.#publicPools
    const pool = route.isEngine ? pools.engine : pools.plain
    if (!pool.spend(this.exchange.nowMs)) return refusals.tooManyRequests
    return route.answer(this, params, account ?? nobody)
  }

  // Of the exchange.

  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined): void {
    this.accounts.onOrder(order, kind, trade)
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    this.accounts.onBalances(account, assets)
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    this.#streams.onPrint(symbol, print)
  }

  #poolsOf(account: EmulatedAccount): Pools {
    const known = this.#pools.get(account) ?? this.#openPools()
    this.#pools.set(account, known)
    return known
  }

  #openPools(): Pools {
    const scale = this.#limitScale
    return {
      plain: new DeribitCredits(PLAIN_RATE * scale, PLAIN_BURST * scale),
      engine: new DeribitCredits(ENGINE_RATE * scale, ENGINE_BURST * scale),
    }
  }

  #answer(id: unknown, told: unknown): EmulatorAnswer {
    const atUs = this.nowMs * 1_000
    const isRefused = told instanceof DeribitRefusal
    const words = {
      jsonrpc: '2.0',
      ...(id !== undefined && { id }),
      ...(isRefused ? { error: told.error } : { result: told }),
      usIn: atUs,
      usOut: atUs,
      usDiff: 0,
      testnet: false,
    }
    const headers = { 'content-type': 'application/json' }
    return { status: isRefused ? told.status : 200, headers, body: JSON.stringify(words) }
  }
}

const nobody: EmulatedAccount = { index: -1, name: '', keys: [] }

/** Spot alone: the paper engine settles in coins and knows no margin. */
function nameOf({ symbol, base, quote }: Instrument): string | undefined {
  return symbol === `${base}/${quote}` ? `${base}_${quote}` : undefined
}

export const deribitEmulator: EmulatorEntry = {
  id: 'deribit',
  open: (setting, faults) => new DeribitEmulator(setting, faults),
  makeKey: (random) => ({
    apiKey: random(6).toString('base64url'),
    secret: random(32).toString('base64url'),
    passphrase: '',
    publicKey: '',
  }),
  paths: { rest: '', publicSocket: SOCKET_PATH, privateSocket: SOCKET_PATH },
}
