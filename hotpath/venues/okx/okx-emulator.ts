/**
 * OKX spot as a program sees it: REST under /api/v5, market channels under /ws/v5/public, the account under /ws/v5/private.
 * Signatures, windows, limits and codes as documented; the market is the paper engine's. OKX sends no rate-limit headers.
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
import { parseWords, type Words, wordsOf } from '../native/json-words.ts'
import { OkxAccounts } from './okx-emulator-accounts.ts'
import { OkxCatalogue } from './okx-emulator-catalogue.ts'
import { OkxChannels } from './okx-emulator-channels.ts'
import { BATCH_MAX, OkxDesk, type OkxRow, rowsOf, word } from './okx-emulator-desk.ts'
import { isRefusal, type OkxRefusal, refusals } from './okx-emulator-refusal.ts'
import { deedPaths, deeds, type OkxDeed, questions } from './okx-emulator-routes.ts'
import { authenticate, logIn } from './okx-emulator-signature.ts'
import { OkxConversation, type SocketDesk } from './okx-emulator-sockets.ts'

const WINDOW_MS = 2_000
const SUCCESS = '0'
const FAILED = '1'
const IN_PART = '2'
const US_PER_MS = 1_000
const nobody: EmulatedAccount = { index: -1, name: '', keys: [] }

export class OkxEmulator implements OpenedEmulator, ExchangeEvents, SocketDesk {
  readonly id = 'okx'
  readonly exchange: EmulatedExchange
  readonly faults: EmulatorFaults
  readonly desk: OkxDesk
  readonly accounts: OkxAccounts
  readonly catalogue: OkxCatalogue
  readonly #channels: OkxChannels
  /** By route, account and instrument. */
  readonly #budgets = new Map<string, RequestBudget>()
  readonly #limitScale: number
  #connections = 0

  constructor(setting: EmulatorSetting, faults: EmulatorFaults) {
    const terms = {
      id: this.id,
      marketVenues: ['okx'],
      symbolName: nameOf,
      clientIdReturns: true,
      feeOnReceived: true,
      refusesLater: [RejectReason.postOnlyWouldTake],
    }
    this.faults = faults
    this.exchange = new EmulatedExchange(terms, setting, this)
    this.desk = new OkxDesk(this.exchange)
    this.accounts = new OkxAccounts(this.exchange, faults)
    this.catalogue = new OkxCatalogue(this.exchange)
    this.#channels = new OkxChannels(this.exchange, this.catalogue, faults)
    this.#limitScale = setting.limitScale ?? 1
  }

  /** The venue's clock as customers see it. */
  get nowMs(): number {
    return this.exchange.nowMs + this.faults.clockSkewMs
  }

  request(request: EmulatorRequest): EmulatorAnswer {
    const [path] = request.target.split('?', 1)
    if (request.method === 'GET') return this.#ask(path, request)
    const op = request.method === 'POST' ? deedPaths.get(path) : undefined
    const deed = deeds.get(op ?? '')
    if (deed === undefined) return refuse(refusals.notFound)
    const account = authenticate(this.exchange, request, this.nowMs)
    if (isRefusal(account)) return refuse(account)
    const body = parseWords(request.body)
    if (request.body === '') return refuse(refusals.emptyBody)
    if (typeof body !== 'object' || body === null) return refuse(refusals.badJson)
    const expiry = request.headers['exptime'] ?? ''
    const isLate = deed.hasDeadline && expiry !== '' && this.nowMs > Number(expiry)
    const answer = isLate ? refusals.orderTimedOut : this.#run(op ?? '', deed, rowsOf(body), account)
    if (isRefusal(answer)) return refuse(answer)
    return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(answer) }
  }

  connect(target: string, peer: EmulatorPeer): EmulatorConversation | undefined {
    const [path] = target.split('?', 1)
    const isPrivate = path === '/ws/v5/private'
    if (!isPrivate && path !== '/ws/v5/public') return undefined
    const connId = (++this.#connections).toString(16).padStart(8, '0')
    const rooms = { desk: this, channels: this.#channels, accounts: this.accounts }
    return new OkxConversation(peer, rooms, { isPrivate, connId })
  }

  work(nowNs: MonoNs): number {
    return this.exchange.work(nowNs) + this.#channels.work(this.exchange.nowMs)
  }

  // Of the sockets.

  logIn(words: Words): EmulatedAccount | OkxRefusal {
    return logIn(this.exchange, words, this.nowMs)
  }

  trade(op: string, rows: readonly Words[], account: EmulatedAccount): object | undefined {
    const deed = deeds.get(op)
    if (deed === undefined) return undefined
    const answer = this.#run(op, deed, rows, account)
    return isRefusal(answer) ? { code: answer.code, msg: answer.msg, data: [] } : answer
  }

  balances(account: EmulatedAccount): object {
    return this.accounts.balance(account, {})[0]
  }

  // Of the exchange.

  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined): void {
    this.accounts.onOrder(order, kind, trade, this.desk.amendId)
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    this.accounts.onBalances(account, assets)
  }

  onPrint(symbol: EmulatedSymbol, print: EmulatedPrint): void {
    this.#channels.onPrint(symbol, print)
  }

  #ask(path: string, request: EmulatorRequest): EmulatorAnswer {
    const question = questions.get(path)
    if (question === undefined) return refuse(refusals.notFound)
    const account = question.isPrivate ? authenticate(this.exchange, request, this.nowMs) : nobody
    if (isRefusal(account)) return refuse(account)
    // Making orders scarce must not make the questions about them so.
    const limit = question.limit * Math.max(1, this.#limitScale)
    if (!this.#spend(`${path} ${account.index}`, limit, 1)) return refuse(refusals.tooMany)
    const asked = Object.fromEntries(new URLSearchParams(request.target.slice(path.length)))
    const rows = question.answer(this, wordsOf(asked), account)
    if (isRefusal(rows)) return refuse(rows)
    return { status: 200, headers: JSON_HEADERS, body: JSON.stringify({ code: SUCCESS, msg: '', data: rows }) }
  }

  /** Every row of a batch succeeds or fails alone. */
  #run(op: string, deed: OkxDeed, rows: readonly Words[], account: EmulatedAccount): object | OkxRefusal {
    if (rows.length > (deed.isBatch ? BATCH_MAX : 1)) return refusals.tooManyInBatch
    const bySymbol = new Map<string, number>()
    for (const row of rows) bySymbol.set(word(row, 'instId'), (bySymbol.get(word(row, 'instId')) ?? 0) + 1)
    for (const [name, count] of bySymbol) {
      const isWithin = this.#spend(`${op} ${account.index} ${name}`, deed.limit * this.#limitScale, count)
      if (!isWithin) return refusals.tooMany
    }
    const inTime = `${this.exchange.nowMs * US_PER_MS}`
    const data = rows.map((row) => deed.run(this.desk, account, row))
    return { ...verdict(data, deed.isBatch), data, inTime, outTime: inTime }
  }

  #spend(key: string, limit: number, weight: number): boolean {
    const budget = this.#budgets.get(key) ?? new RequestBudget(limit, WINDOW_MS)
    this.#budgets.set(key, budget)
    return budget.spend(weight, this.exchange.nowMs)
  }
}

const JSON_HEADERS: Readonly<Record<string, string>> = { 'content-type': 'application/json' }

function verdict(rows: readonly OkxRow[], isBatch: boolean): { code: string; msg: string } {
  const failed = rows.filter(({ sCode }) => sCode !== SUCCESS).length
  if (failed === 0) return { code: SUCCESS, msg: '' }
  if (isBatch && failed < rows.length) return { code: IN_PART, msg: 'Bulk operation partially succeeded.' }
  return { code: FAILED, msg: isBatch ? 'All operations failed' : '' }
}

function refuse({ status, code, msg }: OkxRefusal): EmulatorAnswer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify({ code, msg, data: [] }) }
}

function nameOf({ base, quote }: Instrument): string {
  return `${base}-${quote}`
}

export const okxEmulator: EmulatorEntry = {
  id: 'okx',
  open: (setting, faults) => new OkxEmulator(setting, faults),
  makeKey: (random) => ({
    apiKey: random(16).toString('hex'),
    secret: random(16).toString('hex').toUpperCase(),
    passphrase: random(8).toString('hex'),
    publicKey: '',
  }),
  paths: { rest: '', publicSocket: '/ws/v5/public', privateSocket: '/ws/v5/private' },
}
