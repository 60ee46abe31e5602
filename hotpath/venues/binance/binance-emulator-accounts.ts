/** What Binance tells one customer: balances, commissions, and the user data stream by listen key or subscription. */
import type { EmulatedAccount } from '../emulator/emulated-account.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatorFaults } from '../emulator/emulator-faults.ts'
import type { OrderNewsKind } from '../emulator/exchange-options.ts'
import { type BinanceRefusal, missing, refusals } from './binance-emulator-refusal.ts'
import {
  amount,
  balanceRow,
  fixed,
  quote,
  ratePpm,
  selfTradeWord,
  sideWord,
  statusWord,
  timeInForceWord,
  typeWord,
} from './binance-emulator-words.ts'

const LISTEN_KEY_MS = 3_600_000
const LISTEN_KEYS_MAX = 64
const zero = '0.00000000'

export interface UserListener {
  readonly account: EmulatedAccount
  /** `event`: JSON. */
  hearEvent(event: string): void
}

interface ListenKey {
  readonly key: string
  readonly account: EmulatedAccount
  untilMs: number
}

export class BinanceAccounts {
  readonly #exchange: EmulatedExchange
  readonly #faults: EmulatorFaults
  readonly #listenKeys = new Map<string, ListenKey>()
  readonly #listeners = new Set<UserListener>()
  readonly #prefix: string
  #serial = 0
  #executions = 0

  constructor(exchange: EmulatedExchange, faults: EmulatorFaults, startEpochMs: number) {
    this.#exchange = exchange
    this.#faults = faults
    this.#prefix = Math.floor(startEpochMs).toString(36)
  }

  // Over REST.

  account(account: EmulatedAccount, params: URLSearchParams): object {
    const exchange = this.#exchange
    const hidesZero = params.get('omitZeroBalances') === 'true'
    const rows = exchange.assets.map((_, asset) => ({ asset, ...exchange.balance(account, asset) }))
    const [first] = exchange.symbols
    return {
      makerCommission: first.listing.makerPpm / 100,
      takerCommission: first.listing.takerPpm / 100,
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: { ...rates(first), buyer: zero, seller: zero },
      canTrade: true,
      canWithdraw: false,
      canDeposit: false,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: exchange.nowMs,
      accountType: 'SPOT',
      balances: rows
        .filter(({ free, locked }) => !hidesZero || free + locked > 0n)
        .map(({ asset, free, locked }) => balanceRow(exchange, free, locked, asset)),
      permissions: ['SPOT'],
      uid: account.index + 1,
    }
  }

  commission(params: URLSearchParams): object | BinanceRefusal {
    const name = params.get('symbol')
    if (name === null) return missing('symbol')
    const symbol = this.#exchange.symbol(name)
    if (symbol === undefined) return refusals.unknownSymbol
    const none = { maker: zero, taker: zero, buyer: zero, seller: zero }
    return {
      symbol: symbol.name,
      standardCommission: { ...none, ...rates(symbol) },
      specialCommission: none,
      taxCommission: none,
      discount: { enabledForAccount: false, enabledForSymbol: false, discountAsset: 'BNB', discount: zero },
    }
  }

  tradeFees(params: URLSearchParams): object | BinanceRefusal {
    const name = params.get('symbol')
    const wanted = name === null ? this.#exchange.symbols : [this.#exchange.symbol(name)]
    const known = wanted.filter((symbol) => symbol !== undefined)
    if (known.length < wanted.length) return refusals.unknownSymbol
    return known.map((symbol) => {
      const { maker, taker } = rates(symbol)
      return { symbol: symbol.name, makerCommission: maker, takerCommission: taker }
    })
  }

