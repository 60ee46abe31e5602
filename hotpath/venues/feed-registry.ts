/** Every venue whose market data we read ourselves: a folder each, one line each here. */
import { architectAx } from './architect-ax/architect-ax-feed.ts'
import { ascendex, ascendexFutures } from './ascendex/ascendex-feed.ts'
import { binance, binanceCoinM, binanceTr, binanceUs, binanceUsdM } from './binance/binance-feed.ts'
import { bitcom } from './bitcom/bitcom-feed.ts'
import { bitfinex } from './bitfinex/bitfinex-feed.ts'
import { bitflyer } from './bitflyer/bitflyer-feed.ts'
import { bitget, bitgetFutures, bitgetV1 } from './bitget/bitget-feed.ts'
import { bithumb } from './bithumb/bithumb-feed.ts'
import { bithumbV1 } from './bithumb/bithumb-v1-feed.ts'
import { bitmex } from './bitmex/bitmex-feed.ts'
import { bitstamp } from './bitstamp/bitstamp-feed.ts'
import { bittrex } from './bittrex/bittrex-feed.ts'
import { blockchaincom } from './blockchaincom/blockchaincom-feed.ts'
import { bybit, bybitInverse, bybitLinear, bybitOption } from './bybit/bybit-feed.ts'
import { coinbase } from './coinbase/coinbase-feed.ts'
import { cryptocom } from './cryptocom/cryptocom-feed.ts'
import { delta } from './delta/delta-feed.ts'
import { deribit } from './deribit/deribit-feed.ts'
import { derive } from './derive/derive-feed.ts'
import { dydx } from './dydx/dydx-feed.ts'
import { dydxV3 } from './dydx/dydx-v3-feed.ts'
import type { FeedVenue } from './feed/feed-venue.ts'
import { gate, gateFutures } from './gate/gate-feed.ts'
import { gemini } from './gemini/gemini-feed.ts'
import { fmfwio, hitbtc } from './hitbtc/hitbtc-feed.ts'
import { bequant, hitbtcV2 } from './hitbtc/hitbtc-v2-feed.ts'
import { htx, htxCoinSwap, htxSwap } from './htx/htx-feed.ts'
import { hyperliquid } from './hyperliquid/hyperliquid-feed.ts'
import { independentReserve } from './independentreserve/independentreserve-feed.ts'
import { independentReserveOrders } from './independentreserve/independentreserve-orders-feed.ts'
import { kraken } from './kraken/kraken-feed.ts'
import { krakenV1 } from './kraken/kraken-v1-feed.ts'
import { krakenFutures } from './krakenfutures/kraken-futures-feed.ts'
import { kucoin } from './kucoin/kucoin-feed.ts'
import { lighter } from './lighter/lighter-feed.ts'
import { okcoin, okx } from './okx/okx-feed.ts'
import { phemex } from './phemex/phemex-feed.ts'
import { poloniex } from './poloniex/poloniex-feed.ts'
import { probit } from './probit/probit-feed.ts'
import { upbit } from './upbit/upbit-feed.ts'

export const feedVenues: readonly FeedVenue[] = [
  htx,
  htxSwap,
  htxCoinSwap,
  independentReserve,
  independentReserveOrders,
  krakenFutures,
  kucoin,
  phemex,
  poloniex,
  probit,
  upbit,
  architectAx,
  ascendex,
  ascendexFutures,
  bequant,
  binance,
  binanceCoinM,
  binanceTr,
  binanceUs,
  binanceUsdM,
  bitcom,
  bitfinex,
  bitflyer,
  bitget,
  bitgetFutures,
  bitgetV1,
  bithumb,
  bithumbV1,
  bitmex,
  bitstamp,
  bittrex,
  blockchaincom,
  bybit,
  bybitInverse,
  bybitLinear,
  bybitOption,
  coinbase,
  cryptocom,
  delta,
  deribit,
  derive,
  dydx,
  dydxV3,
  fmfwio,
  gate,
  gateFutures,
  gemini,
  hitbtc,
  hitbtcV2,
  hyperliquid,
  kraken,
  krakenV1,
  lighter,
  okcoin,
  okx,
]

/** The one venue that a recording of this name is of; the first where it may hold several. */
export function feedVenueOf(capture: string): FeedVenue | undefined {
  return feedVenuesOf(capture)[0]
}

/** All venues that a capture of this name may hold: more than one where their addresses tell them apart. */
export function feedVenuesOf(capture: string): readonly FeedVenue[] {
  return feedVenues.filter(({ captures, id }) => captures.includes(capture) || id === capture)
}

/** What a recording of this venue is called: its name in captures, or its id where another dialect or market has that name. */
export function captureNameOf({ captures, id }: FeedVenue): string {
  return captures.length > 0 && feedVenuesOf(captures[0]).length === 1 ? captures[0] : id
}
