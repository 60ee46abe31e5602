/** Reads tick, lot and minimums of our pairs from the instrument listings the captured venues answered over HTTP. */
import type { MeasuredListing } from './calibration.ts'
import { type FrameLine, jsonOf } from './frame-lines.ts'

type Fields = Readonly<Record<string, unknown>>
type Found = Record<string, MeasuredListing>

const PAIRS = /^((BTC|ETH|SOL)\/(USDT|USDC|USD)|ETH\/BTC)$/

/** How one venue's listing row says it; undefined for rows that are not ours to read. */
type ReadRow = (row: Fields, key: string) => ({ base: unknown; quote: unknown } & Partial<MeasuredListing>) | undefined

/** Applies `read` to every object of every HTTP answer. */
export function readListings(lines: readonly FrameLine[], read: ReadRow): Found {
  const found: Found = {}
  for (const { t, data } of lines) if (t === 'http') visit(jsonOf(data), '', read, found)
  return found
}

function visit(value: unknown, key: string, read: ReadRow, found: Found): void {
  if (Array.isArray(value)) for (const item of value) visit(item, key, read, found)
  else if (typeof value === 'object' && value !== null) {
    take(read(value as Fields, key), found)
    for (const [name, item] of Object.entries(value)) visit(item, name, read, found)
  }
}

function take(row: ReturnType<ReadRow>, found: Found): void {
  if (row === undefined) return
  const symbol = `${coin(row.base)}/${coin(row.quote)}`
  if (!PAIRS.test(symbol) || found[symbol] !== undefined) return
  found[symbol] = {
    tick: decimal(row.tick),
    lot: decimal(row.lot),
    qtyMin: decimal(row.qtyMin),
    qtyMax: decimal(row.qtyMax),
    notionalMin: decimal(row.notionalMin),
  }
}

function coin(name: unknown): string {
  const text = String(name).toUpperCase()
  return text === 'XBT' || text === 'XXBT' ? 'BTC' : text === 'XETH' ? 'ETH' : text === 'ZUSD' ? 'USD' : text
}

/** '0' where the venue says nothing. */
function decimal(value: unknown): string {
  const number = Number(value)
  if (!Number.isFinite(number) || number <= 0) return '0'
  const text = number < 1e15 ? number.toFixed(10) : '0'
  return text.replace(/\.?0+$/, '')
}

function step(digits: unknown): string {
  return (10 ** -Number(digits)).toFixed(10)
}

function filter(row: Fields, type: string): Fields {
  const filters = row['filters']
  if (!Array.isArray(filters)) return {}
  return (filters.find((one: Fields) => one['filterType'] === type) as Fields | undefined) ?? {}
}

const binanceRow: ReadRow = (row) => {
  if (row['baseAsset'] === undefined || row['filters'] === undefined) return undefined
  const lot = filter(row, 'LOT_SIZE')
  return {
    base: row['baseAsset'],
    quote: row['quoteAsset'],
    tick: String(filter(row, 'PRICE_FILTER')['tickSize']),
    lot: String(lot['stepSize']),
    qtyMin: String(lot['minQty']),
    qtyMax: String(lot['maxQty']),
    notionalMin: String(filter(row, 'MIN_NOTIONAL')['minNotional']),
  }
}

/** Rows that name everything in plain fields: which field is what. */
function plainRow(names: { base: string; quote: string } & Partial<Record<keyof MeasuredListing, string>>): ReadRow {
  return (row) => {
    if (row[names.base] === undefined || (names.tick !== undefined && row[names.tick] === undefined)) return undefined
    const named = (name: string | undefined): string => (name === undefined ? '' : String(row[name]))
    return {
      base: row[names.base],
      quote: row[names.quote],
      tick: named(names.tick),
      lot: named(names.lot),
      qtyMin: named(names.qtyMin),
      qtyMax: named(names.qtyMax),
      notionalMin: named(names.notionalMin),
    }
  }
}

/** Rows that give decimal places instead of steps. */
function digitsRow(
  names: { base: string; quote: string; tick: string; lot: string } & Partial<Record<keyof MeasuredListing, string>>,
): ReadRow {
  const plain = plainRow(names)
  return (row, key) => {
    const found = plain(row, key)
    return found && { ...found, tick: step(row[names.tick]), lot: step(row[names.lot]) }
  }
}

/** Its 'USD' is Tether: XRPUSDT is listed with quoteCurrency USD. */
const hitbtcRow = plainRow({
  base: 'baseCurrency',
  quote: 'quoteCurrency',
  tick: 'tickSize',
  lot: 'quantityIncrement',
  qtyMin: 'quantityIncrement',
})

const split = (text: unknown, at: number): string => String(text).split(/[-/_]/)[at] ?? ''

