/**
 * Binance spot: the native adapter against the emulator, dialect to dialect in one thread under a virtual clock. GTD is
 * skipped when a venue has none: Binance spot does not.
 */

import { openBinance } from '../unit/hotpath/venues/binance/binance-world.ts'
import { describeVenue } from './venue-conformance.ts'

describeVenue('binance, native and emulated', (terms) => openBinance(terms?.burst), {
  gtd: 'Binance spot has no good-till-date',
})
