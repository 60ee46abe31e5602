/** What Kraken tells one customer over REST: orders, trades, balances, fees, and the token of the private stream. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText } from '../emulator/emulated-symbol.ts'
import type { KrakenCatalogue } from './kraken-emulator-catalogue.ts'
import { type KrakenRefusal, refusals } from './kraken-emulator-refusal.ts'
import type { KrakenWords } from './kraken-emulator-request.ts'
import { assetId, orderIdOf, orderRow, orderTxid, pairId, tradeRow, tradeTxid } from './kraken-emulator-words.ts'

const PAGE = 50
const TOKEN_SECONDS = 900
const TOKENS_MAX = 256
const PPM_OF_A_PERCENT = 10_000

interface Token {
  readonly account: EmulatedAccount
  readonly untilMs: number
}

export class KrakenAccounts {
  readonly #exchange: EmulatedExchange
  readonly #catalogue: KrakenCatalogue
  readonly #tokens = new Map<string, Token>()
  readonly #prefix: string
  #serial = 0

  constructor(exchange: EmulatedExchange, catalogue: KrakenCatalogue, startEpochMs: number) {
    this.#exchange = exchange
    this.#catalogue = catalogue
    this.#prefix = Math.floor(startEpochMs).toString(36)
  }

  openOrders(account: EmulatedAccount, { words }: KrakenWords): object {
    const open = this.#exchange.orders.open(account).filter((order) => isMeant(order, words))
    return { open: rowsOf(open.reverse(), words.get('trades') === 'true') }
  }

  /** Newest first, fifty at a time. */
  closedOrders(account: EmulatedAccount, { words }: KrakenWords): object {
    const start = Number(words.get('start') ?? 0)
    const end = Number(words.get('end') ?? Number.MAX_SAFE_INTEGER)
    const closed = this.#exchange.orders
      .all(account)
      .filter((order) => !order.isOpen && isMeant(order, words))
      .filter(({ updatedMs }) => updatedMs / 1_000 > start && updatedMs / 1_000 <= end)
      .sort((a, b) => b.updatedMs - a.updatedMs || b.id - a.id)
    const page = closed.slice(Number(words.get('ofs') ?? 0)).slice(0, PAGE)
    return { closed: rowsOf(page, words.get('trades') === 'true'), count: closed.length }
  }

  queryOrders(account: EmulatedAccount, { words }: KrakenWords): object | KrakenRefusal {
    const orders = (words.get('txid') ?? '').split(',').map((txid) => this.#exchange.orders.byId(orderIdOf(txid)))
    const own = orders.filter((order) => order?.account === account) as EmulatedOrder[]
    return own.length === 0 ? refusals.unknownOrder : rowsOf(own, words.get('trades') === 'true')
  }

  /** Newest first, fifty at a time; `start` itself is left out. */
  tradesHistory(account: EmulatedAccount, { words }: KrakenWords): object {
    const start = Number(words.get('start') ?? 0)
    const end = Number(words.get('end') ?? Number.MAX_SAFE_INTEGER)
    const trades = this.#exchange.orders
      .trades(account)
      .filter(({ timeMs }) => timeMs / 1_000 > start && timeMs / 1_000 <= end)
      .reverse()
    const page = trades.slice(Number(words.get('ofs') ?? 0)).slice(0, PAGE)
    return { trades: tradesOf(page), count: trades.length }
  }

  queryTrades(account: EmulatedAccount, { words }: KrakenWords): object {
    const wanted = new Set((words.get('txid') ?? '').split(','))
    return tradesOf(this.#exchange.orders.trades(account).filter((trade) => wanted.has(tradeTxid(trade))))
  }

  balance(account: EmulatedAccount): object {
    const rows = this.#held(account).map(({ asset, free, locked }) => [assetId(asset), assetText(free + locked)])
    return Object.fromEntries(rows)
  }

  balanceEx(account: EmulatedAccount): object {
    const rows = this.#held(account).map(({ asset, free, locked }) => {
      return [assetId(asset), { balance: assetText(free + locked), hold_trade: assetText(locked) }]
    })
    return Object.fromEntries(rows)
  }

  tradeVolume({ words }: KrakenWords): object | KrakenRefusal {
    const pairs = (words.get('pair') ?? '').split(',').filter((pair) => pair !== '')
    const symbols = pairs.map((pair) => this.#catalogue.symbolOf(pair))
    const fees: Record<string, object> = {}
    const makers: Record<string, object> = {}
    for (const symbol of symbols) {
      if (symbol === undefined) return refusals.unknownPair
      fees[pairId(symbol)] = feeRow(symbol.listing.takerPpm)
      makers[pairId(symbol)] = feeRow(symbol.listing.makerPpm)
    }
    return { currency: 'ZUSD', volume: '0.0000', fees, fees_maker: makers }
  }

  openToken(account: EmulatedAccount): object {
    if (this.#tokens.size >= TOKENS_MAX) this.#tokens.delete([...this.#tokens.keys()][0])
    const token = `ws${this.#prefix}${account.index}x${(++this.#serial).toString(36)}`
    this.#tokens.set(token, { account, untilMs: this.#exchange.nowMs + TOKEN_SECONDS * 1_000 })
    return { token, expires: TOKEN_SECONDS }
  }

  /** Whose token this is, while it may be used. */
  holderOf(token: string): EmulatedAccount | undefined {
    const found = this.#tokens.get(token)
    return found !== undefined && found.untilMs >= this.#exchange.nowMs ? found.account : undefined
  }

  #held(account: EmulatedAccount): { asset: string; free: bigint; locked: bigint }[] {
    return this.#exchange.assets
      .map((asset, row) => ({ asset, ...this.#exchange.balance(account, row) }))
      .filter(({ free, locked }) => free + locked > 0n)
  }
}

function isMeant({ ask }: EmulatedOrder, words: KrakenWords['words']): boolean {
  const clientId = words.get('cl_ord_id')
  const userref = words.get('userref')
  if (clientId !== undefined && ask.clientId !== clientId) return false
  return userref === undefined || ask.words?.['userref'] === userref
}

function rowsOf(orders: readonly EmulatedOrder[], hasTrades: boolean): object {
  return Object.fromEntries(orders.map((order) => [orderTxid(order.id), orderRow(order, hasTrades)]))
}

function tradesOf(trades: readonly EmulatedTrade[]): object {
  return Object.fromEntries(trades.map((trade) => [tradeTxid(trade), tradeRow(trade)]))
}

function feeRow(ppm: number): object {
  const fee = (ppm / PPM_OF_A_PERCENT).toFixed(4)
  return { fee, minfee: fee, maxfee: fee, nextfee: null, nextvolume: null, tiervolume: '0.0000' }
}
