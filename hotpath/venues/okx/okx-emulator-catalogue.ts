/** What OKX tells everybody over REST: its instruments, books, trades and tickers. */
import { BookSide } from '../../book/book-table.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { Words } from '../native/json-words.ts'
import { CODE_FIRST, word } from './okx-emulator-desk.ts'
import { isRefusal, missing, type OkxRefusal, refusals } from './okx-emulator-refusal.ts'
import { levelRows, publicTrade, SPOT } from './okx-emulator-words.ts'

const DEPTH_MAX = 400
const DEPTH_FULL_MAX = 5_000
const TRADES_MAX = 500
const TRADES_DEFAULT = 100
/** All symbols have the same fees here. */
export const FEE_GROUP = '1'

export class OkxCatalogue {
  readonly #exchange: EmulatedExchange

  constructor(exchange: EmulatedExchange) {
    this.#exchange = exchange
  }

  instruments(asked: Words): object[] | OkxRefusal {
    const type = word(asked, 'instType')
    const name = word(asked, 'instId')
    if (type === '') return missing('instType')
    if (type !== SPOT) return []
    return this.#exchange.symbols
      .map((symbol, at) => instrumentRow(symbol, at))
      .filter(({ instId }) => name === '' || instId === name)
  }

  books(asked: Words, isFull: boolean): object[] | OkxRefusal {
    const symbol = this.#symbol(asked)
    if (isRefusal(symbol)) return symbol
    const levels = count(asked, 'sz', 1, isFull ? DEPTH_FULL_MAX : DEPTH_MAX)
    const { sequence, bids, asks } = this.#exchange.book(symbol).snapshot(levels)
    const sides = { asks: levelRows(symbol, asks), bids: levelRows(symbol, bids) }
    return [{ ...sides, ts: `${this.#exchange.nowMs}`, seqId: sequence }]
  }

  /** Newest first. */
  trades(asked: Words): object[] | OkxRefusal {
    const symbol = this.#symbol(asked)
    if (isRefusal(symbol)) return symbol
    const prints = this.#exchange.tape(symbol).newest(count(asked, 'limit', TRADES_DEFAULT, TRADES_MAX))
    return prints.map((print) => publicTrade(symbol, print)).reverse()
  }

  ticker(asked: Words): object[] | OkxRefusal {
    const symbol = this.#symbol(asked)
    return isRefusal(symbol) ? symbol : [this.tickerRow(symbol)]
  }

  tickers(asked: Words): object[] {
    return word(asked, 'instType') === SPOT ? this.#exchange.symbols.map((symbol) => this.tickerRow(symbol)) : []
  }

  /** Of the time since the emulator opened, at most a day in truth. */
  tickerRow(symbol: EmulatedSymbol): object {
    const tape = this.#exchange.tape(symbol)
    const book = this.#exchange.book(symbol)
    const [bid = ['', '']] = levelRows(symbol, book.top(BookSide.bid, 1))
    const [ask = ['', '']] = levelRows(symbol, book.top(BookSide.ask, 1))
    const open = symbol.priceText(tape.openTicks)
    return {
      instType: SPOT,
      instId: symbol.name,
      last: symbol.priceText(tape.lastTicks),
      lastSz: symbol.lotsText(tape.lastLots),
      askPx: ask[0],
      askSz: ask[1],
      bidPx: bid[0],
      bidSz: bid[1],
      open24h: open,
      high24h: symbol.priceText(tape.highTicks),
      low24h: symbol.priceText(tape.lowTicks),
      volCcy24h: symbol.quoteText(tape.notional),
      vol24h: symbol.lotsText(tape.lots),
      ts: `${this.#exchange.nowMs}`,
      sodUtc0: open,
      sodUtc8: open,
    }
  }

  #symbol(asked: Words): EmulatedSymbol | OkxRefusal {
    const name = word(asked, 'instId')
    if (name === '') return missing('instId')
    return this.#exchange.symbol(name) ?? refusals.unknownSymbol
  }
}

function count(asked: Words, name: string, otherwise: number, max: number): number {
  const wanted = Number(word(asked, name) || otherwise)
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, max) : otherwise
}

function instrumentRow(symbol: EmulatedSymbol, at: number) {
  const { base, quote } = symbol.instrument
  const most = symbol.lotsMaxText
  return {
    alias: '',
    auctionEndTime: '',
    baseCcy: base,
    category: '1',
    contTdSwTime: '1548133413000',
    ctMult: '',
    ctType: '',
    ctVal: '',
    ctValCcy: '',
    expTime: '',
    futureSettlement: false,
    groupId: FEE_GROUP,
    instFamily: '',
    instId: symbol.name,
    instIdCode: CODE_FIRST + at,
    instType: SPOT,
    lever: '',
    listTime: '1548133413000',
    lotSz: symbol.lotText,
    maxIcebergSz: most,
    maxLmtAmt: '20000000',
    maxLmtSz: most,
    maxMktAmt: '1000000',
    maxMktSz: most,
    maxStopSz: most,
    maxTriggerSz: most,
    maxTwapSz: most,
    minSz: symbol.lotsMinText,
    openType: '',
    optType: '',
    quoteCcy: quote,
    ruleType: 'normal',
    settleCcy: '',
    state: 'live',
    stk: '',
    tickSz: symbol.tickText,
    tradeQuoteCcyList: [quote],
    uly: '',
  }
}
