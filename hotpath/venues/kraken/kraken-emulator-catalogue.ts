/** What Kraken tells everybody over REST: its pairs and assets, books, trades and tickers; and which pair a text means. */
import { BookSide } from '../../book/book-table.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { type KrakenRefusal, refusals } from './kraken-emulator-refusal.ts'
import type { KrakenWords } from './kraken-emulator-request.ts'
import {
  assetId,
  costText,
  lotDigits,
  lotsText,
  pairAltname,
  pairId,
  pairWsname,
  priceDigits,
  priceText,
  shown,
  sideWord,
} from './kraken-emulator-words.ts'
import { krakenAsset } from './kraken-pairs.ts'

const DEPTH_DEFAULT = 100
const DEPTH_MAX = 500
const TRADES_MAX = 1_000
const PPM_OF_A_PERCENT = 10_000
const NS_OF_A_MS = 1_000_000n

export class KrakenCatalogue {
  readonly #exchange: EmulatedExchange
  readonly #now: () => number
  readonly #symbols = new Map<string, EmulatedSymbol>()

  /** `now`: the venue's clock, milliseconds. */
  constructor(exchange: EmulatedExchange, now: () => number) {
    this.#exchange = exchange
    this.#now = now
    for (const symbol of exchange.symbols) {
      for (const text of [pairId(symbol), pairAltname(symbol), pairWsname(symbol), symbol.name]) {
        this.#symbols.set(text, symbol)
      }
    }
  }

  symbolOf(pair: string): EmulatedSymbol | undefined {
    return this.#symbols.get(pair)
  }

  time(): object {
    const seconds = Math.floor(this.#now() / 1_000)
    return { unixtime: seconds, rfc1123: new Date(seconds * 1_000).toUTCString().replace('GMT', '+0000') }
  }

  systemStatus(): object {
    return { status: 'online', timestamp: new Date(this.#now()).toISOString().replace(/\.\d+Z$/, 'Z') }
  }

  assets(): object {
    const rows = this.#exchange.assets.map((asset) => {
      const row = {
        aclass: 'currency',
        altname: krakenAsset(asset),
        decimals: 10,
        display_decimals: 5,
        status: 'enabled',
      }
      return [assetId(asset), row]
    })
    return Object.fromEntries(rows)
  }

  assetPairs({ words }: KrakenWords): object | KrakenRefusal {
    const wanted = this.#wanted(words.get('pair'))
    return Array.isArray(wanted) ? Object.fromEntries(wanted.map((one) => [pairId(one), pairRow(one)])) : wanted
  }

  depth({ words }: KrakenWords): object | KrakenRefusal {
    const symbol = this.symbolOf(words.get('pair') ?? '')
    if (symbol === undefined) return refusals.unknownPair
    const { bids, asks } = this.#exchange.book(symbol).snapshot(countOf(words.get('count'), DEPTH_DEFAULT, DEPTH_MAX))
    const seconds = Math.floor(this.#now() / 1_000)
    const rows = (levels: typeof bids): unknown[] =>
      levels.map(([price, lots]) => [priceText(symbol, price), lotsText(symbol, lots), seconds])
    return { [pairId(symbol)]: { asks: rows(asks), bids: rows(bids) } }
  }

  trades({ words }: KrakenWords): object | KrakenRefusal {
    const symbol = this.symbolOf(words.get('pair') ?? '')
    if (symbol === undefined) return refusals.unknownPair
    const prints = this.#exchange.tape(symbol).newest(countOf(words.get('count'), TRADES_MAX, TRADES_MAX))
    const rows = prints.map((print) => {
      const side = sideWord(print.aggressor)[0]
      const price = priceText(symbol, print.priceTicks)
      return [price, lotsText(symbol, print.lots), print.timeMs / 1_000, side, 'l', '', print.id]
    })
    const last = BigInt(prints[prints.length - 1]?.timeMs ?? this.#now()) * NS_OF_A_MS
    return { [pairId(symbol)]: rows, last: last.toString() }
  }

  ticker({ words }: KrakenWords): object | KrakenRefusal {
    const wanted = this.#wanted(words.get('pair'))
    return Array.isArray(wanted) ? Object.fromEntries(wanted.map((one) => [pairId(one), this.#tickerRow(one)])) : wanted
  }

  /** Of the time since the emulator opened, at most a day in truth. */
  #tickerRow(symbol: EmulatedSymbol): object {
    const tape = this.#exchange.tape(symbol)
    const book = this.#exchange.book(symbol)
    const best = (side: BookSide): string[] => {
      const [level] = book.top(side, 1)
      if (level === undefined) return [priceText(symbol, 0), '0', '0.000']
      return [priceText(symbol, level[0]), '1', lotsText(symbol, level[1])]
    }
    const twice = (text: string): string[] => [text, text]
    return {
      a: best(BookSide.ask),
      b: best(BookSide.bid),
      c: [priceText(symbol, tape.lastTicks), lotsText(symbol, tape.lastLots)],
      v: twice(lotsText(symbol, tape.lots)),
      p: twice(shown(symbol.averageText(tape.notional, tape.lots, priceDigits(symbol)), priceDigits(symbol))),
      t: [tape.count, tape.count],
      l: twice(priceText(symbol, tape.lowTicks)),
      h: twice(priceText(symbol, tape.highTicks)),
      o: priceText(symbol, tape.openTicks),
    }
  }

  #wanted(pairs: string | undefined): readonly EmulatedSymbol[] | KrakenRefusal {
    if (pairs === undefined || pairs === '') return this.#exchange.symbols
    const found = pairs.split(',').map((pair) => this.symbolOf(pair))
    return found.includes(undefined) ? refusals.unknownPair : (found as EmulatedSymbol[])
  }
}

function countOf(text: string | undefined, otherwise: number, max: number): number {
  const asked = Number(text ?? otherwise)
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, max) : otherwise
}

function pairRow(symbol: EmulatedSymbol): object {
  const { listing, instrument } = symbol
  return {
    altname: pairAltname(symbol),
    wsname: pairWsname(symbol),
    aclass_base: 'currency',
    base: assetId(instrument.base),
    aclass_quote: 'currency',
    quote: assetId(instrument.quote),
    lot: 'unit',
    cost_decimals: 5,
    pair_decimals: priceDigits(symbol),
    lot_decimals: lotDigits(symbol),
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [[0, listing.takerPpm / PPM_OF_A_PERCENT]],
    fees_maker: [[0, listing.makerPpm / PPM_OF_A_PERCENT]],
    fee_volume_currency: 'ZUSD',
    margin_call: 80,
    margin_stop: 40,
    ordermin: symbol.lotsMinText,
    costmin: costText(symbol, BigInt(Math.ceil(listing.notionalMin))),
    tick_size: symbol.tickText,
    status: 'online',
  }
}
