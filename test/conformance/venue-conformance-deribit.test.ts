/**
 * Deribit: the native adapter against the emulator, dialect to dialect in one thread under a virtual clock. GTD is skipped when
 * a venue has none: Deribit's good_til_day ends with the session.
 */
import { openDeribit } from '../unit/hotpath/venues/deribit/deribit-world.ts'
import { describeVenue } from './venue-conformance.ts'

describeVenue('deribit, native and emulated', (terms) => openDeribit(terms?.burst), {
  gtd: 'Deribit has no good-till-date of ours: good_til_day ends with its session',
})
