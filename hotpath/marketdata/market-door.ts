/** The front door to every market that paper venues can stand on: calibrated, replay:PATH of any layout, live. */
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import { MarketError, type MarketOptions, openMarketSource } from '../venues/paper/market/open-market.ts'
import type { OpenedMarket } from '../venues/paper/market/opened-market.ts'
import { listFiles, readHead } from '../venues/paper/market/recorded-file.ts'
import type { FeedDoors } from './feed-connection.ts'
import { openLiveMarket } from './live-market.ts'
import { openCaptures } from './replay-captures.ts'

const REPLAY = 'replay:'

export interface LiveParts {
  readonly venues: readonly string[]
  readonly symbols: readonly string[]
  readonly doors: FeedDoors
  readonly readdress?: (venue: FeedVenue, url: string) => string
  readonly say: (line: string) => void
  readonly pause: (ms: number) => Promise<void>
}

/** MarketError with a line for people when there is no such market. `live` may wait without end for a network. */
export async function openMarket(name: string, options: MarketOptions, live: LiveParts): Promise<OpenedMarket> {
  if (name === 'live') {
    return openLiveMarket(live).catch((error: Error) => {
      throw new MarketError(error.message)
    })
  }
  if (name.startsWith(REPLAY) && (await holdsCaptures(name.slice(REPLAY.length)))) {
    return openCaptures(name, name.slice(REPLAY.length), options)
  }
  return openMarketSource(name, options)
}

/** Does the first file that is anything begin as a recorded connection? */
async function holdsCaptures(place: string): Promise<boolean> {
  if (place === '') return false
  for (const file of await listFiles(place)) {
    const head = await readHead(file)
    if (/^\{"t":\s*"header"/.test(head)) return true
  }
  return false
}
