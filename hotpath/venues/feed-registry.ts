/** Every venue whose market data we read ourselves: a folder each, one line each here. */
import { binance, binanceCoinM, binanceTr, binanceUs, binanceUsdM } from './binance/binance-feed.ts'
import type { FeedVenue } from './feed/feed-venue.ts'
import { krakenV1 } from './kraken/kraken-v1-feed.ts'
import { okcoin, okx } from './okx/okx-feed.ts'

export const feedVenues: readonly FeedVenue[] = [
  binance,
  binanceCoinM,
  binanceTr,
  binanceUs,
  binanceUsdM,
  krakenV1,
  okcoin,
  okx,
]

export function feedVenueOf(capture: string): FeedVenue | undefined {
  return feedVenues.find(({ captures }) => captures.includes(capture))
}
