/** The words of an order on the command line: SIDE AMOUNT SYMBOL and the options of `order` and `quote`. */
import type { CommandOption, CommandOptions } from './command.ts'
import { usageError } from './command.ts'

export const orderOptions: readonly CommandOption[] = [
  { name: 'limit', value: 'PRICE', help: 'limit price; without it the order is a market order' },
  { name: 'venues', value: 'IDS', help: 'only these venues, like binance,kraken' },
  { name: 'exclude', value: 'IDS', help: 'not these venues' },
  { name: 'slippage-bps', value: 'N', help: 'hard stop: take nothing further than N bps from the mid at arrival' },
  { name: 'fee-bps', value: 'N', help: 'hard stop: use no venue whose fee is above N bps' },
]

export const newOrderOptions: readonly CommandOption[] = [
  ...orderOptions,
  { name: 'tif', value: 'TIF', help: 'GTC, IOC, FOK or GTD (default: market IOC, limit GTC)' },
  { name: 'expire', value: 'TIME', help: 'end of a GTD order: 90s, 10m, 2h, or a time like 2030-01-31T12:00:00Z' },
  { name: 'post-only', help: 'only rest, never take' },
  { name: 'client-order-id', value: 'ID', help: 'your own id; repeating it answers with the first order' },
  { name: 'durable', help: 'acknowledge only when the order is on disk' },
  { name: 'detach', help: 'return once the order is accepted and leave it working' },
]

export interface AskedOrder {
  readonly side: 'buy' | 'sell'
  readonly symbol: string
  readonly quantity?: string
  readonly quoteQuantity?: string
  readonly price?: string
  readonly venues?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] }
  readonly limits?: { readonly slippageBps?: number; readonly feeBps?: number }
}

export interface AskedNewOrder extends AskedOrder {
  readonly type: 'market' | 'limit'
  readonly timeInForce?: 'GTC' | 'IOC' | 'FOK' | 'GTD'
  /** Milliseconds since 1970. */
  readonly expireTime?: number
  readonly postOnly?: true
  readonly durability?: 'machine'
}

const DECIMAL = /^\d+(\.\d+)?$/
const BPS_MAX = 10_000

/** Of `buy 2.5 BTC/USDT` and its options. What only the router can judge (grid, minimums, venues) is left to it. */
export function readOrder(positionals: readonly string[], options: CommandOptions): AskedOrder {
  if (positionals.length !== 3) throw usageError('an order is SIDE AMOUNT SYMBOL, like: buy 2.5 BTC/USDT')
  const side = positionals[0].toLowerCase()
  if (side !== 'buy' && side !== 'sell') throw usageError(`the side is buy or sell, not '${positionals[0]}'`)
  const symbol = readSymbol(positionals[2])
  const price = options.text('limit')
  if (price !== undefined && !DECIMAL.test(price))
    throw usageError(`--limit is a price like 3900 or 0.0331, not '${price}'`)
  const venues = readVenues(options)
  const limits = readLimits(options)
  return {
    side,
    symbol,
    ...readAmount(positionals[1], symbol),
    ...(price === undefined ? {} : { price }),
    ...(venues === undefined ? {} : { venues }),
    ...(limits === undefined ? {} : { limits }),
  }
}

export function readNewOrder(positionals: readonly string[], options: CommandOptions, nowMs: number): AskedNewOrder {
  const order = readOrder(positionals, options)
  const timeInForce = readTimeInForce(options.text('tif'))
  const expire = options.text('expire')
  if (expire !== undefined && timeInForce !== 'GTD') throw usageError('--expire needs --tif GTD')
  if (expire === undefined && timeInForce === 'GTD') throw usageError('--tif GTD needs --expire')
  return {
    ...order,
    type: order.price === undefined ? 'market' : 'limit',
    ...(timeInForce === undefined ? {} : { timeInForce }),
    ...(expire === undefined ? {} : { expireTime: readExpiry(expire, nowMs) }),
    ...(options.isSet('post-only') ? { postOnly: true as const } : {}),
    ...(options.isSet('durable') ? { durability: 'machine' as const } : {}),
  }
}

export function readSymbol(text: string): string {
  const symbol = text.toUpperCase()
  if (!/^[^/\s]+\/[^/\s]+$/.test(symbol)) throw usageError(`a symbol is like BTC/USDT, not '${text}'`)
  return symbol
}

/** '2.5' and '2.5BTC' are base, '10000USDT' is quote. */
export function readAmount(text: string, symbol: string): { quantity: string } | { quoteQuantity: string } {
  const [base, quote] = symbol.split('/')
  const match = /^(\d+(?:\.\d+)?)([a-z][a-z0-9]*)?$/i.exec(text)
  if (match === null) throw usageError(`an amount is like 2.5 or 10000${quote}, not '${text}'`)
  const asset = (match[2] ?? base).toUpperCase()
  if (asset === base) return { quantity: match[1] }
  if (asset === quote) return { quoteQuantity: match[1] }
  throw usageError(`${symbol} is traded in ${base} and ${quote}, not ${asset}`)
}

function readTimeInForce(text: string | undefined): AskedNewOrder['timeInForce'] {
  const word = text?.toUpperCase()
  if (word === undefined || word === 'GTC' || word === 'IOC' || word === 'FOK' || word === 'GTD') return word
  throw usageError(`--tif is GTC, IOC, FOK or GTD, not '${text}'`)
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** '10m' from now, or a time with its zone. */
export function readExpiry(text: string, nowMs: number): number {
  const duration = /^(\d+)([smhd])$/.exec(text)
  if (duration !== null) return nowMs + Number(duration[1]) * unitMs[duration[2]]
  const time = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw usageError(`--expire is like 90s, 10m, 2h or 2030-01-31T12:00:00Z, not '${text}'`)
  return time
}

function readVenues(options: CommandOptions): AskedOrder['venues'] {
  const include = options.list('venues')
  const exclude = options.list('exclude')
  if (include === undefined && exclude === undefined) return undefined
  return { ...(include === undefined ? {} : { include }), ...(exclude === undefined ? {} : { exclude }) }
}

function readLimits(options: CommandOptions): AskedOrder['limits'] {
  const slippageBps = options.number('slippage-bps', 0, BPS_MAX)
  const feeBps = options.number('fee-bps', 0, BPS_MAX)
  if (slippageBps === undefined && feeBps === undefined) return undefined
  return { ...(slippageBps === undefined ? {} : { slippageBps }), ...(feeBps === undefined ? {} : { feeBps }) }
}