  /** The account's listen key; a living one is answered again, with its time renewed. */
  openListenKey(account: EmulatedAccount): object {
    const untilMs = this.#exchange.nowMs + LISTEN_KEY_MS
    for (const known of this.#listenKeys.values()) {
      if (known.account !== account || known.untilMs < this.#exchange.nowMs) continue
      known.untilMs = untilMs
      return { listenKey: known.key }
    }
    if (this.#listenKeys.size >= LISTEN_KEYS_MAX) this.#listenKeys.delete([...this.#listenKeys.keys()][0])
    const key = `listen${this.#prefix}${(++this.#serial).toString(36)}`
    this.#listenKeys.set(key, { key, account, untilMs })
    return { listenKey: key }
  }

  keepListenKey(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const found = this.#listenKeys.get(params.get('listenKey') ?? '')
    if (found?.account !== account) return refusals.badListenKey
    found.untilMs = this.#exchange.nowMs + LISTEN_KEY_MS
    return {}
  }

  closeListenKey(account: EmulatedAccount, params: URLSearchParams): object | BinanceRefusal {
    const key = params.get('listenKey') ?? ''
    if (this.#listenKeys.get(key)?.account !== account) return refusals.badListenKey
    this.#listenKeys.delete(key)
    return {}
  }

  /** Whose key this is, while it lives. */
  holderOf(listenKey: string): EmulatedAccount | undefined {
    const found = this.#listenKeys.get(listenKey)
    return found !== undefined && found.untilMs >= this.#exchange.nowMs ? found.account : undefined
  }

  // The stream.

  listen(listener: UserListener): void {
    this.#listeners.add(listener)
  }

  leave(listener: UserListener): void {
    this.#listeners.delete(listener)
  }

  /** `cancelName`: what the customer called the cancel; '' when nobody asked for it. */
  onOrder(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined, cancelName: string): void {
    this.#say(order.account, JSON.stringify(this.#report(order, kind, trade, cancelName)))
  }

  onBalances(account: EmulatedAccount, assets: ReadonlySet<number>): void {
    const nowMs = this.#exchange.nowMs
    const balances = [...assets].map((asset) => {
      const { free, locked } = this.#exchange.balance(account, asset)
      return { a: this.#exchange.assets[asset], f: amount(free), l: amount(locked) }
    })
    this.#say(account, JSON.stringify({ e: 'outboundAccountPosition', E: nowMs, u: nowMs, B: balances }))
  }

  #report(order: EmulatedOrder, kind: OrderNewsKind, trade: EmulatedTrade | undefined, cancelName: string): object {
    const { symbol, ask } = order
    const isNamed = kind === 'canceled' && cancelName !== ''
    const status = statusWord(order)
    const event = kind === 'expired' && status === 'EXPIRED_IN_MATCH' ? 'TRADE_PREVENTION' : kind.toUpperCase()
    return {
      e: 'executionReport',
      E: this.#exchange.nowMs,
      s: symbol.name,
      c: isNamed ? cancelName : ask.clientId,
      S: sideWord(ask.side),
      o: typeWord(order),
      f: ask.type === 'market' ? 'GTC' : timeInForceWord(ask),
      q: fixed(symbol.lotsText(order.lots)),
      p: ask.type === 'market' ? zero : fixed(symbol.priceText(order.priceTicks)),
      P: zero,
      F: zero,
      g: -1,
      C: isNamed ? ask.clientId : '',
      x: event,
      X: status,
      r: 'NONE',
      i: order.id,
      l: trade === undefined ? zero : fixed(symbol.lotsText(trade.lots)),
      z: fixed(symbol.lotsText(order.filledLots)),
      L: trade === undefined ? zero : fixed(symbol.priceText(trade.priceTicks)),
      n: trade === undefined ? '0' : amount(trade.fee),
      N: trade === undefined ? null : this.#exchange.assets[trade.feeAsset],
      T: order.updatedMs,
      t: trade?.id ?? -1,
      I: ++this.#executions,
      w: order.isOpen,
      m: trade?.isMaker ?? false,
      M: trade !== undefined,
      O: order.createdMs,
      Z: quote(symbol, order.notional),
      Y: trade === undefined ? zero : quote(symbol, trade.notional),
      Q: fixed(symbol.quoteText(ask.notional)),
      W: order.createdMs,
      V: selfTradeWord(order),
    }
  }

  #say(account: EmulatedAccount, event: string): void {
    const heard = [...this.#listeners].filter((listener) => listener.account === account)
    if (heard.length === 0) return
    const times = this.#faults.takeRepeats()
    for (let at = 0; at < times; at++) for (const listener of heard) listener.hearEvent(event)
  }
}

function rates(symbol: EmulatedSymbol): { maker: string; taker: string } {
  return { maker: ratePpm(symbol.listing.makerPpm), taker: ratePpm(symbol.listing.takerPpm) }
}
