/**
 * Single messages of a dozen venues, live captures and samples of documentations, through our decoders: what is market data is
 * read, or ignored for a reason. Private messages are order entry's and are left out by their names.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FeedVenue } from '../../../../hotpath/venues/feed/feed-venue.ts'
import { feedVenues } from '../../../../hotpath/venues/feed-registry.ts'
import { FeedBench } from '../../../fixtures/feed-bench.ts'

const folder = path.join(process.env['SOR_DATA'] ?? '../shared/data', 'exchange-api-messages')
const isThere = existsSync(folder)

/** Folder of messages: the venue whose dialect they are. */
const venueIds: Readonly<Record<string, string>> = {
  architect_ax: 'architect_ax',
  'binance/futures': 'binanceusdm',
  'binance/spot': 'binance',
  bitmex: 'bitmex',
  bybit: 'bybitlinear',
  coinbase: 'coinbase',
  deribit: 'deribit',
  derive: 'derive',
  dydx: 'dydx',
  hyperliquid: 'hyperliquid',
  kraken: 'kraken',
  lighter: 'lighter',
  okx: 'okx',
}

/** Orders, fills, accounts: by words of the file's name. An order book is none of them. */
const privateWords =
  /account|algo|amend|auth|balance|block_trade_conf|cancel|clearinghouse|execution|fill|greeks|liquidation_warning|login|margin|order|portfolio|position|reject|session|transaction|twap|user|wallet|web_?data/
const refusals = /error|failure|invalid/

function files(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && !name.endsWith('.metadata.json'))
    .filter((name) => /(^|\/)(ws_[^/]*|market_data[^/]*\/[^/]*)$/.test(name))
    .sort()
}

function isPrivate(file: string): boolean {
  return privateWords.test(path.basename(file).replace(/order_?book/g, 'book'))
}

function venueOf(file: string): FeedVenue | undefined {
  const found = Object.entries(venueIds).find(([name]) => file.startsWith(`${name}/`))
  const isKrakenFutures = file.startsWith('kraken/ws_futures')
  const id = isKrakenFutures ? 'krakenfutures' : found?.[1]
  return feedVenues.find((venue) => venue.id === id)
}

type Json = Readonly<Record<string, unknown>>

/** Some were kept without the envelope that they came in: it is put around them again. */
function whole(file: string, message: unknown): object {
  const one = message as Json
  if (file.startsWith('derive/') && one.params === undefined && one.id === undefined) {
    return { jsonrpc: '2.0', method: 'subscription', params: deriveParams(one) }
  }
  if (file.startsWith('okx/') && Array.isArray(message)) {
    const channel = path.basename(file, '.json').replace('ws_', '').replaceAll('_', '-')
    return { arg: { channel }, data: message }
  }
  if (file.startsWith('hyperliquid/') && one.channel === undefined && one.levels === undefined) {
    return hyperliquidEnvelope(message)
  }
  if (file.startsWith('bitmex/') && one.table === undefined) {
    const table = path.basename(file, '.json').replace('ws_', '').replace(/_.*/, '')
    return {
      table,
      action: file.includes('update') ? 'update' : 'insert',
      data: Array.isArray(message) ? message : [one],
    }
  }
  return one
}

function hyperliquidEnvelope(message: unknown): object {
  const one = message as Json
  if (Array.isArray(message)) return { channel: 'trades', data: message }
  if (one.side !== undefined) return { channel: 'trades', data: [one] }
  if (one.bbo !== undefined) return { channel: 'bbo', data: one }
  if (one.mids !== undefined) return { channel: 'allMids', data: one }
  return { channel: one.ctx === undefined ? 'candle' : 'activeAssetCtx', data: one }
}

function deriveParams(one: Json): object {
  const isList = Array.isArray(one)
  if (isList || one.trade_price !== undefined) return { channel: 'trades.option.ETH', data: isList ? one : [one] }
  if (one.bids !== undefined) return { channel: 'orderbook.ETH-PERP.1.100', data: one }
  const kind = one.instrument_ticker === undefined ? 'ticker' : 'ticker_slim'
  return { channel: `${kind}.ETH-PERP.1000`, data: one }
}

describe.skipIf(!isThere)('messages of twelve venues (needs exchange-api-messages)', () => {
  const messages = isThere ? files(folder).filter((file) => !isPrivate(file)) : []

  test('there are some of each', () => {
    const seen = new Set(messages.map((file) => venueOf(file)?.id))
    for (const id of ['architect_ax', 'binanceusdm', 'bybitlinear', 'coinbase', 'deribit', 'derive', 'dydx'])
      expect(seen).toContain(id)
    for (const id of ['hyperliquid', 'kraken', 'krakenfutures', 'lighter', 'okx']) expect(seen).toContain(id)
  })

  test.each(messages)('%s', (file) => {
    const venue = venueOf(file)
    if (venue === undefined) expect.fail('no venue of ours')
    const text = readFileSync(path.join(folder, file), 'utf8')
    const message: unknown = JSON.parse(text)
    const verdict = new FeedBench(venue).hear(whole(file, message))
    const allowed = ['parsed', 'answer', 'heartbeat', 'candle', 'statistics', 'notice']
    expect(refusals.test(file) ? [...allowed, 'refused'] : allowed).toContain(verdict)
    // Bytes as they are kept, with their blanks and line ends, are read alike.
    if (whole(file, message) === message) expect(new FeedBench(venue).hear(text)).toBe(verdict)
  })
})
