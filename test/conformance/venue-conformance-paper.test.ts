/**
 * The paper venues pass what every venue must, over their own wire format, whole and in pieces. Replace is skipped when a
 * venue has none: paper venues do not.
 */
import { FIRST_VENUE, PaperWorld, ScriptedMarket, testListing } from '../unit/hotpath/venues/paper/paper-world.ts'
import { describeVenue } from './venue-conformance.ts'
import type { VenueBench } from './venue-conformance-bench.ts'

function openPaper(inPieces: boolean, burst = 1_000): VenueBench {
  const market = new ScriptedMarket({ venues: 2, venue: { ordersBurst: burst, ordersPerSecond: 5 } })
  const world = new PaperWorld({ market, inPieces })
  world.pass(50)
  const { router } = world
  return {
    adapter: router.adapters[FIRST_VENUE],
    listing: testListing,
    reports: router.reports,
    news: router.news,
    pass: (ms) => world.pass(ms),
    settleMs: 200,
    nowUs: () => world.clock.epochUs(),
    update: (levels) => market.update(levels),
    trade: (aggressor, price, lots) => market.trade(aggressor, price, lots),
    cut: () => router.cut(),
    mend: () => router.mend(),
    burst,
  }
}

const gaps = { replace: 'paper venues have no replace: cancel and place anew' }

describeVenue('paper', (terms) => openPaper(false, terms?.burst), gaps)
describeVenue('paper, in pieces', (terms) => openPaper(true, terms?.burst), gaps)
