/**
 * The 32 venues of the calibrated market and what they quote. Everything here is ASSUMED, except where a comment says
 * measured: which pairs a venue quotes, how deep and wide it is against the measured venue, how fast it follows.
 * Ticks, lots and minimums of a venue with a captured listing are taken from there (listing-plan.ts).
 */

/** How a venue compares with the measured one (Binance spot). */
export interface VenueTier {
  /** Money in the book, as a share of the measured book's. */
  readonly depthShare: number
  /** Median spread of BTC in USDT; other pairs follow from it. */
  readonly spreadBps: number
  /** Trades and book changes, as a share of the measured venue's. */
  readonly activity: number
  /** How far its own opinion strays from what it follows, bps, with a memory of seconds. */
  readonly noiseBps: number
  /** How far it stands off for minutes (deposits closed, a premium), as a share of the measured gap of two small venues. */
  readonly premiumShare: number
  /** It looks at the world every so often, and is behind it by the way there and this much more. */
  readonly evaluateMs: number
  readonly lagMs: number
}

/** The leader is the measured venue itself: nothing assumed but its noise. */
const leader: VenueTier = {
  depthShare: 1,
  spreadBps: 0,
  activity: 1,
  noiseBps: 0.05,
  premiumShare: 0.02,
  evaluateMs: 20,
  lagMs: 0,
}
const large: VenueTier = {
  depthShare: 0.45,
  spreadBps: 0.05,
  activity: 0.6,
  noiseBps: 0.1,
  premiumShare: 0.05,
  evaluateMs: 40,
  lagMs: 30,
}
const medium: VenueTier = {
  depthShare: 0.15,
  spreadBps: 0.5,
  activity: 0.3,
  noiseBps: 0.15,
  premiumShare: 0.06,
  evaluateMs: 80,
  lagMs: 60,
}
const small: VenueTier = {
  depthShare: 0.04,
  spreadBps: 2.5,
  activity: 0.12,
  noiseBps: 0.4,
  premiumShare: 0.1,
  evaluateMs: 150,
  lagMs: 120,
}

/** Pairs by the letters of their bases (B BTC, E ETH, S SOL) for each quote; ETH/BTC apart. */
export interface RosterVenue {
  readonly id: string
  readonly tier: VenueTier
  readonly usdt?: string
  readonly usd?: string
  readonly usdc?: string
  readonly ethBtc?: true
}

