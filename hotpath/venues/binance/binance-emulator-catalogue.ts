/** What Binance tells everybody over REST: its symbols and rules, books, trades and tickers. */
import { PRICE_TICKS_MAX } from '../../../shared/limits.ts'
import { BookSide } from '../../book/book-table.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { type BinanceRefusal, isRefusal, missing, refusals } from './binance-emulator-refusal.ts'
import { aggregateTrade, fixed, levelTexts, publicTrade, quote } from './binance-emulator-words.ts'

const DEPTH_DEFAULT = 100
const DEPTH_MAX = 5_000
const TRADES_DEFAULT = 500
const TRADES_MAX = 1_000
const DAY_MS = 86_400_000
const orderTypes = ['LIMIT', 'LIMIT_MAKER', 'MARKET']
const selfTradeModes = ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH']

export class BinanceCatalogue {
  readonly #exchange: EmulatedExchange
  readonly #rateLimits: readonly object[]

  constructor(exchange: EmulatedExchange, rateLimits: readonly object[]) {
    this.#exchange = exchange
    this.#rateLimits = rateLimits
  }

  exchangeInfo(params: URLSearchParams): object | BinanceRefusal {
    const wanted = this.#wanted(params)
    if (isRefusal(wanted)) return wanted
    return {
      timezone: 'UTC',
      serverTime: this.#exchange.nowMs,
      rateLimits: this.#rateLimits,
      exchangeFilters: [],
      symbols: wanted.map(symbolRow),
    }
  }

  depth(params: URLSearchParams): object | BinanceRefusal {
    const symbol = this.#one(params)
    if (isRefusal(symbol)) return symbol
    const { sequence, bids, asks } = this.#exchange.book(symbol).snapshot(count(params, DEPTH_DEFAULT, DEPTH_MAX))
    return { lastUpdateId: sequence, bids: levelTexts(symbol, bids), asks: levelTexts(symbol, asks) }
  }

  trades(params: URLSearchParams): object | BinanceRefusal {
    const symbol = this.#one(params)
    if (isRefusal(symbol)) return symbol
    const prints = this.#exchange.tape(symbol).newest(count(params, TRADES_DEFAULT, TRADES_MAX))
    return prints.map((print) => publicTrade(symbol, print))
  }

  aggTrades(params: URLSearchParams): object | BinanceRefusal {
    const symbol = this.#one(params)
    if (isRefusal(symbol)) return symbol
    const prints = this.#exchange.tape(symbol).newest(count(params, TRADES_DEFAULT, TRADES_MAX))
    return prints.map((print) => aggregateTrade(symbol, print))
  }

  bookTicker(params: URLSearchParams): object | BinanceRefusal {
    return this.#each(params, (symbol) => ({ symbol: symbol.name, ...this.#best(symbol) }))
  }

  price(params: URLSearchParams): object | BinanceRefusal {
    return this.#each(params, (symbol) => ({ symbol: symbol.name, price: this.#last(symbol) }))
  }

  /** Of the time since the emulator opened, at most a day in truth. */
  dayTicker(params: URLSearchParams): object | BinanceRefusal {
    return this.#each(params, (symbol) => this.#dayRow(symbol))
  }

