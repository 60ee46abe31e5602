/** What Coinbase tells everybody: its products, books, trades, the time; and the fee tier of whoever asks. */
import { BookSide } from '../../book/book-table.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { type CoinbaseFault, faults } from './coinbase-emulator-refusal.ts'
import { isoText, tradeRow } from './coinbase-emulator-words.ts'

const LEVELS_MAX = 5_000
const TRADES_DEFAULT = 100
const TRADES_MAX = 1_000
const PPM = 1_000_000

export class CoinbaseCatalogue {
  readonly #exchange: EmulatedExchange
  readonly #now: () => number

  /** `now`: the venue's clock, milliseconds. */
  constructor(exchange: EmulatedExchange, now: () => number) {
    this.#exchange = exchange
    this.#now = now
  }

  time(): object {
    const ms = this.#now()
    return {
      iso: new Date(ms).toISOString(),
      epochSeconds: `${Math.floor(ms / 1_000)}`,
      epochMillis: `${Math.floor(ms)}`,
    }
  }

  /** Of the older API, which clients ask too. */
  timeV2(): object {
    const ms = this.#now()
    return { data: { iso: new Date(ms).toISOString(), epoch: Math.floor(ms / 1_000) } }
  }

  products(query: URLSearchParams): object {
    const isSpot = (query.get('product_type') ?? 'SPOT') === 'SPOT'
    const products = isSpot ? this.#exchange.symbols.map((symbol) => this.#productRow(symbol)) : []
    return { products, num_products: products.length }
  }

  product(id: string): object | CoinbaseFault {
    const symbol = this.#exchange.symbol(id)
    return symbol === undefined ? faults.unknownProduct : this.#productRow(symbol)
  }

  book(query: URLSearchParams): object | CoinbaseFault {
    const symbol = this.#exchange.symbol(query.get('product_id') ?? '')
    if (symbol === undefined) return faults.unknownProduct
    const { bids, asks } = this.#exchange.book(symbol).snapshot(countOf(query.get('limit'), LEVELS_MAX, LEVELS_MAX))
    const rows = (levels: typeof bids): object[] =>
      levels.map(([price, lots]) => ({ price: symbol.priceText(price), size: symbol.lotsText(lots) }))
    const pricebook = { product_id: symbol.name, bids: rows(bids), asks: rows(asks), time: isoText(this.#now()) }
    return { pricebook }
  }

  /** The last trades, newest first, and the best prices. */
  ticker(id: string, query: URLSearchParams): object | CoinbaseFault {
    const symbol = this.#exchange.symbol(id)
    if (symbol === undefined) return faults.unknownProduct
    const prints = this.#exchange.tape(symbol).newest(countOf(query.get('limit'), TRADES_DEFAULT, TRADES_MAX))
    const trades = [...prints].reverse().map((print) => ({ ...tradeRow(symbol, print), bid: '', ask: '' }))
    return { trades, best_bid: this.#best(symbol, BookSide.bid), best_ask: this.#best(symbol, BookSide.ask) }
  }

  /** One tier for every product: that of the first. */
  transactionSummary(): object {
    const { makerPpm, takerPpm } = this.#exchange.symbols[0].listing
    return {
      total_volume: 0,
      total_fees: 0,
      fee_tier: {
        pricing_tier: 'Intro 1',
        usd_from: '0',
        usd_to: '1000',
        taker_fee_rate: `${takerPpm / PPM}`,
        maker_fee_rate: `${makerPpm / PPM}`,
        aop_from: '',
        aop_to: '',
      },
      advanced_trade_only_volume: 0,
      advanced_trade_only_fees: 0,
      coinbase_pro_volume: 0,
      coinbase_pro_fees: 0,
      total_balance: '',
      has_promo_fee: false,
    }
  }

  #best(symbol: EmulatedSymbol, side: BookSide): string {
    const [level] = this.#exchange.book(symbol).top(side, 1)
    return level === undefined ? '' : symbol.priceText(level[0])
  }

  #productRow(symbol: EmulatedSymbol): object {
    const { base, quote } = symbol.instrument
    const tape = this.#exchange.tape(symbol)
    return {
      product_id: symbol.name,
      price: symbol.priceText(tape.lastTicks),
      price_percentage_change_24h: '0',
      volume_24h: symbol.lotsText(tape.lots),
      base_increment: symbol.lotText,
      quote_increment: symbol.tickText,
      quote_min_size: symbol.notionalMinText,
      quote_max_size: '150000000',
      base_min_size: symbol.lotsMinText,
      base_max_size: symbol.lotsMaxText,
      base_name: base,
      quote_name: quote,
      watched: false,
      is_disabled: false,
      new: false,
      status: 'online',
      cancel_only: false,
      limit_only: false,
      post_only: false,
      trading_disabled: false,
      auction_mode: false,
      product_type: 'SPOT',
      quote_currency_id: quote,
      base_currency_id: base,
      fcm_trading_session_details: null,
      mid_market_price: '',
      alias: '',
      alias_to: [],
      base_display_symbol: base,
      quote_display_symbol: quote,
      view_only: false,
      price_increment: symbol.tickText,
      display_name: symbol.name,
      product_venue: 'CBE',
    }
  }
}

function countOf(text: string | null, otherwise: number, max: number): number {
  const asked = Number(text ?? otherwise)
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, max) : otherwise
}
