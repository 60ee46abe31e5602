/**
 * Bybit spot: the native adapter against the emulator, dialect to dialect in one thread under a virtual clock. GTD is skipped
 * when a venue has none: Bybit does not.
 */
import { openBybit } from '../unit/hotpath/venues/bybit/bybit-world.ts'
import { describeVenue } from './venue-conformance.ts'

describeVenue('bybit, native and emulated', (terms) => openBybit(terms?.burst), {
  gtd: 'Bybit has no good-till-date',
})
