/**
 * Coinbase Advanced Trade: the native adapter against the emulator, dialect to dialect in one thread under a virtual clock.
 * Growing execution numbers are skipped: Coinbase names trades by UUIDs.
 */
import { openCoinbase } from '../unit/hotpath/venues/coinbase/coinbase-world.ts'
import { describeVenue } from './venue-conformance.ts'

describeVenue('coinbase, native and emulated', (terms) => openCoinbase(terms?.burst), {
  growing: 'Coinbase names trades by UUIDs: their numbers are hashes',
})
