/**
 * Where the venues' matching engines stand, as far as the public knows. Data, read 2026-11: venues move (BitMEX went from
 * Dublin to Tokyo in 2025), so a place is a claim with a confidence, and only a published one makes a floor.
 */
import { assert } from '../../shared/assert.ts'
import { type Region, regionOf } from './regions.ts'

/** published: the venue or its host says so. believed: traders measure it so. unknown: nobody says, or it has none. */
export type PlaceConfidence = 'published' | 'believed' | 'unknown'

export interface VenuePlace {
  /** undefined when unknown. */
  readonly region: Region | undefined
  readonly confidence: PlaceConfidence
}

/**
 * bybit: "Where are Bybit's servers located?", bybit-exchange.github.io/docs/faq. bitmex: AWS case study "BitMEX boosts
 * liquidity with 10-minute cutover to AWS Tokyo Region". kraken and krakenfutures: docs.kraken.com, "Colocation and
 * connectivity" (Equinix in London, 2 ms from AWS London). deribit: support.deribit.com, "Server Infrastructure" (LD4).
 * bitfinex: announcement of 2019-01 (own machines in a Swiss data centre, "Crypto Valley").
 */
const published: Readonly<Record<string, string>> = {
  bitfinex: 'city-zug',
  bitmex: 'aws-ap-northeast-1',
  bybit: 'aws-ap-southeast-1',
  bybitinverse: 'aws-ap-southeast-1',
  bybitlinear: 'aws-ap-southeast-1',
  bybitoption: 'aws-ap-southeast-1',
  deribit: 'equinix-ld4',
  kraken: 'city-london',
  'kraken-v1': 'city-london',
  krakenfutures: 'city-london',
}

/**
 * Tokyo, Singapore and Hong Kong: round trips from many regions, arbitron.app/learn/crypto-exchange-server-locations, and
 * supervik/crypto-exchanges-latencies-test for binance, gate, htx and kucoin (fastest from Tokyo by 25 ms and more).
 * coinbase: with Coinbase Prime, which its documents place in us-east-1. gemini: its FIX sessions are offered in NY5.
 * The rest: home market of the venue (bitflyer, bithumb, hashkey, independentreserve, upbit).
 */
const believed: Readonly<Record<string, string>> = {
  backpack: 'aws-ap-northeast-1',
  binance: 'aws-ap-northeast-1',
  binancecoinm: 'aws-ap-northeast-1',
  binanceusdm: 'aws-ap-northeast-1',
  bitflyer: 'city-tokyo',
  bitget: 'aws-ap-northeast-1',
  'bitget-v1': 'aws-ap-northeast-1',
  bitgetfutures: 'aws-ap-northeast-1',
  bithumb: 'city-seoul',
  'bithumb-v1': 'city-seoul',
  coinbase: 'aws-us-east-1',
  coinex: 'aws-ap-northeast-1',
  cryptocom: 'aws-ap-northeast-1',
  gate: 'aws-ap-northeast-1',
  gatefutures: 'aws-ap-northeast-1',
  gemini: 'equinix-ny5',
  hashkey: 'city-hong-kong',
  htx: 'aws-ap-northeast-1',
  htxcoinswap: 'aws-ap-northeast-1',
  htxswap: 'aws-ap-northeast-1',
  hyperliquid: 'aws-ap-northeast-1',
  independentreserve: 'city-sydney',
  'independentreserve-orders': 'city-sydney',
  kucoin: 'aws-ap-northeast-1',
  mexc: 'aws-ap-northeast-1',
  okx: 'alibaba-cn-hongkong',
  phemex: 'aws-ap-southeast-1',
  upbit: 'city-seoul',
}

/** Nothing public that we would repeat; closed; or no one place (a chain of validators). */
const unknown: readonly string[] = [
  ...['architect_ax', 'ascendex', 'ascendexfutures', 'bequant', 'binancetr', 'binanceus', 'bingx', 'bitcom', 'bitrue'],
  ...[
    'bitstamp',
    'bittrex',
    'blockchaincom',
    'btse',
    'bullish',
    'cex',
    'delta',
    'derive',
    'digifinex',
    'dydx',
    'dydx-v3',
  ],
  ...['fmfwio', 'hitbtc', 'hitbtc-v2', 'lbank', 'lighter', 'okcoin', 'poloniex', 'probit', 'whitebit', 'woo', 'xt'],
]

function placesOf(regions: Readonly<Record<string, string>>, confidence: PlaceConfidence): [string, VenuePlace][] {
  return Object.entries(regions).map(([venue, name]) => {
    const region = regionOf(name)
    assert(region !== undefined, 'a venue stands in a region we have coordinates of')
    return [venue, { region, confidence }]
  })
}

const nowhere: VenuePlace = { region: undefined, confidence: 'unknown' }

/** Venue ids as in the registries of feeds, orders and paper venues. */
export const venuePlaces: ReadonlyMap<string, VenuePlace> = new Map([
  ...placesOf(published, 'published'),
  ...placesOf(believed, 'believed'),
  ...unknown.map((venue): [string, VenuePlace] => [venue, nowhere]),
])

/** Unknown for a venue that is not in the list. */
export function placeOf(venueId: string): VenuePlace {
  return venuePlaces.get(venueId) ?? nowhere
}
