/** What Deribit tells everybody: its instruments, books, tickers and trades. */
import { BookSide } from '../../book/book-table.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { tradePage } from './deribit-emulator-accounts.ts'
import type { CallParams } from './deribit-emulator-call.ts'
import type { DeribitDesk } from './deribit-emulator-desk.ts'
import { DeribitRefusal, invalidParameter } from './deribit-emulator-refusal.ts'
import { amount, levelNumbers, price, printRow } from './deribit-emulator-words.ts'

const DEPTH_DEFAULT = 5
const DEPTH_MAX = 10_000
const CREATED_MS = 1_680_000_000_000
const NEVER_MS = 32_503_708_800_000
const PRINTS_MAX = 1_000
const kinds: readonly string[] = ['any', 'spot', 'future', 'option', 'future_combo', 'option_combo']

export class DeribitCatalogue {
  readonly #exchange: EmulatedExchange
  readonly #desk: DeribitDesk

  constructor(exchange: EmulatedExchange, desk: DeribitDesk) {
    this.#exchange = exchange
    this.#desk = desk
  }

  /** Spot alone is traded here. */
  instruments(params: CallParams): unknown {
    const symbols = this.#ofCurrency(params)
    if (symbols instanceof DeribitRefusal) return symbols
    return symbols.map((symbol) => instrumentRow(symbol))
  }

  instrument(params: CallParams): unknown {
    const symbol = this.#desk.symbol(params)
    return symbol instanceof DeribitRefusal ? symbol : instrumentRow(symbol)
  }

  currencies(): unknown {
    return this.#exchange.assets.map((currency) => ({
      currency,
      currency_long: currency,
      coin_type: currency,
      decimals: 8,
      fee_precision: 8,
      min_confirmations: 1,
      min_withdrawal_fee: 0,
      withdrawal_fee: 0,
      in_cross_collateral_pool: false,
      withdrawal_priorities: [],
    }))
  }

  orderBook(params: CallParams): unknown {
    const symbol = this.#desk.symbol(params)
    if (symbol instanceof DeribitRefusal) return symbol
    const depth = params.count('depth') ?? DEPTH_DEFAULT
    if (!(depth > 0 && depth <= DEPTH_MAX)) return invalidParameter('depth', `must be between 1 and ${DEPTH_MAX}`)
    const { sequence, bids, asks } = this.#exchange.book(symbol).snapshot(depth)
    return {
      ...this.ticker(symbol),
      change_id: sequence,
      bids: levelNumbers(symbol, bids),
      asks: levelNumbers(symbol, asks),
    }
  }

  tickerOf(params: CallParams): unknown {
    const symbol = this.#desk.symbol(params)
    return symbol instanceof DeribitRefusal ? symbol : this.ticker(symbol)
  }

  summaries(params: CallParams): unknown {
    const symbols = this.#ofCurrency(params)
    if (symbols instanceof DeribitRefusal) return symbols
    return symbols.map((symbol) => {
      const quote = this.quote(symbol)
      const tape = this.#exchange.tape(symbol)
      return {
        instrument_name: symbol.name,
        base_currency: symbol.instrument.base,
        quote_currency: symbol.instrument.quote,
        bid_price: quote.best_bid_price,
        ask_price: quote.best_ask_price,
        mid_price: (quote.best_bid_price + quote.best_ask_price) / 2,
        last: price(symbol, tape.lastTicks),
        high: price(symbol, tape.highTicks),
        low: price(symbol, tape.lowTicks),
        mark_price: price(symbol, tape.lastTicks),
        price_change: 0,
        volume: amount(symbol, tape.lots),
        volume_notional: Number(symbol.quoteText(tape.notional)),
        open_interest: null,
        creation_timestamp: this.#exchange.nowMs,
      }
    })
  }

  lastTrades(params: CallParams): unknown {
    const symbol = this.#desk.symbol(params)
    if (symbol instanceof DeribitRefusal) return symbol
    const page = tradePage(this.#exchange.tape(symbol).newest(PRINTS_MAX), params, (print) => print)
    if (page instanceof DeribitRefusal) return page
    return { trades: page.rows.map((print) => printRow(symbol, print)), has_more: page.hasMore }
  }

  /** Of the time since the emulator opened, at most a day in truth. */
  ticker(symbol: EmulatedSymbol): object {
    const tape = this.#exchange.tape(symbol)
    const last = price(symbol, tape.lastTicks)
    const rise = tape.openTicks === 0 ? 0 : ((tape.lastTicks - tape.openTicks) / tape.openTicks) * 100
    return {
      ...this.quote(symbol),
      state: 'open',
      last_price: last,
      mark_price: last,
      index_price: last,
      min_price: price(symbol, symbol.listing.tickStep),
      max_price: price(symbol, Math.max(tape.highTicks, tape.lastTicks) * 2),
      estimated_delivery_price: last,
      stats: {
        high: price(symbol, tape.highTicks),
        low: price(symbol, tape.lowTicks),
        price_change: Number(rise.toFixed(4)),
        volume: amount(symbol, tape.lots),
        volume_usd: Number(symbol.quoteText(tape.notional)),
        volume_notional: Number(symbol.quoteText(tape.notional)),
      },
    }
  }

  /** An empty side is zero. */
  quote(symbol: EmulatedSymbol) {
    const book = this.#exchange.book(symbol)
    const none: [number, number] = [0, 0]
    const [bid = none] = levelNumbers(symbol, book.top(BookSide.bid, 1))
    const [ask = none] = levelNumbers(symbol, book.top(BookSide.ask, 1))
    return {
      timestamp: this.#exchange.nowMs,
      instrument_name: symbol.name,
      best_bid_price: bid[0],
      best_bid_amount: bid[1],
      best_ask_price: ask[0],
      best_ask_amount: ask[1],
    }
  }

  #ofCurrency(params: CallParams): readonly EmulatedSymbol[] | DeribitRefusal {
    const kind = params.text('kind') ?? 'any'
    if (!kinds.includes(kind)) return invalidParameter('kind', 'invalid value')
    if (kind !== 'any' && kind !== 'spot') return []
    const asked = params.text('currency') ?? 'any'
    if (asked === 'any') return this.#exchange.symbols
    const currency = this.#desk.currency(params)
    if (currency instanceof DeribitRefusal) return currency
    return this.#exchange.symbols.filter(({ instrument: { base, quote } }) => base === currency || quote === currency)
  }
}

function instrumentRow(symbol: EmulatedSymbol): object {
  const { instrument, listing } = symbol
  const index = `${instrument.base}_${instrument.quote}`.toLowerCase()
  return {
    kind: 'spot',
    instrument_name: symbol.name,
    instrument_id: instrument.index + 1,
    instrument_type: 'linear',
    is_active: true,
    state: 'open',
    price_index: index,
    base_currency: instrument.base,
    counter_currency: instrument.quote,
    quote_currency: instrument.quote,
    settlement_currency: null,
    settlement_period: null,
    tick_size: Number(symbol.tickText),
    tick_size_steps: [],
    min_trade_amount: amount(symbol, listing.lotsMin),
    contract_size: Number(symbol.lotText),
    maker_commission: listing.makerPpm / 1e6,
    taker_commission: listing.takerPpm / 1e6,
    block_trade_commission: 0,
    creation_timestamp: CREATED_MS,
    expiration_timestamp: NEVER_MS,
    rfq: false,
  }
}