/** By ccxt id: the file of the venue's frames and how to read its rows. */
export const listingReaders: Readonly<Record<string, { file: string; read: ReadRow }>> = {
  binance: { file: 'BINANCE', read: binanceRow },
  binanceus: { file: 'BINANCE_US', read: binanceRow },
  bitget: {
    file: 'BITGET',
    read: digitsRow({
      base: 'baseCoin',
      quote: 'quoteCoin',
      tick: 'priceScale',
      lot: 'quantityScale',
      qtyMin: 'minTradeAmount',
    }),
  },
  bitstamp: {
    file: 'BITSTAMP',
    read: (row) =>
      row['url_symbol'] === undefined
        ? undefined
        : {
            base: split(row['name'], 0),
            quote: split(row['name'], 1),
            tick: step(row['counter_decimals']),
            lot: step(row['base_decimals']),
            notionalMin: String(row['minimum_order']).split(' ')[0],
          },
  },
  bybit: {
    file: 'BYBIT',
    read: (row) => {
      const lot = row['lotSizeFilter'] as Fields | undefined
      if (lot?.['basePrecision'] === undefined) return undefined
      return {
        base: row['baseCoin'],
        quote: row['quoteCoin'],
        tick: String((row['priceFilter'] as Fields)['tickSize']),
        lot: String(lot['basePrecision']),
        qtyMin: String(lot['minOrderQty']),
        qtyMax: String(lot['maxOrderQty']),
        notionalMin: String(lot['minOrderAmt']),
      }
    },
  },
  coinbase: {
    file: 'COINBASE',
    read: (row) =>
      row['product_type'] !== 'SPOT'
        ? undefined
        : {
            base: split(row['product_id'], 0),
            quote: split(row['product_id'], 1),
            tick: String(row['price_increment']),
            lot: String(row['base_increment']),
            qtyMin: String(row['base_min_size']),
            qtyMax: String(row['base_max_size']),
            notionalMin: String(row['quote_min_size']),
          },
  },
  cryptocom: {
    file: 'CRYPTO.COM',
    read: digitsRow({
      base: 'base_currency',
      quote: 'quote_currency',
      tick: 'price_decimals',
      lot: 'quantity_decimals',
    }),
  },
  gate: {
    file: 'GATEIO',
    read: digitsRow({
      base: 'base',
      quote: 'quote',
      tick: 'precision',
      lot: 'amount_precision',
      qtyMin: 'min_base_amount',
      notionalMin: 'min_quote_amount',
    }),
  },
  gemini: {
    file: 'GEMINI',
    read: plainRow({
      base: 'base_currency',
      quote: 'quote_currency',
      tick: 'quote_increment',
      lot: 'tick_size',
      qtyMin: 'min_order_size',
    }),
  },
  hitbtc: {
    file: 'HITBTC',
    read: (row, key) => {
      const found = hitbtcRow(row, key)
      return found && { ...found, quote: found.quote === 'USD' ? 'USDT' : found.quote }
    },
  },
  htx: {
    file: 'HUOBI',
    read: digitsRow({
      base: 'base-currency',
      quote: 'quote-currency',
      tick: 'price-precision',
      lot: 'amount-precision',
      qtyMin: 'limit-order-min-order-amt',
      qtyMax: 'limit-order-max-order-amt',
      notionalMin: 'min-order-value',
    }),
  },
  kraken: {
    file: 'KRAKEN',
    read: (row) =>
      row['wsname'] === undefined
        ? undefined
        : {
            base: split(row['wsname'], 0),
            quote: split(row['wsname'], 1),
            tick: step(row['pair_decimals']),
            lot: step(row['lot_decimals']),
            qtyMin: String(row['ordermin']),
          },
  },
  kucoin: {
    file: 'KUCOIN',
    read: plainRow({
      base: 'baseCurrency',
      quote: 'quoteCurrency',
      tick: 'priceIncrement',
      lot: 'baseIncrement',
      qtyMin: 'baseMinSize',
      qtyMax: 'baseMaxSize',
    }),
  },
  okx: {
    file: 'OKX',
    read: (row) =>
      row['instType'] !== 'SPOT'
        ? undefined
        : {
            base: row['baseCcy'],
            quote: row['quoteCcy'],
            tick: String(row['tickSz']),
            lot: String(row['lotSz']),
            qtyMin: String(row['minSz']),
            qtyMax: String(row['maxLmtSz']),
          },
  },
  phemex: {
    file: 'PHEMEX',
    read: (row) =>
      row['type'] !== 'Spot'
        ? undefined
        : {
            base: row['baseCurrency'],
            quote: row['quoteCurrency'],
            tick: String(row['quoteTickSize']).split(' ')[0],
            lot: String(row['baseTickSize']).split(' ')[0],
            qtyMax: String(row['maxBaseOrderSize']).split(' ')[0].replaceAll(',', ''),
            notionalMin: String(row['minOrderValue']).split(' ')[0],
          },
  },
  poloniex: {
    file: 'POLONIEX',
    read: (row) => {
      const limit = row['symbolTradeLimit'] as Fields | undefined
      if (limit === undefined) return undefined
      return {
        base: row['baseCurrencyName'],
        quote: row['quoteCurrencyName'],
        tick: step(limit['priceScale']),
        lot: step(limit['quantityScale']),
        qtyMin: String(limit['minQuantity']),
        notionalMin: String(limit['minAmount']),
      }
    },
  },
}
