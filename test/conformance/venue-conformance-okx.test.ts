/**
 * OKX spot: the native adapter against the emulator, dialect to dialect in one thread under a virtual clock. GTD is skipped
 * when a venue has none: OKX does not.
 */
import { openOkx } from '../unit/hotpath/venues/okx/okx-world.ts'
import { describeVenue } from './venue-conformance.ts'

describeVenue('okx, native and emulated', (terms) => openOkx(terms?.burst), { gtd: 'OKX has no good-till-date' })
