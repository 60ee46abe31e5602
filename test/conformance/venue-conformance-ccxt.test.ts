/**
 * The generic adapter: a router's link, the ccxt exchange and ccxt's own class of HitBTC against a simulated venue, in one
 * thread under a virtual clock. What ccxt has no word for at any venue is skipped when its gap is named here, with the reason.
 */
import { openHitbtc } from '../unit/hotpath/venues/ccxt/ccxt-world.ts'
import { describeVenue } from './venue-conformance.ts'

describeVenue('ccxt, the class of HitBTC', openHitbtc, {
  gtd: 'only the venue could end it when the host is gone, and ccxt has no common word for its deadline: refused unsent',
  replace: 'the link to the host has no replace: cancel and place anew',
  endReasons: 'ccxt tells that an order ended, not why',
  fillsAfter: 'execution numbers need not grow at every venue: the fills of the last day are all repeated',
})
