/** What Bybit tells everybody over REST: its instruments, books, trades and tickers. */
import { BookSide } from '../../book/book-table.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { Words } from '../native/json-words.ts'
import { word } from './bybit-emulator-desk.ts'
import { type BybitRefusal, isRefusal, refusals } from './bybit-emulator-refusal.ts'
import { levelTexts, publicTrade, SPOT } from './bybit-emulator-words.ts'

const DEPTH_MAX = 200
const TRADES_MAX = 60
const NS_PER_MS = 1_000_000n
const MS_PER_S = 1_000

export class BybitCatalogue {
  readonly #exchange: EmulatedExchange

  constructor(exchange: EmulatedExchange) {
    this.#exchange = exchange
  }

  time(nowMs: number): object {
    return { timeSecond: `${Math.floor(nowMs / MS_PER_S)}`, timeNano: `${BigInt(nowMs) * NS_PER_MS}` }
  }

  instruments(asked: Words): object | BybitRefusal {
    if (word(asked, 'category') !== SPOT) return refusals.badCategory
    const name = word(asked, 'symbol')
    const wanted = this.#exchange.symbols.filter((symbol) => name === '' || symbol.name === name)
    return { category: SPOT, list: wanted.map(instrumentRow) }
  }

  orderbook(asked: Words): object | BybitRefusal {
    const symbol = this.#symbol(asked)
    if (isRefusal(symbol)) return symbol
    const { sequence, bids, asks } = this.#exchange.book(symbol).snapshot(count(asked, 1, DEPTH_MAX))
    const ts = this.#exchange.nowMs
    const sides = { b: levelTexts(symbol, bids), a: levelTexts(symbol, asks) }
    return { s: symbol.name, ...sides, ts, u: sequence, seq: sequence, cts: ts }
  }

  /** Newest first. */
  trades(asked: Words): object | BybitRefusal {
    const symbol = this.#symbol(asked)
    if (isRefusal(symbol)) return symbol
    const prints = this.#exchange.tape(symbol).newest(count(asked, TRADES_MAX, TRADES_MAX))
    return { category: SPOT, list: prints.map((print) => publicTrade(symbol, print)).reverse() }
  }

  tickers(asked: Words): object | BybitRefusal {
    if (word(asked, 'category') !== SPOT) return refusals.badCategory
    const symbol = word(asked, 'symbol') === '' ? undefined : this.#symbol(asked)
    if (symbol !== undefined && isRefusal(symbol)) return symbol
    const wanted = symbol === undefined ? this.#exchange.symbols : [symbol]
    return { category: SPOT, list: wanted.map((one) => ({ ...this.tickerRow(one), ...this.#best(one) })) }
  }

  /** Of the time since the emulator opened, at most a day in truth; as the ticker topic tells it, too. */
  tickerRow(symbol: EmulatedSymbol) {
    const tape = this.#exchange.tape(symbol)
    const rise = tape.openTicks === 0 ? 0 : (tape.lastTicks - tape.openTicks) / tape.openTicks
    return {
      symbol: symbol.name,
      lastPrice: symbol.priceText(tape.lastTicks),
      highPrice24h: symbol.priceText(tape.highTicks),
      lowPrice24h: symbol.priceText(tape.lowTicks),
      prevPrice24h: symbol.priceText(tape.openTicks),
      volume24h: symbol.lotsText(tape.lots),
      turnover24h: symbol.quoteText(tape.notional),
      price24hPcnt: rise.toFixed(4),
      usdIndexPrice: symbol.priceText(tape.lastTicks),
    }
  }

  #best(symbol: EmulatedSymbol): object {
    const book = this.#exchange.book(symbol)
    const [bid = ['', '']] = levelTexts(symbol, book.top(BookSide.bid, 1))
    const [ask = ['', '']] = levelTexts(symbol, book.top(BookSide.ask, 1))
    return { bid1Price: bid[0], bid1Size: bid[1], ask1Price: ask[0], ask1Size: ask[1] }
  }

  #symbol(asked: Words): EmulatedSymbol | BybitRefusal {
    if (word(asked, 'category') !== SPOT) return refusals.badCategory
    return this.#exchange.symbol(word(asked, 'symbol')) ?? refusals.unknownMarket
  }
}

function count(asked: Words, otherwise: number, max: number): number {
  const wanted = Number(word(asked, 'limit') || otherwise)
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, max) : otherwise
}

function instrumentRow(symbol: EmulatedSymbol): object {
  const { base, quote } = symbol.instrument
  return {
    symbol: symbol.name,
    baseCoin: base,
    quoteCoin: quote,
    innovation: '0',
    status: 'Trading',
    marginTrading: 'none',
    stTag: '0',
    lotSizeFilter: {
      basePrecision: symbol.lotText,
      quotePrecision: '0.00000001',
      minOrderQty: symbol.lotsMinText,
      maxOrderQty: symbol.lotsMaxText,
      minOrderAmt: symbol.notionalMinText,
      maxOrderAmt: '4000000',
      maxLimitOrderQty: symbol.lotsMaxText,
      maxMarketOrderQty: symbol.lotsMaxText,
      postOnlyMaxLimitOrderSize: symbol.lotsMaxText,
    },
    priceFilter: { tickSize: symbol.tickText },
    riskParameters: { priceLimitRatioX: '0.5', priceLimitRatioY: '0.5' },
  }
}
