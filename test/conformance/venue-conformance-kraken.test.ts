/** Kraken spot: the native adapter against the emulator, dialect to dialect in one thread under a virtual clock. Nothing is skipped. */
import { openKraken } from '../unit/hotpath/venues/kraken/kraken-world.ts'
import { describeVenue } from './venue-conformance.ts'

describeVenue('kraken, native and emulated', (terms) => openKraken(terms?.burst))