  #dayRow(symbol: EmulatedSymbol): object {
    const tape = this.#exchange.tape(symbol)
    const text = (ticks: number): string => fixed(symbol.priceText(ticks))
    const rise = tape.lastTicks - tape.openTicks
    const nowMs = this.#exchange.nowMs
    return {
      symbol: symbol.name,
      priceChange: text(rise),
      priceChangePercent: tape.openTicks === 0 ? '0.000' : ((rise / tape.openTicks) * 100).toFixed(3),
      weightedAvgPrice: fixed(symbol.averageText(tape.notional, tape.lots, 8)),
      prevClosePrice: text(tape.openTicks),
      lastPrice: this.#last(symbol),
      lastQty: fixed(symbol.lotsText(tape.lastLots)),
      ...this.#best(symbol),
      openPrice: text(tape.openTicks),
      highPrice: text(tape.highTicks),
      lowPrice: text(tape.lowTicks),
      volume: fixed(symbol.lotsText(tape.lots)),
      quoteVolume: quote(symbol, tape.notional),
      openTime: nowMs - DAY_MS,
      closeTime: nowMs,
      firstId: tape.lastId - tape.count + 1,
      lastId: tape.lastId,
      count: tape.count,
    }
  }

  #best(symbol: EmulatedSymbol): object {
    const book = this.#exchange.book(symbol)
    const [bid] = levelTexts(symbol, book.top(BookSide.bid, 1))
    const [ask] = levelTexts(symbol, book.top(BookSide.ask, 1))
    const [none] = [[fixed('0'), fixed('0')]]
    const [bidPrice, bidQty] = bid ?? none
    const [askPrice, askQty] = ask ?? none
    return { bidPrice, bidQty, askPrice, askQty }
  }

  #last(symbol: EmulatedSymbol): string {
    return fixed(symbol.priceText(this.#exchange.tape(symbol).lastTicks))
  }

  /** A row for `symbol`, else rows for `symbols` or all. */
  #each(params: URLSearchParams, row: (symbol: EmulatedSymbol) => object): object | BinanceRefusal {
    const wanted = this.#wanted(params)
    if (isRefusal(wanted)) return wanted
    return params.has('symbol') ? row(wanted[0]) : wanted.map(row)
  }

  #one(params: URLSearchParams): EmulatedSymbol | BinanceRefusal {
    if (!params.has('symbol')) return missing('symbol')
    return this.#exchange.symbol(params.get('symbol') ?? '') ?? refusals.unknownSymbol
  }

  #wanted(params: URLSearchParams): readonly EmulatedSymbol[] | BinanceRefusal {
    if (params.has('symbol')) {
      const symbol = this.#one(params)
      return isRefusal(symbol) ? symbol : [symbol]
    }
    const names = params.get('symbols')
    if (names === null) return this.#exchange.symbols
    const listed = [...names.matchAll(/"([A-Z0-9]+)"/g)].map(([, name]) => this.#exchange.symbol(name))
    if (listed.length === 0 || listed.includes(undefined)) return refusals.unknownSymbol
    return listed as EmulatedSymbol[]
  }
}

function count(params: URLSearchParams, otherwise: number, max: number): number {
  const asked = Number(params.get('limit') ?? otherwise)
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, max) : otherwise
}

function symbolRow(symbol: EmulatedSymbol): object {
  const { base, quote: quoteAsset } = symbol.instrument
  return {
    symbol: symbol.name,
    status: 'TRADING',
    baseAsset: base,
    baseAssetPrecision: 8,
    quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes,
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: true,
    amendAllowed: false,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filters(symbol),
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: selfTradeModes,
  }
}

function filters(symbol: EmulatedSymbol): object[] {
  const { tickStep } = symbol.listing
  const lots = {
    minQty: fixed(symbol.lotsMinText),
    maxQty: fixed(symbol.lotsMaxText),
    stepSize: fixed(symbol.lotText),
  }
  return [
    {
      filterType: 'PRICE_FILTER',
      minPrice: fixed(symbol.tickText),
      maxPrice: fixed(symbol.priceText(PRICE_TICKS_MAX - (PRICE_TICKS_MAX % tickStep))),
      tickSize: fixed(symbol.tickText),
    },
    { filterType: 'LOT_SIZE', ...lots },
    { filterType: 'MARKET_LOT_SIZE', ...lots, minQty: fixed('0'), stepSize: fixed('0') },
    {
      filterType: 'NOTIONAL',
      minNotional: fixed(symbol.notionalMinText),
      applyMinToMarket: true,
      maxNotional: fixed('9000000'),
      applyMaxToMarket: false,
      avgPriceMins: 0,
    },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 1_000 },
  ]
}