export const roster: readonly RosterVenue[] = [
  { id: 'binance', tier: leader, usdt: 'BES', usdc: 'BES', ethBtc: true },
  { id: 'coinbase', tier: large, usd: 'BES', usdt: 'BE', ethBtc: true },
  { id: 'okx', tier: large, usdt: 'BES', usdc: 'BES', ethBtc: true },
  { id: 'bybit', tier: large, usdt: 'BES', usdc: 'BES', ethBtc: true },
  { id: 'kraken', tier: large, usd: 'BES', usdt: 'BES', usdc: 'BE', ethBtc: true },
  { id: 'bitget', tier: large, usdt: 'BES', usdc: 'BE', ethBtc: true },
  { id: 'gate', tier: medium, usdt: 'BES', usdc: 'B', ethBtc: true },
  { id: 'htx', tier: medium, usdt: 'BES', ethBtc: true },
  { id: 'kucoin', tier: medium, usdt: 'BES', usdc: 'BE', ethBtc: true },
  { id: 'mexc', tier: medium, usdt: 'BES', usdc: 'BES', ethBtc: true },
  { id: 'cryptocom', tier: medium, usd: 'BES', usdt: 'BES' },
  { id: 'bitfinex', tier: medium, usd: 'BES', usdt: 'BES', ethBtc: true },
  { id: 'bitstamp', tier: medium, usd: 'BES', usdt: 'BE', usdc: 'BE', ethBtc: true },
  { id: 'gemini', tier: medium, usd: 'BES', usdt: 'BE', ethBtc: true },
  { id: 'upbit', tier: medium, usdt: 'BES', ethBtc: true },
  { id: 'bullish', tier: medium, usdc: 'BES', usdt: 'BE', usd: 'BE', ethBtc: true },
  { id: 'bingx', tier: medium, usdt: 'BES', usdc: 'BE' },
  { id: 'lbank', tier: medium, usdt: 'BES', ethBtc: true },
  { id: 'whitebit', tier: medium, usdt: 'BES', usdc: 'B', ethBtc: true },
  { id: 'woo', tier: medium, usdt: 'BES' },
  { id: 'binanceus', tier: small, usdt: 'BES', usd: 'BE', usdc: 'B', ethBtc: true },
  { id: 'phemex', tier: small, usdt: 'BES' },
  { id: 'xt', tier: small, usdt: 'BES', usdc: 'BE' },
  { id: 'coinex', tier: small, usdt: 'BES', usdc: 'BES', ethBtc: true },
  { id: 'digifinex', tier: small, usdt: 'BES', ethBtc: true },
  { id: 'bitrue', tier: small, usdt: 'BES', ethBtc: true },
  { id: 'poloniex', tier: small, usdt: 'BES', usdc: 'BE', ethBtc: true },
  { id: 'hitbtc', tier: small, usdt: 'BES', usdc: 'BE', ethBtc: true },
  { id: 'backpack', tier: small, usdc: 'BES' },
  { id: 'hashkey', tier: small, usd: 'BE', usdt: 'BE' },
  { id: 'cex', tier: small, usd: 'BES', usdt: 'BE' },
  { id: 'btse', tier: small, usd: 'BE', usdt: 'BES' },
]

/** The instruments, in the order every screen shows them. */
export const symbols = [
  'BTC/USDT',
  'ETH/USDT',
  'SOL/USDT',
  'ETH/BTC',
  'BTC/USD',
  'ETH/USD',
  'SOL/USD',
  'BTC/USDC',
  'ETH/USDC',
  'SOL/USDC',
] as const
export type RosterSymbol = (typeof symbols)[number]

const letters = { BTC: 'B', ETH: 'E', SOL: 'S' } as const

export function quotes(venue: RosterVenue, symbol: RosterSymbol): boolean {
  if (symbol === 'ETH/BTC') return venue.ethBtc === true
  const [base, quote] = symbol.split('/')
  const pairs = { USDT: venue.usdt, USD: venue.usd, USDC: venue.usdc }[quote] ?? ''
  return pairs.includes(letters[base as keyof typeof letters])
}

/** How a pair compares with its base's USDT pair at the same venue; a venue's first quote counts fully. */
export const pairDepthShare: Readonly<Record<string, number>> = { USDT: 1, USD: 1, USDC: 0.3, BTC: 0.1 }
/** Where a venue has both dollars, USDT is the side book of a USD venue. */
export const sideBookShare = 0.25
/** SOL against ETH, as money in the book. */
export const solDepthShare = 0.4
/** Spread of a base's pairs against BTC's. */
export const baseSpread: Readonly<Record<string, number>> = { BTC: 1, ETH: 1.5, SOL: 3 }
/** Dispersion of a spread over time: deviation of its logarithm. */
export const spreadLogDeviation = 0.4

/** Ticks, lots and minimums where no listing was captured, by pair: usual ones of 2024. */
export const assumedListing: Readonly<
  Record<string, { tick: string; lot: string; qtyMin: string; notionalMin: string }>
> = {
  'BTC/USDT': { tick: '0.01', lot: '0.00001', qtyMin: '0.00001', notionalMin: '5' },
  'ETH/USDT': { tick: '0.01', lot: '0.0001', qtyMin: '0.0001', notionalMin: '5' },
  'SOL/USDT': { tick: '0.01', lot: '0.001', qtyMin: '0.001', notionalMin: '5' },
  'ETH/BTC': { tick: '0.00001', lot: '0.0001', qtyMin: '0.0001', notionalMin: '0.0001' },
}
