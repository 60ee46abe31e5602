/**
 * Coinbase Advanced Trade as a program sees it: REST under /api/v3/brokerage, market and user streams on one socket. Tokens,
 * limits and failure reasons as documented; the market is the paper engine's. No header tells the limits.
 */
import { generateKeyPairSync } from 'node:crypto'
import type { Instrument } from '../../../shared/domain/instrument.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import type { EmulatorEntry, OpenedEmulator } from '../emulator/emulator-entry.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { EmulatorSetting, ExchangeEvents } from '../emulator/exchange-options.ts'
import { RequestBudget } from '../emulator/request-budget.ts'
import type { EmulatorAnswer, EmulatorConversation, EmulatorPeer, EmulatorRequest } from '../emulator/venue-emulator.ts'
import { parseWords, wordsOf } from '../native/json-words.ts'
import { CoinbaseAccounts } from './coinbase-emulator-accounts.ts'
import { CoinbaseCatalogue } from './coinbase-emulator-catalogue.ts'
import { CoinbaseDesk } from './coinbase-emulator-desk.ts'
import { CoinbaseFault, faults } from './coinbase-emulator-refusal.ts'
import { type CoinbaseCall, routeOf } from './coinbase-emulator-routes.ts'
import { CoinbaseConversation } from './coinbase-emulator-sockets.ts'
import { CoinbaseStreams } from './coinbase-emulator-streams.ts'
import { tokenHolder } from './coinbase-emulator-token.ts'

/** Requests a second: of one customer, and of everybody without a token. */
const PRIVATE_LIMIT = 30
const PUBLIC_LIMIT = 10
const SECOND_MS = 1_000
const BEARER = 'Bearer '

export class CoinbaseEmulator implements OpenedEmulator, ExchangeEvents {
  readonly id = 'coinbase'
  readonly exchange: EmulatedExchange
  readonly faults: EmulatorFaults
  readonly catalogue: CoinbaseCatalogue
  readonly accounts: CoinbaseAccounts
  readonly desk: CoinbaseDesk
  readonly streams: CoinbaseStreams
  readonly #conversations = new Set<CoinbaseConversation>()
  readonly #everybody: RequestBudget
  readonly #customers = new Map<EmulatedAccount, RequestBudget>()
  readonly #limit: number

  constructor(setting: EmulatorSetting, emulatorFaults: EmulatorFaults) {
    const { limitScale = 1 } = setting
    // The dialect itself answers a used id with its order.
    const terms = { id: this.id, marketVenues: ['coinbase'], symbolName: nameOf, clientIdReturns: false }
    this.faults = emulatorFaults
    this.exchange = new EmulatedExchange(terms, setting, this)
    this.catalogue = new CoinbaseCatalogue(this.exchange, this.now)
    this.accounts = new CoinbaseAccounts(this.exchange)
    this.desk = new CoinbaseDesk(this.exchange, this.now)
    this.streams = new CoinbaseStreams(this.exchange, emulatorFaults, this.now)
    this.#limit = PRIVATE_LIMIT * limitScale
    // Narrowed for a test of orders, it must not keep anybody from the time.
    this.#everybody = new RequestBudget(PUBLIC_LIMIT * Math.max(1, limitScale), SECOND_MS)
  }

  /** The venue's clock as customers see it. */
  readonly now = (): number => this.exchange.nowMs + this.faults.clockSkewMs

  request(request: EmulatorRequest): EmulatorAnswer {
    const result = this.#run(request)
    const headers = { 'content-type': 'application/json' }
    if (result instanceof CoinbaseFault) return { status: result.status, headers, body: result.body }
    return { status: 200, headers, body: JSON.stringify(result) }
  }

  connect(target: string, peer: EmulatorPeer): EmulatorConversation | undefined {
    if (target !== '' && target !== '/') return undefined
    const rooms = { exchange: this.exchange, streams: this.streams, now: this.now }
    const conversation = new CoinbaseConversation(peer, rooms, () => this.#conversations.delete(conversation))
    this.#conversations.add(conversation)
    return conversation
  }

  work(nowNs: MonoNs): number {
    const done = this.exchange.work(nowNs) + this.streams.work()
    for (const conversation of this.#conversations) conversation.work()
    return done
  }

  // Of the exchange.

  onOrder(order: EmulatedOrder): void {
    this.streams.onOrder(order)
  }

  /** No channel tells balances. */
  onBalances(): void {}

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    this.streams.onPrint(symbol, print)
  }

  #run({ method, target, headers, body }: EmulatorRequest): object | CoinbaseFault {
    const [path, query = ''] = target.split('?', 2)
    const found = routeOf(method, path)
    if (found === undefined) return faults.noRoute
    const { route, id } = found
    const account = route.isPrivate ? this.#caller(headers['authorization'] ?? '', `${method} ${path}`) : nobody
    if (account === undefined) return faults.unauthorized
    const budget = route.isPrivate ? this.#budget(account) : this.#everybody
    if (!budget.spend(1, this.exchange.nowMs)) return faults.tooMany
    const call: CoinbaseCall = { account, id, query: new URLSearchParams(query), words: wordsOf(parseWords(body)) }
    return route.answer(this, call)
  }

  #caller(authorization: string, uri: string): EmulatedAccount | undefined {
    if (!authorization.startsWith(BEARER)) return undefined
    return tokenHolder(this.exchange, authorization.slice(BEARER.length), uri, this.now())
  }

  #budget(account: EmulatedAccount): RequestBudget {
    const known = this.#customers.get(account) ?? new RequestBudget(this.#limit, SECOND_MS)
    this.#customers.set(account, known)
    return known
  }
}

const nobody: EmulatedAccount = { index: -1, name: '', keys: [] }

function nameOf({ base, quote }: Instrument): string {
  return `${base}-${quote}`
}

export const coinbaseEmulator: EmulatorEntry = {
  id: 'coinbase',
  open: (setting, emulatorFaults) => new CoinbaseEmulator(setting, emulatorFaults),
  // A key pair is made by its own chance; only its name is made of ours.
  makeKey: (random) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return {
      apiKey: `organizations/${uuidOf(random(16))}/apiKeys/${uuidOf(random(16))}`,
      secret: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      passphrase: '',
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    }
  },
  paths: { rest: '', publicSocket: '', privateSocket: '' },
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
